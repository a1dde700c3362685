/* Pools, recognised in the rows of a step. */
#include "onnx_write/write_pool.h"

#include "spec/spec_window.h"

/* One window for each channel. */
static void set_whole_planes(const pleats_windows *windows, pleats_pool *p)
{
    for (pleats_idx d = 0; d < p->n_spatial; d++) {
        p->window.kernel[d] = p->window.stride[d] = windows->shape.size[d];
        p->window.pad_lo[d] = p->window.pad_hi[d] = 0;
        p->dims[1 + d] = 1;
    }
}

bool pleats_pool_find(const pleats_writer *w, const pleats_step *s,
                      pleats_pool *p)
{
    const pleats_value *v = s->n_in > 0 ? &w->value[w->home[s->in[0]]] : NULL;
    if (!v || v->first < 0 || v->n_dims < 2 ||
        v->n_dims > 1 + PLEATS_MAX_SPATIAL)
        return false;
    pleats_windows windows = {
        s, {v->dims[0], v->n_dims - 1, {1, 1, 1}}, v->first};
    *p = (pleats_pool){.from = v, .n_spatial = v->n_dims - 1};
    p->dims[0] = v->dims[0];
    for (pleats_idx d = 0; d < p->n_spatial; d++)
        windows.shape.size[d] = v->dims[1 + d];
    if (pleats_windows_are_planes(&windows)) {
        set_whole_planes(&windows, p);
        return true;
    }
    if (!pleats_windows_slide(&windows, &p->window))
        return false;
    for (pleats_idx d = 0; d < p->n_spatial; d++)
        p->dims[1 + d] = s->dims[1 + d];
    return true;
}

pleats_status pleats_pool_write(pleats_writer *w, const pleats_step *s,
                                const pleats_pool *p, const char *op,
                                Onnx__NodeProto **node)
{
    pleats_status status = PLEATS_OK;
    const size_t n = (size_t)p->n_spatial;
    int64_t pads[2 * PLEATS_MAX_SPATIAL];
    for (size_t d = 0; d < n; d++) {
        pads[d] = p->window.pad_lo[d];
        pads[n + d] = p->window.pad_hi[d];
    }
    TRY(pleats_model_out_node(&w->model, op, 1, &p->from->name, node));
    TRY(pleats_model_out_ints(&w->model, *node, "kernel_shape", n,
                              p->window.kernel));
    TRY(pleats_model_out_ints(&w->model, *node, "strides", n,
                              p->window.stride));
    TRY(pleats_model_out_ints(&w->model, *node, "pads", 2 * n, pads));
    TRY(pleats_writer_hold(w, (*node)->output[0], 1 + p->n_spatial, p->dims,
                           s->n_out, s->out, NULL));
done:
    return status;
}
