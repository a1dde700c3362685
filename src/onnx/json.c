/* JSON files, and the numbers in them. */
#include "onnx/json.h"

#include "exact/rational.h"
#include "onnx/file.h"

#include <string.h>

enum { SHOWN_CHARS = 40 };

pleats_status pleats_json_load(pleats_ctx *ctx, const char *path, json_t **out)
{
    pleats_status status = PLEATS_OK;
    char *text = NULL;
    size_t size = 0;
    json_error_t error;
    TRY(pleats_file_read(ctx, path, PLEATS_JSON_MAX_BYTES, &text, &size));
    *out = json_loadb(text, size,
                      JSON_REJECT_DUPLICATES | JSON_DECODE_INT_AS_REAL, &error);
    if (!*out && json_error_code(&error) == json_error_out_of_memory)
        TRY(pleats_fail(ctx, PLEATS_NOMEM, "out of memory while reading %s",
                        path));
    if (!*out)
        TRY(pleats_fail(ctx, PLEATS_INVALID, "%s, line %d: not JSON: %.*s",
                        path, error.line,
                        (int)pleats_printable(error.text, strlen(error.text),
                                              sizeof error.text),
                        error.text));
done:
    pleats_release(ctx, text);
    return status;
}

static bool is_among(const char *key, size_t n, const char *const *keys)
{
    for (size_t i = 0; i < n; i++)
        if (strcmp(key, keys[i]) == 0)
            return true;
    return false;
}

pleats_status pleats_json_check_keys(pleats_ctx *ctx, const char *path,
                                     const json_t *root, size_t n,
                                     size_t required, const char *const *key)
{
    char wanted[128] = "";
    for (size_t i = 0; i < n; i++) {
        size_t used = strlen(wanted);
        snprintf(wanted + used, sizeof wanted - used, "%s\"%s\"%s",
                 i > 0 ? ", " : "", key[i], i < required ? "" : " (optional)");
    }
    if (!json_is_object(root))
        return pleats_fail(ctx, PLEATS_INVALID,
                           "%s must hold an object with the keys %s", path,
                           wanted);
    const char *found;
    json_t *value;
    json_object_foreach((json_t *)root, found, value)
    {
        if (!is_among(found, n, key))
            return pleats_fail(
                ctx, PLEATS_INVALID,
                "%s has the unknown key \"%.*s\"; its keys are "
                "%s",
                path, (int)pleats_printable(found, strlen(found), SHOWN_CHARS),
                found, wanted);
    }
    for (size_t i = 0; i < required; i++)
        if (!json_object_get(root, key[i]))
            return pleats_fail(ctx, PLEATS_INVALID,
                               "%s lacks the key \"%s\"; its keys are %s", path,
                               key[i], wanted);
    return PLEATS_OK;
}

static pleats_status read_number(pleats_ctx *ctx, const json_t *value,
                                 mpq_t out)
{
    if (json_is_real(value))
        return pleats_rational_set_double(ctx, json_real_value(value), out);
    if (json_is_string(value))
        return pleats_rational_parse(ctx, json_string_value(value),
                                     json_string_length(value), out);
    return pleats_fail(ctx, PLEATS_INVALID,
                       "must be a number, or a string such as \"1/3\"");
}

pleats_status pleats_json_numbers(pleats_ctx *ctx, const char *path,
                                  const char *name, const json_t *list,
                                  size_t count, mpq_t *out)
{
    if (!json_is_array(list))
        return pleats_fail(ctx, PLEATS_INVALID,
                           "%s: %s must be a list of %zu numbers", path, name,
                           count);
    if (json_array_size(list) != count)
        return pleats_fail(ctx, PLEATS_INVALID,
                           "%s: %s must have %zu numbers; it has %zu", path,
                           name, count, json_array_size(list));
    for (size_t i = 0; i < count; i++) {
        pleats_status status =
            read_number(ctx, json_array_get(list, i), out[i]);
        if (status != PLEATS_OK)
            return pleats_blame(ctx, status, "%s: %s[%zu]", path, name, i);
    }
    return PLEATS_OK;
}
