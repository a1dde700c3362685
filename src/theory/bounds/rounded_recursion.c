/* The recursion over the rank in numbers that are rounded up, for networks
 * whose exact numbers would not fit: of a layer of units all ranks are worked
 * out in O(ranks), each number in a few words.  A layer's units count as if any
 * set of them were independent. */
#include "theory/bounds/recursion.h"
#include "theory/rounded_up.h"
#include "theory/sums.h"

enum { MOST_RANKS = 1 << 24 };

/* The numbers of ranks 0 .. hi. */
typedef struct {
    int64_t hi;
    pleats_upper *at;
} ranks;

typedef struct {
    pleats_ctx *ctx;
    const pleats_stack *stack;
    const pleats_recursion *how;
} walk;

/* One layer of units: w_j = C(m, j) q^j, sum[j] = w_0 + .. + w_j, j <= most;
 * the rank that it hands on is at most `handed`, less j if it shrinks. */
typedef struct {
    int64_t most, handed;
    bool shrinks;
    pleats_upper *weight, *sum;
} layer;

static pleats_status ranks_new(walk *w, int64_t hi, ranks *out)
{
    *out = (ranks){.hi = hi};
    return pleats_alloc(w->ctx, (size_t)hi + 1, sizeof *out->at, &out->at);
}

static void ranks_clear(walk *w, ranks *r)
{
    pleats_release(w->ctx, r->at);
    *r = (ranks){0};
}

/* That of rank d, or of hi, which then is all that is handed on. */
static pleats_upper at_rank(const ranks *r, int64_t d)
{
    return r->at[pleats_lesser(d, r->hi)];
}

static pleats_status make_weights(walk *w, layer *l, const pleats_item *item)
{
    pleats_status status = PLEATS_OK;
    const size_t n = (size_t)l->most + 1;
    TRY(pleats_alloc(w->ctx, n, sizeof *l->weight, &l->weight));
    TRY(pleats_alloc(w->ctx, n, sizeof *l->sum, &l->sum));
    l->weight[0] = l->sum[0] = pleats_upper_of_int(1);
    for (int64_t j = 1; j <= l->most; j++) {
        const pleats_upper units = pleats_upper_of_int(item->undecided - j + 1);
        const pleats_upper pieces = pleats_upper_of_int(item->pieces - 1);
        l->weight[j] = pleats_upper_over(
            pleats_upper_times(l->weight[j - 1],
                               pleats_upper_times(units, pieces)),
            j);
        l->sum[j] = pleats_upper_plus(l->sum[j - 1], l->weight[j]);
    }
    TRY(pleats_check_work(w->ctx, 64 * n));
done:
    return status;
}

/* Terms up to j = handed - d hand on d; those behind, up to min(d, most), are
 * in `tail`, which grows at both ends as d does.  Without shrinking there is no
 * tail. */
static pleats_status step(walk *w, const layer *l, const ranks *next,
                          ranks *out)
{
    int64_t first = -1, last = -1; /* of the tail; -1: it is empty so far */
    pleats_upper tail = {0, 0};
    for (int64_t d = 0; d <= out->hi; d++) {
        const int64_t to = pleats_lesser(d, l->most);
        int64_t from = l->shrinks ? l->handed - d + 1 : to + 1;
        from = from < 0 ? 0 : from;
        if (from <= to && first < 0)
            first = from, last = from - 1;
        for (; from <= to && first > from; first--)
            tail = pleats_upper_plus(
                tail, pleats_upper_times(l->weight[first - 1],
                                         at_rank(next, l->handed - first + 1)));
        for (; from <= to && last < to; last++)
            tail = pleats_upper_plus(
                tail, pleats_upper_times(l->weight[last + 1],
                                         at_rank(next, l->handed - last - 1)));
        const int64_t head = pleats_lesser(from, to + 1) - 1;
        out->at[d] = tail;
        if (head >= 0)
            out->at[d] = pleats_upper_plus(
                tail,
                pleats_upper_times(l->sum[head],
                                   at_rank(next, pleats_lesser(d, l->handed))));
    }
    return pleats_check_work(w->ctx, 128 * ((size_t)out->hi + 1));
}

