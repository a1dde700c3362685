/* The sums of a convolution, position by position: all channels of a group read
 * the same forms there, so that many rows are summed at once.  For many units
 * at a time; few are added faster by their columns (forms/columns.h).
 */
#ifndef PLEATS_FORMS_POSITIONS_H
#define PLEATS_FORMS_POSITIONS_H

#include "forms/forms.h"

/* Of a convolution. */
typedef struct {
    const pleats_step *step; /* NULL: there is none */
    size_t rows;             /* channels of a group, up to a multiple of 8 */
    double *weight;          /* [groups x taps x rows] */
} pleats_positions;

/* Weights of `step`; of none unless it is a convolution with enough channels.
 */
PLEATS_NODISCARD pleats_status pleats_positions_init(
    pleats_ctx *ctx, pleats_positions *positions, const pleats_step *step);
void pleats_positions_clear(pleats_ctx *ctx, pleats_positions *positions);

/* sum [n_out x stride of the forms] += weight * form, with |weight| for the
 * entry after the constant.  source: whose form is that of scalar `first` + i,
 * -1: it is left out; the step reads no other scalars than these and -1. */
void pleats_positions_add(const pleats_positions *positions,
                          const pleats_forms *forms, pleats_idx first,
                          const pleats_idx *source, double *sum);

#endif
