/* Random networks of every kind on random domains: the plain exact count
 * against the product's, and on tiny ones against brute force.
 *
 * PLEATS_TEST_SEED=n runs the one case with that seed and shows it. */
#include "brute.h"
#include "counts.h"
#include "need.h"
#include "random_domain.h"
#include "random_net.h"
#include "regions.h"
#include "show.h"

#include <stdlib.h>

enum { CASES = 300, MAX_REGIONS = 3000, MAX_FAILURES = 5, SMALL = 40 };

/* Units by input dimension: what the plain count can do in a moment. */
static const int32_t max_units[] = {0, 40, 32, 20, 14};

typedef struct {
    uint64_t large, brute, product, failures;
} tally;

static bool is_same(region_count got, int dimension, size_t regions)
{
    return got.dimension == dimension && got.regions == regions;
}

/* Compares with the product, and when tiny with brute force; tells what they
 * say. */
static bool agrees(pleats_ctx *ctx, const pleats_net *net,
                   const pleats_domain *domain, region_count got, tally *t,
                   FILE *report)
{
    oracle_counts known = {0};
    counts product = count_net(ctx, net, domain, false, false);
    bool same = is_same(got, product.dimension, product.regions);
    t->product++;
    counts_show(report, "product", product);
    if (net->n_units > 12 || got.regions > SMALL)
        return same;
    t->brute++;
    same = oracle_count(net, domain, SMALL, &known) &&
           is_same(got, known.dimension, known.regions) && same;
    fprintf(report, "brute force: %zu regions, dimension %d\n", known.regions,
            known.dimension);
    return same;
}

/* Of a union of parts, the first alone. */
static void run_case(uint64_t seed, bool show, tally *t)
{
    rng r = {seed};
    pleats_ctx *ctx = need_ctx();
    int32_t n_inputs = rng_int(&r, 1, 4);
    int32_t units = rng_int(&r, 2, max_units[n_inputs]);
    pleats_net *net = random_net(ctx, &r, n_inputs, units);
    pleats_domain *domain = random_domain(ctx, &r, n_inputs);
    pleats_idx n_parts = domain->n_parts;
    char *text = NULL;
    size_t length = 0;
    domain->n_parts = 1;
    FILE *report = open_memstream(&text, &length);
    region_count got = count_regions(net, &domain->part[0], MAX_REGIONS, 0);
    fprintf(report, "seed %llu: %llu regions, dimension %d\n",
            (unsigned long long)seed, (unsigned long long)got.regions,
            got.dimension);
    bool fails = got.is_complete && !agrees(ctx, net, domain, got, t, report);
    show_net(report, net);
    show_domain(report, domain);
    fclose(report);
    if (fails || show)
        fputs(text, stderr);
    free(text);
    t->large += !got.is_complete;
    t->failures += fails;
    domain->n_parts = n_parts;
    pleats_net_clear(ctx, net);
    pleats_domain_clear(ctx, domain);
    pleats_ctx_free(ctx);
}

int main(void)
{
    uint64_t seed = number_from_environment("PLEATS_TEST_SEED", 0);
    uint64_t cases = seed ? seed : n_cases(CASES);
    tally t = {0};
    for (uint64_t i = seed ? seed : 1; i <= cases && t.failures < MAX_FAILURES;
         i++)
        run_case(i, seed != 0, &t);
    printf("%llu agree with the product, %llu of them with brute force, %llu "
           "too large\n",
           (unsigned long long)t.product, (unsigned long long)t.brute,
           (unsigned long long)t.large);
    return t.failures != 0;
}
