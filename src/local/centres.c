#include "local/centres.h"

#include "exact/integers.h"
#include "local/vertex_list.h"

#include <math.h>

pleats_status pleats_centres_init(pleats_ctx *ctx, pleats_centres *c,
                                  const pleats_frame *frame)
{
    pleats_status status = PLEATS_OK;
    *c = (pleats_centres){.width = (size_t)frame->k + 1, .body.k = frame->k};
    TRY(pleats_metric_init(ctx, &c->metric, &frame->coordinates));
    TRY(pleats_alloc(ctx, c->width, sizeof *c->row, &c->row));
    TRY(pleats_alloc(ctx, c->width, sizeof *c->s, &c->s));
    TRY(pleats_integers_new(ctx, c->width, &c->exact_row));
done:
    return status;
}

void pleats_centres_clear(pleats_ctx *ctx, pleats_centres *c)
{
    pleats_metric_clear(ctx, &c->metric);
    pleats_half_spaces_clear(ctx, &c->body);
    pleats_release(ctx, c->row);
    pleats_release(ctx, c->s);
    pleats_integers_free(ctx, c->exact_row, c->width);
    *c = (pleats_centres){0};
}

/* A wall of the cell in doubles, from its exact row or its forms: c->row. */
static pleats_status take_wall(pleats_centres *c, pleats_space *s,
                               pleats_idx wall, bool exactly,
                               pleats_bounds *bounds)
{
    pleats_status status = PLEATS_OK;
    if (exactly || wall < s->frame->m) {
        TRY(pleats_vertices_wall_row(s, wall, c->exact_row));
        *bounds = pleats_row_to_doubles(c->exact_row, s->frame->k, c->row);
        goto done;
    }
    *bounds = pleats_plane_row(&s->forms, s->walls.plane[wall], c->row);
    for (size_t j = 0; j < c->width && s->walls.sign[wall] < 0; j++)
        c->row[j] = -c->row[j];
done:
    return status;
}

/* s [k]: the centre of a ball inside the walls that carry facets. */
static pleats_status find_ball(pleats_centres *c, pleats_space *s,
                               const pleats_vertices *cell, pleats_idx n,
                               const pleats_idx *slot, bool exactly,
                               double *radius)
{
    pleats_status status = PLEATS_OK;
    double inside[PLEATS_VERTICES_DIMENSION];
    pleats_bounds bounds;
    c->body.n = 0;
    for (pleats_idx f = 0; f < n; f++) {
        TRY(take_wall(c, s, cell->slot[slot[f]], exactly, &bounds));
        TRY(pleats_half_spaces_add(s->ctx, &c->body, c->row, bounds));
    }
    if (n > 0 && pleats_middle_of_vertices(cell, s->frame->k, inside))
        TRY(pleats_widest_ball(s->ctx, &c->metric, &c->body, inside, c->s,
                               radius));
done:
    return status;
}

pleats_status pleats_centres_find(pleats_centres *c, pleats_space *s,
                                  const pleats_vertices *cell,
                                  pleats_idx n_facets, const pleats_idx *slot,
                                  double *x, double *radius)
{
    pleats_status status = PLEATS_OK;
    *radius = 0;
    TRY(find_ball(c, s, cell, n_facets, slot, false, radius));
    if (*radius == 0) /* the forms may be too coarse */
        TRY(find_ball(c, s, cell, n_facets, slot, true, radius));
    if (*radius > 0)
        TRY(pleats_ball_in_inputs(s->ctx, &s->frame->coordinates, c->s, x,
                                  radius));
    for (pleats_idx i = 0; i < s->net->n_inputs && *radius == 0; i++)
        x[i] = NAN;
done:
    return status;
}
