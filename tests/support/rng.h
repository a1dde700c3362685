/* Random numbers for tests: splitmix64, reproducible from a printed seed. */
#ifndef PLEATS_TEST_RNG_H
#define PLEATS_TEST_RNG_H

#include <stdbool.h>
#include <stdint.h>

typedef struct {
    uint64_t state;
} rng;

uint64_t rng_next(rng *r);
/* An integer in [lo, hi]. */
int32_t rng_int(rng *r, int32_t lo, int32_t hi);
/* True one time in n. */
bool rng_one_in(rng *r, int32_t n);
/* A double in [-1, 1) with `bits` random bits, 1 to 53. */
double rng_real(rng *r, int bits);
/* A random order of 0 .. n-1. */
void rng_order(rng *r, int32_t n, int32_t *order);

#endif
