/* Resize and Upsample: a choice of elements, or means of them with rational
 * weights. */
#include "onnx/ops.h"
#include "onnx/pick.h"
#include "onnx/resample.h"

#include <math.h>

typedef enum { STRETCH, NOT_LARGER, NOT_SMALLER, N_POLICIES } policy;

typedef struct {
    pleats_resampling r;
    policy fit;
    double beyond; /* the extrapolation value */
    pleats_resample_axis axis[PLEATS_MAX_RANK];
    pleats_mix *taps[PLEATS_MAX_RANK]; /* [shape.dim[k]] each */
    bool *is_outside[PLEATS_MAX_RANK]; /* alike */
    pleats_tensor_shape shape;
} resizing;

static pleats_status read_modes(const pleats_call *c, resizing *z)
{
    pleats_status status = PLEATS_OK;
    static const char *const hows[] = {
        "half_pixel",           "pytorch_half_pixel", "half_pixel_symmetric",
        "tf_half_pixel_for_nn", "asymmetric",         "align_corners",
        "tf_crop_and_resize"};
    static const char *const roundings[] = {
        "round_prefer_floor", "round_prefer_ceil", "floor", "ceil"};
    static const char *const modes[] = {"nearest", "linear", "cubic"};
    static const char *const fits[] = {"stretch", "not_larger", "not_smaller"};
    bool old = c->opset < 11;
    int mode = 0, how = 0, round_by = 0, fit = 0;
    int64_t antialias = 0, exclude = 0;
    TRY(pleats_call_choose(c, "mode", "nearest", PLEATS_N_MODES, modes, &mode));
    TRY(pleats_call_choose(c, "keep_aspect_ratio_policy", "stretch", N_POLICIES,
                           fits, &fit));
    TRY(pleats_call_choose(c, "coordinate_transformation_mode",
                           old ? "asymmetric" : "half_pixel",
                           PLEATS_N_COORDINATES, hows, &how));
    TRY(pleats_call_choose(c, "nearest_mode",
                           old ? "floor" : "round_prefer_floor",
                           PLEATS_N_ROUNDINGS, roundings, &round_by));
    TRY(pleats_call_int(c, "antialias", 0, &antialias));
    TRY(pleats_call_int(c, "exclude_outside", 0, &exclude));
    TRY(pleats_call_float(c, "cubic_coeff_a", -0.75f, &z->r.cubic_a));
    TRY(pleats_call_float(c, "extrapolation_value", 0, &z->beyond));
    z->r.mode = (pleats_resize_mode)mode;
    z->r.how = (pleats_coordinates)how;
    z->r.round_by = (pleats_rounding)round_by;
    z->r.antialias = antialias != 0;
    z->r.exclude_outside = exclude != 0;
    z->fit = (policy)fit;
done:
    return status;
}

/* The n scales: attributes of Upsample before opset 9, input 1 before opset
 * 11, then input 2. */
static pleats_status read_scales(const pleats_call *c, size_t n,
                                 pleats_number *scale)
{
    pleats_status status = PLEATS_OK;
    const pleats_tensor *t = NULL;
    const Onnx__AttributeProto *a =
        c->opset < 9 ? pleats_node_attribute(c->graph, c->node, "scales")
                     : NULL;
    size_t found = 0;
    if (c->opset < 7 && n == 4) {
        scale[0] = scale[1] = 1;
        TRY(pleats_call_float(c, "height_scale", 1, &scale[2]));
        TRY(pleats_call_float(c, "width_scale", 1, &scale[3]));
        return status;
    }
    if (c->opset < 9) {
        found = a ? a->n_floats : 0;
    } else {
        TRY(pleats_call_const(c, c->opset < 11 ? 1 : 2, PLEATS_TENSOR_REAL,
                              &t));
        found = (size_t)t->shape.n;
    }
    if (found != n)
        TRY(pleats_fail(c->ctx, PLEATS_INVALID, "it has %zu scales, not %zu",
                        found, n));
    for (size_t i = 0; i < n; i++)
        scale[i] = t ? t->real[i] : (double)a->floats[i];
done:
    return status;
}

/* The least or greatest of the n scales out / in is that of all axes k[i];
 * sizes are rounded, halves up. */
