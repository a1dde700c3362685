/* Upper bounds by sets of active units, with pools and flat pieces: the values
 * of the reference text's tables (sections 13 to 15), which were worked out by
 * another program, and the forms of the sum. */
#include "bound_of.h"

#include "theory/bounds/active_sets.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

typedef struct {
    const char *spec, *name, *value;
} line;

static void check_lines(pleats_ctx *ctx, const line *lines, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        pleats_bounds_result r = bounds_of_text(ctx, lines[i].spec);
        const pleats_bound *b = bound_of(&r, lines[i].name);
        if (strcmp(b->applies ? b->value : "-", lines[i].value) != 0)
            fail_msg("%s: %s is %s, not %s (%s)", lines[i].spec, lines[i].name,
                     b->applies ? b->value : "-", lines[i].value, b->why);
        pleats_bounds_result_clear(ctx, &r);
    }
}

#define CHECK_LINES(ctx, lines)                                                \
    check_lines((ctx), (lines), sizeof(lines) / sizeof *(lines))

/* 1x4, two 1x2 filters, then d of them: docs/theory.md 4.5. */
static void two_layers(void **state)
{
    static const char *const counts[] = {"220",   "795",   "2380",  "5927",
                                         "12740", "24475", "43140", "71095"};
    static const char *const sets[] = {"220",   "753",   "2132",  "5075",
                                       "10540", "19725", "34068", "55247"};
    for (int d = 1; d <= 8; d++) {
        char spec[64];
        snprintf(spec, sizeof spec, "cnn:in=1x4/conv=2@2/relu/conv=%d@2/relu",
                 d);
        const line lines[] = {{spec, "conv-aware", counts[d - 1]},
                              {spec, "active-sets", sets[d - 1]}};
        CHECK_LINES(*state, lines);
    }
}

static void more_layers(void **state)
{
    static const line lines[] = {
        {"cnn:in=1x6/conv=1@2/relu/conv=1@2/relu/conv=1@2/relu/conv=1@2/relu",
         "conv-aware", "8305"},
        {"cnn:in=1x6/conv=1@2/relu/conv=1@2/relu/conv=1@2/relu/conv=1@2/relu",
         "active-sets", "3864"},
        {"cnn:in=1x6/conv=1@2/relu/conv=3@2/relu/conv=1@2/relu", "conv-aware",
         "67743"},
        {"cnn:in=1x6/conv=1@2/relu/conv=3@2/relu/conv=1@2/relu", "active-sets",
         "38462"},
        {"cnn:in=1x5/conv=1@2/relu/conv=4@2/relu", "conv-aware", "2286"},
        {"cnn:in=1x5/conv=1@2/relu/conv=4@2/relu", "active-sets", "1612"},
        {"cnn:in=1x4/conv=1@2/relu/conv=1@2/relu/conv=1@2/relu", "active-sets",
         "41"},
        {"cnn:in=1x3/conv=1@3,p=1/relu/conv=1@3,p=1/relu", "active-sets", "40"},
        {"cnn:in=1x8/conv=2@3/relu/conv=2@3/relu", "conv-aware", "857360"},
        {"cnn:in=1x8/conv=2@3/relu/conv=2@3/relu", "active-sets", "790521"},
    };
    CHECK_LINES(*state, lines);
}

/* Two dimensions and groups, worked out by another program that goes through
 * all sets and finds disjoint paths by augmentation. */
static void planes_and_groups(void **state)
{
    static const line lines[] = {
        {"cnn:in=1x2x2/conv=1@2x2,p=1/relu/conv=1@2x2/relu", "active-sets",
         "3552"},
        {"cnn:in=2x3/conv=2@1,g=2/relu/conv=2@2/relu", "active-sets", "786"},
        {"cnn:in=1x3/conv=1@2,p=0:1/relu/"
         "res{conv=1@2,p=0:1/relu/conv=1@1}/conv=2@1/relu",
         "active-sets", "512"},
    };
    CHECK_LINES(*state, lines);
}

/* Of fully connected layers it is Serra's. */
static void fully_connected(void **state)
{
    static const line lines[] = {
        {"mlp:2,4,4,4,1", "active-sets", "1331"},
        {"mlp:3,4,4,4,1", "active-sets", "1631"},
        {"mlp:4,6,16,1", "active-sets", "71369"},
        {"mlp:5,3,5,2,1", "active-sets", "351"},
        {"mlp:10,10,10,10,1", "active-sets", "365139905"},
        {"mlp:784,21,1,10", "active-sets", "4194303"},
    };
    CHECK_LINES(*state, lines);
}

