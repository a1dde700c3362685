/* Affine pieces: regions with one affine map that share a facet are one piece.
 *
 * During a walk the pattern and the map of every region are noted (memory grows
 * with the number of regions).  Afterwards, each region whose map another one
 * has too is taken up again: for each of its walls an exact programme says
 * whether the wall carries a facet and gives a point inside it, and the pattern
 * just across that point is the neighbour's.  Neighbours with one map are
 * joined.
 *
 * Across a facet there is exactly one neighbour: at a point inside the facet a
 * unit is either off its breakpoints, or its form is 0 on the whole facet, and
 * then the form's derivative across tells its piece on the other side. */
#ifndef PLEATS_CELLS_PIECES_H
#define PLEATS_CELLS_PIECES_H

#include "cells/walk.h"
#include "exact/digest.h"

typedef struct {
    pleats_digest_set patterns;
    size_t n_maps;
    size_t *map; /* [patterns.n] number of the region's map, below n_maps */
    size_t map_capacity;
    int32_t *piece; /* [patterns.n x n_units] */
    size_t piece_capacity;
} pleats_region_list;

void pleats_region_list_clear(pleats_ctx *ctx, pleats_region_list *list);

/* Notes a region: its pattern and the number of its map. */
PLEATS_NODISCARD pleats_status pleats_region_list_add(
    pleats_ctx *ctx, pleats_region_list *list, pleats_idx n_units,
    const pleats_idx *piece, size_t map, pleats_hasher *hasher);

/* The number of pieces that the noted regions, all regions of the space's
 * frame, make up.  The visitor's tick is called between regions; *complete:
 * false when it stopped the work. */
PLEATS_NODISCARD pleats_status pleats_pieces_count(
    pleats_space *space, pleats_region_list *list, pleats_hasher *hasher,
    const pleats_visitor *visitor, size_t *pieces, bool *complete);

#endif
