/* The affine map of a network on the region of a pattern, in its inputs. */
#ifndef PLEATS_LOCAL_MAP_H
#define PLEATS_LOCAL_MAP_H

#include "net/net.h"

/* y = a x + b with a [n_outputs x n_inputs], row-major, b [n_outputs], worked
 * out backwards in doubles.  Cost: n_outputs times the terms of the network. */
PLEATS_NODISCARD pleats_status pleats_affine_map(pleats_ctx *ctx,
                                                 const pleats_net *net,
                                                 const pleats_idx *piece,
                                                 double *a, double *b);

enum { PLEATS_SLOPE_NORMS = 3 };

/* norm [PLEATS_SLOPE_NORMS] = the 1-norm, the 2-norm and the max norm of a row
 * [n] of a map. */
void pleats_slope_norms(const double *row, size_t n, double *norm);

#endif
