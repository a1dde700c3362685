/* All rows of an affine step as exact affine forms at once: a product of
 * integer matrices over common denominators, worked out in full. */
#ifndef PLEATS_ORACLE_LAYER_H
#define PLEATS_ORACLE_LAYER_H

#include "affine.h"
#include "vectors.h"

#include "net/net.h"

/* The parameters of an affine step times 2^shift, which makes them whole. */
typedef struct {
    mp_bitcnt_t shift;
    size_t n_weights, n_rows;
    mpz_t *weight; /* [n_weights], in the order of the step's weights */
    mpz_t *bias;   /* [n_rows] */
} layer;

void layer_init(layer *l, const pleats_step *s, pleats_idx *scratch);
void layer_clear(layer *l);

/* scalar[s->out ..] from the scalars that the step reads.  `whole` has one
 * vector for each scalar, of any contents; `scratch` is as for
 * pleats_step_row. */
void layer_forms(const layer *l, const pleats_step *s, forms *scalar,
                 vectors *whole, pleats_idx *scratch);

#endif
