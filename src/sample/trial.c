#include "sample/trial.h"

#include "count/one_layer.h"
#include "count/visit.h"
#include "sample/sweep.h"

typedef struct {
    uint64_t most;
    bool is_over;
    mpz_ptr regions;
} counting;

static pleats_status on_regions(void *state, uint64_t n, double share,
                                bool *stop)
{
    counting *c = state;
    (void)share;
    mpz_add_ui(c->regions, c->regions, n);
    c->is_over = c->most > 0 && mpz_cmp_ui(c->regions, c->most) > 0;
    *stop = c->is_over;
    return PLEATS_OK;
}

static pleats_status on_region(void *state, pleats_space *space,
                               pleats_cell *cell, double share, bool *stop)
{
    (void)space;
    (void)cell;
    return on_regions(state, 1, share, stop);
}

static pleats_status count_one_layer(pleats_ctx *ctx, const pleats_net *net,
                                     const pleats_frame *frame, mpz_t regions)
{
    pleats_status status = PLEATS_OK;
    const pleats_team team = {.n = 1, .ctx = &ctx};
    pleats_space space = {0};
    TRY(pleats_space_init(ctx, &space, net, frame, pleats_engine_for(frame),
                          false));
    TRY(pleats_one_layer_count(&space, &team, regions));
done:
    if (space.ctx)
        pleats_space_clear(&space);
    return status;
}

static pleats_status count_once(pleats_ctx *ctx, counting *c,
                                const pleats_net *net,
                                const pleats_frame *frame)
{
    const pleats_visitor visitor = {
        .region = on_region, .regions = on_regions, .state = c};
    const pleats_visit how = {.engine = pleats_engine_for(frame)};
    bool complete;
    if (pleats_is_one_layer(net, frame))
        return count_one_layer(ctx, net, frame, c->regions);
    return pleats_visit_frame(ctx, net, frame, &how, &visitor, &complete);
}

static pleats_status estimate(pleats_ctx *ctx, const pleats_net *net,
                              const pleats_frame *frame, uint64_t sweeps,
                              uint64_t seed, mpz_t regions)
{
    pleats_status status = PLEATS_OK;
    pleats_ahead ahead = {0};
    pleats_sweep sweep = {0};
    long double mean = 0;
    TRY(pleats_ahead_init(ctx, &ahead, net, &frame->coordinates, false));
    TRY(pleats_sweep_init(ctx, &sweep, net, frame, &ahead));
    for (uint64_t i = 0; i < sweeps; i++) {
        pleats_rng rng;
        long double found;
        pleats_rng_stream(&rng, seed, i);
        TRY(pleats_sweep_run(&sweep, &rng, &found));
        mean += found / (long double)sweeps;
    }
    if (!((double)mean <= 1e300))
        TRY(pleats_fail(ctx, PLEATS_LIMIT,
                        "the number is beyond what can be written"));
    mpz_set_d(regions, (double)mean + 0.5);
done:
    pleats_sweep_clear(&sweep);
    if (ahead.net)
        pleats_ahead_clear(ctx, &ahead);
    return status;
}

pleats_status pleats_trial_count(pleats_ctx *ctx, const pleats_net *net,
                                 const pleats_frame *frame, uint64_t most,
                                 uint64_t sweeps, uint64_t seed, mpz_t regions,
                                 bool *exact)
{
    pleats_status status = PLEATS_OK;
    counting c = {.most = most, .regions = regions};
    mpz_set_ui(regions, 0);
    TRY(count_once(ctx, &c, net, frame));
    *exact = !c.is_over;
    if (c.is_over && sweeps > 0)
        TRY(estimate(ctx, net, frame, sweeps, seed, regions));
done:
    return status;
}
