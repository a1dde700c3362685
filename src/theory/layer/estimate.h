/* How much of the formula is true: the share of K-type sets that are
 * independent, by uniform sampling.  [docs/theory.md 3.7] */
#ifndef PLEATS_THEORY_LAYER_ESTIMATE_H
#define PLEATS_THEORY_LAYER_ESTIMATE_H

#include "theory/layer/frontier.h"

typedef struct {
    uint64_t samples, seed;
    size_t max_states;
} pleats_sampling;

/* Draws sets of neurons from those that the formula counts, each with
 * probability (p-1)^size / R_N, by walking the programme backwards, and tells
 * how many are independent for generic shared filters, modulo 2^61 - 1: a
 * dependent answer is wrong with probability below size / 2^61. */
PLEATS_NODISCARD pleats_status
pleats_sample_independent(pleats_ctx *ctx, const pleats_conv_layer *layer,
                          const pleats_sampling *sampling, uint64_t *n);

/* Clopper and Pearson's interval for a probability of which k of n trials
 * came out: it contains the truth with probability at least `level`.
 * [Clopper, Pearson 1934] */
void pleats_binomial_interval(uint64_t k, uint64_t n, double level, double *lo,
                              double *hi);

#endif
