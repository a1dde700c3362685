#include "theory/bounds/layer_sizes.h"

#include "exact/integers.h"
#include "theory/layer/relations.h"
#include "theory/sums.h"

/* When the frontier programme is tried, when the power series is, and when
 * sets are gone through one by one. */
enum {
    MOST_UNITS = 1024,
    MOST_STATES = 10000,
    MOST_RELATED = 18,
    MOST_SETS = 300000
};
static const double most_steps = 2e9;

int64_t pleats_layer_positions(const pleats_item *item)
{
    return item->n / item->conv.conv.filters;
}

int64_t pleats_layer_window(const pleats_conv_layer *layer)
{
    int64_t cells = layer->in.channels / layer->conv.groups;
    for (pleats_idx d = 0; d < layer->in.n_spatial; d++) {
        int64_t k = layer->conv.kernel[d], n = layer->in.size[d];
        cells *= k < n ? k : n;
    }
    return cells;
}

static void set_binomials(pleats_independence *out, int64_t n)
{
    pleats_term term;
    pleats_term_start(&term, n, 1);
    for (size_t j = 0; j <= out->n; j++) {
        mpz_set(out->at[j], term.value);
        pleats_term_next(&term);
    }
    pleats_term_end(&term);
}

/* c = (sum over t <= s of a_t x^t)^N with a_t = C(filters, t), by
 * k c_k = sum over i = 1 .. min(k, s) of (N i - k + i) a_i c_{k-i}, which
 * follows from P (P^N)' = N P' P^N. */
static pleats_status set_power(pleats_ctx *ctx, pleats_independence *out,
                               int64_t filters, int64_t s, int64_t power)
{
    pleats_status status = PLEATS_OK;
    pleats_independence a = {.n = (size_t)s};
    mpz_t term;
    mpz_init(term);
    TRY(pleats_integers_new(ctx, a.n + 1, &a.at));
    set_binomials(&a, filters);
    mpz_set_ui(out->at[0], 1);
    for (size_t k = 1; k <= out->n; k++) {
        TRY(pleats_check_stop(ctx));
        for (size_t i = 1; i <= k && i <= a.n; i++) {
            mpz_mul(term, a.at[i], out->at[k - i]);
            mpz_mul_si(term, term, (power + 1) * (int64_t)i - (int64_t)k);
            mpz_add(out->at[k], out->at[k], term);
        }
        mpz_divexact_ui(out->at[k], out->at[k], k);
    }
done:
    mpz_clear(term);
    pleats_independence_clear(ctx, &a);
    return status;
}

static pleats_status set_caps(pleats_ctx *ctx, const pleats_item *item,
                              pleats_independence *out)
{
    int64_t groups = item->conv.conv.groups;
    int64_t filters = item->conv.conv.filters / groups;
    int64_t window = pleats_layer_window(&item->conv);
    int64_t positions = pleats_layer_positions(item);
    double limbs = pleats_zaslavsky_bits(item->n, (int64_t)out->n, 1) / 64 + 1;
    if (window < filters &&
        (double)window * (double)out->n * limbs < most_steps)
        return set_power(ctx, out, filters, window, groups * positions);
    set_binomials(out, item->n);
    return PLEATS_OK;
}

/* The K-type numbers up to j_max, unless they are out of reach. */
/* The same, without those that relations between filters make dependent
 * [docs/theory.md 3.8], of small layers. */
static pleats_status set_related(pleats_ctx *ctx, const pleats_item *item,
                                 pleats_independence *out, bool *is_done)
{
    pleats_status status = PLEATS_OK;
    pleats_independence sizes = {0};
    const char *why = NULL;
    if (item->n > MOST_RELATED || pleats_formula_is_exact(&item->conv, &why))
        return PLEATS_OK;
    TRY(pleats_sizes_above(ctx, &item->conv, MOST_SETS, &sizes, is_done));
    for (size_t j = 0; *is_done && j <= out->n && j <= sizes.n; j++)
        mpz_set(out->at[j], sizes.at[j]);
done:
    pleats_independence_clear(ctx, &sizes);
    return status;
}

static pleats_status set_formula(pleats_ctx *ctx, const pleats_item *item,
                                 pleats_independence *out, bool *is_done)
{
    pleats_status status = PLEATS_OK;
    pleats_independence sizes = {0};
    *is_done = false;
    status = pleats_formula_sizes(ctx, &item->conv, MOST_STATES, &sizes, NULL);
    if (pleats_is_too_large(ctx, status)) {
        status = PLEATS_OK;
        goto done;
    }
    TRY(status);
    for (size_t j = 0; j <= out->n; j++)
        if (j <= sizes.n)
            mpz_set(out->at[j], sizes.at[j]);
    *is_done = true;
done:
    pleats_independence_clear(ctx, &sizes);
    return status;
}

pleats_status pleats_layer_sizes(pleats_ctx *ctx, const pleats_item *item,
                                 int64_t j_max, bool is_published,
                                 pleats_independence *out, bool *is_capped)
{
    pleats_status status = PLEATS_OK;
    bool is_conv = item->reads == PLEATS_READS_CONV, is_done = false;
    *out = (pleats_independence){.n = (size_t)j_max};
    *is_capped = false;
    TRY(pleats_integers_new(ctx, out->n + 1, &out->at));
    if (is_conv && !is_published)
        TRY(set_related(ctx, item, out, &is_done));
    if (!is_done && is_conv && item->n <= MOST_UNITS)
        TRY(set_formula(ctx, item, out, &is_done));
    if (!is_done && is_conv) {
        *is_capped = true;
        TRY(set_caps(ctx, item, out));
    } else if (!is_done) {
        set_binomials(out, item->n);
    }
    /* On a box only some of the units can cut. */
    if (item->undecided < item->n) {
        pleats_term term;
        pleats_term_start(&term, item->undecided, 1);
        for (size_t j = 0; j <= out->n; j++) {
            if (mpz_cmp(out->at[j], term.value) > 0)
                mpz_set(out->at[j], term.value);
            pleats_term_next(&term);
        }
        pleats_term_end(&term);
    }
done:
    if (status != PLEATS_OK)
        pleats_independence_clear(ctx, out);
    return status;
}
