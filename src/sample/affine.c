/* Affine steps for many points at once. */
#include "sample/affine.h"

#include "base/wide.h"

#include <string.h>

enum {
    VECTOR = 8, /* doubles */
    N_VECTORS = PLEATS_LANES / VECTOR,
    MOST_ROWS = 6, /* of a tile: with four vectors a row, 24 sums */
    BLOCK = 128    /* terms whose values stay in the first cache */
};

/* Rows of the tile that starts at `row`: tiles are as equal as can be. */
static pleats_idx tile_rows(pleats_idx n_rows, pleats_idx row)
{
    pleats_idx tiles = (n_rows - row + MOST_ROWS - 1) / MOST_ROWS;
    return (n_rows - row + tiles - 1) / tiles;
}

typedef struct {
    pleats_idx n_terms;
    const pleats_idx *in;
    const double *weight; /* [n_terms x rows of the tile] */
    const double *bias;   /* NULL: go on with what `out` holds */
    const double *value;
    double *out;
    size_t stride; /* doubles from row to row of `out` */
} tile;

PLEATS_WITHIN void splat(double x, eight *out)
{
    *out = (eight){x, x, x, x, x, x, x, x};
}

/* A tile for `width` vectors of lanes. */
PLEATS_WITHIN void run_tile(const tile *t, int rows, int width)
{
    eight sum[MOST_ROWS][N_VECTORS] = {{{0}}}, x[N_VECTORS];
    const double *weight = t->weight;
#pragma GCC unroll 8
    for (int r = 0; r < rows; r++)
#pragma GCC unroll 8
        for (int v = 0; v < width; v++)
            if (t->bias)
                splat(t->bias[r], &sum[r][v]);
            else
                sum[r][v] = *(const eight *)(t->out + (size_t)r * t->stride +
                                             (size_t)v * VECTOR);
    for (pleats_idx j = 0; j < t->n_terms; j++) {
        const double *value = t->value + (size_t)t->in[j] * PLEATS_LANES;
#pragma GCC unroll 8
        for (int v = 0; v < width; v++)
            x[v] = *(const eight *)(value + (size_t)v * VECTOR);
#pragma GCC unroll 8
        for (int r = 0; r < rows; r++)
#pragma GCC unroll 8
            for (int v = 0; v < width; v++)
                sum[r][v] += weight[r] * x[v];
        weight += rows;
    }
#pragma GCC unroll 8
    for (int r = 0; r < rows; r++)
#pragma GCC unroll 8
        for (int v = 0; v < width; v++)
            *(eight *)(t->out + (size_t)r * t->stride + (size_t)v * VECTOR) =
                sum[r][v];
}

PLEATS_WITHIN void run_rows(const tile *t, pleats_idx rows, int width)
{
    switch (rows) {
    case 1:
        run_tile(t, 1, width);
        break;
    case 2:
        run_tile(t, 2, width);
        break;
    case 3:
        run_tile(t, 3, width);
        break;
    case 4:
        run_tile(t, 4, width);
        break;
    case 5:
        run_tile(t, 5, width);
        break;
    default:
        run_tile(t, MOST_ROWS, width);
    }
}

/* All rows over all terms, `width` vectors of lanes at a time. */
PLEATS_WITHIN void run_packed_by(const pleats_packed_rows *p,
                                 const pleats_idx *in, const double *value,
                                 double *out, size_t stride, int width)
{
    for (pleats_idx first = 0; first == 0 || first < p->n_terms;
         first += BLOCK) {
        pleats_idx n = p->n_terms - first < BLOCK ? p->n_terms - first : BLOCK;
        const double *block = p->weight + (size_t)first * (size_t)p->n_rows;
        for (pleats_idx row = 0; row < p->n_rows;) {
            pleats_idx rows = tile_rows(p->n_rows, row);
            for (int lane = 0; lane < PLEATS_LANES; lane += width * VECTOR)
                run_rows(&(tile){n, in + first, block + (size_t)row * (size_t)n,
                                 first == 0 ? p->bias + row : NULL,
                                 value + lane,
                                 out + (size_t)row * stride + lane, stride},
                         rows, width);
            row += rows;
        }
    }
}

/* With 32 registers of eight doubles. */
PLEATS_WIDE static void run_packed_wide(const pleats_packed_rows *p,
                                        const pleats_idx *in,
                                        const double *value, double *out,
                                        size_t stride)
{
    run_packed_by(p, in, value, out, stride, N_VECTORS);
}

/* With 16 registers of four: a quarter of the lanes at a time. */
PLEATS_WIDE static void run_packed_narrow(const pleats_packed_rows *p,
                                          const pleats_idx *in,
                                          const double *value, double *out,
                                          size_t stride)
{
    run_packed_by(p, in, value, out, stride, 1);
}

static bool has_wide_vectors(void)
{
#if defined(PLEATS_MACHINE)
    return PLEATS_MACHINE == 4;
#elif defined(__x86_64__)
    return __builtin_cpu_supports("avx512f");
#else
    return false;
#endif
}

static void run_packed(const pleats_packed_rows *p, const pleats_idx *in,
                       const double *value, double *out, size_t stride)
{
    if (has_wide_vectors())
        run_packed_wide(p, in, value, out, stride);
    else
        run_packed_narrow(p, in, value, out, stride);
}

