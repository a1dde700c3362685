/* A network from an architecture and somebody who fills in the parameters. */
#ifndef PLEATS_SPEC_OF_SPEC_H
#define PLEATS_SPEC_OF_SPEC_H

#include "spec/spec.h"

/* The parameters of one layer, zero until they are filled in:
 *   CONV  weight [filters x channels / groups x kernel], bias [filters]
 *   FC    weight [n_out x n_in], bias [n_out]
 *   BN    weight [channels], the scale; bias [channels], the shift
 * bias is NULL when the layer has none. */
typedef struct {
    size_t n_weights, n_biases;
    double *weight, *bias;
} pleats_parameters;

/* Fills in the parameters of spec->layer[index]. */
typedef pleats_status (*pleats_fill_fn)(pleats_ctx *ctx, void *state,
                                        const pleats_spec *spec,
                                        pleats_idx index,
                                        pleats_parameters *parameters);

/* Builds the network of a chain, one step a layer (flatten: none).  Average
 * pools divide by the whole window, padding included.  An activation `pl=P`
 * has breakpoints (2 i - P) / 4, i = 1 .. P-1, slopes 1/4 and 1 in turn, and
 * no intercept on its first piece.  PLEATS_INVALID for a spec with GENERAL
 * layers. */
PLEATS_NODISCARD pleats_status pleats_net_of_spec(pleats_ctx *ctx,
                                                  const pleats_spec *spec,
                                                  pleats_fill_fn fill,
                                                  void *state,
                                                  pleats_give pleats_net **out);

/* The function of the units of spec->layer[index], an ACTIVATION; its arrays
 * are lent until the next call. */
typedef void (*pleats_function_fn)(void *state, pleats_idx index,
                                   pleats_pl *function);

/* The same with functions in place of those that the spec names. */
PLEATS_NODISCARD pleats_status pleats_net_of_spec_with(
    pleats_ctx *ctx, const pleats_spec *spec, pleats_fill_fn fill,
    pleats_function_fn function, void *state, pleats_give pleats_net **out);

#endif
