/* Networks with one layer of units on all of R^k: their regions are those of
 * one arrangement of hyperplanes (arrangement.h), and need not be made. */
#ifndef PLEATS_COUNT_ONE_LAYER_H
#define PLEATS_COUNT_ONE_LAYER_H

#include "cells/space.h"
#include "par/crew.h"

/* Whether all units of the network are piecewise linear units of one step, and
 * the frame is R^k. */
bool pleats_is_one_layer(const pleats_net *net, const pleats_frame *frame);

/* Counts the regions of such a space, with a team.  PLEATS_LIMIT when the
 * context has a reason to stop: `regions` is then a lower bound. */
PLEATS_NODISCARD pleats_status pleats_one_layer_count(pleats_space *space,
                                                      const pleats_team *team,
                                                      mpz_t regions);

#endif
