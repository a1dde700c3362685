/* Signs of four forms in a box.  Included by sources alone, as wide.h is. */
#ifndef PLEATS_FORMS_BOX_SIGNS_H
#define PLEATS_FORMS_BOX_SIGNS_H

#include "base/base.h"
#include "base/wide.h"

/* -1 where a value is certainly above or below 0, give or take its reach, 0
 * elsewhere.  Sums whose reach is finite can overflow on the way; 0 times such
 * a sum is NaN, and nothing is above or below that. */
PLEATS_WITHIN void pleats_tell_signs(const four *v, const four *r,
                                     four_bits *above, four_bits *below)
{
    const four value = *v;
    four reach = *r * (1 + 0x1p-20) + 0x1p-960;
    reach += 0 * value;
    *above = value > reach;
    *below = value < -reach;
}

/* Pieces of four units that bend at 0: 1 above, 0 below, else -1. */
PLEATS_WITHIN void pleats_tell_pieces(const four_bits *above,
                                      const four_bits *below, pleats_idx *piece)
{
    *(four_ints *)piece =
        __builtin_convertvector(-1 - 2 * *above - *below, four_ints);
}

#endif
