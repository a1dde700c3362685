#include "cells/sections.h"


void pleats_sections_clear(pleats_ctx *ctx, pleats_sections *x)
{
    for (size_t i = 0; i < x->n; i++) {
        pleats_vertices_clear(ctx, &x->section[i].cell);
        pleats_release(ctx, x->section[i].plane);
    }
    pleats_release(ctx, x->section);
    pleats_release(ctx, x->place);
    *x = (pleats_sections){0};
}

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

/* Adds the regions of x->section[depth]'s cell (`cell`, for depth 0) by its
 * planes to *regions. */
static pleats_status count(pleats_space *s, pleats_sections *x, size_t depth,
                           pleats_vertices *cell, uint64_t *regions)
{
    pleats_status status = PLEATS_OK;
    pleats_section *here = &x->section[depth], *next = &x->section[depth + 1];
    pleats_idx n_walls = s->walls.n;
    ++*regions;
    for (size_t i = 0; i < here->n; i++) {
        bool is_new = false;
        TRY(make_section(s, cell, here, i, next, &is_new));
        if (is_new)
            TRY(count(s, x, depth + 1, &next->cell, regions));
        pleats_walls_cut_back(&s->walls, n_walls);
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
            pleats_hyperplane plane =
                pleats_unit_plane(step, open[i].unit, at);
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
                                    uint64_t *regions)
{
    pleats_status status = PLEATS_OK;
    size_t depth = (size_t)s->frame->k + 2;
    *regions = 0;
    if (x->n < depth) {
        TRY(pleats_alloc(s->ctx, depth, sizeof *x->section, &x->section));
        x->n = depth;
    }
    TRY(list_planes(s, cell, step, open, n, &x->section[0]));
    TRY(count(s, x, 0, &cell->vertices, regions));
done:
    return status;
}