static pleats_status follow(walk *w, size_t from, size_t to, ranks *out);

static pleats_status pass_units(walk *w, size_t from, size_t to, ranks *out)
{
    pleats_status status = PLEATS_OK;
    const pleats_item *item = &w->stack->item[from];
    layer l = {.most = pleats_lesser(out->hi, item->undecided),
               .handed = item->undecided + item->passing,
               .shrinks = pleats_item_shrinks(w->how, item)};
    ranks next = {0};
    if (item->keeps_rank || w->how->method == PLEATS_BY_INPUT)
        l.handed = out->hi;
    next.hi = pleats_lesser(out->hi, l.handed);
    TRY(follow(w, from + 1, to, &next));
    TRY(make_weights(w, &l, item));
    TRY(ranks_new(w, out->hi, out));
    TRY(step(w, &l, &next, out));
done:
    ranks_clear(w, &next);
    pleats_release(w->ctx, l.weight);
    pleats_release(w->ctx, l.sum);
    return status;
}

/* A branch multiplies, and hands on the rank that it got. */
static pleats_status pass_skip(walk *w, size_t from, size_t to, ranks *out)
{
    pleats_status status = PLEATS_OK;
    const size_t end = w->stack->item[from].end;
    ranks branch = {.hi = out->hi};
    TRY(follow(w, from + 1, end, &branch));
    TRY(follow(w, end, to, out));
    for (int64_t d = 0; d <= out->hi; d++)
        out->at[d] = pleats_upper_times(out->at[d], branch.at[d]);
done:
    ranks_clear(w, &branch);
    return status;
}

static pleats_status pass_linear(walk *w, size_t from, size_t to, ranks *out)
{
    pleats_status status = PLEATS_OK;
    ranks next = {.hi = pleats_lesser(out->hi, w->stack->item[from].n)};
    TRY(follow(w, from + 1, to, &next));
    TRY(ranks_new(w, out->hi, out));
    for (int64_t d = 0; d <= out->hi; d++)
        out->at[d] = at_rank(&next, d);
done:
    ranks_clear(w, &next);
    return status;
}

/* Fills in `out`, whose hi is given, for the items from .. to - 1. */
static pleats_status follow(walk *w, size_t from, size_t to, ranks *out)
{
    pleats_status status = PLEATS_OK;
    from = pleats_item_next(w->stack, w->how, from, to, out->hi);
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
    TRY(ranks_new(w, out->hi, out));
    for (int64_t d = 0; d <= out->hi; d++)
        out->at[d] = pleats_upper_of_int(1);
done:
    return status;
}

/* Whether the numbers of all ranks can be held, and the result written. */
static bool fits(const pleats_stack *stack)
{
    double bits = 64;
    for (size_t i = 0; i < stack->n_items; i++) {
        const pleats_item *item = &stack->item[i];
        if (item->kind == PLEATS_ITEM_UNITS)
            bits += pleats_zaslavsky_bits(item->undecided, stack->dimension,
                                          item->pieces - 1);
    }
    return bits <= PLEATS_MOST_BITS && stack->dimension <= MOST_RANKS;
}

pleats_status pleats_recursion_round_up(pleats_ctx *ctx,
                                        const pleats_stack *stack,
                                        pleats_recursion *how, mpz_t value)
{
    pleats_status status = PLEATS_OK;
    walk w = {ctx, stack, how};
    ranks all = {.hi = stack->dimension};
    how->is_capped = false;
    how->is_too_large = !fits(stack);
    if (how->is_too_large)
        return PLEATS_OK;
    TRY(follow(&w, 0, stack->n_items, &all));
    pleats_upper_to_integer(value, all.at[all.hi]);
done:
    ranks_clear(&w, &all);
    return status;
}
