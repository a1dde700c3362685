/* Sums and products of doubles that must not be rounded. */
#ifndef PLEATS_FORMS_EXACT_SUMS_H
#define PLEATS_FORMS_EXACT_SUMS_H

#include "base/base.h"

/* *sum += a * b; PLEATS_INVALID when product or sum would be rounded. */
PLEATS_NODISCARD pleats_status pleats_add_product(pleats_ctx *ctx, double *sum,
                                                  double a, double b);

#endif
