#include "onnx/resample.h"

enum { MAX_TAPS = 1 << 16 };

void pleats_resample_axis_init(pleats_resample_axis *axis)
{
    mpq_init(axis->scale);
    mpq_init(axis->roi_start);
    mpq_init(axis->roi_end);
}

void pleats_resample_axis_clear(pleats_resample_axis *axis)
{
    mpq_clear(axis->scale);
    mpq_clear(axis->roi_start);
    mpq_clear(axis->roi_end);
}

/* x = offset + (j + 1/2) / scale - 1/2, the offset of half_pixel_symmetric
 * being in / 2 (1 - out / (in scale)). */
static void half_pixel(const pleats_resample_axis *a, int64_t j, bool symmetric,
                       mpq_t x)
{
    mpq_t t;
    mpq_init(t);
    mpq_set_si(x, 2 * j + 1, 2);
    mpq_canonicalize(x);
    mpq_div(x, x, a->scale);
    mpq_set_si(t, 1, 2);
    mpq_sub(x, x, t);
    if (symmetric) {
        mpq_set_si(t, a->in, 2);
        mpq_canonicalize(t);
        mpq_add(x, x, t);
        mpq_set_si(t, a->out, 2);
        mpq_canonicalize(t);
        mpq_div(t, t, a->scale);
        mpq_sub(x, x, t);
    }
    mpq_clear(t);
}

/* x = (in - 1) (start + j (end - start) / (out - 1)), the middle for one
 * entry. */
static void crop(const pleats_resample_axis *a, int64_t j, mpq_t x)
{
    mpq_t t;
    mpq_init(t);
    mpq_sub(x, a->roi_end, a->roi_start);
    mpq_set_si(t, a->out > 1 ? j : 1,
               a->out > 1 ? (unsigned long)a->out - 1 : 2);
    mpq_canonicalize(t);
    mpq_mul(x, x, t);
    mpq_add(x, x, a->roi_start);
    mpq_set_si(t, a->in - 1, 1);
    mpq_mul(x, x, t);
    mpq_clear(t);
}

/* Where entry j of the result lies on the axis. */
static void position(pleats_coordinates how, const pleats_resample_axis *a,
                     int64_t j, mpq_t x)
{
    mpq_set_si(x, 0, 1);
    switch (how) {
    case PLEATS_PYTORCH_HALF_PIXEL:
        if (a->out > 1)
            half_pixel(a, j, false, x);
        break;
    case PLEATS_HALF_PIXEL_SYMMETRIC:
        half_pixel(a, j, true, x);
        break;
    case PLEATS_TF_HALF_PIXEL:
        mpq_set_si(x, 2 * j + 1, 2);
        mpq_div(x, x, a->scale);
        break;
    case PLEATS_ASYMMETRIC:
        mpq_set_si(x, j, 1);
        mpq_div(x, x, a->scale);
        break;
    case PLEATS_ALIGN_CORNERS:
        if (a->out > 1)
            mpq_set_si(x, j * (a->in - 1), (unsigned long)a->out - 1);
        mpq_canonicalize(x);
        break;
    case PLEATS_CROP_AND_RESIZE:
        crop(a, j, x);
        break;
    default:
        half_pixel(a, j, false, x);
    }
}

/* floor(x) or ceil(x), refused beyond any axis. */
static pleats_status whole(pleats_ctx *ctx, const mpq_t x, bool up,
                           int64_t *out)
{
    pleats_status status = PLEATS_OK;
    mpz_t n;
    mpz_init(n);
    if (up)
        mpz_cdiv_q(n, mpq_numref(x), mpq_denref(x));
    else
        mpz_fdiv_q(n, mpq_numref(x), mpq_denref(x));
    if (mpz_cmpabs_ui(n, (unsigned long)1 << 40) > 0)
        TRY(pleats_fail(ctx, PLEATS_INVALID,
                        "a position far outside of its axis"));
    *out = mpz_get_si(n);
done:
    mpz_clear(n);
    return status;
}

pleats_status pleats_resample_round(pleats_ctx *ctx, pleats_rounding by,
                                    const mpq_t x, int64_t *out)
{
    pleats_status status = PLEATS_OK;
    bool up = by == PLEATS_CEIL || by == PLEATS_ROUND_PREFER_FLOOR;
    mpq_t t;
    mpq_init(t);
    if (by <= PLEATS_ROUND_PREFER_CEIL)
        mpq_set_si(t, up ? -1 : 1, 2);
    mpq_add(t, t, x);
    TRY(whole(ctx, t, up, out));
done:
    mpq_clear(t);
    return status;
}

