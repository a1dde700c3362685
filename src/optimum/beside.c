#include "optimum/beside.h"

#include "base/rng.h"
#include "cells/cell.h"
#include "count/facet.h"
#include "exact/integers.h"
#include "local/point.h"

/* How far a known point inside is moved at random, at first, and how often that
 * is halved. */
static const double SPREAD = 0x1p-10;
enum { SEED = 17, TRIES = 40 };

pleats_status pleats_values_at(pleats_ctx *ctx, const pleats_net *net,
                               const pleats_frame *frame, mpz_t *point,
                               mpq_t *x, mpq_t *y)
{
    pleats_status status = PLEATS_OK;
    pleats_coordinates here = {0};
    pleats_exact_forms exact = {0};
    pleats_pattern_facts facts = {0};
    pleats_idx *piece = NULL;
    TRY(pleats_alloc(ctx, (size_t)net->n_units, sizeof *piece, &piece));
    TRY(pleats_pattern_at(ctx, net, &frame->coordinates, point, piece, &facts));
    TRY(pleats_coordinates_about(ctx, &frame->coordinates, point, true, &here));
    TRY(pleats_exact_forms_init(ctx, &exact, net, &here, piece));
    for (pleats_idx i = 0; i < net->n_inputs + net->n_outputs; i++) {
        const bool is_input = i < net->n_inputs;
        const pleats_idx j = is_input ? i : i - net->n_inputs;
        mpq_t *to = is_input ? &x[j] : &y[j];
        const pleats_quotient *value;
        TRY(pleats_exact_forms_need(ctx, &exact, is_input ? j : net->output[j],
                                    &value));
        mpz_set(mpq_numref(*to), value->num[0]);
        mpz_set(mpq_denref(*to), value->den);
        mpq_canonicalize(*to);
    }
done:
    pleats_exact_forms_clear(ctx, &exact);
    pleats_coordinates_clear(ctx, &here);
    pleats_pattern_facts_clear(ctx, &facts);
    pleats_release(ctx, piece);
    return status;
}

/* Moves a point inside the frame, [k + 1], by so little that it stays there; t
 * [k], moved [k + 1]: room. */
static pleats_status move_inside(pleats_ctx *ctx, const pleats_frame *f,
                                 double *t, mpz_t *moved, mpz_t *inside)
{
    pleats_status status = PLEATS_OK;
    double reach = SPREAD;
    pleats_rng rng;
    bool found = false;
    pleats_rng_init(&rng, SEED);
    for (int i = 0; i < TRIES && !found; i++) {
        for (pleats_idx j = 0; j < f->k; j++)
            t[j] = reach * (2 * pleats_rng_uniform(&rng) - 1);
        TRY(pleats_point_set(ctx, f->k, t, moved));
        for (pleats_idx j = 0; j < f->k; j++) {
            mpz_mul(moved[j], moved[j], inside[f->k]);
            mpz_addmul(moved[j], inside[j], moved[f->k]);
        }
        mpz_mul(moved[f->k], moved[f->k], inside[f->k]);
        found = pleats_frame_side(f, moved) > 0;
        reach /= 2;
    }
    for (pleats_idx j = 0; found && j <= f->k; j++)
        mpz_set(inside[j], moved[j]);
done:
    return status;
}

/* inside [k + 1]: a random point of the frame's interior; moved [k + 1]: room.
 */
static pleats_status find_inside(pleats_space *space, mpz_t *moved,
                                 mpz_t *inside)
{
    pleats_status status = PLEATS_OK;
    pleats_cell root = {0};
    double *t = NULL;
    TRY(pleats_alloc(space->ctx, (size_t)space->frame->k + 1, sizeof *t, &t));
    TRY(pleats_cell_root(space, &root));
    TRY(pleats_cell_find_inside(space, &root, inside));
    TRY(move_inside(space->ctx, space->frame, t, moved, inside));
done:
    pleats_cell_clear(space->ctx, &root);
    pleats_release(space->ctx, t);
    return status;
}

pleats_status pleats_pattern_behind(pleats_ctx *ctx, const pleats_net *net,
                                    const pleats_frame *frame, mpz_t *point,
                                    pleats_idx *piece)
{
    pleats_status status = PLEATS_OK;
    const size_t width = (size_t)frame->k + 1;
    const pleats_idx k = frame->k;
    pleats_space space = {0};
    mpz_t *inside = NULL, *way = NULL;
    TRY(pleats_integers_new(ctx, width, &inside));
    TRY(pleats_integers_new(ctx, width, &way));
    TRY(pleats_space_init(ctx, &space, net, frame, PLEATS_ENGINE_PROGRAMME,
                          false));
    TRY(find_inside(&space, way, inside));
    for (pleats_idx j = 0; j < k; j++) {
        mpz_mul(way[j], inside[j], point[k]);
        mpz_submul(way[j], point[j], inside[k]);
    }
    TRY(pleats_pattern_beside(&space, point, way));
    for (pleats_idx u = 0; u < net->n_units; u++)
        piece[u] = space.piece[u];
done:
    pleats_space_clear(&space);
    pleats_integers_free(ctx, inside, width);
    pleats_integers_free(ctx, way, width);
    return status;
}
