"""Refused networks: operators that are not piecewise linear, and attributes
and shapes that do not fit."""
import numpy as np
from onnx import TensorProto, helper

from corpus import N, ints, model, tensor, w

REFUSED = {}


def refuse(name, made, *words, args=(), files=None, accepted_with=None):
    """Registers a defect: `made` is a model or bytes; the message must hold
    every one of `words` (regular expressions, any case)."""
    assert name not in REFUSED, name
    data = made if isinstance(made, bytes) else made.SerializeToString()
    entry = {"words": list(words), "args": list(args)}
    if accepted_with:
        entry["accepted_with"] = list(accepted_with)
    REFUSED[name] = (data, entry, files or {})


def net(nodes, init=None, x=(1, 4), y=None, opset=17, **how):
    return model(nodes, {"x": list(x)}, {"y": y}, init or {}, opset=opset,
                 **how)


def middle(name, op, inputs="h", init=None, x=(1, 4), outputs="t", opset=17,
           words=None, last="t", domain=None, **attributes):
    """relu, the bad node called `culprit`, neg."""
    bad = N(op, inputs, outputs, name="culprit", **attributes)
    if domain:
        bad.domain = domain
    nodes = [N("Relu", "x", "h"), bad, N("Neg", last)]
    domains = [(domain, 1)] if domain else []
    refuse(name, net(nodes, init, x, opset=opset, domains=domains),
           *(words or ["culprit", rf"\b{op}\b"]))


def smooth():
    for op, opset in (("Sigmoid", 13), ("Tanh", 13), ("Erf", 13),
                      ("Gelu", 20), ("HardSwish", 14), ("Softplus", 13),
                      ("Softsign", 13), ("Elu", 13), ("Selu", 13),
                      ("Celu", 12), ("Mish", 18), ("Sqrt", 13), ("Exp", 13),
                      ("Log", 13), ("Reciprocal", 13), ("Sin", 13),
                      ("Sign", 13), ("Floor", 13), ("Ceil", 13),
                      ("Round", 13), ("ThresholdedRelu", 10),
                      ("Hardmax", 13), ("Softmax", 13), ("LogSoftmax", 13),
                      ("Shrink", 9), ("Not", 13),
                      ("NonZero", 13), ("Unique", 13), ("Det", 11),
                      ("IsNaN", 13), ("LpNormalization", 13)):
        middle(op.lower(), op, opset=opset)
    middle("softmax_logits", "Softmax")
    REFUSED["softmax_logits"][1]["args"] = ["--logits"]


def products():
    middle("pow", "Pow", "h e", {"e": np.array(2.0)})
    middle("mod", "Mod", "h e", {"e": np.array(2.0)}, fmod=1)
    middle("mul_variables", "Mul", "x h", words=["culprit", "Mul"])
    middle("mul_square", "Mul", "h h")
    middle("div_by_variable", "Div", "x h")
    middle("div_constant_by_variable", "Div", "c h", {"c": w(4)})
    middle("matmul_variables", "MatMul", "x h", x=(2, 2))
    middle("gemm_variables", "Gemm", "x h", x=(2, 2))
    middle("conv_variable_weight", "Conv", "x h", x=(1, 1, 3, 3))
    middle("einsum", "Einsum", "x h", equation="ij,ij->ij")
    middle("maxpool_indices", "MaxPool", "h", x=(1, 1, 4), outputs="v t",
           kernel_shape=[2], words=["culprit", "MaxPool"])


