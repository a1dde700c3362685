/* The answers of the library to questions about one layer. */
#include "unit.h"

#include "pleats/pleats.h"

#include <stdlib.h>
#include <string.h>

static void count_spec(pleats_ctx *ctx, const char *text,
                       const pleats_one_layer_options *options,
                       pleats_one_layer_result *result)
{
    pleats_spec *spec = NULL;
    need_ok(ctx, pleats_spec_parse(ctx, text, &spec));
    need_ok(ctx, pleats_count_one_layer(ctx, spec, options, NULL, result));
    pleats_spec_free(ctx, spec);
}

/* Six generic planes in space: C(5, 3) bounded regions, 1 + 6 + 15 on a
 * plane, 2 (C(5, 0) + C(5, 1) + C(5, 2)) when all pass through one point. */
static void six_planes(void **state)
{
    static const char *const characteristic[] = {"1", "-6", "15", "-20"};
    pleats_ctx *ctx = *state;
    const pleats_one_layer_options options = {.slice = 2, .has_slice = true};
    pleats_one_layer_result r = {0};
    count_spec(ctx, "mlp:3,6,1", &options, &r);
    assert_true(r.complete);
    assert_string_equal(r.generic.value, "42");
    assert_int_equal(r.generic.label, PLEATS_EXACT);
    assert_string_equal(r.bounded.value, "10");
    assert_string_equal(r.slice.value, "22");
    assert_string_equal(r.no_bias.value, "32");
    assert_string_equal(r.nonzero_breaks.value, "42");
    assert_int_equal(r.characteristic.n, 4);
    for (size_t j = 0; j < 4; j++)
        assert_string_equal(r.characteristic.at[j], characteristic[j]);
    assert_int_equal(r.degree, 3);
    assert_string_equal(r.leading, "1/6");
    pleats_one_layer_result_clear(ctx, &r);
}

/* Planes that do not span the inputs bound nothing: one too few, two that
 * leave an input out, or windows that cover all inputs with normals of a lower
 * rank [docs/theory.md 3.4]. */
static void planes_that_do_not_span(void **state)
{
    static const char *const spec[] = {"mlp:4,3,1", "mlp:2,1,1",
                                       "cnn:in=1x2/conv=2@1,s=2/relu",
                                       /* covers 15 inputs with rank 13 */
                                       "cnn:in=1x3x5/conv=2@2x2/relu"};
    for (size_t i = 0; i < sizeof spec / sizeof *spec; i++) {
        pleats_one_layer_result r = {0};
        count_spec(*state, spec[i], NULL, &r);
        assert_string_equal(r.bounded.value, "0");
        pleats_one_layer_result_clear(*state, &r);
    }
}

/* Where commuting filters explain every dependent set the count is exact, else
 * probable, with what they leave as a certain bound. */
static void closed_by_relations(void **state)
{
    static const struct {
        const char *spec, *value;
        pleats_label label;
    } rows[] = {{"cnn:in=1x3x3/conv=2@2x2/relu", "255", PLEATS_EXACT},
                {"cnn:in=1x3x3/conv=3@2x2/relu", "3998", PLEATS_EXACT},
                {"cnn:in=1x3x4/conv=2@2x2/relu", "4061", PLEATS_EXACT},
                {"cnn:in=1x3x5/conv=2@2x2/relu", "64664", PLEATS_EXACT},
                {"cnn:in=1x4x4/conv=2@2x2/relu", "257108", PLEATS_PROBABLE},
                {"cnn:in=1x2x2/conv=1@2x2,p=1/relu", "223", PLEATS_PROBABLE}};
    const pleats_one_layer_options options = {.want = PLEATS_WANT_GENERIC};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        pleats_one_layer_result r = {0};
        count_spec(*state, rows[i].spec, &options, &r);
        assert_string_equal(r.generic.value, rows[i].value);
        assert_int_equal(r.generic.label, rows[i].label);
        assert_true((r.generic.error > 0) ==
                    (rows[i].label == PLEATS_PROBABLE));
        pleats_one_layer_result_clear(*state, &r);
    }
}

