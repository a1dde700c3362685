/* A hash of 64-bit words for tables in memory: multiply and shift. */
#ifndef PLEATS_THEORY_HASH_H
#define PLEATS_THEORY_HASH_H

#include <stddef.h>
#include <stdint.h>

static inline uint64_t pleats_hash_words(const uint64_t *word, size_t n)
{
    uint64_t a = 0x9e3779b97f4a7c15u, b = 0xc2b2ae3d27d4eb4fu;
    size_t i = 0;
    for (; i + 1 < n; i += 2) {
        a = (a ^ word[i]) * 0xd6e8feb86659fd93u;
        b = (b ^ word[i + 1]) * 0xa0761d6478bd642fu;
        a ^= a >> 32;
        b ^= b >> 29;
    }
    if (i < n)
        a = (a ^ word[i]) * 0xd6e8feb86659fd93u;
    a ^= (a >> 32) + (b ^ b >> 31) * 0xff51afd7ed558ccdu;
    a *= 0xbf58476d1ce4e5b9u;
    return a ^ a >> 32;
}

#endif
