/* Families of sets: bit sets of one length, numbered as they come. */
#ifndef PLEATS_THEORY_LAYER_FAMILY_H
#define PLEATS_THEORY_LAYER_FAMILY_H

#include "base/base.h"

typedef struct {
    size_t n_words; /* of a set */
    size_t n, capacity, n_slots;
    uint64_t *bits; /* [n x n_words] */
    uint32_t *slot; /* [n_slots] number + 1, or 0; n_slots is a power of 2 */
} pleats_family;

void pleats_family_clear(pleats_ctx *ctx, pleats_family *family);

static inline const uint64_t *pleats_family_set(const pleats_family *family,
                                                size_t i)
{
    return family->bits + i * family->n_words;
}

/* Adds the set unless it is there.  PLEATS_LIMIT beyond `most` sets. */
PLEATS_NODISCARD pleats_status pleats_family_add(pleats_ctx *ctx,
                                                 pleats_family *family,
                                                 const uint64_t *set,
                                                 size_t most);
/* Its number, or SIZE_MAX. */
size_t pleats_family_find(const pleats_family *family, const uint64_t *set);

static inline bool pleats_bit(const uint64_t *set, pleats_idx i)
{
    return set[i / 64] >> (i % 64) & 1;
}

static inline void pleats_set_bit(uint64_t *set, pleats_idx i)
{
    set[i / 64] |= (uint64_t)1 << (i % 64);
}

static inline void pleats_clear_bit(uint64_t *set, pleats_idx i)
{
    set[i / 64] &= ~((uint64_t)1 << (i % 64));
}

#endif
