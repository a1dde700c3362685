/* TopK: values in their order.
 *
 * All n values, or all but the last: a sorting network.  Each comparison is a
 * MAX unit of two values; the smaller one is their sum less the larger.
 *
 * The first k < n - 1: the sum of the j largest of n values is the maximum of
 * the sums over all subsets of j values, and the j-th largest is the difference
 * of two such maxima.  One MAX unit for each j = 1 .. k says which values are
 * the j largest.
 *
 * Both ways the regions are those of the order of the first k values, no more
 * and no less: see "Sorts" in docs/architecture.md. */
#include "onnx/ops.h"

enum { MAX_SUMS = 1 << 16 }; /* that the units of one sort compare */

/* Rows of n values, of which the first k in their order are wanted. */
typedef struct {
    bool least; /* the smallest first */
    int64_t rows, n, k;
    const pleats_idx *x; /* [rows x n] */
} sorting;

/* The next subset of j of the numbers 0 .. n-1 in the order of words. */
static bool next_subset(int64_t *subset, int64_t j, int64_t n)
{
    int64_t i = j - 1;
    while (i >= 0 && subset[i] == n - j + i)
        i--;
    if (i < 0)
        return false;
    for (subset[i]++; i + 1 < j; i++)
        subset[i + 1] = subset[i] + 1;
    return true;
}

/* Refuses sorts that would compare too many sums. */
static pleats_status check_sums(const pleats_call *c, const sorting *s)
{
    int64_t sums = 0, subsets = 1;
    for (int64_t j = 1; j <= s->k && sums <= MAX_SUMS; j++) {
        subsets = subsets * (s->n - j + 1) / j;
        sums += subsets;
    }
    if (sums > MAX_SUMS)
        return pleats_fail(
            c->ctx, PLEATS_INVALID,
            "the order of the first %lld of %lld values compares more than %d "
            "sums, the most that is supported",
            (long long)s->k, (long long)s->n, MAX_SUMS);
    return PLEATS_OK;
}

/* Adds the sums over all subsets of j of the n values x, one row each. */
static pleats_status add_sums(const pleats_call *c, const sorting *s,
                              const pleats_idx *x, int64_t j, int64_t *subset,
                              pleats_terms *sums)
{
    pleats_status status = PLEATS_OK;
    for (int64_t i = 0; i < j; i++)
        subset[i] = i;
    do {
        for (int64_t i = 0; i < j; i++)
            TRY(pleats_terms_add(c, sums, x[subset[i]], 1));
        TRY(pleats_terms_end(c, sums, 0, 1));
    } while (next_subset(subset, j, s->n));
done:
    return status;
}

/* One row of candidates for each unit: x itself for j = 1, else sums. */
static pleats_status add_units(const pleats_call *c, const sorting *s,
                               pleats_terms *units)
{
    pleats_status status = PLEATS_OK;
    pleats_terms sums = {0};
    pleats_tensor made = {0};
    pleats_tensor_shape shape = {.rank = 1};
    int64_t *subset = NULL, used = 0;
    TRY(pleats_alloc(c->ctx, (size_t)s->n, sizeof *subset, &subset));
    for (int64_t r = 0; r < s->rows; r++)
        for (int64_t j = 2; j <= s->k; j++)
            TRY(add_sums(c, s, s->x + r * s->n, j, subset, &sums));
    TRY(pleats_shape_set(c->ctx, 1, (int64_t[]){(int64_t)sums.n}, &shape));
    TRY(pleats_emit_sparse(c, &sums, 0, &shape, &made));
    for (int64_t r = 0; r < s->rows; r++)
        for (int64_t j = 1, subsets = s->n; j <= s->k; j++) {
            for (int64_t i = 0; i < subsets; i++)
                TRY(pleats_terms_add(
                    c, units, j == 1 ? s->x[r * s->n + i] : made.scalar[used++],
                    1));
            TRY(pleats_terms_end(c, units, 0, 1));
            subsets = subsets * (s->n - j) / (j + 1);
        }
done:
    pleats_release(c->ctx, subset);
    pleats_terms_clear(c->ctx, &sums);
    pleats_tensor_clear(c->ctx, &made);
    return status;
}

/* Value j of a row is the sum of the first j less that of the first j - 1. */
static pleats_status add_differences(const pleats_call *c, const sorting *s,
                                     const pleats_idx *sum, pleats_terms *terms)
{
    pleats_status status = PLEATS_OK;
    for (int64_t i = 0; i < s->rows * s->k; i++) {
        TRY(pleats_terms_add(c, terms, sum[i], 1));
        if (i % s->k > 0)
            TRY(pleats_terms_add(c, terms, sum[i - 1], -1));
        TRY(pleats_terms_end(c, terms, 0, 1));
    }
done:
    return status;
}

