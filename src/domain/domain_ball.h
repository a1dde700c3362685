/* Balls in the norms whose balls are polytopes. */
#ifndef PLEATS_DOMAIN_DOMAIN_BALL_H
#define PLEATS_DOMAIN_DOMAIN_BALL_H

#include "domain/domain.h"

/* Up to so many coordinates a cross-polytope has its 2^k rows. */
enum { PLEATS_MOST_CROSS = 6 };

/* Rows of a part with m = 2^k: sum_j |t_j - centre_j| <= radius, a row for each
 * choice of signs; centre [k], NULL: 0. */
void pleats_part_set_cross(pleats_part *part, mpq_t *centre,
                           const mpq_t radius);

/* Adds the part |x_i - centre_i| <= radius for all i; centre [n_inputs]. */
PLEATS_NODISCARD pleats_status pleats_domain_add_cube(pleats_ctx *ctx,
                                                      pleats_domain *domain,
                                                      mpq_t *centre,
                                                      const mpq_t radius);

/* Adds the part sum_i |x_i - centre_i| <= radius.  With more than
 * PLEATS_MOST_CROSS inputs it is lifted: x = centre + u - v with u, v >= 0 and
 * sum_i u_i + v_i <= radius, 2 n_inputs coordinates that depend on one another
 * and one row. */
PLEATS_NODISCARD pleats_status pleats_domain_add_cross(pleats_ctx *ctx,
                                                       pleats_domain *domain,
                                                       mpq_t *centre,
                                                       const mpq_t radius);

/* Whether a part is lifted: a projection of what its coordinates say.  Its
 * relatively open subsets in x are those whose lifts are open, so that
 * regions, with their maps and who shares a facet with whom, are the same in
 * both; sizes, points and sides are not. */
static inline bool pleats_part_is_lifted(const pleats_part *part,
                                         pleats_idx n_inputs)
{
    return part->k > n_inputs;
}

#endif
