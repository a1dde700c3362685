/* Numbers of one layer against tables. */
#include "layers.h"
#include "unit.h"

#include "exact/integers.h"
#include "exact/rational.h"
#include "theory/layer/central.h"
#include "theory/layer/formula.h"
#include "theory/layer/generic.h"
#include "theory/layer/independence.h"
#include "theory/modular.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What is 0 modulo the prime is stored as 0. */
static void residues_that_vanish(void **state)
{
    (void)state;
    for (uint64_t a = 1; a < 1000; a += 37) {
        uint64_t row[] = {a, 7, 0}, by[] = {1, a, 0};
        pleats_mod_reduce(row, by, a, 3);
        assert_int_equal(row[0], 0);
        assert_int_equal(row[2], 0);
        assert_int_equal(pleats_mod_multiply(a, pleats_mod_inverse(a)), 1);
    }
}

static void expect(const mpz_t got, const char *want, const char *what, int row)
{
    if (mpz_cmp_ui(got, 0) < 0)
        fail();
    char *text = mpz_get_str(NULL, 10, got);
    if (strcmp(text, want) != 0) {
        fprintf(stderr, "%s of row %d is %s, not %s\n", what, row, text, want);
        fail();
    }
    free(text);
}

/* The value alone, and as the sum of the sizes. */
static void formulas(void **state)
{
    pleats_ctx *ctx = *state;
    mpz_t value;
    mpz_init(value);
    for (size_t i = 0; i < n_layer_rows; i++) {
        const layer_row *row = &layer_rows[i];
        pleats_conv_layer layer = layer_of_row(row);
        pleats_independence sizes = {0};
        size_t frontier = 0;
        assert_int_equal(pleats_formula_value(ctx, &layer, 0, value, &frontier),
                         PLEATS_OK);
        expect(value, row->formula, "formula", (int)i);
        if (frontier > 10000)
            continue;
        assert_int_equal(pleats_formula_sizes(ctx, &layer, 0, &sizes, NULL),
                         PLEATS_OK);
        pleats_independence_sum(&sizes, row->pieces - 1, -1, value);
        expect(value, row->formula, "sum of sizes", (int)i);
        pleats_independence_clear(ctx, &sizes);
    }
    mpz_clear(value);
}

/* The truth by restriction, where sets are few or nearly all independent. */
static void restricted(void **state)
{
    pleats_ctx *ctx = *state;
    mpz_t value;
    mpz_init(value);
    for (size_t i = 0; i < n_layer_rows; i++) {
        const layer_row *row = &layer_rows[i];
        pleats_conv_layer layer = layer_of_row(row);
        pleats_effort effort = {.seed = i, .budget = 1000000};
        if (!row->truth || strlen(row->truth) > 15)
            continue;
        assert_int_equal(pleats_restricted_regions(ctx, &layer, &effort, value),
                         PLEATS_OK);
        if (effort.complete)
            expect(value, row->truth, "truth by restriction", (int)i);
        else
            assert_true(mpz_cmp_d(value, atof(row->truth)) <= 0);
        assert_true(effort.complete || strlen(row->truth) > 4);
    }
    mpz_clear(value);
}

/* The truth by enumeration, whether or not the formula is exact. */
static void truths(void **state)
{
    pleats_ctx *ctx = *state;
    mpz_t value;
    mpz_init(value);
    for (size_t i = 0; i < n_layer_rows; i++) {
        const layer_row *row = &layer_rows[i];
        pleats_conv_layer layer = layer_of_row(row);
        pleats_effort effort = {.seed = i};
        pleats_independence sizes = {0};
        const char *why = NULL;
        bool is_exact = pleats_formula_is_exact(&layer, &why);
        if (row->truth && is_exact)
            assert_string_equal(row->truth, row->formula);
        if (!row->truth || strlen(row->truth) > 8)
            continue;
        assert_int_equal(pleats_generic_sizes(ctx, &layer, &effort, &sizes),
                         PLEATS_OK);
        assert_true(effort.complete);
        pleats_independence_sum(&sizes, row->pieces - 1, -1, value);
        expect(value, row->truth, "truth", (int)i);
        pleats_independence_clear(ctx, &sizes);
    }
    mpz_clear(value);
}

