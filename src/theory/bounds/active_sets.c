#include "theory/bounds/active_sets.h"

#include "exact/integers.h"
#include "theory/bounds/maxima.h"
#include "theory/bounds/options.h"
#include "theory/bounds/rank_table.h"
#include "theory/bounds/strips.h"
#include "theory/bounds/valued.h"

#include <math.h>
#include <string.h>

/* States of a level that are kept; strips of a level. */
enum { MOST_STATES = 1 << 20, MOST_STRIPS = 8 };

/* What is known of a level. */
typedef struct {
    pleats_options options; /* UNITS */
    pleats_valued states;   /* tables of ranks that were met */
    uint16_t *full;         /* ranks with all units active */
    bool is_coarse;         /* only the rank of all counts of what is before */
    size_t n_ranks;         /* entries of a table */
} level_work;

typedef struct {
    pleats_ctx *ctx;
    pleats_linkage linkage;
    level_work *work;  /* [linkage.n] */
    int64_t dimension; /* of what is counted on: no rank is above it */
    uint64_t steps, budget;
    const pleats_linkage *fine; /* what was merged into strips, or NULL */
    pleats_idx parts;
} sum;

static const pleats_level *level_at(const sum *s, size_t l)
{
    return &s->linkage.level[l];
}

/* PLEATS_LIMIT beyond the budget. */
static pleats_status spend(sum *s, uint64_t steps)
{
    s->steps += steps;
    if (s->steps > s->budget)
        return pleats_fail(s->ctx, PLEATS_LIMIT,
                           "the sum over sets of active units is beyond the "
                           "budget");
    return pleats_check_work(s->ctx, steps);
}

/* Steps that a table of level l takes to be made. */
static uint64_t cost_of(const sum *s, size_t l)
{
    return (uint64_t)s->work[l].n_ranks * (uint64_t)level_at(s, l)->n + 20;
}

/* The table of level l from `ranks` of the level that it reads, in which no
 * class has more than its scalars. */
static void induce(const sum *s, size_t l, const uint16_t *ranks, uint16_t *to)
{
    const pleats_level *level = level_at(s, l);
    const level_work *w = &s->work[l];
    const bool is_line = s->linkage.is_line;
    pleats_rank_induce(is_line, level, level_at(s, level->from)->n, ranks, to);
    if (w->is_coarse && w->full) {
        uint16_t all = pleats_rank_of_all(is_line, level->n, to);
        for (size_t i = 0; i < w->n_ranks; i++)
            to[i] = w->full[i] < all ? w->full[i] : all;
    }
    pleats_rank_truncate(is_line, level->n, level->size, to);
}

static pleats_status evaluate(sum *s, size_t l, size_t stop,
                              const uint16_t *ranks, mpz_t out);

/* What levels l .. stop - 1 make, level l reading these ranks. */
static pleats_status pass(sum *s, size_t l, size_t stop, const uint16_t *ranks,
                          mpz_t out)
{
    pleats_status status = PLEATS_OK;
    uint16_t *to = NULL;
    if (l == stop) {
        mpz_set_ui(out, 1);
        return PLEATS_OK;
    }
    TRY(spend(s, cost_of(s, l)));
    TRY(pleats_alloc(s->ctx, s->work[l].n_ranks, sizeof *to, &to));
    induce(s, l, ranks, to);
    TRY(evaluate(s, l, stop, to, out));
done:
    pleats_release(s->ctx, to);
    return status;
}

/* ---- units ---- */

/* A choice of options on its way through the blocks of a level. */
typedef struct {
    size_t level, stop;
    const uint16_t *ranks;
    int64_t active[PLEATS_MOST_CLASSES], live[PLEATS_MOST_CLASSES];
    int64_t before[PLEATS_MOST_CLASSES + 1]; /* line: sums of B's counts */
    pleats_idx n_chosen;
    uint64_t *set;  /* else: the sets of the classes chosen so far .. */
    int64_t *count; /* .. and B's counts in them */
    mpz_t *product; /* [blocks + 1] weights of the first blocks */
    mpz_t sum;
} choice;

/* Adds class i with t units in B; whether B can still be linked. */
static bool choose(const sum *s, choice *c, pleats_idx i, int64_t t)
{
    const pleats_idx n = level_at(s, c->level)->n, k = c->n_chosen++;
    if (s->linkage.is_line) {
        c->before[i + 1] = c->before[i] + t;
        for (pleats_idx j = 0; j <= i; j++)
            if (c->before[i + 1] - c->before[j] > c->ranks[j * n + i])
                return false;
        return true;
    }
    const size_t half = (size_t)1 << k;
    for (size_t j = 0; j < half; j++) {
        c->set[half + j] = c->set[j] | (uint64_t)1 << i;
        c->count[half + j] = c->count[j] + t;
        if (c->count[half + j] > c->ranks[c->set[half + j]])
            return false;
    }
    return true;
}

