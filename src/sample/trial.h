/* The number of regions of one network of many, in the caller's thread. */
#ifndef PLEATS_SAMPLE_TRIAL_H
#define PLEATS_SAMPLE_TRIAL_H

#include "cells/frame.h"
#include "net/net.h"

#include <gmp.h>

/* *regions (initialised) = the number on the frame, exactly, or, where there
 * are more than `most` (0: no such limit), the mean of `sweeps` random sweeps
 * of the seed (without sweeps, those counted); *exact tells.  PLEATS_LIMIT when
 * the context has a reason to stop. */
PLEATS_NODISCARD pleats_status pleats_trial_count(
    pleats_ctx *ctx, const pleats_net *net, const pleats_frame *frame,
    uint64_t most, uint64_t sweeps, uint64_t seed, mpz_t regions, bool *exact);

#endif
