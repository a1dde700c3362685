/* The JSON form of specs. */
#include "read/spec_json.h"

#include "base/file.h"
#include "spec/spec_layer.h"
#include "json/json.h"

#include <math.h>
#include <string.h>

/* `place` says where in the file we are: "spec.json: layers[2].layers[0]". */
enum { PLACE_BYTES = 256, MAX_DEPTH = 32 };

typedef struct {
    pleats_ctx *ctx;
    pleats_spec *spec;
    char place[PLACE_BYTES];
    int depth;
} reader;

#define fail(r, ...) pleats_fail((r)->ctx, PLEATS_INVALID, __VA_ARGS__)

/* A whole number, least .. PLEATS_SPEC_MOST. */
static pleats_status number(const reader *r, const char *key,
                            const json_t *value, int64_t least, int64_t *out)
{
    const double x = json_is_real(value) ? json_real_value(value) : -1;
    if (!(x >= (double)least && x <= PLEATS_SPEC_MOST && floor(x) == x))
        return fail(r, "%s: \"%s\" must be a whole number from %lld to %d",
                    r->place, key, (long long)least, PLEATS_SPEC_MOST);
    *out = (int64_t)x;
    return PLEATS_OK;
}

/* A number for all axes, or a list of one for each.  With `hi` also a pair
 * [lo, hi] in place of the number of an axis. */
static pleats_status sizes(const reader *r, const char *key,
                           const json_t *value, int64_t least, int64_t *lo,
                           int64_t *hi)
{
    pleats_status status = PLEATS_OK;
    const pleats_idx axes = pleats_spec_output(r->spec).n_spatial;
    if (json_is_array(value) && json_array_size(value) != (size_t)axes)
        TRY(fail(r,
                 "%s: \"%s\" must be a number or a list of one for each of the "
                 "%d spatial axes",
                 r->place, key, axes));
    for (pleats_idx d = 0; d < axes; d++) {
        const json_t *one =
            json_is_array(value) ? json_array_get(value, (size_t)d) : value;
        const json_t *end = one;
        if (hi && json_is_array(one) && json_array_size(one) == 2) {
            end = json_array_get(one, 1);
            one = json_array_get(one, 0);
        }
        TRY(number(r, key, one, least, &lo[d]));
        if (hi)
            TRY(number(r, key, end, least, &hi[d]));
    }
done:
    return status;
}

static pleats_status truth(const reader *r, const char *key,
                           const json_t *value, bool *out)
{
    if (!json_is_boolean(value))
        return fail(r, "%s: \"%s\" must be true or false", r->place, key);
    *out = json_is_true(value);
    return PLEATS_OK;
}

/* The key of a convolution or pool; *known is false when there is none such. */
static pleats_status window_key(const reader *r, const char *key,
                                const json_t *value, pleats_layer_spec *layer,
                                bool *known)
{
    pleats_conv_spec *c = &layer->conv;
    const bool is_conv = layer->kind == PLEATS_LAYER_CONV;
    *known = true;
    if (strcmp(key, "kernel") == 0)
        return sizes(r, key, value, 1, c->kernel, NULL);
    if (strcmp(key, "stride") == 0)
        return sizes(r, key, value, 1, c->stride, NULL);
    if (strcmp(key, "padding") == 0)
        return sizes(r, key, value, 0, c->pad_lo, c->pad_hi);
    if (is_conv && strcmp(key, "dilation") == 0)
        return sizes(r, key, value, 1, c->dilation, NULL);
    if (is_conv && strcmp(key, "filters") == 0)
        return number(r, key, value, 1, &c->filters);
    if (is_conv && strcmp(key, "groups") == 0)
        return number(r, key, value, 1, &c->groups);
    if (is_conv && strcmp(key, "bias") == 0)
        return truth(r, key, value, &c->has_bias);
    *known = false;
    return PLEATS_OK;
}

static pleats_status layer_key(const reader *r, const char *key,
                               const json_t *value, pleats_layer_spec *layer,
                               bool *known)
{
    *known = true;
    switch (layer->kind) {
    case PLEATS_LAYER_CONV:
    case PLEATS_LAYER_MAXPOOL:
    case PLEATS_LAYER_AVGPOOL:
        return window_key(r, key, value, layer, known);
    case PLEATS_LAYER_FC:
        if (strcmp(key, "units") == 0)
            return number(r, key, value, 1, &layer->out.channels);
        if (strcmp(key, "bias") == 0)
            return truth(r, key, value, &layer->has_bias);
        break;
    case PLEATS_LAYER_MAXOUT:
        if (strcmp(key, "rank") == 0)
            return number(r, key, value, 2, &layer->rank);
        break;
    case PLEATS_LAYER_ACTIVATION:
        if (layer->activation == PLEATS_ACT_PL && strcmp(key, "pieces") == 0)
            return number(r, key, value, 2, &layer->pieces);
        break;
    default:
        break;
    }
    *known = false;
    return PLEATS_OK;
}

/* Keys without which the layer makes no sense. */
static pleats_status check_needed(const reader *r, const char *name,
                                  const pleats_layer_spec *layer)
{
    const char *lacks = NULL;
    const bool windows = layer->kind == PLEATS_LAYER_CONV ||
                         layer->kind == PLEATS_LAYER_MAXPOOL ||
                         layer->kind == PLEATS_LAYER_AVGPOOL;
    if (layer->kind == PLEATS_LAYER_CONV && layer->conv.filters == 0)
        lacks = "filters";
    else if (windows && layer->conv.kernel[0] == 0)
        lacks = "kernel";
    else if (layer->kind == PLEATS_LAYER_FC && layer->out.channels == 0)
        lacks = "units";
    else if (layer->kind == PLEATS_LAYER_MAXOUT && layer->rank == 0)
        lacks = "rank";
    else if (layer->kind == PLEATS_LAYER_ACTIVATION &&
             layer->activation == PLEATS_ACT_PL && layer->pieces == 0)
        lacks = "pieces";
    if (lacks)
        return fail(r, "%s: %s lacks the key \"%s\"", r->place, name, lacks);
    return PLEATS_OK;
}

