#include "cells/section_values.h"

#include "base/perturb.h"
#include "base/wide.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

void pleats_section_values_clear(pleats_ctx *ctx, pleats_section_values *x)
{
    for (size_t i = 0; i < x->n; i++) {
        pleats_release(ctx, x->table[i].row);
        pleats_release(ctx, x->table[i].on);
    }
    pleats_release(ctx, x->table);
    pleats_crossed_edges_clear(ctx, &x->crossed);
    pleats_release(ctx, x->place);
    pleats_segment_clear(ctx, &x->segment);
    pleats_release(ctx, x->cut);
    pleats_release(ctx, x->seen);
    pleats_release(ctx, x->unsure);
    pleats_release(ctx, x->zero);
    *x = (pleats_section_values){0};
}

static double *row_of(const pleats_value_table *t, size_t i)
{
    return t->row + i * 2 * t->width;
}

/* Sets the columns from `first` on to 1. */
static void fill_columns(pleats_value_table *t, size_t first)
{
    for (size_t i = 0; i < t->n; i++)
        for (size_t j = first; j < t->width; j++) {
            row_of(t, i)[j] = 1;
            row_of(t, i)[t->width + j] = 0;
        }
}

/* Room for n generators and n_planes planes. */
static pleats_status reserve(pleats_ctx *ctx, pleats_value_table *t, size_t n,
                             size_t n_planes, size_t n_words)
{
    pleats_status status = PLEATS_OK;
    t->n = n;
    t->n_planes = n_planes;
    t->width = (n_planes + 3) / 4 * 4;
    t->n_words = n_words;
    TRY(pleats_grow(ctx, &t->row, &t->row_capacity, n * 2 * t->width,
                    sizeof *t->row));
    TRY(pleats_grow(ctx, &t->on, &t->on_capacity, n * n_words, sizeof *t->on));
done:
    return status;
}

/* ---- the cell's table ---- */

/* Column j of the cell's table; unsure[i] becomes true where the sign at
 * generator i is not known. */
static pleats_status set_column(pleats_space *s, const pleats_vertices *cell,
                                pleats_hyperplane plane, size_t j,
                                pleats_section_values *x)
{
    pleats_status status = PLEATS_OK;
    pleats_value_table *t = &x->table[0];
    const bool *zero = x->zero + j * t->n;
    pleats_vertices_ask(s, plane);
    TRY(pleats_vertices_evaluate(s, cell));
    const double *value = s->vertices.value, *bound = value + cell->pad;
    for (size_t i = 0; i < t->n; i++) {
        double *row = row_of(t, i);
        row[j] = zero[i] ? 0 : value[i];
        row[t->width + j] = zero[i] ? 0 : bound[i];
        x->unsure[i] = x->unsure[i] || !(zero[i] || fabs(value[i]) > bound[i]);
    }
done:
    return status;
}

/* Sets all columns; *known: all signs are. */
static pleats_status set_columns(pleats_space *s, const pleats_vertices *cell,
                                 const pleats_hyperplane *plane,
                                 pleats_section_values *x, bool *known)
{
    pleats_status status = PLEATS_OK;
    pleats_value_table *t = &x->table[0];
    memset(x->unsure, 0, t->n * sizeof *x->unsure);
    for (size_t j = 0; j < t->n_planes; j++)
        TRY(set_column(s, cell, plane[j], j, x));
    fill_columns(t, t->n_planes);
    *known = true;
    for (size_t i = 0; i < t->n; i++)
        *known = *known && !x->unsure[i];
done:
    return status;
}

/* Works out anew the generators with signs that are not known; false when none
 * is known better then. */
static bool refine(pleats_space *s, pleats_vertices *cell, const bool *unsure)
{
    bool any = false;
    for (pleats_idx i = 0; i < cell->n; i++)
        if (unsure[i])
            any = pleats_vertices_refine(s, cell, i) || any;
    return any;
}

/* Finds out which planes hold which generators, over the integers where doubles
 * do not tell. */
static pleats_status find_zeros(pleats_space *s, pleats_vertices *cell,
                                const pleats_hyperplane *plane,
                                pleats_section_values *x)
{
    pleats_status status = PLEATS_OK;
    bool *zero = x->zero;
    for (size_t j = 0; j < x->table[0].n_planes; j++) {
        pleats_vertices_ask(s, plane[j]);
        TRY(pleats_vertices_signs(s, cell));
        x->is_exact = x->is_exact || s->question.has_objective;
        for (pleats_idx i = 0; i < cell->n; i++)
            *zero++ = s->vertices.sign[i] == 0;
    }
done:
    return status;
}

/* Sets the cell's table.  A row is of one vector: where a generator was worked
 * out anew, all columns are. */
