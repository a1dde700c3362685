/* States as signed sums of chain states: where that can be done, and that the
 * programme has the same sums with and without. */
#include "unit.h"

#include "base/rng.h"
#include "layers.h"
#include "theory/layer/chains.h"
#include "theory/layer/frontier.h"

/* In how many places a run is expanded, and its sum. */
static size_t run(pleats_ctx *ctx, const pleats_component *c, int64_t filters,
                  unsigned long shift, pleats_expansion expansion, mpz_t sum)
{
    pleats_frontier_plan plan;
    pleats_frontier_cost cost = {.expansion = expansion};
    pleats_weights weights;
    assert_int_equal(pleats_frontier_plan_init(ctx, &plan, c), PLEATS_OK);
    assert_int_equal(
        pleats_weights_init(ctx, &weights, filters, 1, shift, filters),
        PLEATS_OK);
    assert_int_equal(
        pleats_frontier_run(ctx, &plan, &weights, &cost, NULL, sum), PLEATS_OK);
    pleats_weights_clear(ctx, &weights);
    pleats_frontier_plan_clear(ctx, &plan);
    return cost.n_expanded;
}

/* In how many places a run is always expanded; in fewer, of which it says the
 * number, where that makes fewer states.  The sums are the same. */
static size_t compare(pleats_ctx *ctx, const pleats_conv_layer *l,
                      unsigned long shift, size_t *n_fewer)
{
    mpz_t want, got;
    size_t n_chains = 0;
    pleats_windows windows;
    *n_fewer = 0;
    mpz_inits(want, got, NULL);
    assert_int_equal(pleats_windows_init(ctx, &windows, l), PLEATS_OK);
    for (pleats_idx i = 0; i < windows.n; i++) {
        const pleats_component *c = &windows.component[i];
        const int64_t filters = l->conv.filters;
        assert_int_equal(run(ctx, c, filters, shift, PLEATS_EXPAND_NEVER, want),
                         0);
        n_chains += run(ctx, c, filters, shift, PLEATS_EXPAND_ALWAYS, got);
        assert_true(mpz_cmp(want, got) == 0);
        *n_fewer += run(ctx, c, filters, shift, PLEATS_EXPAND_WHERE_FEWER, got);
        assert_true(mpz_cmp(want, got) == 0);
    }
    pleats_windows_clear(ctx, &windows);
    mpz_clears(want, got, NULL);
    return n_chains;
}

static pleats_conv_layer layer(const char *input, const char *kernel,
                               int64_t filters)
{
    const layer_row row = {.input = input,
                           .kernel = kernel,
                           .stride = 1,
                           .dilation = 1,
                           .channels = 1,
                           .filters = filters,
                           .pieces = 2};
    return layer_of_row(&row);
}

static void sums_are_the_same(void **state)
{
    pleats_ctx *ctx = *state;
    size_t n_fewer;
    pleats_conv_layer l = layer("6x6", "3x3", 8);
    assert_int_equal(compare(ctx, &l, 0, &n_fewer), 3);
    assert_int_equal(n_fewer, 2); /* not behind the first row */
    assert_int_equal(compare(ctx, &l, 64, &n_fewer), 3);
    l = layer("5x7", "3x3", 1000); /* weights of two words */
    assert_int_equal(compare(ctx, &l, 0, &n_fewer), 4);
    l = layer("5x5", "2x2", 4);
    assert_true(compare(ctx, &l, 0, &n_fewer) > 0);
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
    size_t n_chains = 0, n_fewer;
    for (int i = 0; i < 150; i++) {
        pleats_conv_layer l = layer("6x6", "3x3", draw(&rng, 1, 5));
        l.in.channels = draw(&rng, 1, 3);
        for (int d = 0; d < 2; d++) {
            l.in.size[d] = draw(&rng, 3, 6);
            l.conv.kernel[d] = draw(&rng, 1, 3);
            l.conv.stride[d] = draw(&rng, 1, 2);
            l.conv.pad_lo[d] = draw(&rng, 0, 1);
            l.conv.pad_hi[d] = draw(&rng, 0, 1);
        }
        n_chains += compare(ctx, &l, 0, &n_fewer);
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
    for (size_t s = 0; s < chains->n; s++)
        chains->set[s].less_image = chains->set[s].less;
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
    const char *input[] = {"8x4", "8x5", "8x6"};
    const size_t rank[] = {33, 163, 813};
    pleats_ctx *ctx = *state;
    for (pleats_idx n = 2; n <= 4; n++) {
        const pleats_conv_layer l = layer(input[n - 2], "3x3", 9);
        pleats_windows windows;
        assert_int_equal(pleats_windows_init(ctx, &windows, &l), PLEATS_OK);
        assert_int_equal(chain_states(ctx, &windows.component[0], 3 * n),
                         rank[n - 2]);
        pleats_windows_clear(ctx, &windows);
    }
}

/* Three cells, one of a window each so far; to come are windows that have the
 * kept sets on the boundary. */
static bool has_chains(pleats_ctx *ctx, const uint64_t *kept, size_t n_kept,
                       const uint64_t *behind, size_t n_behind)
{
    int64_t capacity[] = {2, 2, 2};
    const pleats_component c = {.n_atoms = 3, .capacity = capacity};
    pleats_seam seam = {.ahead.n_words = 1, .behind.n_words = 1};
    uint32_t number[8];
    pleats_chains *chains = NULL;
    for (uint32_t i = 0; i < n_kept; i++) {
        number[i] = i;
        assert_int_equal(pleats_family_add(ctx, &seam.ahead, &kept[i], 8),
                         PLEATS_OK);
    }
    for (size_t i = 0; i < n_behind; i++)
        assert_int_equal(pleats_family_add(ctx, &seam.behind, &behind[i], 8),
                         PLEATS_OK);
    seam.number = seam.kept = number;
    seam.n_kept = n_kept;
    assert_int_equal(pleats_chains_init(ctx, &chains, &c, &seam, NULL),
                     PLEATS_OK);
    const bool is_there = chains;
    pleats_release(ctx, chains);
    pleats_family_clear(ctx, &seam.ahead);
    pleats_family_clear(ctx, &seam.behind);
    return is_there;
}

static void sets_that_have_chains(void **state)
{
    const uint64_t behind[] = {0, 1, 2, 3, 4, 5, 6, 7};
    const uint64_t closed[] = {0, 1, 2, 3}, open[] = {0, 1, 2, 7};
    assert_true(has_chains(*state, closed, 4, behind, 8));
    assert_false(has_chains(*state, open, 4, behind, 8));
    assert_false(has_chains(*state, closed, 4, behind, 3));
    assert_false(has_chains(*state, closed, 4, behind, 0));
    assert_false(has_chains(*state, closed, 2, behind, 8));
}

int main(void)
{
    pleats_ctx *ctx = need_ctx();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(sets_that_have_chains, ctx),
        cmocka_unit_test_prestate(sums_are_the_same, ctx),
        cmocka_unit_test_prestate(sums_of_random_layers, ctx),
        cmocka_unit_test_prestate(chain_states_are_a_basis, ctx),
    };
    return RUN(tests, ctx);
}