def normalisations():
    middle("instancenorm", "InstanceNormalization", "h s b",
           {"s": w(2), "b": w(2)}, x=(1, 2, 3))
    middle("layernorm", "LayerNormalization", "h s", {"s": w(4)})
    middle("groupnorm", "GroupNormalization", "h s b",
           {"s": w(2), "b": w(2)}, x=(1, 2, 3), opset=21, num_groups=1)
    middle("lrn", "LRN", "h", x=(1, 2, 3), size=1)
    middle("reduce_l2", "ReduceL2", "h", axes=[1])
    middle("reduce_prod", "ReduceProd", "h", axes=[1])
    middle("reduce_logsumexp", "ReduceLogSumExp", "h", axes=[1])
    middle("argmax_middle", "ArgMax", "h", axis=1)
    middle("lppool", "LpPool", "h", x=(1, 1, 4), kernel_shape=[2])
    middle("globallppool", "GlobalLpPool", "h", x=(1, 1, 4))
    middle("resize_mode", "Resize", "h _ s", {"s": np.array([1, 1, 2.0])},
           x=(1, 1, 3), mode="quintic",
           words=["culprit", "Resize", "linear|nearest"])
    middle("resize_crop_without_roi", "Resize", "h _ _ z", {"z": ints(1, 1, 3)},
           x=(1, 1, 4), coordinate_transformation_mode="tf_crop_and_resize")
    middle("resize_no_weight", "Resize", "h r _ z",
           {"r": np.array([-9.0, -9.0]), "z": ints(3)}, x=(1, 1, 4), opset=18,
           axes=[2], mode="cubic", exclude_outside=1,
           coordinate_transformation_mode="tf_crop_and_resize")
    middle("lstm", "LSTM", "h W R",
           {"W": w(1, 8, 4), "R": w(1, 8, 2)}, x=(1, 1, 4), hidden_size=2)
    middle("gru", "GRU", "h W R",
           {"W": w(1, 6, 4), "R": w(1, 6, 2)}, x=(1, 1, 4), hidden_size=2)


def types_and_conditions():
    scale = {"s": np.array(0.5)}
    middle("quantize", "QuantizeLinear", "h s", scale)
    middle("dynamic_quantize", "DynamicQuantizeLinear", "h",
           outputs="t s z")
    refuse("quantize_pair", net(
        [N("QuantizeLinear", "x s", "q", name="quant"),
         N("DequantizeLinear", "q s", "y", name="dequant")], scale),
        "quant", "QuantizeLinear")
    middle("cast_to_int", "Cast", "h", to=TensorProto.INT64)
    middle("cast_to_string", "Cast", "h", to=TensorProto.STRING)
    refuse("less_variable", net(
        [N("Less", "x z", "c", name="compare"),
         N("Cast", "c", to=TensorProto.FLOAT)], {"z": np.array(0.0)}),
        "compare", "Less")
    middle("bernoulli", "Bernoulli", "h", opset=15)
    middle("random_like", "RandomNormalLike", "h")
    middle("custom_domain", "Relu", "h", domain="com.example",
           words=["culprit", r"com\.example"])
    middle("unknown_operator", "Frobnicate", "h")
    for op in ("Normalizer", "Binarizer", "TreeEnsembleRegressor",
               "SVMRegressor", "LinearClassifier", "Frobnicate"):
        middle(f"ml_{op.lower()}", op, "h", domain="ai.onnx.ml",
               words=["culprit", op])
    middle("ml_scaler_sizes", "Scaler", "h", domain="ai.onnx.ml",
           offset=[1.0, 2.0], scale=[1.0], words=["culprit", "Scaler"])
    middle("ml_regressor_probit", "LinearRegressor", "h", domain="ai.onnx.ml",
           coefficients=[1.0] * 4, post_transform="PROBIT",
           words=["culprit", "post_transform"])
    for name, c in (("flat", (4, 2)), ("axes", (1, 1, 4, 2))):
        middle(f"fused_matmul_stack_{name}", "FusedMatMul", "h W",
               {"W": w(*c)}, x=(1, 2, 4), domain="com.microsoft",
               transBatchA=1, words=["culprit", "transBatchA", "at least 3"])
    middle("fused_gemm_tanh", "FusedGemm", "h W", {"W": w(4, 2)},
           domain="com.microsoft", activation="Tanh",
           words=["culprit", "activation"])


