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
#ifndef PLEATS_COUNT_PIECES_H
#define PLEATS_COUNT_PIECES_H

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

void pleats_pattern_digest(pleats_idx n_units, const pleats_idx *piece,
                           pleats_hasher *hasher, pleats_digest *out);

/* Notes a region: its pattern, the digest of that, the number of its map. */
PLEATS_NODISCARD pleats_status pleats_region_list_add(
    pleats_ctx *ctx, pleats_region_list *list, pleats_idx n_units,
    const pleats_idx *piece, size_t map, const pleats_digest *pattern);

/* The noted regions, which must be all regions of a frame, while they are put
 * together to pieces. */
typedef struct {
    const pleats_region_list *list; /* lent */
    pthread_mutex_t *lock; /* lent: of what changes while threads join */
    size_t *sharers;       /* [list->n_maps] how many regions have the map */
    size_t *parent;        /* [list->patterns.n] a region of the same piece */
    size_t pieces;         /* when all regions were joined */
} pleats_joining;

PLEATS_NODISCARD pleats_status
pleats_joining_init(pleats_ctx *ctx, pleats_joining *joining,
                    const pleats_region_list *list, pthread_mutex_t *lock);
void pleats_joining_clear(pleats_ctx *ctx, pleats_joining *joining);

/* Joins region i with its neighbours of the same map; any thread with a space
 * of its own on the frame, for the programme engine, may. */
PLEATS_NODISCARD pleats_status pleats_joining_do(pleats_joining *joining,
                                                 pleats_space *space,
                                                 pleats_hasher *hasher,
                                                 size_t i);

#endif
