/* Trials shared by the ranks of an MPI job.
 *
 * Rank 0 has the record (pleats/record.h).  It gives numbers of trials to the
 * others, two pieces ahead, so that none waits while rank 0 makes trials
 * itself, adds what comes back, and alone writes checkpoints and the answer. */
#ifndef PLEATS_MPI_TRIALS_H
#define PLEATS_MPI_TRIALS_H

#include "verbs/trials_verb.h"

/* As mean_with and search_with, collective: all ranks call them with the same
 * arguments; rank 0 gets the result. */
pleats_status trials_mean(const session *s, const checkpoint_options *options,
                          const pleats_mean_options *mean,
                          const pleats_limits *limits, int *failed,
                          pleats_mean_result *out);
pleats_status trials_search(const session *s, const checkpoint_options *options,
                            const pleats_search_options *search,
                            const pleats_limits *limits, int *failed,
                            pleats_search_result *out);

#endif