def indices_that_do_not_fit():
    for name, size, words in (
            ("pixel", (1, 1, 1, 3), ["one pixel", "align_corners"]),
            ("batch", (2, 1, 2, 3), ["matrices do not fit"]),
            ("axes", (1, 1, 2, 3, 4), ["matrices do not fit"]),
            ("list", (1, 1), ["matrices do not fit"])):
        middle(f"affine_grid_{name}", "AffineGrid", "h s", {"s": ints(*size)},
               x=(1, 2, 3), opset=20, align_corners=1,
               words=["culprit", *words])
    refuse("unique_nan", net([N("Unique", "c", "u", name="culprit"),
                              N("Add", "x u")],
                             {"c": np.array([1, np.nan])}, x=(2,)),
           "culprit", "element 1 is NaN")
    refuse("unique_axis", net([N("Unique", "c", "u", name="culprit", axis=1),
                               N("Add", "x u")], {"c": w(2)}, x=(2,)),
           "culprit", "axis")
    i = {"i": ints([4])}
    middle("gather_elements_outside", "GatherElements", "h i", i, axis=1)
    middle("gather_nd_outside", "GatherND", "h i", i)
    middle("scatter_outside", "ScatterElements", "h i u",
           {"i": ints([4]), "u": w(1, 1)}, axis=1)
    middle("scatter_nd_sizes", "ScatterND", "h i u",
           {"i": ints([0]), "u": w(1, 3)})
    middle("scatter_mul_variable", "ScatterElements", "c i h",
           {"c": w(1, 4), "i": ints([0, 1, 2, 3])}, axis=1, opset=18,
           reduction="mul")
    middle("compress_long", "Compress", "h m",
           {"m": np.ones(5, bool)}, axis=1)
    middle("reverse_too_long", "ReverseSequence", "h l", {"l": ints(5)},
           batch_axis=0, time_axis=1)
    middle("einsum_letter_twice", "Einsum", "h c", {"c": w(4, 3)},
           equation="ij,jk->ikk")
    middle("einsum_sizes", "Einsum", "h c", {"c": w(3, 4)},
           equation="ij,jk->ik")
    middle("einsum_garbage", "Einsum", "h", equation="i%->i")
    middle("depth_to_space_channels", "DepthToSpace", "h", x=(1, 3, 2, 2),
           blocksize=2)
    middle("sequence_at_tensor", "SequenceAt", "h i", {"i": ints(1)},
           words=["culprit", "input 0 is no sequence"])
    refuse("sequence_place", net(
        [N("SequenceConstruct", "x x", "q"),
         N("SequenceAt", "q i", "y", name="culprit")], {"i": ints(2)}),
        "culprit", "place 2")
    refuse("sequence_in_relu", net(
        [N("SequenceConstruct", "x x", "q"),
         N("Relu", "q", "y", name="culprit")]), "culprit", "sequence")
    refuse("sequence_output", net(
        [N("SequenceConstruct", "x x", "y")]), "y", "sequence")
    middle("dequantize_scales", "DequantizeLinear", "h s", {"s": w(3)},
           axis=1)


def several():
    nodes = [N("Sigmoid", "x", "a", name="first_bad"), N("Relu", "a", "b"),
             N("Tanh", "b", "c", name="second_bad"),
             N("Mul", "b c", "y", name="third_bad")]
    refuse("three_bad_nodes", net(nodes), "first_bad", "Sigmoid",
           "second_bad", "Tanh", "third_bad", "Mul")
    nodes = [N("Relu", "x", "a"), N("Tanh", "a", "b", name="wrong_branch"),
             N("Exp", "a", "c", name="other_branch"), N("Add", "b c")]
    refuse("bad_branches", net(nodes), "wrong_branch", "other_branch")
    refuse("nameless_bad_node", net(
        [N("Relu", "x", "h"), N("Tanh", "h", "warped"), N("Neg", "warped")],
        name_nodes=False), "Tanh", "warped|#?1|unnamed")
    refuse("control_characters_in_name", net(
        [N("Tanh", "x", name="a\nb\x1b[31mc\r")]), "Tanh")
    refuse("long_name", net([N("Tanh", "x", name="n" * 5000)]), "Tanh")


