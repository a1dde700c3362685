/* Lines in the plane: the points in which they meet. */
#ifndef PLEATS_ARRANGEMENT_ARRANGEMENT_PLANE_H
#define PLEATS_ARRANGEMENT_ARRANGEMENT_PLANE_H

#include "arrangement/arrangement_distinct.h"
#include "arrangement/arrangement_walk.h"

typedef struct {
    const pleats_moduli *moduli; /* lent */
    size_t room;                 /* for points at a time */
    uint64_t *over, *under;      /* [n_fields x room] the points' quotients */
    uint64_t *spare;             /* [room + 64] */
    uint32_t *end;               /* [n] of a line's points in `over` */
    pleats_distinct distinct;
    /* For one small prime, which is certain: [p + 1] the last line with a point
     * of this quotient, and how many lines there were. */
    uint32_t *last;
    uint32_t n_seen;
} pleats_plane;

/* For up to n lines. */
PLEATS_NODISCARD pleats_status pleats_plane_init(pleats_ctx *ctx,
                                                 pleats_plane *plane,
                                                 const pleats_moduli *moduli,
                                                 size_t n);
void pleats_plane_clear(pleats_ctx *ctx, pleats_plane *plane);

/* Adds to *points, for each line, how many points it shares with lines before
 * it.  The lines (k = 2) are different, the first n_slanted are (1, y, b), the
 * others (0, 1, b).  Cost: n^2 / 2 inverses. */
PLEATS_NODISCARD pleats_status pleats_plane_points(
    pleats_ctx *ctx, pleats_plane *plane, const pleats_residues *lines,
    size_t n_slanted, uint64_t *points, bool *is_stuck);

#endif
