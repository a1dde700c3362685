"""Cases of sums of magnitudes, sorts, recurrences, and of what comparisons
make when it is continuous."""
import numpy as np
import torch

from corpus import N, case, f32, ints, model, w

T = torch.from_numpy
X = (1, 4)
FLT_MAX = float(np.finfo(np.float32).max)


def magnitudes():
    for tag, x, inputs, how, opset in (
            ("axis", (1, 2, 3), "x", dict(axes=[1]), 13),
            ("two_axes", (1, 2, 3), "x", dict(axes=[1, -1], keepdims=0), 17),
            ("all", (1, 2, 3), "x", dict(keepdims=0), 13),
            ("opset18", (1, 2, 3), "x a", {}, 18)):
        axes = how.get("axes", [2] if inputs == "x a" else [0, 1, 2])
        keep = bool(how.get("keepdims", 1))
        case(f"reducel1_{tag}", [N("ReduceL1", inputs, **how)],
             lambda x, a=tuple(axes), k=keep: x.abs().sum(a, keepdim=k),
             x=x, opset=opset, init={"a": ints(2)} if "a" in inputs else None)
    case("lppool_1", [N("LpPool", "x", kernel_shape=[2, 2], p=1)],
         lambda x: 4 * torch.nn.functional.avg_pool2d(x.abs(), 2, 1),
         x=(1, 2, 3, 3))
    case("lppool_1_pads", [N("LpPool", "x", kernel_shape=[2], strides=[2],
                             pads=[1, 0], p=1)],
         lambda x: 2 * torch.nn.functional.avg_pool1d(
             torch.nn.functional.pad(x.abs(), (1, 0)), 2, 2), x=(1, 2, 5))
    case("globallppool_1", [N("GlobalLpPool", "x", p=1)],
         lambda x: x.abs().sum((2, 3), keepdim=True), x=(1, 2, 2, 3))
    case("pow_one", [N("Pow", "x e")], lambda x: x, x=X,
         init={"e": np.array(1.0)})
    case("pow_zero_and_one", [N("Pow", "x e")],
         lambda x: torch.where(T(np.array([1., 0, 1, 0])) == 0, 1 + 0 * x, x),
         x=X, init={"e": np.array([1.0, 0, 1, 0])})


def sort_of(x, k, axis, largest):
    s = np.sort(x.numpy(), axis)
    s = np.flip(s, axis) if largest else s
    return np.take(s, range(k), axis)


def sorts():
    for tag, x, k, how in (
            ("max", (1, 4), 1, {}), ("min", (1, 4), 1, dict(largest=0)),
            ("pair", (1, 3, 2), 2, {}),
            ("pair_rising", (1, 3, 2), 2, dict(largest=0)),
            ("full_3", (1, 3), 3, {}), ("full_4", (1, 4), 4, {}),
            ("full_7", (2, 7), 7, {}), ("full_13", (13,), 13, {}),
            ("full_20", (1, 20), 19, dict(largest=0)), ("full_5", (5,), 5, dict(largest=0)),
            ("top_2_of_5", (1, 5), 2, {}), ("top_3_of_4", (2, 4), 3, {}),
            ("low_2_of_4", (1, 4, 2), 2, dict(largest=0, axis=1)),
            ("first_axis", (3, 2), 3, dict(axis=0)),
            ("middle_axis", (1, 3, 2, 2), 2, dict(axis=-3)),
            ("single", (1, 4, 1), 1, dict(axis=2))):
        case(f"topk_{tag}", [N("TopK", "x k", "y i", **how)],
             lambda x, k=k, a=how.get("axis", -1), g=how.get("largest", 1):
             sort_of(x, k, a, g), x=x, init={"k": ints(k)})
    case("topk_of_padding", [N("Pad", "x p", "q"), N("TopK", "q k", "y i")],
         lambda x: sort_of(torch.nn.functional.pad(x, (1, 1)), 3, -1, 1),
         x=(1, 2), init={"p": ints(0, 1, 0, 1), "k": ints(3)})
    case("topk_of_constants", [N("TopK", "c k", "v i", largest=0),
                               N("Gather", "x i", "g", axis=1),
                               N("Mul", "g v")],
         lambda x: x[:, [1, 3]] * T(np.array([-1.0, 0.25])), x=X,
         init={"c": np.array([0.5, -1, 2, 0.25]), "k": ints(2)})
    case("groupsort", [N("Reshape", "x s", "g"),
                       N("TopK", "g k", "t i", axis=2, largest=0),
                       N("Reshape", "t b", "f"), N("MatMul", "f W")],
         lambda x: T(sort_of(x.reshape(1, 2, 2), 2, 2, 0)).reshape(1, 4)
         @ T(w(4, 3)), x=X, init={"s": ints(1, 2, 2), "k": ints(2),
                                  "b": ints(1, 4), "W": w(4, 3)})


