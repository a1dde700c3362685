/* A count in steps: made ready, run, and what it found.  One that can be put
 * down has `left` set before it runs, and may run again until that is empty. */
#ifndef PLEATS_COUNT_COUNTING_H
#define PLEATS_COUNT_COUNTING_H

#include "count/counter.h"

/* `counting` is zeroed but for ctx, net and task; end it in every case. */
PLEATS_NODISCARD pleats_status
pleats_counting_begin(pleats_counting *counting, const pleats_domain *domain);
void pleats_counting_end(pleats_counting *counting);

/* How cells of the current part are held. */
pleats_engine pleats_engine_of_part(const pleats_counting *counting);

/* Counts all, or what is left.  Into the tally go maps, pieces, dimension, and
 * whether it is complete. */
PLEATS_NODISCARD pleats_status pleats_counting_run(pleats_counting *counting,
                                                   pleats_tally *tally);

/* What `status` of the two above means: a reason to stop that came up in the
 * middle of a question ends the work like one between two questions, and the
 * tally has it. */
PLEATS_NODISCARD pleats_status pleats_counting_settle(
    const pleats_counting *counting, pleats_status status, pleats_tally *tally);

/* Adds the regions and verdicts of all workers to the tally. */
void pleats_counting_gather(const pleats_counting *counting,
                            pleats_tally *tally);

/* Adds the digests of all maps of the parts that have the current one as their
 * leader, with that leader's number. */
PLEATS_NODISCARD pleats_status
pleats_counting_digests(pleats_counting *counting, pleats_digest_set *out);

/* Nothing was found: regions, verdicts, maps. */
void pleats_counting_forget(pleats_counting *counting);

#endif
