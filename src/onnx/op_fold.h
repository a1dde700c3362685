/* Handlers of operators whose inputs are all constant, by the operators' own
 * definitions.  What rational arithmetic defines is exact; other values are
 * reckoned in double, once each, and counted as rounded. */
#ifndef PLEATS_ONNX_OP_FOLD_H
#define PLEATS_ONNX_OP_FOLD_H

#include "onnx/ops.h"

/* The value of an irrational function, counted as rounded when finite. */
pleats_number pleats_fold_rounded(const pleats_call *c, double value);
pleats_number pleats_fold_abs(const pleats_call *c, pleats_number x);
/* x / sqrt(square), rounded once. */
pleats_number pleats_fold_over_root(const pleats_call *c, pleats_number x,
                                    pleats_number square);

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

/* op_logic.c */

/* op_fold_norm.c */
pleats_status pleats_fold_lrn(pleats_call *c);
pleats_status pleats_fold_mean_variance(pleats_call *c);

/* op_fold_axis.c */
pleats_status pleats_fold_softmax(pleats_call *c);
pleats_status pleats_fold_reduce(pleats_call *c);
pleats_status pleats_fold_lp_normalization(pleats_call *c);
pleats_status pleats_fold_normalization(pleats_call *c);
pleats_status pleats_fold_arg(pleats_call *c);
pleats_status pleats_fold_top_k(pleats_call *c);
pleats_status pleats_fold_cum_sum(pleats_call *c);

#endif
