/* Arrays of numbers that callers give, as doubles or as texts. */
#ifndef PLEATS_API_VALUES_H
#define PLEATS_API_VALUES_H

#include "base/base.h"

#include "pleats/domain.h"

#include <gmp.h>

bool pleats_values_are_there(pleats_values v);
/* PLEATS_INVALID when the array `name` is missing, or is given twice. */
PLEATS_NODISCARD pleats_status pleats_values_need(pleats_ctx *ctx,
                                                  const char *name,
                                                  pleats_values v);
/* Entry i of an array called `name`; *sign: whether it is infinite, and to
 * which side. */
PLEATS_NODISCARD pleats_status pleats_values_get_end(pleats_ctx *ctx,
                                                     const char *name,
                                                     pleats_values v, size_t i,
                                                     mpq_t out, int *sign);
/* The same; PLEATS_INVALID when it is infinite. */
PLEATS_NODISCARD pleats_status pleats_values_get(pleats_ctx *ctx,
                                                 const char *name,
                                                 pleats_values v, size_t i,
                                                 mpq_t out);

#endif
