/* Sets of walls of a simple cell's generators, in one word each, sixteen at a
 * time.  Included by sources alone, as wide.h is. */
#ifndef PLEATS_CELLS_WALL_SETS_H
#define PLEATS_CELLS_WALL_SETS_H

#include "base/base.h"
#include "base/wide.h"

enum { PLEATS_SETS_AT_ONCE = 16 };

/* Bit j: all walls of `set` but one, or none, are in other[j].  For an empty
 * other[j] it is 0 when the set has more than one. */
PLEATS_WITHIN unsigned pleats_sets_near(uint64_t set, const uint64_t *other)
{
    const int64_t s = (int64_t)set;
    const four_bits all = {s, s, s, s};
    four_bits bit = {1, 2, 4, 8}, found = {0};
    for (size_t i = 0; i < PLEATS_SETS_AT_ONCE; i += 4) {
        const four_bits rest = all & ~*(const four_bits *)(other + i);
        found |= ((rest & (rest - 1)) == 0) & bit;
        bit *= 16;
    }
    return (unsigned)(found[0] | found[1] | found[2] | found[3]);
}

#endif
