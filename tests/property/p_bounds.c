/* What is known of counts without an oracle: Zaslavsky's numbers bound every
 * network from above and are exact for one generic layer, and the halves of a
 * box together have at least as many regions as the box. */
#include <stdio.h> /* before GMP, which then has its output */

#include "cases.h"
#include "counts.h"
#include "domains.h"
#include "need.h"
#include "random_mlp.h"
#include "random_net.h"
#include "show.h"

#include <stdlib.h>

enum { CASES = 120 };

/* sum_{j <= dimension} C(m, j): regions of m hyperplanes in general position
 * [Zas75]. */
static void zaslavsky(mpz_t out, unsigned long m, unsigned long dimension)
{
    mpz_t binomial;
    mpz_init(binomial);
    mpz_set_ui(out, 0);
    for (unsigned long j = 0; j <= dimension && j <= m; j++) {
        mpz_bin_uiui(binomial, m, j);
        mpz_add(out, out, binomial);
    }
    mpz_clear(binomial);
}

/* Whether `regions` is at most the product over the layers of the regions of
 * as many hyperplanes as the layer has breakpoints. */
static bool is_below_product(const pleats_net *net, size_t regions)
{
    mpz_t bound, layer;
    mpz_init_set_ui(bound, 1);
    mpz_init(layer);
    for (pleats_idx k = 0; k < net->n_steps; k++) {
        const pleats_step *s = &net->step[k];
        unsigned long breaks = 0;
        if (pleats_step_is_affine(s))
            continue;
        for (pleats_idx i = 0; i < s->n_out; i++)
            breaks += (unsigned long)pleats_step_pieces(s, i) - 1;
        zaslavsky(layer, breaks, (unsigned long)net->n_inputs);
        mpz_mul(bound, bound, layer);
    }
    bool below = mpz_cmp_ui(bound, regions) >= 0;
    mpz_clear(bound);
    mpz_clear(layer);
    return below;
}

/* A box without zero-width sides. */
static pleats_domain *solid_box(pleats_ctx *ctx, rng *r, int32_t n)
{
    pleats_domain *d = domain_all(ctx, n);
    mpq_t bound;
    mpq_init(bound);
    for (int32_t j = 0; j < n; j++) {
        mpq_set_si(bound, rng_int(r, -9, -1), 4);
        mpq_canonicalize(bound);
        pleats_part_set_lo(&d->part[0], j, bound);
        mpq_set_si(bound, rng_int(r, 1, 9), 3);
        mpq_canonicalize(bound);
        pleats_part_set_hi(&d->part[0], j, bound);
    }
    mpq_clear(bound);
    return d;
}

/* Whether regions(a half) <= regions(box) <= the sum over both halves of a
 * split at a random place of coordinate j. */
static bool split_is_sound(pleats_ctx *ctx, rng *r, const pleats_net *net,
                           pleats_domain *box, size_t whole)
{
    pleats_part *part = &box->part[0];
    pleats_idx j = rng_int(r, 0, net->n_inputs - 1);
    mpq_t cut, end;
    mpq_init(cut);
    mpq_init(end);
    mpq_set_si(cut, rng_int(r, 0, 1), 3);
    mpq_set(end, part->hi[j]);
    if (mpq_cmp(cut, end) >= 0)
        mpq_set_ui(cut, 0, 1);
    pleats_part_set_hi(part, j, cut);
    size_t left = count_net(ctx, net, box, false, false).regions;
    pleats_part_set_hi(part, j, end);
    pleats_part_set_lo(part, j, cut);
    size_t right = count_net(ctx, net, box, false, false).regions;
    mpq_clear(cut);
    mpq_clear(end);
    return left <= whole && right <= whole && whole <= left + right;
}

