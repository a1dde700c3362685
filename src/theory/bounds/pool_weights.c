#include "theory/bounds/pool_weights.h"

#include "exact/integers.h"
#include "theory/windows.h"

#include <math.h>

/* Windows of one channel: how many of a size, those that are pairwise disjoint
 * and the others; one entry a size. */
typedef struct {
    int64_t size, n_disjoint, n_others;
} window_class;

typedef struct {
    size_t n, capacity;
    window_class *at;
    int64_t n_uncovered; /* cells in no disjoint window */
} window_classes;

static pleats_status count_window(pleats_ctx *ctx, window_classes *all,
                                  int64_t size, bool is_disjoint, int64_t n)
{
    pleats_status status = PLEATS_OK;
    size_t i = 0;
    while (i < all->n && all->at[i].size != size)
        i++;
    if (i == all->n) {
        TRY(pleats_grow(ctx, &all->at, &all->capacity, all->n + 1,
                        sizeof *all->at));
        all->at[all->n++] = (window_class){.size = size};
    }
    *(is_disjoint ? &all->at[i].n_disjoint : &all->at[i].n_others) += n;
done:
    return status;
}

/* The windows along one axis by their width; greedily from the left, those
 * that begin behind the last one taken are disjoint. */
static pleats_status count_axis(pleats_ctx *ctx, const pleats_conv_layer *pool,
                                pleats_idx d, window_classes *axis)
{
    pleats_status status = PLEATS_OK;
    int64_t end = 0;
    for (int64_t i = 0; i < pleats_layer_outputs(pool, d); i++) {
        int64_t from = 0, width = pleats_window_width(pool, d, i, &from);
        bool is_disjoint = from >= end && width > 0;
        end = is_disjoint ? from + width : end;
        TRY(count_window(ctx, axis, width, is_disjoint, 1));
    }
done:
    return status;
}

/* Sizes multiply over the axes, and windows are disjoint when they are so
 * along every axis. */
static pleats_status multiply_axis(pleats_ctx *ctx, window_classes *all,
                                   const window_classes *axis)
{
    pleats_status status = PLEATS_OK;
    window_classes next = {0};
    for (size_t i = 0; i < all->n; i++)
        for (size_t k = 0; k < axis->n; k++) {
            window_class a = all->at[i], b = axis->at[k];
            int64_t both = a.n_disjoint * b.n_disjoint;
            int64_t every =
                (a.n_disjoint + a.n_others) * (b.n_disjoint + b.n_others);
            TRY(count_window(ctx, &next, a.size * b.size, true, both));
            TRY(count_window(ctx, &next, a.size * b.size, false, every - both));
        }
    pleats_release(ctx, all->at);
    *all = next;
    return PLEATS_OK;
done:
    pleats_release(ctx, next.at);
    return status;
}

static pleats_status classify(pleats_ctx *ctx, const pleats_conv_layer *pool,
                              window_classes *all)
{
    pleats_status status = PLEATS_OK;
    window_classes axis = {0};
    int64_t cells = 1;
    TRY(count_window(ctx, all, 1, true, 1));
    for (pleats_idx d = 0; d < pool->in.n_spatial; d++) {
        axis = (window_classes){0};
        TRY(count_axis(ctx, pool, d, &axis));
        TRY(multiply_axis(ctx, all, &axis));
        pleats_release(ctx, axis.at);
        axis.at = NULL;
        cells *= pool->in.size[d];
    }
    all->n_uncovered = cells;
    for (size_t i = 0; i < all->n; i++)
        all->n_uncovered -= all->at[i].n_disjoint * all->at[i].size;
done:
    pleats_release(ctx, axis.at);
    return status;
}

/* ---- polynomials in y, the inactive units, up to y^most ---- */

/* a = y^k f^k + sum over i < k of C(k, i) (k - i) (f y)^i. */
static pleats_status make_window(pleats_ctx *ctx, int64_t k, int64_t f,
                                 mpz_t **a)
{
    pleats_status status = PLEATS_OK;
    mpz_t power;
    mpz_init_set_ui(power, 1);
    TRY(pleats_integers_new(ctx, (size_t)k + 1, a));
    for (int64_t i = 0; i <= k; i++) {
        mpz_bin_uiui((*a)[i], (unsigned long)k, (unsigned long)i);
        mpz_mul((*a)[i], (*a)[i], power);
        if (i < k)
            mpz_mul_si((*a)[i], (*a)[i], k - i);
        mpz_mul_si(power, power, f);
    }
done:
    mpz_clear(power);
    return status;
}

/* c = a^n of degree `most`, a[0] > 0, by
 * i a_0 c_i = sum over t = 1 .. min(i, k) of (n t - i + t) a_t c_{i-t}. */
