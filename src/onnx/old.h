/* Opset 6, in which operators said how they broadcast. */
#ifndef PLEATS_ONNX_OLD_H
#define PLEATS_ONNX_OLD_H

#include "onnx/call.h"

/* Where the node says with `broadcast` and `axis` (or, as PRelu, by its
 * definition) that input 1 belongs to other axes than the last ones, `*aligned`
 * becomes input 1 with axes of size 1 behind, and takes its place.  Refused
 * where the shapes are to be equal and are not, and Dropout unless it says
 * is_test. */
PLEATS_NODISCARD pleats_status pleats_old_align(pleats_call *c,
                                                pleats_tensor *aligned);

#endif
