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
    int failed; /* exit code of a failure that has been reported; else 0 */
} long_count_facts;

/* Makes the work, or what a file or the shard leaves of it.  Free it in every
 * case. */
pleats_status long_begin(const session *s, const long_options *options,
                         const pleats_count_options *count,
                         const pleats_limits *limits, pleats_work **work);

/* Of a work that is done: writes the digests of its maps, where that is asked
 * for, to `digests`, opened before the work was begun (NULL: it is not). */
pleats_status long_write_digests(const session *s, pleats_work *work,
                                 const pleats_limits *limits,
                                 pleats_output *digests);

/* What a work says of itself. */
pleats_status long_facts(const session *s, const pleats_work *work,
                         long_count_facts *facts);

/* As pleats_count.  SIGUSR1 asks for a checkpoint at once.  Clear the result in
 * every case. */
pleats_status long_count(const session *s, const long_options *options,
                         const pleats_count_options *count,
                         const pleats_limits *limits, long_count_facts *facts,
                         pleats_count_result *out);

#endif