static pleats_status add(const reader *r, const pleats_layer_spec *layer)
{
    pleats_status status = pleats_spec_add(r->ctx, r->spec, layer);
    return status == PLEATS_INVALID
               ? pleats_blame(r->ctx, status, "%s", r->place)
               : status;
}

static pleats_status add_layers(reader *r, const json_t *list);

static pleats_status add_block(reader *r, const json_t *list)
{
    pleats_status status = PLEATS_OK;
    pleats_layer_spec end = {.kind = PLEATS_LAYER_RES_BEGIN};
    TRY(add(r, &end));
    if (++r->depth > MAX_DEPTH)
        TRY(fail(r, "%s: residual blocks are nested more than %d deep",
                 r->place, MAX_DEPTH));
    TRY(add_layers(r, list));
    r->depth--;
    end.kind = PLEATS_LAYER_RES_END;
    TRY(add(r, &end));
done:
    return status;
}

/* A layer called `name` with the keys of `keys`, an object or NULL. */
static pleats_status add_named(reader *r, const char *name, json_t *keys)
{
    pleats_status status = PLEATS_OK;
    const size_t length = strlen(name);
    const int shown = (int)pleats_printable(name, length, 20);
    const pleats_layer_word *word = pleats_layer_word_find(name, length);
    pleats_layer_spec layer = {0};
    const char *key = NULL;
    json_t *value = NULL;
    bool known = true;
    if (!word)
        TRY(fail(r, "%s: there is no layer \"%.*s\"; the layers are %s",
                 r->place, shown, name, PLEATS_LAYER_NAMES));
    if (word->kind == PLEATS_LAYER_RES_BEGIN)
        return add_block(r, keys);
    if (keys && !json_is_object(keys))
        TRY(fail(r, "%s: what belongs to %s must be an object", r->place,
                 name));
    layer = pleats_layer_of_word(word);
    json_object_foreach(keys, key, value)
    {
        TRY(layer_key(r, key, value, &layer, &known));
        if (!known)
            TRY(fail(r, "%s: %s has no key \"%.*s\"", r->place, name,
                     (int)pleats_printable(key, strlen(key), 20), key));
    }
    TRY(check_needed(r, name, &layer));
    TRY(add(r, &layer));
done:
    return status;
}

/* Each entry is a word, or an object whose only key is one. */
static pleats_status add_layers(reader *r, const json_t *list)
{
    pleats_status status = PLEATS_OK;
    const size_t used = strlen(r->place);
    if (!json_is_array(list) || json_array_size(list) == 0)
        TRY(fail(r, "%s: layers must be a list of at least one", r->place));
    for (size_t i = 0; i < json_array_size(list); i++) {
        json_t *entry = json_array_get(list, i);
        snprintf(r->place + used, sizeof r->place - used, "%slayers[%zu]",
                 r->depth ? "." : ": ", i);
        if (json_is_string(entry)) {
            TRY(add_named(r, json_string_value(entry), NULL));
        } else if (json_is_object(entry) && json_object_size(entry) == 1) {
            void *only = json_object_iter(entry);
            TRY(add_named(r, json_object_iter_key(only),
                          json_object_iter_value(only)));
        } else {
            TRY(fail(r,
                     "%s must be a word such as \"relu\" or an object with one "
                     "such as {\"conv\": {..}}",
                     r->place));
        }
    }
    r->place[used] = '\0';
done:
    return status;
}

static pleats_status read_input(reader *r, const json_t *list)
{
    pleats_status status = PLEATS_OK;
    pleats_shape input = {0};
    const size_t n = json_array_size(list);
    if (n < 1 || n > 1 + PLEATS_MAX_SPATIAL)
        TRY(fail(r,
                 "%s: \"input\" must be a list of 1 to %d sizes, the channels "
                 "first",
                 r->place, 1 + PLEATS_MAX_SPATIAL));
    input.n_spatial = (pleats_idx)n - 1;
    TRY(number(r, "input", json_array_get(list, 0), 1, &input.channels));
    for (size_t d = 1; d < n; d++)
        TRY(number(r, "input", json_array_get(list, d), 1, &input.size[d - 1]));
    TRY(pleats_spec_new(r->ctx, &input, &r->spec));
done:
    return status;
}

pleats_status pleats_spec_json_parse(pleats_ctx *ctx, const char *path,
                                     const char *text, size_t size,
                                     pleats_spec **out)
{
    static const char *const keys[] = {"input", "layers"};
    pleats_status status = PLEATS_OK;
    reader r = {.ctx = ctx};
    json_t *root = NULL;
    *out = NULL;
    path = pleats_file_name(path);
    snprintf(r.place, sizeof r.place / 2, "%s", path);
    TRY(pleats_json_parse(ctx, path, text, size, &root));
    TRY(pleats_json_check_keys(ctx, path, root, 2, 2, keys));
    TRY(read_input(&r, json_object_get(root, "input")));
    TRY(add_layers(&r, json_object_get(root, "layers")));
    TRY(pleats_spec_end(ctx, r.spec, NULL));
    *out = r.spec;
    r.spec = NULL;
done:
    pleats_spec_clear(ctx, r.spec);
    json_decref(root);
    return status;
}
