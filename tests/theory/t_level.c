/* The table of states: packing beside the plain maximum, look-up beside a plain
 * list, blocks that are given back and taken anew. */
#include "unit.h"

#include "base/rng.h"
#include "theory/layer/level.h"

#include <string.h>

enum { MOST = 200, MOST_DEMANDS = 160 };

static pleats_frontier_step step_of(size_t n, int16_t highest, int64_t capacity)
{
    return (pleats_frontier_step){
        .n = n, .highest = highest, .capacity = capacity};
}

/* Needs up to `highest`, none of which a demand below n passes. */
static void draw(pleats_rng *rng, size_t n_entries, int16_t highest, size_t n,
                 int16_t *kept, int16_t *joined)
{
    for (size_t i = 0; i < n_entries; i++) {
        kept[i] = (int16_t)pleats_rng_below(rng, (uint64_t)highest + 1);
        joined[i] = (int16_t)(highest - (int16_t)n + 1 -
                              (int16_t)pleats_rng_below(rng, 127));
    }
    kept[0] = joined[0] = 0;
}

static void packs_the_maximum(void **state)
{
    pleats_ctx *ctx = *state;
    pleats_rng rng;
    pleats_rng_init(&rng, 7);
    static uint64_t packed[MOST_DEMANDS * MOST + PLEATS_LEVEL_SPARE];
    static int16_t kept[MOST], joined[MOST], entry[MOST];
    const int16_t highest[] = {20, 127, 128, 255, 256, 1000};
    for (size_t c = 0; c < 600; c++) {
        const size_t n_entries = 1 + pleats_rng_below(&rng, MOST - 1);
        const bool is_large = c % 4 == 0;
        const size_t n =
            1 + pleats_rng_below(&rng, is_large ? MOST_DEMANDS : 20);
        const pleats_frontier_step step =
            step_of(n_entries, highest[c % 6], is_large ? MOST_DEMANDS : 127);
        pleats_level level;
        size_t number = 0;
        pleats_level_init(&level, &step, 64, NULL);
        draw(&rng, n_entries, step.highest, n, kept, joined);
        pleats_level_pack(&level, kept, joined, n, packed);
        for (size_t t = 0; t < n; t++) {
            uint64_t *one = packed + t * level.n_words;
            assert_int_equal(pleats_level_add(ctx, &level, one,
                                              pleats_level_hash(&level, one),
                                              &number),
                             PLEATS_OK);
            pleats_level_unpack(&level, number, entry);
            for (size_t i = 1; i < n_entries; i++) {
                const int joint = joined[i] + (int)t;
                assert_int_equal(entry[i], kept[i] > joint ? kept[i] : joint);
            }
        }
        assert_int_equal(entry[0], 0);
        pleats_level_clear(ctx, &level);
    }
}

/* What is equal in all entries is one state. */
static void equal_needs_are_one_state(void **state)
{
    pleats_ctx *ctx = *state;
    static uint64_t packed[MOST_DEMANDS * MOST + PLEATS_LEVEL_SPARE];
    static int16_t kept[MOST], joined[MOST];
    for (size_t n_entries = 1; n_entries < MOST; n_entries++) {
        const pleats_frontier_step step = step_of(n_entries, 50, 20);
        pleats_level level;
        size_t number = 0;
        pleats_level_init(&level, &step, 64, NULL);
        for (size_t i = 1; i < n_entries; i++) {
            kept[i] = (int16_t)(i % 9 + 20);
            joined[i] = 0;
        }
        pleats_level_pack(&level, kept, joined, 20, packed);
        for (size_t t = 0; t < 20; t++) {
            uint64_t *one = packed + t * level.n_words;
            assert_int_equal(pleats_level_add(ctx, &level, one,
                                              pleats_level_hash(&level, one),
                                              &number),
                             PLEATS_OK);
        }
        assert_int_equal(level.n, 1);
        pleats_level_clear(ctx, &level);
    }
}

static void equal_hashes_are_no_equal_states(void **state)
{
    pleats_ctx *ctx = *state;
    const uint64_t states[4][2] = {{1, 2}, {1, 3}, {4, 2}, {1, 2}};
    const size_t want[] = {0, 1, 2, 0};
    const pleats_frontier_step step = step_of(12, 50, 20);
    pleats_level level;
    size_t number = 0;
    pleats_level_init(&level, &step, 64, NULL);
    assert_int_equal(level.n_words, 2);
    for (int i = 0; i < 4; i++) {
        assert_int_equal(
            pleats_level_add(ctx, &level, states[i], 12345, &number),
            PLEATS_OK);
        assert_int_equal(number, want[i]);
    }
    pleats_level_clear(ctx, &level);
}

static uint64_t key(size_t i)
{
    return (i + 1) * 0x9e3779b97f4a7c15u;
}

/* Fills a level with n states, i with weight i + 1, and reads it. */
static void fill(pleats_ctx *ctx, pleats_level *level, size_t n)
{
    size_t number = 0;
    for (size_t i = 0; i < n; i++) {
        const uint64_t one = key(i), hash = pleats_level_hash(level, &one);
        pleats_level_ask(level, hash);
        assert_int_equal(pleats_level_add(ctx, level, &one, hash, &number),
                         PLEATS_OK);
        assert_int_equal(number, i);
        assert_int_equal(pleats_level_weight(level, i)[0], 0);
        assert_int_equal(pleats_level_weight(level, i)[1], 0);
        pleats_level_weight(level, i)[0] = i + 1;
        pleats_level_weight(level, i)[1] = i + 2;
    }
    for (size_t i = 0; i < n; i++) {
        const uint64_t one = key(i);
        assert_int_equal(pleats_level_find(level, &one), i);
        assert_int_equal(pleats_level_add(ctx, level, &one,
                                          pleats_level_hash(level, &one),
                                          &number),
                         PLEATS_OK);
        assert_int_equal(number, i);
    }
    const uint64_t other = key(n);
    assert_int_equal(pleats_level_find(level, &other), SIZE_MAX);
}

static void states_are_found_again(void **state)
{
    pleats_ctx *ctx = *state;
    const pleats_frontier_step step = step_of(8, 50, 20);
    const size_t before = pleats_ctx_live_bytes(ctx);
    pleats_level_pool pool = {.n_record = 3};
    for (int round = 0; round < 3; round++) {
        pleats_level level;
        pleats_level_init(&level, &step, 100, &pool);
        assert_int_equal(level.n_words, 1);
        assert_int_equal(level.n_limbs, 2);
        if (round == 1)
            assert_int_equal(pleats_level_expect(ctx, &level, 5000), PLEATS_OK);
        fill(ctx, &level, 5000);
        pleats_level_close(ctx, &level);
        for (size_t i = 0; i < level.n; i++) {
            pleats_level_pass(ctx, &level, i);
            assert_int_equal(*pleats_level_record(&level, i), key(i));
            assert_int_equal(pleats_level_weight(&level, i)[0], i + 1);
            assert_true(level.block[0] ? i < 64 : pool.block[0] && i >= 64);
        }
        pleats_level_clear(ctx, &level);
    }
    pleats_level_pool_clear(ctx, &pool);
    assert_int_equal(pleats_ctx_live_bytes(ctx), before);
}

int main(void)
{
    pleats_ctx *ctx = need_ctx();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(packs_the_maximum, ctx),
        cmocka_unit_test_prestate(equal_needs_are_one_state, ctx),
        cmocka_unit_test_prestate(equal_hashes_are_no_equal_states, ctx),
        cmocka_unit_test_prestate(states_are_found_again, ctx),
    };
    return RUN(tests, ctx);
}
