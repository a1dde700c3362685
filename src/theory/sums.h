/* Sums of binomial coefficients, by recursion on their terms. */
#ifndef PLEATS_THEORY_SUMS_H
#define PLEATS_THEORY_SUMS_H

#include "base/base.h"

#include <gmp.h>

/* The terms C(n, j) q^j, one after another. */
typedef struct {
    int64_t n, q, j;
    mpz_t value; /* C(n, j) q^j */
} pleats_term;

void pleats_term_start(pleats_term *term, int64_t n, int64_t q); /* j = 0 */
void pleats_term_next(pleats_term *term);
void pleats_term_end(pleats_term *term);

/* sum over j <= d of C(n, j) q^j: the regions that n generic units of q + 1
 * pieces make of R^d [docs/theory.md 2.1, 2.4]. */
void pleats_zaslavsky(mpz_t out, int64_t n, int64_t d, int64_t q);

/* 2 * sum over j < d of C(n - 1, j): n >= 1 hyperplanes through one point of
 * R^d, d >= 1 [docs/theory.md 2.1]. */
void pleats_zaslavsky_central(mpz_t out, int64_t n, int64_t d);

/* out *= base^exponent. */
void pleats_multiply_power(mpz_t out, int64_t base, int64_t exponent);

/* A bound of more bits, ten million digits, is left out: nobody reads it, and
 * writing it in decimals alone takes long. */
#define PLEATS_MOST_BITS 0x1p25

/* About log2 of pleats_zaslavsky, from above up to rounding. */
double pleats_zaslavsky_bits(int64_t n, int64_t d, int64_t q);

/* log10 of a positive integer, -infinity for 0. */
double pleats_log10(const mpz_t z);

#endif
