/* A hash of 64-bit words for tables in memory: multiply and shift. */
#ifndef PLEATS_THEORY_HASH_H
#define PLEATS_THEORY_HASH_H

#include "exact/int128.h"

#include <stddef.h>
#include <stdint.h>

/* Two words a product, in no order, so that products need not wait for one
 * another. */
static inline uint64_t pleats_hash_words(const uint64_t *word, size_t n)
{
    uint64_t key = 0x9e3779b97f4a7c15u, hash = 0;
    for (size_t i = 0; i < n; i += 2, key += 0xc2b2ae3d27d4eb4eu) {
        const uint64_t a = word[i] ^ key;
        const uint64_t b = (i + 1 < n ? word[i + 1] : 0) ^ ~key;
        const pleats_uint128 product = (pleats_uint128)a * b;
        hash += (uint64_t)product ^ (uint64_t)(product >> 64);
    }
    hash = (hash ^ hash >> 32) * 0xbf58476d1ce4e5b9u;
    return hash ^ hash >> 29;
}

#endif
