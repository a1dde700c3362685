/* Functions of the elements along axes, of constants. */
#include "onnx/op_fold.h"

#include <stdlib.h>
#include <string.h>

/* Rows of m elements, `inner` apart, of a tensor: outer x m x inner. */
typedef struct {
    int64_t outer, m, inner;
} rows;

/* The rows along one axis. */
static rows along(const pleats_tensor_shape *shape, int axis)
{
    rows r = {1, shape->dim[axis], 1};
    for (int k = 0; k < axis; k++)
        r.outer *= shape->dim[k];
    for (int k = axis + 1; k < shape->rank; k++)
        r.inner *= shape->dim[k];
    return r;
}

/* The rows that take in axis `first` and all after it. */
static rows from(const pleats_tensor_shape *shape, int first)
{
    rows r = {1, 1, 1};
    for (int k = 0; k < first; k++)
        r.outer *= shape->dim[k];
    for (int k = first; k < shape->rank; k++)
        r.m *= shape->dim[k];
    return r;
}

static int64_t place(const rows *r, int64_t row, int64_t j)
{
    return (row / r->inner * r->m + j) * r->inner + row % r->inner;
}

static pleats_status read_axis(const pleats_call *c, int64_t otherwise,
                               const pleats_tensor **x, int *axis)
{
    pleats_status status = PLEATS_OK;
    int64_t a = 0;
    TRY(pleats_call_need(c, 0, x));
    TRY(pleats_call_int(c, "axis", otherwise, &a));
    TRY(pleats_axis(c->ctx, a, (*x)->shape.rank, axis));
done:
    return status;
}

/* ---- Softmax, LogSoftmax, Hardmax ---- */

static int64_t first_greatest(const pleats_call *c, const pleats_tensor *x,
                              const rows *r, int64_t row)
{
    int64_t best = 0;
    for (int64_t j = 1; j < r->m; j++)
        if (pleats_call_compare(c, pleats_call_real(c, x, place(r, row, j)),
                                pleats_call_real(c, x, place(r, row, best))) ==
            1)
            best = j;
    return best;
}

static void soft_row(const pleats_call *c, const pleats_tensor *x,
                     const rows *r, int64_t row, bool logarithm)
{
    double sum = 0,
           top = pleats_number_nearest(
               c->pool, pleats_call_real(
                            c, x, place(r, row, first_greatest(c, x, r, row))));
    for (int64_t j = 0; j < r->m; j++)
        sum += exp(pleats_number_nearest(
                       c->pool, pleats_call_real(c, x, place(r, row, j))) -
                   top);
    for (int64_t j = 0; j < r->m; j++) {
        int64_t i = place(r, row, j);
        double d =
            pleats_number_nearest(c->pool, pleats_call_real(c, x, i)) - top;
        double y = logarithm ? d - log(sum) : exp(d) / sum;
        c->out->real[i] = r->m == 1 ? y : pleats_fold_rounded(c, y);
    }
}

/* Before opset 13, over all axes from `axis` on, which is 1 unless given. */
pleats_status pleats_fold_softmax(pleats_call *c)
{
    pleats_status status = PLEATS_OK;
    const pleats_tensor *x = NULL;
    const char *name = c->node->proto->op_type;
    rows r = {0};
    int axis = 0;
    TRY(read_axis(c, c->opset < 13 ? 1 : -1, &x, &axis));
    r = c->opset < 13 ? from(&x->shape, axis) : along(&x->shape, axis);
    TRY(pleats_tensor_new(c->ctx, PLEATS_TENSOR_REAL, &x->shape, c->out));
    for (int64_t row = 0; r.m > 0 && row < r.outer * r.inner; row++)
        if (strcmp(name, "Hardmax") == 0)
            c->out->real[place(&r, row, first_greatest(c, x, &r, row))] = 1;
        else
            soft_row(c, x, &r, row, strcmp(name, "LogSoftmax") == 0);
done:
    return status;
}

/* ---- reductions: a function before a sum, and one after it ---- */

static pleats_number before_sum(const pleats_call *c, const char *name,
                                pleats_number x)
{
    if (strcmp(name, "ReduceL1") == 0)
        return pleats_fold_abs(c, x);
    if (strcmp(name, "ReduceL2") == 0 || strcmp(name, "ReduceSumSquare") == 0)
        return pleats_call_mul(c, x, x);
    if (strcmp(name, "ReduceLogSumExp") == 0)
        return x == 0 ? 1
                      : pleats_fold_rounded(
                            c, exp(pleats_number_nearest(c->pool, x)));
    return x;
}

