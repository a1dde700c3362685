/* States as signed sums of chain states: where that can be done, and that the
 * programme has the same sums with and without. */
#include "unit.h"

#include "base/rng.h"
#include "theory/layer/chains.h"
#include "theory/layer/frontier.h"

#include <string.h>

/* In how many places a run may be expanded, and its sum. */
static size_t run(pleats_ctx *ctx, const pleats_component *c, int64_t filters,
                  unsigned long shift, pleats_expansion expansion, mpz_t sum)
{
    pleats_frontier_plan plan;
    pleats_frontier_cost cost = {.expansion = expansion};
    pleats_weights weights;
    size_t n_chains = 0;
    assert_int_equal(pleats_frontier_plan_init(ctx, &plan, c), PLEATS_OK);
    assert_int_equal(
        pleats_weights_init(ctx, &weights, filters, 1, shift, filters),
        PLEATS_OK);
    assert_int_equal(
        pleats_frontier_run(ctx, &plan, &weights, &cost, NULL, sum), PLEATS_OK);
    for (pleats_idx i = 0; i < plan.n; i++)
        n_chains += plan.step[i].chains != NULL;
    pleats_weights_clear(ctx, &weights);
    pleats_frontier_plan_clear(ctx, &plan);
    return n_chains;
}

static size_t compare(pleats_ctx *ctx, const pleats_conv_layer *l,
                      unsigned long shift)
{
    mpz_t want, got;
    size_t n_chains = 0;
    pleats_windows windows;
    mpz_inits(want, got, NULL);
    assert_int_equal(pleats_windows_init(ctx, &windows, l), PLEATS_OK);
    for (pleats_idx i = 0; i < windows.n; i++) {
        const pleats_component *c = &windows.component[i];
        const int64_t filters = l->conv.filters;
        run(ctx, c, filters, shift, PLEATS_EXPAND_NEVER, want);
        n_chains += run(ctx, c, filters, shift, PLEATS_EXPAND_ALWAYS, got);
        assert_true(mpz_cmp(want, got) == 0);
        run(ctx, c, filters, shift, PLEATS_EXPAND_WHERE_FEWER, got);
        assert_true(mpz_cmp(want, got) == 0);
    }
    pleats_windows_clear(ctx, &windows);
    mpz_clears(want, got, NULL);
    return n_chains;
}

static pleats_conv_layer layer(int64_t rows, int64_t columns, int64_t kernel,
                               int64_t stride, int64_t filters)
{
    return (pleats_conv_layer){
        .in = {.channels = 1, .n_spatial = 2, .size = {rows, columns}},
        .conv = {.filters = filters,
                 .groups = 1,
                 .has_bias = true,
                 .kernel = {kernel, kernel},
                 .stride = {stride, stride},
                 .dilation = {1, 1}},
        .pieces = 2};
}

static void sums_are_the_same(void **state)
{
    pleats_ctx *ctx = *state;
    pleats_conv_layer l = layer(6, 6, 3, 1, 8);
    assert_int_equal(compare(ctx, &l, 0), 3);
    assert_int_equal(compare(ctx, &l, 64), 3);
    l = layer(5, 7, 3, 1, 3);
    assert_true(compare(ctx, &l, 0) > 0);
    l = layer(5, 5, 2, 1, 4);
    assert_true(compare(ctx, &l, 0) > 0);
}

static int64_t draw(pleats_rng *rng, int64_t from, int64_t to)
{
    return from + (int64_t)pleats_rng_below(rng, (uint64_t)(to - from + 1));
}