def run_rnn(x, W, R, B, lengths, start, f, reverse):
    """x [seq, batch, in] to Y [seq, batch, hidden] and the last state."""
    seq, batch = x.shape[:2]
    Y = np.zeros((seq, batch, W.shape[0]))
    last = np.zeros((batch, W.shape[0]))
    for b in range(batch):
        h = start[b]
        steps = range(lengths[b])
        for t in reversed(steps) if reverse else steps:
            h = f(W @ x[t, b] + R @ h + B)
            Y[t, b] = h
        last[b] = h
    return Y, last


def recurrences():
    relu = lambda z: np.maximum(z, 0)
    for tag, x, how in (
            ("forward", (3, 1, 2), {}), ("batch", (2, 2, 2), {}),
            ("reverse", (3, 1, 2), dict(direction="reverse")),
            ("both", (3, 2, 2), dict(direction="bidirectional")),
            ("lengths", (3, 2, 2), dict(direction="bidirectional",
                                        lengths=[2, 3])),
            ("start", (2, 1, 2), dict(start=True)),
            ("layout", (2, 3, 2), dict(direction="bidirectional", layout=1,
                                       start=True)),
            ("clip", (3, 1, 2), dict(clip=1.25)),
            ("leaky", (3, 1, 2), dict(alpha=0.25)),
            ("leaky_clip", (3, 1, 2), dict(alpha=0.25, clip=1.0)),
            ("no_bias", (2, 1, 2), dict(bias=False))):
        rnn_case(tag, x, relu, **how)


def rnn_case(tag, x, relu, direction="forward", lengths=None, start=False,
             layout=0, clip=None, alpha=None, bias=True):
    n = 2 if direction == "bidirectional" else 1
    seq, batch = (x[1], x[0]) if layout else x[:2]
    W, R = w(n, 3, 2, seed=1), w(n, 3, 3, seed=2) / 2
    B = w(n, 6, seed=3) if bias else np.zeros((n, 6))
    h0 = w(n, batch, 3, seed=4)

    def f(z):
        z = z if clip is None else np.clip(z, -clip, clip)
        return relu(z) if alpha is None else np.where(z < 0, alpha * z, z)

    def reference(x):
        x = x.numpy().swapaxes(0, 1) if layout else x.numpy()
        parts = [run_rnn(x, W[d], R[d], B[d, :3] + B[d, 3:],
                         lengths or [seq] * batch,
                         h0[d] if start else np.zeros((batch, 3)), f,
                         direction == "reverse" or d == 1) for d in range(n)]
        Y = np.stack([p[0] for p in parts], 1)
        last = np.stack([p[1] for p in parts], 0)
        return [Y.transpose(2, 0, 1, 3), last.swapaxes(0, 1)] if layout \
            else [Y, last]
    name = "Relu" if alpha is None else "LeakyRelu"
    attributes = dict(hidden_size=3, activations=[name] * n,
                      direction=direction)
    if layout:
        attributes["layout"] = 1
    if clip:
        attributes["clip"] = clip
    if alpha:
        attributes["activation_alpha"] = [alpha] * n
    init = {"W": W, "R": R, "B": B, "l": np.array(lengths or [], np.int32),
            "h": h0.swapaxes(0, 1) if layout else h0}
    inputs = ["x", "W", "R", "B" if bias else "_", "l" if lengths else "_",
              "h" if start else "_"]
    used = {k: v for k, v in init.items() if k in inputs}
    case(f"rnn_{tag}", [N("RNN", " ".join(inputs), "y z", **attributes)],
         reference, x=x, init=used, outputs=("y", "z"), opset=14)


