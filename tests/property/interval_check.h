#ifndef PLEATS_PROPERTY_INTERVAL_CHECK_H
#define PLEATS_PROPERTY_INTERVAL_CHECK_H

#include "ranges/interval.h"

#include <gmp.h>
#include <stdbool.h>

/* Whether the value lies in the interval, exactly; an end that is not finite
 * is none. */
bool interval_holds(pleats_interval x, mpq_t value);

#endif
