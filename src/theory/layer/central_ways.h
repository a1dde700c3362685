/* Three ways to count the regions of one component without biases, whose units
 * have a breakpoint at 0 and `others` elsewhere.
 *
 * With M the matroid of the normals, in any order of the units, the number is
 *     sum of others^|T| over pairs (S, T) of disjoint sets of units, S u T
 *     independent in M, S without broken circuits,
 * a broken circuit being a circuit of M less its last unit.  S are units at
 * their breakpoint 0, T units at one of the others.  [Theorem D,
 * docs/theory.md 3.5]
 *
 * S has no broken circuit if and only if no unit, in S or not, is in the span
 * of those of S before it. */
#ifndef PLEATS_THEORY_LAYER_CENTRAL_WAYS_H
#define PLEATS_THEORY_LAYER_CENTRAL_WAYS_H

#include "theory/layer/central.h"

/* Whether the windows, in their order, are runs of atoms whose ends do not
 * decrease: intervals on a line. */
bool pleats_component_is_line(const pleats_component *component);

/* The number for intervals, when all K-type sets are independent: proven, and
 * in polynomial time, about windows x filters x (cells of a window)^(1, or 2
 * when others > 0).  PLEATS_LIMIT for windows of too many cells. */
PLEATS_NODISCARD pleats_status pleats_line_regions(
    pleats_ctx *ctx, const pleats_component *component, int64_t filters,
    long others, pleats_effort *effort, mpz_t regions);

/* Hyperplanes through 0 (breaks = 0), by restriction, modulo 2^61 - 1; or, with
 * biases, breaks > 0 parallel ones for each unit at random levels: half the
 * regions of the cone over them, one dimension up, with the hyperplane at
 * infinity. */
PLEATS_NODISCARD pleats_status pleats_restriction_regions(
    pleats_ctx *ctx, const pleats_normals *normals, long breaks,
    pleats_rng *rng, pleats_effort *effort, mpz_t regions);

/* others > 0: the pairs one by one, with ranks modulo 2^61 - 1, at most units x
 * regions of them. */
PLEATS_NODISCARD pleats_status
pleats_pairs_regions(pleats_ctx *ctx, const pleats_normals *normals,
                     long others, pleats_effort *effort, mpz_t regions);

#endif
