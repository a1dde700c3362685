/* Matrix products with a constant: dense steps. */
#include "onnx/ops.h"

/* a [rows x inner] times the transpose of b [columns x inner], one of them
 * constant; bias [columns] or NULL.  A constant a gives the transpose of
 * b a^T. */
static pleats_status emit_matrix(const pleats_call *c, const pleats_tensor *a,
                                 const pleats_tensor *b, const double *bias,
                                 int64_t n_parameters, pleats_tensor *out)
{
    pleats_status status = PLEATS_OK;
    bool flip = b->sort == PLEATS_TENSOR_VAR;
    const pleats_tensor *x = flip ? b : a, *w = flip ? a : b;
    pleats_tensor scalars = {0}, result = {0};
    pleats_tensor_shape shape = {0};
    const int turned[2] = {1, 0};
    if (w->sort != PLEATS_TENSOR_REAL)
        TRY(pleats_fail(c->ctx, PLEATS_INVALID, "it needs a constant factor"));
    TRY(pleats_shape_set(
        c->ctx, 2, (int64_t[]){x->shape.dim[0], w->shape.dim[0]}, &shape));
    TRY(pleats_call_scalars(c, x, true, &scalars));
    TRY(pleats_emit_product(c,
                            &(pleats_product){(pleats_idx)x->shape.dim[0],
                                              (pleats_idx)x->shape.dim[1],
                                              (pleats_idx)w->shape.dim[0],
                                              scalars.scalar, w->real, bias,
                                              n_parameters},
                            &shape, &result));
    if (flip)
        TRY(pleats_tensor_transpose(c->ctx, &result, turned, out));
    else
        TRY(pleats_tensor_reshape(c->ctx, &result, &shape, out));
done:
    pleats_tensor_clear(c->ctx, &scalars);
    pleats_tensor_clear(c->ctx, &result);
    return status;
}

/* A copy of input k, a matrix, transposed when asked; times alpha when it is
 * constant. */
static pleats_status matrix_of(const pleats_call *c, int k, bool transposed,
                               double alpha, pleats_tensor *out)
{
    pleats_status status = PLEATS_OK;
    const pleats_tensor *t = NULL;
    const int axis[2] = {transposed, !transposed};
    TRY(pleats_call_need(c, k, &t));
    if (t->shape.rank != 2)
        TRY(pleats_fail(c->ctx, PLEATS_INVALID,
                        "input %d has %d axes, it must be a matrix", k,
                        t->shape.rank));
    TRY(pleats_tensor_transpose(c->ctx, t, axis, out));
    for (int64_t i = 0; t->sort == PLEATS_TENSOR_REAL && i < t->shape.n; i++)
        out->real[i] = pleats_call_mul(c, alpha, out->real[i]);
done:
    return status;
}

/* out = product + beta * addend [of the product's shape] */
static pleats_status add_matrix(const pleats_call *c,
                                const pleats_tensor *product,
                                const pleats_tensor *addend, double beta,
                                int64_t n_parameters)
{
    pleats_status status = PLEATS_OK;
    pleats_terms terms = {0};
    bool constant = pleats_tensor_is_const(addend);
    for (int64_t i = 0; i < product->shape.n; i++) {
        double bias = 0;
        TRY(pleats_terms_add(c, &terms, product->scalar[i], 1));
        if (constant)
            bias = pleats_call_mul(c, beta, pleats_tensor_real(addend, i));
        else
            TRY(pleats_terms_add(c, &terms, addend->scalar[i], beta));
        TRY(pleats_terms_end(c, &terms, bias, 1));
    }
    TRY(pleats_emit_sparse(c, &terms, n_parameters, &product->shape, c->out));
done:
    pleats_terms_clear(c->ctx, &terms);
    return status;
}

/* The product, with the addend (NULL: none) in the same step when it is
 * constant and the same for all rows. */
