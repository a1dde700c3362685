/* A count shared by the ranks of an MPI job.
 *
 * Rank 0 has the work: what was found and the tasks that are left.  It gives
 * tasks to the others as texts (pleats/work.h), works itself between messages,
 * adds what comes back, and alone writes checkpoints and the answer.  The text
 * that a rank was given stays with rank 0 until its answer is there, and goes
 * into every checkpoint: when a rank dies, nothing but time is lost. */
#ifndef PLEATS_MPI_RANKS_H
#define PLEATS_MPI_RANKS_H

#include "verbs/long_count.h"

/* As count_with in verbs/count_verb.h, collective: all ranks call it with the
 * same arguments; rank 0 gets the result. */
pleats_status ranks_count(const session *s, const long_options *options,
                          const pleats_count_options *count,
                          const pleats_limits *limits, long_count_facts *facts,
                          pleats_count_result *out);

#endif
