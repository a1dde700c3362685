/* Polyhedra, and what holds on all of one: believed only with a certificate
 * that is added up anew from the rows, whatever the programme says. */
#ifndef PLEATS_CELLS_BODY_H
#define PLEATS_CELLS_BODY_H

#include "lp/exact_lp.h"

/* Coordinates t, some of them boxed in [-1, 1], and forms row . (t, 1) >= 0,
 * constant last; and how the inputs depend on the coordinates. */
typedef struct {
    pleats_idx k, m, n;
    bool *boxed; /* [k] */
    mpq_t *row;  /* [m x (k + 1)] */
    mpq_t *x;    /* [n x (k + 1)] the inputs */
} pleats_body;

static inline size_t pleats_body_width(const pleats_body *b)
{
    return (size_t)b->k + 1;
}

/* Nothing boxed, all rows and inputs 0; to be cleared also when it fails. */
PLEATS_NODISCARD pleats_status pleats_body_new(pleats_ctx *ctx, pleats_body *b,
                                               pleats_idx n, pleats_idx k,
                                               pleats_idx m);
void pleats_body_clear(pleats_ctx *ctx, pleats_body *b);

/* A programme over a body, which is lent and does not change. */
typedef struct {
    pleats_ctx *ctx;
    const pleats_body *b;
    pleats_exact_lp lp;
    mpz_t *row;  /* [k + 1] */
    mpz_t *sum;  /* [k + 1] */
    mpz_t *all;  /* [m x (k + 1)] the rows over the integers */
    mpq_t *form; /* [k + 1] the form that is asked about */
    mpq_t *part; /* [k + 1] room */
} pleats_prover;

PLEATS_NODISCARD pleats_status pleats_prover_init(pleats_ctx *ctx,
                                                  pleats_prover *p,
                                                  const pleats_body *b);
void pleats_prover_clear(pleats_prover *p);

/* Whether p->form >= 0 on all of the body; false for bodies without points,
 * and when the proof is none. */
PLEATS_NODISCARD pleats_status pleats_prover_holds(pleats_prover *p, bool *out);

/* Whether the programme, as it stands, proves  p->row <= 0  on the body: its
 * last line has multipliers y >= 0 of rows and sides such that row + sum y_v
 * form_v is a constant, and that is at most 0.  The sum is made anew from the
 * rows. */
bool pleats_prover_is_proven(pleats_prover *p);

#endif
