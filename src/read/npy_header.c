/* The text in front of the numbers of an .npy file: a Python dictionary with
 * the three keys descr, fortran_order and shape. */
#include "read/npy_header.h"

#include <string.h>

static const pleats_npy_type types[] = {
    {"<f4", false, 4},
    {"<f8", false, 8},
    {">f4", true, 4},
    {">f8", true, 8},
};

enum { KEY_DESCR = 1, KEY_ORDER = 2, KEY_SHAPE = 4, KEYS = 7 };

typedef struct {
    const char *at, *end;
} cursor;

static void skip_space(cursor *c)
{
    while (c->at < c->end && strchr(" \t\n", *c->at) && *c->at)
        c->at++;
}

static bool take(cursor *c, char wanted)
{
    skip_space(c);
    if (c->at == c->end || *c->at != wanted)
        return false;
    c->at++;
    return true;
}

static bool take_word(cursor *c, const char *word)
{
    size_t length = strlen(word);
    skip_space(c);
    if ((size_t)(c->end - c->at) < length || memcmp(c->at, word, length) != 0)
        return false;
    c->at += length;
    return true;
}

/* A text in single or double quotes, without escapes. */
static bool take_quoted(cursor *c, const char **text, size_t *length)
{
    int quote = take(c, '\'') ? '\'' : take(c, '"') ? '"' : '\0';
    const char *end =
        quote ? memchr(c->at, quote, (size_t)(c->end - c->at)) : NULL;
    if (!end)
        return false;
    *text = c->at;
    *length = (size_t)(end - c->at);
    c->at = end + 1;
    return true;
}

static bool take_integer(cursor *c, int64_t *out)
{
    skip_space(c);
    const char *start = c->at;
    *out = 0;
    for (; c->at < c->end && *c->at >= '0' && *c->at <= '9'; c->at++)
        if (__builtin_mul_overflow(*out, 10, out) ||
            __builtin_add_overflow(*out, *c->at - '0', out))
            return false;
    return c->at > start;
}

/* "(3, 4)", "(3,)" or "()". */
static bool take_shape(cursor *c, pleats_npz_array *array)
{
    array->count = 1;
    array->n_dims = 0;
    if (!take(c, '('))
        return false;
    while (!take(c, ')')) {
        int64_t size;
        if (array->n_dims == PLEATS_NPZ_MAX_DIMS || !take_integer(c, &size) ||
            __builtin_mul_overflow(array->count, size, &array->count))
            return false;
        array->dims[array->n_dims++] = size;
        if (!take(c, ',')) {
            if (!take(c, ')'))
                return false;
            break;
        }
    }
    return true;
}

static pleats_status read_type(pleats_ctx *ctx, cursor *c,
                               const pleats_npy_type **type)
{
    const char *text;
    size_t length;
    if (take_quoted(c, &text, &length))
        for (size_t i = 0; i < sizeof types / sizeof *types; i++)
            if (strlen(types[i].name) == length &&
                memcmp(types[i].name, text, length) == 0) {
                *type = &types[i];
                return PLEATS_OK;
            }
    return pleats_fail(ctx, PLEATS_INVALID,
                       "the numbers are of a type that is not read: store them "
                       "as float32 or float64");
}

static pleats_status read_order(pleats_ctx *ctx, cursor *c)
{
    if (take_word(c, "False"))
        return PLEATS_OK;
    return pleats_fail(ctx, PLEATS_INVALID,
                       "the array is in Fortran order: store it in C order "
                       "(numpy.ascontiguousarray)");
}

static pleats_status broken(pleats_ctx *ctx)
{
    return pleats_fail(ctx, PLEATS_INVALID,
                       "the .npy header is broken: it must give descr, "
                       "fortran_order and shape");
}

/* One "key: value" of the dictionary; `*seen` collects the keys. */
static pleats_status read_entry(pleats_ctx *ctx, cursor *c, unsigned *seen,
                                const pleats_npy_type **type,
                                pleats_npz_array *array)
{
    static const char *const name[] = {"descr", "fortran_order", "shape"};
    pleats_status status = PLEATS_OK;
    const char *text;
    size_t length;
    unsigned key = 0;
    if (!take_quoted(c, &text, &length) || !take(c, ':'))
        return broken(ctx);
    for (unsigned i = 0; i < 3; i++)
        if (strlen(name[i]) == length && memcmp(name[i], text, length) == 0)
            key = 1u << i;
    if (key == 0 || (*seen & key))
        return broken(ctx);
    *seen |= key;
    if (key == KEY_DESCR)
        status = read_type(ctx, c, type);
    else if (key == KEY_ORDER)
        status = read_order(ctx, c);
    else if (!take_shape(c, array))
        status = broken(ctx);
    return status;
}

pleats_status pleats_npy_header_parse(pleats_ctx *ctx, const char *text,
                                      size_t length,
                                      const pleats_npy_type **type,
                                      pleats_npz_array *array)
{
    pleats_status status = PLEATS_OK;
    cursor c = {text, text + length};
    unsigned seen = 0;
    if (!take(&c, '{'))
        return broken(ctx);
    while (!take(&c, '}')) {
        TRY(read_entry(ctx, &c, &seen, type, array));
        if (!take(&c, ',')) {
            if (!take(&c, '}'))
                return broken(ctx);
            break;
        }
    }
    skip_space(&c);
    if (c.at != c.end || seen != KEYS)
        return broken(ctx);
done:
    return status;
}
