/* Which input cell every kernel offset of every window reads. */
#include "theory/windows.h"

enum { MOST_TAPS = 1 << 24 };

static int64_t reach(const pleats_conv_spec *c, pleats_idx d)
{
    return (c->kernel[d] - 1) * c->dilation[d] + 1;
}

static int64_t padded(const pleats_conv_layer *layer, pleats_idx d)
{
    return layer->in.size[d] + layer->conv.pad_lo[d] + layer->conv.pad_hi[d];
}

int64_t pleats_layer_outputs(const pleats_conv_layer *layer, pleats_idx d)
{
    return (padded(layer, d) - reach(&layer->conv, d)) / layer->conv.stride[d] +
           1;
}

int64_t pleats_window_width(const pleats_conv_layer *layer, pleats_idx d,
                            int64_t i, int64_t *from)
{
    int64_t lo = i * layer->conv.stride[d] - layer->conv.pad_lo[d];
    int64_t hi = lo + layer->conv.kernel[d];
    *from = lo > 0 ? lo : 0;
    hi = hi < layer->in.size[d] ? hi : layer->in.size[d];
    return hi > *from ? hi - *from : 0;
}

static int64_t positions(const pleats_conv_layer *layer)
{
    int64_t n = 1;
    for (pleats_idx d = 0; d < layer->in.n_spatial; d++)
        n *= pleats_layer_outputs(layer, d);
    return n;
}

int64_t pleats_layer_units(const pleats_conv_layer *layer)
{
    return positions(layer) * layer->conv.filters;
}

static bool is_between(int64_t x, int64_t lo, int64_t hi)
{
    return lo <= x && x <= hi;
}

/* Axis d; *taps and *cells, so far below 2^24, grow by it. */
static pleats_status check_axis(pleats_ctx *ctx, const pleats_conv_layer *layer,
                                pleats_idx d, int64_t *taps, int64_t *cells)
{
    const pleats_conv_spec *c = &layer->conv;
    if (!is_between(layer->in.size[d], 1, MOST_TAPS) ||
        !is_between(c->kernel[d], 1, MOST_TAPS) ||
        !is_between(c->stride[d], 1, MOST_TAPS) ||
        !is_between(c->dilation[d], 1, MOST_TAPS) ||
        !is_between(c->pad_lo[d], 0, MOST_TAPS) ||
        !is_between(c->pad_hi[d], 0, MOST_TAPS))
        return pleats_fail(ctx, PLEATS_INVALID,
                           "axis %d of the layer: size, kernel, stride and "
                           "dilation must be at least 1, padding at least 0, "
                           "and all at most 2^24",
                           d + 1);
    if (reach(c, d) > padded(layer, d))
        return pleats_fail(ctx, PLEATS_INVALID,
                           "axis %d of the layer: the kernel reaches over "
                           "%lld cells, but the padded input has %lld",
                           d + 1, (long long)reach(c, d),
                           (long long)padded(layer, d));
    *cells *= layer->in.size[d];
    *taps *= c->kernel[d];
    if (*taps <= MOST_TAPS)
        *taps *= pleats_layer_outputs(layer, d);
    if (*cells > MOST_TAPS || *taps > MOST_TAPS)
        return pleats_fail(ctx, PLEATS_LIMIT,
                           "the layer has more than 2^24 inputs or pairs of a "
                           "window and a cell");
    return PLEATS_OK;
}

pleats_status pleats_conv_layer_check(pleats_ctx *ctx,
                                      const pleats_conv_layer *layer)
{
    pleats_status status = PLEATS_OK;
    int64_t taps = 1, cells = 1;
    if (!is_between(layer->in.channels, 1, INT32_MAX) ||
        !is_between(layer->conv.filters, 1, INT32_MAX) ||
        !is_between(layer->in.n_spatial, 0, PLEATS_MAX_SPATIAL))
        TRY(pleats_fail(ctx, PLEATS_INVALID,
                        "channels and filters must be between 1 and 2^31 - 1"));
    if (layer->conv.groups < 1 ||
        layer->in.channels % layer->conv.groups != 0 ||
        layer->conv.filters % layer->conv.groups != 0)
        TRY(pleats_fail(ctx, PLEATS_INVALID,
                        "%lld groups must divide %lld channels and %lld "
                        "filters",
                        (long long)layer->conv.groups,
                        (long long)layer->in.channels,
                        (long long)layer->conv.filters));
    if (!is_between(layer->pieces, 2, INT32_MAX))
        TRY(pleats_fail(ctx, PLEATS_INVALID,
                        "an activation needs between 2 and 2^31 - 1 pieces"));
    for (pleats_idx d = 0; d < layer->in.n_spatial; d++)
        TRY(check_axis(ctx, layer, d, &taps, &cells));
done:
    return status;
}

