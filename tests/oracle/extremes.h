/* The extreme values of a network on a domain, by going over all corners of all
 * its regions. */
#ifndef PLEATS_ORACLE_EXTREMES_H
#define PLEATS_ORACLE_EXTREMES_H

#include "brute.h"

/* The least and the largest value of sum_j direction_j y_j on the closed
 * regions.  False, and nothing is set, when there is none, or one is not
 * bounded. */
bool oracle_extremes(const oracle_regions *r, mpq_t *direction, mpq_t least,
                     mpq_t largest);

#endif
