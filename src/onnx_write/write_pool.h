/* Pools, recognised in the rows of a step. */
#ifndef PLEATS_ONNX_WRITE_WRITE_POOL_H
#define PLEATS_ONNX_WRITE_WRITE_POOL_H

#include "onnx_write/write_values.h"
#include "spec/spec.h"

/* Row (channel, position) of the step reads what a window of that channel
 * finds in `from`. */
typedef struct {
    const pleats_value *from;
    pleats_idx n_spatial;
    pleats_conv_spec window;              /* kernel, stride, pads */
    int64_t dims[1 + PLEATS_MAX_SPATIAL]; /* of the result, channels first */
} pleats_pool;

/* Whether the rows of the step are a pool, and which. */
bool pleats_pool_find(const pleats_writer *w, const pleats_step *s,
                      pleats_pool *out);

/* The node for a pool found in the step: `op` with the windows as attributes.
 * The step's scalars get their home in its output. */
PLEATS_NODISCARD pleats_status pleats_pool_write(pleats_writer *w,
                                                 const pleats_step *s,
                                                 const pleats_pool *pool,
                                                 const char *op,
                                                 Onnx__NodeProto **node);

#endif
