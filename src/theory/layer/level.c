#include "theory/layer/level.h"

#include "theory/hash.h"

#include <string.h>

/* Entries of one byte that are packed at one go. */
enum { LANES = 8 * PLEATS_LEVEL_SPARE };

void pleats_level_init(pleats_level *level, const pleats_frontier_step *step,
                       size_t bits, pleats_level_pool *pool)
{
    size_t n = step ? step->n - 1 : 0;
    bool is_wide =
        step && (step->highest > INT8_MAX || step->capacity > INT8_MAX);
    size_t bytes = is_wide ? 2 * n : n;
    *level = (pleats_level){.n_entries = n,
                            .is_wide = is_wide,
                            .n_words = bytes / sizeof(uint64_t) + 1,
                            .n_limbs = bits / GMP_NUMB_BITS + 1,
                            .pool = pool};
}

pleats_level pleats_level_like(const pleats_level *level)
{
    return (pleats_level){.n_entries = level->n_entries,
                          .is_wide = level->is_wide,
                          .n_words = level->n_words,
                          .n_limbs = level->n_limbs,
                          .pool = level->pool};
}

void pleats_level_pool_clear(pleats_ctx *ctx, pleats_level_pool *pool)
{
    for (int b = 0; b < PLEATS_LEVEL_BLOCKS; b++)
        pleats_release(ctx, pool->block[b]);
    *pool = (pleats_level_pool){0};
}

/* Gives block b back. */
static void return_block(pleats_ctx *ctx, pleats_level *level, int b)
{
    if (level->pool && !level->pool->block[b])
        level->pool->block[b] = level->block[b];
    else
        pleats_release(ctx, level->block[b]);
    level->block[b] = NULL;
}

void pleats_level_clear(pleats_ctx *ctx, pleats_level *level)
{
    for (int b = 0; b < PLEATS_LEVEL_BLOCKS; b++)
        return_block(ctx, level, b);
    pleats_release(ctx, level->slot);
    *level = (pleats_level){0};
}

void pleats_level_close(pleats_ctx *ctx, pleats_level *level)
{
    pleats_release(ctx, level->slot);
    level->slot = NULL;
    level->n_slots = 0;
}

/* The first state of block b. */
static size_t start_of(int b)
{
    return ((size_t)1 << (PLEATS_LEVEL_FIRST + b)) -
           ((size_t)1 << PLEATS_LEVEL_FIRST);
}

void pleats_level_pass(pleats_ctx *ctx, pleats_level *level, size_t state)
{
    for (int b = 0; b < PLEATS_LEVEL_BLOCKS && start_of(b + 1) <= state; b++)
        return_block(ctx, level, b);
}

static bool is_at(const pleats_level *level, size_t state,
                  const uint64_t *packed)
{
    const uint64_t *record = pleats_level_record(level, state);
    uint64_t differ = 0;
    for (size_t i = 0; i < level->n_words; i++)
        differ |= record[i] ^ packed[i];
    return differ == 0;
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
            is_at(level, (uint32_t)slot - 1, packed))
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

void pleats_level_ask(const pleats_level *level, uint64_t hash)
{
    const uint64_t slot =
        level->n_slots > 0 ? level->slot[hash & (level->n_slots - 1)] : 0;
    if (slot == 0)
        return;
    const uint64_t *record = pleats_level_record(level, (uint32_t)slot - 1);
    __builtin_prefetch(record);
    __builtin_prefetch(record + 8);
    __builtin_prefetch(record + level->n_words + level->n_limbs - 1);
}

size_t pleats_level_find(const pleats_level *level, const uint64_t *packed)
{
    if (level->n == 0)
        return SIZE_MAX;
    uint64_t hash = pleats_hash_words(packed, level->n_words);
    uint64_t slot = level->slot[slot_of(level, packed, hash)];
    return slot ? (uint32_t)slot - 1 : SIZE_MAX;
}

pleats_status pleats_level_expect(pleats_ctx *ctx, pleats_level *level,
                                  size_t n)
{
    pleats_status status = PLEATS_OK;
    size_t wanted = level->n_slots ? level->n_slots : 64;
    while (wanted < 2 * n)
        wanted *= 2;
    if (wanted == level->n_slots)
        return PLEATS_OK;
    pleats_level_close(ctx, level);
    TRY(pleats_alloc(ctx, wanted, sizeof *level->slot, &level->slot));
    level->n_slots = wanted;
    for (size_t i = 0; i < level->n; i++) {
        uint64_t hash =
            pleats_hash_words(pleats_level_record(level, i), level->n_words);
        size_t at = hash & (wanted - 1);
        while (level->slot[at])
            at = (at + 1) & (wanted - 1);
        level->slot[at] = hash >> 32 << 32 | (i + 1);
    }
done:
    return status;
}

