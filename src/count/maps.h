/* The affine map of the network on a region, in a canonical form. */
#ifndef PLEATS_COUNT_MAPS_H
#define PLEATS_COUNT_MAPS_H

#include "exact/digest.h"
#include "forms/exact_forms.h"

/* The digest of the outputs' exact forms for the current pieces of `forms`:
 * equal for equal maps on the frame. */
PLEATS_NODISCARD pleats_status pleats_map_digest(pleats_ctx *ctx,
                                                 pleats_exact_forms *forms,
                                                 pleats_hasher *hasher,
                                                 pleats_digest *out);

#endif
