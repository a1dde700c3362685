/* Handlers of operators whose inputs are all constant, by the operators' own
 * definitions.  What rational arithmetic defines is exact; other values are
 * reckoned in double, once each, and counted as rounded. */
#ifndef PLEATS_ONNX_OP_FOLD_H
#define PLEATS_ONNX_OP_FOLD_H

#include "onnx/ops.h"

/* The value of an irrational function, counted as rounded when finite. */
pleats_number pleats_fold_rounded(const pleats_call *c, double value);
pleats_number pleats_fold_abs(const pleats_call *c, pleats_number x);

/* op_fold_unary.c */
pleats_status pleats_fold_smooth(pleats_call *c);
pleats_status pleats_fold_elu(pleats_call *c);
pleats_status pleats_fold_gelu(pleats_call *c);
pleats_status pleats_fold_softsign(pleats_call *c);
pleats_status pleats_fold_hard_swish(pleats_call *c);
pleats_status pleats_fold_threshold(pleats_call *c);
pleats_status pleats_fold_shrink(pleats_call *c);
pleats_status pleats_fold_sign(pleats_call *c);
pleats_status pleats_fold_is_nan(pleats_call *c);
pleats_status pleats_fold_is_inf(pleats_call *c);
pleats_status pleats_fold_pow(pleats_call *c);

#endif