/* axis [n_spatial]: all axes; with `swept` the longest output side first. */
static void order_axes(const pleats_conv_layer *layer, bool swept,
                       pleats_idx *axis)
{
    for (pleats_idx d = 0; d < layer->in.n_spatial; d++) {
        pleats_idx at = d;
        while (swept && at > 0 &&
               pleats_layer_outputs(layer, axis[at - 1]) <
                   pleats_layer_outputs(layer, d)) {
            axis[at] = axis[at - 1];
            at--;
        }
        axis[at] = d;
    }
}

/* The next tuple below `most`, its last axis running fastest. */
static void advance(pleats_idx n, const pleats_idx *axis, const int64_t *most,
                    int64_t *tuple)
{
    for (pleats_idx i = n - 1; i >= 0; i--) {
        pleats_idx d = axis[i];
        if (++tuple[d] < most[d])
            return;
        tuple[d] = 0;
    }
}

static pleats_idx cell_of(const pleats_conv_layer *layer, const int64_t *at,
                          const int64_t *offset)
{
    const pleats_conv_spec *c = &layer->conv;
    int64_t cell = 0;
    for (pleats_idx d = 0; d < layer->in.n_spatial; d++) {
        int64_t x =
            at[d] * c->stride[d] + offset[d] * c->dilation[d] - c->pad_lo[d];
        if (x < 0 || x >= layer->in.size[d])
            return -1;
        cell = cell * layer->in.size[d] + x;
    }
    return (pleats_idx)cell;
}

pleats_status pleats_taps_init(pleats_ctx *ctx, pleats_taps *taps,
                               const pleats_conv_layer *layer, bool swept)
{
    pleats_status status = PLEATS_OK;
    const pleats_idx n = layer->in.n_spatial;
    pleats_idx swept_axis[PLEATS_MAX_SPATIAL], axis[PLEATS_MAX_SPATIAL];
    int64_t outputs[PLEATS_MAX_SPATIAL] = {0}, at[PLEATS_MAX_SPATIAL] = {0};
    int64_t cells = 1, n_taps = 1;
    *taps = (pleats_taps){0};
    TRY(pleats_conv_layer_check(ctx, layer));
    order_axes(layer, swept, swept_axis);
    order_axes(layer, false, axis);
    for (pleats_idx d = 0; d < n; d++) {
        outputs[d] = pleats_layer_outputs(layer, d);
        cells *= layer->in.size[d];
        n_taps *= layer->conv.kernel[d];
    }
    taps->n_positions = (pleats_idx)positions(layer);
    taps->n_cells = (pleats_idx)cells;
    taps->n_taps = (pleats_idx)n_taps;
    TRY(pleats_alloc(ctx, (size_t)taps->n_positions * (size_t)n_taps,
                     sizeof *taps->cell, &taps->cell));
    for (pleats_idx p = 0; p < taps->n_positions; p++) {
        int64_t offset[PLEATS_MAX_SPATIAL] = {0};
        for (int64_t k = 0; k < n_taps; k++) {
            taps->cell[p * n_taps + k] = cell_of(layer, at, offset);
            advance(n, axis, layer->conv.kernel, offset);
        }
        advance(n, swept_axis, outputs, at);
    }
done:
    return status;
}

void pleats_taps_clear(pleats_ctx *ctx, pleats_taps *taps)
{
    pleats_release(ctx, taps->cell);
    *taps = (pleats_taps){0};
}

uint64_t pleats_taps_set(const pleats_taps *taps, pleats_idx position)
{
    const pleats_idx *cell =
        taps->cell + (size_t)position * (size_t)taps->n_taps;
    uint64_t set = 0;
    for (pleats_idx k = 0; k < taps->n_taps; k++)
        if (cell[k] >= 0)
            set |= (uint64_t)1 << cell[k];
    return set;
}
