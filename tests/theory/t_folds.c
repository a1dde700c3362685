/* The construction behind the lower bound `folds`: what is counted is what was
 * predicted, and both are the reference text's values (section 16) where it has
 * one. */
#include "bound_of.h"
#include "counts.h"
#include "cube.h"

#include "pleats/make.h"
#include "spec/spec.h"
#include "theory/bounds/fold_plan.h"

#include <stdio.h>
#include <stdlib.h>

typedef struct {
    const char *spec;
    size_t bound;
    bool is_exact; /* on the cube: no pools */
} expected;

static size_t count_on_cube(pleats_ctx *ctx, const pleats_net *net,
                            bool all_three, counts *all)
{
    pleats_domain *box = cube(ctx, net->n_inputs, "0 1");
    *all = count_net(ctx, net, box, all_three, false);
    pleats_domain_clear(ctx, box);
    return all->dimension == NO_COUNT ? 0 : all->regions;
}

static void check(pleats_ctx *ctx, const expected *e, uint64_t seed)
{
    pleats_spec *spec = NULL;
    pleats_net *net = NULL;
    counts all;
    char text[32];
    need_ok(ctx, pleats_spec_parse(ctx, e->spec, &spec));
    need_ok(ctx, pleats_net_folds(ctx, spec, seed, &net));
    size_t regions = count_on_cube(ctx, net, false, &all);
    if (e->is_exact ? regions != e->bound : regions < e->bound)
        fail_msg("%s: %zu regions on the cube, not %zu", e->spec, regions,
                 e->bound);
    pleats_bounds_result r = bounds_of_text(ctx, e->spec);
    snprintf(text, sizeof text, "%zu", e->bound);
    if (strcmp(bound_of(&r, "folds")->value, text) != 0)
        fail_msg("%s: folds is %s, not %s", e->spec,
                 bound_of(&r, "folds")->value, text);
    pleats_bounds_result_clear(ctx, &r);
    pleats_net_clear(ctx, net);
    pleats_spec_clear(ctx, spec);
}

static void check_all(pleats_ctx *ctx, const expected *e, size_t n)
{
    for (size_t i = 0; i < n; i++)
        check(ctx, &e[i], 1);
}

/* Values of the reference text: with d_0 = 1 and four filters, three fold into
 * four pieces and one is constant. */
static void padded(void **state)
{
    static const expected e[] = {
        {"cnn:in=1x4/conv=4@3,p=1/relu/conv=2@3,p=1/relu", 41216, true},
        {"cnn:in=1x2x2/conv=4@3x3,p=1/relu/conv=2@3x3,p=1/relu", 41728, true},
        /* (4 + 1)^2 4^2 11: the first layer is not followed by windows over
         * the padding, and folds by all its filters; 2816 with 4^2 4^2. */
        {"cnn:in=1x2/conv=4@3,p=1/relu/conv=4@3,p=1/relu/conv=2@3,p=1/relu",
         4400, true},
        {"cnn:in=1x3/conv=4@3,p=1/relu/conv=1@3,p=1/relu", 64 * 8, true},
        {"cnn:in=1x2/conv=3@3,p=1/relu/conv=3@3,p=1/relu", 4 * 22, true},
        {"cnn:in=1x3/conv=4@3,p=1/relu/flatten/fc=3/relu", 125 * 8, true},
        {"cnn:in=1x4/conv=4@3,p=1,s=2/relu/conv=2@3,p=1/relu", 16 * 11, true},
    };
    check_all(*state, e, sizeof e / sizeof *e);
}

/* Other sites: fully connected layers narrower than the input, strides, groups,
 * residual branches, normalisation. */
static void carried_over(void **state)
{
    static const expected e[] = {
        {"mlp:3,4,4,4,1", 176, true}, /* 2^2 2^2 Z(4,2), two coordinates */
        {"mlp:4,6,4,1", 176, true},   /* 4^2 Z(4,2) */
        {"mlp:2,6,6,1", 352, true},   /* 4^2 Z(6,2), Serra's */
        {"mlp:1,3,3,3,1", 64, true},  /* the exact maximum */
        {"cnn:in=2x2/conv=6@1,g=2/relu/conv=2@1,g=2/relu", 4096, true},
        {"cnn:in=1x5/conv=3@2,s=2/relu/conv=2@2/relu", 16 * 4, true},
        {"cnn:in=1x3/conv=3@2/bn/relu/conv=2@2/relu", 64, true},
        {"cnn:in=1x3/conv=2@2/relu/res{conv=2@3,p=1/relu/conv=2@1}/relu/"
         "conv=1@2/relu",
         15, false},
        {"cnn:in=1x2/conv=3@1/relu/res{maxpool=1/conv=3@1/bn/abs/res{relu}}/"
         "conv=2@2/relu",
         64, true},
    };
    check_all(*state, e, sizeof e / sizeof *e);
}

/* One open candidate for each window: 2^2 choices and 3^2 folds, then Z(6,2);
 * thresholds below a pool: 81, which is the maximum; of m = 3 in windows of
 * two, 1 + 2 (2 + 3 + 4) each. */
