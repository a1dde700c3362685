#include "theory/layer/orders.h"

#include "exact/integers.h"
#include "theory/bounds/valued.h"
#include "theory/windows.h"

enum { MOST_CELLS = 30, MOST_SETS = 1 << 22, MOST_STEPS = 100000000 };

typedef struct {
    pleats_ctx *ctx;
    size_t n_windows;
    uint64_t *window;   /* [n_windows] sets of cells */
    pleats_valued seen; /* sets of cells */
    uint64_t steps;
} orders;

static pleats_status count_orders(orders *o, uint64_t cells, mpz_t out);

/* Cells that some window inside `cells` has, and those of the component of the
 * lowest one. */
static uint64_t find_component(const orders *o, uint64_t cells, uint64_t *all)
{
    uint64_t component = 0, before = 0;
    *all = 0;
    for (size_t i = 0; i < o->n_windows; i++)
        if ((o->window[i] & ~cells) == 0)
            *all |= o->window[i];
    component = *all & -*all;
    while (component != before) {
        before = component;
        for (size_t i = 0; i < o->n_windows; i++)
            if ((o->window[i] & ~cells) == 0 && (o->window[i] & component))
                component |= o->window[i];
    }
    return component;
}

/* sum over the sets S of `from` and later cells, together with `chosen`, of
 * which no window has two, of (-1)^(#S + 1) times the number for the cells
 * without S: S holds the largest values, and windows that meet it are settled.
 */
static pleats_status sum_over(orders *o, uint64_t cells, uint64_t chosen,
                              uint64_t open, int sign, mpz_t sum)
{
    pleats_status status = PLEATS_OK;
    mpz_t later;
    mpz_init(later);
    while (open) {
        const uint64_t cell = open & -open;
        uint64_t beside = 0;
        open ^= cell;
        if (++o->steps > MOST_STEPS)
            TRY(pleats_fail(o->ctx, PLEATS_LIMIT, "too many orders"));
        TRY(pleats_check_work(o->ctx, 50));
        for (size_t i = 0; i < o->n_windows; i++)
            if ((o->window[i] & ~cells) == 0 && (o->window[i] & cell))
                beside |= o->window[i];
        TRY(count_orders(o, cells & ~(chosen | cell), later));
        if (sign > 0)
            mpz_add(sum, sum, later);
        else
            mpz_sub(sum, sum, later);
        TRY(sum_over(o, cells, chosen | cell, open & ~beside, -sign, sum));
    }
done:
    mpz_clear(later);
    return status;
}

/* The number for a connected set of cells all of which are in windows. */
static pleats_status count_connected(orders *o, uint64_t cells, mpz_t out)
{
    pleats_status status = PLEATS_OK;
    size_t at = 0;
    bool is_new = false;
    mpz_t sum;
    mpz_init(sum);
    TRY(pleats_valued_find(o->ctx, &o->seen, &cells, MOST_SETS, &at, &is_new));
    if (is_new) {
        TRY(sum_over(o, cells, 0, cells, 1, sum));
        mpz_swap(o->seen.value[at], sum);
    }
    mpz_set(out, o->seen.value[at]);
done:
    mpz_clear(sum);
    return status;
}

static pleats_status count_orders(orders *o, uint64_t cells, mpz_t out)
{
    pleats_status status = PLEATS_OK;
    uint64_t all = 0;
    mpz_t part;
    mpz_init(part);
    mpz_set_ui(out, 1);
    for (;;) {
        const uint64_t component = find_component(o, cells, &all);
        if (component == 0)
            break;
        TRY(count_connected(o, component, part));
        mpz_mul(out, out, part);
        cells = all & ~component;
    }
done:
    mpz_clear(part);
    return status;
}

static pleats_status read_windows(orders *o, const pleats_conv_layer *pool,
                                  bool *fits)
{
    pleats_status status = PLEATS_OK;
    pleats_conv_layer one = *pool;
    pleats_taps taps = {0};
    one.in.channels = one.conv.filters = one.conv.groups = 1;
    one.pieces = 2;
    *fits = pleats_shape_count(&one.in) <= MOST_CELLS;
    if (!*fits)
        return PLEATS_OK;
    TRY(pleats_taps_init(o->ctx, &taps, &one, false));
    TRY(pleats_alloc(o->ctx, (size_t)taps.n_positions, sizeof *o->window,
                     &o->window));
    for (pleats_idx p = 0; p < taps.n_positions; p++) {
        const uint64_t window = pleats_taps_set(&taps, p);
        if (__builtin_popcountll(window) > 1)
            o->window[o->n_windows++] = window;
    }
done:
    pleats_taps_clear(o->ctx, &taps);
    return status;
}

pleats_status pleats_pool_orders(pleats_ctx *ctx, const pleats_conv_layer *pool,
                                 mpz_t value, bool *fits)
{
    pleats_status status = PLEATS_OK;
    orders o = {.ctx = ctx, .seen.sets.n_words = 1};
    TRY(read_windows(&o, pool, fits));
    if (!*fits)
        goto done;
    TRY(count_orders(
        &o,
        ((uint64_t)1 << pleats_shape_count(&pool->in) / pool->in.channels) - 1,
        value));
    mpz_pow_ui(value, value, (unsigned long)pool->in.channels);
done:
    if (pleats_is_too_large(ctx, status)) {
        status = PLEATS_OK;
        *fits = false;
    }
    pleats_release(ctx, o.window);
    pleats_valued_clear(ctx, &o.seen);
    return status;
}