/* d_1 = 1 .. 8 */
static void one_dimensional_table(void **state)
{
    static const struct {
        const char *input, *kernel, *value[8];
    } rows[] = {
        {"3", "2", {"4", "15", "40", "85", "156", "259", "400", "585"}},
        {"4", "2", {"8", "55", "217", "611", "1396", "2773", "4985", "8317"}},
        {"5",
         "2",
         {"16", "200", "1159", "4309", "12236", "29056", "60775", "115649"}},
        {"5",
         "3",
         {"8", "63", "370", "1463", "4376", "10813", "23318", "45445"}},
    };
    mpz_t value;
    mpz_init(value);
    for (int i = 0; i < 4; i++)
        for (int d = 1; d <= 8; d++) {
            layer_row row = {
                rows[i].input, rows[i].kernel, 1, 0, 1, 1, d, 2, NULL, NULL};
            pleats_conv_layer layer = layer_of_row(&row);
            assert_int_equal(
                pleats_formula_value(*state, &layer, 0, value, NULL),
                PLEATS_OK);
            expect(value, rows[i].value[d - 1], "d_1", d);
        }
    mpz_clear(value);
}

static void expect_sizes(pleats_ctx *ctx, layer_row row, size_t n,
                         const unsigned long *want)
{
    pleats_conv_layer layer = layer_of_row(&row);
    pleats_independence sizes = {0};
    assert_int_equal(pleats_formula_sizes(ctx, &layer, 0, &sizes, NULL),
                     PLEATS_OK);
    assert_int_equal(sizes.n, n - 1);
    for (size_t j = 0; j < n; j++)
        assert_int_equal(mpz_get_ui(sizes.at[j]), want[j]);
    pleats_independence_clear(ctx, &sizes);
}

static void independence_numbers(void **state)
{
    expect_sizes(*state, (layer_row){"4", "2", 1, 0, 1, 1, 2, 2, 0, 0}, 5,
                 (unsigned long[]){1, 6, 15, 20, 13});
    expect_sizes(*state, (layer_row){"3", "2", 1, 0, 1, 1, 3, 2, 0, 0}, 4,
                 (unsigned long[]){1, 6, 15, 18});
    expect_sizes(*state, (layer_row){"3", "2", 1, 0, 1, 1, 8, 2, 0, 0}, 4,
                 (unsigned long[]){1, 16, 120, 448});
    expect_sizes(*state, (layer_row){"5", "3", 1, 0, 1, 1, 2, 2, 0, 0}, 6,
                 (unsigned long[]){1, 6, 15, 20, 15, 6});
    expect_sizes(
        *state, (layer_row){"3x3", "2x2", 1, 0, 1, 1, 3, 2, 0, 0}, 10,
        (unsigned long[]){1, 12, 66, 220, 495, 792, 924, 792, 495, 216});
}

/* Exact counts of layers without biases. */
static void no_bias(void **state)
{
    static const layer_row rows[] = {
        {"3", "2", 1, 0, 1, 1, 2, 2, NULL, "14"},
        {"3", "2", 1, 0, 1, 1, 3, 2, NULL, "28"},
        {"4", "2", 1, 0, 1, 1, 2, 2, NULL, "48"},
        {"4", "2", 1, 0, 1, 1, 3, 2, NULL, "128"},
        {"5", "3", 1, 0, 1, 1, 3, 2, NULL, "306"},
        {"5", "3", 1, 0, 1, 1, 2, 2, NULL, "62"},
        {"3", "2", 1, 0, 1, 2, 3, 2, NULL, "64"},
        {"3", "2", 1, 0, 1, 2, 2, 2, NULL, "16"},
        {"4", "3", 1, 1, 1, 1, 2, 2, NULL, "124"},
        {"2x3", "2x2", 1, 0, 1, 1, 3, 2, NULL, "64"},
        {"3x3", "2x2", 1, 0, 1, 1, 2, 2, NULL, "254"},
        {"3x3", "2x2", 1, 0, 1, 1, 3, 2, NULL, "3924"},
        {"3", "2", 1, 0, 1, 1, 2, 3, NULL, "64"}, /* breakpoints 0 and 6 */
        {"3", "2", 1, 0, 1, 1, 3, 3, NULL, "199"},
        {"4", "2", 1, 0, 1, 1, 2, 3, NULL, "430"},
    };
    mpz_t value;
    mpz_init(value);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        pleats_conv_layer layer = layer_of_row(&rows[i]);
        pleats_effort effort = {.seed = i};
        assert_int_equal(
            pleats_central_regions(*state, &layer, &effort, value, NULL),
            PLEATS_OK);
        assert_true(effort.complete);
        expect(value, rows[i].truth, "no bias", (int)i);
    }
    mpz_clear(value);
}

