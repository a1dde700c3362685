/* Rows of scalars that the layers of a spec read. */
#include "spec/spec_rows.h"

pleats_status pleats_spec_multiply(pleats_ctx *ctx, pleats_idx n,
                                   const int64_t *factor, size_t *out)
{
    int64_t product = 1;
    for (pleats_idx i = 0; i < n; i++) {
        if (factor[i] < 1 || factor[i] > PLEATS_MAX_LAYER_SIZE / product)
            return pleats_fail(ctx, PLEATS_LIMIT,
                               "a layer has more than %d numbers, or none",
                               PLEATS_MAX_LAYER_SIZE);
        product *= factor[i];
    }
    *out = (size_t)product;
    return PLEATS_OK;
}

pleats_idx pleats_shape_dims(const pleats_shape *shape,
                             int64_t dims[PLEATS_SPEC_MAX_DIMS])
{
    dims[0] = shape->channels;
    for (pleats_idx d = 0; d < shape->n_spatial; d++)
        dims[1 + d] = shape->size[d];
    return 1 + shape->n_spatial;
}

void pleats_spec_rows_clear(pleats_ctx *ctx, pleats_spec_rows *r)
{
    pleats_release(ctx, r->start);
    pleats_release(ctx, r->in);
    pleats_release(ctx, r->weight);
}

pleats_status pleats_spec_rows_new(pleats_ctx *ctx, const pleats_shape *shape,
                                   int64_t width, pleats_spec_rows *r)
{
    pleats_status status = PLEATS_OK;
    int64_t factor[PLEATS_SPEC_MAX_DIMS + 1];
    pleats_idx n_dims = pleats_shape_dims(shape, factor);
    size_t n = 0, terms = 0;
    factor[n_dims] = width;
    TRY(pleats_spec_multiply(ctx, n_dims, factor, &n));
    TRY(pleats_spec_multiply(ctx, n_dims + 1, factor, &terms));
    TRY(pleats_alloc(ctx, n + 1, sizeof *r->start, &r->start));
    TRY(pleats_alloc(ctx, terms, sizeof *r->in, &r->in));
    TRY(pleats_alloc(ctx, terms, sizeof *r->weight, &r->weight));
    for (size_t i = 0; i < terms; i++)
        r->weight[i] = 1;
done:
    return status;
}

void pleats_spec_rows_add(pleats_spec_rows *r, pleats_idx scalar)
{
    r->in[r->n_terms++] = scalar;
}

void pleats_spec_rows_end(pleats_spec_rows *r)
{
    r->start[++r->n] = r->n_terms;
}

/* Cell of the input plane that entry `tap` of window `position` reads, -1 in
 * the padding. */
static int64_t cell_of(const pleats_layer_spec *l, int64_t position,
                       int64_t tap)
{
    const pleats_conv_spec *c = &l->conv;
    int64_t number = 0, scale = 1;
    for (pleats_idx d = l->in.n_spatial; d-- > 0;) {
        int64_t x = position % l->out.size[d] * c->stride[d] +
                    tap % c->kernel[d] - c->pad_lo[d];
        position /= l->out.size[d];
        tap /= c->kernel[d];
        if (x < 0 || x >= l->in.size[d])
            return -1;
        number += x * scale;
        scale *= l->in.size[d];
    }
    return number;
}

pleats_status pleats_spec_rows_pool(pleats_ctx *ctx, const pleats_layer_spec *l,
                                    pleats_idx first, size_t *volume,
                                    pleats_spec_rows *r)
{
    pleats_status status = PLEATS_OK;
    size_t plane = 0, positions = 0;
    TRY(pleats_spec_multiply(ctx, l->in.n_spatial, l->conv.kernel, volume));
    TRY(pleats_spec_multiply(ctx, l->in.n_spatial, l->in.size, &plane));
    TRY(pleats_spec_multiply(ctx, l->in.n_spatial, l->out.size, &positions));
    TRY(pleats_spec_rows_new(ctx, &l->out, (int64_t)*volume, r));
    for (size_t i = 0; i < (size_t)l->out.channels * positions; i++) {
        int64_t origin = first + (int64_t)(i / positions * plane);
        for (size_t tap = 0; tap < *volume; tap++) {
            int64_t cell = cell_of(l, (int64_t)(i % positions), (int64_t)tap);
            if (cell >= 0)
                pleats_spec_rows_add(r, (pleats_idx)(origin + cell));
        }
        pleats_spec_rows_end(r);
    }
done:
    return status;
}
