/* Normal numbers in all lanes at once. */
#ifndef PLEATS_SAMPLE_NORMAL_H
#define PLEATS_SAMPLE_NORMAL_H

#include "sample/lanes.h"

enum { PLEATS_MOST_NORMAL = 9 }; /* more than any |x| that comes out */

/* Multiples of 2^-53 in [0, 1) become the normal numbers below which the normal
 * distribution has u + 2^-54 of its weight, to some 10^-15 relative [Wichura
 * 1988, algorithm AS 241].  Only sums, products, quotients and square roots are
 * taken, so that the numbers are the same on every machine. */
void pleats_normal_lanes(double *u);

#endif
