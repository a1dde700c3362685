/* Where a climb stands, as text that says it exactly. */
#ifndef PLEATS_SAMPLE_CLIMB_STATE_H
#define PLEATS_SAMPLE_CLIMB_STATE_H

#include "base/rng.h"
#include "exact/lines.h"

typedef struct {
    size_t n;        /* parameters */
    uint64_t counts; /* networks that were counted */
    uint64_t idle;   /* moves since the number last rose */
    pleats_rng rng;
    mpz_t value; /* the number of `now` */
    float *now;  /* [n] */
    float *next; /* [n] is counted next */
} pleats_climb_state;

/* Weights are zeros.  Clear in every case. */
PLEATS_NODISCARD pleats_status
pleats_climb_state_init(pleats_ctx *ctx, pleats_climb_state *state, size_t n);
void pleats_climb_state_clear(pleats_ctx *ctx, pleats_climb_state *state);

PLEATS_NODISCARD pleats_status pleats_climb_state_write(
    pleats_ctx *ctx, const pleats_climb_state *state, pleats_text *text);

/* *fits: the text is a state of so many parameters, and is taken. */
PLEATS_NODISCARD pleats_status pleats_climb_state_read(
    pleats_ctx *ctx, pleats_climb_state *state, const char *text, bool *fits);

#endif
