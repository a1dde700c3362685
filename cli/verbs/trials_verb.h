/* Verbs made of trials, by whatever makes the trials. */
#ifndef PLEATS_CLI_VERBS_TRIALS_VERB_H
#define PLEATS_CLI_VERBS_TRIALS_VERB_H

#include "options/checkpoint_options.h"
#include "session.h"

#include "pleats/estimate.h"
#include "pleats/search.h"

/* As pleats_mean_regions and pleats_search, with the record that the options
 * ask for.  *failed: an exit code, when what was wrong has been said.  Clear
 * the result in every case. */
typedef pleats_status (*mean_with)(const session *s,
                                   const checkpoint_options *options,
                                   const pleats_mean_options *mean,
                                   const pleats_limits *limits, int *failed,
                                   pleats_mean_result *out);
typedef pleats_status (*search_with)(const session *s,
                                     const checkpoint_options *options,
                                     const pleats_search_options *search,
                                     const pleats_limits *limits, int *failed,
                                     pleats_search_result *out);

/* The verbs with their options and answers; return the exit code. */
int mean_verb(int argc, char **argv, mean_with how);
int search_verb(int argc, char **argv, search_with how);

#endif
