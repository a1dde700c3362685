/* A set of 128-bit hashes of patterns, and how often each was seen.  Different
 * patterns with one hash count once: that can only make a count too small. */
#ifndef PLEATS_SAMPLE_TABLE_H
#define PLEATS_SAMPLE_TABLE_H

#include "base/base.h"

typedef struct {
    uint64_t low, high;
} pleats_hash;

typedef struct {
    size_t n, n_slots;   /* n_slots is a power of two, or 0 */
    pleats_hash *slot;   /* [n_slots] */
    unsigned char *seen; /* [n_slots] times, 0: free, at most 3 */
    size_t n_once, n_twice;
} pleats_hash_table;

void pleats_hash_table_clear(pleats_ctx *ctx, pleats_hash_table *table);
/* PLEATS_LIMIT or PLEATS_NOMEM when it cannot grow; it is then as before. */
PLEATS_NODISCARD pleats_status pleats_hash_table_add(pleats_ctx *ctx,
                                                     pleats_hash_table *table,
                                                     pleats_hash hash);

#endif
