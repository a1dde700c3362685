/* A network seen from its first layer of units.
 *
 * Where the inputs z of the first step of units are affinely independent
 * functions of the inputs x, the network is its rest, a network with inputs z,
 * behind an affine map onto all of R^n: its regions are the inverse images of
 * those of the rest, facets are inverse images of facets.  In such a region
 * everything behind depends only on the z_j whose unit is not constant, so that
 * k is the number of these; all other units of the step have a facet each.
 * Valid on the whole space. */
#ifndef PLEATS_LOCAL_SUFFIX_H
#define PLEATS_LOCAL_SUFFIX_H

#include "forms/exact_forms.h"

typedef struct {
    pleats_net *net;        /* NULL: the network is not of this kind */
    pleats_idx n, step;     /* inputs z; the first step of units */
    const pleats_idx *from; /* [n] scalars of the network that z are, lent */
} pleats_suffix;

/* Independence is proven by a rank modulo a prime; when there is no proof, or
 * when parts of the network do not read z alone, out->net is NULL.
 * Cost: n^2 x n_inputs. */
PLEATS_NODISCARD pleats_status pleats_suffix_init(pleats_ctx *ctx,
                                                  pleats_suffix *suffix,
                                                  const pleats_net *net);
void pleats_suffix_clear(pleats_ctx *ctx, pleats_suffix *suffix);

/* Whether z_j matters to what is behind in regions of the pattern `piece`. */
bool pleats_suffix_is_live(const pleats_suffix *suffix, const pleats_idx *piece,
                           pleats_idx j);

/* Coordinates of the live z about a point; `here` are exact forms of the
 * network without coordinates: the values at that point. */
PLEATS_NODISCARD pleats_status pleats_suffix_coordinates(
    pleats_ctx *ctx, const pleats_suffix *suffix, const pleats_idx *piece,
    pleats_exact_forms *here, pleats_coordinates *out);

#endif