/* ReLU before a max-pool: docs/theory.md 4.4. */
static void pools(void **state)
{
    static const line lines[] = {
        {"cnn:in=1x6/conv=2@3/relu/maxpool=2", "conv-aware", "3734"},
        {"cnn:in=1x6/conv=2@3/relu/maxpool=2", "active-sets", "614"},
        {"cnn:in=1x5/conv=2@2/relu/maxpool=2", "conv-aware", "3160"},
        {"cnn:in=1x5/conv=2@2/relu/maxpool=2", "active-sets", "551"},
        {"cnn:in=1x4/conv=2@3,p=1/relu/maxpool=2", "conv-aware", "2576"},
        {"cnn:in=1x4/conv=2@3,p=1/relu/maxpool=2", "active-sets", "496"},
        {"cnn:in=1x5/conv=1@3,p=1/relu/maxpool=5", "conv-aware", "156"},
        {"cnn:in=1x5/conv=1@3,p=1/relu/maxpool=5", "active-sets", "81"},
        /* One window of k = 5: k 2^(k-1) + 1 = 81 without a matroid. */
        {"cnn:in=1x5/conv=1@3,p=1/relu/maxpool=5", "pooled-units", "81"},
        /* Units of three pieces: (1 + 2)^5 - (1 + 4 ... ) by hand: sum over
         * i < 5 of C(5, i) (5 - i) 2^i + 2^5 = 5 3^4 + 32. */
        {"cnn:in=1x5/conv=1@3,p=1/relu6/maxpool=5", "pooled-units", "437"},
        /* A constant candidate in each of two windows: off, below, above. */
        {"cnn:in=1x2/conv=1@1,p=1/relu/maxpool=2", "active-sets", "9"},
        /* Windows 12 and 23 of three inputs: 4 with all active, 2, 1, 2 with
         * two, 1 each with one or none; without a matroid (2 + 2 + 1) 2 for
         * one window and the input beside it, times 2 for the other. */
        {"cnn:in=1x3/conv=1@1/relu/maxpool=2,s=1", "active-sets", "13"},
        {"cnn:in=1x3/conv=1@1/relu/maxpool=2,s=1", "pooled-units", "20"},
    };
    CHECK_LINES(*state, lines);
}

/* Twice a bound in one dimension less: on the plane two lines, each with
 * (4 + 1)^2 intervals at most [docs/theory.md 4.7]. */
static void without_biases(void **state)
{
    static const line lines[] = {
        {"cnn:in=2/fc=4,nobias/relu/fc=4,nobias/relu", "cones", "50"},
        {"cnn:in=2/fc=4,nobias/abs/fc=4,nobias/leakyrelu", "cones", "50"},
        {"cnn:in=2/fc=4,nobias/relu/fc=4/relu", "cones", "-"},
        {"cnn:in=1/fc=4,nobias/relu/fc=4,nobias/relu", "cones", "2"},
    };
    CHECK_LINES(*state, lines);
}

static void near(pleats_ctx *ctx, const char *spec, const char *name,
                 double log10)
{
    pleats_bounds_result r = bounds_of_text(ctx, spec);
    const pleats_bound *b = bound_of(&r, name);
    if (!b->applies || fabs(b->log10 - log10) > 0.0051)
        fail_msg("%s: %s is 10^%g, not 10^%g", spec, name, b->log10, log10);
    pleats_bounds_result_clear(ctx, &r);
}

static void large_pools(void **state)
{
    near(*state, "cnn:in=1x6x6/conv=8@3x3/relu/maxpool=2", "conv-aware", 51.24);
    near(*state, "cnn:in=1x6x6/conv=8@3x3/relu/maxpool=2", "pooled-units",
         46.21);
    near(*state, "cnn:in=1x8x8/conv=4@3x3,p=1/relu/maxpool=2", "conv-aware",
         99.98);
    near(*state, "cnn:in=1x8x8/conv=4@3x3,p=1/relu/maxpool=2", "pooled-units",
         90.79);
}

/* Pieces of slope zero: docs/theory.md 4.3. */
static void flat_pieces(void **state)
{
    static const line lines[] = {
        {"mlp:3,3,3,1:hardtanh", "montufar-2017", "729"},
        {"mlp:3,3,3,1:hardtanh", "flat-pieces", "233"},
        {"mlp:3,3,3,1:hardtanh", "active-sets", "233"},
        {"mlp:3,3,3,1:relu6", "flat-pieces", "233"},
        {"mlp:3,3,3,1:leakyrelu", "flat-pieces", "-"},
    };
    CHECK_LINES(*state, lines);
    near(*state, "mlp:10,10,10,10,1:hardtanh", "montufar-2017", log10(2.06e14));
    near(*state, "mlp:10,10,10,10,1:hardtanh", "flat-pieces", log10(2.88e12));
}

/* A unit of p = 3 pieces, f = 1 flat, two layers of one unit on a line:
 * R(1,1) = R(2,1) + (p-1-f) R(2,1) + f R(2,0) = 3 + 3 + 1. */
