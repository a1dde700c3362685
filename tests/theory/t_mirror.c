/* The reflection of layers: where there is one, what it does to the sets of a
 * state, and that states merged by it give the sum of plain states. */
#include "unit.h"

#include "theory/layer/frontier.h"
#include "theory/layer/mirror.h"

/* Two rows of two windows: a column of two has atom 0 or 1, a row 2 or 3. */
static pleats_idx start[] = {0, 2, 4, 6, 8};
static pleats_idx atom[] = {0, 2, 1, 2, 0, 3, 1, 3};

static pleats_component square(int64_t *capacity)
{
    return (pleats_component){.n_windows = 4,
                              .n_atoms = 4,
                              .start = start,
                              .atom = atom,
                              .capacity = capacity,
                              .multiplicity = 1};
}

static void reflects_atoms(void **state)
{
    pleats_ctx *ctx = *state;
    const pleats_idx want[] = {1, 0, 2, 3};
    int64_t capacity[] = {2, 2, 3, 4};
    const pleats_component c = square(capacity);
    pleats_mirror mirror;
    assert_int_equal(pleats_mirror_init(ctx, &mirror, &c), PLEATS_OK);
    assert_int_equal(mirror.length, 2);
    assert_memory_equal(mirror.atom, want, sizeof want);
    pleats_mirror_clear(ctx, &mirror);
    capacity[1] = 1;
    assert_int_equal(pleats_mirror_init(ctx, &mirror, &c), PLEATS_OK);
    assert_int_equal(mirror.length, 0);
    pleats_mirror_clear(ctx, &mirror);
}

/* The boundary behind the first row: the unions of the two columns. */
static void reflects_kept_sets(void **state)
{
    pleats_ctx *ctx = *state;
    const uint32_t want[] = {0, 2, 1, 3};
    int64_t capacity[] = {2, 2, 3, 4};
    uint32_t number[] = {0, 1, 2, 3}, kept[] = {0, 1, 2, 3}, *image = NULL;
    const pleats_component c = square(capacity);
    pleats_mirror mirror;
    pleats_seam seam = {
        .ahead.n_words = 1, .n_kept = 4, .number = number, .kept = kept};
    assert_int_equal(pleats_mirror_init(ctx, &mirror, &c), PLEATS_OK);
    for (uint64_t set = 0; set < 4; set++)
        assert_int_equal(pleats_family_add(ctx, &seam.ahead, &set, 4),
                         PLEATS_OK);
    assert_int_equal(pleats_mirror_seam(ctx, &mirror, &seam, 2, &image),
                     PLEATS_OK);
    assert_memory_equal(image, want, sizeof want);
    pleats_release(ctx, image);
    assert_int_equal(pleats_mirror_seam(ctx, &mirror, &seam, 1, &image),
                     PLEATS_OK);
    assert_null(image);
    number[2] = PLEATS_NOT_KEPT; /* one column, but not the other */
    number[3] = 2;
    kept[2] = 3;
    seam.n_kept = 3;
    assert_int_equal(pleats_mirror_seam(ctx, &mirror, &seam, 2, &image),
                     PLEATS_OK);
    assert_null(image);
    pleats_family_clear(ctx, &seam.ahead);
    pleats_mirror_clear(ctx, &mirror);
}

/* States of the largest frontier, with those of all levels when `all`. */
static size_t run(pleats_ctx *ctx, const pleats_component *c, int64_t filters,
                  bool all, mpz_t sum)
{
    pleats_frontier_plan plan;
    pleats_frontier_cost cost = {.expansion = PLEATS_EXPAND_NEVER};
    pleats_weights weights;
    pleats_level level[64] = {0};
    assert_true(c->n_windows < 64);
    assert_int_equal(pleats_frontier_plan_init(ctx, &plan, c), PLEATS_OK);
    assert_int_equal(pleats_weights_init(ctx, &weights, filters, 1, 0, filters),
                     PLEATS_OK);
    assert_int_equal(pleats_frontier_run(ctx, &plan, &weights, &cost,
                                         all ? level : NULL, sum),
                     PLEATS_OK);
    for (size_t i = 0; i < 64; i++)
        pleats_level_clear(ctx, &level[i]);
    pleats_weights_clear(ctx, &weights);
    pleats_frontier_plan_clear(ctx, &plan);
    return cost.most;
}

typedef struct {
    int64_t size[2], kernel[2], pad_lo[2], filters;
    bool merges;
} planar;

static pleats_conv_layer layer_of(const planar *p)
{
    pleats_conv_layer l = {
        .in = {.channels = 1, .n_spatial = 2},
        .conv = {.filters = p->filters, .groups = 1, .has_bias = true},
        .pieces = 2};
    for (int d = 0; d < 2; d++) {
        l.in.size[d] = p->size[d];
        l.conv.kernel[d] = p->kernel[d];
        l.conv.stride[d] = l.conv.dilation[d] = 1;
        l.conv.pad_lo[d] = p->pad_lo[d];
    }
    return l;
}

static void merged_states_give_the_sum(void **state)
{
    pleats_ctx *ctx = *state;
    const planar layers[] = {{{6, 6}, {3, 3}, {0, 0}, 8, true},
                             {{5, 6}, {3, 2}, {0, 0}, 5, true},
                             {{6, 4}, {2, 2}, {0, 0}, 2, true},
                             {{6, 5}, {3, 3}, {1, 0}, 3, true},
                             {{5, 5}, {3, 3}, {1, 1}, 3, false}};
    mpz_t merged, plain;
    mpz_inits(merged, plain, NULL);
    for (size_t i = 0; i < sizeof layers / sizeof *layers; i++) {
        const pleats_conv_layer l = layer_of(&layers[i]);
        pleats_windows windows;
        assert_int_equal(pleats_windows_init(ctx, &windows, &l), PLEATS_OK);
        assert_int_equal(windows.n, 1);
        const pleats_component *c = &windows.component[0];
        const size_t n = run(ctx, c, layers[i].filters, false, merged);
        const size_t most = run(ctx, c, layers[i].filters, true, plain);
        assert_true(layers[i].merges ? n < most : n == most);
        assert_true(mpz_cmp(merged, plain) == 0);
        pleats_windows_clear(ctx, &windows);
    }
    mpz_clears(merged, plain, NULL);
}

int main(void)
{
    pleats_ctx *ctx = need_ctx();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(reflects_atoms, ctx),
        cmocka_unit_test_prestate(reflects_kept_sets, ctx),
        cmocka_unit_test_prestate(merged_states_give_the_sum, ctx),
    };
    return RUN(tests, ctx);
}
