/* The public face of the counts for one layer: numbers become texts. */
#include "api/text.h"
#include "theory/layer/formula.h"
#include "theory/layer/max_layer.h"
#include "theory/layer/one_layer.h"

#include "exact/integers.h"
#include "exact/rational.h"
#include "pleats/layer.h"

#include <stdio.h>

enum { MOST_SAMPLES = 1000000 };

static const char with_bias[] =
    "The maximum over all weights and the average over weights and biases that "
    "have a density coincide: almost every choice gives this number. They "
    "differ for zero, quantised, symmetric or duplicated filters, and on "
    "bounded domains.";
static const char without_bias[] =
    "The layer has no biases: read no_bias. The maximum over all weights and "
    "the average over weights that have a density coincide there too; with "
    "generic biases it would have the generic number.";

static const char of_maxima[] =
    "Maxima have no generic number of regions: it depends on the weights. What "
    "is said is the maximum.";
static const char of_pool[] =
    "A max-pool has no weights: this is the number on all of its input.";

static const char own_input[] =
    "Counted on all of the layer's own input. What stands before it need not "
    "reach all of that, so that the network may meet fewer of these regions.";

static pleats_status publish(pleats_ctx *ctx, const pleats_labelled *from,
                             pleats_number *to)
{
    pleats_status status = PLEATS_OK;
    if (from->is_known) {
        to->label = from->label;
        to->error = from->error;
        TRY(pleats_integer_text(ctx, from->value, &to->value));
    }
    TRY(pleats_strdup(ctx, from->reason, &to->reason));
done:
    return status;
}

static pleats_status publish_integers(pleats_ctx *ctx, mpz_t *z, size_t n,
                                      pleats_numbers *to)
{
    pleats_status status = PLEATS_OK;
    TRY(pleats_alloc(ctx, n, sizeof *to->at, &to->at));
    to->n = n;
    for (size_t i = 0; i < n; i++)
        TRY(pleats_integer_text(ctx, z[i], &to->at[i]));
done:
    return status;
}

static pleats_status publish_sizes(pleats_ctx *ctx, const pleats_one_layer *one,
                                   const pleats_conv_layer *layer,
                                   pleats_one_layer_result *out)
{
    pleats_status status = PLEATS_OK;
    const size_t n = one->sizes.at ? one->sizes.n + 1 : 0;
    mpz_t *signed_size = NULL, power;
    mpz_init_set_ui(power, 1);
    if (n == 0)
        goto done;
    out->independent_error = one->sizes_are_true ? one->sizes_error : 0;
    out->independent_label = !one->sizes_are_true         ? PLEATS_UPPER
                             : out->independent_error > 0 ? PLEATS_PROBABLE
                                                          : PLEATS_EXACT;
    TRY(publish_integers(ctx, one->sizes.at, n, &out->independent));
    if (!one->sizes_are_true)
        goto done;
    TRY(pleats_integers_new(ctx, n, &signed_size));
    for (size_t j = 0; j < n; j++) {
        mpz_mul(signed_size[j], one->sizes.at[j], power);
        mpz_mul_si(power, power, -(long)(layer->pieces - 1));
    }
    TRY(publish_integers(ctx, signed_size, n, &out->characteristic));
done:
    pleats_integers_free(ctx, signed_size, n);
    mpz_clear(power);
    return status;
}

static pleats_status publish_polynomial(pleats_ctx *ctx,
                                        const pleats_one_layer *one,
                                        pleats_one_layer_result *out)
{
    pleats_status status = PLEATS_OK;
    size_t n = one->n_binomial;
    mpq_t *monomial = NULL;
    TRY(pleats_strdup(ctx, one->polynomial_reason, &out->polynomial_reason));
    if (n == 0)
        goto done;
    out->polynomial_label = one->formula.label;
    TRY(publish_integers(ctx, one->binomial, n, &out->binomial));
    TRY(pleats_binomial_to_monomial(ctx, one->binomial, n, &monomial));
    TRY(pleats_alloc(ctx, n, sizeof *out->monomial.at, &out->monomial.at));
    out->monomial.n = n;
    for (size_t i = 0; i < n; i++)
        TRY(pleats_fraction_text(ctx, monomial[i], &out->monomial.at[i]));
    out->degree = (int64_t)n - 1;
    TRY(pleats_fraction_text(ctx, monomial[n - 1], &out->leading));
done:
    pleats_rational_array_free(ctx, n, monomial);
    return status;
}

