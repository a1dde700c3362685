/* Answers by growing budgets: which budgets there are, which of two answers is
 * kept, and that more budget never says less. */
#include "bound_of.h"

#include "theory/layer/labelled.h"
#include "theory/layer/ladder.h"

static void budgets(void **state)
{
    static const uint64_t all[] = {1, 20000000, 20000001, 100000000, 320000000};
    static const int n[] = {1, 1, 2, 3, 3};
    (void)state;
    for (size_t i = 0; i < sizeof all / sizeof *all; i++) {
        uint64_t last = 0;
        for (int j = 0; j < n[i]; j++) {
            assert_true(last != all[i]);
            last = pleats_next_budget(last, all[i]);
        }
        assert_true(last == all[i]);
    }
    assert_true(pleats_next_budget(0, 320000000) == 20000000);
    assert_true(pleats_next_budget(20000000, 320000000) == 80000000);
    assert_true(pleats_next_budget(0, 0) == 0);
    uint64_t last = 0;
    for (int j = 0; j < 64 && last != UINT64_MAX; j++)
        last = pleats_next_budget(last, UINT64_MAX);
    assert_true(last == UINT64_MAX);
}

static void set(pleats_labelled *to, pleats_label label, unsigned long value)
{
    mpz_t z;
    mpz_init_set_ui(z, value);
    pleats_labelled_set(to, label, z, "because");
    mpz_clear(z);
}

/* The better one of two answers, `first` with the smaller budget. */
typedef struct {
    pleats_label first, second;
    unsigned long value[2], want;
} contest;

static void better_answers(void **state)
{
    static const contest contests[] = {
        {PLEATS_LOWER, PLEATS_LOWER, {5, 3}, 5},
        {PLEATS_LOWER, PLEATS_LOWER, {5, 7}, 7},
        {PLEATS_ESTIMATE, PLEATS_LOWER, {5, 9}, 5},
        {PLEATS_LOWER, PLEATS_ESTIMATE, {9, 5}, 5},
        {PLEATS_ESTIMATE, PLEATS_ESTIMATE, {9, 5}, 5},
        {PLEATS_ESTIMATE, PLEATS_PROBABLE, {9, 5}, 5},
        {PLEATS_LOWER, PLEATS_EXACT, {5, 6}, 6},
    };
    pleats_ctx *ctx = *state;
    for (size_t i = 0; i < sizeof contests / sizeof *contests; i++) {
        const contest *c = &contests[i];
        pleats_one_layer one;
        pleats_answers answers;
        pleats_one_layer_blank(&one, "not asked for");
        pleats_answers_init(&answers);
        set(&one.generic, c->first, c->value[0]);
        set(&one.no_bias, c->first, c->value[0]);
        one.is_interval = c->first == PLEATS_ESTIMATE;
        mpz_set_ui(one.low, c->value[0]);
        pleats_answers_take(&answers, &one);
        assert_false(one.generic.is_known || one.no_bias.is_known ||
                     one.is_interval);
        set(&one.generic, c->second, c->value[1]);
        set(&one.no_bias, c->second, c->value[1]);
        one.is_interval = c->second == PLEATS_ESTIMATE;
        mpz_set_ui(one.low, c->value[1]);
        pleats_answers_keep_generic(&answers, &one);
        pleats_answers_keep_no_bias(&answers, &one);
        assert_int_equal(mpz_get_ui(one.generic.value), c->want);
        assert_int_equal(mpz_get_ui(one.no_bias.value), c->want);
        assert_int_equal(mpz_get_ui(one.low), c->want);
        assert_int_equal(one.is_interval, one.generic.label == PLEATS_ESTIMATE);
        pleats_answers_clear(&answers);
        pleats_one_layer_clear(ctx, &one);
    }
}

