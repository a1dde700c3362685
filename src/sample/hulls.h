/* Units that change on cross-polytopes about points, k-dimensional ones in a
 * space of any dimension: which certainly do, and which may.
 *
 * The cross-polytope of a point is the convex hull of its 2 k vertices, point +
 * side_j and point - side_j, taken exactly.  A unit changes there when no piece
 * of its function gives its value at all points (pleats/stable.h).  It
 * certainly does when no piece gives it at all vertices; it certainly does not
 * when bounds on the hull say so, or when its input is affine there and a piece
 * gives its value at all vertices. */
#ifndef PLEATS_SAMPLE_HULLS_H
#define PLEATS_SAMPLE_HULLS_H

#include "count/look.h"
#include "domain/domain.h"
#include "ranges/ranges.h"
#include "sample/pass.h"

/* Not written after it is made. */
typedef struct {
    const pleats_net *net;
    pleats_idx k;
    const double *side; /* [k x n_inputs], lent */
    pleats_pass pass;
    bool *is_affine;    /* [n_units] that depend on no other unit */
    pleats_idx n_exact; /* vertices of a hull that are looked at exactly, at
                           most */
} pleats_hulls;

/* side [k x n_inputs] of random orthogonal directions of that length, each
 * entry rounded to a double; k <= n_inputs.  The same on every machine. */
PLEATS_NODISCARD pleats_status pleats_hulls_sides(pleats_ctx *ctx,
                                                  uint64_t seed, double length,
                                                  pleats_idx k,
                                                  pleats_idx n_inputs,
                                                  double *side);

/* For hulls about the points row [n_rows x n_inputs]; all numbers are finite.
 * Clear in every case. */
PLEATS_NODISCARD pleats_status pleats_hulls_init(
    pleats_ctx *ctx, pleats_hulls *hulls, const pleats_net *net, pleats_idx k,
    const double *side, size_t n_rows, const double *row);
void pleats_hulls_clear(pleats_ctx *ctx, pleats_hulls *hulls);

/* One thread's room, and what it found of the hull at hand. */
typedef struct {
    pleats_lanes lanes;
    pleats_seen seen;  /* the pieces that give a unit's value at all vertices */
    bool *is_unsure;   /* [n_units] at a vertex it is not known which do */
    bool *is_near;     /* [n_units] doubles do not tell it at the one at hand */
    bool *changes;     /* [n_units] certainly */
    bool *may_change;  /* [n_units] not proved otherwise; all that change do */
    bool *cut_changes; /* [n_units] on the plane of a cut, as far as regions
                          were gone through */
    uint64_t cut_regions; /* so many */
    pleats_idx *piece;    /* [n_units] */
    pleats_idx n_exact;   /* vertices that were looked at exactly */
} pleats_hull;

PLEATS_NODISCARD pleats_status pleats_hull_init(pleats_ctx *ctx,
                                                pleats_hull *hull,
                                                const pleats_hulls *hulls);
void pleats_hull_clear(pleats_ctx *ctx, pleats_hull *hull);

/* Finds `changes` and `may_change` of the hull about a point [n_inputs].
 * PLEATS_LIMIT when there is a reason to stop.  Cost: 2 k evaluations, and
 * pleats_ranges_on_cross. */
PLEATS_NODISCARD pleats_status pleats_hull_look(pleats_ctx *ctx,
                                                const pleats_hulls *hulls,
                                                const double *point,
                                                pleats_hull *hull);

/* ---- sections (hull_cut.c) ---- */

/* The points of a hull point + sum_j t_j side_j with sum_j |t_j| <= 1, side [k
 * x n_inputs]: a domain of 2^k rows.  PLEATS_INVALID when the sides are not
 * independent. */
PLEATS_NODISCARD pleats_status pleats_hull_section(
    pleats_ctx *ctx, pleats_idx n_inputs, const double *point, pleats_idx k,
    const double *side, pleats_give pleats_domain **out);

/* Goes through the regions of the section by the first two sides (with k = 1,
 * one) of a hull that was looked at, `most` of them at most (0: no limit);
 * *is_whole: they are all, so that the units that change there are known.
 * PLEATS_LIMIT when there is a reason to stop. */
PLEATS_NODISCARD pleats_status pleats_hull_cut(pleats_ctx *ctx,
                                               const pleats_hulls *hulls,
                                               const double *point,
                                               uint64_t most, pleats_hull *hull,
                                               bool *is_whole);

/* ---- at vertices (hull_vertices.c) ---- */

/* Takes the pieces that do not give their unit's value at a vertex out of
 * `seen`; the vertex is point + sign * side_j, in a lane that was run.  Only
 * units that may change are asked exactly. */
PLEATS_NODISCARD pleats_status pleats_hull_take_vertex(
    pleats_ctx *ctx, const pleats_hulls *hulls, pleats_hull *hull,
    const double *point, const double *side, double sign, int lane);

#endif
