/* Numbers of sets that relations between filters leave: never below those of
 * sets that are independent modulo a prime, and for the layers of the table in
 * docs/theory.md 3.3 equal to them. */
#include "unit.h"

#include "exact/integers.h"
#include "rng.h"
#include "spec/spec.h"
#include "theory/layer/generic.h"
#include "theory/layer/independence.h"
#include "theory/layer/one_layer.h"
#include "theory/layer/relations.h"

#include <stdio.h>

enum { CASES = 400, TEXT_BYTES = 64, MOST_UNITS = 16 };

static pleats_conv_layer layer_of(pleats_ctx *ctx, const char *text)
{
    pleats_spec *spec = NULL;
    pleats_placed_layer placed;
    need_ok(ctx, pleats_spec_parse(ctx, text, &spec));
    need_ok(ctx, pleats_layer_of_spec(ctx, spec, 0, &placed));
    pleats_spec_clear(ctx, spec);
    return placed.layer;
}

/* Whether there are relations; then checks them, and *equal says whether they
 * leave no more sets than are independent. */
static bool compare(pleats_ctx *ctx, const char *text, bool *equal)
{
    const pleats_conv_layer layer = layer_of(ctx, text);
    pleats_effort effort = {.seed = 3};
    pleats_independence above = {0}, generic = {0};
    bool is_done = false;
    need_ok(ctx, pleats_sizes_above(ctx, &layer, 1000000, &above, &is_done));
    if (!is_done)
        return false;
    need_ok(ctx, pleats_generic_sizes(ctx, &layer, &effort, &generic));
    assert_true(above.n >= generic.n);
    *equal = above.n == generic.n;
    for (size_t j = 0; j <= generic.n; j++) {
        if (mpz_cmp(above.at[j], generic.at[j]) < 0)
            fail_msg("%s: too few sets of size %zu", text, j);
        *equal = *equal && mpz_cmp(above.at[j], generic.at[j]) == 0;
    }
    pleats_independence_clear(ctx, &above);
    pleats_independence_clear(ctx, &generic);
    return true;
}

static void the_table(void **state)
{
    static const char *const rows[] = {
        "cnn:in=1x3x3/conv=2@2x2/relu", "cnn:in=1x3x3/conv=3@2x2/relu",
        "cnn:in=1x3x3/conv=4@2x2/relu", "cnn:in=1x3x4/conv=2@2x2/relu",
        "cnn:in=1x3x5/conv=2@2x2/relu"};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        bool equal = false;
        if (!compare(*state, rows[i], &equal) || !equal)
            fail_msg("%s: relations leave more than is independent", rows[i]);
    }
}

static void random_layers(void **state)
{
    pleats_ctx *ctx = *state;
    uint64_t seen = 0;
    for (uint64_t seed = 1; seed <= n_cases(CASES); seed++) {
        rng r = {seed};
        char text[TEXT_BYTES];
        bool equal;
        pleats_spec *spec = NULL;
        snprintf(text, sizeof text, "cnn:in=1x%dx%d/conv=%d@%dx%d,p=%d/relu",
                 rng_int(&r, 2, 4), rng_int(&r, 2, 4), rng_int(&r, 2, 4),
                 rng_int(&r, 1, 3), rng_int(&r, 1, 3), rng_int(&r, 0, 1));
        if (pleats_spec_parse(ctx, text, &spec) != PLEATS_OK)
            continue;
        int64_t units = pleats_spec_n_units(spec);
        pleats_spec_clear(ctx, spec);
        seen += units <= MOST_UNITS && compare(ctx, text, &equal);
    }
    assert_true(seen >= n_cases(CASES) / 20);
}

/* Two filters commute; one has nothing to commute with, and with strides, more
 * channels or no block of positions the relations are others. */
static void without_relations(void **state)
{
    static const char *const rows[] = {
        "cnn:in=1x3x3/conv=1@2x2/relu", "cnn:in=2x3x3/conv=3@2x2/relu",
        "cnn:in=1x5x5/conv=2@2x2,s=2/relu", "cnn:in=1x3x3/conv=2@3x3/relu",
        "cnn:in=1x4x4/conv=4@2x2,d=2/relu"};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        bool equal;
        assert_false(compare(*state, rows[i], &equal));
    }
}

int main(void)
{
    pleats_ctx *ctx = need_ctx();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(the_table, ctx),
        cmocka_unit_test_prestate(random_layers, ctx),
        cmocka_unit_test_prestate(without_relations, ctx)};
    return RUN(tests, ctx);
}
