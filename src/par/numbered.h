/* Work in numbered parts that do not depend on one another, shared by threads.
 */
#ifndef PLEATS_PAR_NUMBERED_H
#define PLEATS_PAR_NUMBERED_H

#include "par/crew.h"

/* Does part `number`, in the thread of `worker`, 0 .. team->n - 1; errors go to
 * `ctx`, which is that worker's own. */
typedef pleats_status (*pleats_numbered_fn)(void *state, pleats_idx worker,
                                            pleats_ctx *ctx, uint64_t number);

/* A team of as many threads as the limits allow, with room for contexts. */
PLEATS_NODISCARD pleats_status pleats_team_init(pleats_ctx *ctx,
                                                pleats_team *team,
                                                const pleats_limits *limits);
void pleats_team_clear(pleats_ctx *ctx, pleats_team *team);

/* Does the parts first .. last - 1.  PLEATS_LIMIT when the context has a reason
 * to stop: some parts are then not done.  `telling`: whose progress, if there
 * is one, is told how many parts are done, as found and as a share; or NULL. */
PLEATS_NODISCARD pleats_status pleats_numbered_run(
    const pleats_team *team, uint64_t first, uint64_t last,
    pleats_numbered_fn part, void *state, const pleats_limits *telling);

#endif
