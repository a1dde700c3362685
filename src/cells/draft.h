/* A frame in the making: rational, with columns that can be rescaled,
 * substituted and dropped.  Only frame.c uses it. */
#ifndef PLEATS_CELLS_DRAFT_H
#define PLEATS_CELLS_DRAFT_H

#include "domain/domain.h"

typedef struct {
    pleats_idx n, k; /* inputs, coordinates */
    size_t stride;   /* entries of a line: the first k are coefficients, the
                        last is the constant */
    mpq_t *x;        /* [n x stride] the inputs */
    bool *boxed;     /* [k] */
    pleats_idx m;
    size_t row_capacity;
    mpq_t **row; /* [m] of [stride]: row . (t, 1) >= 0 */
    bool empty;  /* found to be empty; nothing else holds then */
} pleats_draft;

/* The part with zero-width sides dropped, two-sided bounds scaled to [-1, 1]
 * and one-sided ones turned into rows. */
PLEATS_NODISCARD pleats_status pleats_draft_init(pleats_ctx *ctx,
                                                 pleats_draft *draft,
                                                 pleats_idx n_inputs,
                                                 const pleats_part *part);
void pleats_draft_clear(pleats_ctx *ctx, pleats_draft *draft);

/* t_j = centre + radius * (new t_j), which is boxed when `boxed`. */
void pleats_draft_rescale(pleats_draft *draft, pleats_idx j, const mpq_t centre,
                          const mpq_t radius, bool boxed);

/* Uses row i, which has a coefficient, as the equation row . (t, 1) = 0 to
 * substitute one coordinate. */
PLEATS_NODISCARD pleats_status pleats_draft_eliminate(pleats_ctx *ctx,
                                                      pleats_draft *draft,
                                                      pleats_idx i);

/* Drops rows without coefficients; one that is negative sets `empty`. */
void pleats_draft_drop_constant_rows(pleats_ctx *ctx, pleats_draft *draft);

/* z [k + 1] = the positive multiple of row i that is a primitive integer
 * vector. */
void pleats_draft_row(const pleats_draft *draft, pleats_idx i, mpz_t *z);

#endif
