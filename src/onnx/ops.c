#include "onnx/ops.h"

#include <string.h>

#define VAR0 PLEATS_IN_0
#define ALL PLEATS_IN_ALL
#define FOLDS PLEATS_OP_FOLDS
#define VIEW (PLEATS_OP_FOLDS | PLEATS_OP_VIEW | PLEATS_OP_MOVES)
#define MOVES (PLEATS_OP_FOLDS | PLEATS_OP_MOVES)
#define LIST (PLEATS_OP_FOLDS | PLEATS_OP_MOVES | PLEATS_OP_SEQUENCE)
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
#define DIVIDES_ROW "divides by a norm of the input, which is not affine"
#define TREES "is a step function of its input, which is not continuous"
#define OF_VARIABLE "of a variable tensor is not piecewise linear"

static const pleats_op standard[] = {
    {"Add", pleats_op_add, 2, 2, NULL, ALL, FOLDS},
    {"Sub", pleats_op_sub, 2, 2, NULL, ALL, FOLDS},
    {"Sum", pleats_op_sum, 1, ANY, NULL, ALL, FOLDS},
    {"Mean", pleats_op_mean, 1, ANY, NULL, ALL, FOLDS},
    {"CumSum", pleats_op_cum_sum, 2, 2, NULL, VAR0, FOLDS},
    {"Einsum", pleats_op_einsum, 1, ANY, NULL, ALL, FOLDS | PRODUCT},
    {"Col2Im", pleats_op_col2im, 3, 3, NULL, VAR0, FOLDS},
    {"GridSample", pleats_op_grid_sample, 2, 2, NULL, VAR0, FOLDS},
    {"AffineGrid", pleats_op_affine_grid, 2, 2, NULL, VAR0, FOLDS},
    {"DequantizeLinear", pleats_op_dequantize, 2, 3, NULL, VAR0,
     FOLDS | PLEATS_OP_REAL},
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
    {"Cast", pleats_op_cast, 1, 1, NULL, VAR0,
     FOLDS | PLEATS_OP_VIEW | PLEATS_OP_REAL},
    {"CastLike", pleats_op_cast_like, 2, 2, NULL, ALL,
     FOLDS | PLEATS_OP_VIEW | PLEATS_OP_REAL},
    {"Flatten", pleats_op_flatten, 1, 1, NULL, VAR0, VIEW},
    {"Reshape", pleats_op_reshape, 2, 2, NULL, VAR0, VIEW},
    {"Squeeze", pleats_op_squeeze, 1, 2, NULL, VAR0, VIEW},
    {"Unsqueeze", pleats_op_unsqueeze, 1, 2, NULL, VAR0, VIEW},
    {"Transpose", pleats_op_transpose, 1, 1, NULL, VAR0, VIEW},

    {"Slice", pleats_op_slice, 1, 5, NULL, VAR0, MOVES},
    {"Split", pleats_op_split, 1, 2, NULL, VAR0, MOVES | PLEATS_OP_MANY},
    {"Concat", pleats_op_concat, 1, ANY, NULL, ALL, MOVES},
    {"Pad", pleats_op_pad, 1, 4, NULL, VAR0, MOVES},
    {"Gather", pleats_op_gather, 2, 2, NULL, VAR0, MOVES},
    {"Expand", pleats_op_expand, 2, 2, NULL, VAR0, MOVES},
    {"Tile", pleats_op_tile, 2, 2, NULL, VAR0, MOVES},
    {"GatherElements", pleats_op_gather_elements, 2, 2, NULL, VAR0, MOVES},
    {"GatherND", pleats_op_gather_nd, 2, 2, NULL, VAR0, MOVES},
    {"Compress", pleats_op_compress, 2, 2, NULL, VAR0, MOVES},
    {"ReverseSequence", pleats_op_reverse_sequence, 2, 2, NULL, VAR0, MOVES},
    {"Trilu", pleats_op_trilu, 1, 2, NULL, VAR0, MOVES},
    {"OneHot", pleats_op_one_hot, 3, 3, NULL, PLEATS_IN_2, MOVES},
    {"DepthToSpace", pleats_op_depth_to_space, 1, 1, NULL, VAR0, MOVES},
    {"SpaceToDepth", pleats_op_space_to_depth, 1, 1, NULL, VAR0, MOVES},
    {"CenterCropPad", pleats_op_center_crop_pad, 2, 2, NULL, VAR0, MOVES},
    {"Scatter", pleats_op_scatter_elements, 3, 3, NULL, VAR0 | PLEATS_IN_2,
     FOLDS},
    {"ScatterElements", pleats_op_scatter_elements, 3, 3, NULL,
     VAR0 | PLEATS_IN_2, FOLDS},
    {"ScatterND", pleats_op_scatter_nd, 3, 3, NULL, VAR0 | PLEATS_IN_2, FOLDS},
    {"SequenceConstruct", pleats_op_sequence_construct, 1, ANY, NULL, ALL,
     LIST},
    {"SequenceAt", pleats_op_sequence_at, 2, 2, NULL, VAR0, LIST},
    {"SequenceLength", pleats_op_sequence_length, 1, 1, NULL, VAR0,
     LIST | PLEATS_OP_SHAPE},
    {"SequenceInsert", pleats_op_sequence_insert, 2, 3, NULL,
     VAR0 | PLEATS_IN_1, LIST},
    {"SequenceErase", pleats_op_sequence_erase, 1, 2, NULL, VAR0, LIST},
    {"SplitToSequence", pleats_op_split_to_sequence, 1, 2, NULL, VAR0, LIST},
    {"ConcatFromSequence", pleats_op_concat_from_sequence, 1, 1, NULL, VAR0,
     LIST},
    {"Resize", pleats_op_resize, 1, 4, NULL, VAR0, FOLDS},
    {"Upsample", pleats_op_resize, 1, 2, NULL, VAR0, FOLDS},

    {"Constant", pleats_op_constant, 0, 0, NULL, 0, FOLDS},
    {"ConstantOfShape", pleats_op_constant_of_shape, 1, 1, NULL, 0, FOLDS},
    {"Shape", pleats_op_shape, 1, 1, NULL, VAR0, PLEATS_OP_SHAPE},
    {"Size", pleats_op_size, 1, 1, NULL, VAR0, PLEATS_OP_SHAPE},
    {"EyeLike", pleats_op_eye_like, 1, 1, NULL, VAR0, PLEATS_OP_SHAPE},
    {"Range", pleats_op_range, 3, 3, NULL, 0, FOLDS},
    {"NonZero", pleats_op_non_zero, 1, 1, OF_VARIABLE, 0, FOLDS},
    {"Unique", pleats_op_unique, 1, 1, OF_VARIABLE, 0, FOLDS | PLEATS_OP_MANY},
    {"Where", pleats_op_where, 3, 3, NULL, ALL, MOVES},
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
    {.name = "LayerNormalization", .reason = NORMALISES},
    {.name = "InstanceNormalization", .reason = NORMALISES},
    {.name = "GroupNormalization", .reason = NORMALISES},
    {.name = "RMSNormalization", .reason = NORMALISES},
    {.name = "MeanVarianceNormalization", .reason = NORMALISES},
    {.name = "LpNormalization", .reason = NORMALISES},
    {.name = "LRN", .reason = NORMALISES},
    {.name = "QuantizeLinear", .reason = QUANTISED},
    {.name = "DynamicQuantizeLinear", .reason = QUANTISED},
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

/* ai.onnx.ml */
static const pleats_op learning[] = {
    {"Scaler", pleats_op_scaler, 1, 1, NULL, VAR0, PLEATS_OP_REAL},
    {"LinearRegressor", pleats_op_linear_regressor, 1, 1, NULL, VAR0,
     PLEATS_OP_REAL},
    {"ArrayFeatureExtractor", pleats_op_array_feature_extractor, 2, 2, NULL,
     VAR0, MOVES},
    {.name = "Normalizer", .reason = DIVIDES_ROW},
    {.name = "Binarizer", .reason = STEPPED},
    {.name = "LinearClassifier", .reason = STEPPED},
    {.name = "TreeEnsemble", .reason = TREES},
    {.name = "TreeEnsembleRegressor", .reason = TREES},
    {.name = "TreeEnsembleClassifier", .reason = TREES},
    {.name = "SVMRegressor", .reason = SMOOTH},
    {.name = "SVMClassifier", .reason = STEPPED},
};

/* com.microsoft */
static const pleats_op microsoft[] = {
    {"FusedMatMul", pleats_op_fused_matmul, 2, 2, NULL, ALL, PRODUCT},
    {"FusedGemm", pleats_op_fused_gemm, 2, 3, NULL, ALL, PRODUCT},
    {"FusedConv", pleats_op_fused_conv, 2, 4, NULL, VAR0 | PLEATS_IN_3, 0},
};

#define SIZE(table) (sizeof(table) / sizeof *(table))

const pleats_op *pleats_op_find(const char *domain, const char *name)
{
    static const struct {
        const char *domain;
        const pleats_op *op;
        size_t n;
    } sets[] = {{"", standard, SIZE(standard)},
                {"ai.onnx.ml", learning, SIZE(learning)},
                {"com.microsoft", microsoft, SIZE(microsoft)}};
    const char *wanted =
        !domain || pleats_opset_is_standard(domain) ? "" : domain;
    for (size_t s = 0; s < SIZE(sets); s++)
        for (size_t i = 0; i < sets[s].n && strcmp(sets[s].domain, wanted) == 0;
             i++)
            if (strcmp(sets[s].op[i].name, name) == 0)
                return &sets[s].op[i];
    return NULL;
}

const pleats_op *pleats_op_of(const pleats_graph *graph, pleats_idx node)
{
    const Onnx__NodeProto *proto = graph->node[node].proto;
    if (graph->node[node].is_alias)
        return pleats_op_find(NULL, "Identity");
    return pleats_op_find(proto->domain, proto->op_type);
}
