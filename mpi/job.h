/* The MPI job: its beginning, its end, what all of its ranks agree on. */
#ifndef PLEATS_MPI_JOB_H
#define PLEATS_MPI_JOB_H

#include "pleats/work.h"

#include <limits.h>
#include <stdbool.h>

enum { NO_RANK = INT_MAX };

/* Begins MPI, whose end then belongs to that of the process (atexit).  From now
 * on SIGUSR1, which mpirun sends to all, kills no rank. */
void job_start(int *argc, char ***argv);

int job_rank(void);
int job_size(void);

/* seconds_now of job_start. */
double job_started(void);

/* Collective: the first rank whose key is not rank 0's, or is "", since it
 * could not begin; NO_RANK where all are at the same count.  For a rank that
 * ends without having called it, its end does, with "". */
int job_agree(const char key[PLEATS_WORK_KEY_BYTES]);

/* Says why ranks do not work together; returns the exit code. */
int job_refuse(int rank);

/* From now on SIGINT and SIGTERM set what this returns to other than 0. */
int *job_take_signals(void);

#endif
