/* Scalars that are the same function of the coordinates whatever the pieces. */
#ifndef PLEATS_FORMS_SAME_H
#define PLEATS_FORMS_SAME_H

#include "forms/forms.h"

/* `same` [n_scalars] gets for every scalar the first one that is certainly
 * equal to it everywhere (itself, when none is known): inputs with the same
 * coordinates, rows with the same weights of the same scalars, inputs that are
 * 0 left out, and units of one function that read the same.  Backgrounds of
 * images make many of these.  Cost: one pass over all terms. */
PLEATS_NODISCARD pleats_status
pleats_net_find_same(pleats_ctx *ctx, const pleats_net *net,
                     const pleats_coordinates *coordinates, pleats_idx *same);

#endif