static void keep_aspect(resizing *z, size_t n, const int *k)
{
    size_t best = 0;
    mpq_t scale, size;
    mpq_inits(scale, size, NULL);
    for (size_t i = 1; i < n; i++) {
        int order = mpq_cmp(z->axis[k[i]].scale, z->axis[k[best]].scale);
        if (z->fit == NOT_LARGER ? order < 0 : order > 0)
            best = i;
    }
    mpq_set(scale, z->axis[k[best]].scale);
    for (size_t i = 0; i < n; i++) {
        pleats_resample_axis *a = &z->axis[k[i]];
        mpq_set(a->scale, scale);
        mpq_set_si(size, 2 * a->in, 1);
        mpq_mul(size, size, scale);
        mpz_add(mpq_numref(size), mpq_numref(size), mpq_denref(size));
        mpz_mul_2exp(mpq_denref(size), mpq_denref(size), 1);
        mpz_fdiv_q(mpq_numref(size), mpq_numref(size), mpq_denref(size));
        a->out = mpz_fits_slong_p(mpq_numref(size))
                     ? mpz_get_si(mpq_numref(size))
                     : PLEATS_MAX_ELEMENTS + 1;
    }
    mpq_clears(scale, size, NULL);
}

/* Axis a becomes one of the given size, or of what the scale gives, reckoned
 * in floats as runtimes do. */
static pleats_status set_axis(const pleats_call *c, pleats_resample_axis *a,
                              const int64_t *size, pleats_number scale)
{
    double out =
        size ? (double)*size : (double)floorf((float)a->in * (float)scale);
    if (!(out >= 1) || !(out <= (double)PLEATS_MAX_ELEMENTS) || a->in < 1)
        return pleats_fail(c->ctx, PLEATS_INVALID,
                           "a scale or size is out of range");
    a->out = (int64_t)out;
    if (size) {
        mpq_set_si(a->scale, a->out, (unsigned long)a->in);
        mpq_canonicalize(a->scale);
    } else {
        pleats_number_get(c->pool, scale, a->scale);
    }
    return PLEATS_OK;
}

/* Start and end of the axes k[i], in parts of their length. */
static pleats_status read_roi(const pleats_call *c, size_t n, const int *k,
                              resizing *z)
{
    pleats_status status = PLEATS_OK;
    const pleats_tensor *roi = NULL;
    if (z->r.how != PLEATS_CROP_AND_RESIZE)
        return status;
    TRY(pleats_call_const(c, 1, PLEATS_TENSOR_REAL, &roi));
    if (roi->shape.n != (int64_t)(2 * n))
        TRY(pleats_fail(c->ctx, PLEATS_INVALID,
                        "its roi has %lld numbers for %zu axes",
                        (long long)roi->shape.n, n));
    for (size_t i = 0; i < 2 * n; i++)
        if (!pleats_number_is_finite(roi->real[i]))
            TRY(pleats_fail(c->ctx, PLEATS_INVALID, "its roi is not finite"));
    for (size_t i = 0; i < n; i++) {
        pleats_number_get(c->pool, roi->real[i], z->axis[k[i]].roi_start);
        pleats_number_get(c->pool, roi->real[n + i], z->axis[k[i]].roi_end);
    }
done:
    return status;
}

/* Scales, or sizes from input 3; `axes` says for which axes. */
static pleats_status read_axes(const pleats_call *c,
                               const pleats_tensor_shape *x, resizing *z)
{
    pleats_status status = PLEATS_OK;
    pleats_ints sizes = {0}, axes = {0};
    pleats_number scale[PLEATS_MAX_RANK] = {0};
    size_t n = (size_t)x->rank;
    int k[PLEATS_MAX_RANK] = {0};
    TRY(pleats_call_list(c, 3, NULL, &sizes));
    TRY(pleats_call_ints(c, "axes", &axes));
    if (axes.present)
        n = axes.n;
    if (n > (size_t)x->rank || (sizes.n && sizes.n != n))
        TRY(pleats_fail(c->ctx, PLEATS_INVALID, "%zu sizes for %zu of %d axes",
                        sizes.n, n, x->rank));
    if (!sizes.n)
        TRY(read_scales(c, n, scale));
    for (int i = 0; i < x->rank; i++) {
        z->axis[i].in = z->axis[i].out = x->dim[i];
        z->axis[i].unchanged = true;
        mpq_set_si(z->axis[i].scale, 1, 1);
    }
    for (size_t i = 0; i < n; i++) {
        TRY(pleats_axis(c->ctx, axes.present ? axes.v[i] : (int64_t)i, x->rank,
                        &k[i]));
        TRY(set_axis(c, &z->axis[k[i]], sizes.n ? &sizes.v[i] : NULL,
                     scale[i]));
    }
    TRY(read_roi(c, n, k, z));
    if (sizes.n && z->fit != STRETCH)
        keep_aspect(z, n, k);
    for (size_t i = 0; i < n; i++) {
        pleats_resample_axis *a = &z->axis[k[i]];
        a->unchanged = z->r.how != PLEATS_CROP_AND_RESIZE && a->out == a->in &&
                       mpq_cmp_si(a->scale, 1, 1) == 0;
    }
    for (int i = 0; i < x->rank; i++)
        z->shape.dim[i] = z->axis[i].out;
    TRY(pleats_shape_set(c->ctx, (size_t)x->rank, z->shape.dim, &z->shape));
done:
    return status;
}