static pleats_number after_sum(const pleats_call *c, const char *name,
                               pleats_number x)
{
    if (strcmp(name, "ReduceL2") == 0)
        return pleats_call_sqrt(c, x);
    if (strncmp(name, "ReduceLogSum", 12) == 0)
        return x == 1 ? 0
                      : pleats_fold_rounded(
                            c, log(pleats_number_nearest(c->pool, x)));
    return x;
}

pleats_status pleats_fold_reduce(pleats_call *c)
{
    pleats_status status = PLEATS_OK;
    const pleats_tensor *x = NULL, *in[2] = {NULL, pleats_call_in(c, 1)};
    pleats_tensor terms = {0};
    pleats_call sum = *c;
    const char *name = c->node->proto->op_type;
    TRY(pleats_call_need(c, 0, &x));
    TRY(pleats_tensor_new(c->ctx, PLEATS_TENSOR_REAL, &x->shape, &terms));
    for (int64_t i = 0; i < x->shape.n; i++)
        terms.real[i] = before_sum(c, name, pleats_call_real(c, x, i));
    in[0] = &terms;
    sum.in = in;
    TRY(pleats_op_reduce_sum(&sum));
    for (int64_t i = 0; i < c->out->shape.n; i++)
        c->out->real[i] = after_sum(c, name, c->out->real[i]);
done:
    pleats_tensor_clear(c->ctx, &terms);
    return status;
}

/* ---- normalisations ---- */

/* x divided by the norm of its row; a row of zeros stays so.  A root is taken
 * of the quotient's square, so that it is rounded once. */
pleats_status pleats_fold_lp_normalization(pleats_call *c)
{
    pleats_status status = PLEATS_OK;
    const pleats_tensor *x = NULL;
    int64_t p = 2;
    int axis = 0;
    TRY(read_axis(c, -1, &x, &axis));
    TRY(pleats_call_int(c, "p", 2, &p));
    const rows r = along(&x->shape, axis);
    TRY(pleats_tensor_new(c->ctx, PLEATS_TENSOR_REAL, &x->shape, c->out));
    for (int64_t row = 0; row < r.outer * r.inner; row++) {
        pleats_number norm = 0;
        for (int64_t j = 0; j < r.m; j++) {
            pleats_number v = pleats_call_real(c, x, place(&r, row, j));
            norm = pleats_call_add(c, norm,
                                   p == 1 ? pleats_fold_abs(c, v)
                                          : pleats_call_mul(c, v, v));
        }
        for (int64_t j = 0; j < r.m && norm != 0; j++) {
            int64_t i = place(&r, row, j);
            pleats_number v = pleats_call_real(c, x, i);
            c->out->real[i] = p == 1 ? pleats_call_div(c, v, norm)
                                     : pleats_fold_over_root(c, v, norm);
        }
    }
done:
    return status;
}

/* x / sqrt(square) */
pleats_number pleats_fold_over_root(const pleats_call *c, pleats_number x,
                                    pleats_number square)
{
    pleats_number root = pleats_call_sqrt(
        c, pleats_call_div(c, pleats_call_mul(c, x, x), square));
    return pleats_call_compare(c, x, 0) == -1 ? pleats_number_neg(c->pool, root)
                                              : root;
}

/* Rows of m elements without their mean (unless `raw`), over the root of their
 * mean square plus epsilon. */
static void normalise_row(const pleats_call *c, const pleats_number *x,
                          int64_t m, bool raw, double epsilon,
                          pleats_number *out)
{
    pleats_number square = 0, mean = 0;
    if (!raw)
        mean = pleats_call_div(
            c, pleats_number_dot(c->pool, (size_t)m, x, NULL, 0), (double)m);
    for (int64_t j = 0; j < m; j++)
        out[j] = pleats_call_add(c, x[j], pleats_number_neg(c->pool, mean));
    square = pleats_number_dot(c->pool, (size_t)m, out, out, 0);
    square = pleats_call_add(c, pleats_call_div(c, square, (double)m), epsilon);
    for (int64_t j = 0; j < m; j++)
        out[j] = pleats_fold_over_root(c, out[j], square);
}

/* How a normalisation cuts its input into rows, and which scale an element
 * has: element i has number i / step % n. */
typedef struct {
    rows r;
    int64_t n, step;
} cut;

