/* How many regions an arrangement of hyperplanes has, by arithmetic alone: no
 * cell is built. */
#ifndef PLEATS_ARRANGEMENT_ARRANGEMENT_H
#define PLEATS_ARRANGEMENT_ARRANGEMENT_H

#include "par/crew.h"

#include <gmp.h>

/* `regions` gets the number of regions of R^k without the hyperplanes
 * row_i . (t, 1) = 0, row [m x (k + 1)] row-major.  Rows may repeat, be
 * proportional or parallel; one without normal is no hyperplane.  Always exact.
 *
 * The rows are replaced by their residues modulo primes whose product exceeds
 * every minor [Hadamard 1893], so that the same sets of rows are independent:
 * one prime for small integers.  For large ones, one prime is tried alone
 * first: minors that do not vanish prove all that is needed of rows in general
 * position.
 *
 * Cost: for each of the sets of k - 2 rows without a broken circuit [Zaslavsky
 * 1975; Orlik and Terao 1992] (at most C(m, k - 2); the regions are as many as
 * all such sets), the square of the number of lines that the other rows leave
 * on their intersection.  PLEATS_LIMIT when the context has a reason to stop;
 * `regions` is then a lower bound, at least 1.  The work is shared by a team,
 * of which ctx is the first one's; NULL: the caller alone. */
PLEATS_NODISCARD pleats_status
pleats_arrangement_count(pleats_ctx *ctx, const pleats_team *team, pleats_idx k,
                         pleats_idx m, mpz_t *row, mpz_t regions);

#endif