static pleats_status take_block(pleats_ctx *ctx, pleats_level *level, int b)
{
    size_t n_record = level->n_words + level->n_limbs;
    if (level->pool) {
        n_record = level->pool->n_record;
        level->block[b] = level->pool->block[b];
        level->pool->block[b] = NULL;
    }
    return level->block[b]
               ? PLEATS_OK
               : pleats_alloc(ctx, start_of(b + 1) - start_of(b),
                              n_record * sizeof(uint64_t), &level->block[b]);
}

/* Room for the record of one state more. */
static pleats_status extend(pleats_ctx *ctx, pleats_level *level)
{
    for (int b = 0; b < PLEATS_LEVEL_BLOCKS; b++)
        if (level->n == start_of(b))
            return take_block(ctx, level, b);
    if (level->n == start_of(PLEATS_LEVEL_BLOCKS))
        return pleats_fail(ctx, PLEATS_LIMIT, "2^32 states on a frontier");
    return PLEATS_OK;
}

pleats_status pleats_level_add(pleats_ctx *ctx, pleats_level *level,
                               const uint64_t *packed, uint64_t hash,
                               size_t *number)
{
    pleats_status status = PLEATS_OK;
    if (2 * (level->n + 1) > level->n_slots)
        TRY(pleats_level_expect(ctx, level, level->n + 1));
    size_t at = slot_of(level, packed, hash);
    if (level->slot[at]) {
        *number = (uint32_t)level->slot[at] - 1;
        return PLEATS_OK;
    }
    TRY(extend(ctx, level));
    *number = level->n++;
    memcpy(pleats_level_record(level, *number), packed,
           level->n_words * sizeof *packed);
    memset(pleats_level_weight(level, *number), 0,
           level->n_limbs * sizeof(mp_limb_t));
    level->slot[at] = hash >> 32 << 32 | level->n;
done:
    return status;
}

void pleats_level_unpack(const pleats_level *level, size_t state,
                         int16_t *entry)
{
    const uint8_t *byte = (const uint8_t *)pleats_level_record(level, state);
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

/* What is written behind a packed state is written over by the next one, or by
 * its first lanes; hence the last lanes come first.  Lanes without an entry
 * stay 0: no demand is above INT8_MAX. */
PLEATS_WIDE
static void pack_bytes(const int16_t *restrict kept,
                       const int16_t *restrict joined, size_t n_entries,
                       size_t n_bytes, size_t n, uint8_t *restrict packed)
{
    for (size_t part = (n_bytes + LANES - 1) / LANES; part-- > 0;) {
        const size_t from = part * LANES;
        const size_t here = n_entries - from < LANES ? n_entries - from : LANES;
        int8_t k[LANES] = {0}, j[LANES];
        memset(j, INT8_MIN, sizeof j);
        for (size_t i = 0; i < here; i++) {
            k[i] = (int8_t)kept[from + i];
            j[i] = (int8_t)joined[from + i];
        }
        for (size_t t = 0; t < n; t++)
            for (size_t i = 0; i < LANES; i++) {
                const int8_t x = (int8_t)(j[i] + (int8_t)t);
                packed[t * n_bytes + from + i] = (uint8_t)(k[i] > x ? k[i] : x);
            }
    }
}

static void pack_pairs(const int16_t *kept, const int16_t *joined,
                       size_t n_entries, size_t n_bytes, size_t n,
                       uint8_t *packed)
{
    for (size_t t = 0; t < n; t++, packed += n_bytes)
        for (size_t i = 0; i < n_entries; i++) {
            const int16_t x = larger(kept[i], joined[i] + (int)t);
            memcpy(packed + 2 * i, &x, sizeof x);
        }
}

void pleats_level_pack(const pleats_level *level, const int16_t *kept,
                       const int16_t *joined, size_t n, uint64_t *packed)
{
    const size_t n_entries = level->n_entries;
    const size_t n_bytes = level->n_words * sizeof *packed;
    for (size_t t = 0; t < n; t++)
        packed[(t + 1) * level->n_words - 1] = 0;
    if (level->is_wide)
        pack_pairs(kept + 1, joined + 1, n_entries, n_bytes, n,
                   (uint8_t *)packed);
    else
        pack_bytes(kept + 1, joined + 1, n_entries, n_bytes, n,
                   (uint8_t *)packed);
}