static pleats_status set_table(pleats_space *s, pleats_vertices *cell,
                               const pleats_hyperplane *plane,
                               pleats_section_values *x, bool *known)
{
    pleats_status status = PLEATS_OK;
    x->is_exact = false;
    TRY(set_columns(s, cell, plane, x, known));
    if (!*known && refine(s, cell, x->unsure))
        TRY(set_columns(s, cell, plane, x, known));
    if (!*known) {
        TRY(find_zeros(s, cell, plane, x));
        TRY(set_columns(s, cell, plane, x, known));
    }
done:
    return status;
}

static pleats_status make_room(pleats_ctx *ctx, pleats_section_values *x,
                               const pleats_vertices *cell, size_t n_planes)
{
    pleats_status status = PLEATS_OK;
    const size_t depth = (size_t)cell->dim + 1;
    const size_t n_zeros = n_planes * (size_t)cell->n;
    TRY(pleats_grow(ctx, &x->table, &x->n, depth, sizeof *x->table));
    TRY(pleats_grow(ctx, &x->unsure, &x->unsure_capacity, (size_t)cell->n,
                    sizeof *x->unsure));
    TRY(pleats_grow(ctx, &x->zero, &x->zero_capacity, n_zeros,
                    sizeof *x->zero));
    memset(x->zero, 0, n_zeros * sizeof *x->zero);
done:
    return status;
}

pleats_status pleats_section_values_begin(pleats_space *s,
                                          pleats_section_values *x,
                                          pleats_vertices *cell,
                                          const pleats_hyperplane *plane,
                                          size_t n, bool *known)
{
    pleats_status status = PLEATS_OK;
    *known = false;
    if (cell->n_lines > 0 || s->paranoid)
        return PLEATS_OK;
    TRY(make_room(s->ctx, x, cell, n));
    pleats_value_table *t = &x->table[0];
    t->dim = cell->dim;
    t->is_simple = cell->simple;
    TRY(reserve(s->ctx, t, (size_t)cell->n, n, cell->n_words));
    TRY(set_table(s, cell, plane, x, known));
    memcpy(t->on, cell->on, t->n * t->n_words * sizeof *t->on);
done:
    return status;
}

/* ---- a section's table ---- */

/* Where plane i crosses the edges on the list; *known: false when that does not
 * tell of one. */
static pleats_status find_places(pleats_ctx *ctx, const pleats_value_table *t,
                                 size_t i, pleats_section_values *x,
                                 bool *known)
{
    pleats_status status = PLEATS_OK;
    const pleats_crossed_edges *crossed = &x->crossed;
    TRY(pleats_grow(ctx, &x->place, &x->place_capacity, crossed->n,
                    sizeof *x->place));
    for (size_t e = 0; e < crossed->n; e++) {
        const double *a = row_of(t, (size_t)crossed->edge[e].p) + i;
        const double *b = row_of(t, (size_t)crossed->edge[e].q) + i;
        pleats_crossing *at = &x->place[e];
        *known = pleats_vertices_crossing(*a, *b, a[t->width], b[t->width],
                                          &at->share, &at->off) &&
                 *known;
    }
done:
    return status;
}

/* Whether the plane whose edges these are holds generators. */
static bool holds_any(const pleats_section_values *x,
                      const pleats_value_table *t)
{
    return x->crossed.n_above + x->crossed.n_below < t->n;
}

/* Adds a generator that plane i holds: an edge from it to itself. */
static pleats_status add_held(pleats_ctx *ctx, pleats_section_values *x,
                              pleats_idx generator)
{
    pleats_status status = PLEATS_OK;
    const size_t n = x->crossed.n;
    TRY(pleats_crossed_edges_put(ctx, &x->crossed, generator, generator));
    TRY(pleats_grow(ctx, &x->place, &x->place_capacity, n + 1,
                    sizeof *x->place));
    x->place[n] = (pleats_crossing){0, 0};
done:
    return status;
}

/* Lists the generators of the section with plane i: where it crosses edges, and
 * those that it holds.  All signs are known. */
static pleats_status find_crossed(pleats_ctx *ctx, const pleats_value_table *t,
                                  size_t i, pleats_section_values *x,
                                  bool *known)
{
    pleats_status status = PLEATS_OK;
    pleats_crossed_edges *crossed = &x->crossed;
    const pleats_wall_sets sets = {(pleats_idx)t->n, t->dim, t->n_words, t->on,
                                   t->is_simple};
    TRY(pleats_crossed_edges_begin(ctx, crossed, sets.n));
    for (pleats_idx g = 0; g < sets.n; g++) {
        const double value = row_of(t, (size_t)g)[i];
        pleats_crossed_edges_add(crossed, g, (value > 0) - (value < 0));
    }
    TRY(pleats_crossed_edges_find(ctx, crossed, &sets));
    TRY(find_places(ctx, t, i, x, known));
    if (holds_any(x, t))
        for (pleats_idx g = 0; g < sets.n; g++)
            if (row_of(t, (size_t)g)[i] == 0)
                TRY(add_held(ctx, x, g));
done:
    return status;
}

