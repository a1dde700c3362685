/* Sums of exact forms of all sizes against the same sums in rationals. */
#include "forms/exact_form.h"
#include "unit.h"

#include <float.h>
#include <math.h>
#include <stdlib.h>

#include "rng.h"

enum { WIDTH = 3, POOL = 24, MOST_TERMS = 6, SUMS = 40000 };

typedef struct {
    pleats_exact_form form[POOL];
    mpq_t value[POOL][WIDTH];
    pleats_exact_sum sum;
    mpz_t num[WIDTH], den;
    mpq_t number;
    int n_big, n_zero, n_divided;
} pool;

/* Doubles of few and of many bits, also the largest and smallest ones. */
static double draw_double(rng *r)
{
    static const double special[] = {0,         1,          -1,      0x1p1000,
                                     0x1p-1000, -0x1p-1074, DBL_MAX, DBL_MIN,
                                     0x1p40,    -0x1p-40,   0.1,     3};
    if (rng_one_in(r, 12))
        return special[rng_int(r, 0, 11)];
    double x = rng_real(r, rng_one_in(r, 2) ? 53 : rng_int(r, 1, 24));
    return rng_one_in(r, 8) ? ldexp(x, rng_int(r, -60, 60)) : x;
}

static double draw_divisor(rng *r)
{
    static const double common[] = {1, 1, 1, -1, 2, 3, -9, 0.1, 0x1p-1074};
    return common[rng_int(r, 0, 8)];
}

/* Coordinates with a common denominator, some beyond 64 bits. */
static void draw_form(pleats_ctx *ctx, rng *r, pool *p, int i)
{
    static const char *den[] = {"1",
                                "3",
                                "1024",
                                "10",
                                "12345678901234567890",
                                "9223372036854775808",
                                "18446744073709551617"};
    assert_int_equal(mpz_set_str(p->den, den[rng_int(r, 0, 6)], 10), 0);
    for (int c = 0; c < WIDTH; c++) {
        mpz_set_si(p->num[c], rng_int(r, -9, 9));
        if (rng_one_in(r, 8))
            mpz_mul_2exp(p->num[c], p->num[c], (mp_bitcnt_t)rng_int(r, 1, 200));
        mpq_set_num(p->value[i][c], p->num[c]);
        mpq_set_den(p->value[i][c], p->den);
        mpq_canonicalize(p->value[i][c]);
    }
    assert_int_equal(
        pleats_exact_form_set(ctx, &p->form[i], WIDTH, p->num, p->den),
        PLEATS_OK);
}

/* Form `out` becomes a random sum of others, and its value the same one. */
static void draw_sum(pleats_ctx *ctx, rng *r, pool *p, int out)
{
    double bias = rng_one_in(r, 3) ? 0 : draw_double(r),
           divisor = draw_divisor(r);
    int n = rng_int(r, 0, MOST_TERMS), from = out;
    double w = 0;
    mpq_t weight;
    mpq_init(weight);
    for (int c = 0; c < WIDTH; c++)
        mpq_set_ui(p->value[out][c], 0, 1);
    mpq_set_d(p->value[out][WIDTH - 1], bias);
    pleats_exact_sum_start(&p->sum);
    for (int i = 0; i < n; i++) {
        bool cancels = i > 0 && rng_one_in(r, 6);
        from = cancels ? from : (out + rng_int(r, 1, POOL - 1)) % POOL;
        w = cancels ? -w : draw_double(r);
        pleats_exact_sum_add(&p->sum, w, &p->form[from]);
        mpq_set_d(weight, w);
        for (int c = 0; c < WIDTH; c++) {
            mpq_mul(p->number, weight, p->value[from][c]);
            mpq_add(p->value[out][c], p->value[out][c], p->number);
        }
    }
    mpq_set_d(weight, divisor);
    for (int c = 0; c < WIDTH; c++)
        mpq_div(p->value[out][c], p->value[out][c], weight);
    assert_int_equal(
        pleats_exact_sum_end(ctx, &p->sum, bias, divisor, &p->form[out]),
        PLEATS_OK);
    p->n_divided += fabs(divisor) != 1;
    mpq_clear(weight);
}

/* The form is the value; its direction a positive multiple of it, with an odd
 * entry. */
