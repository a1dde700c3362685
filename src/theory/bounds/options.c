#include "theory/bounds/options.h"

#include "exact/integers.h"
#include "theory/bounds/valued.h"

#include <string.h>

/* Options of a block, products of them with the patterns of a channel, and
 * classes of units in a block with a pool. */
enum { MOST_OPTIONS = 30000, MOST_PRODUCTS = 1000000, MOST_CELLS = 10 };

enum { MOST_WIDTH = 3 * PLEATS_MOST_CLASSES };

/* Counts, two a word, each once with its weight. */
typedef pleats_valued table;

static size_t width_of(const pleats_block *b)
{
    return 2 * (size_t)b->n_units + (size_t)b->n_pools;
}

static table table_of(const pleats_block *b)
{
    return (table){.sets.n_words = (width_of(b) + 1) / 2};
}

/* The weight of these counts, `count` being a word longer than they are. */
static pleats_status table_find(pleats_ctx *ctx, table *t, const int32_t *count,
                                mpz_t **weight)
{
    pleats_status status = PLEATS_OK;
    uint64_t key[MOST_WIDTH / 2 + 1];
    size_t at = 0;
    bool is_new = false;
    memcpy(key, count, t->sets.n_words * sizeof *key);
    TRY(pleats_valued_find(ctx, t, key, MOST_OPTIONS, &at, &is_new));
    *weight = &t->value[at];
done:
    return status;
}

/* The table's lines as the block's options. */
static pleats_status take_table(pleats_ctx *ctx, table *t, pleats_block *b)
{
    pleats_status status = PLEATS_OK;
    const size_t width = width_of(b);
    TRY(pleats_integers_new(ctx, t->sets.n, &b->weight));
    b->n = t->sets.n;
    TRY(pleats_alloc(ctx, b->n * width, sizeof *b->count, &b->count));
    for (size_t i = 0; i < b->n; i++) {
        memcpy(b->count + i * width, pleats_family_set(&t->sets, i),
               width * sizeof *b->count);
        mpz_swap(b->weight[i], t->value[i]);
    }
done:
    return status;
}

/* One class without a pool: I_t C(t, k) f^k (q - f)^(t-k) for t units in B, k
 * of them on flat pieces; I_t is C(m, t) where `in_b` is NULL. */
static pleats_status fill_class(pleats_ctx *ctx, const pleats_level *units,
                                pleats_idx i, const pleats_independence *in_b,
                                pleats_block *b, bool *fits)
{
    pleats_status status = PLEATS_OK;
    const int64_t m = units->reads[i] ? units->size[i] : 0;
    const int64_t f = units->flat, bent = units->pieces - 1 - f;
    mpz_t factor, *weight = NULL;
    table t;
    mpz_init(factor);
    b->n_units = 1;
    b->unit[0] = i;
    t = table_of(b);
    *fits = f == 0 || bent == 0 ? m < MOST_OPTIONS : m * m < MOST_OPTIONS;
    const int64_t most = in_b && (int64_t)in_b->n < m ? (int64_t)in_b->n : m;
    for (int64_t j = 0; *fits && j <= most; j++)
        for (int64_t k = bent > 0 ? 0 : j; k <= (f > 0 ? j : 0); k++) {
            const int32_t count[] = {(int32_t)j, (int32_t)(m - k), 0, 0};
            TRY(table_find(ctx, &t, count, &weight));
            if (in_b)
                mpz_set(*weight, in_b->at[j]);
            else
                mpz_bin_uiui(*weight, (unsigned long)m, (unsigned long)j);
            mpz_bin_uiui(factor, (unsigned long)j, (unsigned long)k);
            mpz_mul(*weight, *weight, factor);
            mpz_ui_pow_ui(factor, (unsigned long)f, (unsigned long)k);
            mpz_mul(*weight, *weight, factor);
            mpz_ui_pow_ui(factor, (unsigned long)bent, (unsigned long)(j - k));
            mpz_mul(*weight, *weight, factor);
        }
    TRY(take_table(ctx, &t, b));
done:
    pleats_valued_clear(ctx, &t);
    mpz_clear(factor);
    return status;
}

/* ---- units below a pool ---- */

/* The classes of units and windows that hang together with class `first`. */
static void find_block(const pleats_level *units, const pleats_level *pool,
                       pleats_idx first, pleats_block *b)
{
    uint64_t cells = (uint64_t)1 << first, before = 0, windows = 0;
    while (cells != before) {
        before = cells;
        for (pleats_idx w = 0; w < pool->n; w++)
            if (pool->reads[w] & cells) {
                cells |= pool->reads[w];
                windows |= (uint64_t)1 << w;
            }
    }
    for (pleats_idx i = 0; i < units->n; i++)
        if (cells >> i & 1)
            b->unit[b->n_units++] = i;
    for (pleats_idx w = 0; w < pool->n; w++)
        if (windows >> w & 1)
            b->pool[b->n_pools++] = w;
}

/* One channel whose units `active` (a set of the block's classes) are active:
 * its counts, and the windows' joint patterns; 0 when it cannot be so.  Units
 * that read padding alone are constant: never in B, but candidates like active
 * ones. */
