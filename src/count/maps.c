#include "count/maps.h"

#include "net/pattern.h"

#include <stdlib.h>
#include <string.h>

/* The golden ratio's multiples. */
double pleats_map_number(pleats_idx i)
{
    const uint32_t multiple = ((uint32_t)i + 1) * 2654435769u;
    return ((multiple >> 12) | 1) * 0x1p-20;
}

/* The point is in [0, 1]^k, so that a form is off by its error there; a sum of
 * n_outputs x (k + 1) products of three is off by at most gamma times the
 * magnitudes, and so is the difference from its bound.  What is infinite in a
 * form makes the error infinite, and with it both ends; a value that is must
 * not be subtracted from. */
pleats_map_interval pleats_map_interval_of(const pleats_forms *f)
{
    const pleats_net *net = f->net;
    double value = 0, error = 0, size = 0;
    for (pleats_idx o = 0; o < net->n_outputs; o++) {
        const double *entry = pleats_forms_entry(f, net->output[o]);
        const double share = pleats_map_number(f->k + o);
        double at = entry[f->k];
        for (pleats_idx c = 0; c < f->k; c++)
            at += entry[c] * pleats_map_number(c);
        value += share * at;
        error += share * f->error[net->output[o]];
        size += share * f->magnitude[net->output[o]];
    }
    error =
        pleats_round_up(error + pleats_gamma(net->n_outputs + f->k + 4) * size);
    return isfinite(value) ? (pleats_map_interval){value - error, value + error}
                           : PLEATS_MAP_UNKNOWN;
}

pleats_status pleats_map_list_add(pleats_ctx *ctx, pleats_map_list *l,
                                  const pleats_net *net,
                                  pleats_map_interval interval,
                                  const pleats_idx *piece)
{
    pleats_status status = PLEATS_OK;
    if (l->n == 0)
        l->bytes = pleats_pattern_size(net);
    const size_t bytes = l->bytes;
    TRY(pleats_grow(ctx, &l->interval, &l->interval_capacity, l->n + 1,
                    sizeof *l->interval));
    TRY(pleats_grow(ctx, &l->pattern, &l->pattern_capacity, (l->n + 1) * bytes,
                    1));
    l->interval[l->n] = interval;
    if (bytes)
        memset(l->pattern + l->n * bytes, 0, bytes);
    pleats_pattern_pack(net, piece, l->pattern + l->n * bytes);
    l->n++;
done:
    return status;
}

pleats_status pleats_map_list_reserve(pleats_ctx *ctx, pleats_map_list *l,
                                      const pleats_map_list *more)
{
    pleats_status status = PLEATS_OK;
    const size_t n = l->n + more->n;
    TRY(pleats_grow(ctx, &l->interval, &l->interval_capacity, n,
                    sizeof *l->interval));
    TRY(pleats_grow(ctx, &l->pattern, &l->pattern_capacity, n * more->bytes,
                    1));
done:
    return status;
}

pleats_status pleats_map_list_append(pleats_ctx *ctx, pleats_map_list *l,
                                     const pleats_map_list *more)
{
    pleats_status status = PLEATS_OK;
    const size_t n = l->n + more->n, bytes = more->bytes;
    if (more->n == 0)
        return PLEATS_OK;
    TRY(pleats_map_list_reserve(ctx, l, more));
    memcpy(l->interval + l->n, more->interval, more->n * sizeof *l->interval);
    if (bytes)
        memcpy(l->pattern + l->n * bytes, more->pattern, more->n * bytes);
    l->bytes = bytes;
    l->n = n;
done:
    return status;
}

void pleats_map_list_clear(pleats_ctx *ctx, pleats_map_list *l)
{
    pleats_release(ctx, l->interval);
    pleats_release(ctx, l->pattern);
    *l = (pleats_map_list){0};
}

/* A region's interval, and its place. */
typedef struct {
    pleats_map_interval interval;
    size_t region;
} noted;

static int by_lower_end(const void *a, const void *b)
{
    const noted *x = a, *y = b;
    if (x->interval.lo != y->interval.lo)
        return x->interval.lo < y->interval.lo ? -1 : 1;
    return (x->region > y->region) - (x->region < y->region);
}

/* Numbers what stands alone in the n sorted entries. */
static void number_those_alone(const noted *sorted, pleats_map_groups *g)
{
    for (size_t first = 0, end; first < g->n; first = end) {
        double hi = sorted[first].interval.hi;
        for (end = first + 1; end < g->n && sorted[end].interval.lo <= hi;
             end++)
            hi = fmax(hi, sorted[end].interval.hi);
        for (size_t i = first; i < end; i++)
            g->number[sorted[i].region] =
                end == first + 1 ? g->n_alone : SIZE_MAX;
        g->n_alone += end == first + 1;
        g->n_least++;
    }
}

pleats_status pleats_map_groups_find(pleats_ctx *ctx, pleats_idx n_lists,
                                     const pleats_map_list *const *list,
                                     pleats_map_groups *out)
{
    pleats_status status = PLEATS_OK;
    noted *sorted = NULL;
    size_t n = 0;
    *out = (pleats_map_groups){0};
    for (pleats_idx l = 0; l < n_lists; l++)
        out->n += list[l]->n;
    TRY(pleats_alloc(ctx, out->n, sizeof *out->number, &out->number));
    TRY(pleats_alloc(ctx, out->n, sizeof *sorted, &sorted));
    for (pleats_idx l = 0; l < n_lists; l++)
        for (size_t i = 0; i < list[l]->n; i++, n++)
            sorted[n] = (noted){list[l]->interval[i], n};
    if (n)
        qsort(sorted, n, sizeof *sorted, by_lower_end);
    number_those_alone(sorted, out);
done:
    pleats_release(ctx, sorted);
    return status;
}

void pleats_map_groups_clear(pleats_ctx *ctx, pleats_map_groups *g)
{
    pleats_release(ctx, g->number);
    *g = (pleats_map_groups){0};
}

/* num / den in lowest terms, entry by entry over the common denominator: the
 * vector (den, num) divided by its content. */
static pleats_status add_form(pleats_ctx *ctx, const pleats_quotient *form,
                              size_t width, pleats_hasher *hasher)
{
    pleats_status status = PLEATS_OK;
    mpz_t content, reduced;
    mpz_init_set(content, form->den);
    mpz_init(reduced);
    for (size_t c = 0; c < width; c++)
        mpz_gcd(content, content, form->num[c]);
    mpz_divexact(reduced, form->den, content);
    TRY(pleats_hasher_add_integer(ctx, hasher, reduced));
    for (size_t c = 0; c < width; c++) {
        mpz_divexact(reduced, form->num[c], content);
        TRY(pleats_hasher_add_integer(ctx, hasher, reduced));
    }
done:
    mpz_clear(content);
    mpz_clear(reduced);
    return status;
}

pleats_status pleats_map_digest(pleats_ctx *ctx, pleats_exact_forms *forms,
                                pleats_hasher *hasher, pleats_digest *out)
{
    pleats_status status = PLEATS_OK;
    const pleats_net *net = forms->net;
    size_t width = (size_t)forms->coordinates->k + 1;
    for (pleats_idx i = 0; i < net->n_outputs; i++) {
        const pleats_quotient *form;
        TRY(pleats_exact_forms_need(ctx, forms, net->output[i], &form));
        TRY(add_form(ctx, form, width, hasher));
    }
    pleats_hasher_end(hasher, out);
done:
    return status;
}
