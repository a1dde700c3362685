/* GridSample with a constant grid: means of pixels with rational weights. */
#include "onnx/ops.h"
#include "onnx/pick.h"
#include "onnx/resample.h"

enum { MAX_SPATIAL = 3 };
typedef enum { ZEROS, BORDER, REFLECTION, N_PADDINGS } padding;

typedef struct {
    const pleats_tensor *x, *grid; /* [N, C, in...], [N, out..., n] */
    pleats_resampling r;
    padding pad;
    bool corners; /* -1 and 1 are the middles of the outermost pixels */
    int n;        /* spatial axes */
    pleats_tensor_shape shape;
} sampling;

static pleats_status read(const pleats_call *c, sampling *s)
{
    pleats_status status = PLEATS_OK;
    static const char *const modes[] = {"nearest", "linear", "cubic",
                                        "bilinear", "bicubic"};
    static const char *const pads[] = {"zeros", "border", "reflection"};
    int mode = 0, pad = 0;
    int64_t corners = 0;
    TRY(pleats_call_need(c, 0, &s->x));
    TRY(pleats_call_const(c, 1, PLEATS_TENSOR_REAL, &s->grid));
    TRY(pleats_call_choose(c, "mode", c->opset < 20 ? "bilinear" : "linear", 5,
                           modes, &mode));
    TRY(pleats_call_choose(c, "padding_mode", "zeros", N_PADDINGS, pads, &pad));
    TRY(pleats_call_int(c, "align_corners", 0, &corners));
    s->r.mode = (pleats_resize_mode)(mode > 2 ? mode - 2 : mode);
    s->r.cubic_a = -0.75;
    s->pad = (padding)pad;
    s->corners = corners != 0;
    s->n = s->x->shape.rank - 2;
    s->shape = s->x->shape;
    const pleats_tensor_shape *g = &s->grid->shape;
    if (s->n < 1 || s->n > MAX_SPATIAL || g->rank != s->n + 2 ||
        g->dim[g->rank - 1] != s->n || g->dim[0] != s->x->shape.dim[0] ||
        s->x->shape.n == 0)
        TRY(pleats_fail(c->ctx, PLEATS_INVALID,
                        "its grid does not fit its input"));
    for (int k = 0; k < s->n; k++)
        s->shape.dim[2 + k] = g->dim[1 + k];
    TRY(pleats_shape_set(c->ctx, (size_t)s->shape.rank, s->shape.dim,
                         &s->shape));
    for (int64_t i = 0; i < g->n; i++)
        if (!pleats_number_is_finite(s->grid->real[i]))
            TRY(pleats_fail(c->ctx, PLEATS_INVALID, "its grid is not finite"));
done:
    return status;
}

/* The ends of an axis of size n, between which positions are reflected or
 * kept, times 2. */
static void ends(const sampling *s, int64_t n, int64_t *low, int64_t *high)
{
    *low = s->corners ? 0 : -1;
    *high = s->corners ? 2 * n - 2 : 2 * n - 1;
}

/* Reflects x between low / 2 and high / 2. */
static void reflect(mpq_t x, int64_t low, int64_t high)
{
    mpq_t t, span;
    mpz_t turns;
    if (low == high) {
        mpq_set_si(x, low, 2);
        mpq_canonicalize(x);
        return;
    }
    mpq_inits(t, span, NULL);
    mpz_init(turns);
    mpq_set_si(t, low, 2);
    mpq_canonicalize(t);
    mpq_sub(x, x, t);
    mpq_set_si(span, high - low, 2);
    mpq_canonicalize(span);
    mpq_div(x, x, span);
    mpz_fdiv_q(turns, mpq_numref(x), mpq_denref(x));
    mpz_submul(mpq_numref(x), turns, mpq_denref(x));
    if (mpz_odd_p(turns)) {
        mpz_sub(mpq_numref(x), mpq_denref(x), mpq_numref(x));
        mpq_canonicalize(x);
    }
    mpq_mul(x, x, span);
    mpq_add(x, x, t);
    mpq_clears(t, span, NULL);
    mpz_clear(turns);
}

