/* Independent sets of neurons of one component, up to symmetry. */
#ifndef PLEATS_THEORY_LAYER_ORBITS_H
#define PLEATS_THEORY_LAYER_ORBITS_H

#include "theory/layer/generic.h"
#include "theory/layer/symmetry.h"

/* size[j], j = 0 .. n: adds to them the independent sets of j neurons, the
 * layer having `filters` filters, of which the normals hold as many as a set
 * can use.  At most 64 windows. */
PLEATS_NODISCARD pleats_status
pleats_orbits_count(pleats_ctx *ctx, const pleats_normals *normals,
                    const pleats_symmetries *symmetries, int64_t filters,
                    pleats_effort *effort, mpz_t *size);

#endif
