/* The table of operators: how each becomes steps, or why it does not. */
#ifndef PLEATS_ONNX_OPS_H
#define PLEATS_ONNX_OPS_H

#include "onnx/call.h"

enum {
    /* bits of `variable`: which inputs may depend on the network's input */
    PLEATS_IN_0 = 1,
    PLEATS_IN_1 = 2,
    PLEATS_IN_2 = 4,
    PLEATS_IN_3 = 8,
    PLEATS_IN_ALL = 16,
    /* bits of `trait` */
    PLEATS_OP_PRODUCT = 1,   /* at most one of inputs 0 and 1 is variable */
    PLEATS_OP_FOLDS = 2,     /* its handler makes constants of constant inputs;
                                without it, steps are evaluated (fold.h) */
    PLEATS_OP_MANY = 4,      /* outputs after the first may be used */
    PLEATS_OP_SHAPE = 8,     /* constant whatever its input is */
    PLEATS_OP_VIEW = 16,     /* only renames, so that a tail may follow it */
    PLEATS_OP_TAIL = 32,     /* may be skipped at the very end */
    PLEATS_OP_SEQUENCE = 64, /* takes sequences of tensors */
    PLEATS_OP_MOVES = 128,   /* only moves elements, of whatever type */
    PLEATS_OP_REAL = 256     /* takes variable integers, gives reals */
};

typedef pleats_status (*pleats_op_fn)(pleats_call *c);

typedef struct {
    const char *name;
    pleats_op_fn run;       /* NULL: refused */
    pleats_idx least, most; /* inputs, over all supported opsets */
    const char *reason; /* after the operator's name, why it is refused, or why
                           a variable input is; NULL: a general one */
    unsigned variable, trait;
} pleats_op;

/* The operator of that name in the domain (NULL, "" and "ai.onnx": the standard
 * set), or NULL. */
const pleats_op *pleats_op_find(const char *domain, const char *name);
/* That of the node, or NULL. */
const pleats_op *pleats_op_of(const pleats_graph *graph, pleats_idx node);
/* The handler of constant inputs alone (op_fold*.c), which comes before the
 * table's, of a standard operator; NULL: none. */
pleats_op_fn pleats_fold_find(const char *name);
/* How many of its outputs that handler fills; 0 without one. */
pleats_idx pleats_fold_outputs(const char *name);

/* The constant that stands in the file for the value; `out` stays of sort NONE
 * where it is none, or cannot be read.  `path`: the model's, for external
 * data, or NULL. */
PLEATS_NODISCARD pleats_status pleats_graph_constant(pleats_ctx *ctx,
                                                     const pleats_graph *graph,
                                                     const char *path,
                                                     pleats_idx value,
                                                     pleats_tensor *out);

/* Refuses, without knowing any shape, every node that cannot be piecewise
 * linear. */
PLEATS_NODISCARD pleats_status pleats_scan(pleats_ctx *ctx, pleats_graph *graph,
                                           pleats_report *report);
/* Makes every output that is a tail (strictly monotone functions of what is
 * before them, like Softmax and Tanh, then renamings and increasing affine
 * functions) that which is before its tail: with `logits` with a remark for
 * each node, else with a refusal that says so.  The label of a classifier and
 * its probabilities are tails of the same logits, which count once.  `path`:
 * the model's, for external data. */
PLEATS_NODISCARD pleats_status pleats_skip_tails(pleats_ctx *ctx,
                                                 pleats_graph *graph,
                                                 const char *path, bool logits,
                                                 pleats_report *report);

/* Arithmetic */
pleats_status pleats_op_add(pleats_call *c);
pleats_status pleats_op_sub(pleats_call *c);
pleats_status pleats_op_sum(pleats_call *c);
pleats_status pleats_op_mul(pleats_call *c);
pleats_status pleats_op_div(pleats_call *c);
pleats_status pleats_op_neg(pleats_call *c);
pleats_status pleats_op_batch_norm(pleats_call *c);
/* Products */
pleats_status pleats_op_gemm(pleats_call *c);
pleats_status pleats_op_matmul(pleats_call *c);
pleats_status pleats_op_conv(pleats_call *c);
pleats_status pleats_op_conv_transpose(pleats_call *c);
/* Units */
pleats_status pleats_op_relu(pleats_call *c);
pleats_status pleats_op_leaky_relu(pleats_call *c);
pleats_status pleats_op_prelu(pleats_call *c);
pleats_status pleats_op_clip(pleats_call *c);
pleats_status pleats_op_hard_sigmoid(pleats_call *c);
pleats_status pleats_op_abs(pleats_call *c);
pleats_status pleats_op_shrink(pleats_call *c);
pleats_status pleats_op_thresholded_relu(pleats_call *c);
pleats_status pleats_op_pow(pleats_call *c);
pleats_status pleats_op_max(pleats_call *c);
pleats_status pleats_op_min(pleats_call *c);
/* Pools and reductions */
pleats_status pleats_op_max_pool(pleats_call *c);
pleats_status pleats_op_average_pool(pleats_call *c);
pleats_status pleats_op_sum_pool(pleats_call *c);
pleats_status pleats_op_lp_pool(pleats_call *c);
pleats_status pleats_op_global_lp_pool(pleats_call *c);
pleats_status pleats_op_global_sum(pleats_call *c);
pleats_status pleats_op_global_max(pleats_call *c);
pleats_status pleats_op_global_average(pleats_call *c);
pleats_status pleats_op_reduce_sum(pleats_call *c);
pleats_status pleats_op_reduce_l1(pleats_call *c);
pleats_status pleats_op_reduce_mean(pleats_call *c);
pleats_status pleats_op_reduce_max(pleats_call *c);
pleats_status pleats_op_reduce_min(pleats_call *c);
pleats_status pleats_op_reduce_prod(pleats_call *c);
/* Sorts and recurrences */
pleats_status pleats_op_top_k(pleats_call *c);
pleats_status pleats_op_rnn(pleats_call *c);
/* Views */
pleats_status pleats_op_identity(pleats_call *c);
pleats_status pleats_op_dropout(pleats_call *c);
pleats_status pleats_op_cast(pleats_call *c);
pleats_status pleats_op_flatten(pleats_call *c);
pleats_status pleats_op_reshape(pleats_call *c);
pleats_status pleats_op_squeeze(pleats_call *c);
pleats_status pleats_op_unsqueeze(pleats_call *c);
pleats_status pleats_op_transpose(pleats_call *c);
/* Types.  `pleats_cast`: c->out gets x as numbers of the data type `to`. */
pleats_status pleats_cast(const pleats_call *c, const pleats_tensor *x,
                          int64_t to);
