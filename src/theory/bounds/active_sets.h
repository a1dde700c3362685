/* Theorem E: regions counted by sets of active units [docs/theory.md 4.5]. */
#ifndef PLEATS_THEORY_BOUNDS_ACTIVE_SETS_H
#define PLEATS_THEORY_BOUNDS_ACTIVE_SETS_H

#include "spec/spec.h"

#include <gmp.h>

typedef enum {
    PLEATS_SETS_ALL,    /* the whole sum */
    PLEATS_SETS_PAIRS,  /* pairs of layers see each other's sets, and of what is
                           before them the rank alone */
    PLEATS_SETS_STRIPS, /* strips of layers see each other's numbers of active
                           units */
    PLEATS_SETS_NONE    /* out of reach within the budget, or no chain */
} pleats_sets_form;

/* An upper bound of the regions of a chain of layers on a generic affine
 * subspace of dimension at most `dimension` (INT64_MAX: all of space). `budget`
 * counts steps of about a nanosecond for each kind of form that is tried. */
PLEATS_NODISCARD pleats_status pleats_active_sets(pleats_ctx *ctx,
                                                  const pleats_spec *spec,
                                                  int64_t dimension,
                                                  uint64_t budget, mpz_t value,
                                                  pleats_sets_form *form);

#endif