static pleats_status cut_input(const pleats_call *c, const pleats_tensor *x,
                               cut *out)
{
    pleats_status status = PLEATS_OK;
    const char *name = c->node->proto->op_type;
    int64_t a = -1, groups = 1;
    int axis = 0;
    if (strcmp(name, "LayerNormalization") == 0 ||
        strcmp(name, "RMSNormalization") == 0) {
        TRY(pleats_call_int(c, "axis", -1, &a));
        TRY(pleats_axis(c->ctx, a, x->shape.rank, &axis));
        out->r = from(&x->shape, axis);
        out->n = out->r.m;
        out->step = 1;
        return status;
    }
    if (x->shape.rank < 2)
        TRY(pleats_fail(c->ctx, PLEATS_INVALID,
                        "its input has no channel axis"));
    out->n = x->shape.dim[1];
    groups = out->n;
    if (strcmp(name, "GroupNormalization") == 0)
        TRY(pleats_call_int(c, "num_groups", 1, &groups));
    if (groups < 1 || out->n < 1 || out->n % groups)
        TRY(pleats_fail(c->ctx, PLEATS_INVALID, "its groups do not fit"));
    out->step = from(&x->shape, 2).m;
    out->r = (rows){x->shape.dim[0] * groups, out->n / groups * out->step, 1};
    if (strcmp(name, "GroupNormalization") == 0 && c->opset < 21) {
        out->n = groups;
        out->step = out->r.m;
    }
done:
    return status;
}

/* Scales and shifts of the elements, where they are given. */
static pleats_status scale_output(const pleats_call *c, const cut *k)
{
    pleats_status status = PLEATS_OK;
    const pleats_tensor *scale = pleats_call_in(c, 1);
    const pleats_tensor *shift = pleats_call_in(c, 2);
    if ((scale && scale->shape.n != k->n) || (shift && shift->shape.n != k->n))
        TRY(pleats_fail(c->ctx, PLEATS_INVALID,
                        "its scale or bias does not have %lld numbers",
                        (long long)k->n));
    for (int64_t i = 0; i < c->out->shape.n; i++) {
        pleats_number y = c->out->real[i];
        int64_t at = i / k->step % k->n;
        if (scale)
            y = pleats_call_mul(c, y, pleats_call_real(c, scale, at));
        if (shift)
            y = pleats_call_add(c, y, pleats_call_real(c, shift, at));
        c->out->real[i] = y;
    }
done:
    return status;
}

/* LayerNormalization, RMSNormalization, InstanceNormalization,
 * GroupNormalization. */
pleats_status pleats_fold_normalization(pleats_call *c)
{
    pleats_status status = PLEATS_OK;
    const pleats_tensor *x = NULL;
    pleats_tensor in = {0};
    bool raw = strcmp(c->node->proto->op_type, "RMSNormalization") == 0;
    double epsilon = 0;
    cut k = {0};
    TRY(pleats_call_need(c, 0, &x));
    TRY(pleats_call_float(c, "epsilon", 1e-5f, &epsilon));
    TRY(cut_input(c, x, &k));
    TRY(pleats_tensor_new(c->ctx, PLEATS_TENSOR_REAL, &x->shape, &in));
    TRY(pleats_tensor_new(c->ctx, PLEATS_TENSOR_REAL, &x->shape, c->out));
    for (int64_t i = 0; i < x->shape.n; i++)
        in.real[i] = pleats_call_real(c, x, i);
    for (int64_t row = 0; k.r.m > 0 && row < k.r.outer; row++)
        normalise_row(c, in.real + row * k.r.m, k.r.m, raw, epsilon,
                      c->out->real + row * k.r.m);
    TRY(scale_output(c, &k));
done:
    pleats_tensor_clear(c->ctx, &in);
    return status;
}

/* ---- orders ---- */

/* Index of the greatest or least element of each row, the first one unless
 * select_last_index. */
pleats_status pleats_fold_arg(pleats_call *c)
{
    pleats_status status = PLEATS_OK;
    const pleats_tensor *x = NULL;
    pleats_tensor_shape shape = {0};
    int sign = strcmp(c->node->proto->op_type, "ArgMax") == 0 ? 1 : -1;
    int64_t keep = 1, last = 0;
    int axis = 0;
    TRY(read_axis(c, 0, &x, &axis));
    TRY(pleats_call_int(c, "keepdims", 1, &keep));
    TRY(pleats_call_int(c, "select_last_index", 0, &last));
    const rows r = along(&x->shape, axis);
    shape = x->shape;
    shape.dim[axis] = 1;
    for (int k = axis; !keep && k + 1 < shape.rank; k++)
        shape.dim[k] = shape.dim[k + 1];
    TRY(pleats_shape_set(c->ctx, (size_t)(shape.rank - !keep), shape.dim,
                         &shape));
    TRY(pleats_tensor_new(c->ctx, PLEATS_TENSOR_INT, &shape, c->out));
    for (int64_t row = 0; row < r.outer * r.inner; row++)
        for (int64_t j = 1; j < r.m; j++) {
            int order = pleats_call_compare(
                c, pleats_call_real(c, x, place(&r, row, j)),
                pleats_call_real(c, x, place(&r, row, c->out->integer[row])));
            if (order == sign || (order == 0 && last))
                c->out->integer[row] = j;
        }
done:
    return status;
}

