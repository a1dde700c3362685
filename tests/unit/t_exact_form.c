/* Sums of exact forms of all sizes against the same sums in rationals. */
#include "net/exact_form.h"
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

int main(void)
{
    pleats_ctx *ctx = need_ctx();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_prestate(sums_of_all_sizes, ctx),
        cmocka_unit_test_prestate(sums_at_the_limit, ctx),
    };
    return RUN(tests, ctx);
}