/* Maxima: the sharp numbers, with biases sum C(3,j) 2^j, j <= 2, and without
 * (three triangles in the plane; three in space, and four, as searches over
 * random weights find them, not more); pools on all of their input, as exact
 * counts of them say. */
static void maxima(void **state)
{
    static const struct {
        const char *spec, *formula, *no_bias;
        bool is_exact;
    } rows[] = {
        {"mlp:2,3,1:maxout=3", "19", "9", true},
        {"cnn:in=3/fc=9/maxout=3", "27", "20", true},
        {"cnn:in=3/fc=12/maxout=3", "65", "36", true},
        {"mlp:3,2,1:maxout=4", "16", "16", true},
        {"cnn:in=1x5/maxpool=3,s=1", "16", "16", true},
        {"cnn:in=1x4x4/maxpool=3,s=1", "1069", "1069", true},
        {"cnn:in=1x4x4/maxpool=2,s=1", "45696", "45696", true},
        {"cnn:in=2x4/maxpool=2", "16", "16", true},
        {"cnn:in=1x3/conv=4@2/maxout=2", "15", "14", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        pleats_one_layer_result r = {0};
        count_spec(*state, rows[i].spec, NULL, &r);
        assert_string_equal(r.formula.value, rows[i].formula);
        assert_int_equal(r.formula.label,
                         rows[i].is_exact ? PLEATS_EXACT : PLEATS_UPPER);
        assert_string_equal(r.no_bias.value, rows[i].no_bias);
        assert_true(r.complete == rows[i].is_exact);
        pleats_one_layer_result_clear(*state, &r);
    }
}

static void same_text(const char *part, const char *all)
{
    assert_true((part == NULL) == (all == NULL));
    if (part)
        assert_string_equal(part, all);
}

static void same_number(const pleats_number *part, const pleats_number *all)
{
    same_text(part->value, all->value);
    assert_int_equal(part->label, all->label);
    same_text(part->reason, all->reason);
}

static void same_numbers(const pleats_numbers *part, const pleats_numbers *all)
{
    assert_int_equal(part->n, all->n);
    for (size_t i = 0; i < part->n; i++)
        assert_string_equal(part->at[i], all->at[i]);
}

static void check_wanted(unsigned want, const pleats_one_layer_result *part,
                         const pleats_one_layer_result *all)
{
    if (want & PLEATS_WANT_FORMULA)
        same_number(&part->formula, &all->formula);
    if (want & PLEATS_WANT_GENERIC)
        same_number(&part->generic, &all->generic);
    if (want & PLEATS_WANT_NO_BIAS) {
        same_number(&part->no_bias, &all->no_bias);
        same_text(part->no_bias_upper, all->no_bias_upper);
        same_number(&part->nonzero_breaks, &all->nonzero_breaks);
    }
    if (want & PLEATS_WANT_BOUNDED)
        same_number(&part->bounded, &all->bounded);
    if (want & PLEATS_WANT_SLICE)
        same_number(&part->slice, &all->slice);
    if (want & PLEATS_WANT_INDEPENDENT) {
        same_numbers(&part->independent, &all->independent);
        assert_int_equal(part->independent_label, all->independent_label);
        same_numbers(&part->characteristic, &all->characteristic);
    }
    if (want & PLEATS_WANT_POLYNOMIAL) {
        same_numbers(&part->binomial, &all->binomial);
        same_numbers(&part->monomial, &all->monomial);
        same_text(part->leading, all->leading);
    }
}

/* What is wanted alone is what it is among all, within the budget and beyond;
 * only what is wanted tells whether the answer is complete. */
static void wanted_alone(void **state)
{
    static const struct {
        const char *spec;
        uint64_t budget;
        unsigned complete; /* those that are */
    } rows[] = {
        {"mlp:3,6,1", 0, PLEATS_WANT_ALL},
        {"cnn:in=1x4/conv=2@2,nobias/relu6", 0, PLEATS_WANT_ALL},
        {"cnn:in=1x3x3/conv=2@2x2/relu", 0, PLEATS_WANT_ALL},
        {"cnn:in=1x4x4/conv=2@2x2/relu", 1000, PLEATS_WANT_FORMULA},
        {"cnn:in=1x4x4/conv=2@2x2,nobias/hardtanh", 1000, PLEATS_WANT_FORMULA}};
    pleats_ctx *ctx = *state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        pleats_one_layer_options options = {
            .slice = 2, .has_slice = true, .budget = rows[i].budget};
        pleats_one_layer_result all = {0}, part = {0};
        count_spec(ctx, rows[i].spec, &options, &all);
        for (unsigned want = 1; want <= PLEATS_WANT_ALL; want <<= 1) {
            options.want = want;
            count_spec(ctx, rows[i].spec, &options, &part);
            check_wanted(want, &part, &all);
            assert_true(part.complete == !!(rows[i].complete & want));
            pleats_one_layer_result_clear(ctx, &part);
        }
        pleats_one_layer_result_clear(ctx, &all);
    }
}

