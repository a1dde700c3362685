#include "theory/bounds/recursion.h"

#include "exact/integers.h"
#include "theory/bounds/layer_sizes.h"
#include "theory/bounds/pool_weights.h"
#include "theory/sums.h"

/* Numbers for the ranks lo .. hi: at[d - lo]. */
typedef struct {
    int64_t lo, hi;
    mpz_t *at;
} ranks;

typedef struct {
    pleats_ctx *ctx;
    const pleats_stack *stack;
    pleats_recursion *how;
} walk;

/* One layer of units at work. */
typedef struct {
    const pleats_item *item;
    const pleats_item *pool; /* of its outputs, counted with it; or NULL */
    int64_t m, q;
    int64_t handed; /* the rank that it hands on is at most this */
    mpz_t *weight;  /* [most + 1] terms w_j; NULL: C(m, j) q^j */
    int64_t most;   /* min(hi, m) */
} layer;

/* Bits of numbers held at once, steps of a table, and limbs that one layer's
 * terms pass. */
static const double most_bits = 0x1p33, most_table = 2e7, most_limbs = 1e10,
                    most_pool = 4e11, most_mixed = 1e6;

/* Those of rank d; beyond hi, which then is all that is handed on, of hi. */
static mpz_t *at_rank(const ranks *r, int64_t d)
{
    return r->at + (pleats_lesser(d, r->hi) - r->lo);
}

static pleats_status ranks_new(walk *w, int64_t lo, int64_t hi, ranks *out)
{
    *out = (ranks){.lo = lo, .hi = hi};
    return pleats_integers_new(w->ctx, (size_t)(hi - lo + 1), &out->at);
}

static void ranks_clear(walk *w, ranks *r)
{
    pleats_integers_free(w->ctx, r->at, (size_t)(r->hi - r->lo + 1));
}

static pleats_status refuse_size(walk *w)
{
    w->how->is_too_large = true;
    return pleats_fail(w->ctx, PLEATS_LIMIT,
                       "the numbers of this bound would not fit");
}

/* Whether ranks lo .. hi from item `from` on can be held. */
static pleats_status check_size(walk *w, size_t from, int64_t lo, int64_t hi)
{
    double bits = 64;
    for (size_t i = from; i < w->stack->n_items; i++) {
        const pleats_item *item = &w->stack->item[i];
        if (item->kind == PLEATS_ITEM_UNITS)
            bits +=
                pleats_zaslavsky_bits(item->undecided, hi, item->pieces - 1);
    }
    if (bits > PLEATS_MOST_BITS || bits * (double)(hi - lo + 1) > most_bits)
        return refuse_size(w);
    return PLEATS_OK;
}

static pleats_status check_interrupt(walk *w)
{
    return pleats_check_stop(w->ctx);
}

/* Whether some but not all of the breakpoints of a unit lie at flat pieces. */
static bool is_mixed(const walk *w, const pleats_item *item)
{
    return w->how->flats && item->flat > 0 && item->flat < item->pieces - 1 &&
           !item->keeps_rank;
}

/* sum over j <= d of w_j, times what the rank min(d, handed) makes later. */
static pleats_status step_plain(walk *w, const layer *l, const ranks *next,
                                ranks *out)
{
    pleats_status status = PLEATS_OK;
    pleats_term term;
    mpz_t sum;
    if (!l->weight && out->lo == out->hi) {
        pleats_zaslavsky(out->at[0], l->m, l->most, l->q);
        mpz_mul(out->at[0], out->at[0],
                *at_rank(next, pleats_lesser(out->hi, l->handed)));
        return PLEATS_OK;
    }
    mpz_init_set_ui(sum, 0);
    pleats_term_start(&term, l->m, l->q);
    for (int64_t d = 0; d <= out->hi; d++) {
        TRY(check_interrupt(w));
        if (d <= l->most)
            mpz_add(sum, sum, l->weight ? l->weight[d] : term.value);
        if (d < l->most && !l->weight)
            pleats_term_next(&term);
        if (d >= out->lo)
            mpz_mul(*at_rank(out, d), sum,
                    *at_rank(next, pleats_lesser(d, l->handed)));
    }
done:
    pleats_term_end(&term);
    mpz_clear(sum);
    return status;
}

