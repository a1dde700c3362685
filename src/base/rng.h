/* Random numbers that are the same on every machine for a seed: xoshiro256**
 * [Blackman and Vigna 2018], its state filled by splitmix64. */
#ifndef PLEATS_BASE_RNG_H
#define PLEATS_BASE_RNG_H

#include <stdint.h>

typedef struct {
    uint64_t state[4];
} pleats_rng;

/* The next number of splitmix64 [Steele, Lea, Flood 2014], whose state may be
 * any number. */
uint64_t pleats_splitmix(uint64_t *state);

void pleats_rng_init(pleats_rng *rng, uint64_t seed);

/* Stream number `stream` of a seed: for one seed all streams start in different
 * states, so that what is drawn for a piece of work depends on its number and
 * not on who does it.  The state is the one of pleats_rng_init, each word xored
 * with a word of splitmix64 started at the first number that splitmix64 gives
 * for `stream`. */
void pleats_rng_stream(pleats_rng *rng, uint64_t seed, uint64_t stream);

/* 64 random bits. */
uint64_t pleats_rng_next(pleats_rng *rng);

/* A whole number in [0, n), n > 0, without bias. */
uint64_t pleats_rng_below(pleats_rng *rng, uint64_t n);

/* A multiple of 2^-53 in [0, 1). */
double pleats_rng_uniform(pleats_rng *rng);

/* A standard normal number by comparisons of uniform ones, without logarithms
 * or other functions that differ between machines [Karney 2016, Alg. N]. */
double pleats_rng_normal(pleats_rng *rng);

#endif
