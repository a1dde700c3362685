/* Signs of forms in a box, one for each lane.  Included by sources alone, once
 * for each kind of vector (base/kind.h). */

/* -1 where a value is certainly above or below 0, give or take its reach, 0
 * elsewhere.  Sums whose reach is finite can overflow on the way; 0 times such
 * a sum is NaN, and nothing is above or below that. */
PLEATS_WITHIN void KIND(tell_signs)(const VECTOR *v, const VECTOR *r,
                                    BITS *above, BITS *below)
{
    const VECTOR value = *v;
    VECTOR reach = *r * (1 + 0x1p-20) + 0x1p-960;
    reach += 0 * value;
    *above = value > reach;
    *below = value < -reach;
}

/* Pieces of units that bend at 0: 1 above, 0 below, else -1. */
PLEATS_WITHIN void KIND(tell_pieces)(const BITS *above, const BITS *below,
                                     pleats_idx *piece)
{
    *(INTS *)piece = __builtin_convertvector(-1 - 2 * *above - *below, INTS);
}