static pleats_status emit_gemm(const pleats_call *c, const pleats_tensor *a,
                               const pleats_tensor *b,
                               const pleats_tensor *addend, double beta)
{
    pleats_status status = PLEATS_OK;
    pleats_tensor product = {0}, row = {0};
    pleats_tensor_shape shape = {0};
    bool flip = b->sort == PLEATS_TENSOR_VAR;
    int64_t n = flip ? a->shape.n : b->shape.n, more = 0;
    if (addend && pleats_tensor_is_const(addend))
        more = addend->shape.n;
    if (addend && more && !flip &&
        (addend->shape.rank < 2 || addend->shape.dim[0] == 1)) {
        TRY(pleats_shape_set(c->ctx, 2, (int64_t[]){1, b->shape.dim[0]},
                             &shape));
        TRY(pleats_tensor_expand(c->ctx, addend, &shape, &row));
        for (int64_t i = 0; row.sort == PLEATS_TENSOR_REAL && i < shape.n; i++)
            row.real[i] = pleats_call_mul(c, beta, row.real[i]);
        TRY(emit_matrix(c, a, b, row.real, n + more, c->out));
    } else if (addend) {
        TRY(emit_matrix(c, a, b, NULL, n, &product));
        TRY(pleats_tensor_expand(c->ctx, addend, &product.shape, &row));
        TRY(add_matrix(c, &product, &row, beta, more));
    } else {
        TRY(emit_matrix(c, a, b, NULL, n, c->out));
    }
done:
    pleats_tensor_clear(c->ctx, &product);
    pleats_tensor_clear(c->ctx, &row);
    return status;
}

pleats_status pleats_op_gemm(pleats_call *c)
{
    pleats_status status = PLEATS_OK;
    pleats_tensor a = {0}, b = {0};
    double alpha = 1, beta = 1;
    int64_t turn_a = 0, turn_b = 0;
    TRY(pleats_call_float(c, "alpha", 1, &alpha));
    TRY(pleats_call_float(c, "beta", 1, &beta));
    TRY(pleats_call_int(c, "transA", 0, &turn_a));
    TRY(pleats_call_int(c, "transB", 0, &turn_b));
    TRY(matrix_of(c, 0, turn_a != 0, alpha, &a));
    TRY(matrix_of(c, 1, turn_b == 0, a.sort == PLEATS_TENSOR_VAR ? alpha : 1,
                  &b));
    if (a.shape.dim[1] != b.shape.dim[1])
        TRY(pleats_fail(c->ctx, PLEATS_INVALID,
                        "matrices with inner sizes %lld and %lld",
                        (long long)a.shape.dim[1], (long long)b.shape.dim[1]));
    TRY(emit_gemm(c, &a, &b, pleats_call_in(c, 2), beta));
done:
    pleats_tensor_clear(c->ctx, &a);
    pleats_tensor_clear(c->ctx, &b);
    return status;
}

/* Input k as a stack of matrices: a list becomes one row (k = 0) or one column
 * (k = 1); the second factor comes with its last two axes swapped. */
static pleats_status stack_of(const pleats_call *c, int k, pleats_tensor *out)
{
    pleats_status status = PLEATS_OK;
    const pleats_tensor *t = NULL;
    pleats_tensor_shape shape = {0};
    int axis[PLEATS_MAX_RANK], rank = 0;
    TRY(pleats_call_need(c, k, &t));
    rank = t->shape.rank;
    if (rank == 0)
        TRY(pleats_fail(c->ctx, PLEATS_INVALID, "input %d has no axis", k));
    for (int i = 0; i < rank; i++)
        axis[i] = i;
    if (rank == 1) {
        TRY(pleats_shape_set(c->ctx, 2, (int64_t[]){1, t->shape.n}, &shape));
        TRY(pleats_tensor_reshape(c->ctx, t, &shape, out));
    } else {
        axis[rank - 2] = k ? rank - 1 : rank - 2;
        axis[rank - 1] = k ? rank - 2 : rank - 1;
        TRY(pleats_tensor_transpose(c->ctx, t, axis, out));
    }
done:
    return status;
}

/* The common shape of the stacks, without the last two axes. */
static pleats_status stack_shape(const pleats_call *c, const pleats_tensor *a,
                                 const pleats_tensor *b,
                                 pleats_tensor_shape *out)
{
    pleats_status status = PLEATS_OK;
    pleats_tensor_shape lead_a = {0}, lead_b = {0};
    size_t rank_a = (size_t)a->shape.rank, rank_b = (size_t)b->shape.rank;
    if (a->shape.dim[rank_a - 1] != b->shape.dim[rank_b - 1])
        TRY(pleats_fail(c->ctx, PLEATS_INVALID,
                        "matrices with inner sizes %lld and %lld",
                        (long long)a->shape.dim[rank_a - 1],
                        (long long)b->shape.dim[rank_b - 1]));
    TRY(pleats_shape_set(c->ctx, rank_a - 2, a->shape.dim, &lead_a));
    TRY(pleats_shape_set(c->ctx, rank_b - 2, b->shape.dim, &lead_b));
    TRY(pleats_shape_broadcast(c->ctx, &lead_a, &lead_b, out));
done:
    return status;
}