/* kernel(t): 1 - |t| up to 1, or the cubic pieces up to 1 and to 2. */
static void kernel(const pleats_resampling *r, const mpq_t t, mpq_t out)
{
    mpq_t x, a, c[4];
    bool inner = false;
    mpq_inits(x, a, c[0], c[1], c[2], c[3], NULL);
    mpq_abs(x, t);
    inner = mpq_cmp_si(x, 1, 1) <= 0;
    mpq_set_d(a, r->cubic_a);
    if (r->mode == PLEATS_LINEAR && inner) {
        mpq_set_si(c[0], 1, 1);
        mpq_set_si(c[1], -1, 1);
    } else if (r->mode == PLEATS_CUBIC && inner) {
        /* (a + 2) x^3 - (a + 3) x^2 + 1 */
        mpq_set_si(c[0], 1, 1);
        mpq_set_si(c[3], 2, 1);
        mpq_set_si(c[2], 3, 1);
        mpq_add(c[3], c[3], a);
        mpq_add(c[2], c[2], a);
        mpq_neg(c[2], c[2]);
    } else if (r->mode == PLEATS_CUBIC && mpq_cmp_si(x, 2, 1) < 0) {
        /* a x^3 - 5 a x^2 + 8 a x - 4 a */
        static const long factor[4] = {-4, 8, -5, 1};
        for (int k = 0; k < 4; k++) {
            mpq_set_si(c[k], factor[k], 1);
            mpq_mul(c[k], c[k], a);
        }
    }
    mpq_set_si(out, 0, 1);
    for (int k = 3; k >= 0; k--) {
        mpq_mul(out, out, x);
        mpq_add(out, out, c[k]);
    }
    mpq_clears(x, a, c[0], c[1], c[2], c[3], NULL);
}

pleats_status pleats_resample_at(pleats_ctx *ctx, const pleats_resampling *r,
                                 const mpq_t x, const mpq_t squeeze,
                                 pleats_mix *taps)
{
    pleats_status status = PLEATS_OK;
    mpq_t t, w;
    int64_t first = 0, last = 0;
    mpq_inits(t, w, NULL);
    pleats_mix_drop(taps);
    mpq_set_si(w, r->mode == PLEATS_CUBIC ? 2 : 1, 1);
    mpq_div(w, w, squeeze);
    mpq_sub(t, x, w);
    TRY(whole(ctx, t, true, &first));
    mpq_add(t, x, w);
    TRY(whole(ctx, t, false, &last));
    if (last - first >= MAX_TAPS)
        TRY(pleats_fail(ctx, PLEATS_INVALID,
                        "an entry that is a mean of more than %d", MAX_TAPS));
    for (int64_t i = first; i <= last; i++) {
        mpq_set_si(t, i, 1);
        mpq_sub(t, t, x);
        mpq_mul(t, t, squeeze);
        kernel(r, t, w);
        if (mpq_sgn(w) != 0)
            TRY(pleats_mix_add(ctx, taps, i, w));
    }
done:
    mpq_clears(t, w, NULL);
    return status;
}

/* Brings the entries into 0 .. in - 1: those outside are left out or the
 * nearest inside; with `normal` the weights are made to add up to 1. */
static pleats_status fit_taps(pleats_ctx *ctx, const pleats_resampling *r,
                              const pleats_resample_axis *a, bool normal,
                              pleats_mix *taps)
{
    pleats_status status = PLEATS_OK;
    pleats_mix inside = {0};
    mpq_t sum;
    mpq_init(sum);
    for (size_t k = 0; k < taps->n; k++) {
        int64_t i = taps->in[k], last = a->in - 1;
        if ((i < 0 || i > last) && r->exclude_outside)
            continue;
        mpq_add(sum, sum, taps->weight[k]);
        TRY(pleats_mix_add(ctx, &inside,
                           i < 0      ? 0
                           : i > last ? last
                                      : i,
                           taps->weight[k]));
    }
    if (mpq_sgn(sum) == 0)
        TRY(pleats_fail(ctx, PLEATS_INVALID, "weights that add up to 0"));
    for (size_t k = 0; normal && k < inside.n; k++)
        mpq_div(inside.weight[k], inside.weight[k], sum);
done:
    pleats_mix_clear(ctx, taps);
    *taps = inside;
    mpq_clear(sum);
    return status;
}

/* The one tap of mode nearest. */
static pleats_status nearest_tap(pleats_ctx *ctx, const pleats_resampling *r,
                                 const pleats_resample_axis *a, const mpq_t x,
                                 pleats_mix *taps)
{
    pleats_status status = PLEATS_OK;
    int64_t i = 0;
    mpq_t one;
    mpq_init(one);
    mpq_set_si(one, 1, 1);
    pleats_mix_drop(taps);
    TRY(pleats_resample_round(ctx, r->round_by, x, &i));
    TRY(pleats_mix_add(ctx, taps, i < 0 ? 0 : i >= a->in ? a->in - 1 : i, one));
done:
    mpq_clear(one);
    return status;
}

pleats_status pleats_resample_taps(pleats_ctx *ctx, const pleats_resampling *r,
                                   const pleats_resample_axis *a, int64_t j,
                                   pleats_mix *taps, bool *outside)
{
    pleats_status status = PLEATS_OK;
    mpq_t x, squeeze;
    bool smooth = r->antialias && mpq_cmp_si(a->scale, 1, 1) < 0;
    mpq_inits(x, squeeze, NULL);
    mpq_set_si(squeeze, 1, 1);
    if (smooth)
        mpq_set(squeeze, a->scale);
    if (a->unchanged)
        mpq_set_si(x, j, 1);
    else
        position(r->how, a, j, x);
    if (r->mode == PLEATS_NEAREST)
        TRY(nearest_tap(ctx, r, a, x, taps));
    else
        TRY(pleats_resample_at(ctx, r, x, squeeze, taps));
    if (r->mode != PLEATS_NEAREST)
        TRY(fit_taps(ctx, r, a, smooth || r->exclude_outside, taps));
    *outside = r->how == PLEATS_CROP_AND_RESIZE && !a->unchanged &&
               (mpq_sgn(x) < 0 || mpq_cmp_si(x, a->in - 1, 1) > 0);
done:
    mpq_clears(x, squeeze, NULL);
    return status;
}
