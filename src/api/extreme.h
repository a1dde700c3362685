/* Points that a search found, as the public interface tells them. */
#ifndef PLEATS_API_EXTREME_H
#define PLEATS_API_EXTREME_H

#include "optimum/search.h"

#include "pleats/range.h"

/* `n` fractions as texts. */
PLEATS_NODISCARD pleats_status pleats_fraction_texts(pleats_ctx *ctx, size_t n,
                                                     mpq_t *q,
                                                     pleats_give char ***out);
/* Lets go of them; NULL is fine. */
void pleats_texts_free(pleats_ctx *ctx, size_t n, pleats_take char **text);

/* The point that was found, exactly and in doubles [n_inputs], and the pieces
 * of a region that it belongs to [n_units], NULL where none is known. */
PLEATS_NODISCARD pleats_status
pleats_optimum_point(pleats_ctx *ctx, const pleats_net *net,
                     const pleats_optimum *found, pleats_give char ***point,
                     pleats_give double **input, pleats_give int32_t **pattern);

#endif
