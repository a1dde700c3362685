#include "theory/bounds/rank_table.h"

size_t pleats_rank_entries(bool is_line, pleats_idx n)
{
    return is_line ? (size_t)n * (size_t)n : (size_t)1 << n;
}

uint16_t pleats_rank_of_all(bool is_line, pleats_idx n, const uint16_t *rank)
{
    return rank[is_line ? (size_t)n - 1 : ((size_t)1 << n) - 1];
}

static uint16_t clip(int64_t rank)
{
    return (uint16_t)(rank < PLEATS_MOST_RANK ? rank : PLEATS_MOST_RANK);
}

void pleats_rank_start(bool is_line, const pleats_level *input, uint16_t *rank)
{
    const pleats_idx n = input->n;
    for (pleats_idx i = 0; is_line && i < n; i++) {
        int64_t sum = 0;
        for (pleats_idx j = i; j < n; j++) {
            sum += input->size[j];
            rank[i * n + j] = clip(sum);
        }
    }
    for (uint64_t set = 0; !is_line && set < (uint64_t)1 << n; set++) {
        int64_t sum = 0;
        for (pleats_idx i = 0; i < n; i++)
            sum += set >> i & 1 ? input->size[i] : 0;
        rank[set] = clip(sum);
    }
}

static void lower(uint16_t *rank, int64_t to)
{
    if (to < *rank)
        *rank = (uint16_t)to;
}

/* The set Y falls into intervals; the last one of those in i .. j ends at j, or
 * j is not in Y.  Rows behind i still hold the ranks before. */
static void truncate_line(pleats_idx n, const int64_t *active, uint16_t *rank)
{
    for (pleats_idx i = 0; i < n; i++) {
        uint16_t *row = rank + (size_t)i * (size_t)n;
        for (pleats_idx j = i; j < n; j++) {
            lower(&row[j], (j > i ? row[j - 1] : 0) + active[j]);
            for (pleats_idx k = i + 1; k <= j; k++)
                lower(&row[j], row[k - 1] + rank[k * n + j]);
        }
    }
}

void pleats_rank_truncate(bool is_line, pleats_idx n, const int64_t *active,
                          uint16_t *rank)
{
    if (is_line) {
        truncate_line(n, active, rank);
        return;
    }
    for (pleats_idx e = 0; e < n; e++) {
        const uint64_t bit = (uint64_t)1 << e;
        for (uint64_t set = 0; set < (uint64_t)1 << n; set++)
            if (set & bit)
                lower(&rank[set], rank[set ^ bit] + active[e]);
    }
}

/* Ends of what the classes read; of those that read nothing, such that they
 * add nothing to an interval. */
static void find_ends(const pleats_level *level, pleats_idx n, int *from,
                      int *to)
{
    int behind = 0, before = n;
    for (pleats_idx i = 0; i < level->n; i++) {
        if (level->reads[i])
            behind = 64 - __builtin_clzll(level->reads[i]);
        to[i] = behind;
    }
    for (pleats_idx i = level->n - 1; i >= 0; i--) {
        if (level->reads[i])
            before = __builtin_ctzll(level->reads[i]);
        from[i] = before;
    }
}

static void induce_line(const pleats_level *level, pleats_idx n,
                        const uint16_t *from, uint16_t *to)
{
    int lo[PLEATS_MOST_CLASSES], hi[PLEATS_MOST_CLASSES];
    find_ends(level, n, lo, hi);
    for (pleats_idx i = 0; i < level->n; i++)
        for (pleats_idx j = 0; j < level->n; j++)
            to[i * level->n + j] =
                j >= i && lo[i] < hi[j] ? from[lo[i] * n + hi[j] - 1] : 0;
}

void pleats_rank_induce(bool is_line, const pleats_level *level, pleats_idx n,
                        const uint16_t *from, uint16_t *to)
{
    if (is_line) {
        induce_line(level, n, from, to);
        return;
    }
    uint64_t all[(size_t)1 << PLEATS_MOST_SUBSET_CLASSES] = {0};
    for (uint64_t set = 0; set < (uint64_t)1 << level->n; set++) {
        if (set)
            all[set] =
                all[set & (set - 1)] | level->reads[__builtin_ctzll(set)];
        to[set] = from[all[set]];
    }
}
