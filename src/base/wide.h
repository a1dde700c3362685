/* Vectors of numbers, for functions under PLEATS_WIDE: wider ones than the
 * machine has are worked on in parts.  They lie where a double may. Comparisons
 * give integers of as many bits, 0 or -1.  Included by sources alone, hence the
 * short names. */
#ifndef PLEATS_BASE_WIDE_H
#define PLEATS_BASE_WIDE_H

#include "base/base.h"

#include <stdint.h>

typedef double four __attribute__((vector_size(32), aligned(8)));
typedef int64_t four_bits __attribute__((vector_size(32), aligned(8)));
typedef uint64_t four_words __attribute__((vector_size(32), aligned(8)));
typedef int32_t four_ints __attribute__((vector_size(16), aligned(4)));
typedef double eight __attribute__((vector_size(64), aligned(8)));
typedef int64_t eight_bits __attribute__((vector_size(64), aligned(8)));
typedef int32_t eight_ints __attribute__((vector_size(32), aligned(4)));

/* All bits of doubles but their signs. */
static const four_bits SIZE = {INT64_MAX, INT64_MAX, INT64_MAX, INT64_MAX};

/* Sets *no to *yes where the mask is -1; leaves it where that is 0. */
PLEATS_WITHIN void choose(const four_bits *mask, const four *yes, four *no)
{
    *no = (four)(((four_bits)*yes & *mask) | ((four_bits)*no & ~*mask));
}

/* Moves the entries of *lo and *hi to those of x. */
PLEATS_WITHIN void widen(const four *x, four *lo, four *hi)
{
    const four_bits less = *x < *lo;
    const four_bits more = *x > *hi;
    choose(&less, x, lo);
    choose(&more, x, hi);
}

#endif
