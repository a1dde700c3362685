/* Cells of a network, one after the other, with what a picture asks of them:
 * their vertices, the units behind their walls, and the outputs as affine
 * forms. */
#ifndef PLEATS_DRAW_PLANE_GATHER_H
#define PLEATS_DRAW_PLANE_GATHER_H

#include "cells/parts.h"
#include "count/visit.h"

typedef struct pleats_gather pleats_gather;
struct pleats_gather {
    pleats_ctx *ctx;
    const pleats_net *net;
    const pleats_frame *frame; /* lent */
    pleats_space *space;       /* of the cell at hand, its pieces, and forms up
                                  to those of the outputs */
    pleats_idx *unit;  /* [n_scalars] the first unit that reads it, or -1 */
    pleats_idx *piece; /* [n_units] of the cell at hand; -1 before the first */
    pleats_idx n_active;
    uint32_t *hash; /* [n_units + 1] of the first units' pieces: FNV-1a */
    pleats_vertex_names *names; /* of the cells' vertices, lent, or NULL */
    bool is_over;               /* set by visit, to end the walk */
    size_t n_cells, most_cells;
    pleats_stop stopped; /* why not all cells were visited */
    /* Called for every cell, in the order of the walk. */
    pleats_status (*visit)(void *state, pleats_gather *gather,
                           pleats_vertices *cell);
    void *state;
};

/* The frame is lent.  Clear in every case. */
PLEATS_NODISCARD pleats_status pleats_gather_init(pleats_ctx *ctx,
                                                  pleats_gather *gather,
                                                  const pleats_net *net,
                                                  const pleats_frame *frame);
void pleats_gather_clear(pleats_gather *gather);

/* Visits all cells, in the caller's thread; those before a limit where there is
 * one, of the context or of cells (most_cells, 0: none).  After a limit nothing
 * stops what puts them together (pleats_set_ending). */
PLEATS_NODISCARD pleats_status pleats_gather_run(pleats_gather *gather);

/* ---- of the cell at hand ---- */

/* The unit behind a wall, or -1 - number of a side of the domain. */
pleats_idx pleats_gather_owner(const pleats_gather *gather, pleats_idx wall);
/* form [k + 1] = an output on the frame's coordinates: the engine's doubles
 * where these are known well, else the exact form, rounded once. */
PLEATS_NODISCARD pleats_status pleats_gather_form(pleats_gather *gather,
                                                  pleats_idx output,
                                                  double *form);
/* How many units are on a piece with a slope. */
pleats_idx pleats_gather_active(const pleats_gather *gather);
/* A hash of its pattern: FNV-1a over the pieces, mixed as in page/colour.js. */
uint32_t pleats_gather_hash(const pleats_gather *gather);

#endif
