/* Vectors of big integers, and doubles taken apart exactly. */
#ifndef PLEATS_EXACT_INTEGERS_H
#define PLEATS_EXACT_INTEGERS_H

#include "base/base.h"

#include <gmp.h>
#include <string.h>

/* `*out` gets n integers 0. */
PLEATS_NODISCARD pleats_status pleats_integers_new(pleats_ctx *ctx, size_t n,
                                                   pleats_give mpz_t **out);
void pleats_integers_free(pleats_ctx *ctx, pleats_take mpz_t *z, size_t n);

/* A finite double is mantissa * 2^exponent with |mantissa| < 2^53, odd or 0. */
typedef struct {
    int64_t mantissa;
    int exponent;
} pleats_dyadic;

static inline pleats_dyadic pleats_dyadic_of(double x)
{
    uint64_t bits, mantissa;
    memcpy(&bits, &x, sizeof bits);
    int exponent = (int)(bits >> 52 & 0x7ff);
    mantissa = bits & (((uint64_t)1 << 52) - 1);
    if (exponent > 0)
        mantissa |= (uint64_t)1 << 52;
    else
        exponent = 1;
    if (mantissa == 0)
        return (pleats_dyadic){0, 0};
    int twos = __builtin_ctzll(mantissa);
    mantissa >>= twos;
    return (pleats_dyadic){bits >> 63 ? -(int64_t)mantissa : (int64_t)mantissa,
                           exponent - 1075 + twos};
}

/* z = mantissa * 2^shift; shift >= 0. */
void pleats_integer_set_shifted(mpz_t z, int64_t mantissa, unsigned long shift);

/* Divides the vector z [n] by the greatest common divisor of its entries;
 * nothing when all are 0. */
void pleats_integers_make_primitive(mpz_t *z, size_t n);

/* Divides the vector z [n] by the largest power of two that divides all
 * entries and returns its exponent; 0 when all are 0. */
mp_bitcnt_t pleats_integers_take_twos(mpz_t *z, size_t n);

/* The double nearest to num / den, den > 0; an infinity beyond the range of
 * doubles.  *exact (may be NULL): whether it is the quotient itself. */
double pleats_quotient_to_double(const mpz_t num, const mpz_t den, bool *exact);

/* The sign of form . (t, 1) at a point of finite doubles; form [k + 1], t [k].
 */
int pleats_sign_at(mpz_t *form, pleats_idx k, const double *t);

#endif
