/* What a network's parameters tell about its hyperplanes on every cell. */
#ifndef PLEATS_FORMS_PARALLEL_H
#define PLEATS_FORMS_PARALLEL_H

#include "forms/forms.h"

/* Rows of one affine step that are multiples of one another, bias included,
 * make forms that are multiples of one another, wherever they are worked out:
 * they vanish together.  `group` [n_scalars] gets the number of the first
 * scalar of such a row (itself included) for outputs of dense steps and
 * convolutions that have company, else -1.  Cost: one pass over the
 * parameters. */
PLEATS_NODISCARD pleats_status pleats_net_find_parallel(pleats_ctx *ctx,
                                                        const pleats_net *net,
                                                        pleats_idx *group);

/* Whether all forms of the network on the coordinates are linear: no biases,
 * all breakpoints at 0, and the origin is an input of zeros. */
bool pleats_net_is_linear(const pleats_net *net,
                          const pleats_coordinates *coordinates);

#endif
