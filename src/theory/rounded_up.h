/* Positive numbers of any size in 64 bits, rounded up: each operation is off by
 * at most 2^-62 of its result, and never downwards.  For upper bounds whose
 * exact numbers would have too many digits. */
#ifndef PLEATS_THEORY_ROUNDED_UP_H
#define PLEATS_THEORY_ROUNDED_UP_H

#include "exact/int128.h"

#include <gmp.h>

/* m 2^e; m = 0, or its top bit is set. */
typedef struct {
    uint64_t m;
    int64_t e;
} pleats_upper;

/* x 2^e, x > 0, rounded up. */
static inline pleats_upper pleats_upper_of(pleats_uint128 x, int64_t e)
{
    const uint64_t high = (uint64_t)(x >> 64);
    const int shift =
        high ? __builtin_clzll(high) : 64 + __builtin_clzll((uint64_t)x);
    x <<= shift;
    e += 64 - shift;
    uint64_t m = (uint64_t)(x >> 64);
    if ((uint64_t)x != 0 && ++m == 0) {
        m = (uint64_t)1 << 63;
        e++;
    }
    return (pleats_upper){m, e};
}

static inline pleats_upper pleats_upper_of_int(int64_t n)
{
    const int shift = n > 0 ? __builtin_clzll((uint64_t)n) : 0;
    return n > 0 ? (pleats_upper){(uint64_t)n << shift, -shift}
                 : (pleats_upper){0, 0};
}

static inline pleats_upper pleats_upper_times(pleats_upper a, pleats_upper b)
{
    if (a.m == 0 || b.m == 0)
        return (pleats_upper){0, 0};
    return pleats_upper_of((pleats_uint128)a.m * b.m, a.e + b.e);
}

static inline pleats_upper pleats_upper_plus(pleats_upper a, pleats_upper b)
{
    if (a.m == 0 || b.m == 0)
        return a.m == 0 ? b : a;
    if (a.e < b.e) {
        const pleats_upper larger = b;
        b = a;
        a = larger;
    }
    const int64_t down = a.e - b.e;
    const pleats_uint128 x = (pleats_uint128)a.m << 63;
    const pleats_uint128 y = (pleats_uint128)b.m << 63;
    const pleats_uint128 part = down < 127 ? y >> down : 0;
    const bool is_whole = down < 127 && part << down == y;
    return pleats_upper_of(x + part + !is_whole, a.e - 63);
}

/* a / n, n > 0. */
static inline pleats_upper pleats_upper_over(pleats_upper a, int64_t n)
{
    const pleats_uint128 x = (pleats_uint128)a.m << 63;
    const pleats_uint128 d = (pleats_uint128)n;
    if (a.m == 0)
        return a;
    return pleats_upper_of(x / d + (x % d != 0), a.e - 63);
}

/* The least integer that is not below it. */
static inline void pleats_upper_to_integer(mpz_t out, pleats_upper a)
{
    const unsigned long high = (unsigned long)(a.m >> 32);
    mpz_set_ui(out, high);
    mpz_mul_2exp(out, out, 32);
    mpz_add_ui(out, out, (unsigned long)(a.m & 0xffffffff));
    if (a.e >= 0)
        mpz_mul_2exp(out, out, (mp_bitcnt_t)a.e);
    else
        mpz_cdiv_q_2exp(out, out, (mp_bitcnt_t)-a.e);
}

#endif