/* head[j] = sum over i < j of w_i, j = 0 .. most + 1. */
static pleats_status sum_heads(walk *w, const layer *l, mpz_t **head)
{
    pleats_status status = PLEATS_OK;
    TRY(pleats_integers_new(w->ctx, (size_t)l->most + 2, head));
    for (int64_t j = 0; j <= l->most; j++)
        mpz_add((*head)[j + 1], (*head)[j], l->weight[j]);
done:
    return status;
}

/* With active counts: term j hands on min(d, handed - j), which is d up to
 * j = handed - d, the head; the terms behind it, up to j = min(d, most), are
 * summed in `tail`, which grows at both ends as d does. */
static pleats_status step_active(walk *w, const layer *l, const ranks *next,
                                 ranks *out)
{
    pleats_status status = PLEATS_OK;
    int64_t first = -1, last = -1; /* of the tail; -1: it is empty so far */
    mpz_t *head = NULL, tail;
    mpz_init_set_ui(tail, 0);
    TRY(sum_heads(w, l, &head));
    for (int64_t d = out->lo; d <= out->hi; d++) {
        TRY(check_interrupt(w));
        int64_t to = pleats_lesser(d, l->most);
        int64_t from = d > l->handed ? 0 : l->handed - d + 1;
        if (from <= to && first < 0)
            first = from, last = from - 1;
        for (; from <= to && first > from; first--)
            mpz_addmul(tail, l->weight[first - 1],
                       *at_rank(next, l->handed - first + 1));
        for (; from <= to && last < to; last++)
            mpz_addmul(tail, l->weight[last + 1],
                       *at_rank(next, l->handed - last - 1));
        mpz_mul(*at_rank(out, d), head[pleats_lesser(from, to + 1)],
                *at_rank(next, pleats_lesser(d, l->handed)));
        mpz_add(*at_rank(out, d), *at_rank(out, d), tail);
    }
done:
    mpz_clear(tail);
    pleats_integers_free(w->ctx, head, (size_t)l->most + 2);
    return status;
}

/* sum over j <= d and k <= j of I_j C(j, k) f^k (q - f)^(j-k) times what the
 * rank min(d, handed - k) makes later; weight[j] is I_j q^j. */
static pleats_status step_mixed(walk *w, const layer *l, const ranks *next,
                                ranks *out)
{
    pleats_status status = PLEATS_OK;
    mpz_t *flat = NULL; /* [most + 1] sums over j for each k */
    mpz_t term, sum;
    mpz_init(term);
    mpz_init(sum);
    TRY(pleats_integers_new(w->ctx, (size_t)l->most + 1, &flat));
    for (int64_t d = 0; d <= out->hi; d++) {
        TRY(check_interrupt(w));
        for (int64_t k = 0; d <= l->most && k <= d; k++) {
            int64_t f = l->item->flat;
            mpz_bin_uiui(term, (unsigned long)d, (unsigned long)k);
            pleats_multiply_power(term, f, k);
            pleats_multiply_power(term, l->q - f, d - k);
            mpz_mul(term, term, l->weight[d]);
            mpz_ui_pow_ui(sum, (unsigned long)l->q, (unsigned long)d);
            mpz_divexact(term, term, sum);
            mpz_add(flat[k], flat[k], term);
        }
        for (int64_t k = 0; d >= out->lo && k <= pleats_lesser(d, l->most); k++)
            mpz_addmul(*at_rank(out, d), flat[k],
                       *at_rank(next, pleats_lesser(d, l->handed - k)));
    }
done:
    mpz_clear(term);
    mpz_clear(sum);
    pleats_integers_free(w->ctx, flat, (size_t)l->most + 1);
    return status;
}

static pleats_status step_histogram(walk *w, const layer *l, const ranks *next,
                                    ranks *out)
{
    pleats_status status = PLEATS_OK;
    pleats_gamma gamma = {0};
    TRY(pleats_gamma_make(w->ctx, w->how->histogram, l->m, l->most, &gamma));
    for (int64_t d = out->lo; d <= out->hi; d++) {
        TRY(check_interrupt(w));
        mpz_t *row = gamma.at + pleats_lesser(d, l->m) * (l->m + 1);
        for (int64_t i = 0; i <= l->m; i++)
            if (mpz_sgn(row[i]) != 0)
                mpz_addmul(
                    *at_rank(out, d), row[i],
                    *at_rank(next, pleats_lesser(d, l->handed - l->m + i)));
    }
done:
    pleats_gamma_clear(w->ctx, &gamma);
    return status;
}

