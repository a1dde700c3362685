/* The one decision that the oracle needs: can forms be positive together? */
#ifndef PLEATS_ORACLE_SLACK_H
#define PLEATS_ORACLE_SLACK_H

#include "affine.h"

/* The sign of the largest eps <= 1 for which some x has f_i(x) >= eps for all
 * forms i: 1 when all can be positive together, 0 when all can be >= 0
 * together but not positive, -1 when they cannot even be >= 0.  When it is 0,
 * `*tight` (may be NULL) is a form that is 0 wherever all are >= 0. */
int slack_sign(const forms *f, size_t *tight);

#endif
