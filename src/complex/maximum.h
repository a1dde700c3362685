/* Cutting by which of several functions is the greatest. */
#ifndef PLEATS_COMPLEX_MAXIMUM_H
#define PLEATS_COMPLEX_MAXIMUM_H

#include "complex/faces.h"

/* Sets of candidates, one for each face: those that lead on it. */
typedef struct {
    size_t n_words;
    uint64_t *set[PLEATS_COMPLEX_LEVELS]; /* [n faces x n_words] by dimension */
} pleats_leaders;

static inline bool pleats_leads(const pleats_leaders *l, pleats_idx d, size_t i,
                                pleats_idx candidate)
{
    return l->set[d][i * l->n_words + (size_t)candidate / 64] >>
               (candidate % 64) &
           1;
}

/* Splits each face by which of n scalars are the greatest (least) ones there;
 * nothing that comparisons of others cut is left. */
PLEATS_NODISCARD pleats_status pleats_complex_faces_cut_maximum(
    pleats_complex_faces *faces, pleats_complex_points *points,
    const pleats_idx *scalar, pleats_idx n, bool is_min);

/* Who leads on each face, after that; the lead is set.  Clear in every case. */
PLEATS_NODISCARD pleats_status pleats_leaders_find(
    const pleats_complex_faces *faces, const pleats_complex_points *points,
    const pleats_idx *scalar, pleats_idx n, pleats_leaders *out);
void pleats_leaders_clear(pleats_ctx *ctx, pleats_leaders *leaders);

#endif
