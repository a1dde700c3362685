/* Regions of one affine arrangement whose rows are residues modulo primes.
 *
 * By deletion and restriction [Zaslavsky 1975]: with the hyperplanes put back
 * one after the other, r = 1 + sum over i of r(those before i, on H_i).  An
 * independent start of the list is passed at once (2 to its length); an
 * arrangement of lines is counted by the points on each line.
 *
 * What is decided about vectors is only whether some are independent.  A
 * minor that is not 0 modulo one prime is none over the integers; one that is
 * 0 modulo all is 0 where the product of the primes exceeds it. */
#ifndef PLEATS_ARRANGEMENT_ARRANGEMENT_WALK_H
#define PLEATS_ARRANGEMENT_ARRANGEMENT_WALK_H

#include "arrangement/arrangement_field.h"
#include "par/crew.h"

typedef struct {
    pleats_idx n_fields;
    const pleats_field *field; /* [n_fields], lent */
    /* The primes' product exceeds every minor.  Else, what vanishes modulo the
     * primes leaves the walk stuck. */
    bool is_certain;
    const pleats_team *team; /* who counts; NULL: the caller alone */
} pleats_moduli;

/* n rows of k coordinates and a constant. */
typedef struct {
    pleats_idx k;
    size_t n, room;
    uint64_t *x; /* [n_fields x (k + 1) x room], of which n are used */
} pleats_residues;

/* Room for `room` rows, all 0. */
PLEATS_NODISCARD pleats_status pleats_residues_new(pleats_ctx *ctx,
                                                   pleats_idx n_fields,
                                                   pleats_idx k, size_t room,
                                                   pleats_residues *out);

static inline uint64_t *pleats_residues_column(const pleats_residues *rows,
                                               pleats_idx field, pleats_idx c)
{
    return rows->x +
           ((size_t)field * ((size_t)rows->k + 1) + (size_t)c) * rows->room;
}

/* `regions` gets the number of regions of the arrangement of the rows, none of
 * which is 0 but for the constant.  *is_stuck, and a part of the number, when
 * these primes do not tell: other ones are needed.  PLEATS_LIMIT, and a part of
 * the number, when the context has a reason to stop.  Memory: some k/2 times
 * that of the rows. */
PLEATS_NODISCARD pleats_status pleats_residues_count(
    pleats_ctx *ctx, const pleats_moduli *moduli, const pleats_residues *rows,
    mpz_t regions, bool *is_stuck);

#endif
