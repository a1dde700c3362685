/* The table of operators on constants alone. */
#include "onnx/op_fold.h"

#include <string.h>

typedef struct {
    const char *name;
    pleats_op_fn run;
} fold_op;

static const fold_op table[] = {
    {"Exp", pleats_fold_smooth},
    {"Log", pleats_fold_smooth},
    {"Sigmoid", pleats_fold_smooth},
    {"Tanh", pleats_fold_smooth},
    {"Erf", pleats_fold_smooth},
    {"Softplus", pleats_fold_smooth},
    {"Mish", pleats_fold_smooth},
    {"Sin", pleats_fold_smooth},
    {"Cos", pleats_fold_smooth},
    {"Tan", pleats_fold_smooth},
    {"Asin", pleats_fold_smooth},
    {"Acos", pleats_fold_smooth},
    {"Atan", pleats_fold_smooth},
    {"Sinh", pleats_fold_smooth},
    {"Cosh", pleats_fold_smooth},
    {"Asinh", pleats_fold_smooth},
    {"Acosh", pleats_fold_smooth},
    {"Atanh", pleats_fold_smooth},
    {"Elu", pleats_fold_elu},
    {"Selu", pleats_fold_elu},
    {"Celu", pleats_fold_elu},
    {"Gelu", pleats_fold_gelu},
    {"Swish", pleats_fold_gelu},
    {"Softsign", pleats_fold_softsign},
    {"HardSwish", pleats_fold_hard_swish},
    {"ThresholdedRelu", pleats_fold_threshold},
    {"Shrink", pleats_fold_shrink},
    {"Sign", pleats_fold_sign},
    {"IsNaN", pleats_fold_is_nan},
    {"IsInf", pleats_fold_is_inf},
    {"Pow", pleats_fold_pow},
    {"LRN", pleats_fold_lrn},
    {"MeanVarianceNormalization", pleats_fold_mean_variance},
    {"Softmax", pleats_fold_softmax},
    {"LogSoftmax", pleats_fold_softmax},
    {"Hardmax", pleats_fold_softmax},
    {"ReduceL1", pleats_fold_reduce},
    {"ReduceL2", pleats_fold_reduce},
    {"ReduceSumSquare", pleats_fold_reduce},
    {"ReduceLogSum", pleats_fold_reduce},
    {"ReduceLogSumExp", pleats_fold_reduce},
    {"LpNormalization", pleats_fold_lp_normalization},
    {"LayerNormalization", pleats_fold_normalization},
    {"RMSNormalization", pleats_fold_normalization},
    {"InstanceNormalization", pleats_fold_normalization},
    {"GroupNormalization", pleats_fold_normalization},
    {"ArgMax", pleats_fold_arg},
    {"ArgMin", pleats_fold_arg},
    {"TopK", pleats_fold_top_k},
    {"CumSum", pleats_fold_cum_sum},
};

pleats_op_fn pleats_fold_find(const char *name)
{
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
        if (strcmp(table[i].name, name) == 0)
            return table[i].run;
    return NULL;
}

pleats_idx pleats_fold_outputs(const char *name)
{
    return !pleats_fold_find(name) ? 0 : strcmp(name, "TopK") == 0 ? 2 : 1;
}