def relu(x):
    return x.clamp(min=0)


def comparisons():
    """name: nodes, reference; constants: z 0, o 1, h 0.5, m -0.5, t 0.1"""
    init = {"z": np.array(0.0), "o": np.array(1.0), "h": np.array(0.5),
            "m": np.array(-0.5), "t": np.array(0.1), "s": np.array(0.25),
            "e3": np.array(3.0),
            "e15": np.array(1.5)}
    a = f32(0.1)
    cast = lambda i, o: N("Cast", i, o, to=1)
    cases = {
        "where_relu": ([N("Less", "x z", "g"), N("Where", "g z x")], relu),
        "where_relu_equal": ([N("GreaterOrEqual", "x z", "g"),
                              N("Where", "g x z")], relu),
        "where_leaky": ([N("Greater", "x z", "g"), N("Mul", "x t", "l"),
                         N("Where", "g x l")],
                        lambda x: torch.where(x > 0, x, a * x)),
        "where_abs": ([N("Less", "x z", "g"), N("Neg", "x", "n"),
                       N("Where", "g n x")], lambda x: x.abs()),
        "where_not": ([N("Less", "z x", "g"), N("Not", "g", "n"),
                       N("Where", "n z x")], relu),
        "where_clip": ([N("Greater", "x o", "g"), N("Where", "g o x", "c"),
                        N("Less", "x m", "l"), N("Where", "l m c")],
                       lambda x: x.clamp(-0.5, 1)),
        "where_clip_of_clipped":
            ([N("Greater", "x o", "g"), N("Where", "g o x", "c"),
              N("Less", "c m", "l"), N("Where", "l m c")],
             lambda x: x.clamp(-0.5, 1)),
        "where_maximum": ([N("Neg", "x", "n"), N("Mul", "n h", "b"),
                           N("Greater", "x b", "g"), N("Where", "g x b")],
                          lambda x: torch.maximum(x, -x / 2)),
        "where_shifted": ([N("Greater", "x z", "g"), N("Mul", "x h", "b"),
                           N("Add", "b o", "q"), N("Add", "q x", "p"),
                           N("Where", "g p q")],
                          lambda x: x / 2 + 1 + relu(x)),
        "where_same": ([N("Greater", "x h", "g"), N("Where", "g x x")],
                       lambda x: x),
        "where_at_a_point": ([N("Equal", "x z", "g"), N("Where", "g z x")],
                             lambda x: x),
        "mask_relu": ([N("Greater", "x z", "g"), cast("g", "f"),
                       N("Mul", "x f")], relu),
        "mask_relu_left": ([N("Greater", "x z", "g"), cast("g", "f"),
                            N("Mul", "f x")], relu),
        "mask_shifted": ([N("Sub", "x h", "d"), N("Less", "h x", "g"),
                          cast("g", "f"), N("Mul", "d f")],
                         lambda x: relu(x - 0.5)),
        "mask_of_relu": ([N("Relu", "x", "r"), N("Greater", "x z", "g"),
                          cast("g", "f"), N("Mul", "r f")], relu),
        "mask_leaky": ([N("Greater", "x z", "g"), cast("g", "f"),
                        N("Sub", "o f", "n"), N("Mul", "n s", "l"),
                        N("Add", "f l", "k"), N("Mul", "k x")],
                       lambda x: torch.where(x > 0, x, x / 4)),
        "mask_clip": ([N("Less", "x o", "a"), N("Greater", "x z", "b"),
                       N("And", "a b", "c"), cast("c", "f"),
                       N("Mul", "f x", "p"), N("Not", "a", "n"),
                       cast("n", "q"), N("Add", "p q")],
                      lambda x: x.clamp(0, 1)),
        "mask_or": ([N("Less", "x m", "a"), N("Greater", "x h", "b"),
                     N("Or", "a b", "c"), N("Abs", "x", "u"),
                     N("Sub", "u h", "d"), cast("c", "f"), N("Mul", "d f")],
                    lambda x: relu(x.abs() - 0.5)),
        "mask_xor": ([N("Greater", "x z", "a"), N("Greater", "x z", "b"),
                      N("Xor", "a b", "c"), cast("c", "f"), N("Add", "f x")],
                     lambda x: x),
        "mask_integer": ([N("Greater", "x z", "g"),
                          N("Cast", "g", "i", to=7), cast("i", "f"),
                          N("Mul", "x f")], relu),
        "sign_abs": ([N("Sign", "x", "g"), N("Mul", "x g")],
                     lambda x: x.abs()),
        "sign_relu": ([N("Sign", "x", "g"), N("Add", "g o", "u"),
                       N("Mul", "u h", "v"), N("Mul", "x v")], relu),
        "sign_soft_shrink": ([N("Sign", "x", "g"), N("Abs", "x", "u"),
                              N("Sub", "u h", "d"), N("Relu", "d", "r"),
                              N("Mul", "g r")],
                             lambda x: x.sign() * relu(x.abs() - 0.5)),
        "sign_divided": ([N("Sign", "x", "g"), N("Add", "g e3", "u"),
                          N("Div", "x u")],
                         lambda x: torch.where(x > 0, x / 4, x / 2)),
        "sign_divided_by_halves":
            ([N("Sign", "x", "g"), N("Add", "g h", "u"), N("Div", "x u")],
             lambda x: torch.where(x > 0, x / 1.5, x / -0.5)),
        "where_of_thirds":
            ([N("Div", "x e3", "p"), N("Greater", "p h", "g"),
              N("Sub", "x e15", "d"), N("Where", "g d z")],
             lambda x: relu(x - 1.5)),
        "where_between_tenths":
            ([N("Mul", "x t", "p"), N("Add", "p t", "q"), N("Less", "q z", "g"),
              N("Add", "x o", "r"), N("Neg", "r", "n"), N("Where", "g n r")],
             lambda x: (x + 1).abs()),
        "mask_viewed": ([N("Greater", "x z", "g"), cast("g", "f"),
                         N("Reshape", "f rs", "a"), N("Transpose", "a", "b"),
                         N("Reshape", "x rs", "c"), N("Transpose", "c", "d"),
                         N("Mul", "b d")],
                        lambda x: relu(x).reshape(2, 2).T),
    }
    init["rs"] = ints(2, 2)
    for name, (nodes, reference) in cases.items():
        used = {i for node in nodes for i in node.input}
        case(f"jump_{name}", nodes, reference, x=X, rows=4,
             init={k: v for k, v in init.items() if k in used}, opset=17)
    case("shrink_soft", [N("Shrink", "x", lambd=0.5, bias=0.5)],
         lambda x: x.sign() * relu(x.abs() - 0.5), x=X)
    case("shrink_nothing", [N("Shrink", "x", lambd=0.0)], lambda x: x, x=X)
    case("thresholdedrelu_0", [N("ThresholdedRelu", "x", alpha=0.0)], relu,
         x=X)