def control_flow():
    def branch(name, op):
        return helper.make_graph([N(op, "x", f"{name}_y")], name, [], [
            helper.make_tensor_value_info(f"{name}_y", 1, [1, 4])])
    cond = [tensor("c", np.array([1.0]))]
    node = N("If", "flag", name="culprit", then_branch=branch("t", "Neg"),
             else_branch=branch("e", "Abs"))
    refuse("if", net([N("ReduceSum", "x", "s", keepdims=0),
                      N("Greater", "s c", "flag"), node], cond),
           "culprit", r"\bIf\b")
    body = helper.make_graph(
        [N("Identity", "cin", "cout"), N("Relu", "vin", "vout")], "body",
        [helper.make_tensor_value_info("i", 7, []),
         helper.make_tensor_value_info("cin", 9, []),
         helper.make_tensor_value_info("vin", 1, [1, 4])],
        [helper.make_tensor_value_info("cout", 9, []),
         helper.make_tensor_value_info("vout", 1, [1, 4])])
    refuse("loop", net([N("Loop", "n _ x", name="culprit", body=body)],
                       {"n": np.array(3)}), "culprit", r"\bLoop\b")


def tails():
    for op in ("Softmax", "LogSoftmax", "Sigmoid", "ArgMax"):
        how = {} if op == "Sigmoid" else {"axis": 1}
        made = net([N("Relu", "x", "h"), N(op, "h", name="tail", **how)])
        if op == "ArgMax":
            made.graph.output[0].type.tensor_type.elem_type = 7
        refuse(f"{op.lower()}_tail", made, "tail", rf"\b{op}\b", "--logits",
               accepted_with=["--logits"])
    refuse("argmax_cast_tail", net(
        [N("Relu", "x", "h"), N("ArgMax", "h", "i", name="tail", axis=1),
         N("Cast", "i", to=TensorProto.FLOAT)]), "tail", "ArgMax")


def one(name, op, inputs, init, x, *words, opset=13, **attributes):
    """A network of the bad node alone."""
    refuse(name, net([N(op, inputs, name="culprit", **attributes)], init, x,
                     opset=opset), "culprit", *words)


def products_that_do_not_fit():
    one("gemm_shape", "Gemm", "x W", {"W": w(3, 2)}, (1, 4), "Gemm")
    one("gemm_c_shape", "Gemm", "x W c", {"W": w(4, 2), "c": w(3)}, (1, 4))
    one("gemm_rank", "Gemm", "x W", {"W": w(4, 2)}, (1, 1, 4))
    one("matmul_shape", "MatMul", "x W", {"W": w(3, 2)}, (1, 4), "MatMul")
    one("add_shape", "Add", "x c", {"c": w(3)}, (1, 4), "Add")
    one("max_shape", "Max", "x c", {"c": w(3)}, (1, 4), "Max")
    one("prelu_shape", "PRelu", "x c", {"c": w(3)}, (1, 4), "PRelu")
    one("prelu_grows", "PRelu", "x c", {"c": w(2, 4)}, (1, 4), "PRelu")


