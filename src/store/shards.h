/* The parts of a count, added up from their reports. */
#ifndef PLEATS_STORE_SHARDS_H
#define PLEATS_STORE_SHARDS_H

#include "json/json.h"

#include "pleats/merge.h"

typedef struct {
    mpz_t regions, maps; /* initialised by the caller */
    bool has_maps;
    pleats_idx dimension;
    uint64_t of, by_bounds, by_exact, n_rounded;
    double seconds;
    json_t *first; /* a report: for what all have alike */
} pleats_shards;

/* PLEATS_INVALID for reports that are not exactly the parts of one count, each
 * of them finished and once. */
PLEATS_NODISCARD pleats_status pleats_shards_add_up(pleats_ctx *ctx, size_t n,
                                                    const char *const *path,
                                                    pleats_shards *out);
void pleats_shards_clear(pleats_shards *shards);

/* ---- map digests, digest_files.c ---- */

/* *distinct = how many digests there are in the files path [n], each of which
 * has n_digests [n] of 32 bytes, in ascending order, and the digest of all
 * these at its end.  PLEATS_INVALID for other files.  Memory: a buffer a file.
 */
PLEATS_NODISCARD pleats_status
pleats_digest_files_unite(pleats_ctx *ctx, size_t n, char *const *path,
                          const uint64_t *n_digests, mpz_t distinct);

#endif