/* What was not wanted is not worked out. */
static void formula_alone(void **state)
{
    pleats_ctx *ctx = *state;
    const pleats_one_layer_options options = {
        .want = PLEATS_WANT_FORMULA, .slice = 2, .has_slice = true};
    pleats_one_layer_result r = {0};
    count_spec(ctx, "cnn:in=1x6x6/conv=4@3x3/relu", &options, &r);
    assert_string_equal(r.formula.value, "15732401019738085837");
    const pleats_number *others[] = {&r.generic, &r.no_bias, &r.nonzero_breaks,
                                     &r.bounded, &r.slice};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        assert_null(others[i]->value);
        assert_string_equal(others[i]->reason, "not asked for");
    }
    assert_string_equal(r.polynomial_reason, "not asked for");
    assert_int_equal(r.independent.n + r.binomial.n, 0);
    pleats_one_layer_result_clear(ctx, &r);
}

/* Beyond the budget: an interval around the truth, 257108, between certain
 * bounds.  The slice is all of space, so that a greater number for it is no
 * exact one. */
static void beyond_the_budget(void **state)
{
    pleats_ctx *ctx = *state;
    const pleats_one_layer_options options = {
        .slice = 16, .has_slice = true, .budget = 1000, .level = 0.999};
    pleats_one_layer_result r = {0};
    count_spec(ctx, "cnn:in=1x4x4/conv=2@2x2/relu", &options, &r);
    assert_false(r.complete);
    assert_int_equal(r.generic.label, PLEATS_ESTIMATE);
    assert_int_equal(r.slice.label, PLEATS_UPPER);
    assert_true(atof(r.slice.value) > 257108);
    assert_true(atof(r.generic_lower) <= atof(r.generic_low));
    assert_true(atof(r.generic_low) <= 257108);
    assert_true(257108 <= atof(r.generic_high));
    assert_true(atof(r.generic_high) <= atof(r.generic_upper));
    assert_string_equal(r.generic_upper, "262121");
    assert_int_equal(r.formula.label, PLEATS_UPPER);
    assert_int_equal(r.independent_label, PLEATS_UPPER);
    assert_null(r.bounded.value);
    assert_null(r.leading);
    pleats_one_layer_result_clear(ctx, &r);
}

/* Breakpoints of -1, 1, of 0, 6 and of none at 0. */
static void breakpoints(void **state)
{
    pleats_ctx *ctx = *state;
    pleats_one_layer_result r = {0};
    count_spec(ctx, "cnn:in=1x4/conv=2@2,nobias/hardtanh", NULL, &r);
    assert_string_equal(r.no_bias.value, "441");
    assert_int_equal(r.no_bias.label, PLEATS_EXACT);
    pleats_one_layer_result_clear(ctx, &r);
    count_spec(ctx, "cnn:in=1x4/conv=2@2,nobias/relu6", NULL, &r);
    assert_string_equal(r.no_bias.value, "430");
    assert_int_equal(r.no_bias.label, PLEATS_EXACT);
    assert_null(r.no_bias_upper);
    pleats_one_layer_result_clear(ctx, &r);
    count_spec(ctx, "cnn:in=1x4/conv=2@2,nobias/pl=4", NULL, &r);
    assert_string_equal(r.nonzero_breaks.value, "1747");
    assert_string_equal(r.no_bias.value, "1747");
    assert_int_equal(r.no_bias.label, PLEATS_UPPER);
    pleats_one_layer_result_clear(ctx, &r);
}

