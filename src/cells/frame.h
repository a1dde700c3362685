/* One part of a domain in coordinates in which it is full-dimensional:
 *
 *     x = num . (t, 1) / den,   row_i . (t, 1) >= 0,   |t_j| <= 1 where boxed.
 *
 * Zero-width sides and implied equalities are substituted away; a coordinate
 * that has finite bounds is scaled to [-1, 1].  All of it exact. */
#ifndef PLEATS_CELLS_FRAME_H
#define PLEATS_CELLS_FRAME_H

#include "domain/domain.h"
#include "forms/forms.h"

typedef struct {
    bool empty; /* no point at all; the rest is then unset */
    pleats_idx k;
    bool *boxed;  /* [k] */
    bool bounded; /* all coordinates are boxed */
    pleats_coordinates coordinates;
    pleats_idx m;
    mpz_t *row;        /* [m x (k + 1)], primitive */
    bool has_interior; /* whether `interior` is known */
    double *interior;  /* [k] a point strictly inside */
} pleats_frame;

/* PLEATS_INVALID for a lifted part (domain/domain_ball.h).  Cost: without rows
 * O(n k); with rows some exact linear programmes. */
PLEATS_NODISCARD pleats_status pleats_frame_init(pleats_ctx *ctx,
                                                 pleats_frame *frame,
                                                 const pleats_domain *domain,
                                                 const pleats_part *part);
/* The same, of a lifted part in its own coordinates: for those who ask for no
 * more than regions, their maps and neighbours. */
PLEATS_NODISCARD pleats_status
pleats_frame_init_lifted(pleats_ctx *ctx, pleats_frame *frame,
                         const pleats_domain *domain, const pleats_part *part);
void pleats_frame_clear(pleats_ctx *ctx, pleats_frame *frame);

#endif
