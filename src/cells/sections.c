#include "cells/sections.h"

void pleats_sections_clear(pleats_ctx *ctx, pleats_sections *x)
{
    for (size_t i = 0; i < x->n; i++) {
        pleats_vertices_clear(ctx, &x->section[i].cell);
        pleats_release(ctx, x->section[i].plane);
    }
    pleats_release(ctx, x->section);
    pleats_release(ctx, x->run.plane);
    pleats_segment_clear(ctx, &x->segment);
    pleats_section_values_clear(ctx, &x->values);
    *x = (pleats_sections){0};
}

/* With fewer planes before it, a section is counted before anyone could want to
 * stop that. */
enum { FEW_PLANES = 16 };

static pleats_status add_plane(pleats_ctx *ctx, pleats_section *x,
                               pleats_hyperplane plane)
{
    pleats_status status = PLEATS_OK;
    TRY(pleats_grow(ctx, &x->plane, &x->capacity, x->n + 1, sizeof *x->plane));
    x->plane[x->n++] = plane;
done:
    return status;
}

/* Makes `to` the section of `from` with its plane i, and lists the earlier
 * planes that cut it.  *is_new: false when one of these is the same plane. */
static pleats_status make_section(pleats_space *s, pleats_vertices *from,
                                  const pleats_section *list, size_t i,
                                  pleats_section *to, bool *is_new)
{
    pleats_status status = PLEATS_OK;
    pleats_idx wall = s->walls.n;
    *is_new = true;
    to->n = 0;
    if (i >= FEW_PLANES)
        TRY(pleats_check_stop(s->ctx));
    TRY(pleats_walls_push_plane(&s->walls, list->plane[i], 1));
    pleats_vertices_ask(s, list->plane[i]);
    TRY(pleats_vertices_cut(s, from, 0, wall, &to->cell));
    for (size_t j = 0; j < i && *is_new; j++) {
        bool has[2];
        TRY(pleats_vertices_sides(s, &to->cell, list->plane[j], has));
        *is_new = has[0] || has[1];
        if (has[0] && has[1])
            TRY(add_plane(s->ctx, to, list->plane[j]));
    }
done:
    return status;
}

/* Finds out where the planes cross a segment. */
static pleats_status sort_points(pleats_space *s, pleats_segment *x,
                                 const pleats_section *list,
                                 const pleats_vertices *segment)
{
    pleats_status status = PLEATS_OK;
    TRY(pleats_segment_begin(s->ctx, x, list->n));
    for (size_t i = 0; i < list->n; i++) {
        pleats_vertices_ask(s, list->plane[i]);
        TRY(pleats_vertices_evaluate(s, segment));
        const double *value = s->vertices.value, *bound = value + segment->pad;
        pleats_segment_add(x, value[0], value[1], bound[0], bound[1]);
    }
    pleats_segment_sort(x);
done:
    return status;
}

/* Adds the different points of x->run, of which `to` becomes one. */
static pleats_status add_run(pleats_space *s, pleats_sections *x,
                             pleats_vertices *segment, pleats_section *to,
                             uint64_t *regions)
{
    pleats_status status = PLEATS_OK;
    const pleats_idx n_walls = s->walls.n;
    bool is_new;
    ++*regions;
    for (size_t i = 1; i < x->run.n; i++) {
        TRY(make_section(s, segment, &x->run, i, to, &is_new));
        *regions += is_new;
        pleats_walls_cut_back(&s->walls, n_walls);
    }
done:
    pleats_walls_cut_back(&s->walls, n_walls);
    return status;
}

/* Adds the points of the planes of x->section[depth] on a segment: those that
 * are certainly apart from all others as they are. */
static pleats_status add_points(pleats_space *s, pleats_sections *x,
                                size_t depth, pleats_vertices *segment,
                                uint64_t *regions)
{
    pleats_status status = PLEATS_OK;
    const pleats_section *here = &x->section[depth];
    TRY(sort_points(s, &x->segment, here, segment));
    for (size_t first = 0, end; first < here->n; first = end) {
        end = pleats_segment_run(&x->segment, first);
        x->run.n = 0;
        for (size_t i = first; i < end; i++)
            TRY(add_plane(s->ctx, &x->run,
                          here->plane[x->segment.point[i].plane]));
        s->by_bounds += end - first == 1;
        TRY(add_run(s, x, segment, &x->section[depth + 1], regions));
    }
done:
    return status;
}

static pleats_status count_below(pleats_space *s, pleats_sections *x,
                                 size_t depth, pleats_vertices *cell,
                                 uint64_t *regions);

/* Adds the regions of the section of `cell`, that of x->section[depth], with
 * plane i, unless an earlier plane is the same. */