/* The first k < n - 1 values, by sums: out [rows x k]. */
static pleats_status emit_first(const pleats_call *c, const sorting *s,
                                pleats_tensor *out)
{
    pleats_status status = PLEATS_OK;
    pleats_terms units = {0}, terms = {0};
    pleats_tensor maxima = {0};
    pleats_tensor_shape shape = {0};
    TRY(check_sums(c, s));
    TRY(add_units(c, s, &units));
    TRY(pleats_shape_set(c->ctx, 2, (int64_t[]){s->rows, s->k}, &shape));
    TRY(pleats_emit_max(c, &units, s->least, &shape, &maxima));
    TRY(add_differences(c, s, maxima.scalar, &terms));
    TRY(pleats_emit_sparse(c, &terms, 0, &shape, out));
done:
    pleats_terms_clear(c->ctx, &units);
    pleats_terms_clear(c->ctx, &terms);
    pleats_tensor_clear(c->ctx, &maxima);
    return status;
}

/* The comparisons of one pass of Batcher's odd-even merge sort (Proc. AFIPS 32,
 * 1968): places[2 i] and places[2 i + 1], the first to get what comes first.
 * Returns how many; places [n]. */
static int64_t comparisons(int64_t n, int64_t p, int64_t q, int64_t *places)
{
    int64_t used = 0;
    for (int64_t j = q % p; j + q < n; j += 2 * q)
        for (int64_t i = j; i < j + q && i + q < n; i++)
            if (i / (2 * p) == (i + q) / (2 * p)) {
                places[used++] = i;
                places[used++] = i + q;
            }
    return used / 2;
}

/* End e, 0 or 1, of pair i, counted over all rows of x [rows x n]. */
static pleats_idx *paired(const sorting *s, const int64_t *places,
                          int64_t n_pairs, pleats_idx *x, int64_t i, int e)
{
    return x + i / n_pairs * s->n + places[2 * (i % n_pairs) + e];
}

/* One pass over all rows x [rows x n]: pairs change places where they must. */
static pleats_status emit_pass(const pleats_call *c, const sorting *s,
                               const int64_t *places, int64_t n_pairs,
                               pleats_idx *x)
{
    pleats_status status = PLEATS_OK;
    pleats_terms units = {0}, terms = {0};
    pleats_tensor first = {0}, second = {0};
    pleats_tensor_shape shape = {0};
    TRY(pleats_shape_set(c->ctx, 2, (int64_t[]){s->rows, n_pairs}, &shape));
    for (int64_t i = 0; i < shape.n; i++) {
        for (int e = 0; e < 2; e++)
            TRY(pleats_terms_add(c, &units,
                                 *paired(s, places, n_pairs, x, i, e), 1));
        TRY(pleats_terms_end(c, &units, 0, 1));
    }
    TRY(pleats_emit_max(c, &units, s->least, &shape, &first));
    for (int64_t i = 0; i < shape.n; i++) {
        for (int e = 0; e < 2; e++)
            TRY(pleats_terms_add(c, &terms,
                                 *paired(s, places, n_pairs, x, i, e), 1));
        TRY(pleats_terms_add(c, &terms, first.scalar[i], -1));
        TRY(pleats_terms_end(c, &terms, 0, 1));
    }
    TRY(pleats_emit_sparse(c, &terms, 0, &shape, &second));
    for (int64_t i = 0; i < shape.n; i++) {
        *paired(s, places, n_pairs, x, i, 0) = first.scalar[i];
        *paired(s, places, n_pairs, x, i, 1) = second.scalar[i];
    }
done:
    pleats_terms_clear(c->ctx, &units);
    pleats_terms_clear(c->ctx, &terms);
    pleats_tensor_clear(c->ctx, &first);
    pleats_tensor_clear(c->ctx, &second);
    return status;
}

