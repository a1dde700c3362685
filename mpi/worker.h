/* Works at tasks that come as a text, for a while. */
#ifndef PLEATS_MPI_WORKER_H
#define PLEATS_MPI_WORKER_H

#include "messages.h"

#include "pleats/work.h"

/* Ends a run when *wanted becomes other than 0.  Work that memory was too
 * little for is PLEATS_LIMIT, and what was found in it is not to be used.
 * *regions: what the work has found, as far as 64 bits go. */
pleats_status work_for(pleats_ctx *ctx, pleats_work *work, double seconds,
                       const int *wanted, uint64_t *regions);

/* Ranks above 0: does what rank 0 sends until there is no more.  A failure is
 * rank 0's to report.  A signal (*wanted) ends the slice at hand. */
void worker_serve(pleats_ctx *ctx, pleats_work *work, int *wanted);

#endif