static pleats_status find_taps(const pleats_call *c, resizing *z)
{
    pleats_status status = PLEATS_OK;
    for (int k = 0; k < z->shape.rank; k++) {
        TRY(pleats_alloc(c->ctx, (size_t)z->shape.dim[k], sizeof **z->taps,
                         &z->taps[k]));
        TRY(pleats_alloc(c->ctx, (size_t)z->shape.dim[k], sizeof(bool),
                         &z->is_outside[k]));
        for (int64_t j = 0; j < z->shape.dim[k]; j++)
            TRY(pleats_resample_taps(c->ctx, &z->r, &z->axis[k], j,
                                     &z->taps[k][j], &z->is_outside[k][j]));
    }
done:
    return status;
}

/* The row of the element at `at`: products of the axes' taps, in `row`. */
static pleats_status add_row(const pleats_call *c, const resizing *z,
                             const int64_t *at, const int64_t *stride,
                             pleats_mix *row, pleats_terms *rows)
{
    pleats_status status = PLEATS_OK;
    const pleats_mix *taps[PLEATS_MAX_RANK];
    const int rank = z->shape.rank;
    for (int i = 0; i < rank; i++) {
        if (z->is_outside[i][at[i]])
            return pleats_terms_end(c, rows, z->beyond, 1);
        taps[i] = &z->taps[i][at[i]];
    }
    TRY(pleats_mix_product(c->ctx, rank, taps, stride, 0, row));
    TRY(pleats_terms_mix(c, rows, row));
done:
    return status;
}

static pleats_status interpolate(const pleats_call *c, const resizing *z,
                                 const pleats_tensor *x)
{
    pleats_status status = PLEATS_OK;
    pleats_terms rows = {0};
    pleats_mix row = {0};
    int64_t at[PLEATS_MAX_RANK], stride[PLEATS_MAX_RANK];
    pleats_shape_strides(&x->shape, stride);
    for (int64_t i = 0; i < z->shape.n; i++) {
        pleats_shape_coordinates(&z->shape, i, at);
        TRY(add_row(c, z, at, stride, &row, &rows));
    }
    TRY(pleats_emit_rows(c, x, &rows, 0, &z->shape, c->out));
done:
    pleats_mix_clear(c->ctx, &row);
    pleats_terms_clear(c->ctx, &rows);
    return status;
}

static pleats_status choose(const pleats_call *c, const resizing *z,
                            const pleats_tensor *x)
{
    pleats_status status = PLEATS_OK;
    pleats_selection s = {0};
    int64_t stride[PLEATS_MAX_RANK];
    TRY(pleats_selection_new(c->ctx, &z->shape, &s));
    pleats_shape_strides(&x->shape, stride);
    for (int k = 0; k < z->shape.rank; k++)
        for (int64_t j = 0; j < z->shape.dim[k]; j++)
            s.offset[k][j] = z->taps[k][j].in[0] * stride[k];
    TRY(pleats_tensor_select(c->ctx, x, &s, NULL, c->out));
done:
    pleats_selection_clear(c->ctx, &s);
    return status;
}

pleats_status pleats_op_resize(pleats_call *c)
{
    pleats_status status = PLEATS_OK;
    const pleats_tensor *x = NULL;
    resizing z = {0};
    for (int k = 0; k < PLEATS_MAX_RANK; k++)
        pleats_resample_axis_init(&z.axis[k]);
    TRY(pleats_call_need(c, 0, &x));
    TRY(read_modes(c, &z));
    TRY(read_axes(c, &x->shape, &z));
    TRY(find_taps(c, &z));
    if (z.r.mode == PLEATS_NEAREST && z.r.how != PLEATS_CROP_AND_RESIZE)
        TRY(choose(c, &z, x));
    else
        TRY(interpolate(c, &z, x));
done:
    for (int k = 0; k < PLEATS_MAX_RANK; k++) {
        for (int64_t j = 0; z.taps[k] && j < z.shape.dim[k]; j++)
            pleats_mix_clear(c->ctx, &z.taps[k][j]);
        pleats_release(c->ctx, z.taps[k]);
        pleats_release(c->ctx, z.is_outside[k]);
        pleats_resample_axis_clear(&z.axis[k]);
    }
    return status;
}
