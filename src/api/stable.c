#include "pleats/stable.h"
#include "api/text.h"

#include "cells/parts.h"
#include "count/seen.h"
#include "ranges/moves.h"
#include "ranges/ranges.h"

/* leaves: the input is somewhere beyond the breakpoints that its range ends
 * at. */
static pleats_unit_state state_of_range(const pleats_step *s, pleats_idx unit,
                                        const pleats_range *range, bool leaves)
{
    const pleats_touch touch = pleats_range_touches(s, unit, range);
    if (range->n != 1) /* 0: not looked at before a limit */
        return PLEATS_UNIT_UNDECIDED;
    if (pleats_piece_is_flat(s, unit, range->first))
        return PLEATS_UNIT_OFF;
    if (!touch.at_lo && !touch.at_hi)
        return PLEATS_UNIT_ON;
    if (range->lo == range->hi)
        return PLEATS_UNIT_OFF;
    return leaves ? PLEATS_UNIT_ON : PLEATS_UNIT_UNDECIDED;
}

static void add_state(pleats_stable_layer *layer, pleats_unit_state state)
{
    layer->off += state == PLEATS_UNIT_OFF;
    layer->on += state == PLEATS_UNIT_ON;
    layer->changes += state == PLEATS_UNIT_CHANGES;
    layer->undecided += state == PLEATS_UNIT_UNDECIDED;
}

/* What bounds tell of all units, as far as a limit let them be found. */
static pleats_status list_states(pleats_ctx *ctx, const pleats_net *net,
                                 const pleats_domain *domain,
                                 const pleats_ranges *ranges,
                                 pleats_stable_result *out)
{
    pleats_status status = PLEATS_OK;
    bool *leaves = NULL;
    for (pleats_idx u = 0; u < net->n_units; u++)
        out->state[u] = PLEATS_UNIT_UNDECIDED;
    if (!ranges->unit)
        return PLEATS_OK;
    TRY(pleats_alloc(ctx, (size_t)net->n_units, sizeof *leaves, &leaves));
    if (!out->stopped)
        TRY(pleats_find_moves(ctx, net, domain, ranges, leaves));
    for (pleats_idx i = 0; i < net->n_steps; i++) {
        const pleats_step *s = &net->step[i];
        for (pleats_idx u = 0; !pleats_step_is_affine(s) && u < s->n_out; u++) {
            pleats_idx unit = s->first_unit + u;
            out->state[unit] =
                state_of_range(s, u, &ranges->unit[unit], leaves[unit]);
        }
    }
done:
    pleats_release(ctx, leaves);
    return status;
}

static void list_layers(const pleats_net *net, const pleats_seen *seen,
                        pleats_stable_result *out)
{
    for (pleats_idx i = 0; i < net->n_steps; i++) {
        const pleats_step *s = &net->step[i];
        if (pleats_step_is_affine(s) || s->n_out == 0)
            continue;
        pleats_stable_layer *layer = &out->layer[out->n_layers++];
        *layer = (pleats_stable_layer){.first_unit = s->first_unit,
                                       .units = s->n_out,
                                       .name = s->name,
                                       .op = s->op};
        for (pleats_idx u = 0; u < s->n_out; u++) {
            pleats_unit_state *state = &out->state[s->first_unit + u];
            if (*state == PLEATS_UNIT_UNDECIDED && seen->gives)
                *state = pleats_seen_state(seen, s, u);
            add_state(layer, *state);
        }
    }
}

static pleats_status look(pleats_ctx *ctx, const pleats_net *net,
                          const pleats_domain *domain,
                          const pleats_stable_options *o,
                          const pleats_limits *limits, pleats_seen *seen,
                          pleats_stable_result *out)
{
    pleats_status status = PLEATS_OK;
    pleats_parts parts = {0};
    bool *is_open = NULL;
    TRY(pleats_alloc(ctx, (size_t)net->n_units, sizeof *is_open, &is_open));
    for (pleats_idx u = 0; u < net->n_units; u++)
        is_open[u] = out->state[u] == PLEATS_UNIT_UNDECIDED;
    TRY(pleats_parts_init(ctx, &parts, domain));
    const pleats_seen_task task = {
        .is_asked = is_open, .limits = *limits, .record = o->record};
    TRY(pleats_seen_find(ctx, net, parts.frame, &task, seen));
    TRY(pleats_count_text(ctx, seen->regions, &out->regions));
    out->complete = seen->complete;
    if (!seen->complete)
        out->stopped =
            pleats_ctx_limit(ctx) ? pleats_ctx_limit(ctx) : PLEATS_STOP_CELLS;
done:
    pleats_parts_clear(ctx, &parts);
    pleats_release(ctx, is_open);
    return status;
}

/* A limit leaves the units that it left open undecided. */
static pleats_status forgive(const pleats_ctx *ctx, pleats_status status,
                             pleats_stable_result *out)
{
    if (status != PLEATS_LIMIT || !pleats_ctx_limit(ctx))
        return status;
    out->stopped = pleats_ctx_limit(ctx);
    return PLEATS_OK;
}

static pleats_ranges_effort effort_of(pleats_stable_effort effort)
{
    switch (effort) {
    case PLEATS_STABLE_BY_INTERVALS:
        return PLEATS_RANGES_BY_INTERVALS;
    case PLEATS_STABLE_BY_FORMS:
        return PLEATS_RANGES_BY_FORMS;
    default:
        return PLEATS_RANGES_BY_PROGRAMMES;
    }
}

pleats_status pleats_stable_units(pleats_ctx *ctx, const pleats_net *net,
                                  const pleats_domain *domain,
                                  const pleats_stable_options *options,
                                  const pleats_limits *limits,
                                  pleats_stable_result *out)
{
    pleats_status status = PLEATS_OK;
    pleats_stable_options o;
    pleats_watch watch = {0};
    pleats_ranges ranges = {0};
    pleats_seen seen = {0};
    *out = (pleats_stable_result){.n_units = net->n_units};
    TRY(pleats_options_take(ctx, options, &o, sizeof o));
    TRY(pleats_watch_begin(ctx, limits, &watch));
    const bool exact = o.effort == PLEATS_STABLE_EXACT;
    status = pleats_ranges_find(ctx, net, domain, effort_of(o.effort), &ranges);
    TRY(forgive(ctx, status, out));
    pleats_set_ending(ctx, out->stopped != PLEATS_STOP_NONE);
    TRY(pleats_alloc(ctx, (size_t)net->n_units, sizeof *out->state,
                     &out->state));
    TRY(pleats_alloc(ctx, (size_t)net->n_steps, sizeof *out->layer,
                     &out->layer));
    TRY(forgive(ctx, list_states(ctx, net, domain, &ranges, out), out));
    if (exact && !out->stopped)
        TRY(forgive(ctx, look(ctx, net, domain, &o, &watch.limits, &seen, out),
                    out));
    list_layers(net, &seen, out);
    out->seconds = exact && o.record ? pleats_record_seconds(o.record)
                                     : pleats_now() - watch.started;
done:
    pleats_watch_end(ctx, &watch);
    pleats_ranges_clear(ctx, &ranges);
    pleats_seen_clear(ctx, &seen);
    return status;
}

void pleats_stable_result_clear(pleats_ctx *ctx, pleats_stable_result *r)
{
    pleats_release(ctx, r->layer);
    pleats_release(ctx, r->state);
    pleats_release(ctx, r->regions);
    *r = (pleats_stable_result){0};
}
