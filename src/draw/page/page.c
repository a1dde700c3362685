#include "draw/page/page.h"

#include "base/text.h"
#include "draw/page/page_text.h"

#include "pleats/version.h"

#include <jansson.h>
#include <math.h>
#include <nettle/base64.h>
#include <stdio.h>
#include <string.h>

/* ---- arrays as base64 of little-endian numbers ---- */

typedef struct {
    pleats_ctx *ctx;
    size_t n, capacity;
    unsigned char *bytes; /* [n] */
} bytes;

static pleats_status put(bytes *b, const void *from, size_t n)
{
    pleats_status status = PLEATS_OK;
    TRY(pleats_grow(b->ctx, &b->bytes, &b->capacity, b->n + n, 1));
    if (n > 0)
        memcpy(b->bytes + b->n, from, n);
    b->n += n;
done:
    return status;
}

/* The n lowest bytes of a number, lowest first. */
static pleats_status put_bits(bytes *b, uint64_t bits, size_t n)
{
    unsigned char out[8];
    for (size_t i = 0; i < n; i++)
        out[i] = (unsigned char)(bits >> 8 * i);
    return put(b, out, n);
}

static pleats_status put_double(bytes *b, double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return put_bits(b, bits, sizeof bits);
}

static pleats_status put_float(bytes *b, double x)
{
    float rounded = (float)x;
    uint32_t bits;
    memcpy(&bits, &rounded, sizeof bits);
    return put_bits(b, bits, sizeof bits);
}

/* Both take the value; the object or list is lent. */
static pleats_status set(pleats_ctx *ctx, json_t *object, const char *key,
                         json_t *value)
{
    if (json_object_set_new(object, key, value) != 0)
        return pleats_fail(ctx, PLEATS_NOMEM, "out of memory");
    return PLEATS_OK;
}

static pleats_status append(pleats_ctx *ctx, json_t *list, json_t *value)
{
    if (json_array_append_new(list, value) != 0)
        return pleats_fail(ctx, PLEATS_NOMEM, "out of memory");
    return PLEATS_OK;
}

/* Adds to `object` what was put since the last time, behind a digit when it is
 * not 0. */
static pleats_status end(bytes *b, json_t *object, const char *key,
                         size_t digit)
{
    pleats_status status = PLEATS_OK;
    char *text = NULL;
    size_t length = BASE64_ENCODE_RAW_LENGTH(b->n) + (digit > 0);
    if (b->n > INT_MAX / 2)
        return pleats_fail(b->ctx, PLEATS_LIMIT,
                           "there are too many cells for a page");
    TRY(pleats_alloc(b->ctx, BASE64_ENCODE_RAW_LENGTH(b->n) + 1, 1, &text));
    text[0] = (char)('0' + digit);
    base64_encode_raw(text + 1, b->n, b->bytes);
    b->n = 0;
    TRY(set(b->ctx, object, key,
            json_stringn_nocheck(text + (digit == 0), length)));
done:
    pleats_release(b->ctx, text);
    return status;
}

static pleats_status add_doubles(bytes *b, json_t *object, const char *key,
                                 size_t n, const double *x)
{
    pleats_status status = PLEATS_OK;
    for (size_t i = 0; i < n; i++)
        TRY(put_double(b, x[i]));
    TRY(end(b, object, key, 0));
done:
    return status;
}

/* Integers of 1, 2 or 4 bytes, whatever the largest needs; a digit tells. */
static pleats_status add_integers(bytes *b, json_t *object, const char *key,
                                  size_t n, const int64_t *x)
{
    pleats_status status = PLEATS_OK;
    size_t width = 1;
    for (size_t i = 0; i < n; i++)
        while (width < 4 && (x[i] >= (int64_t)1 << (8 * width - 1) ||
                             x[i] < -((int64_t)1 << (8 * width - 1))))
            width *= 2;
    for (size_t i = 0; i < n; i++)
        TRY(put_bits(b, (uint64_t)x[i], width));
    TRY(end(b, object, key, width));
done:
    return status;
}

/* ---- a scene ---- */

/* Which integers of a scene. */
typedef enum {
    SIDES,
    SIDE,
    WALL,
    ACTIVE,
    CLASS,
    PART,
    PART_CLASS,
    PART_SIDES
} integers;