static void count_pattern(const pleats_level *units, const pleats_level *pool,
                          const pleats_block *b, uint64_t active,
                          int32_t *count, mpz_t patterns)
{
    uint64_t cells = 0, constant = 0;
    mpz_set_ui(patterns, 1);
    for (pleats_idx i = 0; i < b->n_units; i++) {
        const bool is_active = active >> i & 1;
        const bool is_unit = units->reads[b->unit[i]] != 0;
        *(is_unit ? &cells : &constant) |= (uint64_t)is_active << b->unit[i];
        count[2 * (size_t)i] = !is_active;
        count[2 * (size_t)i + 1] = is_active && is_unit;
        if (!is_active && !is_unit)
            mpz_set_ui(patterns, 0);
    }
    for (pleats_idx w = 0; w < b->n_pools; w++) {
        const uint64_t window = pool->reads[b->pool[w]];
        const int n = __builtin_popcountll(window & (cells | constant));
        mpz_mul_ui(patterns, patterns, n > 1 ? (unsigned long)n : 1);
        count[2 * (size_t)b->n_units + (size_t)w] = (window & cells) != 0;
    }
}

/* next = the lines of t with one more channel. */
static pleats_status add_channel(pleats_ctx *ctx, const pleats_level *units,
                                 const pleats_level *pool,
                                 const pleats_block *b, const table *t,
                                 table *next)
{
    pleats_status status = PLEATS_OK;
    const size_t width = width_of(b);
    mpz_t patterns;
    mpz_init(patterns);
    for (uint64_t active = 0; active < (uint64_t)1 << b->n_units; active++) {
        int32_t count[MOST_WIDTH + 1] = {0}, sum[MOST_WIDTH + 2] = {0};
        mpz_t *weight = NULL;
        count_pattern(units, pool, b, active, count, patterns);
        for (size_t i = 0; mpz_sgn(patterns) > 0 && i < t->sets.n; i++) {
            memcpy(sum, pleats_family_set(&t->sets, i), width * sizeof *sum);
            for (size_t k = 0; k < width; k++)
                sum[k] += count[k];
            TRY(table_find(ctx, next, sum, &weight));
            mpz_addmul(*weight, t->value[i], patterns);
        }
    }
done:
    mpz_clear(patterns);
    return status;
}

/* Weights get the breakpoints of the units in B. */
static void multiply_breaks(const pleats_level *units, pleats_block *b)
{
    mpz_t factor;
    mpz_init(factor);
    for (size_t i = 0; i < b->n; i++) {
        int64_t in_b = 0;
        for (pleats_idx k = 0; k < b->n_units; k++)
            in_b += b->count[i * width_of(b) + 2 * (size_t)k];
        mpz_ui_pow_ui(factor, (unsigned long)units->pieces - 1,
                      (unsigned long)in_b);
        mpz_mul(b->weight[i], b->weight[i], factor);
    }
    mpz_clear(factor);
}

static pleats_status fill_pooled(pleats_ctx *ctx, const pleats_level *units,
                                 const pleats_level *pool, pleats_block *b,
                                 bool *fits)
{
    pleats_status status = PLEATS_OK;
    const int32_t none[MOST_WIDTH + 2] = {0};
    table now = table_of(b), next = table_of(b);
    mpz_t *weight = NULL;
    *fits = b->n_units <= MOST_CELLS;
    TRY(table_find(ctx, &now, none, &weight));
    mpz_set_ui(*weight, 1);
    for (int64_t c = 0; *fits && c < units->size[b->unit[0]]; c++) {
        *fits = now.sets.n << b->n_units <= MOST_PRODUCTS;
        if (!*fits)
            break;
        TRY(add_channel(ctx, units, pool, b, &now, &next));
        pleats_valued_clear(ctx, &now);
        now = next;
        next = table_of(b);
    }
    if (*fits)
        TRY(take_table(ctx, &now, b));
    multiply_breaks(units, b);
done:
    pleats_valued_clear(ctx, &now);
    pleats_valued_clear(ctx, &next);
    if (pleats_is_too_large(ctx, status)) {
        *fits = false;
        status = PLEATS_OK;
    }
    return status;
}

pleats_status pleats_options_make(pleats_ctx *ctx, const pleats_level *units,
                                  const pleats_level *pool, pleats_options *out,
                                  bool *fits)
{
    pleats_status status = PLEATS_OK;
    uint64_t done_with = 0;
    *out = (pleats_options){0};
    *fits = true;
    TRY(pleats_alloc(ctx, (size_t)units->n, sizeof *out->block, &out->block));
    for (pleats_idx i = 0; *fits && i < units->n; i++) {
        if (done_with >> i & 1)
            continue;
        pleats_block *b = &out->block[out->n++];
        if (pool) {
            find_block(units, pool, i, b);
            TRY(fill_pooled(ctx, units, pool, b, fits));
        } else {
            TRY(fill_class(ctx, units, i, NULL, b, fits));
        }
        for (pleats_idx k = 0; k < b->n_units; k++)
            done_with |= (uint64_t)1 << b->unit[k];
    }
done:
    if (status != PLEATS_OK || !*fits)
        pleats_options_clear(ctx, out);
    return status;
}

pleats_status pleats_options_merged(pleats_ctx *ctx, const pleats_level *units,
                                    const pleats_independence *in_b,
                                    pleats_options *out, bool *fits)
{
    pleats_status status = PLEATS_OK;
    *out = (pleats_options){0};
    *fits = true;
    TRY(pleats_alloc(ctx, (size_t)units->n, sizeof *out->block, &out->block));
    for (pleats_idx i = 0; *fits && i < units->n; i++)
        TRY(fill_class(ctx, units, i, &in_b[i], &out->block[out->n++], fits));
done:
    if (status != PLEATS_OK || !*fits)
        pleats_options_clear(ctx, out);
    return status;
}

void pleats_options_clear(pleats_ctx *ctx, pleats_options *options)
{
    for (pleats_idx i = 0; options->block && i < options->n; i++) {
        pleats_release(ctx, options->block[i].count);
        pleats_integers_free(ctx, options->block[i].weight,
                             options->block[i].n);
    }
    pleats_release(ctx, options->block);
    *options = (pleats_options){0};
}