/* Row `to`, of parts * 4 columns, between rows a and b of `width` columns:
 * a + share (b - a).  With the true share, in [0, 1], values are off by no more
 * than the larger one of their bounds; the share's own error moves them along
 * b - a; and rounding is below half a unit of the last place for the result and
 * for each of step, product and share.  What is certainly 0 at both ends stays
 * so. */
PLEATS_WITHIN void set_between(const double *a, const double *b, size_t width,
                               pleats_crossing at, size_t parts, double *to)
{
    for (size_t c = 0; c < 4 * parts; c += 4) {
        const four va = *(const four *)(a + c), vb = *(const four *)(b + c);
        const four ba = *(const four *)(a + width + c),
                   bb = *(const four *)(b + width + c);
        const four step = vb - va;
        const four_bits more = ba > bb;
        four most = bb;
        choose(&more, &ba, &most);
        const four far = (four)((four_bits)step & SIZE);
        const four size = (four)((four_bits)va & SIZE) + 2 * far;
        *(four *)(to + c) = va + at.share * step;
        const four bound =
            (most + at.off * far + DBL_EPSILON * size) * (1 + 0x1p-20) +
            0x1p-960;
        const four_bits is_zero = most + size == 0;
        *(four_bits *)(to + 4 * parts + c) = ~is_zero & (four_bits)bound;
    }
}

/* Adds to what was seen of each plane: [3 x 4 parts] values certainly above 0,
 * below, not known. */
PLEATS_WITHIN void look(const double *row, size_t parts, int64_t *seen)
{
    for (size_t c = 0; c < 4 * parts; c += 4) {
        const four v = *(const four *)(row + c);
        const four bound = *(const four *)(row + 4 * parts + c);
        const four_bits up = v > bound, down = v < -bound;
        *(four_bits *)(seen + c) |= up;
        *(four_bits *)(seen + 4 * parts + c) |= down;
        *(four_bits *)(seen + 8 * parts + c) |= ~(up | down | (bound == 0));
    }
}

/* The rows of the section that crosses so many edges, and what they tell of
 * each plane. */
PLEATS_WIDE
static void set_rows(const pleats_value_table *from,
                     const pleats_section_values *x, size_t parts,
                     pleats_value_table *to)
{
    const size_t words = to->n_words;
    memset(x->seen, 0, 12 * parts * sizeof *x->seen);
    for (size_t e = 0; e < to->n; e++) {
        const size_t p = (size_t)x->crossed.edge[e].p,
                     q = (size_t)x->crossed.edge[e].q;
        double *row = to->row + e * 8 * parts;
        set_between(from->row + p * 2 * from->width,
                    from->row + q * 2 * from->width, from->width, x->place[e],
                    parts, row);
        for (size_t j = 0; PLEATS_PERTURB && j < 4 * parts; j++)
            pleats_perturb_value(PLEATS_PERTURB_VALUE, (pleats_idx)j, &row[j],
                                 &row[4 * parts + j]);
        look(row, parts, x->seen);
        for (size_t w = 0; w < words; w++)
            to->on[e * words + w] =
                from->on[p * words + w] & from->on[q * words + w];
    }
}

/* Lists the planes that cut the section, of the n that were seen; false when
 * that is not known of all, or one holds the section. */
static bool list_cuts(const pleats_section_values *x, size_t n, size_t width,
                      size_t *n_cuts)
{
    int64_t unsure = 0;
    *n_cuts = 0;
    for (size_t j = 0; j < n; j++) {
        x->cut[*n_cuts] = j;
        *n_cuts += x->seen[j] && x->seen[width + j];
        unsure |= x->seen[2 * width + j] | ~(x->seen[j] | x->seen[width + j]);
    }
    return !unsure;
}

/* Leaves the columns of the planes that cut the section. */
static void keep_cuts(pleats_value_table *t, const size_t *cut, size_t n)
{
    const size_t before = t->width;
    t->n_planes = n;
    t->width = (n + 3) / 4 * 4;
    for (size_t i = 0; i < t->n; i++) {
        const double *from = t->row + i * 2 * before;
        double *to = row_of(t, i);
        for (size_t j = 0; j < n; j++)
            to[j] = from[cut[j]];
        for (size_t j = 0; j < n; j++)
            to[t->width + j] = from[before + cut[j]];
    }
    fill_columns(t, n);
}