pleats_status pleats_op_cast_like(pleats_call *c);
pleats_status pleats_op_dequantize(pleats_call *c);
/* Choices of elements, one by one, and sums of them.  `pleats_concat` joins n
 * tensors along an axis into c->out. */
pleats_status pleats_concat(const pleats_call *c, pleats_idx n,
                            const pleats_tensor *const *t, int axis);
pleats_status pleats_op_tile(pleats_call *c);
pleats_status pleats_op_gather_elements(pleats_call *c);
pleats_status pleats_op_gather_nd(pleats_call *c);
pleats_status pleats_op_compress(pleats_call *c);
pleats_status pleats_op_reverse_sequence(pleats_call *c);
pleats_status pleats_op_trilu(pleats_call *c);
pleats_status pleats_op_one_hot(pleats_call *c);
pleats_status pleats_op_depth_to_space(pleats_call *c);
pleats_status pleats_op_space_to_depth(pleats_call *c);
pleats_status pleats_op_center_crop_pad(pleats_call *c);
pleats_status pleats_op_col2im(pleats_call *c);
pleats_status pleats_op_scatter_elements(pleats_call *c);
pleats_status pleats_op_scatter_nd(pleats_call *c);
pleats_status pleats_op_cum_sum(pleats_call *c);
pleats_status pleats_op_mean(pleats_call *c);
pleats_status pleats_op_einsum(pleats_call *c);
pleats_status pleats_op_grid_sample(pleats_call *c);
pleats_status pleats_op_affine_grid(pleats_call *c);
/* Sequences */
pleats_status pleats_op_sequence_construct(pleats_call *c);
pleats_status pleats_op_sequence_at(pleats_call *c);
pleats_status pleats_op_sequence_length(pleats_call *c);
pleats_status pleats_op_sequence_insert(pleats_call *c);
pleats_status pleats_op_sequence_erase(pleats_call *c);
pleats_status pleats_op_split_to_sequence(pleats_call *c);
pleats_status pleats_op_concat_from_sequence(pleats_call *c);
/* Other domains */
pleats_status pleats_op_scaler(pleats_call *c);
pleats_status pleats_op_linear_regressor(pleats_call *c);
pleats_status pleats_op_array_feature_extractor(pleats_call *c);
pleats_status pleats_op_fused_matmul(pleats_call *c);
pleats_status pleats_op_fused_gemm(pleats_call *c);
pleats_status pleats_op_fused_conv(pleats_call *c);
/* Choices of elements */
pleats_status pleats_op_slice(pleats_call *c);
pleats_status pleats_op_split(pleats_call *c);
pleats_status pleats_op_concat(pleats_call *c);
pleats_status pleats_op_pad(pleats_call *c);
pleats_status pleats_op_gather(pleats_call *c);
pleats_status pleats_op_expand(pleats_call *c);
pleats_status pleats_op_resize(pleats_call *c);
/* Constants */
pleats_status pleats_op_constant(pleats_call *c);
pleats_status pleats_op_constant_of_shape(pleats_call *c);
pleats_status pleats_op_shape(pleats_call *c);
pleats_status pleats_op_size(pleats_call *c);
pleats_status pleats_op_range(pleats_call *c);
pleats_status pleats_op_eye_like(pleats_call *c);
pleats_status pleats_op_non_zero(pleats_call *c);
pleats_status pleats_op_unique(pleats_call *c);
pleats_status pleats_op_where(pleats_call *c);
pleats_status pleats_op_equal(pleats_call *c);
pleats_status pleats_op_less(pleats_call *c);
pleats_status pleats_op_greater(pleats_call *c);
pleats_status pleats_op_less_equal(pleats_call *c);
pleats_status pleats_op_greater_equal(pleats_call *c);
pleats_status pleats_op_and(pleats_call *c);
pleats_status pleats_op_or(pleats_call *c);
pleats_status pleats_op_xor(pleats_call *c);
pleats_status pleats_op_sign(pleats_call *c);
pleats_status pleats_op_not(pleats_call *c);
pleats_status pleats_op_mod(pleats_call *c);
pleats_status pleats_op_floor(pleats_call *c);
pleats_status pleats_op_ceil(pleats_call *c);
pleats_status pleats_op_round(pleats_call *c);
pleats_status pleats_op_sqrt(pleats_call *c);
pleats_status pleats_op_reciprocal(pleats_call *c);

#endif