def windows_that_do_not_fit():
    one("conv_channels", "Conv", "x W", {"W": w(2, 3, 2, 2)}, (1, 2, 4, 4))
    one("conv_bias_shape", "Conv", "x W b", {"W": w(2, 1, 2), "b": w(3)},
        (1, 1, 4))
    one("conv_rank", "Conv", "x W", {"W": w(2, 1, 2)}, (1, 1, 4, 4))
    one("conv_4d_image", "Conv", "x W", {"W": w(1, 1, 1, 1, 1, 1)},
        (1, 1, 2, 2, 2, 2))
    one("conv_kernel_shape", "Conv", "x W", {"W": w(1, 1, 2)}, (1, 1, 4),
        kernel_shape=[3])
    one("conv_kernel_too_large", "Conv", "x W", {"W": w(1, 1, 5)}, (1, 1, 4))
    one("conv_group_divides", "Conv", "x W", {"W": w(3, 1, 2)}, (1, 3, 4),
        "group|filter|divi", group=2)
    one("conv_group_filters", "Conv", "x W", {"W": w(3, 2, 2)}, (1, 4, 4),
        "group|filter|divi", group=2)
    for bad in (0, -1, 2 ** 40):
        tag = {0: "zero", -1: "negative"}.get(bad, "huge")
        one(f"conv_group_{tag}", "Conv", "x W", {"W": w(1, 1, 2)},
            (1, 1, 4), "group", group=bad)
    for bad in (0, -1):
        tag = "zero" if bad == 0 else "negative"
        one(f"conv_stride_{tag}", "Conv", "x W", {"W": w(1, 1, 2)},
            (1, 1, 4), "stride", strides=[bad])
        one(f"conv_dilation_{tag}", "Conv", "x W", {"W": w(1, 1, 2)},
            (1, 1, 4), "dilation", dilations=[bad])
        one(f"maxpool_stride_{tag}", "MaxPool", "x", {}, (1, 1, 4),
            "stride", kernel_shape=[2], strides=[bad])
        one(f"maxpool_kernel_{tag}", "MaxPool", "x", {}, (1, 1, 4),
            "kernel", kernel_shape=[bad])
    one("convtranspose_group", "ConvTranspose", "x W", {"W": w(3, 1, 2)},
        (1, 3, 4), group=2)
    one("conv_pads_length", "Conv", "x W", {"W": w(1, 1, 2)}, (1, 1, 4),
        "pads", pads=[1])
    one("conv_pads_huge", "Conv", "x W", {"W": w(1, 1, 2)}, (1, 1, 4),
        pads=[2 ** 62, 2 ** 62])
    one("conv_stride_huge_dilation", "Conv", "x W", {"W": w(1, 1, 2)},
        (1, 1, 4), dilations=[2 ** 62])
    one("conv_auto_pad", "Conv", "x W", {"W": w(1, 1, 2)}, (1, 1, 4),
        "auto_pad|SAME_SOMEHOW", auto_pad="SAME_SOMEHOW")
    one("conv_same_upper_cut", "Conv", "x W", {"W": w(1, 1, 2)}, (1, 1, 9),
        "auto_pad.*cuts off 2", auto_pad="SAME_UPPER", strides=[5])
    one("maxpool_same_lower_cut", "MaxPool", "x", {}, (1, 1, 9),
        "auto_pad.*cuts off 1", auto_pad="SAME_LOWER", strides=[3],
        kernel_shape=[2])
    one("convtranspose_auto_pad", "ConvTranspose", "x W",
        {"W": w(1, 1, 2)}, (1, 1, 4), "auto_pad|SAME_SOMEHOW",
        auto_pad="SAME_SOMEHOW")
    one("maxpool_no_kernel", "MaxPool", "x", {}, (1, 1, 4), "kernel")
    one("maxpool_window_in_padding", "MaxPool", "x", {}, (1, 1, 4),
        kernel_shape=[2], pads=[3, 0])
    one("averagepool_window_in_padding", "AveragePool", "x", {}, (1, 1, 4),
        kernel_shape=[2], pads=[3, 0])


def normalisations_that_do_not_fit():
    one("batchnorm_channels", "BatchNormalization", "x s s s s",
        {"s": w(3, low=1)}, (1, 4))
    one("batchnorm_more_channels", "BatchNormalization", "x s s s s",
        {"s": w(5, low=1)}, (1, 4))
    one("batchnorm_training", "BatchNormalization", "x s s s s",
        {"s": w(4, low=1)}, (1, 4), "training", opset=15, training_mode=1)
    for opset in (7, 9, 13):
        refuse(f"batchnorm_five_outputs_opset{opset}", net(
            [N("BatchNormalization", "x s s s s", "y m v sm sv",
               name="culprit")], {"s": w(4, low=1)}, opset=opset),
            "culprit", "training")
    one("batchnorm_negative_variance", "BatchNormalization", "x s s s v",
        {"s": w(4), "v": np.array([1, 1, -1.0, 1])}, (1, 4), "varian")
    one("batchnorm_no_variance", "BatchNormalization", "x s s s v",
        {"s": w(4), "v": np.array([1, 1, 0.0, 1])}, (1, 4), "varian",
        epsilon=0.0)
    one("div_by_zero", "Div", "x c", {"c": np.array([1.0, 0, 1, 1])},
        (1, 4), "zero|0")


