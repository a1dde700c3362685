/* Random sweeps over the tree of cells: their mean over many seeds is the
 * number of regions that the oracle counts, for networks with all kinds of
 * units and with degenerate ones, in both engines' dimensions; and one sweep
 * depends on its seed alone.
 *
 * PLEATS_TEST_SEED=n runs the one case with that seed. */
#include "cases.h"
#include "domains.h"
#include "need.h"
#include "random_layers.h"
#include "random_mlp.h"
#include "random_net.h"
#include "regions.h"

#include "cells/parts.h"
#include "sample/sweep.h"

#include <math.h>
#include <stdio.h>

enum { CASES = 40, SWEEPS = 600, MOST_REGIONS = 2000 };

static uint64_t n_compared;

/* Deviations of the mean that chance does not reach in all the cases of a long
 * run. */
#define MOST_DEVIATIONS 6.0

typedef struct {
    pleats_ctx *ctx;
    pleats_net *net;
    pleats_domain *domain;
} sweep_case;

/* The oracle's number, -1 when there are too many for it. */
static double truth_of(const sweep_case *c)
{
    region_count count =
        count_regions(c->net, &c->domain->part[0], MOST_REGIONS, 0);
    return count.is_complete ? (double)count.regions : -1;
}

static const char *check(const sweep_case *c, uint64_t seed)
{
    pleats_parts parts = {0};
    pleats_ahead ahead = {0};
    pleats_sweep sweep;
    const char *wrong = NULL;
    double truth = truth_of(c), sum = 0, square = 0, first = 0;
    if (truth < 0)
        return NULL;
    n_compared++;
    need_ok(c->ctx, pleats_parts_init(c->ctx, &parts, c->domain));
    need_ok(c->ctx, pleats_ahead_init(c->ctx, &ahead, c->net,
                                      &parts.frame->coordinates, false));
    need_ok(c->ctx,
            pleats_sweep_init(c->ctx, &sweep, c->net, parts.frame, &ahead));
    for (uint64_t i = 0; i <= SWEEPS; i++) {
        pleats_rng source;
        long double found;
        pleats_rng_stream(&source, seed, i % SWEEPS);
        need_ok(c->ctx, pleats_sweep_run(&sweep, &source, &found));
        double off = (double)found - truth;
        if (i == 0)
            first = off;
        if (i == SWEEPS) {
            wrong = off == first ? NULL : "a sweep that is made again differs";
            break;
        }
        sum += off / SWEEPS;
        square += off * off / SWEEPS;
    }
    double error = sqrt((square - sum * sum) / SWEEPS);
    if (fabs(sum) > MOST_DEVIATIONS * error + 1e-9 * truth) {
        fprintf(stderr, "%.6g off from %.0f, deviation %.3g\n", sum, truth,
                error);
        wrong = "the mean is not the number of regions";
    }
    pleats_sweep_clear(&sweep);
    pleats_ahead_clear(c->ctx, &ahead);
    pleats_parts_clear(c->ctx, &parts);
    return wrong;
}

static pleats_net *random_case_net(pleats_ctx *ctx, rng *r, int32_t n_inputs)
{
    mlp m;
    if (!rng_one_in(r, 2))
        return random_layers(ctx, r, n_inputs, 2, 6);
    random_mlp(r, n_inputs, rng_one_in(r, 3), &m);
    pleats_net *net = mlp_build(ctx, &m);
    mlp_clear(&m);
    return net;
}

static bool run_case(uint64_t seed)
{
    static const char *const box[] = {"-1 1", "-1 1 -1 1", "-1 1 -1 1 -1 1"};
    rng r = {seed};
    int32_t n_inputs = 1 + (int32_t)(seed % 3);
    sweep_case c = {.ctx = need_ctx()};
    c.net = random_case_net(c.ctx, &r, n_inputs);
    c.domain = domain_boxes(c.ctx, n_inputs, box[n_inputs - 1]);
    const char *wrong = check(&c, seed);
    pleats_net_clear(c.ctx, c.net);
    pleats_domain_clear(c.ctx, c.domain);
    if (pleats_ctx_live_bytes(c.ctx) != 0)
        wrong = "memory";
    if (wrong)
        fprintf(stderr, "seed %llu: %s\n", (unsigned long long)seed, wrong);
    pleats_ctx_free(c.ctx);
    return !wrong;
}

int main(void)
{
    uint64_t failures = failed_cases(CASES, run_case);
    bool is_one_case = number_from_environment("PLEATS_TEST_SEED", 0) > 0;
    printf("%llu compared\n", (unsigned long long)n_compared);
    return failures > 0 || (!is_one_case && n_compared < CASES / 2);
}
