/* One pass over a network that finds the values of its scalars and the pieces
 * of its units on a box, or on a part of one where some units have pieces by
 * decree. */
#ifndef PLEATS_RANGES_FINDER_H
#define PLEATS_RANGES_FINDER_H

#include "ranges/relaxation.h"

typedef struct {
    pleats_ctx *ctx;
    const pleats_net *net;
    pleats_interval *scalar; /* [n_scalars] */
    pleats_idx *scratch;     /* [most terms of a row] */
    bool *may_win;           /* [most terms of a row] */
    /* [n_units] what is known already, and what comes out.  With a relaxation
     * it is what a pass without one found, or else PL units have n = 0 and MAX
     * units all their candidates, but for those with pieces by decree. */
    pleats_range *unit;
    pleats_relaxation *relaxation; /* NULL: intervals alone */
    const pleats_range *decree; /* [n_units] pieces that units have by decree,
                                   n = 0: none; NULL: no unit has */
    bool asks_no_programme;     /* about units: it is there for the caller */
    bool is_empty;              /* it was found that no point has such pieces */
} pleats_finder;

/* Goes over the steps up to `last`, which is affine or one of units whose forms
 * nobody needs; what earlier passes found only gets better.  Ends early when
 * there is no point.  PLEATS_LIMIT when the context has a reason to stop. */
PLEATS_NODISCARD pleats_status pleats_finder_run(pleats_finder *finder,
                                                 pleats_idx last);

#endif