def bounds():
    for tag, low in (("infinite", -np.inf), ("float", -FLT_MAX)):
        case(f"pad_{tag}_maxpool",
             [N("Pad", "x p v", "q"),
              N("MaxPool", "q", kernel_shape=[2, 2], strides=[2, 2])],
             lambda x: torch.nn.functional.max_pool2d(x, 2, 2, 1),
             x=(1, 1, 4, 4), init={"p": ints(0, 0, 1, 1, 0, 0, 1, 1),
                                   "v": np.array(low)})
        case(f"pad_{tag}_reducemax",
             [N("Pad", "x p v", "q"), N("ReduceMax", "q", axes=[1])],
             lambda x: x.max(1, keepdim=True).values, x=X,
             init={"p": ints(0, 2, 0, 0), "v": np.array(low)})
    case("clip_float_range", [N("Clip", "x l h")], lambda x: x, x=X,
         init={"l": np.array(-FLT_MAX), "h": np.array(FLT_MAX)})


def two(nodes, inputs, outputs, init=None, opset=17):
    return model(nodes, inputs, outputs, init or {}, opset=opset)


def ends():
    """Inputs, outputs and tails; x is the joined vector."""
    both = {"a": [1, 2], "b": [1, 3]}
    case("inputs_two", None, lambda x: torch.cat([x[:, 2:], x[:, :2]], 1).relu(),
         x=(1, 5), made=two([N("Concat", "b a", "c", axis=1),
                             N("Relu", "c")], both, {"y": [1, 5]}))
    case("inputs_unread", None, relu, x=(1, 3),
         made=two([N("Relu", "b")], both, {"y": [1, 3]}))
    case("inputs_scalar", None, lambda x: relu(x[1:] * 2 + x[0]), x=(5,),
         made=two([N("Mul", "b c", "d"), N("Add", "d a", "e"), N("Relu", "e")],
                  {"a": [], "b": [1, 4]}, {"y": [1, 4]},
                  {"c": np.array(2.0)}))
    case("inputs_shapes", None, lambda x: relu(x), x=(1, 5),
         made=two([N("Concat", "a b", "c", axis=1), N("Relu", "c")],
                  {"a": [1, "m"], "b": [1, "n"]}, {"y": [1, 5]}),
         args=["--shape", "1,2;1,3"])
    case("batch_open", None, relu, x=(1, 4),
         made=two([N("Relu", "x")], {"x": [-1, 4]}, {"y": None}))
    case("batch_made_one", None, relu, x=(1, 4),
         made=two([N("Relu", "x")], {"x": [3, 4]}, {"y": None}),
         args=["--shape", "1,4"])
    picked = two([N("Relu", "x", "p"), N("Neg", "x", "q"), N("Abs", "x", "r")],
                 {"x": [1, 4]}, {"p": [1, 4], "q": [1, 4], "r": [1, 4]})
    for tag, text, f in (
            ("all", None, lambda x: torch.cat([relu(x), -x, x.abs()], 1)),
            ("name", "q", lambda x: -x), ("number", "2", lambda x: x.abs()),
            ("several", "r,0", lambda x: torch.cat([x.abs(), relu(x)], 1))):
        case(f"output_{tag}", None, f, x=X, made=picked,
             args=["--output", text] if text else ())
    tails()


