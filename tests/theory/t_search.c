/* The search for weights with many regions: known maxima are found, the answer
 * does not depend on threads, and a witness has what is said of it. */
#include "bound_of.h"
#include "counts.h"
#include "domains.h"

#include "net/net.h"
#include "pleats/make.h"
#include "pleats/search.h"

#include <stdlib.h>

static pleats_search_result search_in(pleats_ctx *ctx, const char *text,
                                      const pleats_search_options *options,
                                      int32_t threads)
{
    pleats_spec *spec = NULL;
    pleats_search_result r = {0};
    need_ok(ctx, pleats_spec_parse(ctx, text, &spec));
    need_ok(ctx, pleats_search(ctx, spec, options,
                               &(pleats_limits){.threads = threads}, &r));
    pleats_spec_free(ctx, spec);
    return r;
}

static pleats_search_result search(pleats_ctx *ctx, const char *text,
                                   const pleats_search_options *options)
{
    return search_in(ctx, text, options, 0);
}

/* The four two-layer maxima of docs/theory.md 5.3, where a witness meets an
 * upper bound. */
static void known_maxima(void **state)
{
    static const char *const row[][2] = {
        {"cnn:in=1x3/conv=1@2/relu/conv=1@2/relu", "7"},
        {"cnn:in=1x3/conv=1@2/relu/conv=2@2/relu", "11"},
        {"cnn:in=1x4/conv=1@2/relu/conv=1@3/relu", "15"},
        {"cnn:in=1x3x3/conv=1@2x2/relu/conv=1@2x2/relu", "31"}};
    for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
        pleats_search_result r = search(*state, row[i][0], NULL);
        assert_string_equal(r.best, row[i][1]);
        assert_true(r.is_exact && !r.stopped);
        pleats_search_result_clear(*state, &r);
    }
}

/* At least what climbing found elsewhere: 199 for d = 1; with three starts of a
 * few hundred moves half of that. */
static void climbs(void **state)
{
    const pleats_search_options options = {.starts = 3, .patience = 200};
    pleats_search_result r =
        search(*state, "cnn:in=1x4/conv=2@2/relu/conv=1@2/relu", &options);
    assert_true(atol(r.best) >= 180 && atol(r.best) <= 220);
    assert_int_equal(r.starts, 3);
    assert_true(r.counts > 600);
    pleats_search_result_clear(*state, &r);
}

/* The count of the witness, worked out anew from what is written. */
static void witness(void **state)
{
    pleats_ctx *ctx = *state;
    const pleats_search_options options = {.starts = 2, .patience = 50};
    pleats_search_result r = search(ctx, "mlp:2,3,3,1", &options);
    pleats_domain *space = domain_all(ctx, 2);
    counts c = count_net(ctx, r.net, space, false, true);
    assert_int_equal(c.regions, atol(r.best));
    pleats_domain_clear(ctx, space);

    pleats_spec *spec = NULL;
    pleats_bounds_result bounds = {0};
    need_ok(ctx, pleats_spec_parse(ctx, "mlp:2,3,3,1", &spec));
    need_ok(ctx, pleats_bounds_of(ctx, spec,
                                  &(pleats_bounds_options){.witness = r.net},
                                  NULL, &bounds));
    assert_string_equal(bound_of(&bounds, "witness")->value, r.best);
    pleats_bounds_result_clear(ctx, &bounds);
    pleats_spec_free(ctx, spec);
    need_ok(ctx, pleats_spec_parse(ctx, "mlp:2,3,4,1", &spec));
    assert_int_equal(
        pleats_bounds_of(ctx, spec, &(pleats_bounds_options){.witness = r.net},
                         NULL, &bounds),
        PLEATS_INVALID);
    pleats_bounds_result_clear(ctx, &bounds);
    pleats_spec_free(ctx, spec);
    pleats_search_result_clear(ctx, &r);
}

/* Seeds, not threads, tell the answer; pieces are not more than regions. */
static void same_for_threads(void **state)
{
    pleats_search_options options = {.starts = 6, .patience = 60, .seed = 5};
    static const char text[] = "mlp:2,4,3,1";
    pleats_search_result one = search_in(*state, text, &options, 1);
    pleats_search_result four = search_in(*state, text, &options, 4);
    assert_string_equal(one.best, four.best);
    assert_int_equal(one.start, four.start);
    assert_int_equal(one.counts, four.counts);
    pleats_search_result_clear(*state, &four);
    options.seed = 6;
    four = search_in(*state, text, &options, 4);
    assert_true(one.counts != four.counts);
    pleats_search_result_clear(*state, &four);
    options.pieces = true;
    four = search_in(*state, text, &options, 4);
    assert_true(atol(four.best) > 8 && atol(four.best) <= atol(four.upper));
    pleats_search_result_clear(*state, &four);
    pleats_search_result_clear(*state, &one);
}

/* Climb by climb: a later one takes over where it has more, not where it has as
 * many, which some of so few moves have. */
static void first_of_equal(void **state)
{
    long best = 0;
    uint64_t start = 0;
    for (uint64_t n = 1; n <= 16; n++) {
        const pleats_search_options options = {.starts = n, .patience = 5};
        pleats_search_result r = search(*state, "mlp:2,3,2,1", &options);
        const long now = atol(r.best);
        assert_int_equal(r.starts, n);
        assert_true(now >= best);
        assert_int_equal(r.start, now > best ? n - 1 : start);
        best = now;
        start = r.start;
        pleats_search_result_clear(*state, &r);
    }
}

static void nothing_to_choose(void **state)
{
    pleats_spec *spec = NULL;
    pleats_search_result r = {0};
    need_ok(*state, pleats_spec_parse(*state, "cnn:in=1x4/maxpool=2", &spec));
    assert_int_equal(pleats_search(*state, spec, NULL, NULL, &r),
                     PLEATS_INVALID);
    pleats_search_result_clear(*state, &r);
    pleats_spec_free(*state, spec);
}

int main(void)
{
    pleats_ctx *ctx = need_ctx();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(known_maxima, ctx),
        cmocka_unit_test_prestate(climbs, ctx),
        cmocka_unit_test_prestate(witness, ctx),
        cmocka_unit_test_prestate(same_for_threads, ctx),
        cmocka_unit_test_prestate(first_of_equal, ctx),
        cmocka_unit_test_prestate(nothing_to_choose, ctx)};
    return RUN(tests, ctx);
}