/* 1x3 with kernel 2: d^3 + d^2 + d + 1, and with q breakpoints
 * 1 + 2 d q + d (2d - 1) q^2 + d^2 (d - 1) q^3. */
static void closed_form(void **state)
{
    pleats_ctx *ctx = *state;
    for (int q = 1; q <= 3; q++) {
        layer_row row = {"3", "2", 1, 0, 1, 1, 64, q + 1, 0, 0};
        pleats_conv_layer layer = layer_of_row(&row);
        pleats_windows windows = {0};
        pleats_frontier_cost cost = {0};
        mpz_t *binomial = NULL;
        mpq_t *monomial = NULL;
        size_t n = 0;
        const long want[] = {1, 2 * q - q * q, 2 * q * q - q * q * q,
                             q * q * q};
        assert_int_equal(pleats_windows_init(ctx, &windows, &layer), PLEATS_OK);
        assert_int_equal(
            pleats_formula_polynomial(ctx, &windows, q, &cost, &binomial, &n),
            PLEATS_OK);
        assert_int_equal(n, 4);
        assert_int_equal(
            pleats_binomial_to_monomial(ctx, binomial, n, &monomial),
            PLEATS_OK);
        for (size_t i = 0; i < n; i++)
            assert_true(mpq_cmp_si(monomial[i], want[i], 1) == 0);
        pleats_integers_free(ctx, binomial, n);
        pleats_rational_array_free(ctx, n, monomial);
        pleats_windows_clear(ctx, &windows);
    }
}

/* 6x6 with 64 filters of 3x3: the polynomial's value is the formula's. */
static void large_polynomial(void **state)
{
    pleats_ctx *ctx = *state;
    layer_row row = {"6x6", "3x3", 1, 0, 1, 1, 64, 2, 0, 0};
    pleats_conv_layer layer = layer_of_row(&row);
    pleats_windows windows = {0};
    pleats_frontier_cost cost = {0};
    mpz_t *binomial = NULL, value, term, sum;
    size_t n = 0;
    mpz_inits(value, term, sum, NULL);
    assert_int_equal(pleats_windows_init(ctx, &windows, &layer), PLEATS_OK);
    assert_int_equal(
        pleats_formula_polynomial(ctx, &windows, 1, &cost, &binomial, &n),
        PLEATS_OK);
    assert_int_equal(n, 37);
    for (unsigned long k = 0; k < n; k++) {
        mpz_bin_uiui(term, 64, k);
        mpz_addmul(sum, term, binomial[k]);
    }
    assert_int_equal(pleats_formula_value(ctx, &layer, 0, value, NULL),
                     PLEATS_OK);
    assert_int_equal(mpz_cmp(sum, value), 0);
    pleats_integers_free(ctx, binomial, n);
    pleats_windows_clear(ctx, &windows);
    mpz_clears(value, term, sum, NULL);
}

/* The largest row of the table, only when asked for. */
static void eight_by_eight(void **state)
{
    layer_row row = {"8x8", "3x3", 1, 0, 1, 1, 8, 2, 0, 0};
    pleats_conv_layer layer = layer_of_row(&row);
    mpz_t value;
    if (n_cases(1) < 2)
        skip();
    mpz_init(value);
    assert_int_equal(pleats_formula_value(*state, &layer, 0, value, NULL),
                     PLEATS_OK);
    assert_int_equal(mpz_sizeinbase(value, 10), 65);
    char *text = mpz_get_str(NULL, 10, value);
    assert_memory_equal(text, "41334046609309480632", 20);
    free(text);
    mpz_clear(value);
}

/* Fully connected: sum C(m, j) (p-1)^j, also with groups, and far beyond
 * what enumeration can do. */