static void pools(void **state)
{
    static const expected e[] = {
        {"cnn:in=1x4/conv=3@1/relu/maxpool=2/conv=6@2/relu", 4 * 9 * 22, false},
        {"cnn:in=1x4/conv=3@1/relu/avgpool=2/conv=6@2/relu", 4 * 9 * 22, false},
        {"cnn:in=1x5/conv=1@3,p=1/relu/maxpool=5", 81, true},
        {"cnn:in=1x4/conv=1@1/relu/maxpool=2", 25, true},
        {"cnn:in=1x4/conv=3@1/relu/maxpool=2/conv=2@2/relu", 19 * 19, false},
    };
    check_all(*state, e, sizeof e / sizeof *e);
}

/* Other arrangements are as generic. */
static void seeds(void **state)
{
    static const expected e = {"cnn:in=1x3/conv=4@3,p=1/relu/conv=1@3,p=1/relu",
                               512, true};
    for (uint64_t seed = 0; seed < 3; seed++)
        check(*state, &e, seed);
}

/* Turned such that no region has all units of the last layer inactive, every
 * region is a piece of the function, and has a map of its own. */
static void oriented(void **state)
{
    pleats_ctx *ctx = *state;
    pleats_spec *spec = NULL;
    pleats_net *net = NULL;
    counts all;
    need_ok(ctx, pleats_spec_parse(ctx,
                                   "cnn:in=1x4/conv=2@2/relu/conv=3@2/relu/"
                                   "flatten/fc=1",
                                   &spec));
    need_ok(ctx, pleats_net_folds(ctx, spec, 1, &net));
    assert_int_equal(count_on_cube(ctx, net, true, &all), 320);
    assert_int_equal(all.pieces, 320);
    assert_int_equal(all.maps, 320);
    pleats_net_clear(ctx, net);
    pleats_spec_clear(ctx, spec);
}

/* A branch that adds something whatever its weights are: the first layer alone
 * is left, 3 thresholds on each of two or three inputs. */
static void branches_that_add(void **state)
{
    static const expected e[] = {
        {"cnn:in=1x2/conv=3@1/relu/res{relu}/conv=2@2/relu", 16, true},
        {"cnn:in=1x3/conv=3@1/relu/res{maxpool=3,s=1,p=1}/conv=2@2/relu", 64,
         true},
        {"cnn:in=1x3/conv=3@1/relu/res{avgpool=3,s=1,p=1}/conv=2@2/relu", 64,
         true},
        {"cnn:in=1x2/conv=3@1/relu/res{conv=3@1/pl=3}/conv=2@2/relu", 16, true},
        {"cnn:in=1x2/conv=3@1/relu/res{res{conv=3@1}}/conv=2@2/relu", 16, true},
    };
    for (size_t i = 0; i < sizeof e / sizeof *e; i++) {
        char text[32];
        pleats_bounds_result r = bounds_of_text(*state, e[i].spec);
        snprintf(text, sizeof text, "%zu", e[i].bound);
        assert_string_equal(bound_of(&r, "folds")->value, text);
        pleats_bounds_result_clear(*state, &r);
    }
}

static void refusals(void **state)
{
    static const char *const cases[] = {"cnn:in=1x4/conv=2@2,nobias/relu",
                                        "mlp:2,3,3,1:abs",
                                        "cnn:in=1x4/maxpool=2/conv=2@2/relu"};
    pleats_ctx *ctx = *state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        pleats_spec *spec = NULL;
        pleats_net *net = NULL;
        need_ok(ctx, pleats_spec_parse(ctx, cases[i], &spec));
        assert_int_equal(pleats_net_folds(ctx, spec, 1, &net), PLEATS_INVALID);
        assert_null(net);
        pleats_spec_clear(ctx, spec);
    }
}

/* A max-pool does not grow, whatever stands behind it; d units without biases
 * on n inputs have 2 Z(d - 1, n - 1) regions, which is no d^n. */
static void growth(void **state)
{
    static const struct {
        const char *spec;
        int64_t lower[2]; /* 0: none is known */
    } cases[] = {
        {"cnn:in=1x4/conv=2@3,p=1/relu/maxpool=2", {4, 0}},
        {"cnn:in=1x4/conv=2@3,p=1/relu/maxpool=2/flatten/fc=3", {4, 0}},
        {"cnn:in=1x4/conv=2@3,p=1/relu/maxpool=2/bn", {4, 0}},
        {"cnn:in=1x4/conv=2@3,p=1/relu/maxpool=4/conv=2@1/relu/bn", {1, 0}},
        {"mlp:4,2,1", {4, 0}},
        {"cnn:in=4/fc=2,nobias/relu", {0}},
        {"cnn:in=1x4/conv=2@1,nobias/relu", {0}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        pleats_bounds_result r = bounds_of_text(*state, cases[i].spec);
        const bool is_known = cases[i].lower[0] > 0;
        if ((r.growth_lower != NULL) != is_known)
            fail_msg("%s: a growth from below", cases[i].spec);
        for (size_t l = 0; is_known && l < r.n_growth && l < 2; l++)
            assert_int_equal(r.growth_lower[l], cases[i].lower[l]);
        pleats_bounds_result_clear(*state, &r);
    }
}

int main(void)
{
    pleats_ctx *ctx = need_ctx();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(padded, ctx),
        cmocka_unit_test_prestate(carried_over, ctx),
        cmocka_unit_test_prestate(pools, ctx),
        cmocka_unit_test_prestate(seeds, ctx),
        cmocka_unit_test_prestate(oriented, ctx),
        cmocka_unit_test_prestate(branches_that_add, ctx),
        cmocka_unit_test_prestate(growth, ctx),
        cmocka_unit_test_prestate(refusals, ctx)};
    return RUN(tests, ctx);
}
