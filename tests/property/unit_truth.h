/* What units do on a domain, by all its regions as the oracle finds them. */
#ifndef PLEATS_PROPERTY_UNIT_TRUTH_H
#define PLEATS_PROPERTY_UNIT_TRUTH_H

#include "domain/domain.h"
#include "net/net.h"

#include "pleats/stable.h"

/* state [n_units] on a domain of one part: a unit keeps a piece when, in all
 * regions, that piece gives its value.  False when there are more than `limit`
 * regions; nothing is known then.  *n_touching grows by how often a piece gave
 * the value of another one's region. */
bool unit_truth(const pleats_net *net, const pleats_domain *domain,
                size_t limit, pleats_unit_state *state, uint64_t *n_touching);

#endif