static pleats_status publish_all(pleats_ctx *ctx, const pleats_one_layer *one,
                                 const pleats_conv_layer *layer,
                                 pleats_one_layer_result *out)
{
    pleats_status status = PLEATS_OK;
    TRY(publish(ctx, &one->formula, &out->formula));
    TRY(publish(ctx, &one->generic, &out->generic));
    TRY(publish(ctx, &one->no_bias, &out->no_bias));
    if (one->no_bias_upper.is_known)
        TRY(pleats_integer_text(ctx, one->no_bias_upper.value,
                                &out->no_bias_upper));
    TRY(publish(ctx, &one->nonzero_breaks, &out->nonzero_breaks));
    TRY(publish(ctx, &one->bounded, &out->bounded));
    TRY(publish(ctx, &one->slice, &out->slice));
    TRY(publish_sizes(ctx, one, layer, out));
    TRY(publish_polynomial(ctx, one, out));
    if (one->is_interval) {
        TRY(pleats_integer_text(ctx, one->low, &out->generic_low));
        TRY(pleats_integer_text(ctx, one->high, &out->generic_high));
    }
    if (one->is_interval && one->lower.is_known)
        TRY(pleats_integer_text(ctx, one->lower.value, &out->generic_lower));
    if (out->generic.error > 0)
        TRY(pleats_strdup(ctx, out->generic.value, &out->generic_lower));
    if ((one->is_interval || out->generic.error > 0) && one->upper.is_known)
        TRY(pleats_integer_text(ctx, one->upper.value, &out->generic_upper));
    out->complete = one->complete;
    if (!one->complete)
        out->stopped = pleats_ctx_limit(ctx);
done:
    return status;
}

/* "64 filters 3x3 on 1x6x6, 1024 units of 2 pieces". */
static pleats_status name_layer(pleats_ctx *ctx, const pleats_conv_layer *layer,
                                char **out)
{
    const pleats_idx n = layer->in.n_spatial;
    char text[256];
    int at = snprintf(text, sizeof text, "%lld filters",
                      (long long)layer->conv.filters);
    for (pleats_idx d = 0; d < n; d++)
        at += snprintf(text + at, sizeof text - (size_t)at, "%s%lld",
                       d ? "x" : " ", (long long)layer->conv.kernel[d]);
    at += snprintf(text + at, sizeof text - (size_t)at, " on %lld",
                   (long long)layer->in.channels);
    for (pleats_idx d = 0; d < n; d++)
        at += snprintf(text + at, sizeof text - (size_t)at, "x%lld",
                       (long long)layer->in.size[d]);
    snprintf(text + at, sizeof text - (size_t)at, ", %lld units of %lld pieces",
             (long long)pleats_layer_units(layer), (long long)layer->pieces);
    return pleats_strdup(ctx, text, out);
}

static pleats_status make_task(pleats_ctx *ctx,
                               const pleats_one_layer_options *o,
                               pleats_one_layer_task *task)
{
    if (o->samples > MOST_SAMPLES || o->layer < 0 ||
        o->want > PLEATS_WANT_ALL || !(o->level >= 0 && o->level < 1))
        return pleats_fail(ctx, PLEATS_INVALID,
                           "a layer's number must be at least 0, samples at "
                           "most 10^6, a level above 0 and below 1, and what "
                           "is wanted among PLEATS_WANT_ALL");
    *task = (pleats_one_layer_task){.want = o->want,
                                    .slice = o->has_slice ? o->slice : -1,
                                    .budget = o->budget ? o->budget : 20000000,
                                    .samples = o->samples ? o->samples : 2000,
                                    .max_states =
                                        o->max_states ? o->max_states : 4000000,
                                    .level = o->level > 0 ? o->level : 0.95,
                                    .seed = o->seed};
    return PLEATS_OK;
}

/* "3 maxima of 2 on 2", "9 maxima of 4 on 1x4x4". */
static pleats_status name_maxima(pleats_ctx *ctx, const pleats_layer_spec *l,
                                 const pleats_shape *in, char **out)
{
    char text[256];
    int64_t k = l->rank;
    if (l->kind == PLEATS_LAYER_MAXPOOL) {
        k = 1;
        for (pleats_idx d = 0; d < l->in.n_spatial; d++)
            k *= l->conv.kernel[d];
    }
    int at =
        snprintf(text, sizeof text, "%lld maxima of %lld on %lld",
                 (long long)l->n_units, (long long)k, (long long)in->channels);
    for (pleats_idx d = 0; d < in->n_spatial; d++)
        at += snprintf(text + at, sizeof text - (size_t)at, "x%lld",
                       (long long)in->size[d]);
    return pleats_strdup(ctx, text, out);
}

