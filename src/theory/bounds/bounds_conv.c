/* Bounds for convolutions. */
#include "theory/bounds/layer_sizes.h"
#include "theory/bounds/rules.h"
#include "theory/layer/central.h"
#include "theory/layer/certified.h"
#include "theory/layer/independence.h"
#include "theory/layer/one_layer.h"
#include "theory/sums.h"

static const char capped[] =
    "its hypotheses hold; a layer beyond the reach of the frontier programme "
    "has the Zaslavsky numbers of its windows instead, which are larger";

/* Bits of a list of independence numbers. */
static const double most_bits = 0x1p33;

/* ---- upper bounds ---- */

/* sum over (j_1 .. j_L) of prod I^(l)_{j_l}, j_l <= min(n_0, n_1 - j_1, ..):
 * Serra's bound with the independent sets of the layer's own geometry. */
pleats_status pleats_bound_conv_aware(pleats_ctx *ctx,
                                      const pleats_stack *stack,
                                      pleats_finding *out)
{
    bool has_conv = false;
    for (size_t i = 0; i < stack->n_items; i++)
        has_conv |= stack->item[i].reads == PLEATS_READS_CONV;
    if (stack->has_general)
        return pleats_refuse_rule(out, "the network is no chain of layers");
    if (!has_conv)
        return pleats_refuse_rule(out, "no layer of units reads a convolution: "
                                       "see serra-2018 and goujon-2022");
    return pleats_find_by_matroids(
        ctx, stack, false,
        "units that read convolutions; any padding, pools and skips", capped,
        out);
}

/* value *= prod over l >= 2 of sum over i <= n_0 of C(n_l, i) (p_l - 1)^i. */
static void multiply_later_layers(const pleats_stack *stack,
                                  pleats_finding *out)
{
    mpz_t factor;
    mpz_init(factor);
    for (size_t i = 1; out->applies && i < stack->n_unit_layers; i++) {
        const pleats_item *item = pleats_stack_units(stack, i);
        if (!pleats_is_evaluable(item, stack->dimension)) {
            pleats_refuse_rule(out, PLEATS_WHY_TOO_LARGE);
            break;
        }
        pleats_zaslavsky(factor, item->undecided, stack->dimension,
                         item->pieces - 1);
        mpz_mul(out->value, out->value, factor);
        if (mpz_sizeinbase(out->value, 2) > (size_t)PLEATS_MOST_BITS)
            pleats_refuse_rule(out, PLEATS_WHY_TOO_LARGE);
    }
    mpz_clear(factor);
}

/* value = R_{N''} of the first layer, or what replaces it. */
static pleats_status count_first(pleats_ctx *ctx, const pleats_item *first,
                                 int64_t most, mpz_t value, bool *is_capped)
{
    pleats_status status = PLEATS_OK;
    pleats_independence sizes = {0};
    int64_t q = first->pieces - 1;
    *is_capped = true;
    if (pleats_zaslavsky_bits(first->n, most, 1) * (double)most > most_bits) {
        pleats_zaslavsky(value, first->undecided, most, q);
        return PLEATS_OK;
    }
    TRY(pleats_layer_sizes(ctx, first, most, true, &sizes, is_capped));
    pleats_independence_sum(&sizes, q, -1, value);
done:
    pleats_independence_clear(ctx, &sizes);
    return status;
}

/* R_{N''} prod over l >= 2 of Z(n_l, n_0), N'' being the first layer alone. */
pleats_status pleats_bound_xiong_upper(pleats_ctx *ctx,
                                       const pleats_stack *stack,
                                       pleats_finding *out)
{
    pleats_status status = PLEATS_OK;
    const pleats_item *first = pleats_stack_units(stack, 0);
    bool is_capped = false;
    if (!first || !stack->is_first_direct || first->is_max ||
        first->reads != PLEATS_READS_CONV)
        return pleats_refuse_rule(
            out, "the first units do not read a convolution of the input");
    if (stack->has_general || stack->has_skip || stack->has_max)
        return pleats_refuse_rule(
            out, "stated for chains of convolutions: a maximum or a skip "
                 "connection comes later");
    int64_t most = stack->dimension < first->undecided ? stack->dimension
                                                       : first->undecided;
    if (!pleats_is_evaluable(first, most))
        return pleats_refuse_rule(out, PLEATS_WHY_TOO_LARGE);
    TRY(count_first(ctx, first, most, out->value, &is_capped));
    out->applies = true;
    out->why = is_capped ? capped
                         : "a convolution of the input first, with the formula "
                           "for its regions (windows clipped at padding); "
                           "later layers as if fully connected";
    multiply_later_layers(stack, out);
done:
    return status;
}

