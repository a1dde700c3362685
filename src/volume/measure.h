/* What the volume of a cell of a domain is: its unit.
 *
 * A part of a domain has coordinates of its own: the inputs, or those along its
 * directions (s and t of a plane).  Where it is full-dimensional in them, the
 * volume is that in them: for a box or a polytope the one in the inputs, for a
 * plane the area in s and t.  Where it has fewer dimensions than coordinates
 * (sides of width zero, equations that its rows imply), the volume is that of
 * its image in the first of its coordinates that tell its points apart: for a
 * box those whose sides have a width. */
#ifndef PLEATS_VOLUME_MEASURE_H
#define PLEATS_VOLUME_MEASURE_H

#include "volume/volume.h"

typedef struct {
    mpq_t unit;     /* volume = unit * volume in the frame's coordinates */
    double rounded; /* the double nearest to that */
    mpq_t gram; /* (k-dimensional Euclidean measure in the inputs)^2 = gram *
                   volume^2 */
} pleats_measure;

/* PLEATS_INVALID for unions, and frames of more than PLEATS_VERTICES_DIMENSION
 * coordinates.  Clear in every case. */
PLEATS_NODISCARD pleats_status pleats_measure_init(pleats_ctx *ctx,
                                                   pleats_measure *measure,
                                                   const pleats_domain *domain,
                                                   const pleats_frame *frame);
void pleats_measure_clear(pleats_measure *measure);

/* The volume of a cell in this unit, with an error below 2^-10 of it, or below
 * `enough`, unless it is beyond the range of doubles; of an unbounded cell
 * infinite, with error 0.
 */
PLEATS_NODISCARD pleats_status pleats_measure_enclose(
    const pleats_measure *measure, pleats_space *space, pleats_vertices *cell,
    pleats_volume_room *room, double enough, pleats_enclosed *out);

/* The same of a bounded cell whose generators are worked out from the integers;
 * where these are known already, nothing is asked of its walls but which
 * generators they hold. */
PLEATS_NODISCARD pleats_status pleats_measure_enclose_solved(
    const pleats_measure *measure, pleats_space *space, pleats_vertices *cell,
    pleats_volume_room *room, double enough, pleats_enclosed *out);

/* Exactly; *is_bounded: else `out` is not set. */
PLEATS_NODISCARD pleats_status pleats_measure_exact(
    const pleats_measure *measure, pleats_space *space, pleats_vertices *cell,
    pleats_volume_room *room, mpq_t out, bool *is_bounded);

/* Of a domain: its volume, NULL where it is infinite, and the gram (see
 * above), as fractions; of an empty one 0 and 1.  PLEATS_INVALID as of
 * pleats_measure_init. */
typedef struct {
    char *volume, *gram;
} pleats_domain_volume;

PLEATS_NODISCARD pleats_status
pleats_domain_volume_init(pleats_ctx *ctx, pleats_domain_volume *volume,
                          const pleats_net *net, const pleats_domain *domain);
void pleats_domain_volume_clear(pleats_ctx *ctx, pleats_domain_volume *volume);

#endif
