#include "count/seen.h"

#include "base/doubles.h"
#include "cells/unit.h"
#include "count/visit.h"

typedef struct {
    uint64_t most;
    const bool *is_asked;
    pleats_seen *out;
    pleats_forms forms; /* of the region at hand, made when needed */
    bool has_forms;
    double *entry; /* [k + 1] */
    mpz_t *row;    /* [k + 1] */
} looking;

/* Whether the plane's form is 0 on the whole region. */
static pleats_status vanishes(looking *l, pleats_space *s,
                              pleats_hyperplane plane, bool *does)
{
    pleats_status status = PLEATS_OK;
    const pleats_idx k = s->frame->k;
    double size = 0;
    *does = plane.a == plane.b;
    if (*does)
        return PLEATS_OK;
    for (pleats_idx i = 0; i < s->net->n_steps && !l->has_forms; i++)
        TRY(pleats_forms_run(s->ctx, &l->forms, &s->net->step[i], s->piece));
    l->has_forms = true;
    pleats_bounds bounds = pleats_plane_row(&l->forms, plane, l->entry);
    for (pleats_idx c = 0; c <= k; c++)
        size += fabs(l->entry[c]);
    if (pleats_sign_beyond(size, pleats_round_up(bounds.tolerance)) > 0)
        return PLEATS_OK;
    TRY(pleats_exact_forms_multiple(s->ctx, &s->exact, plane.a, plane.b,
                                    plane.at, l->row));
    *does = true;
    for (pleats_idx c = 0; c <= k && *does; c++)
        *does = mpz_sgn(l->row[c]) == 0;
done:
    return status;
}

/* Whether piece p gives the unit's value in the region, too: at a breakpoint
 * the region has the piece below it. */
static pleats_status gives_too(looking *l, pleats_space *space,
                               const pleats_step *s, pleats_idx unit,
                               pleats_idx p, bool *does)
{
    const pleats_idx piece = space->piece[s->first_unit + unit];
    *does = p == piece;
    if (*does || (s->kind == PLEATS_STEP_PL && p != piece + 1))
        return PLEATS_OK;
    return vanishes(l, space,
                    s->kind == PLEATS_STEP_PL
                        ? pleats_unit_plane(s, unit, piece)
                        : pleats_unit_duel(s, unit, p, piece),
                    does);
}

static pleats_status on_region(void *state, pleats_space *space,
                               pleats_cell *cell, double share, bool *stop)
{
    pleats_status status = PLEATS_OK;
    looking *l = state;
    pleats_seen *out = l->out;
    (void)cell;
    (void)share;
    l->has_forms = false;
    for (pleats_idx i = 0; i < space->net->n_steps; i++) {
        const pleats_step *s = &space->net->step[i];
        for (pleats_idx u = 0; !pleats_step_is_affine(s) && u < s->n_out; u++) {
            bool *gives = out->gives + out->start[s->first_unit + u];
            pleats_idx n = pleats_step_pieces(s, u);
            if (!l->is_asked[s->first_unit + u])
                continue;
            for (pleats_idx p = 0; p < n; p++)
                if (gives[p])
                    TRY(gives_too(l, space, s, u, p, &gives[p]));
        }
    }
    out->regions++;
    *stop = l->most > 0 && out->regions == l->most;
done:
    return status;
}

static pleats_status start(pleats_ctx *ctx, const pleats_net *net,
                           const pleats_frame *frame, looking *l)
{
    pleats_status status = PLEATS_OK;
    const size_t width = (size_t)frame->k + 1;
    pleats_seen *out = l->out;
    pleats_idx pieces = 0;
    TRY(pleats_alloc(ctx, (size_t)net->n_units + 1, sizeof *out->start,
                     &out->start));
    for (pleats_idx i = 0; i < net->n_steps; i++) {
        const pleats_step *s = &net->step[i];
        for (pleats_idx u = 0; !pleats_step_is_affine(s) && u < s->n_out; u++) {
            pieces += pleats_step_pieces(s, u);
            out->start[s->first_unit + u + 1] = pieces;
        }
    }
    TRY(pleats_alloc(ctx, (size_t)pieces, sizeof *out->gives, &out->gives));
    for (pleats_idx p = 0; p < pieces; p++)
        out->gives[p] = true;
    TRY(pleats_alloc(ctx, width, sizeof *l->entry, &l->entry));
    TRY(pleats_integers_new(ctx, width, &l->row));
    TRY(pleats_forms_init(ctx, &l->forms, net, &frame->coordinates));
done:
    return status;
}

pleats_status pleats_seen_find(pleats_ctx *ctx, const pleats_net *net,
                               const pleats_frame *frame, const bool *is_asked,
                               uint64_t most, pleats_seen *out)
{
    pleats_status status = PLEATS_OK;
    looking l = {.most = most, .is_asked = is_asked, .out = out};
    const pleats_visitor visitor = {.region = on_region, .state = &l};
    const pleats_visit how = {.engine = pleats_engine_for(frame)};
    *out = (pleats_seen){0};
    TRY(start(ctx, net, frame, &l));
    status =
        pleats_visit_frame(ctx, net, frame, &how, &visitor, &out->complete);
    if (status == PLEATS_LIMIT && pleats_ctx_limit(ctx))
        status = PLEATS_OK;
done:
    pleats_release(ctx, l.entry);
    pleats_integers_free(ctx, l.row, (size_t)frame->k + 1);
    pleats_forms_clear(ctx, &l.forms);
    return status;
}

bool pleats_seen_changes(const pleats_seen *seen, pleats_idx unit)
{
    for (pleats_idx p = seen->start[unit]; p < seen->start[unit + 1]; p++)
        if (seen->gives[p])
            return false;
    return true;
}

void pleats_seen_clear(pleats_ctx *ctx, pleats_seen *seen)
{
    pleats_release(ctx, seen->start);
    pleats_release(ctx, seen->gives);
    *seen = (pleats_seen){0};
}
