/* Families of sets with a number for each. */
#ifndef PLEATS_THEORY_BOUNDS_VALUED_H
#define PLEATS_THEORY_BOUNDS_VALUED_H

#include "theory/layer/family.h"

#include <gmp.h>

typedef struct {
    pleats_family sets;
    size_t capacity;
    mpz_t *value; /* [sets.n]; all `capacity` of them are initialised */
} pleats_valued;

void pleats_valued_clear(pleats_ctx *ctx, pleats_valued *family);

/* *at = the set's number in the family; it is added, with the value 0, when it
 * is not there (*is_new).  PLEATS_LIMIT beyond `most` sets.  Adding moves
 * `value`. */
PLEATS_NODISCARD pleats_status pleats_valued_find(pleats_ctx *ctx,
                                                  pleats_valued *family,
                                                  const uint64_t *set,
                                                  size_t most, size_t *at,
                                                  bool *is_new);

#endif
