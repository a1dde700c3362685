/* The states on a frontier of the programme (theory/layer/frontier.h), packed
 * in a hash table. */
#ifndef PLEATS_THEORY_LAYER_LEVEL_H
#define PLEATS_THEORY_LAYER_LEVEL_H

#include "base/base.h"

#include <gmp.h>

/* An old entry, and how much less it gives. */
typedef struct {
    uint32_t entry;
    int16_t less;
} pleats_frontier_operand;

/* How a step reads the state before it: entry i of the new state is
 * max(old[keep[i]], old[join[i]] + t - cost[i]).  Entry 0 is X empty, always
 * 0 and not stored.  Behind the n_before entries of the old state stand those
 * that it does not keep, each a maximum of old[entry] - less over its
 * operands. */
typedef struct {
    size_t n;              /* entries of the new state, the empty X included */
    uint32_t *keep, *join; /* [n] */
    int16_t *cost;         /* [n] */
    uint32_t *mirror;      /* [n] entry of the mirror image of each one's set
                              (theory/layer/mirror.h), or NULL */
    size_t n_before, n_derived;
    uint32_t *start; /* [n_derived + 1] operands of derived entry i are
                        operand[start[i]] .. */
    pleats_frontier_operand *operand; /* [start[n_derived]] */
    uint32_t own;                     /* old entry of S_p */
    int64_t capacity;                 /* of S_p */
    int16_t highest;                  /* no entry is above it */
    struct pleats_chains *chains;     /* of the new boundary
                                         (theory/layer/chains.h), or NULL */
} pleats_frontier_step;

/* The states of one level, each with the sum of the weights of the demands
 * that lead to it.  A state and its weight lie side by side, a *record*, and
 * records do not move, so that what is looked up at random is one place in
 * memory, and a level that is gone through is given back on the way. */
enum {
    PLEATS_LEVEL_FIRST = 6,
    PLEATS_LEVEL_BLOCKS = 32 - PLEATS_LEVEL_FIRST,
    PLEATS_LEVEL_SPARE = 8
};

/* Blocks that one level has given back for the next to take: block b has room
 * for 2^(FIRST + b) records of n_record words. */
typedef struct {
    size_t n_record;
    uint64_t *block[PLEATS_LEVEL_BLOCKS];
} pleats_level_pool;

void pleats_level_pool_clear(pleats_ctx *ctx, pleats_level_pool *pool);

typedef struct {
    size_t n_entries; /* stored, the empty X not included */
    size_t n_words;   /* of a packed state, at least 1 */
    bool is_wide;     /* two bytes an entry, not one */
    size_t n_limbs;   /* of a weight */
    size_t n, n_slots;
    uint64_t *slot; /* [n_slots] number + 1 in the low, the hash's upper half
                       in the high 32 bits; or 0; a power of 2 */
    uint64_t *block[PLEATS_LEVEL_BLOCKS]; /* records [n_words + n_limbs] */
    pleats_level_pool *pool; /* NULL, or outlives the level, and has room for
                                records of its length */
} pleats_level;

/* An empty level for what `step` (NULL: before the first window) makes, with
 * weights below 2^bits. */
void pleats_level_init(pleats_level *level, const pleats_frontier_step *step,
                       size_t bits, pleats_level_pool *pool);
/* An empty level for the same states and weights. */
pleats_level pleats_level_like(const pleats_level *level);
void pleats_level_clear(pleats_ctx *ctx, pleats_level *level);

/* Room for a look-up of n states. */
PLEATS_NODISCARD pleats_status pleats_level_expect(pleats_ctx *ctx,
                                                   pleats_level *level,
                                                   size_t n);
/* From here on states are read by their numbers alone, in their order. */
void pleats_level_close(pleats_ctx *ctx, pleats_level *level);
/* States below `state` are not read any more: gives blocks of such back. */
void pleats_level_pass(pleats_ctx *ctx, pleats_level *level, size_t state);

/* The hash of a packed state; its slot is asked for from memory. */
uint64_t pleats_level_hash(const pleats_level *level, const uint64_t *packed);
/* Asks for the record that the slot of the hash names. */
void pleats_level_ask(const pleats_level *level, uint64_t hash);
/* The number of a packed state, which is added with weight 0 when it is not
 * there. */
PLEATS_NODISCARD pleats_status pleats_level_add(pleats_ctx *ctx,
                                                pleats_level *level,
                                                const uint64_t *packed,
                                                uint64_t hash, size_t *number);
/* The number of a packed state, SIZE_MAX when it is not there. */
size_t pleats_level_find(const pleats_level *level, const uint64_t *packed);

static inline uint64_t *pleats_level_record(const pleats_level *level,
                                            size_t state)
{
    const size_t at = state + ((size_t)1 << PLEATS_LEVEL_FIRST);
    const int bits = 63 - __builtin_clzll(at);
    return level->block[bits - PLEATS_LEVEL_FIRST] +
           (at - ((size_t)1 << bits)) * (level->n_words + level->n_limbs);
}

/* A limb of GMP's is a word. */
static inline mp_limb_t *pleats_level_weight(const pleats_level *level,
                                             size_t state)
{
    return pleats_level_record(level, state) + level->n_words;
}

/* The entries of a state, entry 0 included. */
void pleats_level_unpack(const pleats_level *level, size_t state,
                         int16_t *entry);
/* What the step makes of them: new = max(kept, joined + t); both are
 * [step->n].  `entry` [n_before + n_derived] gets its derived entries. */
void pleats_step_split(const pleats_frontier_step *step, int16_t *entry,
                       int16_t *kept, int16_t *joined);
/* Turns both [step->n] about: what the step makes of them are then the mirror
 * images.  The step has a mirror; `spare` [step->n] is scratch. */
void pleats_step_reflect(const pleats_frontier_step *step, int16_t *kept,
                         int16_t *joined, int16_t *spare);
/* Packs max(kept, joined + t) for `level`, t = 0 .. n - 1; `packed` is
 * [n x n_words + SPARE], of which the last may be written to. */
void pleats_level_pack(const pleats_level *level, const int16_t *kept,
                       const int16_t *joined, size_t n, uint64_t *packed);

#endif
