/* Sums of many fractions. */
#ifndef PLEATS_EXACT_FRACTIONS_H
#define PLEATS_EXACT_FRACTIONS_H

#include "base/base.h"

#include <gmp.h>

/* A sum of many fractions, made of sums of equally many, so that most of them
 * are short; zeroed: 0. */
enum { PLEATS_FRACTION_LEVELS = 64 };
typedef struct {
    uint64_t n;
    bool has[PLEATS_FRACTION_LEVELS];
    mpq_t level[PLEATS_FRACTION_LEVELS];
} pleats_fractions;

void pleats_fractions_add(pleats_fractions *sum, const mpq_t x);
/* out += the sum; out is initialised by the caller. */
void pleats_fractions_total(const pleats_fractions *sum, mpq_t out);
void pleats_fractions_clear(pleats_fractions *sum);

#endif