/* `t` repeated to the stack's shape. */
static pleats_status restack(const pleats_call *c,
                             const pleats_tensor_shape *stack,
                             const pleats_tensor *t, pleats_tensor *out)
{
    pleats_status status = PLEATS_OK;
    pleats_tensor_shape shape = *stack;
    if (shape.rank + 2 > PLEATS_MAX_RANK)
        TRY(pleats_fail(c->ctx, PLEATS_INVALID, "it has too many axes"));
    for (int k = 0; k < 2; k++)
        shape.dim[shape.rank++] = t->shape.dim[t->shape.rank - 2 + k];
    TRY(pleats_shape_set(c->ctx, (size_t)shape.rank, shape.dim, &shape));
    TRY(pleats_tensor_expand(c->ctx, t, &shape, out));
done:
    return status;
}

/* Matrix i of a stack, lent. */
static pleats_tensor matrix_at(const pleats_tensor *t, int64_t i)
{
    const int64_t *dim = t->shape.dim + t->shape.rank - 2;
    pleats_tensor m = {.sort = t->sort,
                       .shape = {2, {dim[0], dim[1]}, dim[0] * dim[1]}};
    if (t->sort == PLEATS_TENSOR_VAR)
        m.scalar = t->scalar + i * m.shape.n;
    else
        m.real = t->real + i * m.shape.n;
    return m;
}

/* One product for each matrix of the stack. */
static pleats_status emit_stack(const pleats_call *c, int64_t n,
                                const pleats_tensor *a, const pleats_tensor *b,
                                int64_t n_parameters, pleats_tensor *out)
{
    pleats_status status = PLEATS_OK;
    pleats_tensor one = {0};
    for (int64_t i = 0; i < n; i++) {
        pleats_tensor x = matrix_at(a, i), w = matrix_at(b, i);
        TRY(emit_matrix(c, &x, &w, NULL, i ? 0 : n_parameters, &one));
        for (int64_t k = 0; k < one.shape.n; k++)
            out->scalar[i * one.shape.n + k] = one.scalar[k];
        pleats_tensor_clear(c->ctx, &one);
    }
done:
    pleats_tensor_clear(c->ctx, &one);
    return status;
}

/* One constant matrix for all: the stack is one tall matrix. */
static void flatten_stack(pleats_tensor *a, pleats_tensor_shape *stack)
{
    int64_t inner = a->shape.dim[a->shape.rank - 1];
    a->shape.dim[0] = inner ? a->shape.n / inner : 0;
    a->shape.dim[1] = inner;
    a->shape.rank = 2;
    *stack = (pleats_tensor_shape){.n = 1};
}

pleats_status pleats_op_matmul(pleats_call *c)
{
    pleats_status status = PLEATS_OK;
    pleats_tensor a = {0}, b = {0}, left = {0}, right = {0};
    pleats_tensor_shape stack = {0}, shape = {0};
    int64_t n_parameters = 0, rows = 0, columns = 0;
    TRY(stack_of(c, 0, &a));
    TRY(stack_of(c, 1, &b));
    TRY(stack_shape(c, &a, &b, &stack));
    rows = a.shape.dim[a.shape.rank - 2];
    columns = b.shape.dim[b.shape.rank - 2];
    n_parameters = b.sort == PLEATS_TENSOR_VAR ? a.shape.n : b.shape.n;
    shape = stack;
    if (c->in[0]->shape.rank > 1)
        shape.dim[shape.rank++] = rows;
    if (c->in[1]->shape.rank > 1)
        shape.dim[shape.rank++] = columns;
    TRY(pleats_shape_set(c->ctx, (size_t)shape.rank, shape.dim, &shape));
    if (b.shape.rank == 2 && b.sort == PLEATS_TENSOR_REAL)
        flatten_stack(&a, &stack);
    TRY(restack(c, &stack, &a, &left));
    TRY(restack(c, &stack, &b, &right));
    TRY(pleats_tensor_new(c->ctx, PLEATS_TENSOR_VAR, &shape, c->out));
    TRY(emit_stack(c, stack.n, &left, &right, n_parameters, c->out));
done:
    pleats_tensor_clear(c->ctx, &a);
    pleats_tensor_clear(c->ctx, &b);
    pleats_tensor_clear(c->ctx, &left);
    pleats_tensor_clear(c->ctx, &right);
    return status;
}
