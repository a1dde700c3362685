#include "theory/bounds/strips.h"

#include "exact/integers.h"

enum { MOST_STATES = 5000 };

/* The part of a convolution that makes rows first .. last - 1; *has_input is
 * false when these see padding alone. */
static pleats_conv_layer part_of(const pleats_layer_spec *conv,
                                 pleats_idx first, pleats_idx last,
                                 bool *has_input)
{
    pleats_conv_layer part = {.in = conv->in, .conv = conv->conv, .pieces = 2};
    pleats_conv_spec *c = &part.conv;
    const int64_t reach = (c->kernel[0] - 1) * c->dilation[0] + 1;
    const int64_t begin = first * c->stride[0] - c->pad_lo[0];
    const int64_t end = (last - 1) * c->stride[0] - c->pad_lo[0] + reach;
    const int64_t lo = begin > 0 ? begin : 0;
    const int64_t hi = end < conv->in.size[0] ? end : conv->in.size[0];
    *has_input = lo < hi;
    part.in.size[0] = hi - lo;
    c->pad_lo[0] = lo - begin;
    c->pad_hi[0] = end - hi;
    return part;
}

static pleats_status count_one(pleats_ctx *ctx, pleats_independence *out)
{
    pleats_status status = PLEATS_OK;
    *out = (pleats_independence){0};
    TRY(pleats_integers_new(ctx, 1, &out->at));
    mpz_set_ui(out->at[0], 1);
done:
    return status;
}

static pleats_status count_binomials(pleats_ctx *ctx, int64_t n,
                                     pleats_independence *out)
{
    pleats_status status = PLEATS_OK;
    *out = (pleats_independence){.n = (size_t)n};
    TRY(pleats_integers_new(ctx, out->n + 1, &out->at));
    for (size_t j = 0; j <= out->n; j++)
        mpz_bin_uiui(out->at[j], (unsigned long)n, j);
done:
    return status;
}

static pleats_status count_strip(pleats_ctx *ctx, const pleats_level *fine,
                                 int64_t size, pleats_idx parts, pleats_idx i,
                                 pleats_independence *out, bool *fits)
{
    pleats_status status = PLEATS_OK;
    pleats_idx first = 0, last = 0;
    bool has_input = false;
    const pleats_layer_spec *made_by = fine->made_by;
    if (!made_by || made_by->kind != PLEATS_LAYER_CONV)
        return count_binomials(ctx, size, out);
    pleats_strip_rows(fine->n_rows, parts, i, &first, &last);
    pleats_conv_layer part = part_of(made_by, first, last, &has_input);
    if (!has_input)
        return count_one(ctx, out);
    status = pleats_formula_sizes(ctx, &part, MOST_STATES, out, NULL);
    if (pleats_is_too_large(ctx, status)) {
        *fits = false;
        status = PLEATS_OK;
    }
    return status;
}

pleats_status pleats_strip_options(pleats_ctx *ctx, const pleats_linkage *fine,
                                   const pleats_linkage *merged, size_t l,
                                   pleats_idx parts, pleats_options *out,
                                   bool *fits)
{
    pleats_status status = PLEATS_OK;
    const pleats_level *level = &merged->level[l];
    pleats_independence *sets = NULL;
    *out = (pleats_options){0};
    *fits = true;
    TRY(pleats_alloc(ctx, (size_t)level->n, sizeof *sets, &sets));
    for (pleats_idx i = 0; *fits && i < level->n; i++)
        TRY(count_strip(ctx, &fine->level[l], level->size[i], parts, i,
                        &sets[i], fits));
    if (*fits)
        TRY(pleats_options_merged(ctx, level, sets, out, fits));
done:
    for (pleats_idx i = 0; sets && i < level->n; i++)
        pleats_independence_clear(ctx, &sets[i]);
    pleats_release(ctx, sets);
    return status;
}
