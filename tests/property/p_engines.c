/* All ways of counting on the same random networks and domains: cells held by
 * vertices or by programmes, the automatic choice, regions counted together or
 * visited one by one, by bounds or by exact arithmetic alone; and, where they
 * are few, the plain exact count of the oracle.
 *
 * PLEATS_TEST_SEED=n runs the one case with that seed and shows it. */
#include "cases.h"
#include "domains.h"
#include "need.h"
#include "random_domain.h"
#include "random_layers.h"
#include "random_mlp.h"
#include "random_net.h"
#include "regions.h"
#include "show.h"

#include "pleats/pleats.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    CASES = 120,
    MOST_REGIONS = 1500, /* of a case */
    MOST_EXACT = 120,    /* of a case that is counted exactly, too */
    MOST_LISTED = 300    /* of one whose maps and pieces are */
};

typedef struct {
    pleats_ctx *ctx;
    pleats_net *net;
    pleats_domain *domain;
    uint64_t regions; /* by the first count */
    char pieces[32], maps[32];
    bool good, shown;
    uint64_t seed;
} engines_case;

static void show_case(engines_case *c)
{
    if (c->shown)
        return;
    c->shown = true;
    fprintf(stderr, "seed %llu\n", (unsigned long long)c->seed);
    show_net(stderr, c->net);
    show_domain(stderr, c->domain);
}

/* Counts; false when a limit or an error ended it, which only the first count
 * may let happen. */
static bool count(engines_case *c, pleats_count_options options, uint64_t most,
                  pleats_count_result *out)
{
    *out = (pleats_count_result){0};
    pleats_status status = pleats_count(c->ctx, c->net, c->domain, &options,
                                        &(pleats_limits){.cells = most}, out);
    if (status != PLEATS_OK) {
        show_case(c);
        fprintf(stderr, "engine %d: %s\n", options.engine,
                pleats_ctx_message(c->ctx));
        c->good = false;
    }
    return status == PLEATS_OK && !out->stopped;
}

static bool differs(const char *got, const char *want)
{
    return got && strcmp(got, want) != 0;
}

/* Counts another way, and compares. */
static void compare(engines_case *c, const char *how,
                    pleats_count_options options, uint64_t most)
{
    pleats_count_result r;
    char want[32];
    snprintf(want, sizeof want, "%llu", (unsigned long long)c->regions);
    bool complete = count(c, options, most, &r);
    if (!complete || differs(r.regions, want) || differs(r.pieces, c->pieces) ||
        differs(r.maps, c->maps)) {
        show_case(c);
        fprintf(stderr, "%s: %s regions, %s pieces, %s maps; want %s, %s, %s\n",
                how, r.regions, r.pieces ? r.pieces : "-",
                r.maps ? r.maps : "-", want, c->pieces, c->maps);
        c->good = false;
    }
    pleats_count_result_clear(c->ctx, &r);
}

static void compare_oracle(engines_case *c)
{
    region_count known =
        count_regions(c->net, &c->domain->part[0], 4 * MOST_EXACT, 0.5);
    if (c->domain->n_parts == 1 && known.is_complete &&
        known.regions != c->regions) {
        show_case(c);
        fprintf(stderr, "oracle: %llu regions, not %llu\n",
                (unsigned long long)known.regions,
                (unsigned long long)c->regions);
        c->good = false;
    }
}

/* Maps, and on one part pieces, by both engines. */
static void compare_lists(engines_case *c)
{
    pleats_count_options o = {.maps = true,
                              .pieces = c->domain->n_parts == 1,
                              .engine = PLEATS_COUNT_BY_PROGRAMMES};
    pleats_count_result r;
    if (count(c, o, 0, &r)) {
        snprintf(c->maps, sizeof c->maps, "%s", r.maps);
        snprintf(c->pieces, sizeof c->pieces, "%s", r.pieces ? r.pieces : "-");
        o.engine = PLEATS_COUNT_BY_VERTICES;
        compare(c, "lists by vertices", o, 0);
        o.engine = PLEATS_COUNT_AUTO;
        compare(c, "lists", o, 0);
    }
    pleats_count_result_clear(c->ctx, &r);
}

static void compare_all(engines_case *c)
{
    const pleats_count_engine vertices = PLEATS_COUNT_BY_VERTICES;
    const pleats_count_engine programmes = PLEATS_COUNT_BY_PROGRAMMES;
    compare(c, "automatic", (pleats_count_options){0}, 0);
    compare(c, "vertices", (pleats_count_options){.engine = vertices}, 0);
    compare(c, "programmes", (pleats_count_options){.engine = programmes}, 0);
    if (c->regions <= MOST_LISTED)
        compare_lists(c);
    if (c->regions > MOST_EXACT)
        return;
    compare(c, "vertices, exactly",
            (pleats_count_options){.engine = vertices, .paranoid = true}, 0);
    compare(c, "vertices, exactly, one by one",
            (pleats_count_options){.engine = vertices, .paranoid = true},
            UINT64_MAX);
    compare(c, "programmes, exactly",
            (pleats_count_options){.engine = programmes, .paranoid = true}, 0);
    if (c->domain->n_parts == 1)
        compare_oracle(c);
}

static pleats_net *draw_net(pleats_ctx *ctx, rng *r, pleats_idx n_inputs)
{
    static const pleats_idx units[] = {0, 40, 24, 16, 12, 10, 9};
    mlp m;
    switch (rng_int(r, 0, 3)) {
    case 0:
        return random_net(ctx, r, n_inputs, rng_int(r, 2, units[n_inputs]));
    case 1: {
        random_mlp(r, n_inputs, rng_one_in(r, 3), &m);
        pleats_net *net = mlp_build(ctx, &m);
        mlp_clear(&m);
        return net;
    }
    default:
        return random_layers(ctx, r, n_inputs, 2,
                             n_inputs == 1 ? 20 : 12 - n_inputs);
    }
}

/* The first count, which visits region by region, says whether the case is
 * small enough. */
static bool run_case(uint64_t seed)
{
    rng r = {seed};
    engines_case c = {.ctx = need_ctx(), .good = true, .seed = seed};
    pleats_idx n_inputs = rng_int(&r, 1, 6);
    pleats_count_options visit = {.engine = PLEATS_COUNT_BY_VERTICES};
    pleats_count_result first;
    c.net = draw_net(c.ctx, &r, n_inputs);
    c.domain = rng_one_in(&r, 4) ? domain_all(c.ctx, n_inputs)
                                 : random_domain(c.ctx, &r, n_inputs);
    if (number_from_environment("PLEATS_TEST_SEED", 0))
        show_case(&c);
    bool complete = count(&c, visit, MOST_REGIONS, &first);
    c.regions = first.regions ? strtoull(first.regions, NULL, 10) : 0;
    pleats_count_result_clear(c.ctx, &first);
    if (complete)
        compare_all(&c);
    pleats_net_clear(c.ctx, c.net);
    pleats_domain_clear(c.ctx, c.domain);
    if (pleats_ctx_live_bytes(c.ctx) != 0 && pleats_ctx_n_remarks(c.ctx) == 0) {
        fprintf(stderr, "seed %llu: memory was not freed\n",
                (unsigned long long)seed);
        c.good = false;
    }
    pleats_ctx_free(c.ctx);
    return c.good;
}

int main(void)
{
    return failed_cases(CASES, run_case) > 0;
}
