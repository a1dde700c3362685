/* The numbers of constants, exactly.
 *
 * A number is 8 bytes in the type double: a double that stands for itself, or
 * the name of a rational that is no double, which lies in a pool.  So a tensor
 * of constants is an array of doubles that may be copied, permuted and cut like
 * any other, and costs more only where numbers are no doubles.
 *
 * A name is a signalling NaN.  Ordinary arithmetic turns it into an ordinary
 * NaN, which every step of a network refuses; so what is to be right for all
 * constants must use the functions below, and what does not cannot be wrong
 * without a word as long as it does not compare. */
#ifndef PLEATS_ONNX_NUMBER_H
#define PLEATS_ONNX_NUMBER_H

#include "base/base.h"

#include <gmp.h>
#include <math.h>
#include <string.h>

enum {
    PLEATS_NUMBER_MAX_BITS = 1 << 16, /* of a numerator or denominator */
    PLEATS_POOL_FACTORS = 4096
};

typedef double pleats_number;

/* Rationals that are no doubles.  Functions that return a number leave a
 * failure in `status` (their result is then NaN), for the caller to look at
 * when all is done. */
typedef struct {
    pleats_ctx *ctx;
    pleats_status status;
    size_t n, capacity, n_bits;
    mpq_t *value; /* [n], canonical */
    /* odd numbers below 2^53 that were divided by, so that denominators can be
       factorised: a hash table, 0: empty */
    uint64_t *factor; /* [2 PLEATS_POOL_FACTORS] */
    size_t n_factors;
    int64_t n_rounded; /* numbers that were rounded to double */
} pleats_pool;

void pleats_pool_init(pleats_ctx *ctx, pleats_pool *pool);
void pleats_pool_clear(pleats_pool *pool);
/* The failure left there, which is taken away. */
PLEATS_NODISCARD pleats_status pleats_pool_take_status(pleats_pool *pool);

/* Whether x is the name of a rational. */
static inline bool pleats_number_is_rational(pleats_number x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits >> 50 == 0x1ffd;
}

static inline bool pleats_number_is_finite(pleats_number x)
{
    return isfinite(x) || pleats_number_is_rational(x);
}

static inline bool pleats_number_is_nan(pleats_number x)
{
    return isnan(x) && !pleats_number_is_rational(x);
}

/* Whether a and b are the same 8 bytes, and so the same number. */
static inline bool pleats_number_is_same(pleats_number a, pleats_number b)
{
    uint64_t bits[2];
    memcpy(&bits[0], &a, sizeof bits[0]);
    memcpy(&bits[1], &b, sizeof bits[1]);
    return bits[0] == bits[1];
}

/* A double of unknown origin as a number: any NaN becomes the ordinary one. */
static inline pleats_number pleats_number_of(double x)
{
    return isnan(x) ? (double)NAN : x;
}

/* The rational that x names. */
static inline mpq_srcptr pleats_number_rational(const pleats_pool *pool,
                                                pleats_number x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return pool->value[bits & (((uint64_t)1 << 50) - 1)];
}

/* Whether one of the n numbers is no double. */
bool pleats_numbers_have_rational(const pleats_number *x, size_t n);

/* `out`, initialised by the caller, gets x, which is finite. */
void pleats_number_get(const pleats_pool *pool, pleats_number x, mpq_t out);
/* The number of a canonical rational. */
pleats_number pleats_number_put(pleats_pool *pool, const mpq_t value);
pleats_number pleats_number_of_integer(pleats_pool *pool, int64_t x);
/* `*out` = x without its fraction; false when that is no int64_t. */
bool pleats_number_to_integer(const pleats_pool *pool, pleats_number x,
                              int64_t *out);
/* The double nearest to x, which is x itself unless x is a rational. */
double pleats_number_nearest(const pleats_pool *pool, pleats_number x);
/* The same, counted as rounded when it is not x. */
double pleats_number_round(pleats_pool *pool, pleats_number x);

/* Exact; infinities and NaN as for doubles. */
pleats_number pleats_number_add(pleats_pool *pool, pleats_number a,
                                pleats_number b);
pleats_number pleats_number_mul(pleats_pool *pool, pleats_number a,
                                pleats_number b);
pleats_number pleats_number_div(pleats_pool *pool, pleats_number a,
                                pleats_number b);
pleats_number pleats_number_neg(pleats_pool *pool, pleats_number a);
/* start + the sum of a[i] * b[i], i < n; b NULL: of a[i]. */
pleats_number pleats_number_dot(pleats_pool *pool, size_t n,
                                const pleats_number *a, const pleats_number *b,
                                pleats_number start);
/* The root of a, exact when it is rational, else rounded to the double nearest
 * to it and counted. */
pleats_number pleats_number_sqrt(pleats_pool *pool, pleats_number a);
/* -1, 0 or 1 for a < b, a = b, a > b; 2 when one of them is NaN. */
int pleats_number_compare(const pleats_pool *pool, pleats_number a,
                          pleats_number b);

/* Takes a factor below 2^53, as a double, out of the odd number d > 0: d
 * becomes d / factor.  0 when none is known; a remainder below 2^53 becomes
 * known. */
double pleats_pool_take_factor(pleats_pool *pool, mpz_t d);

#endif
