/* A count that is put down now and then: what it writes, when, and why it ends.
 */
#ifndef PLEATS_CLI_VERBS_LONG_COUNT_H
#define PLEATS_CLI_VERBS_LONG_COUNT_H

#include "options/long_options.h"
#include "session.h"

#include "pleats/work.h"

typedef struct {
    uint64_t part, of;
    char key[PLEATS_WORK_KEY_BYTES]; /* of the count; "": not known */
    double share;                    /* of the search that is done */
} long_count_facts;

/* As pleats_count.  SIGUSR1 asks for a checkpoint at once.  Clear the result in
 * every case. */
pleats_status long_count(const session *s, const long_options *options,
                         const pleats_count_options *count,
                         const pleats_limits *limits, long_count_facts *facts,
                         pleats_count_result *out);

#endif
