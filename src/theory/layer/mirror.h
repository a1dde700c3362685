/* A reflection of a layer that the frontier programme (theory/layer/frontier.h)
 * may use: each row of `length` windows turned about.
 *
 * Where it takes windows that share an atom to windows that share one of the
 * same capacity, and whole rows are done, it turns demands so far into demands
 * so far and demands to come into demands to come, of the same weights, and
 * keeps what can be met.  So a state and its mirror image, which needs for X
 * what the state needs for the image of X, have as many completions, and may
 * merge.  [docs/theory.md 3.7] */
#ifndef PLEATS_THEORY_LAYER_MIRROR_H
#define PLEATS_THEORY_LAYER_MIRROR_H

#include "theory/layer/seam.h"
#include "theory/windows.h"

typedef struct {
    pleats_idx length; /* of a row of windows, 0: no reflection */
    pleats_idx *atom;  /* [n_atoms] the image of each */
} pleats_mirror;

/* The reflection of the shortest rows that there is, of two windows at least
 * and not of all.  Cost: atoms x atoms of a window, for each length. */
PLEATS_NODISCARD pleats_status pleats_mirror_init(
    pleats_ctx *ctx, pleats_mirror *mirror, const pleats_component *component);
void pleats_mirror_clear(pleats_ctx *ctx, pleats_mirror *mirror);

/* *image [seam->n_kept]: the number among the kept sets of each one's mirror
 * image; NULL when rows are not whole after `done` windows or an image is not
 * kept.  To be released by the caller. */
PLEATS_NODISCARD pleats_status pleats_mirror_seam(pleats_ctx *ctx,
                                                  const pleats_mirror *mirror,
                                                  const pleats_seam *seam,
                                                  pleats_idx done,
                                                  uint32_t **image);

#endif