/* The answer for a layer of maxima at `at`. */
static pleats_status count_maxima(pleats_ctx *ctx, const pleats_spec *spec,
                                  pleats_idx at, pleats_one_layer_result *out)
{
    pleats_status status = PLEATS_OK;
    const pleats_layer_spec *l = &spec->layer[at];
    const bool is_pool = l->kind == PLEATS_LAYER_MAXPOOL;
    const pleats_idx reads = at > 0 && !is_pool ? at - 1 : at;
    const pleats_conv_layer none = {.pieces = 2};
    pleats_one_layer one;
    TRY(pleats_max_layer_count(ctx, spec, at, &one));
    TRY(name_maxima(ctx, l, &spec->layer[reads].in, &out->layer));
    out->input = reads == 0 ? NULL : own_input;
    TRY(publish_all(ctx, &one, &none, out));
    out->sentence = is_pool ? of_pool : of_maxima;
done:
    pleats_one_layer_clear(ctx, &one);
    return status;
}

pleats_status pleats_count_one_layer(pleats_ctx *ctx, const pleats_spec *spec,
                                     const pleats_one_layer_options *options,
                                     const pleats_limits *limits,
                                     pleats_one_layer_result *out)
{
    pleats_status status = PLEATS_OK;
    pleats_one_layer_options o;
    pleats_watch watch = {0};
    pleats_placed_layer placed = {0};
    const pleats_conv_layer *layer = &placed.layer;
    pleats_one_layer_task task = {0};
    pleats_one_layer one = {0};
    bool is_made = false;
    *out = (pleats_one_layer_result){0};
    TRY(pleats_options_take(ctx, options, &o, sizeof o));
    TRY(pleats_watch_begin(ctx, limits, &watch));
    TRY(make_task(ctx, &o, &task));
    const pleats_idx maxima =
        pleats_spec_is_chain(spec) ? pleats_max_layer_find(spec, o.layer) : -1;
    if (maxima >= 0) {
        TRY(count_maxima(ctx, spec, maxima, out));
        out->seconds = pleats_now() - watch.started;
        goto done;
    }
    TRY(pleats_layer_of_spec(ctx, spec, o.layer, &placed));
    task.breaks = placed.breaks;
    is_made = true;
    TRY(pleats_one_layer_init(ctx, &one, layer, &task));
    TRY(name_layer(ctx, layer, &out->layer));
    out->input = placed.is_first ? NULL : own_input;
    TRY(publish_all(ctx, &one, layer, out));
    out->level = task.level;
    out->sentence = layer->conv.has_bias ? with_bias : without_bias;
    out->seconds = pleats_now() - watch.started;
done:
    pleats_watch_end(ctx, &watch);
    if (is_made)
        pleats_one_layer_clear(ctx, &one);
    return status;
}

static void numbers_clear(pleats_ctx *ctx, pleats_numbers *numbers)
{
    for (size_t i = 0; i < numbers->n; i++)
        pleats_release(ctx, numbers->at[i]);
    pleats_release(ctx, numbers->at);
}

void pleats_one_layer_result_clear(pleats_ctx *ctx, pleats_one_layer_result *r)
{
    pleats_number *number[] = {&r->formula,        &r->generic, &r->no_bias,
                               &r->nonzero_breaks, &r->bounded, &r->slice};
    for (size_t i = 0; i < sizeof number / sizeof *number; i++) {
        pleats_release(ctx, number[i]->value);
        pleats_release(ctx, number[i]->reason);
    }
    numbers_clear(ctx, &r->independent);
    numbers_clear(ctx, &r->characteristic);
    numbers_clear(ctx, &r->binomial);
    numbers_clear(ctx, &r->monomial);
    pleats_release(ctx, r->layer);
    pleats_release(ctx, r->no_bias_upper);
    pleats_release(ctx, r->generic_low);
    pleats_release(ctx, r->generic_high);
    pleats_release(ctx, r->generic_lower);
    pleats_release(ctx, r->generic_upper);
    pleats_release(ctx, r->polynomial_reason);
    pleats_release(ctx, r->leading);
    *r = (pleats_one_layer_result){0};
}
