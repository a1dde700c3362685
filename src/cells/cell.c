#include "cells/cell.h"

static bool by_vertices(const pleats_space *s)
{
    return s->engine == PLEATS_ENGINE_VERTICES;
}

pleats_status pleats_cell_root(pleats_space *s, pleats_cell *cell)
{
    pleats_status status = PLEATS_OK;
    pleats_walls_cut_back(&s->walls, s->frame->m);
    cell->n_walls = s->frame->m;
    if (by_vertices(s))
        TRY(pleats_vertices_root(s, &cell->vertices));
    else
        TRY(pleats_lp_cell_root(s, &cell->programme));
done:
    return status;
}

void pleats_cell_clear(pleats_ctx *ctx, pleats_cell *cell)
{
    pleats_lp_cell_clear(ctx, &cell->programme);
    pleats_vertices_clear(ctx, &cell->vertices);
    *cell = (pleats_cell){0};
}

pleats_status pleats_cell_copy(pleats_space *s, pleats_cell *to,
                               const pleats_cell *cell)
{
    to->n_walls = cell->n_walls;
    if (by_vertices(s))
        return pleats_vertices_copy(s, &to->vertices, &cell->vertices);
    return pleats_lp_cell_copy(s, &to->programme, &cell->programme);
}

pleats_status pleats_cell_sides(pleats_space *s, pleats_cell *cell,
                                pleats_hyperplane plane, bool *has)
{
    if (by_vertices(s))
        return pleats_vertices_sides(s, &cell->vertices, plane, has);
    return pleats_lp_cell_sides(s, &cell->programme, plane, has);
}

pleats_status pleats_cell_restrict(pleats_space *s, pleats_cell *cell,
                                   pleats_hyperplane plane, int sign,
                                   pleats_cell *to)
{
    pleats_status status = PLEATS_OK;
    pleats_idx n_walls = cell->n_walls + 1;
    pleats_walls_cut_back(&s->walls, cell->n_walls);
    if (by_vertices(s)) {
        TRY(pleats_walls_push_plane(&s->walls, plane, sign));
        TRY(pleats_vertices_restrict(s, &cell->vertices, plane, sign,
                                     n_walls - 1, &to->vertices));
    } else {
        TRY(pleats_lp_cell_restrict(s, &cell->programme, plane, sign,
                                    &to->programme));
    }
    to->n_walls = n_walls;
done:
    return status;
}