/* The k greatest or least elements of each row, in order, equal ones by their
 * index; by insertion, since k and rows are short. */
static void top_row(const pleats_call *c, const pleats_tensor *x, const rows *r,
                    const rows *to, int64_t row, int sign)
{
    int64_t *index = c->out[1].integer;
    int64_t n = 0;
    for (int64_t j = 0; j < r->m; j++) {
        pleats_number v = pleats_call_real(c, x, place(r, row, j));
        int64_t at = n;
        while (at > 0 &&
               pleats_call_compare(
                   c, v,
                   pleats_call_real(
                       c, x, place(r, row, index[place(to, row, at - 1)]))) ==
                   sign)
            at--;
        if (at >= to->m)
            continue;
        n += n < to->m;
        for (int64_t i = n - 1; i > at; i--)
            index[place(to, row, i)] = index[place(to, row, i - 1)];
        index[place(to, row, at)] = j;
    }
}

/* k is an attribute before opset 10. */
pleats_status pleats_fold_top_k(pleats_call *c)
{
    pleats_status status = PLEATS_OK;
    const pleats_tensor *x = NULL;
    pleats_tensor own[2] = {{0}};
    pleats_tensor_shape shape = {0};
    pleats_call call = *c;
    pleats_ints k = {0};
    int64_t largest = 1, count = 0;
    int axis = 0;
    TRY(read_axis(c, -1, &x, &axis));
    TRY(pleats_call_int(c, "largest", 1, &largest));
    TRY(pleats_call_int(c, "k", 0, &count));
    TRY(pleats_call_list(c, 1, NULL, &k));
    if (k.n == 1)
        count = k.v[0];
    if (count < 0 || count > x->shape.dim[axis])
        TRY(pleats_fail(c->ctx, PLEATS_INVALID, "its k is out of range"));
    shape = x->shape;
    shape.dim[axis] = count;
    TRY(pleats_shape_set(c->ctx, (size_t)shape.rank, shape.dim, &shape));
    const rows r = along(&x->shape, axis), to = along(&shape, axis);
    TRY(pleats_tensor_new(c->ctx, x->sort, &shape, &own[0]));
    TRY(pleats_tensor_new(c->ctx, PLEATS_TENSOR_INT, &shape, &own[1]));
    call.out = own;
    for (int64_t row = 0; row < r.outer * r.inner; row++) {
        top_row(&call, x, &r, &to, row, largest ? 1 : -1);
        for (int64_t j = 0; j < count; j++) {
            int64_t i = place(&to, row, j);
            int64_t from_place = place(&r, row, own[1].integer[i]);
            if (x->sort == PLEATS_TENSOR_INT)
                own[0].integer[i] = x->integer[from_place];
            else
                own[0].real[i] = x->real[from_place];
        }
    }
    for (pleats_idx i = 0; i < c->node->n_out && i < 2; i++) {
        c->out[i] = own[i];
        own[i] = (pleats_tensor){0};
    }
done:
    pleats_tensor_clear(c->ctx, &own[0]);
    pleats_tensor_clear(c->ctx, &own[1]);
    return status;
}

/* Running sums; the axis is input 1. */
pleats_status pleats_fold_cum_sum(pleats_call *c)
{
    pleats_status status = PLEATS_OK;
    const pleats_tensor *x = NULL;
    pleats_ints at = {0};
    int64_t exclusive = 0, reverse = 0;
    int axis = 0;
    TRY(pleats_call_need(c, 0, &x));
    TRY(pleats_call_list(c, 1, NULL, &at));
    TRY(pleats_call_int(c, "exclusive", 0, &exclusive));
    TRY(pleats_call_int(c, "reverse", 0, &reverse));
    TRY(pleats_axis(c->ctx, at.n ? at.v[0] : 0, x->shape.rank, &axis));
    const rows r = along(&x->shape, axis);
    TRY(pleats_tensor_new(c->ctx, x->sort, &x->shape, c->out));
    for (int64_t row = 0; row < r.outer * r.inner; row++) {
        pleats_number sum = 0;
        for (int64_t j = 0; j < r.m; j++) {
            int64_t i = place(&r, row, reverse ? r.m - 1 - j : j);
            pleats_number next =
                pleats_call_add(c, sum, pleats_call_real(c, x, i));
            sum = exclusive ? sum : next;
            if (x->sort != PLEATS_TENSOR_INT)
                c->out->real[i] = sum;
            else if (!pleats_number_to_integer(c->pool, sum,
                                               &c->out->integer[i]))
                TRY(pleats_fail(c->ctx, PLEATS_INVALID,
                                "an integer overflows"));
            sum = next;
        }
    }
done:
    return status;
}