/* Far beyond enumeration, but windows on a line: 1x10 with a kernel of 1 is ten
 * times 2 sum_{j < 1} C(3, j); fully connected layers 2 sum_{j < n} C(m - 1,
 * j); and without a limit what brute force counts where that ends. */
static void no_bias_on_a_line(void **state)
{
    static const char *const spec[] = {
        "cnn:in=1x40/conv=30@7,s=3,p=2,nobias/relu",
        "cnn:in=4x100/conv=16@3,nobias/relu6"};
    pleats_ctx *ctx = *state;
    pleats_one_layer_result r = {0};
    count_spec(ctx, "cnn:in=2x10/conv=4@1,nobias/relu", NULL, &r);
    assert_string_equal(r.no_bias.value, "1073741824"); /* (2 + 2 3)^10 */
    pleats_one_layer_result_clear(ctx, &r);
    for (size_t i = 0; i < 2; i++) {
        count_spec(ctx, spec[i], NULL, &r);
        assert_int_equal(r.no_bias.label, PLEATS_EXACT);
        assert_null(r.no_bias_upper);
        assert_true(strlen(r.no_bias.value) <= strlen(r.generic.value));
        pleats_one_layer_result_clear(ctx, &r);
    }
}

/* Both sides of numbers that the budget does not suffice for. */
static void no_bias_beyond_the_budget(void **state)
{
    static const struct {
        const char *spec;
        double truth;
    } rows[] = {{"cnn:in=1x3x3/conv=3@2x2,nobias/relu", 3924},
                {"cnn:in=1x3x3/conv=2@2x2,nobias/relu", 254},
                {"cnn:in=1x2x2/conv=1@2x2,p=1,nobias/relu6", 2075},
                {"cnn:in=1x2x2/conv=2@2x2,p=1,nobias/relu", 480}};
    pleats_ctx *ctx = *state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (uint64_t budget = 1; budget < 3000; budget *= 3) {
            const pleats_one_layer_options options = {.budget = budget};
            pleats_one_layer_result r = {0};
            count_spec(ctx, rows[i].spec, &options, &r);
            const bool is_probable = r.no_bias.error > 0;
            const bool is_exact =
                is_probable || r.no_bias.label == PLEATS_EXACT;
            assert_true(!is_probable || r.no_bias.label == PLEATS_PROBABLE);
            assert_true(is_exact || r.no_bias.label == PLEATS_LOWER);
            assert_true(is_exact ? atof(r.no_bias.value) == rows[i].truth
                                 : atof(r.no_bias.value) <= rows[i].truth);
            assert_true(is_probable || is_exact == (r.no_bias_upper == NULL));
            assert_true(!r.no_bias_upper ||
                        rows[i].truth <= atof(r.no_bias_upper));
            assert_true(is_exact || !r.complete);
            pleats_one_layer_result_clear(ctx, &r);
        }
}

