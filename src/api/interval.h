/* An interval given as two texts, and how to name it to people. */
#ifndef PLEATS_API_INTERVAL_H
#define PLEATS_API_INTERVAL_H

#include "domain/domain.h"

typedef struct {
    mpq_t lo, hi;
    char *lo_text, *hi_text;
} pleats_interval;

void pleats_interval_init(pleats_interval *v);
void pleats_interval_clear(pleats_ctx *ctx, pleats_interval *v);

/* PLEATS_INVALID for what is no number, and when lo > hi. */
PLEATS_NODISCARD pleats_status pleats_interval_read(pleats_ctx *ctx,
                                                    const char *lo,
                                                    const char *hi,
                                                    pleats_interval *v);

/* Every coordinate of the part is in the interval. */
void pleats_interval_bound(pleats_part *part, const pleats_interval *v);

#endif
