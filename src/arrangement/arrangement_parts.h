/* A central arrangement as the product of its parts. */
#ifndef PLEATS_ARRANGEMENT_ARRANGEMENT_PARTS_H
#define PLEATS_ARRANGEMENT_ARRANGEMENT_PARTS_H

#include "arrangement/arrangement_walk.h"

/* `regions` gets how many cones the hyperplanes orthogonal to the rows, vectors
 * of k + 1 coordinates, cut their space into; with `has_infinity`, how many
 * there are on the positive side of row 0, which is the hyperplane at infinity
 * of an affine arrangement.  The rows are residues of primitive vectors, no two
 * of which are proportional.  They are brought to the coordinates of a basis
 * among them; a connected component [Oxley 2011, 4.1] of d dimensions is twice
 * an affine arrangement in d - 1, and the numbers of the components multiply.
 * *is_stuck and PLEATS_LIMIT as in pleats_residues_count. */
PLEATS_NODISCARD pleats_status pleats_residues_cones(
    pleats_ctx *ctx, const pleats_moduli *moduli, pleats_residues *rows,
    bool has_infinity, mpz_t regions, bool *is_stuck);

#endif