/* Where the grid's value g lies on an axis of size n. */
static void position(const pleats_call *c, const sampling *s, pleats_number g,
                     int64_t n, mpq_t x)
{
    mpq_t t;
    mpq_init(t);
    pleats_number_get(c->pool, g, x);
    mpq_set_si(t, 1, 1);
    mpq_add(x, x, t);
    mpq_set_si(t, s->corners ? n - 1 : n, 2);
    mpq_canonicalize(t);
    mpq_mul(x, x, t);
    mpq_set_si(t, s->corners ? 0 : -1, 2);
    mpq_canonicalize(t);
    mpq_add(x, x, t);
    mpq_clear(t);
}

/* Entry i of an axis of size n by the padding: -1 for a zero. */
static int64_t entry(const sampling *s, int64_t i, int64_t n)
{
    int64_t low = 0, high = 0;
    if (i >= 0 && i < n)
        return i;
    if (s->pad == ZEROS)
        return -1;
    if (s->pad == BORDER)
        return i < 0 ? 0 : n - 1;
    ends(s, n, &low, &high);
    int64_t span = high - low;
    if (span == 0)
        return 0;
    int64_t at = (2 * i - low) % (2 * span);
    at = at < 0 ? at + 2 * span : at;
    at = (at > span ? 2 * span - at : at) + low;
    return at < 0 ? 0 : at / 2 < n ? at / 2 : n - 1;
}

/* The taps of one grid value on an axis of size n, by their true entries. */
static pleats_status taps_of(const pleats_call *c, const sampling *s,
                             pleats_number g, int64_t n, pleats_mix *taps)
{
    pleats_status status = PLEATS_OK;
    pleats_resampling r = s->r;
    int64_t low = 0, high = 0;
    mpq_t x, one;
    mpq_inits(x, one, NULL);
    mpq_set_si(one, 1, 1);
    position(c, s, g, n, x);
    ends(s, n, &low, &high);
    if (s->pad == REFLECTION && r.mode != PLEATS_CUBIC)
        reflect(x, low, high);
    if (s->pad == BORDER && r.mode != PLEATS_CUBIC) {
        if (mpq_sgn(x) < 0)
            mpq_set_si(x, 0, 1);
        if (mpq_cmp_si(x, n - 1, 1) > 0)
            mpq_set_si(x, n - 1, 1);
    }
    if (r.mode == PLEATS_NEAREST) {
        int64_t down = 0, up = 0;
        TRY(pleats_resample_round(c->ctx, PLEATS_ROUND_PREFER_FLOOR, x, &down));
        TRY(pleats_resample_round(c->ctx, PLEATS_ROUND_PREFER_CEIL, x, &up));
        mpq_set_si(x, down % 2 ? up : down, 1); /* halves to even */
        r.mode = PLEATS_LINEAR;
    }
    TRY(pleats_resample_at(c->ctx, &r, x, one, taps));
    for (size_t k = 0; k < taps->n; k++)
        taps->in[k] = entry(s, taps->in[k], n);
done:
    mpq_clears(x, one, NULL);
    return status;
}

pleats_status pleats_op_grid_sample(pleats_call *c)
{
    pleats_status status = PLEATS_OK;
    sampling s = {0};
    pleats_mix taps[MAX_SPATIAL] = {0}, row = {0};
    const pleats_mix *const axis[MAX_SPATIAL] = {&taps[0], &taps[1], &taps[2]};
    pleats_terms rows = {0};
    int64_t area = 1, stride[PLEATS_MAX_RANK];
    TRY(read(c, &s));
    for (int k = 0; k < s.n; k++)
        area *= s.shape.dim[2 + k];
    pleats_shape_strides(&s.x->shape, stride);
    for (int64_t i = 0; i < s.shape.n; i++) {
        int64_t image = i / area, batch = image / s.shape.dim[1];
        const pleats_number *g = s.grid->real + (batch * area + i % area) * s.n;
        for (int k = 0; k < s.n; k++) /* the grid's last axis is x, y, z */
            TRY(taps_of(c, &s, g[s.n - 1 - k], s.x->shape.dim[2 + k],
                        &taps[k]));
        TRY(pleats_mix_product(c->ctx, s.n, axis, stride + 2, image * stride[1],
                               &row));
        TRY(pleats_terms_mix(c, &rows, &row));
    }
    TRY(pleats_emit_rows(c, s.x, &rows, s.grid->shape.n, &s.shape, c->out));
done:
    for (int k = 0; k < MAX_SPATIAL; k++)
        pleats_mix_clear(c->ctx, &taps[k]);
    pleats_mix_clear(c->ctx, &row);
    pleats_terms_clear(c->ctx, &rows);
    return status;
}
