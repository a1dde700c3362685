#include "arrangement/arrangement_distinct.h"

#include <string.h>

/* At least twice as many slots as tuples. */
static int bits_for(size_t n)
{
    int bits = 4;
    while (((size_t)1 << bits) < 2 * n)
        bits++;
    return bits;
}

pleats_status pleats_distinct_init(pleats_ctx *ctx, pleats_distinct *table,
                                   size_t n)
{
    table->bits = bits_for(n);
    return pleats_alloc(ctx, (size_t)1 << table->bits, sizeof *table->slot,
                        &table->slot);
}

void pleats_distinct_clear(pleats_ctx *ctx, pleats_distinct *table)
{
    pleats_release(ctx, table->slot);
}

static inline bool is_same(const uint64_t *x, size_t stride, size_t n_words,
                           size_t i, size_t j)
{
    for (size_t w = 0; w < n_words; w++, x += stride)
        if (x[i] != x[j])
            return false;
    return true;
}

static inline __attribute__((always_inline)) size_t
distinct(pleats_distinct *table, size_t n, const uint64_t *hash,
         const uint64_t *x, size_t stride, size_t n_words, uint32_t *keep)
{
    size_t n_kept = 0;
    int bits = bits_for(n);
    size_t mask = ((size_t)1 << bits) - 1;
    memset(table->slot, 0, (mask + 1) * sizeof *table->slot);
    for (size_t i = 0; i < n; i++) {
        size_t at = (size_t)(hash[i] * 0x9E3779B97F4A7C15U >> (64 - bits));
        while (table->slot[at] &&
               !is_same(x, stride, n_words, i, table->slot[at] - 1))
            at = (at + 1) & mask;
        if (table->slot[at])
            continue;
        table->slot[at] = (uint32_t)i + 1;
        if (keep)
            keep[n_kept] = (uint32_t)i;
        n_kept++;
    }
    return n_kept;
}

size_t pleats_distinct_tuples(pleats_distinct *table, size_t n,
                              const uint64_t *hash, const uint64_t *x,
                              size_t stride, size_t n_words, uint32_t *keep)
{
    return distinct(table, n, hash, x, stride, n_words, keep);
}

size_t pleats_distinct_words(pleats_distinct *table, size_t n,
                             const uint64_t *x)
{
    return distinct(table, n, x, x, 0, 1, NULL);
}