static void run_conv(const pleats_affine *a, double *value, pleats_idx *scratch)
{
    const pleats_step *s = a->step;
    const size_t stride = (size_t)s->positions * PLEATS_LANES;
    for (pleats_idx g = 0; g < a->n_packed; g++) {
        const pleats_idx *in = a->in + (size_t)(s->n_in / s->conv.groups * g);
        pleats_idx out = s->out + g * s->conv.out_channels * s->positions;
        for (pleats_idx p = 0; p < s->positions; p++) {
            const pleats_idx *first = in + s->window[p];
            for (pleats_idx j = 0; j < s->n_taps; j++)
                scratch[j] = first[s->tap[j]];
            run_packed(&a->packed[g], scratch, value,
                       pleats_lanes_at(value, out + p), stride);
        }
    }
}

PLEATS_WIDE static void run_sparse(const pleats_step *s, double *value)
{
    for (pleats_idx i = 0; i < s->n_out; i++) {
        double *out = pleats_lanes_at(value, s->out + i);
        double sum[PLEATS_LANES], bias = s->bias ? s->bias[i] : 0;
        for (int l = 0; l < PLEATS_LANES; l++)
            sum[l] = bias;
        for (pleats_idx j = s->start[i]; j < s->start[i + 1]; j++) {
            const double *x = pleats_lanes_at(value, s->in[j]);
            double weight = s->weight[j];
            for (int l = 0; l < PLEATS_LANES; l++)
                sum[l] += weight * x[l];
        }
        if (s->divisor)
            for (int l = 0; l < PLEATS_LANES; l++)
                sum[l] /= s->divisor[i];
        memcpy(out, sum, sizeof sum);
    }
}

void pleats_affine_run(const pleats_affine *a, double *value,
                       pleats_idx *scratch)
{
    const pleats_step *s = a->step;
    if (s->kind == PLEATS_STEP_DENSE)
        run_packed(&a->packed[0], s->in, value, pleats_lanes_at(value, s->out),
                   PLEATS_LANES);
    else if (s->kind == PLEATS_STEP_CONV)
        run_conv(a, value, scratch);
    else
        run_sparse(s, value);
}

/* weight [n_rows x n_terms] row-major, bias [n_rows] or NULL. */
static pleats_status pack(pleats_ctx *ctx, pleats_packed_rows *p,
                          const double *weight, const double *bias)
{
    pleats_status status = PLEATS_OK;
    size_t rows = (size_t)p->n_rows, terms = (size_t)p->n_terms;
    TRY(pleats_alloc(ctx, rows * terms, sizeof *p->weight, &p->weight));
    TRY(pleats_alloc(ctx, rows, sizeof *p->bias, &p->bias));
    if (bias)
        memcpy(p->bias, bias, rows * sizeof *bias);
    double *to = p->weight;
    for (pleats_idx first = 0; first < p->n_terms; first += BLOCK)
        for (pleats_idx row = 0, n = 0; row < p->n_rows; row += n) {
            n = tile_rows(p->n_rows, row);
            for (pleats_idx j = first; j < first + BLOCK && j < p->n_terms; j++)
                for (pleats_idx r = row; r < row + n; r++)
                    *to++ = weight[(size_t)r * terms + (size_t)j];
        }
done:
    return status;
}

static pleats_status init_conv(pleats_ctx *ctx, pleats_affine *a)
{
    pleats_status status = PLEATS_OK;
    const pleats_step *s = a->step;
    TRY(pleats_alloc(ctx, (size_t)s->n_in, sizeof *a->in, &a->in));
    for (pleats_idx i = 0; i < s->n_in; i++)
        a->in[i] = s->in[i] < 0 ? a->zero : s->in[i];
    TRY(pleats_alloc(ctx, (size_t)s->conv.groups, sizeof *a->packed,
                     &a->packed));
    a->n_packed = s->conv.groups;
    for (pleats_idx g = 0; g < s->conv.groups; g++) {
        pleats_idx first = g * s->conv.out_channels;
        a->packed[g].n_rows = s->conv.out_channels;
        a->packed[g].n_terms = s->n_taps;
        TRY(pack(ctx, &a->packed[g],
                 s->weight + (size_t)first * (size_t)s->n_taps,
                 s->bias ? s->bias + first : NULL));
    }
done:
    return status;
}

pleats_status pleats_affine_init(pleats_ctx *ctx, pleats_affine *a,
                                 const pleats_step *step, pleats_idx zero)
{
    pleats_status status = PLEATS_OK;
    *a = (pleats_affine){.step = step, .zero = zero};
    if (step->kind == PLEATS_STEP_CONV)
        TRY(init_conv(ctx, a));
    if (step->kind == PLEATS_STEP_DENSE) {
        TRY(pleats_alloc(ctx, 1, sizeof *a->packed, &a->packed));
        a->n_packed = 1;
        a->packed[0].n_rows = step->n_out;
        a->packed[0].n_terms = step->n_in;
        TRY(pack(ctx, &a->packed[0], step->weight, step->bias));
    }
done:
    return status;
}

void pleats_affine_clear(pleats_ctx *ctx, pleats_affine *a)
{
    for (pleats_idx g = 0; g < a->n_packed; g++) {
        pleats_release(ctx, a->packed[g].weight);
        pleats_release(ctx, a->packed[g].bias);
    }
    pleats_release(ctx, a->packed);
    pleats_release(ctx, a->in);
    *a = (pleats_affine){0};
}