static void check_form(pool *p, int i)
{
    bool is_odd = false, is_zero = true;
    mpq_t ratio;
    mpq_init(ratio);
    pleats_exact_form_get(&p->form[i], WIDTH, p->num, p->den);
    assert_true(mpz_sgn(p->den) > 0);
    for (int c = 0; c < WIDTH; c++) {
        mpq_set_num(p->number, p->num[c]);
        mpq_set_den(p->number, p->den);
        mpq_canonicalize(p->number);
        assert_true(mpq_equal(p->number, p->value[i][c]));
    }
    pleats_exact_form_direction(&p->form[i], WIDTH, p->num);
    for (int c = 0; c < WIDTH; c++) {
        is_odd = is_odd || mpz_odd_p(p->num[c]);
        assert_int_equal(mpz_sgn(p->num[c]), mpq_sgn(p->value[i][c]));
        if (mpz_sgn(p->num[c]) == 0)
            continue;
        mpq_set_z(p->number, p->num[c]);
        mpq_div(p->number, p->number, p->value[i][c]);
        assert_true(is_zero || mpq_equal(p->number, ratio));
        mpq_set(ratio, p->number);
        is_zero = false;
    }
    assert_true(is_odd != is_zero);
    assert_int_equal(pleats_exact_form_is_zero(&p->form[i]), is_zero);
    p->n_zero += is_zero;
    p->n_big += p->form[i].is_big;
    mpq_clear(ratio);
}

static void pool_init(pleats_ctx *ctx, pool *p)
{
    *p = (pool){0};
    mpz_init(p->den);
    mpq_init(p->number);
    for (int c = 0; c < WIDTH; c++)
        mpz_init(p->num[c]);
    for (int i = 0; i < POOL * WIDTH; i++)
        mpq_init(p->value[i / WIDTH][i % WIDTH]);
    assert_int_equal(pleats_exact_sum_init(ctx, &p->sum, WIDTH, MOST_TERMS),
                     PLEATS_OK);
}

static void pool_clear(pleats_ctx *ctx, pool *p)
{
    mpz_clear(p->den);
    mpq_clear(p->number);
    for (int c = 0; c < WIDTH; c++)
        mpz_clear(p->num[c]);
    for (int i = 0; i < POOL * WIDTH; i++)
        mpq_clear(p->value[i / WIDTH][i % WIDTH]);
    for (int i = 0; i < POOL; i++)
        pleats_exact_form_clear(ctx, &p->form[i], WIDTH);
    pleats_exact_sum_clear(ctx, &p->sum);
}

static void sums_of_all_sizes(void **state)
{
    rng r = {1};
    pool p;
    pool_init(*state, &p);
    for (int i = 0; i < SUMS; i++) {
        int out = rng_int(&r, 0, POOL - 1);
        if (rng_one_in(&r, 2) ||
            mpz_sizeinbase(mpq_numref(p.value[out][0]), 2) > 5000)
            draw_form(*state, &r, &p, out);
        else
            draw_sum(*state, &r, &p, out);
        check_form(&p, out);
    }
    assert_in_range(p.n_big, SUMS / 20, SUMS * 4 / 5);
    assert_true(p.n_zero > 100 && p.n_divided > 1000);
    pool_clear(*state, &p);
}

/* Form 1 becomes 7 n times form 0, and 2^100. */
static void add_sevens(pleats_ctx *ctx, pool *p, int n)
{
    pleats_exact_sum_start(&p->sum);
    for (int i = 0; i < abs(n); i++)
        pleats_exact_sum_add(&p->sum, n < 0 ? -7 : 7, &p->form[0]);
    assert_int_equal(
        pleats_exact_sum_end(ctx, &p->sum, 0x1p100, 1, &p->form[1]), PLEATS_OK);
    for (int c = 0; c < WIDTH; c++) {
        mpz_mul_si(mpq_numref(p->value[1][c]), mpq_numref(p->value[0][c]),
                   (long)7 * n);
        mpq_set_d(p->number, c == WIDTH - 1 ? 0x1p100 : 0);
        mpq_add(p->value[1][c], p->value[1][c], p->number);
    }
    check_form(p, 1);
}