static void fully_connected(void **state)
{
    pleats_conv_layer layer = {
        .in.channels = 3, .conv = {.filters = 5, .groups = 1}, .pieces = 2};
    mpz_t value, want, term;
    mpz_inits(value, want, term, NULL);
    assert_int_equal(pleats_formula_value(*state, &layer, 0, value, NULL),
                     PLEATS_OK);
    expect(value, "26", "Z(5, 3)", 0);
    layer.pieces = 4;
    assert_int_equal(pleats_formula_value(*state, &layer, 0, value, NULL),
                     PLEATS_OK);
    expect(value, "376", "1 + 5 3 + 10 9 + 10 27", 0);
    layer = (pleats_conv_layer){.in.channels = 784,
                                .conv = {.filters = 2048, .groups = 1},
                                .pieces = 2};
    for (unsigned long j = 0; j <= 784; j++) {
        mpz_bin_uiui(term, 2048, j);
        mpz_add(want, want, term);
    }
    assert_int_equal(pleats_formula_value(*state, &layer, 0, value, NULL),
                     PLEATS_OK);
    assert_int_equal(mpz_cmp(value, want), 0);
    layer = (pleats_conv_layer){
        .in.channels = 100, .conv = {.filters = 100, .groups = 1}, .pieces = 3};
    mpz_ui_pow_ui(want, 3, 100);
    assert_int_equal(pleats_formula_value(*state, &layer, 0, value, NULL),
                     PLEATS_OK);
    assert_int_equal(mpz_cmp(value, want), 0);
    layer = (pleats_conv_layer){
        .in.channels = 6, .conv = {.filters = 10, .groups = 2}, .pieces = 2};
    assert_int_equal(pleats_formula_value(*state, &layer, 0, value, NULL),
                     PLEATS_OK);
    expect(value, "676", "two groups of Z(5, 3)", 0);
    mpz_clears(value, want, term, NULL);
}

/* (sum_{t <= 25} C(32, t))^25 for 25 windows that do not overlap. */
static void disjoint_windows(void **state)
{
    layer_row row = {"28x28", "5x5", 5, 0, 1, 1, 32, 2, 0, 0};
    pleats_conv_layer layer = layer_of_row(&row);
    mpz_t value, want, term;
    mpz_inits(value, want, term, NULL);
    for (unsigned long t = 0; t <= 25; t++) {
        mpz_bin_uiui(term, 32, t);
        mpz_add(want, want, term);
    }
    mpz_pow_ui(want, want, 25);
    assert_int_equal(pleats_formula_value(*state, &layer, 0, value, NULL),
                     PLEATS_OK);
    assert_int_equal(mpz_cmp(value, want), 0);
    mpz_clears(value, want, term, NULL);
}

/* Sizes that do not fit together, given directly. */
static void impossible_layers(void **state)
{
    const layer_row row = {"4x4", "2x2", 1, 0, 1, 4, 4, 2, 0, 0};
    pleats_conv_layer bad[6];
    mpz_t value;
    mpz_init(value);
    for (int i = 0; i < 6; i++)
        bad[i] = layer_of_row(&row);
    bad[0].conv.kernel[1] = 5;
    bad[1].conv.stride[0] = 0;
    bad[2].conv.groups = 3;
    bad[3].pieces = 1;
    bad[4].conv.pad_lo[0] = -1;
    bad[5].in.size[0] = INT64_MAX;
    for (int i = 0; i < 6; i++)
        assert_int_equal(pleats_formula_value(*state, &bad[i], 0, value, NULL),
                         PLEATS_INVALID);
    mpz_clear(value);
}

int main(void)
{
    pleats_ctx *ctx = need_ctx();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(residues_that_vanish, ctx),
        cmocka_unit_test_prestate(formulas, ctx),
        cmocka_unit_test_prestate(truths, ctx),
        cmocka_unit_test_prestate(restricted, ctx),
        cmocka_unit_test_prestate(one_dimensional_table, ctx),
        cmocka_unit_test_prestate(independence_numbers, ctx),
        cmocka_unit_test_prestate(no_bias, ctx),
        cmocka_unit_test_prestate(closed_form, ctx),
        cmocka_unit_test_prestate(large_polynomial, ctx),
        cmocka_unit_test_prestate(eight_by_eight, ctx),
        cmocka_unit_test_prestate(fully_connected, ctx),
        cmocka_unit_test_prestate(disjoint_windows, ctx),
        cmocka_unit_test_prestate(impossible_layers, ctx),
    };
    return RUN(tests, ctx);
}