/* Nothing is known the second time, which a limit ended. */
static void what_is_settled_stays(void **state)
{
    pleats_ctx *ctx = *state;
    pleats_one_layer one;
    pleats_answers answers;
    pleats_one_layer_blank(&one, "not asked for");
    pleats_answers_init(&answers);
    set(&one.generic, PLEATS_PROBABLE, 8);
    set(&one.no_bias, PLEATS_LOWER, 4);
    set(&one.no_bias_upper, PLEATS_UPPER, 6);
    pleats_answers_take(&answers, &one);
    assert_true(one.generic.is_known);
    assert_false(one.no_bias.is_known || one.no_bias_upper.is_known);
    set(&one.no_bias_upper, PLEATS_UPPER, 7);
    pleats_answers_keep_no_bias(&answers, &one);
    assert_true(one.no_bias.is_known);
    assert_int_equal(mpz_get_ui(one.no_bias.value), 4);
    assert_int_equal(mpz_get_ui(one.no_bias_upper.value), 6);
    pleats_answers_take(&answers, &one);
    set(&one.no_bias_upper, PLEATS_UPPER, 5);
    pleats_answers_keep_no_bias(&answers, &one);
    assert_int_equal(mpz_get_ui(one.no_bias_upper.value), 5);
    pleats_answers_take(&answers, &one);
    set(&one.no_bias, PLEATS_EXACT, 5);
    pleats_answers_keep_no_bias(&answers, &one);
    assert_false(one.no_bias_upper.is_known);
    pleats_answers_clear(&answers);
    pleats_one_layer_clear(ctx, &one);
}

/* What an answer is worth: an exact or probable number more than any other, and
 * of lower bounds the larger. */
static void check_no_worse(const pleats_labelled *now,
                           const pleats_labelled *before, const char *text)
{
    if (pleats_is_settled(before) && !pleats_is_settled(now))
        fail_msg("%s: no longer exact", text);
    if (before->is_known && before->label == PLEATS_LOWER &&
        (!now->is_known || (now->label != PLEATS_ESTIMATE &&
                            mpz_cmp(now->value, before->value) < 0)))
        fail_msg("%s: a lower bound falls", text);
}

static void more_budget(void **state)
{
    static const char *const layers[] = {
        "cnn:in=1x3x3/conv=2@2x2,nobias/relu",
        "cnn:in=1x3x3/conv=3@2x2,nobias/relu",
        "cnn:in=1x4x4/conv=2@2x2,nobias/relu",
        "cnn:in=1x4x4/conv=4@2x2,nobias/relu",
        "cnn:in=2x3x3/conv=2@2x2,nobias/relu",
        "cnn:in=1x4x3/conv=3@3x2,nobias/relu",
        "cnn:in=1x5x5/conv=2@3x3,nobias/relu",
        "cnn:in=1x4x4/conv=2@3x3,p=1,nobias/relu",
        "cnn:in=1x3x3/conv=2@2x2,nobias/relu6",
        "cnn:in=1x8/conv=3@4,nobias/relu"};
    pleats_ctx *ctx = *state;
    for (size_t i = 0; i < sizeof layers / sizeof *layers; i++) {
        pleats_spec *spec = NULL;
        pleats_placed_layer placed;
        pleats_one_layer before, now;
        need_ok(ctx, pleats_spec_parse(ctx, layers[i], &spec));
        need_ok(ctx, pleats_layer_of_spec(ctx, spec, 0, &placed));
        pleats_one_layer_blank(&before, "none yet");
        for (uint64_t budget = 300; budget <= 64 * 300; budget *= 4) {
            const pleats_one_layer_task task = {.breaks = placed.breaks,
                                                .want = PLEATS_WANT_GENERIC |
                                                        PLEATS_WANT_NO_BIAS,
                                                .slice = -1,
                                                .budget = budget,
                                                .samples = 50,
                                                .max_states = 4000000,
                                                .level = 0.95};
            need_ok(ctx,
                    pleats_one_layer_init(ctx, &now, &placed.layer, &task));
            check_no_worse(&now.generic, &before.generic, layers[i]);
            check_no_worse(&now.no_bias, &before.no_bias, layers[i]);
            if (before.lower.is_known && now.lower.is_known)
                assert_true(mpz_cmp(before.lower.value, now.lower.value) <= 0);
            pleats_one_layer_clear(ctx, &before);
            before = now;
        }
        pleats_one_layer_clear(ctx, &before);
        pleats_spec_free(ctx, spec);
    }
}

int main(void)
{
    pleats_ctx *ctx = need_ctx();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(budgets, ctx),
        cmocka_unit_test_prestate(better_answers, ctx),
        cmocka_unit_test_prestate(what_is_settled_stays, ctx),
        cmocka_unit_test_prestate(more_budget, ctx),
    };
    return RUN(tests, ctx);
}
