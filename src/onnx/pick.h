/* Elements chosen one by one, and rows of terms over the elements of a tensor:
 * what operators with constant indices and constant weights come to. */
#ifndef PLEATS_ONNX_PICK_H
#define PLEATS_ONNX_PICK_H

#include "onnx/call.h"

#include <gmp.h>

/* Element i of the result is element from[i] of `t`, 0 when from[i] is -1;
 * from [shape->n]. */
PLEATS_NODISCARD pleats_status
pleats_tensor_pick(pleats_ctx *ctx, const pleats_tensor *t, const int64_t *from,
                   const pleats_tensor_shape *shape, pleats_tensor *out);
/* The elements of all n tensors one after the other, a list of the widest of
 * their sorts. */
PLEATS_NODISCARD pleats_status pleats_call_join(const pleats_call *c, size_t n,
                                                const pleats_tensor *const *t,
                                                pleats_tensor *out);

/* Coordinates of element i, row-major: at [shape->rank]. */
void pleats_shape_coordinates(const pleats_tensor_shape *shape, int64_t i,
                              int64_t *at);
/* `index` counted from the end when negative; refused outside an axis of size
 * n. */
PLEATS_NODISCARD pleats_status pleats_call_index(const pleats_call *c,
                                                 int64_t index, int64_t n,
                                                 int64_t *out);

/* Elements in[k] times weight[k], added up. */
typedef struct {
    size_t n, capacity, weight_capacity;
    int64_t *in;   /* [n] */
    mpq_t *weight; /* [n] */
} pleats_mix;

/* Adds a term; one more of the last element adds to its weight. */
PLEATS_NODISCARD pleats_status pleats_mix_add(pleats_ctx *ctx, pleats_mix *mix,
                                              int64_t in, const mpq_t weight);
/* Makes `out` the product of n mixes, one for each axis: entries
 * base + sum_k stride[k] * (entry of axis k), without those that have an entry
 * below 0 on an axis. */
PLEATS_NODISCARD pleats_status pleats_mix_product(pleats_ctx *ctx, int n,
                                                  const pleats_mix *const *axis,
                                                  const int64_t *stride,
                                                  int64_t base,
                                                  pleats_mix *out);
/* Takes all terms away and keeps the memory. */
void pleats_mix_drop(pleats_mix *mix);
void pleats_mix_clear(pleats_ctx *ctx, pleats_mix *mix);
/* The mix as a row of terms: integers over their common denominator where these
 * are doubles, which makes one step of it. */
PLEATS_NODISCARD pleats_status pleats_terms_mix(const pleats_call *c,
                                                pleats_terms *rows,
                                                const pleats_mix *mix);

/* Emits rows whose terms are elements of `x` instead of scalars, or works them
 * out when x is constant.  Integers take integer weights only. */
PLEATS_NODISCARD pleats_status pleats_emit_rows(
    const pleats_call *c, const pleats_tensor *x, const pleats_terms *rows,
    int64_t n_parameters, const pleats_tensor_shape *shape, pleats_tensor *out);

#endif
