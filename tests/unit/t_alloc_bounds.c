/* The same as t_alloc for bounds, constructions and searches: every allocation
 * fails once, alone and together with all later ones. */
#include "fail_everywhere.h"

#include "pleats/make.h"
#include "pleats/pleats.h"
#include "pleats/search.h"
#include "theory/bounds/active_sets.h"

/* A pool on units, a residual branch, a max-pool of the input. */
static pleats_status bound_all(pleats_ctx *ctx, const places *at)
{
    static const char *const text[] = {
        "cnn:in=1x3/conv=1@2/relu/maxpool=2/conv=1@1/relu",
        "cnn:in=1x2/conv=1@1/relu/res{conv=1@1/hardtanh}/fc=1/relu",
        "cnn:in=1x3/maxpool=2,s=1/fc=2/relu", "cnn:in=1x3x3/conv=2@2x2/relu"};
    pleats_status status = PLEATS_OK;
    pleats_spec *spec = NULL;
    pleats_bounds_result result = {0};
    (void)at;
    for (size_t i = 0; i < sizeof text / sizeof *text; i++) {
        TRY(pleats_spec_parse(ctx, text[i], &spec));
        TRY(pleats_bounds_of(ctx, spec, NULL, NULL, &result));
        assert_non_null(result.best_upper);
        pleats_bounds_result_clear(ctx, &result);
        pleats_spec_free(ctx, spec);
        spec = NULL;
    }
done:
    pleats_bounds_result_clear(ctx, &result);
    pleats_spec_free(ctx, spec);
    return status;
}

/* Strips, which a small budget leads to, after all and pairs. */
static pleats_status bound_by_strips(pleats_ctx *ctx, const places *at)
{
    pleats_status status = PLEATS_OK;
    pleats_spec *spec = NULL;
    pleats_sets_form form = PLEATS_SETS_NONE;
    mpz_t value;
    (void)at;
    mpz_init(value);
    TRY(pleats_spec_parse(
        ctx, "cnn:in=1x7/conv=2@2/relu/conv=2@2/relu/conv=2@2/relu", &spec));
    TRY(pleats_active_sets(ctx, spec, INT64_MAX, 300000, value, &form));
    assert_int_equal(form, PLEATS_SETS_STRIPS);
done:
    mpz_clear(value);
    pleats_spec_free(ctx, spec);
    return status;
}

static pleats_status fold(pleats_ctx *ctx, const places *at)
{
    pleats_status status = PLEATS_OK;
    pleats_spec *spec = NULL;
    pleats_net *net = NULL;
    (void)at;
    TRY(pleats_spec_parse(ctx, "mlp:1,3,3,1", &spec));
    TRY(pleats_net_folds(ctx, spec, 1, &net));
done:
    pleats_net_free(ctx, net);
    pleats_spec_free(ctx, spec);
    return status;
}

static pleats_status search(pleats_ctx *ctx, const places *at)
{
    const pleats_search_options options = {.starts = 1, .patience = 2};
    const pleats_limits limits = {.threads = 1};
    pleats_status status = PLEATS_OK;
    pleats_spec *spec = NULL;
    pleats_search_result result = {0};
    (void)at;
    TRY(pleats_spec_parse(ctx, "mlp:1,2,1", &spec));
    TRY(pleats_search(ctx, spec, &options, &limits, &result));
    assert_non_null(result.net);
done:
    pleats_search_result_clear(ctx, &result);
    pleats_spec_free(ctx, spec);
    return status;
}

static pleats_status count_maxima(pleats_ctx *ctx, const places *at)
{
    pleats_status status = PLEATS_OK;
    pleats_spec *spec = NULL;
    pleats_one_layer_result result = {0};
    (void)at;
    TRY(pleats_spec_parse(ctx, "mlp:2,2,1:maxout=2", &spec));
    TRY(pleats_count_one_layer(ctx, spec, NULL, NULL, &result));
done:
    pleats_one_layer_result_clear(ctx, &result);
    pleats_spec_free(ctx, spec);
    return status;
}

TEST_OF(bound_all)
TEST_OF(bound_by_strips)
TEST_OF(fold)
TEST_OF(search)
TEST_OF(count_maxima)

int main(void)
{
    places at = {0};
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(test_bound_all, &at),
        cmocka_unit_test_prestate(test_bound_by_strips, &at),
        cmocka_unit_test_prestate(test_fold, &at),
        cmocka_unit_test_prestate(test_search, &at),
        cmocka_unit_test_prestate(test_count_maxima, &at),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
