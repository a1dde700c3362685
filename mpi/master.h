/* Rank 0: has the count, and shares it out. */
#ifndef PLEATS_MPI_MASTER_H
#define PLEATS_MPI_MASTER_H

#include "slice.h"
#include "verbs/long_count.h"

typedef struct {
    const session *s;
    const long_options *o;
    const pleats_limits *limits;
    pleats_work *store; /* what was found and what is left for all */
    pleats_work *all;   /* room for what a checkpoint has */
    slice near;         /* rank 0's own */
    int *wanted;        /* a signal asks for the end */
    pleats_stop stopped;
    int failed; /* exit code of another rank's failure, reported; else 0 */
} master;

/* Until all is done, or something asks for the end: m->store then has all of
 * it, and the other ranks have been let go. */
pleats_status master_lead(master *m);

#endif
