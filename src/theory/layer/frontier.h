/* The frontier programme: sums over the demands that windows can meet.
 *
 * A *demand* t gives each window of a component a number of neurons.  It can
 * be met (Hall's condition) when for every set J of windows
 *     sum_{J} t <= capacity of the union of J.
 * For weights w(t) the programme sums  prod_p w(t_p)  over all demands that
 * can be met.  [docs/theory.md 3.1, 3.7]
 *
 * Windows come one by one.  What is chosen so far matters to the rest only
 * through the *need*
 *     g(X) = max over J of  sum_J t - capacity(union of J minus X),
 * the least number of cells of X that the windows so far must use, for X a
 * union of windows still to come, cut down to the *boundary*: the cells of
 * both.  The state is what of that vector gives the rest (theory/layer/seam.h);
 * equal states merge.  Window p with demand t makes
 *     g'(X) = max(g(X), g(X with S_p) + t - capacity(S_p minus X)),
 * and t can be met when g'(empty) = 0. */
#ifndef PLEATS_THEORY_LAYER_FRONTIER_H
#define PLEATS_THEORY_LAYER_FRONTIER_H

#include "theory/layer/level.h"
#include "theory/windows.h"

typedef struct {
    pleats_idx n;
    pleats_frontier_step *step; /* [n] */
} pleats_frontier_plan;

/* PLEATS_LIMIT when a boundary has more than 2^16 unions or 32767 cells. */
PLEATS_NODISCARD pleats_status
pleats_frontier_plan_init(pleats_ctx *ctx, pleats_frontier_plan *plan,
                          const pleats_component *component);
void pleats_frontier_plan_clear(pleats_ctx *ctx, pleats_frontier_plan *plan);

/* Weights w(0) .. w(n-1); larger demands have weight 0. */
typedef struct {
    size_t n;
    mpz_t *at;        /* [n] */
    size_t most_bits; /* of the sum of a whole run, 0: not known */
} pleats_weights;

/* w(t) = C(filters, t) base^t 2^(shift t) for t <= most. */
PLEATS_NODISCARD pleats_status
pleats_weights_init(pleats_ctx *ctx, pleats_weights *weights, int64_t filters,
                    int64_t base, unsigned long shift, int64_t most);
void pleats_weights_clear(pleats_ctx *ctx, pleats_weights *weights);

/* Where states are made signed sums of chain states (theory/layer/chains.h). */
typedef enum {
    PLEATS_EXPAND_WHERE_FEWER, /* if these are fewer than the states */
    PLEATS_EXPAND_ALWAYS,
    PLEATS_EXPAND_NEVER
} pleats_expansion;

/* What a run may cost, and what it did. */
typedef struct {
    size_t max_states; /* on a frontier, 0: no bound */
    pleats_expansion expansion;
    size_t most;       /* out: states on the largest frontier */
    size_t n_expanded; /* out: frontiers that were */
} pleats_frontier_cost;

/* Runs the programme; level[p] (p = 0 .. plan->n) gets the states after p
 * windows when `level` is not NULL, and is for the caller to clear; the
 * others are forgotten on the way, merged with their mirror images
 * (theory/layer/mirror.h) and expanded.  PLEATS_LIMIT beyond the cost or when
 * the context has a reason to stop.  Cost: states x demands x entries. */
PLEATS_NODISCARD pleats_status
pleats_frontier_run(pleats_ctx *ctx, const pleats_frontier_plan *plan,
                    const pleats_weights *weights, pleats_frontier_cost *cost,
                    pleats_level *level, mpz_t sum);

/* The largest demand of the step's window that a state [entries] can meet. */
int64_t pleats_frontier_most(const pleats_frontier_step *step,
                             const pleats_weights *weights,
                             const int16_t *entry);

#endif
