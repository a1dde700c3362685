/* The windows of pools, recognised from what their steps read. */
#include "spec/spec_window.h"

/* Row i of the step: its terms less `first`. */
static pleats_idx row_terms(const pleats_windows *w, int64_t i)
{
    return w->step->start[i + 1] - w->step->start[i];
}

static int64_t term(const pleats_windows *w, int64_t i, pleats_idx t)
{
    return (int64_t)w->step->in[w->step->start[i] + t] - w->first;
}

static int64_t plane_of(const pleats_shape *shape)
{
    return pleats_shape_count(shape) / shape->channels;
}

bool pleats_windows_are_planes(const pleats_windows *w)
{
    const int64_t plane = plane_of(&w->shape);
    if (w->step->n_out != w->shape.channels || w->shape.n_spatial == 0)
        return false;
    for (int64_t c = 0; c < w->shape.channels; c++) {
        if (row_terms(w, c) != plane)
            return false;
        for (pleats_idx t = 0; t < plane; t++)
            if (term(w, c, t) != c * plane + t)
                return false;
    }
    return true;
}

bool pleats_windows_are_channels(const pleats_windows *w, int64_t *rank)
{
    const int64_t plane = plane_of(&w->shape);
    const pleats_idx k = row_terms(w, 0);
    if (k < 2 || w->step->n_out * (int64_t)k != pleats_shape_count(&w->shape) ||
        w->shape.channels % k)
        return false;
    for (pleats_idx i = 0; i < w->step->n_out; i++) {
        if (row_terms(w, i) != k)
            return false;
        for (pleats_idx t = 0; t < k; t++)
            if (term(w, i, t) != (i / plane * k + t) * plane + i % plane)
                return false;
    }
    *rank = k;
    return true;
}

/* Along one axis of size `in`: window o of `out` sees lo(o) .. hi(o) - 1, the
 * coordinates of the first and last term of row o * step. */
typedef struct {
    const pleats_windows *w;
    int64_t in, out;
    int64_t step;   /* rows from one window to the next */
    int64_t spread; /* scalars from one coordinate to the next */
} axis;

static int64_t lo(const axis *a, int64_t o)
{
    return term(a->w, o * a->step, 0) / a->spread % a->in;
}

static int64_t hi(const axis *a, int64_t o)
{
    const int64_t row = o * a->step;
    return term(a->w, row, row_terms(a->w, row) - 1) / a->spread % a->in + 1;
}

static int64_t clip(int64_t x, int64_t most)
{
    return x < 0 ? 0 : x > most ? most : x;
}

static bool fits(const axis *a, int64_t k, int64_t s, int64_t pad)
{
    for (int64_t o = 0; o < a->out; o++)
        if (lo(a, o) != clip(o * s - pad, a->in) ||
            hi(a, o) != clip(o * s - pad + k, a->in))
            return false;
    return true;
}

/* The smallest padding for which the first and the last window give a kernel
 * and a stride that explain them all. */
static bool fit_axis(const axis *a, pleats_idx d, pleats_conv_spec *out)
{
    int64_t k = hi(a, 0), s = k > a->in - k ? k : a->in - k + 1, pad = 0;
    bool found = a->out == 1 && fits(a, k, s, 0);
    const int64_t last = lo(a, a->out - 1), gaps = a->out - 1;
    for (int64_t p = 0; !found && gaps > 0 && last > 0 && p < a->in; p++) {
        if ((last + p) % gaps)
            continue;
        pad = p;
        k = hi(a, 0) + p;
        s = (last + p) / gaps;
        found = fits(a, k, s, p);
    }
    if (!found)
        return false;
    const int64_t end = gaps * s + k - pad; /* where the last window ends */
    const bool symmetric = (a->in + 2 * pad - k) / s + 1 == a->out;
    out->kernel[d] = k;
    out->stride[d] = s;
    out->pad_lo[d] = pad;
    out->pad_hi[d] = symmetric ? pad : end > a->in ? end - a->in : 0;
    return (a->in + pad + out->pad_hi[d] - k) / s + 1 == a->out &&
           out->pad_hi[d] < k;
}

/* Whether row i, output position i of `out`, reads exactly its window. */
static bool row_is_window(const pleats_windows *w, const pleats_shape *out,
                          const pleats_conv_spec *c, int64_t i)
{
    int64_t from[PLEATS_MAX_SPATIAL], to[PLEATS_MAX_SPATIAL], rest = i;
    const int64_t *in = w->shape.size;
    pleats_idx t = 0;
    for (int d = PLEATS_MAX_SPATIAL; d-- > 0; rest /= out->size[d]) {
        const int64_t at = rest % out->size[d] * c->stride[d] - c->pad_lo[d];
        from[d] = clip(at, in[d]);
        to[d] = clip(at + c->kernel[d], in[d]);
    }
    if (row_terms(w, i) !=
        (to[0] - from[0]) * (to[1] - from[1]) * (to[2] - from[2]))
        return false;
    for (int64_t x = from[0]; x < to[0]; x++)
        for (int64_t y = from[1]; y < to[1]; y++)
            for (int64_t z = from[2]; z < to[2]; z++)
                if (term(w, i, t++) !=
                    ((rest * in[0] + x) * in[1] + y) * in[2] + z)
                    return false;
    return true;
}

/* Kernels along each axis, from the windows at that axis's edge. */
static bool fit_axes(const pleats_windows *w, const pleats_shape *out,
                     pleats_conv_spec *c)
{
    int64_t step = 1, spread = 1;
    for (pleats_idx d = PLEATS_MAX_SPATIAL; d-- > 0;) {
        c->kernel[d] = c->stride[d] = c->dilation[d] = 1;
        c->pad_lo[d] = c->pad_hi[d] = 0;
        const axis a = {w, w->shape.size[d], out->size[d], step, spread};
        if (d < out->n_spatial && !fit_axis(&a, d, c))
            return false;
        step *= out->size[d];
        spread *= w->shape.size[d];
    }
    return true;
}

bool pleats_windows_slide(const pleats_windows *w, pleats_conv_spec *out)
{
    const pleats_step *s = w->step;
    pleats_shape shape = {w->shape.channels, w->shape.n_spatial, {1, 1, 1}};
    if (shape.n_spatial == 0 || s->n_dims != 1 + shape.n_spatial ||
        s->dims[0] != shape.channels)
        return false;
    for (pleats_idx d = 0; d < shape.n_spatial; d++)
        shape.size[d] = s->dims[d + 1];
    if (pleats_shape_count(&shape) != s->n_out)
        return false;
    for (pleats_idx i = 0; i < s->n_out; i++)
        if (row_terms(w, i) < 1)
            return false;
    if (!fit_axes(w, &shape, out))
        return false;
    for (pleats_idx i = 0; i < s->n_out; i++)
        if (!row_is_window(w, &shape, out, i))
            return false;
    return true;
}
