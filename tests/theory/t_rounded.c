/* Numbers that are rounded up: never below the true ones, and near them; and
 * the recursion over the rank in such numbers: that of integers where these are
 * small, else just above. */
#include "bound_of.h"

#include "rng.h"
#include "spec/spec.h"
#include "theory/bounds/recursion.h"
#include "theory/rounded_up.h"

#include <math.h>

enum { CASES = 20000 };

static void value_of(pleats_upper a, mpq_t out)
{
    mpz_t m;
    mpz_init(m);
    pleats_upper_to_integer(m, (pleats_upper){a.m, 0});
    mpq_set_z(out, m);
    if (a.e >= 0)
        mpq_mul_2exp(out, out, (mp_bitcnt_t)a.e);
    else
        mpq_div_2exp(out, out, (mp_bitcnt_t)-a.e);
    mpz_clear(m);
}

/* Whether a is `want`, or above it by at most 2^-62 of it. */
static bool is_just_above(pleats_upper a, const mpq_t want)
{
    mpq_t got, most;
    mpq_inits(got, most, NULL);
    value_of(a, got);
    mpq_div_2exp(most, want, 62);
    mpq_add(most, most, want);
    const bool good = mpq_cmp(want, got) <= 0 && mpq_cmp(got, most) <= 0;
    mpq_clears(got, most, NULL);
    return good;
}

/* Of 1 to 64 bits, among them all ones and powers of two. */
static pleats_upper draw(rng *r)
{
    const int e = rng_one_in(r, 4) ? 0 : rng_int(r, -200, 200);
    uint64_t m = rng_next(r) >> rng_int(r, 0, 63);
    if (rng_one_in(r, 8))
        return (pleats_upper){0, 0};
    if (rng_one_in(r, 4))
        m = ~(uint64_t)0 << rng_int(r, 0, 3);
    if (rng_one_in(r, 4))
        m = (uint64_t)1 << rng_int(r, 0, 63);
    return pleats_upper_of(m ? m : 1, e);
}

static void operations(void **state)
{
    rng r = {7};
    mpq_t a, b, c;
    (void)state;
    mpq_inits(a, b, c, NULL);
    for (int i = 0; i < CASES; i++) {
        const pleats_upper x = draw(&r), y = draw(&r);
        const int64_t n = (int64_t)(rng_next(&r) >> rng_int(&r, 1, 62)) + 1;
        value_of(x, a);
        value_of(y, b);
        mpq_add(c, a, b);
        assert_true(is_just_above(pleats_upper_plus(x, y), c));
        mpq_mul(c, a, b);
        assert_true(is_just_above(pleats_upper_times(x, y), c));
        mpq_set_ui(b, (unsigned long)n, 1);
        mpq_div(c, a, b);
        assert_true(is_just_above(pleats_upper_over(x, n), c));
        assert_true(is_just_above(pleats_upper_of_int(n), b));
    }
    mpq_clears(a, b, c, NULL);
}

static void least_integers(void **state)
{
    mpz_t z;
    (void)state;
    mpz_init(z);
    for (unsigned long n = 0; n < 100; n++)
        for (int e = 0; e < 4; e++) {
            pleats_upper x = pleats_upper_of_int((int64_t)n);
            x.e -= e;
            pleats_upper_to_integer(z, x);
            assert_int_equal(mpz_get_ui(z), (n + (1UL << e) - 1) >> e);
        }
    mpz_clear(z);
}

static const pleats_recursion ways[] = {
    {.method = PLEATS_BY_INPUT},
    {.method = PLEATS_BY_WIDTH},
    {.method = PLEATS_BY_WIDTH, .linear = PLEATS_LINEAR_CLIPS},
    {.method = PLEATS_BY_ACTIVE},
    {.method = PLEATS_BY_ACTIVE, .linear = PLEATS_LINEAR_CLIPS, .flats = true}};

/* Both recursions of an architecture; the rounded one is not below, and above
 * by at most 2^-`bits` of it. */
static void compare(pleats_ctx *ctx, const char *text, mp_bitcnt_t bits)
{
    pleats_spec *spec = NULL;
    pleats_stack stack = {0};
    mpz_t exact, rounded;
    mpz_inits(exact, rounded, NULL);
    need_ok(ctx, pleats_spec_parse(ctx, text, &spec));
    need_ok(ctx, pleats_stack_of_spec(ctx, spec, &stack));
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        pleats_recursion how = ways[i];
        need_ok(ctx, pleats_recursion_run(ctx, &stack, &how, exact));
        need_ok(ctx, pleats_recursion_round_up(ctx, &stack, &how, rounded));
        assert_true(mpz_cmp(exact, rounded) <= 0);
        mpz_sub(rounded, rounded, exact);
        mpz_mul_2exp(rounded, rounded, bits);
        if (mpz_cmp(rounded, exact) >= 0)
            fail_msg("%s: way %zu is too far above", text, i);
    }
    mpz_clears(exact, rounded, NULL);
    pleats_stack_clear(ctx, &stack);
    pleats_spec_free(ctx, spec);
}

static void recursions(void **state)
{
    static const char *const small[] = {
        "mlp:1,3,3,1",
        "mlp:2,4,4,4,1",
        "mlp:5,4,3,2,1",
        "mlp:3,4,4,4,1:hardtanh",
        "mlp:3,4,4,4,1:abs",
        "mlp:6,3,9,2,5,1",
        "cnn:in=1x4x4/conv=2@2x2/relu/maxpool=2,s=1/conv=1@2x2/relu",
        "cnn:in=6/fc=4/maxout=2/fc=5/relu/fc=2",
        ("cnn:in=1x4/res{conv=1@3,p=1/relu/conv=1@3,p=1}/relu/avgpool=2/"
         "fc=5/relu"),
        "cnn:in=4/fc=2/fc=6/relu/res{fc=3/relu/fc=6}/relu/fc=4/relu"};
    static const char *const large[] = {
        "mlp:100,120,90,200,60,1",
        "cnn:in=3x16x16/conv=8@3x3,p=1/relu/maxpool=2/conv=16@3x3,p=1/relu/"
        "res{conv=16@3x3,p=1/relu/conv=16@3x3,p=1}/relu/gap/fc=10/relu"};
    for (size_t i = 0; i < sizeof small / sizeof *small; i++)
        compare(*state, small[i], 64);
    for (size_t i = 0; i < sizeof large / sizeof *large; i++)
        compare(*state, large[i], 40);
}

/* Images of 160 x 160 pixels, of which the integers would take gigabytes. */
static void numbers_that_do_not_fit(void **state)
{
    pleats_bounds_result r = bounds_of_text(
        *state, "cnn:in=3x160x160/conv=64@3x3,p=1/relu/maxpool=2/flatten/"
                "fc=1000/relu/fc=1000/relu/fc=1000/relu");
    const pleats_bound *own = bound_of(&r, "conv-aware");
    const pleats_bound *other = bound_of(&r, "goujon-2022");
    assert_true(own->applies && other->applies);
    assert_true(own->label == PLEATS_UPPER);
    assert_non_null(strstr(own->why, "rounded up"));
    assert_true(compare_decimals(own->value, other->value) < 0);
    pleats_bounds_result_clear(*state, &r);
}

int main(void)
{
    pleats_ctx *ctx = need_ctx();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(operations, ctx),
        cmocka_unit_test_prestate(least_integers, ctx),
        cmocka_unit_test_prestate(recursions, ctx),
        cmocka_unit_test_prestate(numbers_that_do_not_fit, ctx),
    };
    return RUN(tests, ctx);
}