/* With the joint patterns of the pool's windows: the sets of j units, each with
 * its patterns, and independent sets with as many as there can be, whichever
 * is less.  [docs/theory.md 4.4] */
static pleats_status multiply_patterns(walk *w, layer *l)
{
    pleats_status status = PLEATS_OK;
    mpz_t *all = NULL, patterns;
    double bits = 0;
    mpz_init(patterns);
    pleats_pool_patterns(&l->pool->conv, &bits, NULL);
    bits += pleats_zaslavsky_bits(l->m, l->most, l->q);
    if (bits > PLEATS_MOST_BITS || bits * (double)l->most > most_bits ||
        bits * (double)l->most * (double)l->most > most_pool)
        TRY(refuse_size(w));
    TRY(pleats_pool_weights(w->ctx, &l->pool->conv, l->q, l->most, &all));
    pleats_pool_patterns(&l->pool->conv, &bits, patterns);
    for (int64_t j = 0; j <= l->most; j++) {
        mpz_mul(l->weight[j], l->weight[j], patterns);
        if (mpz_cmp(all[j], l->weight[j]) < 0)
            mpz_swap(all[j], l->weight[j]);
    }
done:
    mpz_clear(patterns);
    pleats_integers_free(w->ctx, all, (size_t)l->most + 1);
    return status;
}

/* The weights w_j as a list, from the layer's geometry or binomials. */
static pleats_status make_weights(walk *w, layer *l)
{
    pleats_status status = PLEATS_OK;
    pleats_independence sizes = {0};
    bool is_capped = false;
    double bits = pleats_zaslavsky_bits(l->m, l->most, l->q);
    if (bits * (double)l->most > most_bits)
        TRY(refuse_size(w));
    if (w->how->method == PLEATS_BY_MATROID && !l->item->is_max) {
        TRY(pleats_layer_sizes(w->ctx, l->item, l->most, false, &sizes,
                               &is_capped));
        w->how->is_capped |= is_capped;
        l->weight = sizes.at;
    } else {
        pleats_term term;
        TRY(pleats_integers_new(w->ctx, (size_t)l->most + 1, &l->weight));
        pleats_term_start(&term, l->m, 1);
        for (int64_t j = 0; j <= l->most; j++) {
            mpz_set(l->weight[j], term.value);
            pleats_term_next(&term);
        }
        pleats_term_end(&term);
    }
    mpz_t power;
    mpz_init_set_ui(power, 1);
    for (int64_t j = 0; l->q > 1 && j <= l->most; j++) {
        mpz_mul(l->weight[j], l->weight[j], power);
        mpz_mul_ui(power, power, (unsigned long)l->q);
    }
    mpz_clear(power);
    if (l->pool)
        TRY(multiply_patterns(w, l));
done:
    return status;
}

static pleats_status follow(walk *w, size_t from, size_t to, ranks *out);

/* The largest j of item `from` when it gets ranks up to hi. */
static int64_t most_of(const walk *w, size_t from, int64_t hi)
{
    const pleats_item *item = &w->stack->item[from];
    int64_t most = pleats_lesser(hi, item->undecided);
    if (w->how->linear == PLEATS_LINEAR_CUTS && from > 0 &&
        item[-1].kind == PLEATS_ITEM_LINEAR)
        most = pleats_lesser(most, item[-1].n);
    return most;
}

