#include "count/look.h"

#include "base/doubles.h"
#include "cells/unit.h"
#include "exact/integers.h"

/* ---- what was seen ---- */

pleats_status pleats_seen_init(pleats_ctx *ctx, pleats_seen *out,
                               const pleats_net *net)
{
    pleats_status status = PLEATS_OK;
    pleats_idx pieces = 0;
    *out = (pleats_seen){0};
    TRY(pleats_alloc(ctx, (size_t)net->n_units + 1, sizeof *out->start,
                     &out->start));
    for (pleats_idx i = 0; i < net->n_steps; i++) {
        const pleats_step *s = &net->step[i];
        for (pleats_idx u = 0; !pleats_step_is_affine(s) && u < s->n_out; u++) {
            pieces += pleats_step_pieces(s, u);
            out->start[s->first_unit + u + 1] = pieces;
        }
    }
    out->n_pieces = (size_t)pieces;
    TRY(pleats_alloc(ctx, out->n_pieces, sizeof *out->gives, &out->gives));
    pleats_seen_forget(out);
done:
    return status;
}

void pleats_seen_clear(pleats_ctx *ctx, pleats_seen *seen)
{
    pleats_release(ctx, seen->start);
    pleats_release(ctx, seen->gives);
    *seen = (pleats_seen){0};
}

void pleats_seen_forget(pleats_seen *seen)
{
    seen->regions = 0;
    for (size_t p = 0; p < seen->n_pieces; p++)
        seen->gives[p] = true;
}

void pleats_seen_join(pleats_seen *seen, const pleats_seen *other)
{
    seen->regions += other->regions;
    for (size_t p = 0; p < seen->n_pieces; p++)
        seen->gives[p] = seen->gives[p] && other->gives[p];
}

bool pleats_seen_changes(const pleats_seen *seen, pleats_idx unit)
{
    for (pleats_idx p = seen->start[unit]; p < seen->start[unit + 1]; p++)
        if (seen->gives[p])
            return false;
    return true;
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

/* ---- regions ---- */

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
    l->has_forms = false;
    for (pleats_idx i = 0; i < space->net->n_steps; i++) {
        const pleats_step *s = &space->net->step[i];
        for (pleats_idx u = 0; !pleats_step_is_affine(s) && u < s->n_out; u++) {
            bool *gives = l->seen.gives + l->seen.start[s->first_unit + u];
            pleats_idx n = pleats_step_pieces(s, u);
            if (l->is_asked && !l->is_asked[s->first_unit + u])
                continue;
            for (pleats_idx p = 0; p < n; p++)
                if (gives[p])
                    TRY(gives_too(l, space, s, u, p, &gives[p]));
        }
    }
    l->seen.regions++;
done:
    return status;
}

pleats_status pleats_look_init(pleats_ctx *ctx, pleats_look *l,
                               const pleats_net *net, const pleats_frame *frame,
                               const bool *is_asked)
{
    pleats_status status = PLEATS_OK;
    *l = (pleats_look){.is_asked = is_asked, .width = (size_t)frame->k + 1};
    TRY(pleats_seen_init(ctx, &l->seen, net));
    TRY(pleats_alloc(ctx, l->width, sizeof *l->entry, &l->entry));
    TRY(pleats_integers_new(ctx, l->width, &l->row));
    TRY(pleats_forms_init(ctx, &l->forms, net, &frame->coordinates));
done:
    return status;
}

void pleats_look_clear(pleats_ctx *ctx, pleats_look *l)
{
    pleats_seen_clear(ctx, &l->seen);
    pleats_release(ctx, l->entry);
    pleats_integers_free(ctx, l->row, l->width);
    pleats_forms_clear(ctx, &l->forms);
    *l = (pleats_look){0};
}
