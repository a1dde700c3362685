/* Which tensor of the model under construction holds which scalar. */
#ifndef PLEATS_ONNX_WRITE_WRITE_VALUES_H
#define PLEATS_ONNX_WRITE_WRITE_VALUES_H

#include "net/net.h"
#include "onnx_write/model_out.h"

/* A tensor; shapes leave the batch axis out. */
typedef struct {
    const char *name;
    const char *flat; /* the tensor as a vector, NULL until it is needed */
    pleats_idx n, n_dims;
    const int64_t *dims; /* [n_dims] */
    pleats_idx first;    /* it holds scalars first, first + 1, ..; else -1 */
} pleats_value;

typedef struct {
    pleats_ctx *ctx;
    const pleats_net *net;
    pleats_model_out model;
    pleats_value *value; /* [n_values] */
    pleats_idx n_values;
    size_t value_capacity;
    pleats_idx *home, *offset; /* [n_scalars]: a scalar is that element of that
                                  value */
    pleats_idx *base;          /* [n_scalars], -1: room for gathers */
} pleats_writer;

/* The writer of a network's model, which holds its input. */
PLEATS_NODISCARD pleats_status pleats_writer_new(pleats_ctx *ctx,
                                                 const pleats_net *net,
                                                 pleats_writer *w);
void pleats_writer_clear(pleats_writer *w);

/* The tensor `name`, lent by the model, holds the scalars [n] in order; NULL:
 * first, first + 1, ... */
PLEATS_NODISCARD pleats_status pleats_writer_hold(
    pleats_writer *w, const char *name, pleats_idx n_dims, const int64_t *dims,
    pleats_idx n, pleats_idx first, const pleats_idx *scalars);

/* The value whose elements are exactly in[0 .. n-1], or NULL. */
pleats_value *pleats_writer_find(pleats_writer *w, pleats_idx n,
                                 const pleats_idx *in);

/* A tensor of that shape of the scalars in[0 .. n-1]; -1 is the constant 0. */
PLEATS_NODISCARD pleats_status
pleats_writer_read(pleats_writer *w, pleats_idx n, const pleats_idx *in,
                   pleats_idx n_dims, const int64_t *dims, const char **out);

/* A constant that broadcasts to the values [n] in that shape, as small as they
 * allow. */
PLEATS_NODISCARD pleats_status pleats_writer_constant(pleats_writer *w,
                                                      pleats_idx n_dims,
                                                      const int64_t *dims,
                                                      const double *values,
                                                      const char **out);

/* ---- steps (write_affine.c, write_units.c) ---- */

enum { PLEATS_WRITE_MAX_DIMS = 6 };

/* The shape of what a step writes: its label's, when that fits. */
pleats_idx pleats_write_shape(const pleats_step *s,
                              int64_t dims[PLEATS_WRITE_MAX_DIMS]);

PLEATS_NODISCARD pleats_status pleats_write_dense(pleats_writer *w,
                                                  const pleats_step *s);
PLEATS_NODISCARD pleats_status pleats_write_conv(pleats_writer *w,
                                                 const pleats_step *s);
PLEATS_NODISCARD pleats_status pleats_write_sparse(pleats_writer *w,
                                                   const pleats_step *s);
PLEATS_NODISCARD pleats_status pleats_write_pl(pleats_writer *w,
                                               const pleats_step *s);
PLEATS_NODISCARD pleats_status pleats_write_max(pleats_writer *w,
                                                const pleats_step *s);

#endif
