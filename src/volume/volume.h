/* The volume of a cell that is held by its vertices, in the coordinates of its
 * frame: exactly, and in doubles with a proven error. */
#ifndef PLEATS_VOLUME_VOLUME_H
#define PLEATS_VOLUME_VOLUME_H

#include "volume/fan.h"

enum {
    PLEATS_VOLUME_MINORS = 1 << PLEATS_VERTICES_DIMENSION,
    PLEATS_VOLUME_WIDTH = PLEATS_VERTICES_DIMENSION + 1
};

/* |value - true| <= error; infinite: not known. */
typedef struct {
    double value, error;
} pleats_enclosed;

/* Room, which may be used for many cells; zeroed to begin with. */
typedef struct {
    pleats_fan fan;
    pleats_idx k;
    double *t, *off; /* [n x k] the vertices, [n] how far they are off */
    mpz_t **x;       /* [n] the same over the integers, lent */
    size_t t_capacity, off_capacity, x_capacity;
    pleats_idx n_terms; /* simplices */
    pleats_enclosed sum;
    pleats_idx base; /* the first vertex of all simplices at hand */
    pleats_enclosed minor[PLEATS_VOLUME_MINORS];
    bool has_integers;
    mpz_t *exact_minor; /* [2 PLEATS_VOLUME_MINORS] */
    mpz_t *weight;      /* [PLEATS_VOLUME_WIDTH] products of last entries */
    mpq_t exact_sum, term;
} pleats_volume_room;

void pleats_volume_clear(pleats_ctx *ctx, pleats_volume_room *room);

/* Whether the cell has neither lines nor rays, exactly. */
PLEATS_NODISCARD pleats_status pleats_volume_is_bounded(pleats_space *space,
                                                        pleats_vertices *cell,
                                                        bool *is_bounded);

/* The volume of a bounded cell.  Cost: simplices times 2^k. */
PLEATS_NODISCARD pleats_status pleats_volume_enclose(pleats_space *space,
                                                     pleats_vertices *cell,
                                                     pleats_volume_room *room,
                                                     pleats_enclosed *out);

/* The same, exactly; `out` is initialised by the caller.  Cost: simplices times
 * 2^(k + 1) products of integers as long as k + 1 generators. */
PLEATS_NODISCARD pleats_status pleats_volume_exact(pleats_space *space,
                                                   pleats_vertices *cell,
                                                   pleats_volume_room *room,
                                                   mpq_t out);

#endif