static void sums_of_random_layers(void **state)
{
    pleats_ctx *ctx = *state;
    pleats_rng rng;
    pleats_rng_init(&rng, 3);
    size_t n_chains = 0;
    for (int i = 0; i < 150; i++) {
        pleats_conv_layer l =
            layer(draw(&rng, 3, 6), draw(&rng, 3, 6), 2, 1, draw(&rng, 1, 5));
        l.in.channels = draw(&rng, 1, 3);
        for (int d = 0; d < 2; d++) {
            l.conv.kernel[d] = draw(&rng, 1, 3);
            l.conv.stride[d] = draw(&rng, 1, 2);
            l.conv.pad_lo[d] = draw(&rng, 0, 1);
            l.conv.pad_hi[d] = draw(&rng, 0, 1);
        }
        n_chains += compare(ctx, &l, 0);
    }
    assert_true(n_chains > 100);
}

/* The states behind `rows` rows of windows as chain states, of which none are
 * merged with mirror images: their number.  To expand them again changes
 * nothing. */
static size_t chain_states(pleats_ctx *ctx, const pleats_component *c,
                           pleats_idx at)
{
    pleats_frontier_plan plan;
    pleats_frontier_cost cost = {0};
    pleats_weights weights;
    pleats_level level[64] = {0};
    mpz_t sum;
    bool is_done = false;
    mpz_init(sum);
    assert_int_equal(pleats_frontier_plan_init(ctx, &plan, c), PLEATS_OK);
    assert_int_equal(pleats_weights_init(ctx, &weights, 9, 1, 0, 9), PLEATS_OK);
    assert_int_equal(
        pleats_frontier_run(ctx, &plan, &weights, &cost, level, sum),
        PLEATS_OK);
    pleats_chains *chains = plan.step[at - 1].chains;
    assert_non_null(chains);
    memcpy(chains->less_image, chains->less, sizeof chains->less);
    pleats_level once = pleats_level_like(&level[at]);
    pleats_level twice = pleats_level_like(&level[at]);
    assert_int_equal(pleats_chains_expand(ctx, chains, &level[at], SIZE_MAX,
                                          &once, &is_done),
                     PLEATS_OK);
    assert_true(is_done);
    assert_int_equal(
        pleats_chains_expand(ctx, chains, &once, once.n + 1, &twice, &is_done),
        PLEATS_OK);
    assert_true(is_done);
    const size_t n = once.n;
    assert_int_equal(twice.n, n);
    for (size_t i = 0; i < n; i++)
        assert_memory_equal(pleats_level_record(&once, i),
                            pleats_level_record(&twice, i),
                            (once.n_words + once.n_limbs) * sizeof(uint64_t));
    pleats_level_clear(ctx, &twice);
    twice = pleats_level_like(&once);
    assert_int_equal(
        pleats_chains_expand(ctx, chains, &once, n, &twice, &is_done),
        PLEATS_OK);
    assert_false(is_done);
    pleats_level_clear(ctx, &once);
    pleats_level_clear(ctx, &twice);
    for (size_t i = 0; i < 64; i++)
        pleats_level_clear(ctx, &level[i]);
    pleats_weights_clear(ctx, &weights);
    pleats_frontier_plan_clear(ctx, &plan);
    mpz_clear(sum);
    return n;
}

/* With as many units as fit, states behind a row of 2, 3 and 4 windows have
 * ranks 33, 163 and 813, as functions of what may come (docs/performance.md);
 * chain states are as many. */
static void chain_states_are_a_basis(void **state)
{
    const size_t rank[] = {33, 163, 813};
    pleats_ctx *ctx = *state;
    for (pleats_idx n = 2; n <= 4; n++) {
        const pleats_conv_layer l = layer(8, n + 2, 3, 1, 9);
        pleats_windows windows;
        assert_int_equal(pleats_windows_init(ctx, &windows, &l), PLEATS_OK);
        assert_int_equal(chain_states(ctx, &windows.component[0], 3 * n),
                         rank[n - 2]);
        pleats_windows_clear(ctx, &windows);
    }
}

int main(void)
{
    pleats_ctx *ctx = need_ctx();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(sums_are_the_same, ctx),
        cmocka_unit_test_prestate(sums_of_random_layers, ctx),
        cmocka_unit_test_prestate(chain_states_are_a_basis, ctx),
    };
    return RUN(tests, ctx);
}
