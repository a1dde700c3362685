#include "theory/sums.h"

#include <math.h>

void pleats_term_start(pleats_term *term, int64_t n, int64_t q)
{
    term->n = n;
    term->q = q;
    term->j = 0;
    mpz_init_set_ui(term->value, 1);
}

void pleats_term_next(pleats_term *term)
{
    int64_t left = term->n > term->j ? term->n - term->j : 0;
    mpz_mul_ui(term->value, term->value, (unsigned long)left);
    term->j++;
    mpz_divexact_ui(term->value, term->value, (unsigned long)term->j);
    if (term->q != 1)
        mpz_mul_ui(term->value, term->value, (unsigned long)term->q);
}

void pleats_term_end(pleats_term *term)
{
    mpz_clear(term->value);
}

void pleats_multiply_power(mpz_t out, int64_t base, int64_t exponent)
{
    mpz_t power;
    if (base == 2) {
        mpz_mul_2exp(out, out, (mp_bitcnt_t)exponent);
        return;
    }
    mpz_init(power);
    mpz_ui_pow_ui(power, (unsigned long)base, (unsigned long)exponent);
    mpz_mul(out, out, power);
    mpz_clear(power);
}

/* sum over j = first .. last of prod over i = first .. j of
 * q (n - i + 1) / i, as sum / den, with num / den the product of all factors;
 * by halves, so that the numbers that are multiplied have like sizes. */
typedef struct {
    mpz_t num, den, sum;
} series;

static void series_init(series *s)
{
    mpz_inits(s->num, s->den, s->sum, NULL);
}

static void series_clear(series *s)
{
    mpz_clears(s->num, s->den, s->sum, NULL);
}

static void sum_series(series *out, int64_t n, int64_t q, int64_t first,
                       int64_t last)
{
    series right;
    if (first == last) {
        mpz_set_ui(out->num, (unsigned long)(n - first + 1));
        mpz_mul_ui(out->num, out->num, (unsigned long)q);
        mpz_set_ui(out->den, (unsigned long)first);
        mpz_set(out->sum, out->num);
        return;
    }
    int64_t middle = first + (last - first) / 2;
    series_init(&right);
    sum_series(out, n, q, first, middle);
    sum_series(&right, n, q, middle + 1, last);
    mpz_mul(out->sum, out->sum, right.den);
    mpz_addmul(out->sum, out->num, right.sum);
    mpz_mul(out->num, out->num, right.num);
    mpz_mul(out->den, out->den, right.den);
    series_clear(&right);
}

void pleats_zaslavsky(mpz_t out, int64_t n, int64_t d, int64_t q)
{
    series s;
    mpz_set_ui(out, 1);
    if (d >= n)
        pleats_multiply_power(out, q + 1, n);
    if (d >= n || d <= 0)
        return;
    series_init(&s);
    sum_series(&s, n, q, 1, d);
    mpz_divexact(s.sum, s.sum, s.den);
    mpz_add(out, out, s.sum);
    series_clear(&s);
}

void pleats_zaslavsky_central(mpz_t out, int64_t n, int64_t d)
{
    pleats_zaslavsky(out, n - 1, d - 1, 1);
    mpz_mul_2exp(out, out, 1);
}

double pleats_zaslavsky_bits(int64_t n, int64_t d, int64_t q)
{
    double all = (double)n * log2((double)q + 1);
    if (d >= n || d <= 0)
        return d <= 0 ? 0 : all;
    double few =
        (double)d * log2(2.718281828459046 * (double)n * (double)q / (double)d);
    few = few < all ? few : all;
    return few > 0 ? few : 0;
}

double pleats_log10(const mpz_t z)
{
    if (mpz_sgn(z) <= 0)
        return -INFINITY;
    long exponent = 0;
    double mantissa = mpz_get_d_2exp(&exponent, z);
    return log10(mantissa) + (double)exponent * 0.30102999566398119521;
}
