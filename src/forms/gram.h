/* Lengths in the coordinates of a frame: the Gram matrix. */
#ifndef PLEATS_FORMS_GRAM_H
#define PLEATS_FORMS_GRAM_H

#include "forms/forms.h"

/* gram [k x k] = L^T L, where x = L t + c: the square of the Euclidean length
 * of a step s in the inputs is s^T gram s.  Cost: n_inputs k^2. */
void pleats_coordinates_gram(const pleats_coordinates *c, mpq_t *gram);

/* out [k x m] = gram^-1 right [k x m].  PLEATS_INTERNAL where coordinates
 * depend on each other, which those of a frame do not.  Cost: that, and
 * k^2 (k + m). */
PLEATS_NODISCARD pleats_status pleats_gram_solve(pleats_ctx *ctx,
                                                 const pleats_coordinates *c,
                                                 mpq_t *right, size_t m,
                                                 mpq_t *out);

#endif
