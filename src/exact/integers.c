#include "exact/integers.h"

#include "exact/rational.h"

#include <math.h>

pleats_status pleats_integers_new(pleats_ctx *ctx, size_t n, mpz_t **out)
{
    pleats_status status = PLEATS_OK;
    TRY(pleats_alloc(ctx, n, sizeof **out, out));
    for (size_t i = 0; i < n; i++)
        mpz_init((*out)[i]);
done:
    return status;
}

void pleats_integers_free(pleats_ctx *ctx, mpz_t *z, size_t n)
{
    for (size_t i = 0; z && i < n; i++)
        mpz_clear(z[i]);
    pleats_release(ctx, z);
}

pleats_dyadic pleats_dyadic_of(double x)
{
    pleats_dyadic d = {0, 0};
    if (x == 0)
        return d;
    d.mantissa = (int64_t)ldexp(frexp(x, &d.exponent), 53);
    d.exponent -= 53;
    int twos = __builtin_ctzll((unsigned long long)d.mantissa);
    d.mantissa /= (int64_t)1 << twos;
    d.exponent += twos;
    return d;
}

void pleats_integer_set_shifted(mpz_t z, int64_t mantissa, unsigned long shift)
{
    _Static_assert(sizeof(long) == 8, "64-bit long");
    mpz_set_si(z, mantissa);
    mpz_mul_2exp(z, z, shift);
}

void pleats_integers_make_primitive(mpz_t *z, size_t n)
{
    mpz_t g;
    mpz_init(g);
    for (size_t i = 0; i < n && mpz_cmp_ui(g, 1) != 0; i++)
        mpz_gcd(g, g, z[i]);
    if (mpz_cmp_ui(g, 1) > 0)
        for (size_t i = 0; i < n; i++)
            mpz_divexact(z[i], z[i], g);
    mpz_clear(g);
}

void pleats_integers_drop_twos(mpz_t *z, size_t n, mpz_t den)
{
    mp_bitcnt_t twos = mpz_scan1(den, 0);
    for (size_t i = 0; i < n && twos; i++)
        if (mpz_sgn(z[i])) {
            mp_bitcnt_t here = mpz_scan1(z[i], 0);
            twos = here < twos ? here : twos;
        }
    if (!twos)
        return;
    mpz_fdiv_q_2exp(den, den, twos);
    for (size_t i = 0; i < n; i++)
        mpz_fdiv_q_2exp(z[i], z[i], twos);
}

double pleats_quotient_to_double(const mpz_t num, const mpz_t den, bool *exact)
{
    mpq_t quotient, back;
    double nearest;
    mpq_init(quotient);
    mpq_init(back);
    mpz_set(mpq_numref(quotient), num);
    mpz_set(mpq_denref(quotient), den);
    mpq_canonicalize(quotient);
    nearest = pleats_rational_to_double(quotient);
    if (exact) {
        if (isfinite(nearest))
            mpq_set_d(back, nearest);
        *exact = isfinite(nearest) && mpq_equal(back, quotient);
    }
    mpq_clear(quotient);
    mpq_clear(back);
    return nearest;
}

int pleats_sign_at(mpz_t *form, pleats_idx k, const double *t)
{
    mpz_t sum, x;
    int least = 0, sign;
    for (pleats_idx j = 0; j < k; j++) {
        int e = pleats_dyadic_of(t[j]).exponent;
        least = e < least ? e : least;
    }
    mpz_init(sum);
    mpz_init(x);
    mpz_mul_2exp(sum, form[k], (mp_bitcnt_t)-least);
    for (pleats_idx j = 0; j < k; j++) {
        pleats_dyadic d = pleats_dyadic_of(t[j]);
        pleats_integer_set_shifted(x, d.mantissa,
                                   (unsigned long)(d.exponent - least));
        mpz_addmul(sum, form[j], x);
    }
    sign = mpz_sgn(sum);
    mpz_clear(sum);
    mpz_clear(x);
    return sign;
}
