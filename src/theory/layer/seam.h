/* What a state of the frontier programme (theory/layer/frontier.h) keeps of
 * the needs g(X) of the unions X on a boundary.
 *
 * With N for the union of the windows J, cut down to the boundary, and a set Z,
 *     g(X) = max over J of  sum_J t - capacity(union of J minus X)
 *          = g(Z) - capacity(Z minus X)
 * for the J that is best for X, if X and N meet within Z and Z is within X or
 * N; and g(X) is never below the right side.  So X need not be kept if each
 * union N of windows so far has such a Z among the kept ones, and g(X) is a
 * maximum over these.  [docs/theory.md 3.7] */
#ifndef PLEATS_THEORY_LAYER_SEAM_H
#define PLEATS_THEORY_LAYER_SEAM_H

#include "theory/layer/family.h"

#define PLEATS_NOT_KEPT UINT32_MAX
enum { PLEATS_MOST_PAIRS = 1 << 22 };

typedef struct {
    pleats_family ahead;  /* unions of windows still to come; number 0 is {} */
    pleats_family behind; /* unions of the windows so far */
    size_t n_kept;
    uint32_t *number; /* [ahead.n] among the kept, or PLEATS_NOT_KEPT */
    uint32_t *kept;   /* [n_kept] number in `ahead` */
} pleats_seam;

/* Chooses what is kept, {} first; where there are more than PLEATS_MOST_PAIRS
 * pairs of unions, or none behind, everything.
 * Cost: some comparisons of sets for each pair. */
PLEATS_NODISCARD pleats_status pleats_seam_choose(pleats_ctx *ctx,
                                                  pleats_seam *seam);
void pleats_seam_clear(pleats_ctx *ctx, pleats_seam *seam);

/* Kept sets over which union `x`, which is not kept, is a maximum: their
 * numbers among the kept, few rather than many; `among` has room for all. */
PLEATS_NODISCARD pleats_status pleats_seam_cover(pleats_ctx *ctx,
                                                 const pleats_seam *seam,
                                                 size_t x, uint32_t *among,
                                                 size_t *n);

#endif
