/* States of the frontier programme (theory/layer/frontier.h) as signed sums of
 * *chain states*, of which there are far fewer behind a row of many windows.
 *
 * Let the kept sets of a boundary be closed under union, and each be a union of
 * windows so far, cut to the boundary.  A kept set W is *flat* in a state g if
 * no kept set Z that is not within W has g(W) = g(Z) - capacity(Z minus W). The
 * demands to come that the state leaves room for are those that leave room for
 * g(W) cells of each flat W; and their indicator is the sum, over the chains
 *     least flat set = W_0 < W_1 < .. < W_k = largest flat set
 * of flat sets, of
 *     prod_i -mu(W_i, W_{i+1})
 * times the indicator for the needs of W_0 .. W_k alone, mu the Moebius
 * function of the flat sets.  These needs make a state of their own, X -> max
 * over i of  g(W_i) - capacity(W_i minus X), at least 0. [proof in
 * docs/theory.md 3.7] */
#ifndef PLEATS_THEORY_LAYER_CHAINS_H
#define PLEATS_THEORY_LAYER_CHAINS_H

#include "theory/layer/level.h"
#include "theory/layer/seam.h"
#include "theory/windows.h"

enum { PLEATS_CHAIN_SETS = 64 };

/* A number for each kept set but the empty one, in the order of a state's
 * entries: entry i + 1 has lane i. */
typedef struct {
    int8_t lane[PLEATS_CHAIN_SETS];
} pleats_lanes;

/* A kept set among those of its seam, which are ordered by size. */
typedef struct {
    uint32_t entry; /* of a state */
    uint64_t above,
        below;         /* bits of the sets that contain it, of those within */
    pleats_lanes more; /* capacity of the lane's set minus this one; 127
                          where it is within this one */
    pleats_lanes less; /* capacity of this one minus the lane's set; 127
                          without a set */
    pleats_lanes
        less_image; /* the same of the mirror image of the lane's set */
} pleats_chain_set;

/* Set 0 is the empty one. */
typedef struct pleats_chains {
    size_t n;
    pleats_chain_set set[]; /* [n] */
} pleats_chains;

/* *chains is NULL where states of the seam are no sums of chain states, or have
 * more than PLEATS_CHAIN_SETS needs; the numbers are right where a level of it
 * is not wide.  `image` [n_kept] are
 * the mirror images (theory/layer/mirror.h), or NULL.  Cost: pairs of kept sets
 * x inputs of the boundary. */
PLEATS_NODISCARD pleats_status pleats_chains_init(
    pleats_ctx *ctx, pleats_chains **chains, const pleats_component *component,
    const pleats_seam *seam, const uint32_t *image);

/* Makes `to`, empty and for the same boundary, of the level's states; of a
 * chain state and its mirror image, where there is one, it has the lower.
 * Weights are integers modulo 2^(64 n_limbs) from there on.  Ends early,
 * *is_done false, when there are `most` chain states or more. */
PLEATS_NODISCARD pleats_status pleats_chains_expand(
    pleats_ctx *ctx, const pleats_chains *chains, const pleats_level *level,
    size_t most, pleats_level *to, bool *is_done);

#endif