def shapes_that_do_not_fit():
    one("reshape_size", "Reshape", "x s", {"s": ints(3, 2)}, (1, 4),
        "Reshape")
    one("reshape_two_unknowns", "Reshape", "x s", {"s": ints(-1, -1)},
        (1, 4))
    one("reshape_below_minus_one", "Reshape", "x s", {"s": ints(-2, -2)},
        (1, 4))
    one("reshape_overflow", "Reshape", "x s",
        {"s": ints(2 ** 32, 2 ** 32, 4)}, (1, 4))
    one("transpose_perm", "Transpose", "x", {}, (1, 4), "perm|Transpose",
        perm=[0, 0])
    one("transpose_perm_range", "Transpose", "x", {}, (1, 4), perm=[0, 2])
    one("squeeze_wide_axis", "Squeeze", "x a", {"a": ints(1)}, (1, 4))
    one("unsqueeze_twice", "Unsqueeze", "x a", {"a": ints(1, 1)}, (1, 4))
    one("concat_shape", "Concat", "x c", {"c": w(1, 2, 3)}, (1, 3, 2),
        axis=1)
    one("concat_axis", "Concat", "x x", {}, (1, 4), axis=2)
    one("concat_no_axis", "Concat", "x x", {}, (1, 4), "axis")
    one("split_sizes", "Split", "x s", {"s": ints(1, 2)}, (1, 4))
    one("gather_range", "Gather", "x i", {"i": ints(4)}, (1, 4), axis=1)
    one("slice_step_zero", "Slice", "x b e b s",
        {"b": ints(0), "e": ints(1), "s": ints(0)}, (1, 4))
    one("slice_axis", "Slice", "x b e a",
        {"b": ints(0), "e": ints(1), "a": ints(5)}, (1, 4))
    one("pad_length", "Pad", "x p", {"p": ints(1, 1, 1)}, (1, 4))
    one("pad_reflect_too_far", "Pad", "x p", {"p": ints(0, 9, 0, 0)},
        (1, 4), mode="reflect")
    one("flatten_axis", "Flatten", "x", {}, (1, 4), axis=3)
    one("reduce_axis", "ReduceMean", "x", {}, (1, 4), axes=[2])
    one("cast_unknown_type", "Cast", "x", {}, (1, 4), to=99)


def inputs_and_attributes():
    one("gemm_one_input", "Gemm", "x", {}, (1, 4))
    one("conv_no_weight", "Conv", "x", {}, (1, 1, 4))
    one("relu_no_input", "Relu", "", {}, (1, 4))
    one("relu_two_inputs", "Relu", "x c", {"c": w(4)}, (1, 4))
    one("add_three_inputs", "Add", "x x x", {}, (1, 4))
    one("attribute_type", "Transpose", "x", {}, (1, 4), "perm",
        perm=[1.0, 0.0])
    one("alpha_nan", "LeakyRelu", "x", {}, (1, 4), alpha=float("nan"))
    one("alpha_infinite", "HardSigmoid", "x", {}, (1, 4),
        alpha=float("inf"))
    one("clip_nan", "Clip", "x l", {"l": np.array(np.nan)}, (1, 4))


def variables_where_constants_belong():
    refuse("reshape_variable_shape", net(
        [N("Relu", "x", "h"), N("Reshape", "x h", name="culprit")]),
        "culprit")
    refuse("clip_variable_bound", net(
        [N("ReduceSum", "x", "h", keepdims=0),
         N("Clip", "x h", name="culprit")]), "culprit", "Clip")
    refuse("prelu_variable_slope", net(
        [N("Abs", "x", "h"), N("PRelu", "x h", name="culprit")]), "culprit",
        "PRelu")
    refuse("dropout_training", net(
        [N("Dropout", "x r t", name="culprit")],
        [tensor("r", np.array(0.5)),
         helper.make_tensor("t", TensorProto.BOOL, [], [True])]),
        "culprit", "Dropout")
    refuse("range_step_zero", net(
        [N("Range", "b e b", "i", name="culprit"), N("Gather", "x i")],
        {"b": np.array(0), "e": np.array(4)}), "culprit", "Range")


