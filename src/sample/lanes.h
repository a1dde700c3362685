/* Points are evaluated some at a time, side by side: a scalar's values are
 * `PLEATS_LANES` doubles in a row, one for each point, and so are the words of
 * the patterns.  Every loop over lanes is one over vectors. */
#ifndef PLEATS_SAMPLE_LANES_H
#define PLEATS_SAMPLE_LANES_H

#include "net/net.h"

enum { PLEATS_LANES = 32 };

/* Values of scalar i: value[i * PLEATS_LANES ..]. */
static inline double *pleats_lanes_at(double *value, pleats_idx scalar)
{
    return value + (size_t)scalar * PLEATS_LANES;
}

#endif