static pleats_status add_section(pleats_space *s, pleats_sections *x,
                                 size_t depth, pleats_vertices *cell, size_t i,
                                 uint64_t *regions)
{
    pleats_status status = PLEATS_OK;
    pleats_section *next = &x->section[depth + 1];
    const pleats_idx n_walls = s->walls.n;
    bool is_new = false;
    if (i == 0) { /* no plane cuts it */
        ++*regions;
        return PLEATS_OK;
    }
    TRY(make_section(s, cell, &x->section[depth], i, next, &is_new));
    if (is_new)
        TRY(count_below(s, x, depth + 1, &next->cell, regions));
done:
    pleats_walls_cut_back(&s->walls, n_walls);
    return status;
}

/* Adds the regions of `cell`, that of x->section[depth], by its planes. */
static pleats_status count_below(pleats_space *s, pleats_sections *x,
                                 size_t depth, pleats_vertices *cell,
                                 uint64_t *regions)
{
    pleats_status status = PLEATS_OK;
    const size_t n = x->section[depth].n;
    ++*regions;
    if (n > 1 && cell->dim == 1 && cell->n_lines == 0 && !s->paranoid)
        return add_points(s, x, depth, cell, regions);
    for (size_t i = 0; i < n; i++)
        TRY(add_section(s, x, depth, cell, i, regions));
done:
    return status;
}

/* The same for depth 0, by values alone when they tell. */
static pleats_status add_first_section(pleats_space *s, pleats_sections *x,
                                       pleats_vertices *cell, size_t i,
                                       bool has_values, uint64_t *regions)
{
    pleats_status status = PLEATS_OK;
    uint64_t found = 0;
    bool known = false;
    if (has_values)
        TRY(pleats_section_values_count(s, &x->values, i, &found, &known));
    if (known)
        *regions += found;
    else
        TRY(add_section(s, x, 0, cell, i, regions));
done:
    return status;
}

/* The same of the range, for depth 0 and a cell that is no segment. */
static pleats_status count_range(pleats_space *s, pleats_sections *x,
                                 pleats_vertices *cell,
                                 pleats_section_range *range, uint64_t *regions)
{
    pleats_status status = PLEATS_OK;
    const pleats_section *here = &x->section[0];
    bool stop = false, has_values = false;
    *regions = range->first == 0;
    if (here->n > 1)
        TRY(pleats_section_values_begin(s, &x->values, cell, here->plane,
                                        here->n, &has_values));
    while (range->first < range->end) {
        if (range->between)
            TRY(range->between(range->state, &range->first, &range->end,
                               &stop));
        if (stop)
            break;
        TRY(add_first_section(s, x, cell, range->first, has_values, regions));
        range->first++;
        range->whole = *regions;
    }
done:
    return status;
}

/* Lists the breakpoints of the units that cut the cell. */
static pleats_status list_planes(pleats_space *s, pleats_cell *cell,
                                 const pleats_step *step,
                                 const pleats_open_unit *open, size_t n,
                                 pleats_section *out)
{
    pleats_status status = PLEATS_OK;
    out->n = 0;
    for (size_t i = 0; i < n; i++)
        for (pleats_idx at = open[i].lo; at < open[i].hi; at++) {
            pleats_hyperplane plane = pleats_unit_plane(step, open[i].unit, at);
            bool has[2] = {true, true};
            if (open[i].hi - open[i].lo > 1)
                TRY(pleats_cell_sides(s, cell, plane, has));
            if (has[0] && has[1])
                TRY(add_plane(s->ctx, out, plane));
        }
done:
    return status;
}

pleats_status pleats_sections_count(pleats_space *s, pleats_sections *x,
                                    pleats_cell *cell, const pleats_step *step,
                                    const pleats_open_unit *open, size_t n,
                                    pleats_section_range *range,
                                    uint64_t *regions)
{
    pleats_status status = PLEATS_OK;
    const uint64_t by_bounds = s->by_bounds, by_exact = s->by_exact;
    size_t depth = (size_t)s->frame->k + 2, n_planes;
    *regions = 0;
    if (x->n < depth) {
        TRY(pleats_alloc(s->ctx, depth, sizeof *x->section, &x->section));
        x->n = depth;
    }
    TRY(list_planes(s, cell, step, open, n, &x->section[0]));
    n_planes = x->section[0].n;
    if (range->first > 0) { /* whoever has the first ones asked this, too */
        s->by_bounds = by_bounds;
        s->by_exact = by_exact;
    }
    range->end = range->end < n_planes ? range->end : n_planes;
    range->first = range->first < range->end ? range->first : range->end;
    if (cell->vertices.dim > 1) {
        TRY(count_range(s, x, &cell->vertices, range, regions));
    } else {
        if (range->first == 0)
            TRY(count_below(s, x, 0, &cell->vertices, regions));
        range->first = range->end;
    }
done:
    return status;
}
