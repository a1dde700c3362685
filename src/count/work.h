/* A count that can be put down and taken up again, in another process or on
 * another machine: what was found so far, and names of the subtrees that are
 * left (cells/task.h).
 *
 * Invariant: between two runs every region of the work is either counted in
 * what was found or in exactly one of the tasks.  Text of a work is what
 * another one of the same count adds to itself. */
#ifndef PLEATS_COUNT_WORK_H
#define PLEATS_COUNT_WORK_H

#include "count/counting.h"
#include "exact/lines.h"

#include "pleats/work.h"

struct pleats_work {
    pleats_count_task task; /* pieces and visit are not used */
    pleats_counting c;
    pleats_parcels *left;   /* [parts.n] */
    pleats_origin *origins; /* [parts.n] */
    pleats_digest domain;   /* of all frames */
    /* What came from texts; besides what the counters have. */
    mpz_t regions;
    uint64_t by_bounds, by_exact;
    double seconds;
    double own_seconds; /* of runs of this work */
    uint64_t part, of;  /* 0 of 1: all */
    pleats_tally last;  /* of the last run; its regions are not used */
    bool has_run;       /* since there were tasks or texts */
};

/* As pleats_work_new; the engine is that of the task. */
PLEATS_NODISCARD pleats_status pleats_work_make(pleats_ctx *ctx,
                                                const pleats_net *net,
                                                const pleats_domain *domain,
                                                const pleats_count_task *task,
                                                pleats_give pleats_work **out);

/* Goes on, within the limits. */
PLEATS_NODISCARD pleats_status pleats_work_go(pleats_work *work,
                                              const pleats_limits *limits);

/* All that is known; tally->regions is initialised by the caller. */
void pleats_work_tally(const pleats_work *work, pleats_tally *tally);

/* Whether nothing was done of it, nor taken out. */
bool pleats_work_is_new(const pleats_work *work);

/* Whether nothing was found and nothing is left, so that it may become another
 * part of the count. */
bool pleats_work_is_empty(const pleats_work *work);

/* Whether no task was lost for want of memory. */
bool pleats_work_is_whole(const pleats_work *work);

/* Keeps part `part` of `of` of a work of which nothing is done, work_shard.c.
 */
PLEATS_NODISCARD pleats_status pleats_work_keep_part(pleats_work *work,
                                                     uint64_t part,
                                                     uint64_t of);

/* The digests of all maps; clear `out` in every case. */
PLEATS_NODISCARD pleats_status pleats_work_maps(pleats_work *work,
                                                pleats_digest_set *out);

/* As pleats_count_regions, of task->part of task->of. */
PLEATS_NODISCARD pleats_status pleats_work_count_part(
    pleats_ctx *ctx, const pleats_net *net, const pleats_domain *domain,
    const pleats_count_task *task, pleats_tally *tally);

/* ---- text, work_text.c, work_read.c ---- */

/* Appends the lines that texts of one count have alike, the first ones. */
PLEATS_NODISCARD pleats_status pleats_work_identity(const pleats_work *work,
                                                    pleats_text *text);

/* Makes a text of what was found, if `found`, and of n tasks or
 * fewer, evenly from all of them, and no longer the work's if `take`. */
PLEATS_NODISCARD pleats_status pleats_work_text(pleats_work *work, bool found,
                                                size_t n, bool take,
                                                pleats_text *text);

/* Adds what a text says; `where` is named in messages.  PLEATS_INVALID, and the
 * work is as before, when it is of another count, or damaged. */
PLEATS_NODISCARD pleats_status pleats_work_add(pleats_work *work,
                                               const char *where,
                                               const char *bytes, size_t n);

#endif