/* Numbers on both sides of what 128 bits hold. */
static void sums_at_the_limit(void **state)
{
    pool p;
    pool_init(*state, &p);
    for (int bits = 100; bits < 140; bits++) {
        mpz_set_ui(p.den, 1);
        for (int c = 0; c < WIDTH; c++) {
            mpz_ui_pow_ui(p.num[c], 2, (unsigned long)bits);
            mpz_sub_ui(p.num[c], p.num[c], 1);
            if (c == 1)
                mpz_neg(p.num[c], p.num[c]);
            mpq_set_z(p.value[0][c], p.num[c]);
        }
        assert_int_equal(
            pleats_exact_form_set(*state, &p.form[0], WIDTH, p.num, p.den),
            PLEATS_OK);
        check_form(&p, 0);
        for (int n = -MOST_TERMS; n <= MOST_TERMS; n++)
            add_sevens(*state, &p, n);
    }
    pool_clear(*state, &p);
}

/* Form i becomes (2^bits - 1, 1, -2^bits + 1) / (2^den_bits - 1). */
static void set_wide(pleats_ctx *ctx, pool *p, int i, int bits, int den_bits)
{
    mpz_ui_pow_ui(p->den, 2, (unsigned long)den_bits);
    mpz_sub_ui(p->den, p->den, 1);
    mpz_ui_pow_ui(p->num[0], 2, (unsigned long)bits);
    mpz_sub_ui(p->num[0], p->num[0], 1);
    mpz_set_ui(p->num[1], 1);
    mpz_neg(p->num[2], p->num[0]);
    for (int c = 0; c < WIDTH; c++) {
        mpq_set_num(p->value[i][c], p->num[c]);
        mpq_set_den(p->value[i][c], p->den);
        mpq_canonicalize(p->value[i][c]);
    }
    need_ok(ctx,
            pleats_exact_form_set(ctx, &p->form[i], WIDTH, p->num, p->den));
    check_form(p, i);
}

/* Small are numbers of up to 126 bits over denominators of up to 63; all others
 * are big, whichever way they were made. */
static void what_is_small(void **state)
{
    pool p;
    pool_init(*state, &p);
    for (int bits = 120; bits <= 130; bits++) {
        set_wide(*state, &p, 0, bits, 1);
        assert_int_equal(p.form[0].is_big, bits > 126);
        pleats_exact_sum_start(&p.sum);
        pleats_exact_sum_add(&p.sum, 1, &p.form[0]);
        need_ok(*state, pleats_exact_sum_end(*state, &p.sum, 0, 1, &p.form[1]));
        for (int c = 0; c < WIDTH; c++)
            mpq_set(p.value[1][c], p.value[0][c]);
        check_form(&p, 1);
        assert_int_equal(p.form[1].is_big, bits > 126);
    }
    for (int bits = 60; bits <= 66; bits++) {
        set_wide(*state, &p, 0, 10, bits);
        assert_int_equal(p.form[0].is_big, bits > 63);
    }
    pool_clear(*state, &p);
}

/* 2^n - 1 times 2^m - 1 and the like, where one bit more in the count of a
 * factor's bits is one too many: all products and sums up to 2^128 and over. */
static void products_at_the_limit(void **state)
{
    pool p;
    mpq_t weight;
    pool_init(*state, &p);
    mpq_init(weight);
    for (int bits = 70; bits <= 126; bits++)
        for (int factor = 1; factor <= 53;
             factor += bits + factor < 120 ? 9 : 1)
            for (int n = 1; n <= 4; n++) {
                double w = ldexp(1, factor) - 1, bias = n % 2 ? 0 : 0x1p120;
                set_wide(*state, &p, 0, bits, 1);
                pleats_exact_sum_start(&p.sum);
                for (int i = 0; i < n; i++)
                    pleats_exact_sum_add(&p.sum, w, &p.form[0]);
                need_ok(*state, pleats_exact_sum_end(*state, &p.sum, bias, -3,
                                                     &p.form[1]));
                for (int c = 0; c < WIDTH; c++) {
                    mpq_set_d(weight, w);
                    mpq_mul(p.value[1][c], p.value[0][c], weight);
                    mpq_set_si(weight, n, 1);
                    mpq_mul(p.value[1][c], p.value[1][c], weight);
                    mpq_set_d(weight, c == WIDTH - 1 ? bias : 0);
                    mpq_add(p.value[1][c], p.value[1][c], weight);
                    mpq_set_d(weight, -3);
                    mpq_div(p.value[1][c], p.value[1][c], weight);
                }
                check_form(&p, 1);
            }
    mpq_clear(weight);
    pool_clear(*state, &p);
}

/* Denominators whose least common multiple, and its product with a divisor, go
 * over 63 and over 64 bits. */
