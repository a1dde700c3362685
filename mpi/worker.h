/* Ranks above 0 of a count. */
#ifndef PLEATS_MPI_WORKER_H
#define PLEATS_MPI_WORKER_H

#include "slice.h"

/* Does what rank 0 sends until there is no more.  A failure is rank 0's to
 * report.  A signal (*wanted) ends the slice at hand. */
void worker_serve(slice *s, int *wanted);

#endif
