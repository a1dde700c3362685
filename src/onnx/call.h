/* One node while it is being turned into steps of the network: its inputs, its
 * attributes, and what it can emit. */
#ifndef PLEATS_ONNX_CALL_H
#define PLEATS_ONNX_CALL_H

#include "onnx/graph.h"
#include "onnx/number.h"
#include "onnx/tensor.h"

typedef struct pleats_piecewise pleats_piecewise;
typedef struct pleats_jumps pleats_jumps;

typedef struct {
    pleats_ctx *ctx;
    pleats_net *net;
    const pleats_graph *graph;
    const pleats_onnx_node *node;
    int64_t opset;
    const char *path;         /* of the model, for external data; or NULL */
    pleats_pool *pool;        /* of the constants' rationals */
    pleats_idx *zero, *one;   /* the scalars 0 and 1; -1 until needed */
    pleats_jumps *jumps;      /* functions of elements of sort JUMP */
    const pleats_tensor **in; /* [node->n_in], NULL: left out */
    pleats_tensor *out;       /* [node->n_out], to be filled */
} pleats_call;

/* The node's operator. */
static inline const char *pleats_call_op(const pleats_call *c)
{
    return c->node->is_alias ? "Identity" : c->node->proto->op_type;
}

/* ---- inputs ---------------------------------------------------------- */

/* Input k, or NULL when it is left out. */
const pleats_tensor *pleats_call_in(const pleats_call *c, int k);
/* Input k, which must be there. */
PLEATS_NODISCARD pleats_status pleats_call_need(const pleats_call *c, int k,
                                                const pleats_tensor **out);
/* Input k, which must be there, constant, and of the sort. */
PLEATS_NODISCARD pleats_status pleats_call_const(const pleats_call *c, int k,
                                                 pleats_tensor_sort sort,
                                                 const pleats_tensor **out);

/* The shape that inputs 0 .. n-1, which must be there, broadcast to. */
PLEATS_NODISCARD pleats_status pleats_call_shape(const pleats_call *c,
                                                 pleats_idx n,
                                                 pleats_tensor_shape *out);
/* The same inputs in that shape: all [n]. */
PLEATS_NODISCARD pleats_status pleats_call_expand(const pleats_call *c,
                                                  pleats_idx n,
                                                  pleats_tensor *all);

/* ---- attributes, defaults where they are missing ------------------------- */

PLEATS_NODISCARD pleats_status pleats_call_int(const pleats_call *c,
                                               const char *name,
                                               int64_t otherwise, int64_t *out);
/* Attributes are floats: a default is the float nearest to `otherwise`. */
PLEATS_NODISCARD pleats_status pleats_call_float(const pleats_call *c,
                                                 const char *name,
                                                 float otherwise, double *out);
/* Which of the n `choices` the text attribute `name` (or `otherwise`) is;
 * refused when it is none of them. */
PLEATS_NODISCARD pleats_status pleats_call_choose(const pleats_call *c,
                                                  const char *name,
                                                  const char *otherwise, int n,
                                                  const char *const *choices,
                                                  int *out);

/* A list of integers, lent by the file or by an input. */
typedef struct {
    bool present;
    size_t n;
    const int64_t *v; /* [n] */
} pleats_ints;

/* Attribute `name`. */
PLEATS_NODISCARD pleats_status pleats_call_ints(const pleats_call *c,
                                                const char *name,
                                                pleats_ints *out);
/* Input k when it is there (a list or one number), else attribute `name`
 * (NULL: none). */
PLEATS_NODISCARD pleats_status pleats_call_list(const pleats_call *c, int k,
                                                const char *name,
                                                pleats_ints *out);
/* The number in input k when it is there, else in attribute `name`, which
 * comes in old opsets; `*present` is false when neither is. */
PLEATS_NODISCARD pleats_status pleats_call_number(const pleats_call *c, int k,
                                                  const char *name,
                                                  pleats_number *out,
                                                  bool *present);

/* ---- steps ------------------------------------------------------------- */

/* Rows of terms, for sparse steps and for maxima.  Parameters of all affine
 * steps are numbers: what is no double is emitted as steps of doubles that are
 * the same function (exact_rows.h). */
typedef struct {
    size_t n, n_terms;
    pleats_idx *start, *in;        /* [n + 1], [n_terms] */
    pleats_number *weight;         /* [n_terms] */
    pleats_number *bias, *divisor; /* [n] */
    size_t start_capacity, in_capacity, weight_capacity, bias_capacity,
        divisor_capacity;
} pleats_terms;

/* Adds a term to the row that is being written; scalar -1, which is 0, adds
 * none. */