/* Layers behind others are counted on all of their own input. */
static void own_inputs(void **state)
{
    static const struct {
        const char *spec, *generic;
        bool is_first;
    } rows[] = {
        {"cnn:in=1x3x3/conv=2@2x2/relu", "255", true},
        {"cnn:in=1x6x6/avgpool=2/conv=2@2x2/relu", "255", false},
        {"cnn:in=1x5x5/gap/flatten/fc=4/relu", "5", false},
        {"cnn:in=2x4/conv=1@2/conv=3@2/relu", "40", false},
        {"cnn:in=1x4/res{conv=1@3,p=1/relu}", "16", true},
        {"cnn:in=1x3/res{conv=1@3,p=1}/conv=2@2/relu", "15", false},
        {"cnn:in=1x3/bn/conv=2@2/relu", "15", false},
    };
    pleats_ctx *ctx = *state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        pleats_one_layer_result r = {0};
        count_spec(ctx, rows[i].spec, NULL, &r);
        assert_string_equal(r.generic.value, rows[i].generic);
        assert_int_equal(r.generic.label,
                         r.generic.error > 0 ? PLEATS_PROBABLE : PLEATS_EXACT);
        assert_true(r.generic.error < 1e-9);
        assert_true(rows[i].is_first == (r.input == NULL));
        pleats_one_layer_result_clear(ctx, &r);
    }
}

/* Options that make no sense. */
static void wrong_options(void **state)
{
    static const pleats_one_layer_options wrong[] = {
        {.want = PLEATS_WANT_ALL + 1}, {.level = 1}, {.layer = -1}};
    pleats_ctx *ctx = *state;
    pleats_spec *spec = NULL;
    need_ok(ctx, pleats_spec_parse(ctx, "mlp:2,3,1", &spec));
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        pleats_one_layer_result r = {0};
        assert_int_equal(pleats_count_one_layer(ctx, spec, &wrong[i], NULL, &r),
                         PLEATS_INVALID);
        pleats_one_layer_result_clear(ctx, &r);
    }
    pleats_spec_free(ctx, spec);
}

/* Activations that are not on one affine layer, or not there. */
static void refusals(void **state)
{
    static const char *const text[] = {"cnn:in=1x4x4/conv=2@2x2/avgpool=2/relu",
                                       "cnn:in=1x4/conv=2@2", "cnn:in=1x4/relu",
                                       "cnn:in=1x4/res{conv=1@3,p=1}/relu"};
    pleats_ctx *ctx = *state;
    for (size_t i = 0; i < sizeof text / sizeof *text; i++) {
        pleats_spec *spec = NULL;
        pleats_one_layer_result r = {0};
        need_ok(ctx, pleats_spec_parse(ctx, text[i], &spec));
        assert_int_equal(pleats_count_one_layer(ctx, spec, NULL, NULL, &r),
                         PLEATS_INVALID);
        pleats_one_layer_result_clear(ctx, &r);
        pleats_spec_free(ctx, spec);
    }
}

/* A frontier with too many states is a limit, not a failure of the rest. */
static void too_many_states(void **state)
{
    pleats_ctx *ctx = *state;
    const pleats_one_layer_options options = {.budget = 10000,
                                              .max_states = 100};
    pleats_one_layer_result r = {0};
    count_spec(ctx, "cnn:in=1x6x6/conv=4@3x3/relu", &options, &r);
    assert_false(r.complete);
    assert_null(r.formula.value);
    assert_int_equal(r.generic.label, PLEATS_LOWER);
    pleats_one_layer_result_clear(ctx, &r);
}

int main(void)
{
    pleats_ctx *ctx = need_ctx();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(six_planes, ctx),
        cmocka_unit_test_prestate(planes_that_do_not_span, ctx),
        cmocka_unit_test_prestate(closed_by_relations, ctx),
        cmocka_unit_test_prestate(maxima, ctx),
        cmocka_unit_test_prestate(wanted_alone, ctx),
        cmocka_unit_test_prestate(formula_alone, ctx),
        cmocka_unit_test_prestate(beyond_the_budget, ctx),
        cmocka_unit_test_prestate(breakpoints, ctx),
        cmocka_unit_test_prestate(no_bias_on_a_line, ctx),
        cmocka_unit_test_prestate(no_bias_beyond_the_budget, ctx),
        cmocka_unit_test_prestate(own_inputs, ctx),
        cmocka_unit_test_prestate(wrong_options, ctx),
        cmocka_unit_test_prestate(refusals, ctx),
        cmocka_unit_test_prestate(too_many_states, ctx),
    };
    return RUN(tests, ctx);
}
