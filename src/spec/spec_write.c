/* The canonical text of a spec: `mlp:` where that form can say it, each size
 * once where all axes agree, and nothing that is usual. */
#include "spec/spec_layer.h"

#include "base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

typedef struct {
    pleats_ctx *ctx;
    char *text;
    size_t used, capacity;
} writer;

enum { PART_BYTES = 160 };

static pleats_status put(writer *w, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
static pleats_status put(writer *w, const char *format, ...)
{
    pleats_status status = PLEATS_OK;
    char part[PART_BYTES];
    va_list args;
    va_start(args, format);
    pleats_vformat(part, sizeof part, format, args);
    va_end(args);
    size_t length = strlen(part);
    TRY(pleats_grow(w->ctx, &w->text, &w->capacity, w->used + length + 1, 1));
    memcpy(w->text + w->used, part, length + 1);
    w->used += length;
done:
    return status;
}

static bool all_are(pleats_idx n, const int64_t *size, int64_t value)
{
    for (pleats_idx d = 0; d < n; d++)
        if (size[d] != value)
            return false;
    return true;
}

/* ",s=2" or ",s=2x1"; nothing when every size is the usual one. */
static pleats_status put_sizes(writer *w, char key, pleats_idx n,
                               const int64_t *size, int64_t usual)
{
    char text[PLEATS_SHAPE_CHARS];
    if (all_are(n, size, usual))
        return PLEATS_OK;
    pleats_sizes_write(all_are(n, size, size[0]) ? 1 : n, size, text);
    return put(w, ",%c=%s", key, text);
}

/* ",p=1", ",p=1x0", ",p=0:1x0:1" */
static pleats_status put_pads(writer *w, pleats_idx n,
                              const pleats_conv_spec *c)
{
    pleats_status status = PLEATS_OK;
    if (memcmp(c->pad_lo, c->pad_hi, sizeof c->pad_lo) == 0)
        return put_sizes(w, 'p', n, c->pad_lo, 0);
    for (pleats_idx d = 0; d < n; d++)
        TRY(put(w, "%s%lld:%lld", d ? "x" : ",p=", (long long)c->pad_lo[d],
                (long long)c->pad_hi[d]));
done:
    return status;
}

static pleats_status put_conv(writer *w, const pleats_layer_spec *layer)
{
    pleats_status status = PLEATS_OK;
    const pleats_conv_spec *c = &layer->conv;
    pleats_idx n = layer->in.n_spatial;
    char kernel[PLEATS_SHAPE_CHARS];
    pleats_sizes_write(n, c->kernel, kernel);
    TRY(put(w, "=%lld@%s", (long long)c->filters, kernel));
    TRY(put_sizes(w, 's', n, c->stride, 1));
    TRY(put_pads(w, n, c));
    TRY(put_sizes(w, 'd', n, c->dilation, 1));
    if (c->groups > 1)
        TRY(put(w, ",g=%lld", (long long)c->groups));
    if (!c->has_bias)
        TRY(put(w, ",nobias"));
done:
    return status;
}

static pleats_status put_pool(writer *w, const pleats_layer_spec *layer)
{
    pleats_status status = PLEATS_OK;
    const pleats_conv_spec *c = &layer->conv;
    pleats_idx n = layer->in.n_spatial;
    char kernel[PLEATS_SHAPE_CHARS];
    pleats_sizes_write(all_are(n, c->kernel, c->kernel[0]) ? 1 : n, c->kernel,
                       kernel);
    TRY(put(w, "=%s", kernel));
    if (memcmp(c->stride, c->kernel, sizeof c->stride) != 0)
        TRY(put_sizes(w, 's', n, c->stride, 0));
    TRY(put_pads(w, n, c));
done:
    return status;
}

static pleats_status put_layer(writer *w, const pleats_layer_spec *layer)
{
    pleats_status status = PLEATS_OK;
    TRY(put(w, "%s", pleats_layer_word_of(layer)->name));
    switch (layer->kind) {
    case PLEATS_LAYER_CONV:
        TRY(put_conv(w, layer));
        break;
    case PLEATS_LAYER_MAXPOOL:
    case PLEATS_LAYER_AVGPOOL:
        TRY(put_pool(w, layer));
        break;
    case PLEATS_LAYER_FC:
        TRY(put(w, "=%lld%s", (long long)layer->out.channels,
                layer->has_bias ? "" : ",nobias"));
        break;
    case PLEATS_LAYER_MAXOUT:
        TRY(put(w, "=%lld", (long long)layer->rank));
        break;
    case PLEATS_LAYER_ACTIVATION:
        if (layer->activation == PLEATS_ACT_PL)
            TRY(put(w, "=%lld", (long long)layer->pieces));
        break;
    default:
        break;
    }
done:
    return status;
}

static pleats_status write_cnn(writer *w, const pleats_spec *spec)
{
    pleats_status status = PLEATS_OK;
    char input[PLEATS_SHAPE_CHARS];
    const char *between = "/";
    pleats_shape_write(&spec->input, input);
    TRY(put(w, "cnn:in=%s", input));
    for (pleats_idx i = 0; i < spec->n_layers; i++) {
        const pleats_layer_spec *layer = &spec->layer[i];
        if (layer->kind == PLEATS_LAYER_RES_END) {
            TRY(put(w, "}"));
            continue;
        }
        TRY(put(w, "%s", between));
        TRY(put_layer(w, layer));
        between = "/";
        if (layer->kind == PLEATS_LAYER_RES_BEGIN) {
            TRY(put(w, "{"));
            between = "";
        }
    }
done:
    return status;
}

/* fc, activation, fc, ..., fc on a vector, all with bias and with the same
 * activation. */
static bool is_mlp(const pleats_spec *spec)
{
    if (spec->input.n_spatial > 0 || spec->n_layers % 2 == 0)
        return false;
    for (pleats_idx i = 0; i < spec->n_layers; i++) {
        const pleats_layer_spec *layer = &spec->layer[i],
                                *act = spec->layer + 1;
        if (i % 2 == 0 && !(layer->kind == PLEATS_LAYER_FC && layer->has_bias))
            return false;
        if (i % 2 && ((layer->kind != PLEATS_LAYER_ACTIVATION &&
                       layer->kind != PLEATS_LAYER_MAXOUT) ||
                      layer->kind != act->kind || layer->rank != act->rank ||
                      layer->activation != act->activation ||
                      layer->pieces != act->pieces))
            return false;
    }
    return true;
}

static pleats_status write_mlp(writer *w, const pleats_spec *spec)
{
    pleats_status status = PLEATS_OK;
    const pleats_layer_spec *act = spec->layer + 1;
    TRY(put(w, "mlp:%lld", (long long)spec->input.channels));
    for (pleats_idx i = 1; i < spec->n_layers; i += 2)
        TRY(put(w, ",%lld", (long long)spec->layer[i].out.channels));
    TRY(put(w, ",%lld",
            (long long)spec->layer[spec->n_layers - 1].out.channels));
    if (spec->n_layers > 1 && (act->kind == PLEATS_LAYER_MAXOUT ||
                               act->activation != PLEATS_ACT_RELU)) {
        TRY(put(w, ":"));
        TRY(put_layer(w, act));
    }
done:
    return status;
}

pleats_status pleats_spec_write(pleats_ctx *ctx, const pleats_spec *spec,
                                char **out)
{
    pleats_status status = PLEATS_OK;
    writer w = {.ctx = ctx};
    TRY(is_mlp(spec) ? write_mlp(&w, spec) : write_cnn(&w, spec));
    *out = w.text;
    w.text = NULL;
done:
    pleats_release(ctx, w.text);
    return status;
}
