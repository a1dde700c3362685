/* An ONNX model under construction: nodes, attributes and constants, all owned
 * by the model.  Every tensor has a batch axis of any size in front, which no
 * shape here mentions. */
#ifndef PLEATS_ONNX_WRITE_MODEL_OUT_H
#define PLEATS_ONNX_WRITE_MODEL_OUT_H

#include "base/base.h"

#include "onnx.pb-c.h"

typedef struct {
    pleats_ctx *ctx;
    bool is_double; /* real numbers are DOUBLE, else FLOAT */
    void **owned;   /* [n_owned] */
    size_t n_owned, owned_capacity;
    Onnx__NodeProto **node; /* [n_nodes] */
    size_t n_nodes, node_capacity;
    Onnx__TensorProto **constant; /* [n_constants] */
    size_t n_constants, constant_capacity;
} pleats_model_out;

void pleats_model_out_clear(pleats_model_out *m);

/* Memory that lives as long as the model. */
PLEATS_NODISCARD pleats_status pleats_model_out_own(pleats_model_out *m,
                                                    size_t count, size_t size,
                                                    void *out);

/* Appends a node that reads the tensors `in` ("": left out).  Its only output
 * is out->output[0]; names are the operator and a number. */
PLEATS_NODISCARD pleats_status pleats_model_out_node(pleats_model_out *m,
                                                     const char *op, size_t n,
                                                     const char *const *in,
                                                     Onnx__NodeProto **out);
/* The same when only its output's name matters. */
PLEATS_NODISCARD pleats_status pleats_model_out_call(pleats_model_out *m,
                                                     const char *op, size_t n,
                                                     const char *const *in,
                                                     const char **out);

/* Attributes of a node. */
PLEATS_NODISCARD pleats_status pleats_model_out_int(pleats_model_out *m,
                                                    Onnx__NodeProto *node,
                                                    const char *name,
                                                    int64_t value);
PLEATS_NODISCARD pleats_status pleats_model_out_float(pleats_model_out *m,
                                                      Onnx__NodeProto *node,
                                                      const char *name,
                                                      float value);
PLEATS_NODISCARD pleats_status pleats_model_out_ints(pleats_model_out *m,
                                                     Onnx__NodeProto *node,
                                                     const char *name, size_t n,
                                                     const int64_t *values);

/* Constants; `*out` gets the tensor's name. */
PLEATS_NODISCARD pleats_status pleats_model_out_reals(pleats_model_out *m,
                                                      pleats_idx n_dims,
                                                      const int64_t *dims,
                                                      const double *values,
                                                      const char **out);
PLEATS_NODISCARD pleats_status pleats_model_out_indices(pleats_model_out *m,
                                                        pleats_idx n_dims,
                                                        const int64_t *dims,
                                                        const int64_t *values,
                                                        const char **out);

typedef struct {
    const char *name;
    pleats_idx n_dims;
    const int64_t *dims; /* batch axis left out */
} pleats_model_end;

/* The file's bytes; release them.  PLEATS_LIMIT beyond 2 GiB, the most that a
 * model may have. */
PLEATS_NODISCARD pleats_status pleats_model_out_pack(
    pleats_model_out *m, const pleats_model_end *input,
    const pleats_model_end *output, unsigned char **bytes, size_t *size);

#endif
