/* Counts on random networks and domains do not depend on how the work is cut
 * into tasks and shared: neither the numbers nor how many verdicts there were.
 * How many of these took exact arithmetic may: doubles of a vertex can be those
 * of a cell before.
 *
 * PLEATS_TEST_SEED=n runs the one case with that seed. */
#include "cases.h"
#include "count/count.h"
#include "need.h"
#include "random_domain.h"
#include "random_net.h"
#include "show.h"

#include <stdlib.h>
#include <string.h>

enum { CASES = 250 };

/* Units by input dimension. */
static const int32_t max_units[] = {0, 40, 26, 18, 12};

typedef struct {
    char *regions;
    size_t pieces, maps;
    uint64_t by_bounds, by_exact;
    pleats_idx dimension;
} answer;

/* Counts in a context of its own, in which nothing may be left. */
static answer count(const pleats_net *net, const pleats_domain *domain,
                    const pleats_count_task *task)
{
    pleats_ctx *ctx = need_ctx();
    pleats_tally tally = {0};
    mpz_init(tally.regions);
    need_ok(ctx, pleats_count_regions(ctx, net, domain, task, &tally));
    answer a = {mpz_get_str(NULL, 10, tally.regions),
                tally.pieces,
                tally.maps,
                tally.by_bounds,
                tally.by_exact,
                tally.dimension};
    if (!tally.complete || pleats_ctx_live_bytes(ctx) != 0)
        a.dimension = -2;
    mpz_clear(tally.regions);
    pleats_ctx_free(ctx);
    return a;
}

static void show(const char *what, const answer *a)
{
    fprintf(stderr,
            "%s: %s regions, %zu pieces, %zu maps, dimension %d, %llu verdicts "
            "by bounds, %llu by exact arithmetic\n",
            what, a->regions, a->pieces, a->maps, a->dimension,
            (unsigned long long)a->by_bounds, (unsigned long long)a->by_exact);
}

static bool are_equal(const answer *a, const answer *b)
{
    return strcmp(a->regions, b->regions) == 0 && a->pieces == b->pieces &&
           a->maps == b->maps &&
           a->by_bounds + a->by_exact == b->by_bounds + b->by_exact &&
           a->dimension == b->dimension;
}

/* Whether a count that is shared in some ways is what it is alone. */
static bool is_steady(const pleats_net *net, const pleats_domain *domain,
                      pleats_count_task task)
{
    static const struct {
        const char *name;
        pleats_idx threads;
        uint64_t budget;
    } ways[] = {{"tasks of one leaf", 1, 1},
                {"tasks of five leaves", 1, 5},
                {"two threads", 2, 0},
                {"five threads", 5, 0},
                {"three threads, tasks of two leaves", 3, 2}};
    bool same = true;
    task.limits.threads = 1;
    answer alone = count(net, domain, &task);
    for (size_t i = 0; i < sizeof ways / sizeof *ways && same; i++) {
        task.limits.threads = ways[i].threads;
        task.budget = ways[i].budget;
        task.eager = true;
        answer shared = count(net, domain, &task);
        same = are_equal(&alone, &shared);
        if (!same) {
            show("alone", &alone);
            show(ways[i].name, &shared);
        }
        free(shared.regions);
    }
    free(alone.regions);
    return same;
}

static bool run_case(uint64_t seed)
{
    rng r = {seed};
    pleats_ctx *ctx = need_ctx();
    int32_t n_inputs = rng_int(&r, 1, 4);
    int32_t units = rng_int(&r, max_units[n_inputs] / 3, max_units[n_inputs]);
    pleats_net *net = random_net(ctx, &r, n_inputs, units);
    pleats_domain *domain = random_domain(ctx, &r, n_inputs);
    bool details = rng_one_in(&r, 3);
    pleats_count_task task = {.engine = rng_one_in(&r, 2)
                                            ? PLEATS_ENGINE_VERTICES
                                            : PLEATS_ENGINE_PROGRAMME,
                              .maps = details,
                              .pieces = details && domain->n_parts == 1,
                              .paranoid = rng_one_in(&r, 8)};
    bool same = is_steady(net, domain, task);
    if (!same) {
        fprintf(stderr, "seed %llu, engine %d\n", (unsigned long long)seed,
                (int)task.engine);
        show_net(stderr, net);
        show_domain(stderr, domain);
    }
    pleats_domain_clear(ctx, domain);
    pleats_net_clear(ctx, net);
    pleats_ctx_free(ctx);
    return same;
}

int main(void)
{
    return failed_cases(CASES, run_case) > 0;
}
