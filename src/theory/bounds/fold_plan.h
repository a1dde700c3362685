/* The best plan for folds [docs/theory.md 5.2]. */
#ifndef PLEATS_THEORY_BOUNDS_FOLD_PLAN_H
#define PLEATS_THEORY_BOUNDS_FOLD_PLAN_H

#include "spec/folds.h"

/* The plan that gives the most regions, and their number, by which the maximum
 * is bounded from below; *is_found is false when not even one layer can be the
 * arrangement.  With `relu_only` plans that pleats_net_fold can make. */
PLEATS_NODISCARD pleats_status
pleats_fold_plan_best(pleats_ctx *ctx, const pleats_spec *spec, bool relu_only,
                      pleats_fold_plan *plan, mpz_t value, bool *is_found);

#endif
