#include "theory/layer/seam.h"

void pleats_seam_clear(pleats_ctx *ctx, pleats_seam *b)
{
    pleats_family_clear(ctx, &b->ahead);
    pleats_family_clear(ctx, &b->behind);
    pleats_release(ctx, b->number);
    pleats_release(ctx, b->kept);
    *b = (pleats_seam){0};
}

/* Whether z lies between the common part and the union of n and x. */
static bool is_between(size_t n_words, const uint64_t *n, const uint64_t *x,
                       const uint64_t *z)
{
    for (size_t k = 0; k < n_words; k++)
        if ((n[k] & x[k] & ~z[k]) | (z[k] & ~(n[k] | x[k])))
            return false;
    return true;
}

static bool serves(const pleats_seam *b, size_t past, size_t x, size_t z)
{
    return is_between(b->ahead.n_words, pleats_family_set(&b->behind, past),
                      pleats_family_set(&b->ahead, x),
                      pleats_family_set(&b->ahead, z));
}

/* Whether each union so far has a kept set other than x for x; the one that
 * was found last is looked at first, since neighbours often share it. */
static bool is_spare(pleats_seam *b, size_t x)
{
    for (size_t past = 0; past < b->behind.n; past++) {
        size_t i = 0;
        while (i < b->n_kept &&
               (b->kept[i] == x || !serves(b, past, x, b->kept[i])))
            i++;
        if (i == b->n_kept)
            return false;
        const uint32_t found = b->kept[i];
        b->kept[i] = b->kept[0];
        b->kept[0] = found;
    }
    return true;
}

static void drop(pleats_seam *b, size_t x)
{
    size_t i = 0;
    while (b->kept[i] != x)
        i++;
    b->kept[i] = b->kept[--b->n_kept];
}

/* Numbers the kept sets in their order. */
static void number_kept(pleats_seam *b)
{
    for (size_t i = 0; i < b->ahead.n; i++)
        b->number[i] = PLEATS_NOT_KEPT;
    for (size_t i = 0; i < b->n_kept; i++)
        b->number[b->kept[i]] = 0;
    b->n_kept = 0;
    for (size_t i = 0; i < b->ahead.n; i++)
        if (b->number[i] != PLEATS_NOT_KEPT) {
            b->kept[b->n_kept] = (uint32_t)i;
            b->number[i] = (uint32_t)b->n_kept++;
        }
}

/* A set that is dropped still serves others: what is between it and n is
 * between them and n, too. */
pleats_status pleats_seam_choose(pleats_ctx *ctx, pleats_seam *b)
{
    pleats_status status = PLEATS_OK;
    const size_t n = b->ahead.n;
    TRY(pleats_alloc(ctx, n, sizeof *b->number, &b->number));
    TRY(pleats_alloc(ctx, n, sizeof *b->kept, &b->kept));
    for (; b->n_kept < n; b->n_kept++)
        b->kept[b->n_kept] = (uint32_t)b->n_kept;
    if (b->behind.n > 0 && n <= PLEATS_MOST_PAIRS / b->behind.n)
        for (size_t x = 1; x < n; x++)
            if (is_spare(b, x))
                drop(b, x);
    number_kept(b);
done:
    return status;
}

/* The kept set that serves most of the unions so far that are `open` [n]. */
static size_t find_best(const pleats_seam *b, size_t x, const uint32_t *open,
                        size_t n)
{
    size_t best = 0, most = 0;
    for (size_t z = 0; z < b->n_kept && most < n; z++) {
        size_t count = 0;
        for (size_t i = 0; i < n; i++)
            count += serves(b, open[i], x, b->kept[z]);
        if (count > most) {
            most = count;
            best = z;
        }
    }
    return best;
}

pleats_status pleats_seam_cover(pleats_ctx *ctx, const pleats_seam *b, size_t x,
                                uint32_t *among, size_t *n)
{
    pleats_status status = PLEATS_OK;
    uint32_t *open = NULL;
    size_t n_open = b->behind.n;
    TRY(pleats_alloc(ctx, n_open, sizeof *open, &open));
    for (size_t i = 0; i < n_open; i++)
        open[i] = (uint32_t)i;
    for (*n = 0; n_open > 0; ++*n) {
        const size_t z = find_best(b, x, open, n_open), before = n_open;
        n_open = 0;
        for (size_t i = 0; i < before; i++)
            if (!serves(b, open[i], x, b->kept[z]))
                open[n_open++] = open[i];
        among[*n] = (uint32_t)z;
    }
done:
    pleats_release(ctx, open);
    return status;
}
