/* Counts that outlive a process: put down, taken up again, and shared.
 *
 * A work is a count of regions (and maps) of which a part is done: what was
 * found so far, and what is left, as names of subtrees of the search, which
 * mean the same in every process and on every machine.
 *
 *     TRY(pleats_work_new(ctx, net, domain, &options, &limits, &work));
 *     TRY(pleats_work_read(ctx, work, "count.state"));     to go on from a file
 *     while (!pleats_work_is_done(work)) {
 *         TRY(pleats_work_run(ctx, work, &ten_seconds));
 *         TRY(pleats_work_write(ctx, work, "count.state"));
 *     }
 *     TRY(pleats_work_result(ctx, work, &result));
 *
 * docs/formats.md has the text.  A work belongs to the context that made it,
 * and to one thread at a time; its network and domain must live as long. */
#ifndef PLEATS_WORK_H
#define PLEATS_WORK_H

#include "pleats/count.h"
#include "pleats/output.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct pleats_work pleats_work;

/* Most parts that a count can be cut into. */
enum { PLEATS_MOST_PARTS = 65536 };

/* Makes the work of a whole count, none of which is done.  Affine pieces cannot
 * be counted in parts (PLEATS_INVALID).  limits->threads holds for all runs.
 * `options` and `limits` may be NULL. */
PLEATS_API PLEATS_NODISCARD pleats_status pleats_work_new(
    pleats_ctx *ctx, const pleats_net *net, const pleats_domain *domain,
    const pleats_count_options *options, const pleats_limits *limits,
    pleats_give pleats_work **out);
/* NULL is fine. */
PLEATS_API void pleats_work_free(pleats_ctx *ctx,
                                 pleats_take pleats_work *work);

/* Keeps part `part` (from 0) of `of` parts of a work of which nothing is done:
 * those parts of one count have every region once, whoever makes them.  They
 * are as even as some 1024 `of` subtrees of the search can be dealt out.
 * PLEATS_INVALID for a part that is none, or work that has begun. */
PLEATS_API PLEATS_NODISCARD pleats_status
pleats_work_shard(pleats_ctx *ctx, pleats_work *work, uint64_t part,
                  uint64_t of, const pleats_limits *limits);

/* Which part of how many a work is; 0 of 1: the whole count. */
PLEATS_API void pleats_work_part(const pleats_work *work, uint64_t *part,
                                 uint64_t *of);

/* What all parts of one count have alike and other counts have not: hexadecimal
 * digits of a digest of network, domain, options and version, and a zero byte.
 */
enum { PLEATS_WORK_KEY_BYTES = 65 };
PLEATS_API PLEATS_NODISCARD pleats_status pleats_work_key(
    pleats_ctx *ctx, const pleats_work *work, char key[PLEATS_WORK_KEY_BYTES]);

/* Goes on until all is done or a limit ends it, PLEATS_OK in both cases:
 * nothing that was found is lost, and nothing is found twice.  Limits of cells
 * are those of the run, and may be passed by the regions of one cell.  A run
 * begins with some milliseconds for the threads. */
PLEATS_API PLEATS_NODISCARD pleats_status pleats_work_run(
    pleats_ctx *ctx, pleats_work *work, const pleats_limits *limits);

PLEATS_API bool pleats_work_is_done(const pleats_work *work);
/* Subtrees that are left. */
PLEATS_API size_t pleats_work_n_tasks(const pleats_work *work);
/* Part of the search that is done, 0 to 1; of a shard: of the whole search. */
PLEATS_API double pleats_work_share(const pleats_work *work);

/* What is known: PLEATS_EXACT when all is done, PLEATS_LOWER before; of a
 * shard: of its own regions, and of the maps that these have. `seconds` are
 * those of all runs, also of those whose text was added.  Clear the result in
 * every case. */
PLEATS_API PLEATS_NODISCARD pleats_status pleats_work_result(
    pleats_ctx *ctx, const pleats_work *work, pleats_count_result *out);

/* Writes all of it to a file, which appears whole or not at all, or reads one
 * and adds what it says: all of a work is read into a new one that was emptied
 * (pleats_work_clear), and becomes the part of the count that the text is
 * about. PLEATS_INVALID, and the work is as before, for a file of another
 * network, domain, option or version, and for one that is damaged. PLEATS_LIMIT
 * for work that lost tasks when memory ran out. */
PLEATS_API PLEATS_NODISCARD pleats_status pleats_work_write(pleats_ctx *ctx,
                                                            pleats_work *work,
                                                            const char *path);
PLEATS_API PLEATS_NODISCARD pleats_status pleats_work_read(pleats_ctx *ctx,
                                                           pleats_work *work,
                                                           const char *path);

/* Writes digests of all maps of a work that is done, which counts maps, to
 * `out`, which is to be committed: each is
 * 32 bytes, once, in ascending order; equal for equal maps, in all parts of one
 * count; the last 32 bytes are the digest of all before them.  So the maps of
 * several parts are those of the union of their digests.
 * Cost: an exact form for every region. */
PLEATS_API PLEATS_NODISCARD pleats_status
pleats_work_write_maps(pleats_ctx *ctx, pleats_work *work, pleats_output *out,
                       const pleats_limits *limits);

/* The same text in memory: of all, or of at most n of the tasks, the oldest
 * and more in even steps, which are given away by that and leave the work,
 * while what was found stays.  Free `out` with pleats_work_text_free. */
PLEATS_API PLEATS_NODISCARD pleats_status
pleats_work_save(pleats_ctx *ctx, pleats_work *work, pleats_give char **out,
                 size_t *n_bytes);
PLEATS_API PLEATS_NODISCARD pleats_status
pleats_work_give(pleats_ctx *ctx, pleats_work *work, size_t n,
                 pleats_give char **out, size_t *n_bytes);
PLEATS_API PLEATS_NODISCARD pleats_status pleats_work_add_text(
    pleats_ctx *ctx, pleats_work *work, const char *text, size_t n_bytes);
PLEATS_API void pleats_work_text_free(pleats_ctx *ctx, pleats_take char *text);

/* Nothing was found, and nothing is left: ready for texts. */
PLEATS_API void pleats_work_clear(pleats_work *work);

#ifdef __cplusplus
}
#endif
#endif
