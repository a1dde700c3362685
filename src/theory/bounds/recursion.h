/* Upper bounds by a recursion over the rank.
 *
 * R(l, d) bounds the regions that layers l, l+1, .. make of one region on which
 * what they read has rank d:
 *
 *   R(l, d) = sum over j <= min(d, m) of w_j R(l + 1, d'(d, j)),
 *
 * m being the units that can cut, d' the rank that is handed on.  For a unit of
 * p pieces or a maximum of p numbers w_j = C(m, j) (p-1)^j [Zas75; HuZhang;
 * MontufarRenZhang2022; Goujon2022], and d' = min(d, n); for ReLU-like units at
 * most a + m - j ones are active on the regions of term j [Serra2018], a being
 * the always active ones.  R is worked out backwards and only where it is
 * needed, with O(1) operations for each d.
 *
 * With `flats` this holds of all units whose pieces have slope 0 but for one,
 * and of f flat ones among p pieces the term j is a sum over the k flat ones of
 * the j units [docs/theory.md 4.3].  With `pools` units below a max-pool make
 * one layer with it [docs/theory.md 4.4].
 */
#ifndef PLEATS_THEORY_BOUNDS_RECURSION_H
#define PLEATS_THEORY_BOUNDS_RECURSION_H

#include "theory/bounds/stack.h"
#include "theory/layer/histogram.h"

typedef enum {
    PLEATS_BY_INPUT,    /* the rank stays that of the input */
    PLEATS_BY_WIDTH,    /* the rank is at most every width so far */
    PLEATS_BY_ACTIVE,   /* and at most the number of active units */
    PLEATS_BY_MATROID,  /* and w_j by the geometry [docs/theory.md 4.1] */
    PLEATS_BY_HISTOGRAM /* ReLU layers by Hinz-van de Geer histograms */
} pleats_recursion_method;

/* What the rank of an affine map between layers (LINEAR) does. */
typedef enum {
    PLEATS_LINEAR_IGNORED,
    PLEATS_LINEAR_CUTS, /* bounds j in the next layer of units, no more: the
                           form with ranks of [Serra2018] */
    PLEATS_LINEAR_CLIPS /* bounds the rank from there on [XieChenLi2020] */
} pleats_recursion_linear;

typedef struct {
    pleats_recursion_method method;
    pleats_histogram histogram; /* BY_HISTOGRAM */
    pleats_recursion_linear linear;
    bool flats; /* BY_ACTIVE, BY_MATROID: units with flat pieces shrink */
    bool pools; /* BY_MATROID: a pool of them is one layer with them; not on a
                   box */
    /* Answers: */
    bool is_too_large; /* the numbers would not fit; the value is unset */
    bool is_capped;    /* BY_MATROID: some layer's geometry was out of reach of
                          the frontier programme; BY_HISTOGRAM: some layer was
                          too wide for its table and got Serra's histogram */
} pleats_recursion;

/* Skips are followed by every method (see stack.h). */
PLEATS_NODISCARD pleats_status pleats_recursion_run(pleats_ctx *ctx,
                                                    const pleats_stack *stack,
                                                    pleats_recursion *how,
                                                    mpz_t value);

/* The same in numbers that are rounded up, to some 40 bits or more, without the
 * geometry of layers, LINEAR_CUTS, `pools` and units of which some but not all
 * pieces are flat, all of which could only lower it.  Not BY_HISTOGRAM.  Cost:
 * O(layers x dimension). */
PLEATS_NODISCARD pleats_status
pleats_recursion_round_up(pleats_ctx *ctx, const pleats_stack *stack,
                          pleats_recursion *how, mpz_t value);

/* ---- for both ---- */

/* Whether the rank that a layer of these units hands on is at most that of its
 * active ones. */
static inline bool pleats_item_shrinks(const pleats_recursion *how,
                                       const pleats_item *item)
{
    const bool is_flat = how->flats && item->flat == item->pieces - 1;
    return (item->is_relu || is_flat) && !item->keeps_rank &&
           how->method >= PLEATS_BY_ACTIVE;
}

/* The first of the items from .. to - 1 that matters to ranks up to hi: affine
 * maps that clip none are passed over. */
static inline size_t pleats_item_next(const pleats_stack *stack,
                                      const pleats_recursion *how, size_t from,
                                      size_t to, int64_t hi)
{
    const bool clips = how->linear == PLEATS_LINEAR_CLIPS;
    while (from < to && stack->item[from].kind == PLEATS_ITEM_LINEAR &&
           (!clips || stack->item[from].n >= hi))
        from++;
    return from;
}

#endif
