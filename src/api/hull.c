#include "pleats/hull.h"

#include "exact/rational.h"
#include "par/numbered.h"
#include "read/rows.h"
#include "sample/hulls.h"

#include <math.h>
#include <string.h>

enum { DIRECTIONS = 20, MOST_CELLS = 100000 };

/* Sides beyond these could overflow or vanish on the way. */
static const double LEAST_RADIUS = 0x1p-500, MOST_RADIUS = 0x1p500;

typedef struct {
    pleats_ctx *ctx;
    const pleats_net *net;
    const pleats_rows *rows;
    pleats_hull_options options;
    size_t n; /* rows that are to be looked at */
    double *side;
    pleats_hulls hulls;
    pleats_team team;
    pleats_hull *hull; /* [team.n] */
    bool *is_ready;    /* [team.n] */
    bool *is_done;     /* [n] */
    pleats_hull_result *out;
} looking;

static pleats_status fill(looking *x)
{
    pleats_hull_options *o = &x->options;
    const pleats_idx inputs = x->net->n_inputs;
    if (x->rows->n_inputs != inputs)
        return pleats_fail(x->ctx, PLEATS_INVALID,
                           "the rows have %d numbers, the network %d inputs",
                           x->rows->n_inputs, inputs);
    if (x->rows->count < 1)
        return pleats_fail(x->ctx, PLEATS_INVALID, "there are no data rows");
    if (o->directions < 0 || o->directions > inputs)
        return pleats_fail(x->ctx, PLEATS_INVALID,
                           "%d directions: there can be 1 to %d, the inputs",
                           o->directions, inputs);
    if (o->directions == 0)
        o->directions = inputs < DIRECTIONS ? inputs : DIRECTIONS;
    x->n = (size_t)x->rows->count;
    if (o->n > 0 && o->n < x->n)
        x->n = (size_t)o->n;
    o->most = o->most ? o->most : MOST_CELLS;
    return PLEATS_OK;
}

static pleats_status read_radius(looking *x, double *radius)
{
    pleats_status status = PLEATS_OK;
    const char *text = x->options.radius;
    mpq_t r;
    mpq_init(r);
    if (!text)
        TRY(pleats_fail(x->ctx, PLEATS_INVALID, "a hull needs a radius"));
    TRY(pleats_rational_parse(x->ctx, text, strlen(text), r));
    *radius = pleats_rational_to_double(r);
    if (!(*radius >= LEAST_RADIUS && *radius <= MOST_RADIUS))
        TRY(pleats_fail(x->ctx, PLEATS_INVALID,
                        "the radius %s of the hull must be above 0, and "
                        "between 2^-500 and 2^500",
                        text));
done:
    mpq_clear(r);
    return status;
}

static pleats_status list_layers(looking *x)
{
    pleats_status status = PLEATS_OK;
    const pleats_net *net = x->net;
    pleats_hull_result *out = x->out;
    TRY(pleats_alloc(x->ctx, (size_t)net->n_steps, sizeof *out->layer,
                     &out->layer));
    for (pleats_idx i = 0; i < net->n_steps; i++) {
        const pleats_step *s = &net->step[i];
        if (!pleats_step_is_affine(s) && s->n_out > 0)
            out->layer[out->n_layers++] =
                (pleats_hull_layer){s->first_unit, s->n_out, s->name, s->op};
    }
done:
    return status;
}

static pleats_status make_room(looking *x)
{
    pleats_status status = PLEATS_OK;
    pleats_hull_result *out = x->out;
    const size_t all = x->n * (size_t)out->n_layers;
    TRY(pleats_alloc(x->ctx, all, sizeof *out->lower, &out->lower));
    TRY(pleats_alloc(x->ctx, all, sizeof *out->upper, &out->upper));
    if (x->options.cuts) {
        TRY(pleats_alloc(x->ctx, all, sizeof *out->cut, &out->cut));
        TRY(pleats_alloc(x->ctx, x->n, sizeof *out->cut_regions,
                         &out->cut_regions));
        TRY(pleats_alloc(x->ctx, x->n, sizeof *out->cut_is_whole,
                         &out->cut_is_whole));
    }
    TRY(pleats_alloc(x->ctx, x->n, sizeof *x->is_done, &x->is_done));
    TRY(pleats_alloc(x->ctx, (size_t)x->team.n, sizeof *x->hull, &x->hull));
    TRY(pleats_alloc(x->ctx, (size_t)x->team.n, sizeof *x->is_ready,
                     &x->is_ready));
done:
    return status;
}

static int32_t count_in(const pleats_hull_layer *layer, const bool *is)
{
    int32_t n = 0;
    for (int32_t u = 0; u < layer->units; u++)
        n += is[layer->first_unit + u];
    return n;
}