def tails():
    linear = [N("MatMul", "x W", "l")]
    W = w(4, 3)
    ml = lambda node: (setattr(node, "domain", "ai.onnx.ml"), node)[1]
    cases = {
        "tanh": [N("Tanh", "l")], "exp": [N("Exp", "l")],
        "softplus": [N("Softplus", "l")], "elu": [N("Elu", "l")],
        "log_softmax": [N("Softmax", "l", "s"), N("Log", "s")],
        "scaled": [N("Tanh", "l", "t"), N("Mul", "t c", "u"),
                   N("Add", "o u")],
        "divided": [N("Sigmoid", "l", "t"), N("Div", "t c", "u"),
                    N("Sub", "u o")],
        "constant_node": [N("Constant", "", "k", value_float=3.0),
                          N("Tanh", "l", "t"), N("Mul", "k t")],
        "viewed": [N("Softmax", "l", "s"), N("Flatten", "s", "f"),
                   N("Cast", "f", "g", to=1), N("Identity", "g")],
        "complement": [N("Sigmoid", "l", "p"), N("Sub", "o p", "q"),
                       N("Concat", "q p", axis=1)],
        "label": [N("Softmax", "l", "s"), N("ArgMax", "s", "a", axis=1),
                  ml(N("ArrayFeatureExtractor", "n a", "e")),
                  N("Cast", "e", "f", to=7), N("Reshape", "f r")],
    }
    init = {"c": np.array(2.0), "o": np.array(1.0), "n": ints(5, 6, 7),
            "r": ints(-1), "W": W}
    for name, nodes in cases.items():
        used = {i for node in linear + nodes for i in node.input}
        case(f"tail_{name}", None, lambda x: x @ T(W), x=X,
             made=model(linear + nodes, {"x": [1, 4]}, {"y": None},
                        {k: v for k, v in init.items() if k in used},
                        opset=17, domains=[("ai.onnx.ml", 1)]),
             args=["--logits"])
    pair = linear + [N("Softmax", "l", "s"), N("ArgMax", "l", "a", axis=1)]
    for tag, outputs in (("pair", {"a": None, "s": None}),
                         ("pair_and_logits", {"a": None, "s": None,
                                              "l": None})):
        case(f"tail_{tag}", None, lambda x: x @ T(W), x=X,
             made=model(pair, {"x": [1, 4]}, outputs, {"W": W}, opset=17),
             args=["--logits"])


def make():
    magnitudes()
    sorts()
    recurrences()
    comparisons()
    bounds()
    ends()
