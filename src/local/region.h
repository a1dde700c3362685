/* The region of one pattern near a point: its half-spaces, in doubles with
 * proven errors and exactly, in coordinates in which the point is the origin.
 */
#ifndef PLEATS_LOCAL_REGION_H
#define PLEATS_LOCAL_REGION_H

#include "local/point.h"

/* One half-space: the side `sign` of a plane where a unit's pieces meet, or a
 * side of the domain (unit -1). */
typedef struct {
    pleats_hyperplane plane;
    int sign;
    pleats_idx step, unit; /* -1: a side of the domain, number `at` */
    pleats_idx at; /* PL: the breakpoint, between pieces at and at + 1; MAX:
                      the candidate that the winner meets */
} pleats_halfspace;

typedef struct {
    pleats_ctx *ctx;
    const pleats_net *net;     /* lent */
    const pleats_frame *frame; /* lent; NULL: there are no sides */
    const pleats_idx *piece;   /* [n_units], lent */
    mpz_t *point;              /* [k + 1], lent; with a frame */
    pleats_coordinates coordinates;
    pleats_idx k;
    pleats_forms forms;
    pleats_exact_forms exact;

    /* Half-spaces that cut something off; those of units first, in the order
     * of the units. */
    pleats_idx n, n_units;
    pleats_halfspace *half; /* [n] */
    double *entry;          /* [n x (k + 1)], positive inside */
    pleats_bounds *bounds;  /* [n] */
    mpz_t **row;            /* [n] NULL: not asked for so far */
    pleats_idx *twin;       /* [n] the first half-space that is the same */
    /* Those that hold all points near by, on their plane. */
    pleats_idx n_flat;
    pleats_halfspace *flat;

    size_t half_capacity, entry_capacity, bounds_capacity, flat_capacity;
    double *room; /* [k + 1] */
    mpz_t *exact_room;
} pleats_region;

/* The region of the pattern `piece` about the point; `coordinates` are those of
 * pleats_coordinates_about and are taken over.  The point should be inside the
 * region, at least almost. */
PLEATS_NODISCARD pleats_status pleats_region_init(
    pleats_ctx *ctx, pleats_region *region, const pleats_net *net,
    const pleats_idx *piece, pleats_coordinates *coordinates,
    const pleats_frame *frame, mpz_t *point);
void pleats_region_clear(pleats_region *region);

/* Finds the half-spaces that are the same, exactly: sets `twin`. */
PLEATS_NODISCARD pleats_status pleats_region_find_twins(pleats_region *region);

/* `*row` gets the primitive exact row [k + 1] of half-space i, lent. */
PLEATS_NODISCARD pleats_status pleats_region_row(pleats_region *region,
                                                 pleats_idx i, mpz_t **row);

static inline const double *pleats_region_entry(const pleats_region *r,
                                                pleats_idx i)
{
    return r->entry + (size_t)i * ((size_t)r->k + 1);
}

#endif
