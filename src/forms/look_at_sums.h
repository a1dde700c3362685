/* What sums tell of units in a box of a plane.  Included by sources alone, once
 * for each kind of vector (base/kind.h), after surroundings are declared. */
#include "forms/box_signs.h"
#include "forms/sum_bounds.h"

/* A vector of units, whose forms' sums begin at `from`, entries `apart`: their
 * pieces, and the forms' bounds; *passes: -1 where they pass their form on,
 * *open gets -1 where one is open. */
PLEATS_WITHIN void KIND(look)(const surroundings *at, const double *from,
                              size_t apart, pleats_idx *piece, double *bound,
                              BITS *passes, BITS *open)
{
    const VECTOR x = *(const VECTOR *)from;
    const VECTOR y = *(const VECTOR *)(from + apart);
    const VECTOR z = *(const VECTOR *)(from + 2 * apart);
    const VECTOR off = *(const VECTOR *)(from + 3 * apart);
    const VECTOR x_size = (VECTOR)((BITS)x & INT64_MAX);
    const VECTOR y_size = (VECTOR)((BITS)y & INT64_MAX);
    const VECTOR z_size = (VECTOR)((BITS)z & INT64_MAX);
    const VECTOR size = x_size + y_size + z_size;
    const VECTOR value = x * at->x + y * at->y + z * at->z;
    const VECTOR reach =
        off + x_size * at->x_half + y_size * at->y_half + z_size * at->z_half;
    BITS above, below;
    KIND(tell_signs)(&value, &reach, &above, &below);
    KIND(tell_pieces)(&above, &below, piece);
    KIND(find_bounds)(at->has_tiny, at->gamma, &off, &size, bound);
    *passes = at->passing ? above : below;
    *open |= ~(above | below);
}
