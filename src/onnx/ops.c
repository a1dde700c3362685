#include "onnx/ops.h"

#include <string.h>

#define VAR0 PLEATS_IN_0
#define ALL PLEATS_IN_ALL
#define FOLDS PLEATS_OP_FOLDS
#define VIEW (PLEATS_OP_FOLDS | PLEATS_OP_VIEW)
#define PRODUCT PLEATS_OP_PRODUCT
#define TAIL PLEATS_OP_TAIL

/* Reasons that several operators share. */
#define SMOOTH "is not piecewise linear"
#define STEPPED "is not continuous and piecewise linear"
#define NORMALISES                                                             \
    "divides by a function of the input, which is not piecewise linear"
#define QUANTISED "rounds to integers, which is not continuous"
#define CONTROL "is control flow, which is not supported"
#define RECURRENT "has sigmoid or tanh gates, which are not piecewise linear"
#define OF_VARIABLE "of a variable tensor is not piecewise linear"

static const pleats_op table[] = {
    {"Add", pleats_op_add, NULL, ALL, FOLDS},
    {"Sub", pleats_op_sub, NULL, ALL, FOLDS},
    {"Sum", pleats_op_sum, NULL, ALL, FOLDS},
    {"Neg", pleats_op_neg, NULL, VAR0, FOLDS},
    {"Mul", pleats_op_mul, NULL, ALL, FOLDS | PRODUCT},
    {"Div", pleats_op_div, "by a variable tensor is not piecewise linear", VAR0,
     FOLDS},
    {"BatchNormalization", pleats_op_batch_norm, NULL, VAR0, 0},
    {"Gemm", pleats_op_gemm, NULL, ALL, PRODUCT},
    {"MatMul", pleats_op_matmul, NULL, ALL, PRODUCT},
    {"Conv", pleats_op_conv, NULL, VAR0, 0},
    {"ConvTranspose", pleats_op_conv_transpose, NULL, VAR0, 0},

    {"Relu", pleats_op_relu, NULL, VAR0, FOLDS},
    {"LeakyRelu", pleats_op_leaky_relu, NULL, VAR0, FOLDS},
    {"PRelu", pleats_op_prelu, NULL, VAR0, FOLDS},
    {"Clip", pleats_op_clip, NULL, VAR0, FOLDS},
    {"HardSigmoid", pleats_op_hard_sigmoid, NULL, VAR0, 0},
    {"Abs", pleats_op_abs, NULL, VAR0, FOLDS},
    {"Max", pleats_op_max, NULL, ALL, FOLDS},
    {"Min", pleats_op_min, NULL, ALL, FOLDS},

    {"MaxPool", pleats_op_max_pool, NULL, VAR0, 0},
    {"AveragePool", pleats_op_average_pool, NULL, VAR0, 0},
    {"GlobalMaxPool", pleats_op_global_max, NULL, VAR0, FOLDS},
    {"GlobalAveragePool", pleats_op_global_average, NULL, VAR0, FOLDS},
    {"ReduceSum", pleats_op_reduce_sum, NULL, VAR0, FOLDS},
    {"ReduceMean", pleats_op_reduce_mean, NULL, VAR0, FOLDS},
    {"ReduceMax", pleats_op_reduce_max, NULL, VAR0, FOLDS},
    {"ReduceMin", pleats_op_reduce_min, NULL, VAR0, FOLDS},
    {"ReduceProd", pleats_op_reduce_prod, OF_VARIABLE, 0, FOLDS},

    {"Identity", pleats_op_identity, NULL, VAR0, VIEW},
    {"Dropout", pleats_op_dropout, NULL, VAR0, VIEW},
    {"Cast", pleats_op_cast, NULL, VAR0, VIEW},
    {"Flatten", pleats_op_flatten, NULL, VAR0, VIEW},
    {"Reshape", pleats_op_reshape, NULL, VAR0, VIEW},
    {"Squeeze", pleats_op_squeeze, NULL, VAR0, VIEW},
    {"Unsqueeze", pleats_op_unsqueeze, NULL, VAR0, VIEW},
    {"Transpose", pleats_op_transpose, NULL, VAR0, VIEW},

    {"Slice", pleats_op_slice, NULL, VAR0, FOLDS},
    {"Split", pleats_op_split, NULL, VAR0, FOLDS | PLEATS_OP_MANY},
    {"Concat", pleats_op_concat, NULL, ALL, FOLDS},
    {"Pad", pleats_op_pad, NULL, VAR0, FOLDS},
    {"Gather", pleats_op_gather, NULL, VAR0, FOLDS},
    {"Expand", pleats_op_expand, NULL, VAR0, FOLDS},
    {"Resize", pleats_op_resize, NULL, VAR0, FOLDS},
    {"Upsample", pleats_op_resize, NULL, VAR0, FOLDS},

    {"Constant", pleats_op_constant, NULL, 0, FOLDS},
    {"ConstantOfShape", pleats_op_constant_of_shape, NULL, 0, FOLDS},
    {"Shape", pleats_op_shape, NULL, VAR0, PLEATS_OP_SHAPE},
    {"Size", pleats_op_size, NULL, VAR0, PLEATS_OP_SHAPE},
    {"Range", pleats_op_range, NULL, 0, FOLDS},
    {"NonZero", pleats_op_non_zero, OF_VARIABLE, 0, FOLDS},
    {"Where", pleats_op_where, OF_VARIABLE, 0, FOLDS},
    {"Equal", pleats_op_equal, OF_VARIABLE, 0, FOLDS},
    {"Less", pleats_op_less, OF_VARIABLE, 0, FOLDS},
    {"Greater", pleats_op_greater, OF_VARIABLE, 0, FOLDS},
    {"LessOrEqual", pleats_op_less_equal, OF_VARIABLE, 0, FOLDS},
    {"GreaterOrEqual", pleats_op_greater_equal, OF_VARIABLE, 0, FOLDS},
    {"And", pleats_op_and, OF_VARIABLE, 0, FOLDS},
    {"Or", pleats_op_or, OF_VARIABLE, 0, FOLDS},
    {"Not", pleats_op_not, OF_VARIABLE, 0, FOLDS},
    {"Mod", pleats_op_mod, OF_VARIABLE, 0, FOLDS},
    {"Floor", pleats_op_floor, OF_VARIABLE, 0, FOLDS},
    {"Ceil", pleats_op_ceil, OF_VARIABLE, 0, FOLDS},
    {"Round", pleats_op_round, OF_VARIABLE, 0, FOLDS},
    {"Sqrt", pleats_op_sqrt, OF_VARIABLE, 0, FOLDS},
    {"Reciprocal", pleats_op_reciprocal, OF_VARIABLE, 0, FOLDS},

    {"Softmax", NULL, SMOOTH, 0, TAIL},
    {"LogSoftmax", NULL, SMOOTH, 0, TAIL},
    {"Sigmoid", NULL, SMOOTH, 0, TAIL},
    {"ArgMax", NULL, STEPPED, 0, TAIL},
    {"ArgMin", NULL, STEPPED, 0, 0},
    {"Hardmax", NULL, STEPPED, 0, 0},
    {"TopK", NULL, "chooses elements by their values, which is not supported",
     0, 0},
    {"Sign", NULL, STEPPED, 0, 0},
    {"ThresholdedRelu", NULL, STEPPED, 0, 0},
    {"Shrink", NULL, STEPPED, 0, 0},
    {"Tanh", NULL, SMOOTH, 0, 0},
    {"Erf", NULL, SMOOTH, 0, 0},
    {"Gelu", NULL, SMOOTH, 0, 0},
    {"Softplus", NULL, SMOOTH, 0, 0},
    {"Softsign", NULL, SMOOTH, 0, 0},
    {"Elu", NULL, SMOOTH, 0, 0},
    {"Selu", NULL, SMOOTH, 0, 0},
    {"Celu", NULL, SMOOTH, 0, 0},
    {"Mish", NULL, SMOOTH, 0, 0},
    {"Swish", NULL, SMOOTH, 0, 0},
    {"HardSwish", NULL, "is piecewise quadratic, not piecewise linear", 0, 0},
    {"Exp", NULL, SMOOTH, 0, 0},
    {"Log", NULL, SMOOTH, 0, 0},
    {"Pow", NULL, SMOOTH, 0, 0},
    {"Sin", NULL, SMOOTH, 0, 0},
    {"Cos", NULL, SMOOTH, 0, 0},
    {"Tan", NULL, SMOOTH, 0, 0},
    {"Atan", NULL, SMOOTH, 0, 0},
    {"Sinh", NULL, SMOOTH, 0, 0},
    {"Cosh", NULL, SMOOTH, 0, 0},
    {"ReduceL2", NULL, SMOOTH, 0, 0},
    {"ReduceSumSquare", NULL, SMOOTH, 0, 0},
    {"ReduceLogSumExp", NULL, SMOOTH, 0, 0},
    {"LpPool", NULL, SMOOTH, 0, 0},
    {"Einsum", NULL, "is not supported; MatMul is", 0, 0},
    {"LayerNormalization", NULL, NORMALISES, 0, 0},
    {"InstanceNormalization", NULL, NORMALISES, 0, 0},
    {"GroupNormalization", NULL, NORMALISES, 0, 0},
    {"RMSNormalization", NULL, NORMALISES, 0, 0},
    {"MeanVarianceNormalization", NULL, NORMALISES, 0, 0},
    {"LpNormalization", NULL, NORMALISES, 0, 0},
    {"LRN", NULL, NORMALISES, 0, 0},
    {"QuantizeLinear", NULL, QUANTISED, 0, 0},
    {"DynamicQuantizeLinear", NULL, QUANTISED, 0, 0},
    {"DequantizeLinear", NULL,
     "belongs to quantised networks, which are not "
     "supported",
     0, 0},
    {"QLinearConv", NULL, QUANTISED, 0, 0},
    {"QLinearMatMul", NULL, QUANTISED, 0, 0},
    {"ConvInteger", NULL, QUANTISED, 0, 0},
    {"MatMulInteger", NULL, QUANTISED, 0, 0},
    {"If", NULL, CONTROL, 0, 0},
    {"Loop", NULL, CONTROL, 0, 0},
    {"Scan", NULL, CONTROL, 0, 0},
    {"LSTM", NULL, RECURRENT, 0, 0},
    {"GRU", NULL, RECURRENT, 0, 0},
    {"RNN", NULL, RECURRENT, 0, 0},
};

const pleats_op *pleats_op_find(const char *name)
{
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
        if (strcmp(table[i].name, name) == 0)
            return &table[i];
    return NULL;
}
