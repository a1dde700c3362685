/* Integers of 128 bits, for what need not be big yet. */
#ifndef PLEATS_EXACT_INT128_H
#define PLEATS_EXACT_INT128_H

#include <gmp.h>
#include <stdbool.h>
#include <stdint.h>

__extension__ typedef __int128 pleats_int128;
__extension__ typedef unsigned __int128 pleats_uint128;

static inline pleats_uint128 pleats_int128_abs(pleats_int128 x)
{
    return x < 0 ? -(pleats_uint128)x : (pleats_uint128)x;
}

/* How many bits x has, 0 for 0. */
static inline int pleats_uint64_bits(uint64_t x)
{
    return x ? 64 - __builtin_clzll(x) : 0;
}
static inline int pleats_uint128_bits(pleats_uint128 x)
{
    uint64_t high = (uint64_t)(x >> 64);
    return high ? 64 + pleats_uint64_bits(high)
                : pleats_uint64_bits((uint64_t)x);
}

/* The largest power of two that divides x; 0 for 0. */
static inline int pleats_uint128_twos(pleats_uint128 x)
{
    uint64_t low = (uint64_t)x, high = (uint64_t)(x >> 64);
    if (low)
        return __builtin_ctzll(low);
    return high ? 64 + __builtin_ctzll(high) : 0;
}

uint64_t pleats_uint64_gcd(uint64_t a, uint64_t b);

/* z = x */
void pleats_int128_to_integer(mpz_t z, pleats_int128 x);
/* *x = z; false when |z| is 2^127 or more. */
bool pleats_int128_of_integer(const mpz_t z, pleats_int128 *x);

#endif
