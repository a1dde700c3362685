/* Numbers in bins of powers of two. */
#ifndef PLEATS_SURVEY_NUMBERS_H
#define PLEATS_SURVEY_NUMBERS_H

#include "base/base.h"

#include "pleats/survey.h"

enum {
    PLEATS_NUMBERS_LEAST = -1074, /* exponent of the first bin */
    PLEATS_NUMBERS_BINS = 1024 - PLEATS_NUMBERS_LEAST
};

/* Non-negative numbers; zeroed: none. */
typedef struct {
    uint64_t bin[PLEATS_NUMBERS_BINS];
    uint64_t n, zeros, infinite;
    double least, most, sum;
} pleats_numbers;

/* NaN counts as infinite. */
void pleats_numbers_add(pleats_numbers *numbers, double x);
void pleats_numbers_join(pleats_numbers *numbers, const pleats_numbers *other);
PLEATS_NODISCARD pleats_status pleats_numbers_get(pleats_ctx *ctx,
                                                  const pleats_numbers *numbers,
                                                  pleats_survey_numbers *out);

#endif