/* ---- lower bounds ---- */

/* Steps of a count without biases. */
enum { UNBIASED_STEPS = 1000000 };

/* The regions of the first layer when it has no biases. */
static pleats_status count_unbiased(pleats_ctx *ctx, const pleats_stack *stack,
                                    pleats_finding *out)
{
    pleats_status status = PLEATS_OK;
    pleats_placed_layer placed;
    pleats_effort effort = {.budget = UNBIASED_STEPS, .seed = 1};
    if (pleats_stack_units(stack, 0)->is_max ||
        pleats_layer_of_spec(ctx, stack->spec, 0, &placed) != PLEATS_OK)
        return pleats_refuse_rule(out, "stated for units of one number each");
    if (placed.breaks == PLEATS_BREAK_UNKNOWN)
        return pleats_refuse_rule(out, "there are no biases, and it is not "
                                       "known whether a breakpoint is 0");
    out->applies = true;
    if (placed.breaks == PLEATS_BREAK_NONZERO)
        return pleats_certified_regions(ctx, &placed.layer, out->value,
                                        &out->why);
    out->why = "without biases: hyperplanes through 0, and those at other "
               "breakpoints";
    status =
        pleats_central_regions(ctx, &placed.layer, &effort, out->value, NULL);
    if (pleats_is_too_large(ctx, status))
        status = PLEATS_OK, mpz_set_ui(out->value, 1);
    mpz_t rows;
    mpz_init(rows);
    TRY(status);
    TRY(pleats_certified_unbiased(ctx, &placed.layer, rows));
    if (mpz_cmp(rows, out->value) > 0)
        mpz_set(out->value, rows);
done:
    mpz_clear(rows);
    return status;
}

/* The regions of the first layer alone: later layers only cut further. */
pleats_status pleats_bound_first_layer(pleats_ctx *ctx,
                                       const pleats_stack *stack,
                                       pleats_finding *out)
{
    pleats_status status = PLEATS_OK;
    const pleats_item *first = pleats_stack_units(stack, 0);
    const char *how = NULL;
    if (stack->is_on_box)
        return pleats_refuse_rule(
            out, "it speaks of the best weights, not of one network on a box");
    if (!first || !stack->is_first_direct)
        return pleats_refuse_rule(out, "the first units do not read one "
                                       "layer of the input itself");
    if (!pleats_is_evaluable(first, stack->dimension))
        return pleats_refuse_rule(out, PLEATS_WHY_TOO_LARGE);
    if (!first->has_bias)
        return count_unbiased(ctx, stack, out);
    TRY(pleats_certified_regions(ctx, &first->conv, out->value, &how));
    out->applies = true;
    out->why = how;
done:
    return status;
}

/* A chain as Theorem 5 sees it: a fully connected layer is a convolution with
 * one output position.  A vector is an image of one channel. */
typedef struct {
    int64_t channels; /* d_0 */
    int64_t extra;    /* folds more than floor(d_l / d_0) */
} reading;

static const char *why_no_theorem5(const pleats_stack *stack)
{
    if (stack->is_on_box)
        return "it speaks of the best weights, not of one network on a box";
    if (!stack->is_chain || stack->n_unit_layers == 0)
        return "not a plain chain of layers of units: a pool, a maximum, a "
               "skip or a product of affine maps";
    for (size_t i = 0; i < stack->n_unit_layers; i++) {
        const pleats_item *item = pleats_stack_units(stack, i);
        if (!item->has_bias)
            return "the construction needs biases";
        if (item->reads != PLEATS_READS_CONV)
            continue;
        if (item->conv.conv.groups != 1)
            return "grouped convolutions: a filter does not see all channels";
        for (pleats_idx d = 0; d < item->conv.in.n_spatial; d++)
            if (item->conv.conv.pad_lo[d] != 0 ||
                item->conv.conv.pad_hi[d] != 0)
                return "padding: windows at the border have other sums of "
                       "weights, and the construction fails";
    }
    return NULL;
}

