/* Vectors of numbers, for functions under PLEATS_WIDE: wider ones than the
 * machine has are worked on in parts.  They lie where a double may. Comparisons
 * give integers of as many bits, 0 or -1.  Included by sources alone, hence the
 * short names. */
#ifndef PLEATS_BASE_WIDE_H
#define PLEATS_BASE_WIDE_H

#include <stdint.h>

typedef double four __attribute__((vector_size(32), aligned(8)));
typedef int64_t four_bits __attribute__((vector_size(32), aligned(8)));
typedef int32_t four_ints __attribute__((vector_size(16), aligned(4)));
typedef double eight __attribute__((vector_size(64), aligned(8)));
typedef int64_t eight_bits __attribute__((vector_size(64), aligned(8)));

#endif