/* The ranks behind the units, and a pool, whose options have been chosen. */
static pleats_status finish(sum *s, choice *c, mpz_t out)
{
    pleats_status status = PLEATS_OK;
    const bool is_line = s->linkage.is_line;
    size_t l = c->level;
    uint16_t *left = NULL, *pooled = NULL;
    if (l + 1 == c->stop) {
        mpz_set_ui(out, 1);
        return PLEATS_OK;
    }
    TRY(spend(s, cost_of(s, l)));
    TRY(pleats_alloc(s->ctx, s->work[l].n_ranks, sizeof *left, &left));
    memcpy(left, c->ranks, s->work[l].n_ranks * sizeof *left);
    pleats_rank_truncate(is_line, level_at(s, l)->n, c->active, left);
    if (level_at(s, l + 1)->kind == PLEATS_LEVEL_POOL) {
        l++;
        TRY(spend(s, cost_of(s, l)));
        TRY(pleats_alloc(s->ctx, s->work[l].n_ranks, sizeof *pooled, &pooled));
        pleats_rank_induce(is_line, level_at(s, l), level_at(s, l - 1)->n, left,
                           pooled);
        pleats_rank_truncate(is_line, level_at(s, l)->n, c->live, pooled);
    }
    TRY(pass(s, l + 1, c->stop, pooled ? pooled : left, out));
done:
    pleats_release(s->ctx, left);
    pleats_release(s->ctx, pooled);
    return status;
}

/* Sums over the options of blocks b and on. */
static pleats_status choose_block(sum *s, choice *c, pleats_idx b)
{
    pleats_status status = PLEATS_OK;
    const pleats_options *all = &s->work[c->level].options;
    const pleats_block *block = &all->block[b];
    const pleats_idx chosen = c->n_chosen;
    mpz_t later;
    mpz_init(later);
    if (b == all->n) {
        TRY(finish(s, c, later));
        mpz_addmul(c->sum, c->product[b], later);
        goto done;
    }
    for (size_t i = 0; i < block->n; i++) {
        const size_t n_units = (size_t)block->n_units;
        const size_t width = 2 * n_units + (size_t)block->n_pools;
        const int32_t *count = block->count + i * width;
        bool links = true;
        c->n_chosen = chosen;
        TRY(spend(s, s->linkage.is_line ? 30 : (uint64_t)2 << chosen));
        for (size_t k = 0; links && k < n_units; k++) {
            links = choose(s, c, block->unit[k], count[2 * k]);
            c->active[block->unit[k]] = count[2 * k + 1];
        }
        for (pleats_idx k = 0; links && k < block->n_pools; k++)
            c->live[block->pool[k]] = count[2 * n_units + (size_t)k];
        if (!links)
            continue;
        mpz_mul(c->product[b + 1], c->product[b], block->weight[i]);
        TRY(choose_block(s, c, b + 1));
    }
done:
    mpz_clear(later);
    return status;
}

static pleats_status sum_units(sum *s, size_t l, size_t stop,
                               const uint16_t *ranks, mpz_t out)
{
    pleats_status status = PLEATS_OK;
    const size_t n_products = (size_t)s->work[l].options.n + 1;
    const size_t n_sets = s->linkage.is_line ? 1 : s->work[l].n_ranks;
    choice c = {.level = l, .stop = stop, .ranks = ranks};
    mpz_init(c.sum);
    TRY(pleats_integers_new(s->ctx, n_products, &c.product));
    TRY(pleats_alloc(s->ctx, n_sets, sizeof *c.set, &c.set));
    TRY(pleats_alloc(s->ctx, n_sets, sizeof *c.count, &c.count));
    mpz_set_ui(c.product[0], 1);
    TRY(choose_block(s, &c, 0));
    mpz_set(out, c.sum);
done:
    pleats_integers_free(s->ctx, c.product, n_products);
    pleats_release(s->ctx, c.set);
    pleats_release(s->ctx, c.count);
    mpz_clear(c.sum);
    return status;
}

/* ---- other levels ---- */

