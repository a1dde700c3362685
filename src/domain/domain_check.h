/* What must hold for a part that a person wrote down. */
#ifndef PLEATS_DOMAIN_DOMAIN_CHECK_H
#define PLEATS_DOMAIN_DOMAIN_CHECK_H

#include "domain/domain.h"

/* PLEATS_INVALID when a lower bound is above its upper bound; `place` is the
 * file or option that they came from. */
PLEATS_NODISCARD pleats_status pleats_part_check_bounds(
    pleats_ctx *ctx, const char *place, const pleats_part *part);

/* Whether the directions of a sliced part [k x n_inputs] are linearly
 * independent. */
PLEATS_NODISCARD pleats_status pleats_part_is_slice(pleats_ctx *ctx,
                                                    const pleats_part *part,
                                                    pleats_idx n_inputs,
                                                    bool *is_slice);

#endif
