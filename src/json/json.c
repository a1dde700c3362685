/* JSON files, and the numbers in them. */
#include "json/json.h"

#include "base/file.h"
#include "base/file_kind.h"
#include "base/text.h"
#include "exact/rational.h"

#include <string.h>

enum { SHOWN_CHARS = 40 };

/* The value at the start of the text; `*used` is how long it is. */
static pleats_status parse(pleats_ctx *ctx, const char *path, int line,
                           const char *text, size_t size, size_t flags,
                           json_t **out, size_t *used)
{
    json_error_t error;
    locale_t before = pleats_locale_enter();
    *out = json_loadb(text, size,
                      JSON_REJECT_DUPLICATES | JSON_DECODE_INT_AS_REAL | flags,
                      &error);
    pleats_locale_leave(before);
    *used = *out ? (size_t)error.position : 0;
    if (*out)
        return PLEATS_OK;
    if (json_error_code(&error) == json_error_out_of_memory)
        return pleats_fail(ctx, PLEATS_NOMEM, "out of memory while reading %s",
                           path);
    return pleats_fail(ctx, PLEATS_INVALID, "%s, line %d: not JSON: %.*s", path,
                       line + error.line,
                       (int)pleats_printable(error.text, strlen(error.text),
                                             sizeof error.text),
                       error.text);
}

/* Moves to where the text starts. */
static pleats_status begin(pleats_ctx *ctx, const char *path, const char **text,
                           size_t *size)
{
    pleats_status status = PLEATS_OK;
    if (*size > PLEATS_JSON_MAX_BYTES)
        TRY(pleats_fail(ctx, PLEATS_INVALID,
                        "%s is larger than %d MiB, the most that JSON may have",
                        path, PLEATS_JSON_MAX_BYTES >> 20));
    status = pleats_file_expect(ctx, *text, *size, PLEATS_KIND_JSON);
    if (status != PLEATS_OK)
        TRY(pleats_blame(ctx, status, "%s", path));
    pleats_skip_mark(text, size);
done:
    return status;
}

pleats_status pleats_json_parse(pleats_ctx *ctx, const char *path,
                                const char *text, size_t size, json_t **out)
{
    pleats_status status = PLEATS_OK;
    size_t used;
    path = pleats_file_name(path);
    TRY(begin(ctx, path, &text, &size));
    TRY(parse(ctx, path, 0, text, size, 0, out, &used));
done:
    return status;
}

pleats_status pleats_json_load(pleats_ctx *ctx, const char *path, json_t **out)
{
    pleats_status status = PLEATS_OK;
    char *text = NULL;
    size_t size = 0;
    TRY(pleats_file_read(ctx, path, PLEATS_JSON_MAX_BYTES, &text, &size));
    TRY(pleats_json_parse(ctx, path, text, size, out));
done:
    pleats_release(ctx, text);
    return status;
}

/* Blanks between values, and the lines that they end. */
static size_t skip_blanks(const char *text, int *line)
{
    size_t n = strspn(text, " \t\r\n");
    for (size_t i = 0; i < n; i++)
        *line += text[i] == '\n';
    return n;
}

pleats_status pleats_json_load_all(pleats_ctx *ctx, const char *path,
                                   json_t **out)
{
    pleats_status status = PLEATS_OK;
    char *file = NULL;
    const char *text = NULL;
    size_t size = 0, used = 0;
    json_t *list = json_array(), *value = NULL;
    int line = 0;
    TRY(pleats_file_read(ctx, path, PLEATS_JSON_MAX_BYTES, &file, &size));
    text = file;
    path = pleats_file_name(path);
    TRY(begin(ctx, path, &text, &size));
    for (size_t at = skip_blanks(text, &line); at < size || !value;
         at += skip_blanks(text + at, &line)) {
        TRY(parse(ctx, path, line, text + at, size - at, JSON_DISABLE_EOF_CHECK,
                  &value, &used));
        for (size_t i = 0; i < used; i++)
            line += text[at + i] == '\n';
        at += used;
        if (!list || json_array_append_new(list, value) != 0)
            TRY(pleats_fail(ctx, PLEATS_NOMEM, "out of memory while reading %s",
                            path));
    }
    *out = list;
    list = NULL;
done:
    json_decref(list);
    pleats_release(ctx, file);
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
