/* Matrices and convolutions of numbers that need not be doubles. */
#include "onnx/exact_rows.h"

enum { ROW_BITS = 4 * 53 }; /* of a multiple that rows are divided by */

/* What the step of doubles reads for a channel: that channel (-1: the constant
 * 1) divided by `divisor`, for part `part` of the weights. */
typedef struct {
    pleats_idx source, next; /* next + 1 of the source's, 0: none */
    int part;
    pleats_number divisor;
} column;

typedef struct {
    pleats_idx row, column, tap;
    double value;
} entry;

typedef struct {
    const pleats_call *c;
    const pleats_exact_conv *conv;
    size_t n_rows, n_channels, area; /* rows of all groups; taps of a channel */
    pleats_number *weight, *bias; /* [n_rows x n_channels x area], [n_rows] */
    pleats_row_scale *scale;      /* [n_rows], all 1: columns are divided */
    column *column;
    pleats_idx *head; /* [n_channels + 1] last column + 1 of source -1, 0, .. */
    entry *entry;
    double *first_bias; /* [n_rows] */
    size_t n_columns, column_capacity, n_entries, entry_capacity;
} plan;

static void clear(plan *p)
{
    pleats_ctx *ctx = p->c->ctx;
    pleats_row_scales_free(ctx, p->n_rows, p->scale);
    pleats_release(ctx, p->weight);
    pleats_release(ctx, p->bias);
    pleats_release(ctx, p->column);
    pleats_release(ctx, p->head);
    pleats_release(ctx, p->entry);
    pleats_release(ctx, p->first_bias);
}

static pleats_status find_column(plan *p, const column *wanted, pleats_idx *out)
{
    pleats_status status = PLEATS_OK;
    pleats_idx *head = &p->head[wanted->source + 1];
    for (*out = *head - 1; *out >= 0; *out = p->column[*out].next - 1) {
        const column *k = &p->column[*out];
        if (k->part == wanted->part &&
            pleats_number_compare(p->c->pool, k->divisor, wanted->divisor) == 0)
            return PLEATS_OK;
    }
    TRY(pleats_grow(p->c->ctx, &p->column, &p->column_capacity,
                    p->n_columns + 1, sizeof *p->column));
    p->column[p->n_columns] = *wanted;
    p->column[p->n_columns].next = *head;
    *out = (pleats_idx)p->n_columns++;
    *head = *out + 1;
done:
    return status;
}

/* Splits the number x of a row, at a tap of channel `source`. */
static pleats_status add_number(plan *p, size_t row, pleats_idx source,
                                pleats_idx tap, pleats_number x)
{
    pleats_status status = PLEATS_OK;
    column key = {.source = source, .divisor = 1};
    entry e = {.row = (pleats_idx)row, .tap = tap};
    mpq_t q, odd;
    if (x == 0)
        return PLEATS_OK;
    mpq_init(q);
    mpq_init(odd);
    pleats_row_scale_apply(p->c->pool, x, &p->scale[row], q);
    if (mpq_sgn(q) != 0) {
        mp_bitcnt_t twos = mpz_scan1(mpq_denref(q), 0);
        mpz_fdiv_q_2exp(mpq_numref(odd), mpq_denref(q), twos);
        key.divisor = pleats_number_put(p->c->pool, odd);
        mpq_mul(q, q, odd);
    }
    for (; (e.value = pleats_split_next(p->c->pool, q)) != 0; key.part++) {
        if (source < 0 && key.part == 0 && key.divisor == 1) {
            p->first_bias[row] = e.value;
            continue;
        }
        TRY(find_column(p, &key, &e.column));
        TRY(pleats_grow(p->c->ctx, &p->entry, &p->entry_capacity,
                        p->n_entries + 1, sizeof *p->entry));
        p->entry[p->n_entries++] = e;
    }
done:
    mpq_clear(q);
    mpq_clear(odd);
    return status;
}

/* Rows are divided at the end where their multiples are not too large, else
 * columns are. */
static void find_scales(plan *p)
{
    size_t per_row = p->n_channels * p->area, bits = 0;
    for (size_t r = 0; r < p->n_rows; r++) {
        pleats_row_scale_find(p->c->pool, per_row, p->weight + r * per_row,
                              p->bias[r], &p->scale[r]);
        size_t own = mpz_sizeinbase(p->scale[r].odd, 2);
        bits = own > bits ? own : bits;
    }
    for (size_t r = 0; bits > ROW_BITS && r < p->n_rows; r++) {
        mpz_set_ui(p->scale[r].odd, 1);
        p->scale[r].twos = 0;
    }
}

static pleats_status make_plan(plan *p)
{
    pleats_status status = PLEATS_OK;
    pleats_ctx *ctx = p->c->ctx;
    const pleats_conv_shape *shape = &p->conv->shape;
    size_t n = 0;
    p->area = 1;
    for (pleats_idx d = 0; d < shape->n_spatial; d++)
        p->area *= (size_t)shape->kernel[d];
    p->n_rows = (size_t)shape->groups * (size_t)shape->out_channels;
    p->n_channels = (size_t)shape->in_channels;
    n = p->n_rows * p->n_channels * p->area;
    TRY(pleats_alloc(ctx, n, sizeof *p->weight, &p->weight));
    TRY(pleats_alloc(ctx, p->n_rows, sizeof *p->bias, &p->bias));
    TRY(pleats_alloc(ctx, p->n_rows, sizeof *p->first_bias, &p->first_bias));
    TRY(pleats_alloc(ctx, p->n_channels + 1, sizeof *p->head, &p->head));
    TRY(pleats_row_scales_new(ctx, p->n_rows, &p->scale));
    if (n)
        memcpy(p->weight, p->conv->weight, n * sizeof *p->weight);
    if (p->conv->bias && p->n_rows)
        memcpy(p->bias, p->conv->bias, p->n_rows * sizeof *p->bias);
    pleats_make_divisible(p->c->pool, n, p->weight);
    pleats_make_divisible(p->c->pool, p->n_rows, p->bias);
    find_scales(p);
    for (size_t i = 0; i < n; i++)
        TRY(add_number(p, i / (p->n_channels * p->area),
                       (pleats_idx)(i / p->area % p->n_channels),
                       (pleats_idx)(i % p->area), p->weight[i]));
    for (size_t r = 0; r < p->n_rows; r++)
        TRY(add_number(p, r, -1, 0, p->bias[r]));
done:
    return status;
}

