/* Pools: one row of scalars for each window. */
#include "onnx/ops.h"
#include "onnx/window.h"

/* Taps first .. end-1 of window o along axis k lie inside the input; `padded`
 * of all lie inside the padded input. */
typedef struct {
    int64_t start, first, end, padded;
} taps;

/* ceil(a / b) for b > 0, 0 for negative a. */
static int64_t ceil_div(int64_t a, int64_t b)
{
    return a <= 0 ? 0 : (a + b - 1) / b;
}

static taps taps_of(const pleats_window *w, int k, int64_t o)
{
    taps t = {.start = o * w->stride[k] - w->lo[k]};
    t.first = ceil_div(-t.start, w->dilation[k]);
    t.end = ceil_div(w->in[k] - t.start, w->dilation[k]);
    t.end = t.end < w->kernel[k] ? t.end : w->kernel[k];
    t.first = t.first < t.end ? t.first : t.end;
    t.padded = ceil_div(w->in[k] + w->hi[k] - t.start, w->dilation[k]);
    t.padded = t.padded < w->kernel[k] ? t.padded : w->kernel[k];
    return t;
}

/* Adds the scalars of one window of the plane `x`. */
static pleats_status add_window(const pleats_call *c, const pleats_window *w,
                                const pleats_idx *x, const taps *t,
                                pleats_terms *terms)
{
    pleats_status status = PLEATS_OK;
    for (int64_t i = t[0].first; i < t[0].end; i++)
        for (int64_t j = t[1].first; j < t[1].end; j++)
            for (int64_t k = t[2].first; k < t[2].end; k++) {
                int64_t a = t[0].start + i * w->dilation[0];
                int64_t b = t[1].start + j * w->dilation[1];
                int64_t d = t[2].start + k * w->dilation[2];
                TRY(pleats_terms_add(c, terms,
                                     x[(a * w->in[1] + b) * w->in[2] + d], 1));
            }
done:
    return status;
}

/* Rows of all windows of x, which has no entry -1 unless it is summed up;
 * `mean`: 0, or 1 to divide by the number of inputs, 2 to count the padding
 * too. */
static pleats_status add_windows(const pleats_call *c, const pleats_window *w,
                                 const pleats_tensor *x, int mean,
                                 pleats_terms *terms)
{
    pleats_status status = PLEATS_OK;
    int64_t planes = x->shape.dim[0] * x->shape.dim[1];
    int64_t area = w->in[0] * w->in[1] * w->in[2];
    int64_t n = w->out[0] * w->out[1] * w->out[2];
    for (int64_t i = 0; i < planes * n; i++) {
        int64_t at = i % n;
        const taps t[PLEATS_MAX_SPATIAL] = {
            taps_of(w, 0, at / (w->out[1] * w->out[2])),
            taps_of(w, 1, at / w->out[2] % w->out[1]),
            taps_of(w, 2, at % w->out[2])};
        int64_t count = 1;
        for (int k = 0; k < PLEATS_MAX_SPATIAL; k++)
            count *= mean == 2 ? t[k].padded : t[k].end - t[k].first;
        if (count < 1)
            TRY(pleats_fail(c->ctx, PLEATS_INVALID,
                            "a window lies wholly in the padding"));
        TRY(add_window(c, w, x->scalar + i / n * area, t, terms));
        TRY(pleats_terms_end(c, terms, 0, mean ? (double)count : 1));
    }
done:
    return status;
}

typedef enum { MAXIMUM, MEAN, SUM } kind;

static pleats_status pool(const pleats_call *c, kind what)
{
    pleats_status status = PLEATS_OK;
    const pleats_tensor *x = NULL;
    pleats_window w = {0};
    pleats_tensor_shape shape = {0};
    pleats_tensor scalars = {0};
    pleats_terms terms = {0};
    int64_t with_pads = 0;
    TRY(pleats_call_need(c, 0, &x));
    TRY(pleats_window_read(c, &x->shape, NULL, &w));
    TRY(pleats_window_slide(c, &w));
    TRY(pleats_window_shape(c, &w, x->shape.dim[0], x->shape.dim[1], &shape));
    TRY(pleats_call_scalars(c, x, what != MAXIMUM, &scalars));
    TRY(pleats_call_int(c, "count_include_pad", 0, &with_pads));
    TRY(add_windows(c, &w, &scalars,
                    what != MEAN ? 0
                    : with_pads  ? 2
                                 : 1,
                    &terms));
    if (what == MAXIMUM)
        TRY(pleats_emit_max(c, &terms, false, &shape, c->out));
    else
        TRY(pleats_emit_sparse(c, &terms, 0, &shape, c->out));
done:
    pleats_tensor_clear(c->ctx, &scalars);
    pleats_terms_clear(c->ctx, &terms);
    return status;
}

pleats_status pleats_op_max_pool(pleats_call *c)
{
    return pool(c, MAXIMUM);
}

pleats_status pleats_op_average_pool(pleats_call *c)
{
    return pool(c, MEAN);
}

pleats_status pleats_op_sum_pool(pleats_call *c)
{
    return pool(c, SUM);
}
