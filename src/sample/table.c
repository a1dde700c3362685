/* A set of hashes: open addressing, at most three quarters full. */
#include "sample/table.h"

enum { LEAST_SLOTS = 1024, MANY = 3 };

void pleats_hash_table_clear(pleats_ctx *ctx, pleats_hash_table *t)
{
    pleats_release(ctx, t->slot);
    pleats_release(ctx, t->seen);
    *t = (pleats_hash_table){0};
}

/* The hash's slot, or the free one where it belongs. */
static size_t find(const pleats_hash_table *t, pleats_hash h)
{
    size_t mask = t->n_slots - 1, i = (size_t)h.low & mask;
    while (t->seen[i] && (t->slot[i].low != h.low || t->slot[i].high != h.high))
        i = (i + 1) & mask;
    return i;
}

static pleats_status grow(pleats_ctx *ctx, pleats_hash_table *t)
{
    pleats_status status = PLEATS_OK;
    pleats_hash_table bigger = *t;
    bigger.n_slots = t->n_slots ? 2 * t->n_slots : LEAST_SLOTS;
    bigger.slot = NULL;
    bigger.seen = NULL;
    TRY(pleats_alloc(ctx, bigger.n_slots, sizeof *bigger.slot, &bigger.slot));
    TRY(pleats_alloc(ctx, bigger.n_slots, 1, &bigger.seen));
    for (size_t i = 0; i < t->n_slots; i++)
        if (t->seen[i]) {
            size_t to = find(&bigger, t->slot[i]);
            bigger.slot[to] = t->slot[i];
            bigger.seen[to] = t->seen[i];
        }
    pleats_hash_table_clear(ctx, t);
    *t = bigger;
    bigger = (pleats_hash_table){0};
done:
    pleats_hash_table_clear(ctx, &bigger);
    return status;
}

pleats_status pleats_hash_table_add(pleats_ctx *ctx, pleats_hash_table *t,
                                    pleats_hash h)
{
    pleats_status status = PLEATS_OK;
    if (4 * (t->n + 1) > 3 * t->n_slots)
        TRY(grow(ctx, t));
    size_t i = find(t, h);
    if (t->seen[i] == 0) {
        t->slot[i] = h;
        t->n++;
        t->n_once++;
    } else if (t->seen[i] == 1) {
        t->n_once--;
        t->n_twice++;
    } else if (t->seen[i] == 2) {
        t->n_twice--;
    }
    if (t->seen[i] < MANY)
        t->seen[i]++;
done:
    return status;
}
