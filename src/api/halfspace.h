/* What an answer says of the half-spaces of a region. */
#ifndef PLEATS_API_HALFSPACE_H
#define PLEATS_API_HALFSPACE_H

#include "local/local.h"
#include "pleats/local.h"

pleats_proof pleats_proof_of(pleats_facet_verdict verdict);

/* *out [place->region.n] = the half-spaces of a place whose facets were found,
 * with their exact rows; to be freed, and each row, also when it fails.
 * Cost: an exact form for each, and that of pleats_input_rows_convert. */
PLEATS_NODISCARD pleats_status
pleats_halfspace_rows(pleats_ctx *ctx, pleats_place *place,
                      pleats_give pleats_halfspace_row **out);

#endif