/* The scalars that the columns stand for: in [groups x columns x spatial]. */
static pleats_status read_columns(const plan *p, const pleats_step_label *label,
                                  size_t spatial, pleats_idx *in)
{
    pleats_status status = PLEATS_OK;
    pleats_row_scale *scale = NULL;
    pleats_idx one = -1;
    size_t n = (size_t)p->conv->shape.groups * p->n_columns * spatial;
    mpq_t q;
    mpq_init(q);
    TRY(pleats_row_scales_new(p->c->ctx, n, &scale));
    for (size_t i = 0; i < n; i++) {
        const column *k = &p->column[i / spatial % p->n_columns];
        size_t group = i / spatial / p->n_columns;
        if (k->source < 0) {
            TRY(pleats_call_one(p->c, &one));
            in[i] = one;
        } else {
            in[i] =
                p->conv
                    ->in[(group * p->n_channels + (size_t)k->source) * spatial +
                         i % spatial];
        }
        pleats_number_get(p->c->pool, k->divisor, q);
        mpz_set(scale[i].odd, mpq_numref(q));
    }
    TRY(pleats_emit_divisions(p->c, label, n, scale, in));
done:
    mpq_clear(q);
    pleats_row_scales_free(p->c->ctx, n, scale);
    return status;
}

/* One step of doubles that reads `in` (see read_columns). */
static pleats_status emit_columns(const plan *p, const pleats_step_label *label,
                                  pleats_idx *in, pleats_idx *first)
{
    pleats_status status = PLEATS_OK;
    pleats_conv_shape shape = p->conv->shape;
    double *weight = NULL;
    const double *bias = NULL;
    TRY(pleats_alloc(p->c->ctx, p->n_rows * p->n_columns,
                     p->area * sizeof *weight, &weight));
    for (size_t i = 0; i < p->n_entries; i++) {
        const entry *e = &p->entry[i];
        weight[((size_t)e->row * p->n_columns + (size_t)e->column) * p->area +
               (size_t)e->tap] = e->value;
    }
    shape.in_channels = (pleats_idx)p->n_columns;
    for (size_t r = 0; r < p->n_rows && !bias; r++)
        bias = p->first_bias[r] != 0 ? p->first_bias : NULL;
    if (shape.n_spatial > 0 || shape.groups > 1)
        TRY(pleats_net_add_conv(p->c->ctx, p->c->net, label, &shape, in, weight,
                                bias, first));
    for (size_t i = 0; shape.n_spatial == 0 && i < p->n_columns; i++)
        if (in[i] < 0)
            TRY(pleats_call_zero(p->c, &in[i]));
    if (shape.n_spatial == 0 && shape.groups == 1)
        TRY(pleats_net_add_dense(p->c->ctx, p->c->net, label,
                                 (pleats_idx)p->n_rows, shape.in_channels, in,
                                 weight, bias, first));
done:
    pleats_release(p->c->ctx, weight);
    return status;
}

/* Divides the rows that the step has made at all positions. */
static pleats_status divide_rows(const plan *p, const pleats_step_label *label,
                                 pleats_idx first, pleats_idx *out)
{
    pleats_status status = PLEATS_OK;
    pleats_row_scale *scale = NULL;
    size_t n = (size_t)(p->c->net->n_scalars - first);
    TRY(pleats_row_scales_new(p->c->ctx, n, &scale));
    for (size_t i = 0; i < n; i++) {
        const pleats_row_scale *own = &p->scale[i / (n / p->n_rows)];
        out[i] = first + (pleats_idx)i;
        mpz_set(scale[i].odd, own->odd);
        scale[i].twos = own->twos;
    }
    TRY(pleats_emit_divisions(p->c, label, n, scale, out));
done:
    pleats_row_scales_free(p->c->ctx, n, scale);
    return status;
}

pleats_status pleats_emit_exact_conv(const pleats_call *c,
                                     const pleats_step_label *label,
                                     const pleats_exact_conv *conv,
                                     pleats_idx *out)
{
    pleats_status status = PLEATS_OK;
    plan p = {.c = c, .conv = conv};
    pleats_idx *in = NULL, first = 0;
    size_t spatial = 1;
    const column unused = {.source = -1, .divisor = 1};
    for (pleats_idx d = 0; d < conv->shape.n_spatial; d++)
        spatial *= (size_t)conv->shape.in_size[d];
    TRY(make_plan(&p));
    if (p.n_columns == 0)
        TRY(find_column(&p, &unused, &first));
    TRY(pleats_alloc(c->ctx, (size_t)conv->shape.groups * p.n_columns * spatial,
                     sizeof *in, &in));
    TRY(read_columns(&p, label, spatial, in));
    TRY(emit_columns(&p, label, in, &first));
    TRY(divide_rows(&p, label, first, out));
done:
    pleats_release(c->ctx, in);
    clear(&p);
    return status;
}