static bool run_case(uint64_t seed)
{
    rng r = {seed};
    pleats_ctx *ctx = need_ctx();
    mlp m;
    int32_t n = rng_int(&r, 1, 4);
    random_mlp(&r, n, rng_one_in(&r, 2), &m);
    pleats_net *net = mlp_build(ctx, &m);
    pleats_domain *all = domain_all(ctx, n), *box = solid_box(ctx, &r, n);
    size_t regions = count_net(ctx, net, all, false, false).regions;
    size_t inside = count_net(ctx, net, box, false, false).regions;
    bool sound = regions >= 1 && inside >= 1 && inside <= regions &&
                 is_below_product(net, regions) &&
                 split_is_sound(ctx, &r, net, box, inside);
    if (!sound) {
        fprintf(stderr, "seed %llu: %zu regions, %zu in the box\n",
                (unsigned long long)seed, regions, inside);
        show_net(stderr, net);
        show_domain(stderr, box);
    }
    pleats_domain_clear(ctx, all);
    pleats_domain_clear(ctx, box);
    pleats_net_clear(ctx, net);
    mlp_clear(&m);
    pleats_ctx_free(ctx);
    return sound;
}

/* One layer of m units on R^n with random 24-bit parameters, which are in
 * general position but for an event of negligible chance (the seeds are
 * fixed): Zaslavsky's number; without biases 2 sum_{j < n} C(m - 1, j). */
static bool generic_layer(int32_t n, int32_t m, bool with_bias)
{
    rng r = {(uint64_t)(100 * n + m)};
    pleats_ctx *ctx = need_ctx();
    double rows[12 * 6];
    for (int32_t i = 0; i < m * (n + 1); i++)
        rows[i] = !with_bias && i % (n + 1) == n ? 0 : rng_real(&r, 24);
    pleats_net *net = arrangement_net(ctx, m, n, rows);
    pleats_domain *all = domain_all(ctx, n);
    mpz_t want;
    mpz_init(want);
    if (with_bias)
        zaslavsky(want, (unsigned long)m, (unsigned long)n);
    else {
        zaslavsky(want, (unsigned long)m - 1, (unsigned long)n - 1);
        mpz_mul_ui(want, want, 2);
    }
    size_t got = count_net(ctx, net, all, false, false).regions;
    bool same = mpz_cmp_ui(want, got) == 0;
    if (!same)
        gmp_fprintf(stderr, "%d generic units on R^%d, bias %d: %zu, not %Zd\n",
                    m, n, with_bias, got, want);
    mpz_clear(want);
    pleats_domain_clear(ctx, all);
    pleats_net_clear(ctx, net);
    pleats_ctx_free(ctx);
    return same;
}

/* x_i = x_j for i < j: the n! orders of the coordinates. */
static bool braid(int32_t n, size_t factorial)
{
    double rows[10 * 6] = {0};
    int32_t m = 0;
    pleats_ctx *ctx = need_ctx();
    for (int32_t i = 0; i < n; i++)
        for (int32_t j = i + 1; j < n; j++, m++) {
            rows[m * (n + 1) + i] = 1;
            rows[m * (n + 1) + j] = -1;
        }
    pleats_net *net = arrangement_net(ctx, m, n, rows);
    pleats_domain *all = domain_all(ctx, n);
    size_t got = count_net(ctx, net, all, false, false).regions;
    if (got != factorial)
        fprintf(stderr, "braid arrangement in R^%d: %zu\n", n, got);
    pleats_domain_clear(ctx, all);
    pleats_net_clear(ctx, net);
    pleats_ctx_free(ctx);
    return got == factorial;
}

int main(void)
{
    uint64_t failures = failed_cases(CASES, run_case);
    for (int32_t n = 1; n <= 5; n++)
        for (int32_t m = 1; m <= 12; m += n == 5 ? 3 : 1) {
            failures += !generic_layer(n, m, true);
            failures += !generic_layer(n, m, false);
        }
    failures += !braid(3, 6);
    failures += !braid(4, 24);
    failures += !braid(5, 120);
    return failures > 0;
}