static int64_t integer_of(const pleats_scene *x, integers which, size_t i)
{
    const pleats_boundary *b = &x->boundary;
    switch (which) {
    case SIDES:
        return (int64_t)pleats_scene_sides(x, i);
    case SIDE:
        return (int64_t)x->side[i];
    case WALL:
        return x->wall[i];
    case ACTIVE:
        return x->cell[i].active;
    case CLASS:
        return b->class[i];
    case PART:
        return (int64_t)b->part[i].cell;
    case PART_CLASS:
        return b->part[i].class;
    default:
        return (int64_t)b->part[i].n;
    }
}

static pleats_status add_list(bytes *b, json_t *o, const char *key, size_t n,
                              const pleats_scene *x, integers which)
{
    pleats_status status = PLEATS_OK;
    int64_t *integer = NULL;
    TRY(pleats_alloc(b->ctx, n, sizeof *integer, &integer));
    for (size_t i = 0; i < n; i++)
        integer[i] = integer_of(x, which, i);
    TRY(add_integers(b, o, key, n, integer));
done:
    pleats_release(b->ctx, integer);
    return status;
}

static pleats_status add_parts(bytes *b, json_t *o, const pleats_scene *x)
{
    pleats_status status = PLEATS_OK;
    const pleats_boundary *boundary = &x->boundary;
    json_t *parts = json_object();
    TRY(set(b->ctx, o, "parts", parts));
    TRY(add_list(b, parts, "cell", boundary->n_parts, x, PART));
    TRY(add_list(b, parts, "class", boundary->n_parts, x, PART_CLASS));
    TRY(add_list(b, parts, "sides", boundary->n_parts, x, PART_SIDES));
    TRY(add_doubles(b, parts, "corner", 2 * boundary->n_corners,
                    boundary->corner));
    TRY(add_doubles(b, o, "boundary", 4 * boundary->n_segments,
                    boundary->segment));
done:
    return status;
}

static pleats_status add_scene(bytes *b, json_t *o, const pleats_scene *x)
{
    pleats_status status = PLEATS_OK;
    size_t n_sides = x->start[x->n_cells];
    TRY(add_doubles(b, o, "corner", 2 * x->corners.n, x->corner));
    TRY(add_list(b, o, "sides", x->n_cells, x, SIDES));
    TRY(add_list(b, o, "side", n_sides, x, SIDE));
    TRY(add_list(b, o, "wall", n_sides, x, WALL));
    TRY(add_list(b, o, "active", x->n_cells, x, ACTIVE));
    TRY(add_list(b, o, "class", x->n_cells, x, CLASS));
    TRY(put(b, x->pattern, x->n_cells * x->n_pattern));
    TRY(end(b, o, "pieces", 0));
    for (size_t i = 0; i < x->n_cells * (size_t)x->net->n_outputs * 3; i++)
        TRY(put_float(b, x->map[i]));
    TRY(end(b, o, "map", 0));
    for (size_t i = 0; i < x->n_cells; i++)
        TRY(put_float(b, x->cell[i].area));
    TRY(end(b, o, "area", 0));
    TRY(add_parts(b, o, x));
done:
    return status;
}

/* ---- the page ---- */

/* Text of a name that may not be UTF-8. */
static json_t *text_of(const char *text)
{
    json_t *json = json_string(text ? text : "");
    return json ? json : json_string("(not UTF-8)");
}

static pleats_status add_scenes(bytes *b, json_t *page, const pleats_page *p)
{
    pleats_status status = PLEATS_OK;
    json_t *list = json_array();
    TRY(set(b->ctx, page, "scenes", list));
    for (size_t i = 0; i < p->n_scenes; i++) {
        const pleats_scene *x = &p->scene[i];
        char regions[24];
        snprintf(regions, sizeof regions, "%zu", x->n_cells);
        json_t *o = json_pack(
            "{s:o, s:s, s:b, s:I, s:{s:o, s:o}}", "name", text_of(p->name[i]),
            "regions", regions, "complete", x->stopped == PLEATS_STOP_NONE,
            "cells", (json_int_t)x->n_cells, "model", "path",
            text_of(x->net->path), "sha256", text_of(x->net->sha256));
        TRY(append(b->ctx, list, o));
        TRY(add_scene(b, o, x));
    }
done:
    return status;
}