/* Whether the n planes that cut a segment do so at places that are certainly
 * apart. */
static pleats_status are_apart(pleats_ctx *ctx, pleats_section_values *x,
                               const pleats_value_table *t, size_t n,
                               bool *apart)
{
    pleats_status status = PLEATS_OK;
    pleats_segment *segment = &x->segment;
    const double *a = row_of(t, 0), *b = row_of(t, 1);
    *apart = t->n == 2;
    if (!*apart)
        return PLEATS_OK;
    TRY(pleats_segment_begin(ctx, segment, n));
    for (size_t c = 0; c < n; c++) {
        const size_t j = x->cut[c];
        pleats_segment_add(segment, a[j], b[j], a[t->width + j],
                           b[t->width + j]);
    }
    pleats_segment_sort(segment);
    for (size_t i = 0; i < n && *apart; i++)
        *apart = pleats_segment_run(segment, i) == i + 1;
done:
    return status;
}

/* With fewer planes before it, a section is counted before anyone could want to
 * stop that. */
enum { FEW_PLANES = 16 };

/* Makes the table at depth + 1, of the section with plane i of the one before;
 * lists the planes that cut it.  *known: false when bounds do not tell. */
static pleats_status make_section(pleats_space *s, pleats_section_values *x,
                                  size_t depth, size_t i, size_t *n_cuts,
                                  bool *known)
{
    pleats_status status = PLEATS_OK;
    const pleats_value_table *from = &x->table[depth];
    pleats_value_table *to = &x->table[depth + 1];
    TRY(find_crossed(s->ctx, from, i, x, known));
    if (!*known)
        return PLEATS_OK;
    TRY(reserve(s->ctx, to, x->crossed.n, i, from->n_words));
    to->dim = from->dim - 1;
    to->is_simple = from->is_simple && !holds_any(x, from);
    set_rows(from, x, to->width / 4, to);
    *known = list_cuts(x, i, to->width, n_cuts);
done:
    return status;
}

/* How many planes cut the section with plane i; *n_cuts < 2 and *known: it need
 * not be made. */
static pleats_status count_cuts(pleats_space *s, pleats_section_values *x,
                                size_t depth, size_t i, size_t *n_cuts,
                                bool *known)
{
    pleats_status status = PLEATS_OK;
    const pleats_value_table *from = &x->table[depth];
    TRY(pleats_grow(s->ctx, &x->cut, &x->cut_capacity, from->n_planes,
                    sizeof *x->cut));
    TRY(pleats_grow(s->ctx, &x->seen, &x->seen_capacity, 3 * from->width,
                    sizeof *x->seen));
    if (i <= PLEATS_PAIRED) {
        pleats_section_pairs_look(from, i, x->seen);
        if (list_cuts(x, i, PLEATS_PAIRED, n_cuts) && *n_cuts < 2)
            return PLEATS_OK;
    }
    TRY(make_section(s, x, depth, i, n_cuts, known));
done:
    return status;
}

/* Adds the regions of the section with plane i of the table at `depth` by the
 * planes before it, while all is known. */
static pleats_status add_section(pleats_space *s, pleats_section_values *x,
                                 size_t depth, size_t i, uint64_t *regions,
                                 bool *known)
{
    pleats_status status = PLEATS_OK;
    pleats_value_table *to = &x->table[depth + 1];
    size_t n_cuts = 0;
    ++*regions;
    if (i == 0)
        return PLEATS_OK;
    if (i >= FEW_PLANES)
        TRY(pleats_check_stop(s->ctx));
    TRY(count_cuts(s, x, depth, i, &n_cuts, known));
    x->verdicts += i;
    if (!*known || n_cuts < 2 || to->dim == 1) {
        *regions += n_cuts;
        x->verdicts += n_cuts < 2 ? 0 : n_cuts;
        if (*known && n_cuts > 1)
            TRY(are_apart(s->ctx, x, to, n_cuts, known));
        return PLEATS_OK;
    }
    keep_cuts(to, x->cut, n_cuts);
    for (size_t j = 0; j < n_cuts && *known; j++)
        TRY(add_section(s, x, depth + 1, j, regions, known));
done:
    return status;
}

pleats_status pleats_section_values_count(pleats_space *s,
                                          pleats_section_values *x, size_t i,
                                          uint64_t *regions, bool *known)
{
    pleats_status status = PLEATS_OK;
    *regions = 0;
    *known = true;
    x->verdicts = 0;
    TRY(add_section(s, x, 0, i, regions, known));
    if (*known)
        *(x->is_exact ? &s->by_exact : &s->by_bounds) += x->verdicts;
done:
    return status;
}
