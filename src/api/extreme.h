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

/* A copy of pieces [n] as public patterns are, NULL for NULL. */
PLEATS_NODISCARD pleats_status pleats_pattern_copy(pleats_ctx *ctx, size_t n,
                                                   const pleats_idx *piece,
                                                   pleats_give int32_t **out);

#endif