static pleats_status add_layers(pleats_ctx *ctx, json_t *page,
                                const pleats_layers *l)
{
    pleats_status status = PLEATS_OK;
    json_t *list = json_array();
    TRY(set(ctx, page, "layers", list));
    for (pleats_idx i = 0; i < l->n; i++) {
        const pleats_unit_layer *layer = &l->layer[i];
        char name[32];
        snprintf(name, sizeof name, "layer %d", i + 1);
        TRY(append(ctx, list,
                   json_pack("{s:s, s:i, s:i, s:i}", "name", name, "units",
                             (int)layer->n, "first", (int)layer->first, "bits",
                             (int)layer->bits)));
    }
done:
    return status;
}

/* A number of the page; null where it is beyond the range of doubles. */
static json_t *number(double x)
{
    return isfinite(x) ? json_real(x) : json_null();
}

static pleats_status add_marks(pleats_ctx *ctx, json_t *page,
                               const pleats_page *p)
{
    pleats_status status = PLEATS_OK;
    json_t *list = json_array();
    TRY(set(ctx, page, "rows", list));
    for (pleats_idx i = 0; i < p->n_marks; i++)
        TRY(append(ctx, list,
                   json_pack("{s:s, s:[o, o]}", "name", p->mark[i].name, "at",
                             number(p->mark[i].at[0]),
                             number(p->mark[i].at[1]))));
done:
    return status;
}

static pleats_status add_head(pleats_ctx *ctx, const pleats_page *p,
                              json_t **out)
{
    pleats_status status = PLEATS_OK;
    const pleats_scene *x = &p->scene[0];
    *out = json_pack(
        "{s:s, s:o, s:o, s:s, s:s, s:s, s:[s, s], s:[o, o, o, o], s:i}",
        "schema", "pleats/1", "title", text_of(p->title), "domain",
        text_of(p->domain), "definition", p->definition, "label", p->label,
        "version", PLEATS_VERSION, "axes", x->axes.name[0], x->axes.name[1],
        "frame", number(x->frame_of[0]), number(x->frame_of[1]),
        number(x->frame_of[2]), number(x->frame_of[3]), "outputs",
        (int)x->net->n_outputs);
    if (!*out)
        TRY(pleats_fail(ctx, PLEATS_NOMEM, "out of memory"));
    TRY(add_layers(ctx, *out, &x->layers));
    TRY(add_marks(ctx, *out, p));
done:
    return status;
}

/* Adds the JSON text; a reader of HTML sees it first, so no "<" is left. */
static int put_escaped(const char *text, size_t n, void *data)
{
    bytes *b = data;
    for (size_t i = 0; i < n;) {
        const char *next = memchr(text + i, '<', n - i);
        size_t run = next ? (size_t)(next - text) - i : n - i;
        if (put(b, text + i, run) != PLEATS_OK ||
            (next && put(b, "\\u003c", 6) != PLEATS_OK))
            return -1;
        i += run + (next != NULL);
    }
    return 0;
}

pleats_status pleats_page_write(pleats_ctx *ctx, const pleats_page *p,
                                pleats_output *out)
{
    pleats_status status = PLEATS_OK;
    bytes array = {.ctx = ctx}, file = {.ctx = ctx};
    json_t *page = NULL;
    TRY(add_head(ctx, p, &page));
    TRY(add_scenes(&array, page, p));
    TRY(put(&file, pleats_page_head, strlen(pleats_page_head)));
    locale_t before = pleats_locale_enter();
    int failed = json_dump_callback(page, put_escaped, &file,
                                    JSON_COMPACT | JSON_ENSURE_ASCII);
    pleats_locale_leave(before);
    if (failed)
        TRY(pleats_fail(ctx, PLEATS_NOMEM, "out of memory"));
    TRY(put(&file, pleats_page_tail, strlen(pleats_page_tail)));
    TRY(pleats_output_write(ctx, out, file.bytes, file.n));
done:
    json_decref(page);
    pleats_release(ctx, array.bytes);
    pleats_release(ctx, file.bytes);
    return status;
}