static void one_flat_piece(void **state)
{
    pleats_ctx *ctx = *state;
    pleats_spec *spec = NULL;
    pleats_sets_form form = PLEATS_SETS_NONE;
    mpz_t value;
    mpz_init(value);
    const pleats_shape input = {1, 0, {1, 1, 1}};
    const pleats_layer_spec fc = {
        .kind = PLEATS_LAYER_FC, .out = {.channels = 1}, .has_bias = true};
    const pleats_layer_spec act = {.kind = PLEATS_LAYER_ACTIVATION,
                                   .activation = PLEATS_ACT_PL,
                                   .pieces = 3,
                                   .flat = 1};
    need_ok(ctx, pleats_spec_new(ctx, &input, &spec));
    for (int i = 0; i < 2; i++) {
        need_ok(ctx, pleats_spec_add(ctx, spec, &fc));
        need_ok(ctx, pleats_spec_add(ctx, spec, &act));
    }
    need_ok(ctx, pleats_spec_end(ctx, spec, NULL));
    need_ok(ctx,
            pleats_active_sets(ctx, spec, INT64_MAX, 1000000, value, &form));
    assert_int_equal(form, PLEATS_SETS_ALL);
    assert_int_equal(mpz_get_ui(value), 7);
    pleats_bounds_result r = {0};
    need_ok(ctx, pleats_bounds_of(ctx, spec, NULL, NULL, &r));
    assert_string_equal(bound_of(&r, "flat-pieces")->value, "7");
    pleats_bounds_result_clear(ctx, &r);
    mpz_clear(value);
    pleats_spec_free(ctx, spec);
}

static pleats_sets_form sets_within(pleats_ctx *ctx, const char *text,
                                    uint64_t budget, mpz_t value)
{
    pleats_spec *spec = NULL;
    pleats_sets_form form = PLEATS_SETS_NONE;
    need_ok(ctx, pleats_spec_parse(ctx, text, &spec));
    need_ok(ctx,
            pleats_active_sets(ctx, spec, INT64_MAX, budget, value, &form));
    pleats_spec_free(ctx, spec);
    return form;
}

/* Within less and less steps: the sum, pairs, strips, nothing; none is below
 * the sum, and pairs not above Theorem C. */
static void forms(void **state)
{
    static const char text[] =
        "cnn:in=1x7/conv=2@2/relu/conv=2@2/relu/conv=2@2/relu/conv=2@2/relu/"
        "conv=2@2/relu";
    pleats_ctx *ctx = *state;
    bool seen[PLEATS_SETS_NONE + 1] = {false};
    pleats_bounds_result r = bounds_of_text(ctx, text);
    mpz_t all, value, counts;
    mpz_inits(all, value, counts, NULL);
    mpz_set_str(counts, bound_of(&r, "conv-aware")->value, 10);
    assert_int_equal(sets_within(ctx, text, UINT64_MAX, all), PLEATS_SETS_ALL);
    for (double budget = 2e7; budget > 1e5; budget /= 1.3) {
        pleats_sets_form form = sets_within(ctx, text, (uint64_t)budget, value);
        seen[form] = true;
        if (form == PLEATS_SETS_NONE)
            continue;
        assert_true(mpz_cmp(value, all) >= 0);
        assert_true(form == PLEATS_SETS_STRIPS || mpz_cmp(value, counts) <= 0);
    }
    assert_true(seen[PLEATS_SETS_ALL] && seen[PLEATS_SETS_PAIRS] &&
                seen[PLEATS_SETS_STRIPS] && seen[PLEATS_SETS_NONE]);
    mpz_clears(all, value, counts, NULL);
    pleats_bounds_result_clear(ctx, &r);
}

/* Windows over so many of the same cells that their joint patterns pass a
 * word: the sums of docs/theory.md 4.4 (4), by a program that goes through the
 * sets of active units. */
static void many_patterns(void **state)
{
    static const char *const cases[][2] = {
        {"cnn:in=1x3/conv=1@1/relu/maxpool=12,s=1,p=11", "241320"},
        {"cnn:in=1x3/conv=1@1/relu/maxpool=45,s=1,p=44",
         "1313027913558613421552"},
        {"cnn:in=1x8/conv=1@1/relu/maxpool=40,s=1,p=39",
         "16381592806228511948318395557522154769"},
    };
    mpz_t value, expected;
    mpz_inits(value, expected, NULL);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(sets_within(*state, cases[i][0], UINT64_MAX, value),
                         PLEATS_SETS_ALL);
        mpz_set_str(expected, cases[i][1], 10);
        if (mpz_cmp(value, expected) != 0)
            fail_msg("%s: %s expected", cases[i][0], cases[i][1]);
    }
    mpz_clears(value, expected, NULL);
}

int main(void)
{
    pleats_ctx *ctx = need_ctx();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(two_layers, ctx),
        cmocka_unit_test_prestate(more_layers, ctx),
        cmocka_unit_test_prestate(planes_and_groups, ctx),
        cmocka_unit_test_prestate(fully_connected, ctx),
        cmocka_unit_test_prestate(pools, ctx),
        cmocka_unit_test_prestate(large_pools, ctx),
        cmocka_unit_test_prestate(without_biases, ctx),
        cmocka_unit_test_prestate(flat_pieces, ctx),
        cmocka_unit_test_prestate(one_flat_piece, ctx),
        cmocka_unit_test_prestate(forms, ctx),
        cmocka_unit_test_prestate(many_patterns, ctx),
    };
    return RUN(tests, ctx);
}
