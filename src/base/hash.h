/* A hash of 64-bit words for tables in memory, word by word. */
#ifndef PLEATS_BASE_HASH_H
#define PLEATS_BASE_HASH_H

#include <stdint.h>
#include <string.h>

static inline uint64_t pleats_hash_add(uint64_t hash, uint64_t word)
{
    hash = (hash ^ word) * 0xff51afd7ed558ccdu;
    return hash ^ (hash >> 32);
}

/* The bits of a double: -0 and 0 differ. */
static inline uint64_t pleats_hash_add_double(uint64_t hash, double x)
{
    uint64_t bits;
    memcpy(&bits, &x, sizeof bits);
    return pleats_hash_add(hash, bits);
}

#endif
