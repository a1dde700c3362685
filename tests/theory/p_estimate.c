/* The sampled estimate against the truth, over many seeds; Clopper and
 * Pearson's interval against its definition. */
#include "layers.h"
#include "unit.h"

#include "theory/layer/estimate.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

enum { SEEDS = 100, SAMPLES = 2000 };

/* Whether the interval for seed `seed` holds the truth. */
static bool covers(pleats_ctx *ctx, const pleats_conv_layer *layer,
                   double formula, double truth, uint64_t seed)
{
    const pleats_sampling sampling = {.samples = SAMPLES, .seed = seed};
    uint64_t k = 0;
    double lo = 0, hi = 0;
    assert_int_equal(pleats_sample_independent(ctx, layer, &sampling, &k),
                     PLEATS_OK);
    pleats_binomial_interval(k, SAMPLES, 0.95, &lo, &hi);
    return formula * lo <= truth && truth <= formula * hi;
}

/* On every small layer where formula and truth differ.  With 95 hits expected
 * at least, fewer than 88 of 100 have probability below 0.002. */
static void coverage(void **state)
{
    int layers = 0;
    for (size_t i = 0; i < n_layer_rows; i++) {
        const layer_row *row = &layer_rows[i];
        if (!row->truth || strcmp(row->truth, row->formula) == 0 ||
            strlen(row->formula) > 6)
            continue;
        pleats_conv_layer layer = layer_of_row(row);
        double formula = atof(row->formula), truth = atof(row->truth);
        int hits = 0;
        for (uint64_t seed = 0; seed < SEEDS; seed++)
            hits += covers(*state, &layer, formula, truth, seed);
        if (hits < 88)
            fprintf(stderr, "row %zu: %d of %d\n", i, hits, SEEDS);
        assert_true(hits >= 88);
        layers++;
    }
    assert_true(layers >= 10);
}

/* Where the formula is exact, every sample is independent. */
static void exact_layers(void **state)
{
    for (size_t i = 0; i < n_layer_rows; i++) {
        const layer_row *row = &layer_rows[i];
        const char *why = NULL;
        const pleats_sampling sampling = {.samples = 50, .seed = i};
        uint64_t k = 0;
        pleats_conv_layer layer = layer_of_row(row);
        if (!pleats_formula_is_exact(&layer, &why))
            continue;
        assert_int_equal(
            pleats_sample_independent(*state, &layer, &sampling, &k),
            PLEATS_OK);
        assert_int_equal(k, 50);
    }
}

static double probability_of_at_least(uint64_t k, uint64_t n, double p)
{
    double sum = 0;
    for (uint64_t i = k; i <= n; i++) {
        double term = 1;
        for (uint64_t j = 0; j < i; j++)
            term *= (double)(n - j) / (double)(j + 1);
        sum += term * pow(p, (double)i) * pow(1 - p, (double)(n - i));
    }
    return sum;
}

static void interval(void **state)
{
    (void)state;
    const uint64_t n = 20;
    for (uint64_t k = 0; k <= n; k++) {
        double lo = 0, hi = 0;
        pleats_binomial_interval(k, n, 0.9, &lo, &hi);
        if (k > 0)
            assert_true(fabs(probability_of_at_least(k, n, lo) - 0.05) < 1e-9);
        else
            assert_true(lo == 0);
        if (k < n)
            assert_true(fabs(probability_of_at_least(k + 1, n, hi) - 0.95) <
                        1e-9);
        else
            assert_true(hi == 1);
    }
    double lo = 0, hi = 0;
    pleats_binomial_interval(500000, 1000000, 0.95, &lo, &hi);
    assert_true(fabs(lo - 0.49902) < 1e-5 && fabs(hi - 0.50098) < 1e-5);
}

int main(void)
{
    pleats_ctx *ctx = need_ctx();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(coverage, ctx),
        cmocka_unit_test_prestate(exact_layers, ctx),
        cmocka_unit_test_prestate(interval, ctx),
    };
    return RUN(tests, ctx);
}