PLEATS_NODISCARD pleats_status pleats_terms_add(const pleats_call *c,
                                                pleats_terms *terms,
                                                pleats_idx scalar,
                                                pleats_number weight);
/* Ends the row. */
PLEATS_NODISCARD pleats_status pleats_terms_end(const pleats_call *c,
                                                pleats_terms *terms,
                                                pleats_number bias,
                                                pleats_number divisor);
void pleats_terms_clear(pleats_ctx *ctx, pleats_terms *terms);

/* Each emits a step labelled with the node (and, where parameters are no
 * doubles, some more) and fills `out` with its scalars in the given shape.
 * `n_parameters`: numbers stored for it. */
PLEATS_NODISCARD pleats_status pleats_emit_sparse(
    const pleats_call *c, const pleats_terms *terms, int64_t n_parameters,
    const pleats_tensor_shape *shape, pleats_tensor *out);
/* No term may be left out: see pleats_call_scalars. */
PLEATS_NODISCARD pleats_status pleats_emit_max(const pleats_call *c,
                                               const pleats_terms *terms,
                                               bool is_min,
                                               const pleats_tensor_shape *shape,
                                               pleats_tensor *out);
/* One unit for each element of x: function[which[i]], or function[0] when
 * `which` [x.n] is NULL.  The tables of the functions hold numbers; where they
 * are no doubles, affine steps before and after the unit make up for it
 * (exact_units.h), and its pieces are those of the function. */
typedef struct {
    const pleats_tensor *x;
    pleats_idx n_functions;
    const pleats_pl *function;
    const pleats_idx *which;
    int64_t n_parameters;
} pleats_units;
PLEATS_NODISCARD pleats_status pleats_emit_units(const pleats_call *c,
                                                 const pleats_units *u,
                                                 pleats_tensor *out);
/* in [as the conv shape says]; -1 is 0. */
PLEATS_NODISCARD pleats_status pleats_emit_conv(
    const pleats_call *c, const pleats_conv_shape *conv, const pleats_idx *in,
    const pleats_number *weight, const pleats_number *bias,
    int64_t n_parameters, const pleats_tensor_shape *shape, pleats_tensor *out);
/* The matrix product x w^T + bias with x [rows x n_in] scalars, weight
 * [n_out x n_in], bias [n_out] or NULL; the result is [rows x n_out]. */
typedef struct {
    pleats_idx rows, n_in, n_out;
    const pleats_idx *x;
    const pleats_number *weight, *bias;
    int64_t n_parameters;
} pleats_product;
PLEATS_NODISCARD pleats_status
pleats_emit_product(const pleats_call *c, const pleats_product *p,
                    const pleats_tensor_shape *shape, pleats_tensor *out);

/* `t` with scalars for elements: constants become scalars of the network; with
 * `keep_zero` the constant 0 stays -1. */
PLEATS_NODISCARD pleats_status pleats_call_scalars(const pleats_call *c,
                                                   const pleats_tensor *t,
                                                   bool keep_zero,
                                                   pleats_tensor *out);

/* The scalar 0, the scalar 1. */
PLEATS_NODISCARD pleats_status pleats_call_zero(const pleats_call *c,
                                                pleats_idx *out);
PLEATS_NODISCARD pleats_status pleats_call_one(const pleats_call *c,
                                               pleats_idx *out);

/* ---- arithmetic on constants: exact (number.h) ----------------------------
 */

/* Element i of a constant tensor. */
static inline pleats_number pleats_call_real(const pleats_call *c,
                                             const pleats_tensor *t, int64_t i)
{
    return t->sort == PLEATS_TENSOR_INT
               ? pleats_number_of_integer(c->pool, t->integer[i])
               : t->real[i];
}
static inline pleats_number pleats_call_add(const pleats_call *c,
                                            pleats_number a, pleats_number b)
{
    return pleats_number_add(c->pool, a, b);
}
static inline pleats_number pleats_call_mul(const pleats_call *c,
                                            pleats_number a, pleats_number b)
{
    return pleats_number_mul(c->pool, a, b);
}
static inline pleats_number pleats_call_div(const pleats_call *c,
                                            pleats_number a, pleats_number b)
{
    return pleats_number_div(c->pool, a, b);
}
static inline pleats_number pleats_call_sqrt(const pleats_call *c,
                                             pleats_number a)
{
    return pleats_number_sqrt(c->pool, a);
}
/* -1, 0, 1, or 2 when one of them is NaN. */
static inline int pleats_call_compare(const pleats_call *c, pleats_number a,
                                      pleats_number b)
{
    return pleats_number_compare(c->pool, a, b);
}

#endif
