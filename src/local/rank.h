/* Independence of affine functions of the inputs, proven modulo a prime. */
#ifndef PLEATS_LOCAL_RANK_H
#define PLEATS_LOCAL_RANK_H

#include "net/net.h"

/* Whether the gradients of the n scalars, on which no units act, are linearly
 * independent.  True is a proof: rows that are independent modulo a prime are
 * independent; false proves nothing.  Cost: n^2 x n_inputs. */
PLEATS_NODISCARD pleats_status pleats_are_independent(pleats_ctx *ctx,
                                                      const pleats_net *net,
                                                      pleats_idx n,
                                                      const pleats_idx *scalar,
                                                      bool *independent);

#endif
