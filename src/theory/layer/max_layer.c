#include "theory/layer/max_layer.h"

#include "theory/layer/labelled.h"
#include "theory/layer/orders.h"
#include "theory/sums.h"
#include "theory/windows.h"

static bool takes_maxima(const pleats_layer_spec *l)
{
    return l->kind == PLEATS_LAYER_MAXOUT || l->kind == PLEATS_LAYER_MAXPOOL;
}

pleats_idx pleats_max_layer_find(const pleats_spec *spec, int64_t i)
{
    for (pleats_idx at = 0; at < spec->n_layers; at++) {
        const pleats_layer_spec *l = &spec->layer[at];
        const bool is_on_units = at > 0 && l[-1].n_units > 0;
        if (l->n_units == 0 || (l->kind == PLEATS_LAYER_MAXPOOL && is_on_units))
            continue;
        if (i-- == 0)
            return takes_maxima(l) ? at : -1;
    }
    return -1;
}

/* With general position, for m >= n, [Weibel2012]:
 *   a(m) + sum over j = 1 .. n - 1 of (-1)^(n-1-j) C(m-1-j, n-1-j) C(m, j)
 *          (k^j - 2^j),
 * a(m) = 2 sum over i < n of C(m - 1, i), the number for k = 2; for m < n all
 * k^m. */
void pleats_central_maxima(mpz_t out, int64_t m, int64_t k, int64_t n)
{
    mpz_t term, factor;
    if (m < n) {
        mpz_ui_pow_ui(out, (unsigned long)k, (unsigned long)m);
        return;
    }
    mpz_init(term);
    mpz_init(factor);
    pleats_zaslavsky_central(out, m, n);
    for (int64_t j = 1; j < n; j++) {
        mpz_ui_pow_ui(term, (unsigned long)k, (unsigned long)j);
        mpz_ui_pow_ui(factor, 2, (unsigned long)j);
        mpz_sub(term, term, factor);
        mpz_bin_uiui(factor, (unsigned long)m, (unsigned long)j);
        mpz_mul(term, term, factor);
        mpz_bin_uiui(factor, (unsigned long)(m - 1 - j),
                     (unsigned long)(n - 1 - j));
        mpz_mul(term, term, factor);
        if ((n - 1 - j) % 2 == 0)
            mpz_add(out, out, term);
        else
            mpz_sub(out, out, term);
    }
    mpz_clear(term);
    mpz_clear(factor);
}

/* The affine layer that a maxout reads, NULL: none, or not right below. */
static const pleats_layer_spec *read_by(const pleats_spec *spec, pleats_idx at)
{
    const pleats_layer_spec *l = at > 0 ? &spec->layer[at - 1] : NULL;
    return l && (l->kind == PLEATS_LAYER_FC || l->kind == PLEATS_LAYER_CONV)
               ? l
               : NULL;
}

static pleats_status count_maxout(pleats_ctx *ctx,
                                  const pleats_layer_spec *affine,
                                  const pleats_layer_spec *l,
                                  pleats_one_layer *one)
{
    pleats_status status = PLEATS_OK;
    const int64_t n = pleats_shape_count(&affine->in), m = l->n_units;
    const bool is_fc = affine->kind == PLEATS_LAYER_FC;
    mpz_t value;
    mpz_init(value);
    if (pleats_zaslavsky_bits(m, n, l->rank - 1) > PLEATS_MOST_BITS)
        TRY(pleats_fail(ctx, PLEATS_LIMIT, "the numbers would not fit"));
    pleats_zaslavsky(value, m, m < n ? m : n, l->rank - 1);
    pleats_labelled_set(&one->formula, is_fc ? PLEATS_EXACT : PLEATS_UPPER,
                        value,
                        is_fc ? "the sharp number of one layer of maxima "
                                "[MontufarRenZhang2022], docs/theory.md 4.2"
                              : "the sharp number of one layer of maxima "
                                "[MontufarRenZhang2022], which need not be "
                                "reached with shared filters");
    if (is_fc)
        pleats_labelled_set(&one->generic, PLEATS_EXACT, value,
                            "the maximum; weights with a density may have "
                            "less, and different numbers of regions");
    else
        pleats_labelled_unknown(&one->generic,
                                "maxima have no generic number: it depends on "
                                "the weights");
    pleats_central_maxima(value, m, l->rank, n);
    pleats_labelled_set(&one->no_bias, is_fc ? PLEATS_EXACT : PLEATS_UPPER,
                        value,
                        "vertices of a sum of polytopes [Weibel2012], "
                        "docs/theory.md 4.8");
done:
    mpz_clear(value);
    return status;
}

static pleats_status count_pool(pleats_ctx *ctx, const pleats_layer_spec *l,
                                pleats_one_layer *one)
{
    static const char why[] = "acyclic orientations of the windows; there are "
                              "no weights (docs/theory.md 4.8)";
    pleats_status status = PLEATS_OK;
    const pleats_conv_layer pool = {.in = l->in, .conv = l->conv, .pieces = 2};
    bool fits = false;
    mpz_t value;
    mpz_init(value);
    TRY(pleats_pool_orders(ctx, &pool, value, &fits));
    pleats_labelled *all[] = {&one->formula, &one->generic, &one->no_bias};
    for (int i = 0; i < 3; i++)
        if (fits)
            pleats_labelled_set(all[i], PLEATS_EXACT, value, "%s", why);
        else
            pleats_labelled_unknown(all[i], "the pool reads too many cells");
done:
    mpz_clear(value);
    return status;
}

pleats_status pleats_max_layer_count(pleats_ctx *ctx, const pleats_spec *spec,
                                     pleats_idx at, pleats_one_layer *one)
{
    pleats_status status = PLEATS_OK;
    const pleats_layer_spec *l = &spec->layer[at];
    const pleats_layer_spec *affine = read_by(spec, at);
    pleats_one_layer_blank(one, "maxima have no such number");
    if (l->kind == PLEATS_LAYER_MAXPOOL)
        TRY(count_pool(ctx, l, one));
    else if (affine)
        TRY(count_maxout(ctx, affine, l, one));
    else
        TRY(pleats_fail(ctx, PLEATS_INVALID,
                        "layer %d takes maxima of no convolution or fully "
                        "connected layer; counts for one layer need one there",
                        at + 1));
    one->complete = one->generic.is_known;
done:
    return status;
}