static pleats_status look_at_row(void *state, pleats_idx worker,
                                 pleats_ctx *ctx, uint64_t number)
{
    pleats_status status = PLEATS_OK;
    looking *x = state;
    pleats_hull *h = &x->hull[worker];
    pleats_hull_result *out = x->out;
    const double *row = pleats_rows_row(x->rows, (int64_t)number);
    const size_t first = (size_t)number * (size_t)out->n_layers;
    if (!x->is_ready[worker]) {
        x->is_ready[worker] = true;
        TRY(pleats_hull_init(ctx, h, &x->hulls));
    }
    TRY(pleats_hull_look(ctx, &x->hulls, row, h));
    if (x->options.cuts) {
        TRY(pleats_hull_cut(ctx, &x->hulls, row, x->options.most, h,
                            &out->cut_is_whole[number]));
        out->cut_regions[number] = h->cut_regions;
    }
    for (int32_t l = 0; l < out->n_layers; l++) {
        const pleats_hull_layer *layer = &out->layer[l];
        out->lower[first + (size_t)l] = count_in(layer, h->changes);
        out->upper[first + (size_t)l] = count_in(layer, h->may_change);
        if (x->options.cuts)
            out->cut[first + (size_t)l] = count_in(layer, h->cut_changes);
    }
    x->is_done[number] = true;
done:
    return status;
}

static pleats_status look(looking *x, const pleats_limits *limits)
{
    pleats_status status = PLEATS_OK;
    double radius;
    const pleats_idx inputs = x->net->n_inputs;
    TRY(fill(x));
    TRY(read_radius(x, &radius));
    x->out->directions = x->options.directions;
    TRY(pleats_alloc(x->ctx, (size_t)x->options.directions * (size_t)inputs,
                     sizeof *x->side, &x->side));
    TRY(pleats_hulls_sides(x->ctx, x->options.seed, radius,
                           x->options.directions, inputs, x->side));
    TRY(list_layers(x));
    TRY(pleats_team_init(x->ctx, &x->team, limits));
    TRY(make_room(x));
    TRY(pleats_hulls_init(x->ctx, &x->hulls, x->net, x->options.directions,
                          x->side, x->n, x->rows->data));
    status = pleats_numbered_run(&x->team, 0, x->n, look_at_row, x, limits);
    if (status == PLEATS_LIMIT && pleats_ctx_limit(x->ctx))
        status = PLEATS_OK;
    while (x->out->n < x->n && x->is_done[x->out->n])
        x->out->n++;
    if (status == PLEATS_OK && x->out->n < x->n)
        x->out->stopped = pleats_ctx_limit(x->ctx);
    if (status == PLEATS_OK && x->out->n == 0)
        TRY(pleats_fail(x->ctx, PLEATS_LIMIT,
                        "no hull was looked at to its end (%s)",
                        pleats_stop_text(x->out->stopped)));
done:
    return status;
}

pleats_status pleats_hull_units(pleats_ctx *ctx, const pleats_net *net,
                                const pleats_rows *rows,
                                const pleats_hull_options *options,
                                const pleats_limits *limits,
                                pleats_hull_result *out)
{
    pleats_status status = PLEATS_OK;
    pleats_watch watch = {0};
    looking x = {.ctx = ctx, .net = net, .rows = rows, .out = out};
    *out = (pleats_hull_result){0};
    TRY(pleats_options_take(ctx, options, &x.options, sizeof x.options));
    TRY(pleats_watch_begin(ctx, limits, &watch));
    TRY(look(&x, &watch.limits));
    out->seconds = pleats_now() - watch.started;
done:
    pleats_watch_end(ctx, &watch);
    for (pleats_idx w = 0; x.hull && x.is_ready && w < x.team.n; w++)
        if (x.is_ready[w])
            pleats_hull_clear(x.team.ctx[w], &x.hull[w]);
    pleats_release(ctx, x.hull);
    pleats_release(ctx, x.is_ready);
    pleats_release(ctx, x.is_done);
    pleats_hulls_clear(ctx, &x.hulls);
    pleats_team_clear(ctx, &x.team);
    pleats_release(ctx, x.side);
    return status;
}

void pleats_hull_result_clear(pleats_ctx *ctx, pleats_hull_result *r)
{
    pleats_release(ctx, r->layer);
    pleats_release(ctx, r->lower);
    pleats_release(ctx, r->upper);
    pleats_release(ctx, r->cut);
    pleats_release(ctx, r->cut_regions);
    pleats_release(ctx, r->cut_is_whole);
    *r = (pleats_hull_result){0};
}
