#include "count/seen.h"

#include "base/doubles.h"
#include "cells/unit.h"
#include "count/visit.h"

typedef struct {
    uint64_t most;
    pleats_look look;
} looking;

/* Whether the plane's form is 0 on the whole region. */
static pleats_status vanishes(pleats_look *l, pleats_space *s,
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
static pleats_status gives_too(pleats_look *l, pleats_space *space,
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

pleats_status pleats_look_at(pleats_look *l, pleats_space *space)
{
    pleats_status status = PLEATS_OK;
    pleats_seen *out = l->seen;
    l->has_forms = false;
    for (pleats_idx i = 0; i < space->net->n_steps; i++) {
        const pleats_step *s = &space->net->step[i];
        for (pleats_idx u = 0; !pleats_step_is_affine(s) && u < s->n_out; u++) {
            bool *gives = out->gives + out->start[s->first_unit + u];
            pleats_idx n = pleats_step_pieces(s, u);
            if (l->is_asked && !l->is_asked[s->first_unit + u])
                continue;
            for (pleats_idx p = 0; p < n; p++)
                if (gives[p])
                    TRY(gives_too(l, space, s, u, p, &gives[p]));
        }
    }
    out->regions++;
done:
    return status;
}

static pleats_status on_region(void *state, pleats_space *space,
                               pleats_cell *cell, double share, bool *stop)
{
    looking *l = state;
    (void)cell;
    (void)share;
    pleats_status status = pleats_look_at(&l->look, space);
    *stop = l->most > 0 && l->look.seen->regions == l->most;
    return status;
}

pleats_status pleats_look_init(pleats_ctx *ctx, pleats_look *l,
                               pleats_seen *out, const pleats_net *net,
                               const pleats_frame *frame, const bool *is_asked)
{
    pleats_status status = PLEATS_OK;
    pleats_idx pieces = 0;
    *out = (pleats_seen){.n_units = net->n_units};
    *l = (pleats_look){
        .is_asked = is_asked, .seen = out, .width = (size_t)frame->k + 1};
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
    TRY(pleats_alloc(ctx, l->width, sizeof *l->entry, &l->entry));
    TRY(pleats_integers_new(ctx, l->width, &l->row));
    TRY(pleats_forms_init(ctx, &l->forms, net, &frame->coordinates));
done:
    return status;
}

void pleats_look_clear(pleats_ctx *ctx, pleats_look *l)
{
    pleats_release(ctx, l->entry);
    pleats_integers_free(ctx, l->row, l->width);
    pleats_forms_clear(ctx, &l->forms);
    *l = (pleats_look){0};
}

pleats_status pleats_seen_find(pleats_ctx *ctx, const pleats_net *net,
                               const pleats_frame *frame, const bool *is_asked,
                               uint64_t most, pleats_seen *out)
{
    pleats_status status = PLEATS_OK;
    looking l = {.most = most};
    const pleats_visitor visitor = {.region = on_region, .state = &l};
    const pleats_visit how = {.engine = pleats_engine_for(frame)};
    TRY(pleats_look_init(ctx, &l.look, out, net, frame, is_asked));
    status =
        pleats_visit_frame(ctx, net, frame, &how, &visitor, &out->complete);
    if (status == PLEATS_LIMIT && pleats_ctx_limit(ctx))
        status = PLEATS_OK;
done:
    pleats_look_clear(ctx, &l.look);
    return status;
}

bool pleats_seen_changes(const pleats_seen *seen, pleats_idx unit)
{
    for (pleats_idx p = seen->start[unit]; p < seen->start[unit + 1]; p++)
        if (seen->gives[p])
            return false;
    return true;
}

void pleats_seen_join(pleats_seen *seen, const pleats_seen *other)
{
    for (pleats_idx p = 0; p < seen->start[seen->n_units]; p++)
        seen->gives[p] = seen->gives[p] && other->gives[p];
    seen->regions += other->regions;
}

bool pleats_piece_is_flat(const pleats_step *s, pleats_idx unit,
                          pleats_idx piece)
{
    return s->kind == PLEATS_STEP_PL &&
           pleats_step_function(s, unit)->slope[piece] == 0;
}

pleats_unit_state pleats_seen_state(const pleats_seen *seen,
                                    const pleats_step *s, pleats_idx unit)
{
    const pleats_idx u = s->first_unit + unit;
    const bool *gives = seen->gives + seen->start[u];
    if (pleats_seen_changes(seen, u))
        return PLEATS_UNIT_CHANGES;
    if (!seen->complete)
        return PLEATS_UNIT_UNDECIDED;
    for (pleats_idx p = 0; p < pleats_step_pieces(s, unit); p++)
        if (gives[p] && pleats_piece_is_flat(s, unit, p))
            return PLEATS_UNIT_OFF;
    return PLEATS_UNIT_ON;
}

void pleats_seen_clear(pleats_ctx *ctx, pleats_seen *seen)
{
    pleats_release(ctx, seen->start);
    pleats_release(ctx, seen->gives);
    *seen = (pleats_seen){0};
}
