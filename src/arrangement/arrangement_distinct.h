/* Telling equal tuples of words apart. */
#ifndef PLEATS_ARRANGEMENT_ARRANGEMENT_DISTINCT_H
#define PLEATS_ARRANGEMENT_ARRANGEMENT_DISTINCT_H

#include "base/base.h"

typedef struct {
    int bits;       /* of the number of slots that there are */
    uint32_t *slot; /* number of a tuple + 1, or 0 */
} pleats_distinct;

/* For up to n tuples at a time, n < 2^32. */
PLEATS_NODISCARD pleats_status pleats_distinct_init(pleats_ctx *ctx,
                                                    pleats_distinct *table,
                                                    size_t n);
void pleats_distinct_clear(pleats_ctx *ctx, pleats_distinct *table);

/* Tuple i is x[i], x[stride + i], ..., of n_words words; hash[i] is some word
 * that equal tuples share.  Writes the numbers of the first of each kind to
 * keep [n] in order, and returns how many there are. */
size_t pleats_distinct_tuples(pleats_distinct *table, size_t n,
                              const uint64_t *hash, const uint64_t *x,
                              size_t stride, size_t n_words, uint32_t *keep);

/* How many different words x [n] holds. */
size_t pleats_distinct_words(pleats_distinct *table, size_t n,
                             const uint64_t *x);

#endif
