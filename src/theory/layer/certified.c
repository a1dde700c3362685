#include "theory/layer/certified.h"

#include "theory/layer/central.h"
#include "theory/layer/generic.h"
#include "theory/layer/independence.h"
#include "theory/sums.h"

/* Frontier states up to which the formula is tried, and steps of an
 * enumeration. */
enum { MOST_STATES = 20000, MOST_STEPS = 1000000 };

/* Cells from the first to the last that a window spans along axis d. */
static int64_t span_of(const pleats_conv_layer *layer, pleats_idx d)
{
    return (layer->conv.kernel[d] - 1) * layer->conv.dilation[d] + 1;
}

/* How many windows along axis d are free of padding and pairwise disjoint. */
static int64_t count_disjoint(const pleats_conv_layer *layer, pleats_idx d)
{
    int64_t s = layer->conv.stride[d], pad = layer->conv.pad_lo[d];
    int64_t span = span_of(layer, d), n = layer->in.size[d];
    int64_t first = (pad + s - 1) / s, step = (span + s - 1) / s;
    if (span > n || n - span + pad < 0)
        return 0;
    int64_t last = (n - span + pad) / s;
    return last < first ? 0 : (last - first) / step + 1;
}

/* How many output positions along axis d read a real cell by one and the same
 * tap, the best one; these cells are all different. */
static int64_t count_seeing(const pleats_conv_layer *layer, pleats_idx d)
{
    const pleats_conv_spec *c = &layer->conv;
    int64_t most = 0, outputs = pleats_layer_outputs(layer, d);
    for (int64_t tap = 0; tap < c->kernel[d]; tap++) {
        int64_t at = tap * c->dilation[d] - c->pad_lo[d];
        int64_t first = at < 0 ? (-at + c->stride[d] - 1) / c->stride[d] : 0;
        int64_t room = layer->in.size[d] - 1 - at;
        int64_t last = room < 0 ? -1 : room / c->stride[d];
        last = last < outputs ? last : outputs - 1;
        most = last - first + 1 > most ? last - first + 1 : most;
    }
    return most;
}

/* The 1-D layer of one group whose windows have the full height of its input
 * along all axes but `axis`, or (`is_thin`) a height of one cell there: filters
 * with one row of taps. */
static pleats_conv_layer line_of(const pleats_conv_layer *layer,
                                 pleats_idx axis, bool is_thin)
{
    pleats_conv_layer line = *layer;
    line.in.channels /= layer->conv.groups;
    line.conv.filters /= layer->conv.groups;
    line.conv.groups = 1;
    for (pleats_idx d = 0; d < layer->in.n_spatial; d++)
        if (d != axis) {
            line.in.size[d] = is_thin ? 1 : span_of(layer, d);
            line.conv.kernel[d] = is_thin ? 1 : line.conv.kernel[d];
            line.conv.stride[d] = 1;
            line.conv.pad_lo[d] = line.conv.pad_hi[d] = 0;
        }
    return line;
}

/* value = the regions of the disjoint rows along `axis`, or some of them when
 * there are no biases and too many; 1 when there are none.  Filters with zeros
 * are filters: rows of windows of the full height that do not overlap, or
 * (`is_thin`) all rows of windows that are cut down to one row of taps.
 * [docs/theory.md 5.1] */
static pleats_status count_rows(pleats_ctx *ctx, const pleats_conv_layer *layer,
                                pleats_idx axis, bool is_thin, bool has_bias,
                                mpz_t value)
{
    pleats_status status = PLEATS_OK;
    pleats_conv_layer line = line_of(layer, axis, is_thin);
    pleats_effort effort = {.budget = MOST_STEPS, .seed = 1};
    int64_t n_rows = layer->conv.groups;
    for (pleats_idx d = 0; d < layer->in.n_spatial; d++)
        if (d != axis)
            n_rows *=
                is_thin ? count_seeing(layer, d) : count_disjoint(layer, d);
    mpz_set_ui(value, 1);
    if (n_rows == 0)
        return PLEATS_OK;
    if (has_bias)
        TRY(pleats_formula_value(ctx, &line, MOST_STATES, value, NULL));
    else
        TRY(pleats_central_regions(ctx, &line, &effort, value, NULL));
    mpz_pow_ui(value, value, (unsigned long)n_rows);
done:
    if (pleats_is_too_large(ctx, status)) {
        mpz_set_ui(value, 1);
        status = PLEATS_OK;
    }
    return status;
}

/* value = at least `value` and the rows along the best axis. */
static pleats_status raise_by_rows(pleats_ctx *ctx,
                                   const pleats_conv_layer *layer,
                                   bool has_bias, mpz_t value)
{
    pleats_status status = PLEATS_OK;
    mpz_t rows;
    mpz_init(rows);
    for (pleats_idx i = 0; i < 2 * layer->in.n_spatial; i++) {
        TRY(count_rows(ctx, layer, i / 2, i % 2 == 1, has_bias, rows));
        if (mpz_cmp(rows, value) > 0)
            mpz_set(value, rows);
    }
done:
    mpz_clear(rows);
    return status;
}

pleats_status pleats_certified_unbiased(pleats_ctx *ctx,
                                        const pleats_conv_layer *layer,
                                        mpz_t value)
{
    mpz_set_ui(value, 1);
    return raise_by_rows(ctx, layer, false, value);
}

/* Independent sets that are found with some filters within a budget: each has
 * its proof, so that the number is one from below. */
static pleats_status count_sets(pleats_ctx *ctx, const pleats_conv_layer *layer,
                                mpz_t value)
{
    pleats_status status = PLEATS_OK;
    pleats_effort effort = {.budget = MOST_STEPS, .seed = 1};
    pleats_independence sizes = {0};
    mpz_set_ui(value, 1);
    status = pleats_generic_sizes(ctx, layer, &effort, &sizes);
    if (status == PLEATS_OK)
        pleats_independence_sum(&sizes, layer->pieces - 1, -1, value);
    if (pleats_is_too_large(ctx, status))
        status = PLEATS_OK;
    pleats_independence_clear(ctx, &sizes);
    return status;
}

static pleats_status count_exact(pleats_ctx *ctx,
                                 const pleats_conv_layer *layer, mpz_t value,
                                 bool *is_done)
{
    pleats_status status = PLEATS_OK;
    const char *reason = NULL;
    *is_done = false;
    if (!pleats_formula_is_exact(layer, &reason))
        return PLEATS_OK;
    status = pleats_formula_value(ctx, layer, MOST_STATES, value, NULL);
    *is_done = status == PLEATS_OK;
    if (pleats_is_too_large(ctx, status))
        status = PLEATS_OK;
    return status;
}

pleats_status pleats_certified_regions(pleats_ctx *ctx,
                                       const pleats_conv_layer *layer,
                                       mpz_t value, const char **how)
{
    pleats_status status = PLEATS_OK;
    const char *unused = NULL;
    bool is_done = false;
    how = how ? how : &unused;
    if (layer->in.n_spatial == 0) {
        *how = "fully connected";
        pleats_zaslavsky(value, layer->conv.filters, layer->in.channels,
                         layer->pieces - 1);
        goto done;
    }
    TRY(count_exact(ctx, layer, value, &is_done));
    *how = "the formula, exact for this geometry";
    if (is_done)
        goto done;
    *how = "enumerated independent sets of units, or rows of disjoint windows, "
           "each a 1-D convolution";
    TRY(count_sets(ctx, layer, value));
    TRY(raise_by_rows(ctx, layer, true, value));
done:
    return status;
}