static pleats_status sum_level(sum *s, size_t l, size_t stop,
                               const uint16_t *ranks, mpz_t out)
{
    pleats_status status = PLEATS_OK;
    const pleats_level *level = level_at(s, l);
    mpz_t own;
    mpz_init_set_ui(own, 1);
    if (level->kind == PLEATS_LEVEL_UNITS) {
        TRY(sum_units(s, l, stop, ranks, out));
        goto done;
    }
    if (level->kind == PLEATS_LEVEL_MAX)
        pleats_maxima_patterns(level, s->linkage.is_line, ranks, own);
    if (level->kind == PLEATS_LEVEL_SKIP) {
        TRY(pass(s, l + 1, level->end, ranks, own));
        TRY(pass(s, level->end, stop, ranks, out));
    } else {
        TRY(pass(s, l + 1, stop, ranks, out));
    }
    mpz_mul(out, out, own);
done:
    mpz_clear(own);
    return status;
}

/* The place of a state, made if it is new. */
static pleats_status find_state(sum *s, size_t l, const uint16_t *ranks,
                                size_t *at, bool *is_new)
{
    pleats_status status = PLEATS_OK;
    level_work *w = &s->work[l];
    uint64_t *key = NULL;
    TRY(pleats_alloc(s->ctx, w->states.sets.n_words, sizeof *key, &key));
    memcpy(key, ranks, w->n_ranks * sizeof *ranks);
    TRY(pleats_valued_find(s->ctx, &w->states, key, MOST_STATES, at, is_new));
done:
    pleats_release(s->ctx, key);
    return status;
}

/* What levels l .. stop - 1 make of a region on which level l has these ranks.
 */
static pleats_status evaluate(sum *s, size_t l, size_t stop,
                              const uint16_t *ranks, mpz_t out)
{
    pleats_status status = PLEATS_OK;
    size_t at = 0;
    bool is_new = false;
    TRY(find_state(s, l, ranks, &at, &is_new));
    if (is_new) {
        TRY(sum_level(s, l, stop, ranks, out));
        mpz_set(s->work[l].states.value[at], out);
    } else {
        mpz_set(out, s->work[l].states.value[at]);
    }
done:
    return status;
}

/* ---- forms ---- */

static void forget(sum *s)
{
    for (size_t l = 0; l < s->linkage.n; l++)
        pleats_valued_clear(s->ctx, &s->work[l].states);
}

static void sum_clear(sum *s)
{
    if (s->work)
        forget(s);
    for (size_t l = 0; s->work && l < s->linkage.n; l++) {
        pleats_release(s->ctx, s->work[l].full);
        pleats_options_clear(s->ctx, &s->work[l].options);
    }
    pleats_release(s->ctx, s->work);
    pleats_linkage_clear(s->ctx, &s->linkage);
}

/* Ranks of all levels with all units active. */
static pleats_status find_full(sum *s)
{
    pleats_status status = PLEATS_OK;
    const bool is_line = s->linkage.is_line;
    for (size_t l = 0; l < s->linkage.n; l++) {
        const pleats_level *level = level_at(s, l);
        uint16_t *full = NULL;
        TRY(pleats_alloc(s->ctx, s->work[l].n_ranks, sizeof *full, &full));
        if (l == 0)
            pleats_rank_start(is_line, level, full);
        else
            induce(s, l, s->work[level->from].full, full);
        for (size_t i = 0; l == 0 && i < s->work[l].n_ranks; i++)
            full[i] = s->dimension < full[i] ? (uint16_t)s->dimension : full[i];
        s->work[l].full = full;
    }
done:
    return status;
}

static pleats_status make_options(sum *s, size_t l, pleats_options *out,
                                  bool *fits)
{
    const pleats_level *level = level_at(s, l);
    const bool has_pool =
        l + 1 < s->linkage.n && level[1].kind == PLEATS_LEVEL_POOL;
    if (s->fine)
        return pleats_strip_options(s->ctx, s->fine, &s->linkage, l, s->parts,
                                    out, fits);
    return pleats_options_make(s->ctx, level, has_pool ? level + 1 : NULL, out,
                               fits);
}

/* Options and tables; *fits is false when they are too large, or when even one
 * state of a level would be beyond the budget. */