/* All values, of which the first k are kept: out [rows x k]. */
static pleats_status emit_all(const pleats_call *c, const sorting *s,
                              pleats_tensor *out)
{
    pleats_status status = PLEATS_OK;
    pleats_tensor_shape shape = {0};
    int64_t *places = NULL;
    pleats_idx *x = NULL;
    size_t n = (size_t)(s->rows * s->n);
    TRY(pleats_alloc(c->ctx, (size_t)s->n, sizeof *places, &places));
    TRY(pleats_alloc(c->ctx, n, sizeof *x, &x));
    for (size_t i = 0; i < n; i++)
        x[i] = s->x[i];
    for (int64_t p = 1; p < s->n; p *= 2)
        for (int64_t q = p; q >= 1; q /= 2) {
            int64_t n_pairs = comparisons(s->n, p, q, places);
            if (n_pairs)
                TRY(emit_pass(c, s, places, n_pairs, x));
        }
    TRY(pleats_shape_set(c->ctx, 2, (int64_t[]){s->rows, s->k}, &shape));
    TRY(pleats_tensor_new(c->ctx, PLEATS_TENSOR_VAR, &shape, out));
    for (int64_t i = 0; i < shape.n; i++)
        out->scalar[i] = x[i / s->k * s->n + i % s->k];
done:
    pleats_release(c->ctx, places);
    pleats_release(c->ctx, x);
    return status;
}

/* The attributes; `*axis` is counted from 0. */
static pleats_status read_sorting(const pleats_call *c, const pleats_tensor *x,
                                  int *axis, sorting *out)
{
    pleats_status status = PLEATS_OK;
    int64_t stated = 0, largest = 0, sorted = 0, k = 0;
    pleats_ints count = {0};
    TRY(pleats_call_int(c, "axis", -1, &stated));
    TRY(pleats_call_int(c, "largest", 1, &largest));
    TRY(pleats_call_int(c, "sorted", 1, &sorted));
    TRY(pleats_call_int(c, "k", -1, &k));
    TRY(pleats_axis(c->ctx, stated, x->shape.rank, axis));
    TRY(pleats_call_list(c, 1, NULL, &count));
    if (count.present && count.n == 1)
        k = count.v[0];
    if (k < 1 || k > x->shape.dim[*axis])
        TRY(pleats_fail(c->ctx, PLEATS_INVALID,
                        "k is %lld of %lld values along axis %d", (long long)k,
                        (long long)x->shape.dim[*axis], *axis));
    if (!sorted && k > 1)
        TRY(pleats_remark(c->ctx, "TopK without an order (sorted = 0) is taken "
                                  "as sorted"));
    *out = (sorting){.least = !largest,
                     .n = x->shape.dim[*axis],
                     .rows = x->shape.n / x->shape.dim[*axis],
                     .k = k};
done:
    return status;
}

/* `sorted` [rows x k] with the k values along the axis again. */
static pleats_status turn_back(const pleats_call *c,
                               const pleats_tensor_shape *x, int axis,
                               const pleats_tensor *sorted, pleats_tensor *out)
{
    pleats_status status = PLEATS_OK;
    pleats_tensor_shape shape = *x;
    pleats_tensor last = {0};
    int order[PLEATS_MAX_RANK];
    shape.dim[axis] = shape.dim[shape.rank - 1];
    shape.dim[shape.rank - 1] = sorted->shape.dim[1];
    TRY(pleats_shape_set(c->ctx, (size_t)shape.rank, shape.dim, &shape));
    TRY(pleats_tensor_reshape(c->ctx, sorted, &shape, &last));
    for (int k = 0; k < shape.rank; k++)
        order[k] = k == axis ? shape.rank - 1 : k;
    order[shape.rank - 1] = axis;
    if (axis == shape.rank - 1)
        order[axis] = axis;
    TRY(pleats_tensor_transpose(c->ctx, &last, order, out));
done:
    pleats_tensor_clear(c->ctx, &last);
    return status;
}

pleats_status pleats_op_top_k(pleats_call *c)
{
    pleats_status status = PLEATS_OK;
    const pleats_tensor *x = NULL;
    pleats_tensor turned = {0}, scalars = {0}, values = {0};
    sorting s = {0};
    int axis = 0, order[PLEATS_MAX_RANK];
    TRY(pleats_call_need(c, 0, &x));
    TRY(read_sorting(c, x, &axis, &s));
    for (int k = 0; k < x->shape.rank; k++)
        order[k] = k;
    order[axis] = x->shape.rank - 1;
    order[x->shape.rank - 1] = axis;
    TRY(pleats_tensor_transpose(c->ctx, x, order, &turned));
    TRY(pleats_call_scalars(c, &turned, false, &scalars));
    s.x = scalars.scalar;
    TRY(s.k + 1 < s.n ? emit_first(c, &s, &values) : emit_all(c, &s, &values));
    TRY(turn_back(c, &x->shape, axis, &values, &c->out[0]));
done:
    pleats_tensor_clear(c->ctx, &turned);
    pleats_tensor_clear(c->ctx, &scalars);
    pleats_tensor_clear(c->ctx, &values);
    return status;
}
