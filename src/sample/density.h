/* How many regions there are near data: on segments between data rows and in
 * balls about them, layer by layer. */
#ifndef PLEATS_SAMPLE_DENSITY_H
#define PLEATS_SAMPLE_DENSITY_H

#include "domain/domain.h"
#include "net/net.h"

typedef struct {
    pleats_idx n;       /* layers of units */
    pleats_net *prefix; /* [n] the network up to each: parts of it, lent */
} pleats_prefixes;

/* The networks that end with each layer of units of a network, which they use
 * and which must outlive them. */
PLEATS_NODISCARD pleats_status pleats_prefixes_init(pleats_ctx *ctx,
                                                    pleats_prefixes *prefixes,
                                                    const pleats_net *net);
void pleats_prefixes_clear(pleats_ctx *ctx, pleats_prefixes *prefixes);

typedef struct {
    uint64_t most;        /* regions of one domain that are counted, 0: all */
    pleats_limits limits; /* threads */
} pleats_density_task;

/* regions [n_domains x n_layers] gets the regions of each prefix on each
 * domain, one polytope each; `most` + 1 where there are more.  *done: how many
 * domains, from the first on, were finished when the context had a reason to
 * stop. */
PLEATS_NODISCARD pleats_status pleats_density_count(
    pleats_ctx *ctx, const pleats_prefixes *prefixes, size_t n_domains,
    pleats_domain *const *domain, const pleats_density_task *task,
    uint64_t *regions, size_t *done);

#endif