def sizes():
    big = 2 ** 40

    def grow(name, nodes, init, *words):
        nodes[0].name = "culprit"
        refuse(name, net(nodes, init), *words)
    shape = ints(big)
    grow("huge_constantofshape",
         [N("ConstantOfShape", "s", "z"), N("ReduceSum", "z", "k"),
          N("Add", "x k")], {"s": shape})
    grow("negative_constantofshape",
         [N("ConstantOfShape", "s", "z"), N("Add", "x z")],
         {"s": ints(-3)}, "culprit")
    grow("overflowing_constantofshape",
         [N("ConstantOfShape", "s", "z"), N("Add", "x z")],
         {"s": ints(2 ** 33, 2 ** 33)}, "culprit")
    grow("huge_expand", [N("Expand", "x s")], {"s": ints(big, 1)})
    grow("huge_range",
         [N("Range", "b e o", "r"), N("Gather", "x r", axis=1)],
         {"b": np.array(0), "e": np.array(2 ** 62), "o": np.array(1)})
    grow("huge_pad", [N("Pad", "x p")], {"p": ints(0, big, 0, 0)})
    grow("overflowing_pad", [N("Pad", "x p")],
         {"p": ints(0, 2 ** 63 - 1, 0, 2 ** 63 - 1)})
    refuse("huge_upsample", net(
        [N("Upsample", "x s", mode="nearest")],
        {"s": np.array([1.0, 1e30])}, opset=9))
    one("upsample_opset8_no_scales", "Upsample", "x", {}, (1, 4), "scales",
        opset=8, mode="nearest")
    grow("huge_resize", [N("Resize", "x _ _ z", mode="nearest")],
         {"z": ints(1, big)})
    grow("nan_resize", [N("Resize", "x _ s", mode="nearest")],
         {"s": np.array([1.0, np.nan])})
    doubling = [N("Concat", f"t{i} t{i}", f"t{i + 1}", axis=1)
                for i in range(40)]
    doubling[0].input[:] = ["x", "x"]
    doubling.append(N("Neg", "t40"))
    refuse("doubling_concat", net(doubling))
    many = [N("ConstantOfShape", "s", "c0")]
    many += [N("Neg", f"c{i}", f"c{i + 1}") for i in range(20)]
    many += [N("ReduceSum", "c20", "k"), N("Add", "x k")]
    refuse("many_large_tensors", net(many, {"s": ints(2 ** 22)}), "elements")
    one("pool_of_too_many_terms", "AveragePool", "x", {}, (1, 1, 2 ** 14),
        "terms", kernel_shape=[2 ** 13])
    refuse("huge_input", net([N("Relu", "x")], x=(1, big)))
    refuse("overflowing_input", net([N("Relu", "x")],
                                    x=(1, 2 ** 33, 2 ** 33)))
    refuse("large_input", net([N("Relu", "x")], x=(1, 65536, 65536)))
    refuse("huge_shape_option", net([N("Relu", "x")], x=("n", "m")),
           args=["--shape", f"1,{big}"])
    doubling = [N("Shape", "x", "s0")]
    doubling += [N("Mul", f"s{i} s{i}", f"s{i + 1}") for i in range(8)]
    doubling += [N("Expand", "x s8")]
    refuse("overflowing_integers", net(doubling, x=(3, 4)))


def make():
    for part in (smooth, products, normalisations, types_and_conditions,
                 indices_that_do_not_fit,
                 several, control_flow, tails, products_that_do_not_fit,
                 windows_that_do_not_fit, normalisations_that_do_not_fit,
                 shapes_that_do_not_fit, inputs_and_attributes,
                 variables_where_constants_belong, sizes):
        part()