static pleats_status prepare(sum *s, bool *fits)
{
    pleats_status status = PLEATS_OK;
    const pleats_linkage *all = &s->linkage;
    TRY(pleats_alloc(s->ctx, all->n, sizeof *s->work, &s->work));
    for (size_t l = 0; *fits && l < all->n; l++) {
        const pleats_level *level = &all->level[l];
        level_work *w = &s->work[l];
        *fits = all->is_line || level->n <= PLEATS_MOST_SUBSET_CLASSES;
        if (!*fits)
            break;
        w->n_ranks = pleats_rank_entries(all->is_line, level->n);
        w->states.sets.n_words = (w->n_ranks * sizeof(uint16_t) + 7) / 8;
        if (level->kind != PLEATS_LEVEL_UNITS)
            continue;
        TRY(make_options(s, l, &w->options, fits));
        double choices = 0;
        for (pleats_idx b = 0; *fits && b < w->options.n; b++)
            choices += log2((double)w->options.block[b].n);
        *fits = *fits && choices < log2((double)s->budget);
    }
done:
    return status;
}

/* Layers of units that begin a pair: those of the same parity. */
static void set_coarse(sum *s, int parity)
{
    int seen = 0;
    for (size_t l = 1; l < s->linkage.n; l++)
        if (level_at(s, l)->kind == PLEATS_LEVEL_UNITS)
            s->work[l].is_coarse = seen > 0 && seen % 2 == parity, seen++;
}

static pleats_status run(sum *s, mpz_t value, bool *is_done)
{
    pleats_status status = PLEATS_OK;
    *is_done = false;
    forget(s);
    status = pass(s, 1, s->linkage.n, s->work[0].full, value);
    *is_done = status == PLEATS_OK;
    if (pleats_is_too_large(s->ctx, status))
        status = PLEATS_OK;
    return status;
}

static pleats_status run_pairs(sum *s, mpz_t value, pleats_sets_form *form)
{
    pleats_status status = PLEATS_OK;
    bool is_done = false;
    mpz_t other;
    mpz_init(other);
    for (int parity = 0; parity < 2; parity++) {
        set_coarse(s, parity);
        TRY(run(s, other, &is_done));
        if (!is_done)
            continue;
        if (*form == PLEATS_SETS_NONE || mpz_cmp(other, value) < 0)
            mpz_set(value, other);
        *form = PLEATS_SETS_PAIRS;
    }
done:
    mpz_clear(other);
    return status;
}

/* All of the sum, or else pairs of layers, each within the budget. */
static pleats_status run_forms(sum *s, mpz_t value, pleats_sets_form *form)
{
    pleats_status status = PLEATS_OK;
    bool is_done = false;
    TRY(find_full(s));
    s->steps = 0;
    TRY(run(s, value, &is_done));
    s->steps = 0;
    if (is_done)
        *form = PLEATS_SETS_ALL;
    else
        TRY(run_pairs(s, value, form));
done:
    return status;
}

/* Strips: the more the better, as far as the budget goes. */
static pleats_status run_strips(const sum *fine, mpz_t value,
                                pleats_sets_form *form)
{
    pleats_status status = PLEATS_OK;
    pleats_ctx *ctx = fine->ctx;
    sum s = {.ctx = ctx,
             .fine = &fine->linkage,
             .dimension = fine->dimension,
             .budget = fine->budget / MOST_STRIPS};
    for (s.parts = MOST_STRIPS; *form == PLEATS_SETS_NONE && s.parts >= 2;
         s.parts--) {
        bool fits = false;
        TRY(pleats_linkage_merge(ctx, s.fine, s.parts, &s.linkage, &fits));
        if (fits)
            TRY(prepare(&s, &fits));
        if (fits)
            TRY(run_forms(&s, value, form));
        sum_clear(&s);
        s.work = NULL;
    }
    if (*form != PLEATS_SETS_NONE)
        *form = PLEATS_SETS_STRIPS;
done:
    sum_clear(&s);
    return status;
}

pleats_status pleats_active_sets(pleats_ctx *ctx, const pleats_spec *spec,
                                 int64_t dimension, uint64_t budget,
                                 mpz_t value, pleats_sets_form *form)
{
    pleats_status status = PLEATS_OK;
    sum s = {.ctx = ctx, .dimension = dimension, .budget = budget};
    bool fits = false, is_known = false;
    *form = PLEATS_SETS_NONE;
    for (int merges = 0; !fits && merges < 2; merges++) {
        sum_clear(&s);
        s.work = NULL;
        TRY(pleats_linkage_of_spec(ctx, spec, merges, &s.linkage, &is_known));
        fits = is_known && pleats_shape_count(&spec->input) < PLEATS_MOST_RANK;
        if (fits)
            TRY(prepare(&s, &fits));
    }
    if (fits)
        TRY(run_forms(&s, value, form));
    if (*form == PLEATS_SETS_NONE && is_known &&
        pleats_shape_count(&spec->input) < PLEATS_MOST_RANK)
        TRY(run_strips(&s, value, form));
done:
    sum_clear(&s);
    return status;
}
