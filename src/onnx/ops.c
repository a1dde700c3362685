#include "onnx/ops.h"

#include <string.h>

#define VAR0 PLEATS_IN_0
#define ALL PLEATS_IN_ALL
#define FOLDS PLEATS_OP_FOLDS
#define VIEW (PLEATS_OP_FOLDS | PLEATS_OP_VIEW)
#define PRODUCT PLEATS_OP_PRODUCT
#define TAIL PLEATS_OP_TAIL
#define ANY INT32_MAX

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
    {"Add", pleats_op_add, 2, 2, NULL, ALL, FOLDS},
    {"Sub", pleats_op_sub, 2, 2, NULL, ALL, FOLDS},
    {"Sum", pleats_op_sum, 1, ANY, NULL, ALL, FOLDS},
    {"Neg", pleats_op_neg, 1, 1, NULL, VAR0, FOLDS},
    {"Mul", pleats_op_mul, 2, 2, NULL, ALL, FOLDS | PRODUCT},
    {"Div", pleats_op_div, 2, 2, "by a variable tensor is not piecewise linear",
     VAR0, FOLDS},
    {"BatchNormalization", pleats_op_batch_norm, 5, 5, NULL, VAR0, 0},
    {"Gemm", pleats_op_gemm, 2, 3, NULL, ALL, PRODUCT},
    {"MatMul", pleats_op_matmul, 2, 2, NULL, ALL, PRODUCT},
    {"Conv", pleats_op_conv, 2, 3, NULL, VAR0, 0},
    {"ConvTranspose", pleats_op_conv_transpose, 2, 3, NULL, VAR0, 0},

    {"Relu", pleats_op_relu, 1, 1, NULL, VAR0, FOLDS},
    {"LeakyRelu", pleats_op_leaky_relu, 1, 1, NULL, VAR0, FOLDS},
    {"PRelu", pleats_op_prelu, 2, 2, NULL, VAR0, FOLDS},
    {"Clip", pleats_op_clip, 1, 3, NULL, VAR0, FOLDS},
    {"HardSigmoid", pleats_op_hard_sigmoid, 1, 1, NULL, VAR0, 0},
    {"Abs", pleats_op_abs, 1, 1, NULL, VAR0, FOLDS},
    {"Shrink", pleats_op_shrink, 1, 1, NULL, VAR0, FOLDS},
    {"ThresholdedRelu", pleats_op_thresholded_relu, 1, 1, NULL, VAR0, FOLDS},
    {"Pow", pleats_op_pow, 2, 2,
     "with a variable exponent is not piecewise linear", VAR0, 0},
    {"TopK", pleats_op_top_k, 1, 2, NULL, VAR0, 0},
    {"RNN", pleats_op_rnn, 3, 6, NULL, ALL, PLEATS_OP_MANY},
    {"Max", pleats_op_max, 1, ANY, NULL, ALL, FOLDS},
    {"Min", pleats_op_min, 1, ANY, NULL, ALL, FOLDS},

    {"MaxPool", pleats_op_max_pool, 1, 1, NULL, VAR0, 0},
    {"AveragePool", pleats_op_average_pool, 1, 1, NULL, VAR0, 0},
    {"GlobalMaxPool", pleats_op_global_max, 1, 1, NULL, VAR0, FOLDS},
    {"GlobalAveragePool", pleats_op_global_average, 1, 1, NULL, VAR0, FOLDS},
    {"LpPool", pleats_op_lp_pool, 1, 1, NULL, VAR0, 0},
    {"GlobalLpPool", pleats_op_global_lp_pool, 1, 1, NULL, VAR0, 0},
    {"ReduceL1", pleats_op_reduce_l1, 1, 2, NULL, VAR0, FOLDS},
    {"ReduceSum", pleats_op_reduce_sum, 1, 2, NULL, VAR0, FOLDS},
    {"ReduceMean", pleats_op_reduce_mean, 1, 2, NULL, VAR0, FOLDS},
    {"ReduceMax", pleats_op_reduce_max, 1, 2, NULL, VAR0, FOLDS},
    {"ReduceMin", pleats_op_reduce_min, 1, 2, NULL, VAR0, FOLDS},
    {"ReduceProd", pleats_op_reduce_prod, 1, 2, OF_VARIABLE, 0, FOLDS},

    {"Identity", pleats_op_identity, 1, 1, NULL, VAR0, VIEW},
    {"Dropout", pleats_op_dropout, 1, 3, NULL, VAR0, VIEW},
    {"Cast", pleats_op_cast, 1, 1, NULL, VAR0, VIEW},
    {"Flatten", pleats_op_flatten, 1, 1, NULL, VAR0, VIEW},
    {"Reshape", pleats_op_reshape, 2, 2, NULL, VAR0, VIEW},
    {"Squeeze", pleats_op_squeeze, 1, 2, NULL, VAR0, VIEW},
    {"Unsqueeze", pleats_op_unsqueeze, 1, 2, NULL, VAR0, VIEW},
    {"Transpose", pleats_op_transpose, 1, 1, NULL, VAR0, VIEW},

    {"Slice", pleats_op_slice, 1, 5, NULL, VAR0, FOLDS},
    {"Split", pleats_op_split, 1, 2, NULL, VAR0, FOLDS | PLEATS_OP_MANY},
    {"Concat", pleats_op_concat, 1, ANY, NULL, ALL, FOLDS},
    {"Pad", pleats_op_pad, 1, 4, NULL, VAR0, FOLDS},
    {"Gather", pleats_op_gather, 2, 2, NULL, VAR0, FOLDS},
    {"Expand", pleats_op_expand, 2, 2, NULL, VAR0, FOLDS},
    {"Resize", pleats_op_resize, 1, 4, NULL, VAR0, FOLDS},
    {"Upsample", pleats_op_resize, 1, 2, NULL, VAR0, FOLDS},

    {"Constant", pleats_op_constant, 0, 0, NULL, 0, FOLDS},
    {"ConstantOfShape", pleats_op_constant_of_shape, 1, 1, NULL, 0, FOLDS},
    {"Shape", pleats_op_shape, 1, 1, NULL, VAR0, PLEATS_OP_SHAPE},
    {"Size", pleats_op_size, 1, 1, NULL, VAR0, PLEATS_OP_SHAPE},
    {"Range", pleats_op_range, 3, 3, NULL, 0, FOLDS},
    {"NonZero", pleats_op_non_zero, 1, 1, OF_VARIABLE, 0, FOLDS},
    {"Where", pleats_op_where, 3, 3, NULL, ALL, FOLDS},
    {"Equal", pleats_op_equal, 2, 2, NULL, ALL, FOLDS},
    {"Less", pleats_op_less, 2, 2, NULL, ALL, FOLDS},
    {"Greater", pleats_op_greater, 2, 2, NULL, ALL, FOLDS},
    {"LessOrEqual", pleats_op_less_equal, 2, 2, NULL, ALL, FOLDS},
    {"GreaterOrEqual", pleats_op_greater_equal, 2, 2, NULL, ALL, FOLDS},
    {"And", pleats_op_and, 2, 2, NULL, ALL, FOLDS},
    {"Or", pleats_op_or, 2, 2, NULL, ALL, FOLDS},
    {"Not", pleats_op_not, 1, 1, NULL, ALL, FOLDS},
    {"Xor", pleats_op_xor, 2, 2, NULL, ALL, FOLDS},
    {"Sign", pleats_op_sign, 1, 1, NULL, ALL, FOLDS},
    {"Mod", pleats_op_mod, 2, 2, OF_VARIABLE, 0, FOLDS},
    {"Floor", pleats_op_floor, 1, 1, OF_VARIABLE, 0, FOLDS},
    {"Ceil", pleats_op_ceil, 1, 1, OF_VARIABLE, 0, FOLDS},
    {"Round", pleats_op_round, 1, 1, OF_VARIABLE, 0, FOLDS},
    {"Sqrt", pleats_op_sqrt, 1, 1, OF_VARIABLE, 0, FOLDS},
    {"Reciprocal", pleats_op_reciprocal, 1, 1, OF_VARIABLE, 0, FOLDS},

    {.name = "Softmax", .reason = SMOOTH, .trait = TAIL},
    {.name = "LogSoftmax", .reason = SMOOTH, .trait = TAIL},
    {.name = "Sigmoid", .reason = SMOOTH, .trait = TAIL},
    {.name = "ArgMax", .reason = STEPPED, .trait = TAIL},
    {.name = "ArgMin", .reason = STEPPED},
    {.name = "Hardmax", .reason = STEPPED},
    {.name = "Tanh", .reason = SMOOTH, .trait = TAIL},
    {.name = "Erf", .reason = SMOOTH, .trait = TAIL},
    {.name = "Gelu", .reason = SMOOTH},
    {.name = "Softplus", .reason = SMOOTH, .trait = TAIL},
    {.name = "Softsign", .reason = SMOOTH, .trait = TAIL},
    {.name = "Elu", .reason = SMOOTH, .trait = TAIL},
    {.name = "Selu", .reason = SMOOTH, .trait = TAIL},
    {.name = "Celu", .reason = SMOOTH, .trait = TAIL},
    {.name = "Mish", .reason = SMOOTH},
    {.name = "Swish", .reason = SMOOTH},
    {.name = "HardSwish",
     .reason = "is piecewise quadratic, not piecewise linear"},
    {.name = "Exp", .reason = SMOOTH, .trait = TAIL},
    {.name = "Log", .reason = SMOOTH, .trait = TAIL},
    {.name = "Sin", .reason = SMOOTH},
    {.name = "Cos", .reason = SMOOTH},
    {.name = "Tan", .reason = SMOOTH},
    {.name = "Atan", .reason = SMOOTH, .trait = TAIL},
    {.name = "Sinh", .reason = SMOOTH, .trait = TAIL},
    {.name = "Cosh", .reason = SMOOTH},
    {.name = "ReduceL2", .reason = SMOOTH},
    {.name = "ReduceSumSquare", .reason = SMOOTH},
    {.name = "ReduceLogSumExp", .reason = SMOOTH},
    {.name = "Einsum", .reason = "is not supported; MatMul is"},
    {.name = "LayerNormalization", .reason = NORMALISES},
    {.name = "InstanceNormalization", .reason = NORMALISES},
    {.name = "GroupNormalization", .reason = NORMALISES},
    {.name = "RMSNormalization", .reason = NORMALISES},
    {.name = "MeanVarianceNormalization", .reason = NORMALISES},
    {.name = "LpNormalization", .reason = NORMALISES},
    {.name = "LRN", .reason = NORMALISES},
    {.name = "QuantizeLinear", .reason = QUANTISED},
    {.name = "DynamicQuantizeLinear", .reason = QUANTISED},
    {.name = "DequantizeLinear",
     .reason = "belongs to quantised networks, which are not supported"},
    {.name = "QLinearConv", .reason = QUANTISED},
    {.name = "QLinearMatMul", .reason = QUANTISED},
    {.name = "ConvInteger", .reason = QUANTISED},
    {.name = "MatMulInteger", .reason = QUANTISED},
    {.name = "If", .reason = CONTROL},
    {.name = "Loop", .reason = CONTROL},
    {.name = "Scan", .reason = CONTROL},
    {.name = "LSTM", .reason = RECURRENT},
    {.name = "GRU", .reason = RECURRENT},
};

const pleats_op *pleats_op_find(const char *name)
{
    for (size_t i = 0; i < sizeof table / sizeof table[0]; i++)
        if (strcmp(table[i].name, name) == 0)
            return &table[i];
    return NULL;
}

const pleats_op *pleats_op_of(const pleats_graph *graph, pleats_idx node)
{
    const Onnx__NodeProto *proto = graph->node[node].proto;
    if (graph->node[node].is_alias)
        return pleats_op_find("Identity");
    return pleats_opset_is_standard(proto->domain)
               ? pleats_op_find(proto->op_type)
               : NULL;
}
