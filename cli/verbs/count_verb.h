/* pleats count, by whatever does the counting. */
#ifndef PLEATS_CLI_VERBS_COUNT_VERB_H
#define PLEATS_CLI_VERBS_COUNT_VERB_H

#include "verbs/long_count.h"

/* Counts; *facts: as of long_count, left as it is by a count at one go.  Clear
 * the result in every case. */
typedef pleats_status (*count_with)(const session *s,
                                    const long_options *options,
                                    const pleats_count_options *count,
                                    const pleats_limits *limits,
                                    long_count_facts *facts,
                                    pleats_count_result *out);

/* The verb with its options and its answer; how = NULL: in this process.
 * Returns the exit code. */
int count_verb(int argc, char **argv, count_with how);

#endif
