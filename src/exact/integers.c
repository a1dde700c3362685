#include "exact/integers.h"

#include <float.h>
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

void pleats_integer_set_shifted(mpz_t z, int64_t mantissa, unsigned long shift)
{
    _Static_assert(sizeof(long) == 8, "64-bit long");
    mpz_set_si(z, mantissa);
    mpz_mul_2exp(z, z, shift);
}

void pleats_integers_make_primitive(mpz_t *z, size_t n)
{
    size_t i = 0, least = n;
    for (i = 0; i < n; i++)
        if (mpz_sgn(z[i]) != 0 &&
            (least == n || mpz_cmpabs(z[i], z[least]) < 0))
            least = i;
    if (least == n || mpz_cmpabs_ui(z[least], 1) == 0)
        return;
    mpz_t g;
    mpz_init_set(g, z[least]);
    for (i = 0; i < n && mpz_cmp_ui(g, 1) != 0; i++)
        if (i != least)
            mpz_gcd(g, g, z[i]);
    mpz_abs(g, g);
    for (i = 0; i < n && mpz_cmp_ui(g, 1) != 0; i++)
        mpz_divexact(z[i], z[i], g);
    mpz_clear(g);
}

mp_bitcnt_t pleats_integers_take_twos(mpz_t *z, size_t n)
{
    mp_bitcnt_t twos = ~(mp_bitcnt_t)0;
    for (size_t i = 0; i < n && twos; i++) {
        mp_bitcnt_t here = mpz_sgn(z[i]) ? mpz_scan1(z[i], 0) : twos;
        twos = here < twos ? here : twos;
    }
    if (twos == 0 || twos == ~(mp_bitcnt_t)0)
        return 0;
    for (size_t i = 0; i < n; i++)
        mpz_tdiv_q_2exp(z[i], z[i], twos);
    return twos;
}

/* Rounds q * 2^shift, q's last bit standing for everything below it, to the
 * doubles' 53 bits or to their smallest step 2^-1074, ties to even. */
static double round_scaled(uint64_t q, long shift, bool *exact)
{
    int drop = 64 - __builtin_clzll(q) - DBL_MANT_DIG;
    if (drop < DBL_MIN_EXP - DBL_MANT_DIG - shift)
        drop = (int)(DBL_MIN_EXP - DBL_MANT_DIG - shift);
    uint64_t rest = q & (((uint64_t)1 << drop) - 1);
    uint64_t half = (uint64_t)1 << (drop - 1);
    *exact = rest == 0;
    q >>= drop;
    if (rest > half || (rest == half && (q & 1)))
        q++;
    return ldexp((double)q, (int)shift + drop);
}

/* |num / den| * 2^-shift without its fraction; the last bit is set when there
 * is one. */
static uint64_t cut_quotient(const mpz_t num, const mpz_t den, long shift)
{
    mpz_t n, d;
    mpz_init(n);
    mpz_init(d);
    mpz_mul_2exp(n, num, shift < 0 ? (mp_bitcnt_t)-shift : 0);
    mpz_mul_2exp(d, den, shift > 0 ? (mp_bitcnt_t)shift : 0);
    mpz_tdiv_qr(n, d, n, d);
    uint64_t q = (uint64_t)mpz_get_ui(n) | (mpz_sgn(d) != 0);
    mpz_clear(n);
    mpz_clear(d);
    return q;
}

/* The quotient is cut to 56 or 57 bits (fewer among the subnormal numbers),
 * at least two more than the result keeps; a remainder sets the last one. */
double pleats_quotient_to_double(const mpz_t num, const mpz_t den, bool *exact)
{
    const int sign = mpz_sgn(num);
    bool unused;
    exact = exact ? exact : &unused;
    *exact = sign == 0;
    if (sign == 0)
        return 0.0;
    long size = (long)mpz_sizeinbase(num, 2) - (long)mpz_sizeinbase(den, 2);
    if (size > DBL_MAX_EXP + 1)
        return sign * HUGE_VAL;
    if (size < DBL_MIN_EXP - DBL_MANT_DIG - 2)
        return sign * 0.0;
    long shift = size - 56;
    if (shift < DBL_MIN_EXP - DBL_MANT_DIG - 2)
        shift = DBL_MIN_EXP - DBL_MANT_DIG - 2;
    double nearest = round_scaled(cut_quotient(num, den, shift), shift, exact);
    *exact = *exact && isfinite(nearest);
    return sign * nearest;
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