static void denominators_at_the_limit(void **state)
{
    pool p;
    mpq_t part;
    pool_init(*state, &p);
    mpq_init(part);
    for (int a = 20; a <= 63; a++)
        for (int b = 25; b <= 45; b += 5)
            for (int d = 1; d <= 53; d += 13) {
                double divisor = ldexp(1, d) - 1;
                set_wide(*state, &p, 0, 10, a);
                set_wide(*state, &p, 2, 12, b);
                pleats_exact_sum_start(&p.sum);
                pleats_exact_sum_add(&p.sum, 5, &p.form[0]);
                pleats_exact_sum_add(&p.sum, -3, &p.form[2]);
                need_ok(*state, pleats_exact_sum_end(*state, &p.sum, 0.75,
                                                     divisor, &p.form[1]));
                for (int c = 0; c < WIDTH; c++) {
                    mpq_set_si(part, 5, 1);
                    mpq_mul(p.value[1][c], p.value[0][c], part);
                    mpq_set_si(part, -3, 1);
                    mpq_mul(part, p.value[2][c], part);
                    mpq_add(p.value[1][c], p.value[1][c], part);
                    mpq_set_d(part, c == WIDTH - 1 ? 0.75 : 0);
                    mpq_add(p.value[1][c], p.value[1][c], part);
                    mpq_set_d(part, divisor);
                    mpq_div(p.value[1][c], p.value[1][c], part);
                }
                check_form(&p, 1);
            }
    mpq_clear(part);
    pool_clear(*state, &p);
}

/* A bias alone, and a bias so much larger or smaller than the terms that it
 * decides what fits. */
static void biases_at_the_limit(void **state)
{
    pool p;
    pool_init(*state, &p);
    for (int exponent = -80; exponent <= 140; exponent++)
        for (int n = 0; n <= 2; n++) {
            double bias = ldexp(0x1.fffffffffffffp0, exponent);
            set_wide(*state, &p, 0, 40, 20);
            pleats_exact_sum_start(&p.sum);
            for (int i = 0; i < n; i++)
                pleats_exact_sum_add(&p.sum, 1, &p.form[0]);
            need_ok(*state,
                    pleats_exact_sum_end(*state, &p.sum, bias, 1, &p.form[1]));
            for (int c = 0; c < WIDTH; c++) {
                mpq_set_si(p.number, n, 1);
                mpq_mul(p.value[1][c], p.value[0][c], p.number);
                mpq_set_d(p.number, c == WIDTH - 1 ? bias : 0);
                mpq_add(p.value[1][c], p.value[1][c], p.number);
            }
            check_form(&p, 1);
        }
    pool_clear(*state, &p);
}

/* There and back: only what is below 2^127 fits. */
static void integers_of_128_bits(void **state)
{
    mpz_t z, back;
    pleats_int128 x = 0;
    (void)state;
    mpz_inits(z, back, NULL);
    for (unsigned long bits = 60; bits <= 130; bits++)
        for (int off = -1; off <= 1; off++)
            for (int sign = -1; sign <= 1; sign += 2) {
                mpz_set_ui(z, 1);
                mpz_mul_2exp(z, z, bits);
                if (off < 0)
                    mpz_sub_ui(z, z, 1);
                else
                    mpz_add_ui(z, z, (unsigned long)off);
                mpz_mul_si(z, z, sign);
                bool fits = pleats_int128_of_integer(z, &x);
                assert_int_equal(fits, mpz_sizeinbase(z, 2) <= 127);
                if (!fits)
                    continue;
                pleats_int128_to_integer(back, x);
                assert_int_equal(mpz_cmp(z, back), 0);
                assert_int_equal(pleats_uint128_bits(pleats_int128_abs(x)),
                                 (int)mpz_sizeinbase(z, 2));
            }
    mpz_clears(z, back, NULL);
}

int main(void)
{
    pleats_ctx *ctx = need_ctx();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(what_is_small, ctx),
        cmocka_unit_test_prestate(products_at_the_limit, ctx),
        cmocka_unit_test_prestate(denominators_at_the_limit, ctx),
        cmocka_unit_test_prestate(biases_at_the_limit, ctx),
        cmocka_unit_test_prestate(integers_of_128_bits, ctx),
        cmocka_unit_test_prestate(sums_of_all_sizes, ctx),
        cmocka_unit_test_prestate(sums_at_the_limit, ctx),
    };
    return RUN(tests, ctx);
}
