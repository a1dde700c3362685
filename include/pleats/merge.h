/* The parts of a count (pleats_work_shard, pleats count --shard) added up. */
#ifndef PLEATS_MERGE_H
#define PLEATS_MERGE_H

#include "pleats/context.h"
#include "pleats/limits.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct {
    char *regions, *maps;        /* decimal; maps NULL when not counted */
    char *model_sha256, *domain; /* as the reports say */
    int64_t parts;
    int32_t dimension;
    uint64_t by_bounds, by_exact; /* verdicts of all parts */
    int64_t n_rounded;            /* as of pleats_net_n_rounded */
    double seconds;               /* of all parts together */
    uint64_t reserved[8];
} pleats_merge_result;

/* Adds up the reports that `pleats count --shard R/M --json` wrote to the files
 * path [n], one in each: all parts of one count, each of them finished and
 * once, in any order.  Maps are told apart by the digests of --digests, whose
 * files are read where the reports name them, or beside the reports.
 * PLEATS_INVALID, with what is wrong, for parts that are missing, there twice,
 * not finished, or of another model, domain, option or version.
 * Memory: a report each, and a buffer for each file of digests.  Clear the
 * result in every case. */
PLEATS_API PLEATS_NODISCARD pleats_status
pleats_merge_counts(pleats_ctx *ctx, size_t n, const char *const *path,
                    const pleats_limits *limits, pleats_merge_result *out);
PLEATS_API void pleats_merge_result_clear(pleats_ctx *ctx,
                                          pleats_merge_result *result);

#ifdef __cplusplus
}
#endif
#endif
