/* Exact linear programmes over the rows of a draft, for frame.c.
 *
 * In the coordinates (t, eps), -1 <= eps <= 1, every row of the draft is at
 * least eps + `more`.  A draft may have thousands of rows of which a vertex
 * needs few, so the programme begins with some of them and takes up those that
 * its vertex violates until there is none: the optimum on some rows that
 * satisfies all is the optimum on all. */
#ifndef PLEATS_CELLS_PROGRAMME_H
#define PLEATS_CELLS_PROGRAMME_H

#include "cells/draft.h"
#include "lp/exact_lp.h"

typedef struct {
    pleats_idx k, m;
    mpz_t *row;         /* [m x (k + 2)] */
    bool *boxed;        /* [k + 1] */
    mpz_t *vertex;      /* [k + 2] of the last solution, times lp.det */
    pleats_idx n_taken; /* rows that the programme has */
    pleats_idx *taken;  /* [n_taken], in [m] */
    bool *is_taken;     /* [m] */
    pleats_exact_lp lp;
    bool is_loaded; /* lp has the rows taken */
} pleats_programme;

/* The draft is not needed afterwards.  `programme` is zeroed. */
PLEATS_NODISCARD pleats_status
pleats_programme_init(pleats_ctx *ctx, pleats_programme *programme,
                      const pleats_draft *draft, unsigned long more);
void pleats_programme_clear(pleats_ctx *ctx, pleats_programme *programme);

/* Maximises objective . (t, eps, 1), [k + 2].  After PLEATS_EXACT_OPTIMAL the
 * programme's lp has the value and the vertex.  PLEATS_LIMIT when the context
 * has a reason to stop. */
PLEATS_NODISCARD pleats_status
pleats_programme_solve(pleats_ctx *ctx, pleats_programme *programme,
                       mpz_t *objective, pleats_exact_end *end);

/* After PLEATS_EXACT_OPTIMAL: a row of the draft that is 0 at every optimal
 * point, -1 when there is none. */
pleats_idx pleats_programme_binding(const pleats_programme *programme);

#endif