static pleats_status raise(pleats_ctx *ctx, mpz_t *a, int64_t k, int64_t n,
                           int64_t most, mpz_t *c)
{
    pleats_status status = PLEATS_OK;
    mpz_t term;
    mpz_init(term);
    mpz_pow_ui(c[0], a[0], (unsigned long)n);
    for (int64_t i = 1; i <= most; i++) {
        TRY(pleats_check_stop(ctx));
        mpz_set_ui(c[i], 0);
        for (int64_t t = 1; t <= i && t <= k; t++) {
            mpz_mul(term, a[t], c[i - t]);
            mpz_mul_si(term, term, (n + 1) * t - i);
            mpz_add(c[i], c[i], term);
        }
        mpz_divexact(c[i], c[i], a[0]);
        mpz_divexact_ui(c[i], c[i], (unsigned long)i);
    }
done:
    mpz_clear(term);
    return status;
}

/* c = c b, from the highest coefficient down. */
static pleats_status multiply(pleats_ctx *ctx, mpz_t *c, mpz_t *b, int64_t most)
{
    pleats_status status = PLEATS_OK;
    for (int64_t i = most; i >= 0; i--) {
        TRY(pleats_check_stop(ctx));
        mpz_mul(c[i], c[i], b[0]);
        for (int64_t t = 1; t <= i; t++)
            mpz_addmul(c[i], c[i - t], b[t]);
    }
done:
    return status;
}

/* c *= (1 + f y)^n, or the n-th power of a window of k. */
static pleats_status multiply_power(pleats_ctx *ctx, int64_t k, int64_t flat,
                                    int64_t n, int64_t most, bool is_window,
                                    mpz_t *c)
{
    pleats_status status = PLEATS_OK;
    mpz_t *a = NULL, *b = NULL;
    if (n == 0)
        return PLEATS_OK;
    TRY(pleats_integers_new(ctx, (size_t)most + 1, &b));
    TRY(make_window(ctx, k, flat, &a));
    if (!is_window)
        mpz_set_si(a[1], flat);
    TRY(raise(ctx, a, k, n, most, b));
    TRY(multiply(ctx, c, b, most));
done:
    pleats_integers_free(ctx, a, (size_t)k + 1);
    pleats_integers_free(ctx, b, (size_t)most + 1);
    return status;
}

pleats_status pleats_pool_weights(pleats_ctx *ctx,
                                  const pleats_conv_layer *pool, int64_t flat,
                                  int64_t most, mpz_t **at)
{
    pleats_status status = PLEATS_OK;
    int64_t channels = pool->in.channels;
    window_classes all = {0};
    mpz_t factor;
    mpz_init_set_ui(factor, 1);
    *at = NULL;
    TRY(classify(ctx, pool, &all));
    TRY(pleats_integers_new(ctx, (size_t)most + 1, at));
    mpz_set_ui((*at)[0], 1);
    TRY(multiply_power(ctx, 1, flat, all.n_uncovered * channels, most, false,
                       *at));
    for (size_t i = 0; i < all.n; i++) {
        const window_class *w = &all.at[i];
        if (w->size < 1)
            continue;
        TRY(multiply_power(ctx, w->size, flat, w->n_disjoint * channels, most,
                           true, *at));
        mpz_set_si(factor, w->size);
        mpz_pow_ui(factor, factor, (unsigned long)(w->n_others * channels));
        for (int64_t j = 0; j <= most; j++)
            mpz_mul((*at)[j], (*at)[j], factor);
    }
done:
    mpz_clear(factor);
    pleats_release(ctx, all.at);
    if (status != PLEATS_OK) {
        pleats_integers_free(ctx, *at, (size_t)most + 1);
        *at = NULL;
    }
    return status;
}

/* The sum over the windows of the logarithms of their sizes is one over the
 * axes: each window's size is a product. */
void pleats_pool_patterns(const pleats_conv_layer *pool, double *bits,
                          mpz_t value)
{
    int64_t all = pool->in.channels;
    mpz_t factor;
    *bits = 0;
    if (value)
        mpz_set_ui(value, 1);
    mpz_init(factor);
    for (pleats_idx d = 0; d < pool->in.n_spatial; d++)
        all *= pleats_layer_outputs(pool, d);
    for (pleats_idx d = 0; d < pool->in.n_spatial; d++) {
        int64_t n = pleats_layer_outputs(pool, d), from = 0, each = all / n;
        for (int64_t i = 0; i < n; i++) {
            int64_t width = pleats_window_width(pool, d, i, &from);
            if (width < 2)
                continue;
            *bits += (double)each * log2((double)width);
            if (!value)
                continue;
            mpz_set_si(factor, width);
            mpz_pow_ui(factor, factor, (unsigned long)each);
            mpz_mul(value, value, factor);
        }
    }
    mpz_clear(factor);
}