/* How ranks lo .. hi pass one layer of units. */
static pleats_status pass_units(walk *w, size_t from, size_t to, ranks *out)
{
    pleats_status status = PLEATS_OK;
    const pleats_item *item = &w->stack->item[from];
    layer l = {.item = item,
               .m = item->undecided,
               .q = item->pieces - 1,
               .handed = item->undecided + item->passing,
               .most = most_of(w, from, out->hi)};
    ranks next = {0};
    if (w->how->pools && from + 1 < to && item[1].pools_flat &&
        item->flat == l.q && !item->keeps_rank)
        l.pool = item + 1;
    bool is_mixed_item =
        is_mixed(w, item) && (double)l.most * (double)out->hi < most_mixed;
    bool is_active =
        pleats_item_shrinks(w->how, item) && l.handed - l.most < out->hi;
    bool is_table = pleats_item_shrinks(w->how, item) &&
                    w->how->method == PLEATS_BY_HISTOGRAM && l.m < 3 * out->hi;
    if (pleats_zaslavsky_bits(l.m, l.most, l.q) * (double)l.most / 64 >
        most_limbs)
        TRY(refuse_size(w));
    if (item->keeps_rank || w->how->method == PLEATS_BY_INPUT)
        l.handed = out->hi;
    if (is_table && (double)l.most * (double)l.m * (double)l.m > most_table) {
        w->how->is_capped = true;
        is_table = false;
    }
    next.lo =
        pleats_lesser(out->lo, is_table                     ? item->passing
                               : is_active || is_mixed_item ? l.handed - l.most
                                                            : l.handed);
    next.hi = pleats_lesser(out->hi, l.handed);
    if (l.pool) {
        next.hi = pleats_lesser(next.hi, l.pool->n);
        next.lo = pleats_lesser(next.lo, next.hi);
    }
    TRY(follow(w, l.pool ? from + 2 : from + 1, to, &next));
    TRY(ranks_new(w, out->lo, out->hi, out));
    if ((is_active && !is_table) || is_mixed_item ||
        w->how->method == PLEATS_BY_MATROID)
        TRY(make_weights(w, &l));
    if (is_table)
        TRY(step_histogram(w, &l, &next, out));
    else if (is_mixed_item)
        TRY(step_mixed(w, &l, &next, out));
    else if (is_active)
        TRY(step_active(w, &l, &next, out));
    else
        TRY(step_plain(w, &l, &next, out));
done:
    pleats_integers_free(w->ctx, l.weight, (size_t)l.most + 1);
    ranks_clear(w, &next);
    return status;
}

/* A branch multiplies, and hands on the rank that it got. */
static pleats_status pass_skip(walk *w, size_t from, size_t to, ranks *out)
{
    pleats_status status = PLEATS_OK;
    ranks branch = {.lo = out->lo, .hi = out->hi};
    size_t end = w->stack->item[from].end;
    TRY(follow(w, from + 1, end, &branch));
    TRY(follow(w, end, to, out));
    for (int64_t d = out->lo; d <= out->hi; d++)
        mpz_mul(*at_rank(out, d), *at_rank(out, d), *at_rank(&branch, d));
done:
    ranks_clear(w, &branch);
    return status;
}

static pleats_status pass_linear(walk *w, size_t from, size_t to, ranks *out)
{
    pleats_status status = PLEATS_OK;
    int64_t rank = w->stack->item[from].n;
    ranks next = {.lo = pleats_lesser(out->lo, rank),
                  .hi = pleats_lesser(out->hi, rank)};
    TRY(follow(w, from + 1, to, &next));
    TRY(ranks_new(w, out->lo, out->hi, out));
    for (int64_t d = out->lo; d <= out->hi; d++)
        mpz_set(*at_rank(out, d), *at_rank(&next, pleats_lesser(d, rank)));
done:
    ranks_clear(w, &next);
    return status;
}

/* Fills in `out`, whose lo and hi are given, for the items from .. to - 1. */
static pleats_status follow(walk *w, size_t from, size_t to, ranks *out)
{
    pleats_status status = PLEATS_OK;
    from = pleats_item_next(w->stack, w->how, from, to, out->hi);
    TRY(check_size(w, from, out->lo, out->hi));
    if (from < to) {
        switch (w->stack->item[from].kind) {
        case PLEATS_ITEM_UNITS:
            return pass_units(w, from, to, out);
        case PLEATS_ITEM_LINEAR:
            return pass_linear(w, from, to, out);
        case PLEATS_ITEM_SKIP:
            return pass_skip(w, from, to, out);
        }
    }
    TRY(ranks_new(w, out->lo, out->hi, out));
    for (int64_t d = out->lo; d <= out->hi; d++)
        mpz_set_ui(*at_rank(out, d), 1);
done:
    return status;
}

pleats_status pleats_recursion_run(pleats_ctx *ctx, const pleats_stack *stack,
                                   pleats_recursion *how, mpz_t value)
{
    pleats_status status = PLEATS_OK;
    walk w = {ctx, stack, how};
    ranks all = {.lo = stack->dimension, .hi = stack->dimension};
    how->is_too_large = how->is_capped = false;
    TRY(follow(&w, 0, stack->n_items, &all));
    mpz_set(value, all.at[0]);
done:
    ranks_clear(&w, &all);
    return status;
}