static int64_t folds_of(const pleats_stack *stack, size_t layer,
                        const reading *r)
{
    return pleats_stack_units(stack, layer)->conv.conv.filters / r->channels +
           r->extra;
}

/* value = R_{N'} prod over l < L of folds^(n_l^(1) n_l^(2) d_0). */
static pleats_status find_theorem5(pleats_ctx *ctx, const pleats_stack *stack,
                                   const reading *r, pleats_finding *out)
{
    pleats_status status = PLEATS_OK;
    size_t n = stack->n_unit_layers;
    const pleats_item *last = pleats_stack_units(stack, n - 1);
    pleats_conv_layer layer = last->conv;
    if (last->reads == PLEATS_READS_CONV)
        layer.in.channels = r->channels;
    else if (n > 1)
        layer.in.channels = r->channels * pleats_layer_positions(
                                              pleats_stack_units(stack, n - 2));
    if (!pleats_is_evaluable(last, stack->dimension))
        return pleats_refuse_rule(out, PLEATS_WHY_TOO_LARGE);
    TRY(pleats_certified_regions(ctx, &layer, out->value, &out->why));
    for (size_t i = 0; i + 1 < n; i++)
        if (!pleats_multiply_fits(
                out->value, folds_of(stack, i, r),
                pleats_layer_positions(pleats_stack_units(stack, i)) *
                    r->channels))
            return pleats_refuse_rule(out, PLEATS_WHY_TOO_LARGE);
    out->applies = true;
done:
    return status;
}

static int64_t channels_of_input(const pleats_stack *stack)
{
    return stack->input.n_spatial == 0 ? 1 : stack->input.channels;
}

/* R_{N'} prod over l < L of floor(d_l / d_0)^(n_l^(1) n_l^(2) d_0): each layer
 * folds every pixel of d_0 channels that it sees; N', the last layer on d_0
 * channels, acts on the unit cube.  R_{N'} is the true number. */
pleats_status pleats_bound_xiong_lower(pleats_ctx *ctx,
                                       const pleats_stack *stack,
                                       pleats_finding *out)
{
    pleats_status status = PLEATS_OK;
    const char *why = why_no_theorem5(stack);
    reading r = {.channels = channels_of_input(stack)};
    for (size_t i = 0; !why && i + 1 < stack->n_unit_layers; i++)
        if (folds_of(stack, i, &r) == 0)
            why = "some layer has less filters than the input has channels";
    if (why)
        return pleats_refuse_rule(out, why);
    TRY(find_theorem5(ctx, stack, &r, out));
    if (out->applies)
        out->why = "no padding, biases, and every layer has at least as many "
                   "filters as the input has channels; the last layer by a "
                   "certified count";
done:
    return status;
}

/* The same with floor(d_l / d_0) + 1: p >= 3 ReLU units fold a line into
 * p + 1 pieces. */
pleats_status pleats_bound_xiong_fold(pleats_ctx *ctx,
                                      const pleats_stack *stack,
                                      pleats_finding *out)
{
    pleats_status status = PLEATS_OK;
    const char *why = why_no_theorem5(stack);
    reading r = {.channels = channels_of_input(stack), .extra = 1};
    if (!why && !pleats_stack_is_relu(stack))
        why = "not all units are ReLU";
    for (size_t i = 0; !why && i + 1 < stack->n_unit_layers; i++)
        if (folds_of(stack, i, &r) < 4)
            why = "some layer has less than 3 filters for each input channel";
    if (!why && stack->n_unit_layers < 2)
        why = "it needs at least two layers of units";
    if (why)
        return pleats_refuse_rule(out, why);
    TRY(find_theorem5(ctx, stack, &r, out));
    if (out->applies)
        out->why = "ReLU, no padding, biases, at least 3 filters for each "
                   "input channel in every layer but the last";
done:
    return status;
}
