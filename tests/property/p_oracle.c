/* Random tiny networks on random domains: the product's counts, by default and
 * by exact arithmetic alone, against those of the oracle.
 *
 * PLEATS_TEST_SEED=n runs the one case with that seed and shows it. */
#include "brute.h"
#include "counts.h"
#include "need.h"
#include "random_domain.h"
#include "random_net.h"
#include "show.h"

#include <stdlib.h>

enum { CASES = 500, FIRST_SEED = 1, MAX_REGIONS = 150, MAX_FAILURES = 5 };

/* Units by input dimension: what the oracle can do in a moment. */
static const int32_t max_units[] = {0, 16, 13, 10, 7};

static bool agree(pleats_ctx *ctx, const pleats_net *net,
                  const pleats_domain *domain, counts want, FILE *report)
{
    bool single = domain->n_parts == 1, same = true;
    counts regions_only = {want.dimension, want.regions, 0, 0};
    for (int paranoid = 0; paranoid < 2; paranoid++) {
        const char *how = paranoid ? "paranoid" : "default";
        counts got = count_net(ctx, net, domain, single, paranoid);
        same = same && counts_are_equal(got, want);
        counts_show(report, how, got);
        if (!single)
            continue;
        got = count_net(ctx, net, domain, false, paranoid);
        same = same && counts_are_equal(got, regions_only);
        counts_show(report, how, got);
    }
    return same;
}

/* -1: too many regions for the oracle, 0: differs, 1: agrees. */
static int run_case(uint64_t seed, bool show)
{
    rng r = {seed};
    pleats_ctx *ctx = need_ctx();
    int32_t n_inputs = rng_int(&r, 1, 4);
    int32_t units = rng_int(&r, max_units[n_inputs] / 3, max_units[n_inputs]);
    pleats_net *net = random_net(ctx, &r, n_inputs, units);
    pleats_domain *domain = random_domain(ctx, &r, n_inputs);
    oracle_counts known;
    char *text = NULL;
    size_t length = 0;
    int verdict = -1;
    FILE *report = open_memstream(&text, &length);
    fprintf(report, "seed %llu\n", (unsigned long long)seed);
    show_net(report, net);
    show_domain(report, domain);
    if (oracle_count(net, domain, MAX_REGIONS, &known)) {
        counts want = {known.dimension, known.regions, known.pieces,
                       known.maps};
        counts_show(report, "oracle", want);
        verdict = agree(ctx, net, domain, want, report);
    }
    fclose(report);
    if (verdict == 0 || show)
        fputs(text, stderr);
    free(text);
    pleats_net_clear(ctx, net);
    pleats_domain_clear(ctx, domain);
    pleats_ctx_free(ctx);
    return verdict;
}

int main(void)
{
    uint64_t seed = number_from_environment("PLEATS_TEST_SEED", 0);
    uint64_t skipped = 0, failures = 0, cases = n_cases(CASES);
    if (seed)
        return run_case(seed, true) == 0;
    for (uint64_t i = 0; i < cases && failures < MAX_FAILURES; i++) {
        int verdict = run_case(FIRST_SEED + i, false);
        skipped += verdict < 0;
        failures += verdict == 0;
    }
    printf("%llu cases from seed %d, %llu too large for the oracle, "
           "%llu failures\n",
           (unsigned long long)cases, FIRST_SEED, (unsigned long long)skipped,
           (unsigned long long)failures);
    return failures > 0 || skipped > cases / 4;
}
