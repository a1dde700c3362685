/* A set of vectors of big integers that numbers its members 0, 1, 2, ... as
 * they come.  Members are told apart by their entries, never by a digest. */
#ifndef PLEATS_EXACT_VECTORS_H
#define PLEATS_EXACT_VECTORS_H

#include "base/base.h"

#include <gmp.h>

typedef struct {
    pleats_ctx *ctx;
    size_t width; /* of a vector */
    size_t n, x_capacity, hash_capacity, n_slots;
    mpz_t *x;       /* [n x width] */
    uint64_t *hash; /* [n] */
    size_t *slot;   /* [n_slots] number + 1, or 0 */
} pleats_vectors;

void pleats_vectors_init(pleats_ctx *ctx, pleats_vectors *set, size_t width);
void pleats_vectors_clear(pleats_vectors *set);

/* *number of the vector v [width], a copy of which is added when it is not
 * there (*is_new; may be NULL).  v must not be a member's own. */
PLEATS_NODISCARD pleats_status pleats_vectors_add(pleats_vectors *set, mpz_t *v,
                                                  size_t *number, bool *is_new);

/* Member i [width], the set's own: it may move when a member is added. */
static inline mpz_t *pleats_vector(const pleats_vectors *set, size_t i)
{
    return set->x + set->width * i;
}

#endif
