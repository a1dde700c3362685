/* Which pieces give the values of units, region by region. */
#ifndef PLEATS_COUNT_LOOK_H
#define PLEATS_COUNT_LOOK_H

#include "cells/space.h"

#include "pleats/stable.h"

typedef struct {
    uint64_t regions;  /* gone through, once each */
    bool complete;     /* they are all */
    pleats_idx *start; /* [n_units + 1] of a unit's pieces in `gives` */
    size_t n_pieces;   /* of all units */
    bool *gives; /* a piece (candidate) gives the unit's value in all regions
                    gone through; where a unit's input is constant at a
                    breakpoint, both pieces that meet there do */
} pleats_seen;

/* Nothing was seen so far.  Clear in every case. */
PLEATS_NODISCARD pleats_status pleats_seen_init(pleats_ctx *ctx,
                                                pleats_seen *seen,
                                                const pleats_net *net);
void pleats_seen_clear(pleats_ctx *ctx, pleats_seen *seen);
/* Forgets what was seen. */
void pleats_seen_forget(pleats_seen *seen);

/* Adds what was seen elsewhere of the same network. */
void pleats_seen_join(pleats_seen *seen, const pleats_seen *other);

/* Whether no piece gives the unit's value in all of them. */
bool pleats_seen_changes(const pleats_seen *seen, pleats_idx unit);

/* What the regions that were seen tell of a unit of step s. */
pleats_unit_state pleats_seen_state(const pleats_seen *seen,
                                    const pleats_step *s, pleats_idx unit);

/* Whether a piece of a unit is flat; candidates of maxima are not looked at. */
bool pleats_piece_is_flat(const pleats_step *s, pleats_idx unit,
                          pleats_idx piece);

/* One worker's look at regions of a frame, one after the other. */
typedef struct {
    const bool *is_asked; /* [n_units] the units that matter, lent; what is said
                             of others is of no consequence.  NULL: all do */
    pleats_seen seen;
    pleats_forms forms; /* of the region at hand, made when needed */
    bool has_forms;
    double *entry; /* [k + 1] */
    size_t width;
    mpz_t *row; /* [width = k + 1] */
} pleats_look;

/* Clear in every case. */
PLEATS_NODISCARD pleats_status pleats_look_init(pleats_ctx *ctx,
                                                pleats_look *look,
                                                const pleats_net *net,
                                                const pleats_frame *frame,
                                                const bool *is_asked);
void pleats_look_clear(pleats_ctx *ctx, pleats_look *look);
/* Notes the region that the space is in. */
PLEATS_NODISCARD pleats_status pleats_look_at(pleats_look *look,
                                              pleats_space *space);

#endif
