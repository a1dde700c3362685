#include "theory/layer/level.h"

#include "theory/hash.h"

#include <string.h>

void pleats_level_init(pleats_level *level, const pleats_frontier_step *step,
                       size_t bits)
{
    size_t n = step ? step->n - 1 : 0;
    bool is_wide = step && step->highest > UINT8_MAX;
    size_t bytes = is_wide ? 2 * n : n;
    *level = (pleats_level){.n_entries = n,
                            .is_wide = is_wide,
                            .n_words = bytes / sizeof(uint64_t) + 1,
                            .n_limbs = bits / GMP_NUMB_BITS + 1};
}

void pleats_level_clear(pleats_ctx *ctx, pleats_level *level)
{
    pleats_release(ctx, level->state);
    pleats_release(ctx, level->weight);
    pleats_release(ctx, level->slot);
    *level = (pleats_level){0};
}

static const uint64_t *state_of(const pleats_level *level, size_t i)
{
    return level->state + i * level->n_words;
}

/* The slot of the state, or the free one where it would go. */
static size_t slot_of(const pleats_level *level, const uint64_t *packed,
                      uint64_t hash)
{
    size_t mask = level->n_slots - 1, at = hash & mask;
    for (;; at = (at + 1) & mask) {
        uint64_t slot = level->slot[at];
        if (slot == 0)
            return at;
        if ((slot ^ hash) >> 32 == 0 &&
            memcmp(state_of(level, (uint32_t)slot - 1), packed,
                   level->n_words * sizeof *packed) == 0)
            return at;
    }
}

uint64_t pleats_level_hash(const pleats_level *level, const uint64_t *packed)
{
    uint64_t hash = pleats_hash_words(packed, level->n_words);
    if (level->n_slots > 0)
        __builtin_prefetch(level->slot + (hash & (level->n_slots - 1)));
    return hash;
}

size_t pleats_level_find(const pleats_level *level, const uint64_t *packed)
{
    if (level->n == 0)
        return SIZE_MAX;
    uint64_t hash = pleats_hash_words(packed, level->n_words);
    uint64_t slot = level->slot[slot_of(level, packed, hash)];
    return slot ? (uint32_t)slot - 1 : SIZE_MAX;
}

static pleats_status widen(pleats_ctx *ctx, pleats_level *level)
{
    pleats_status status = PLEATS_OK;
    size_t wanted = level->n_slots ? 2 * level->n_slots : 64;
    pleats_release(ctx, level->slot);
    level->slot = NULL;
    TRY(pleats_alloc(ctx, wanted, sizeof *level->slot, &level->slot));
    level->n_slots = wanted;
    for (size_t i = 0; i < level->n; i++) {
        uint64_t hash = pleats_hash_words(state_of(level, i), level->n_words);
        size_t at = hash & (wanted - 1);
        while (level->slot[at])
            at = (at + 1) & (wanted - 1);
        level->slot[at] = hash >> 32 << 32 | (i + 1);
    }
done:
    return status;
}

pleats_status pleats_level_add(pleats_ctx *ctx, pleats_level *level,
                               const uint64_t *packed, uint64_t hash,
                               size_t *number)
{
    pleats_status status = PLEATS_OK;
    if (2 * (level->n + 1) > level->n_slots)
        TRY(widen(ctx, level));
    size_t at = slot_of(level, packed, hash);
    if (level->slot[at]) {
        *number = (uint32_t)level->slot[at] - 1;
        return PLEATS_OK;
    }
    if (level->n >= UINT32_MAX - 1)
        TRY(pleats_fail(ctx, PLEATS_LIMIT, "2^32 states on a frontier"));
    TRY(pleats_grow(ctx, &level->state, &level->state_capacity,
                    (level->n + 1) * level->n_words, sizeof *packed));
    TRY(pleats_grow(ctx, &level->weight, &level->weight_capacity,
                    (level->n + 1) * level->n_limbs, sizeof *level->weight));
    memcpy(level->state + level->n * level->n_words, packed,
           level->n_words * sizeof *packed);
    *number = level->n++;
    level->slot[at] = hash >> 32 << 32 | level->n;
done:
    return status;
}

void pleats_level_unpack(const pleats_level *level, size_t state,
                         int16_t *entry)
{
    const uint8_t *byte = (const uint8_t *)state_of(level, state);
    entry[0] = 0;
    if (level->is_wide)
        memcpy(entry + 1, byte, level->n_entries * sizeof *entry);
    else
        for (size_t i = 0; i < level->n_entries; i++)
            entry[i + 1] = byte[i];
}

static void derive(const pleats_frontier_step *step, int16_t *entry)
{
    for (size_t i = 0; i < step->n_derived; i++) {
        int16_t most = INT16_MIN;
        for (uint32_t k = step->start[i]; k < step->start[i + 1]; k++) {
            const pleats_frontier_operand o = step->operand[k];
            const int16_t x = (int16_t)(entry[o.entry] - o.less);
            if (x > most)
                most = x;
        }
        entry[step->n_before + i] = most;
    }
}

void pleats_step_split(const pleats_frontier_step *step,
                       int16_t *restrict entry, int16_t *restrict kept,
                       int16_t *restrict joined)
{
    derive(step, entry);
    for (size_t i = 0; i < step->n; i++) {
        kept[i] = entry[step->keep[i]];
        joined[i] = (int16_t)(entry[step->join[i]] - step->cost[i]);
    }
}

static void permute(const uint32_t *from, size_t n, int16_t *entry,
                    int16_t *spare)
{
    memcpy(spare, entry, n * sizeof *entry);
    for (size_t i = 0; i < n; i++)
        entry[i] = spare[from[i]];
}

void pleats_step_reflect(const pleats_frontier_step *step, int16_t *kept,
                         int16_t *joined, int16_t *spare)
{
    permute(step->mirror, step->n, kept, spare);
    permute(step->mirror, step->n, joined, spare);
}

static inline int16_t larger(int a, int b)
{
    return (int16_t)(a > b ? a : b);
}

void pleats_level_pack(const pleats_level *level, const int16_t *kept,
                       const int16_t *joined, int16_t t, uint64_t *packed)
{
    const size_t n = level->n_entries;
    uint8_t *restrict byte = (uint8_t *)packed;
    packed[level->n_words - 1] = 0;
    if (level->is_wide)
        for (size_t i = 0; i < n; i++) {
            int16_t x = larger(kept[i + 1], joined[i + 1] + t);
            memcpy(byte + 2 * i, &x, sizeof x);
        }
    else
        for (size_t i = 0; i < n; i++)
            byte[i] =
                (uint8_t)larger(kept[i + 1], (int16_t)(joined[i + 1] + t));
}
