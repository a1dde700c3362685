"""Cases of the piecewise-linear operators on single scalars, and of maxima."""
import numpy as np
import torch

from corpus import N, case, f32, ints, w

T = torch.from_numpy
X = (1, 4)


def activations():
    case("relu", [N("Relu", "x")], lambda x: x.relu(), x=X)
    case("relu_rank1", [N("Relu", "x")], lambda x: x.relu(), x=(3,))
    case("relu_rank5", [N("Relu", "x")], lambda x: x.relu(),
         x=(1, 1, 2, 1, 2))
    for tag, alpha in (("quarter", 0.25), ("negative", -0.5), ("zero", 0.0),
                       ("one", 1.0), ("above_one", 2.0), ("tenth", 0.1)):
        case(f"leakyrelu_{tag}", [N("LeakyRelu", "x", alpha=alpha)],
             lambda x, a=f32(alpha): torch.where(x < 0, a * x, x), x=X)
    case("leakyrelu_default", [N("LeakyRelu", "x")],
         lambda x: torch.where(x < 0, f32(0.01) * x, x), x=X)
    for tag, x, slope in (("scalar", (1, 4), np.array([0.25])),
                          ("rank0", (1, 4), np.array(0.25)),
                          ("per_feature", (1, 4), np.array([.5, 0, 1, -1])),
                          ("per_channel", (1, 2, 2, 2), w(2, 1, 1)),
                          ("full", (1, 2, 2), w(2, 2)),
                          ("one_channel", (1, 3, 2), w(1, 1))):
        case(f"prelu_{tag}", [N("PRelu", "x s")],
             lambda x, s=slope: torch.where(x < 0, T(np.asarray(s)) * x, x),
             x=x, init={"s": slope})
    case("hardsigmoid_default", [N("HardSigmoid", "x")],
         lambda x: (f32(0.2) * x + 0.5).clamp(0, 1), x=X)
    for tag, alpha, beta in (("plain", 0.25, 0.5), ("down", -0.5, 0.25),
                             ("flat", 0.0, 0.75), ("flat_high", 0.0, 2.0),
                             ("shifted", 1.0, -1.0)):
        case(f"hardsigmoid_{tag}",
             [N("HardSigmoid", "x", alpha=alpha, beta=beta)],
             lambda x, a=alpha, b=beta: (a * x + b).clamp(0, 1), x=X)
    case("abs", [N("Abs", "x")], lambda x: x.abs(), x=X)


def clip():
    low, high = np.array(-0.5), np.array(1.25)
    case("clip_opset6", [N("Clip", "x", min=-0.5, max=1.25)],
         lambda x: x.clamp(-0.5, 1.25), x=X, opset=10)
    case("clip_opset6_min", [N("Clip", "x", min=-0.5)],
         lambda x: x.clamp(min=-0.5), x=X, opset=8)
    case("clip_opset6_max", [N("Clip", "x", max=0.5)],
         lambda x: x.clamp(max=0.5), x=X, opset=10)
    case("clip_opset6_none", [N("Clip", "x")], lambda x: x, x=X, opset=10)
    for opset in (11, 12, 13, 18):
        case(f"clip_opset{opset}", [N("Clip", "x l h")],
             lambda x: x.clamp(-0.5, 1.25), x=X, opset=opset,
             init={"l": low, "h": high})
    case("clip_min", [N("Clip", "x l")], lambda x: x.clamp(min=-0.5), x=X,
         init={"l": low})
    case("clip_max", [N("Clip", "x _ h")], lambda x: x.clamp(max=1.25), x=X,
         init={"h": high})
    case("clip_none", [N("Clip", "x")], lambda x: x, x=X)
    case("clip_crossed", [N("Clip", "x l h")], lambda x: 0 * x - 0.5, x=X,
         init={"l": high, "h": low})
    case("clip_equal", [N("Clip", "x l l")], lambda x: 0 * x - 0.5, x=X,
         init={"l": low})
    case("clip_constant_nodes",
         [N("Constant", "", "l", value_float=-1.0),
          N("Constant", "", "h", value_float=0.75), N("Clip", "x l h")],
         lambda x: x.clamp(-1, 0.75), x=X)
    case("clip_infinite_max",
         [N("Constant", "", "h", value_float=float("inf")),
          N("Clip", "x l h")], lambda x: x.clamp(min=-0.5), x=X,
         init={"l": low})


def maxima():
    relu = [N("Neg", "x", "n"), N("Mul", "x c", "d")]
    c = np.array(0.5)
    for op, f in (("Max", torch.maximum), ("Min", torch.minimum)):
        name = op.lower()
        case(f"{name}_1", [N(op, "x")], lambda x: x, x=X)
        case(f"{name}_2", [N("Neg", "x", "n"), N(op, "x n")],
             lambda x, f=f: f(x, -x), x=X)
        case(f"{name}_3", relu + [N(op, "n x d")],
             lambda x, f=f: f(f(x, -x), 0.5 * x), x=X, init={"c": c})
        case(f"{name}_constant", [N(op, "x c")],
             lambda x, f=f: f(x, T(w(4))), x=X, init={"c": w(4)})
        case(f"{name}_scalar_left", [N(op, "c x")],
             lambda x, f=f: f(x, T(c)), x=X, init={"c": c})
        case(f"{name}_constants", [N(op, "k x c")],
             lambda x, f=f: f(f(x, T(w(4))), T(c)), x=X,
             init={"k": w(4), "c": c})
        case(f"{name}_broadcast",
             [N("Reshape", "x s", "h"), N(op, "x h")],
             lambda x, f=f: f(x, x.reshape(4, 1)), x=X,
             init={"s": ints(4, 1)})
        case(f"{name}_grow", [N(op, "x c")],
             lambda x, f=f: f(x, T(w(2, 1))), x=X, init={"c": w(2, 1)})
        case(f"{name}_itself", [N(op, "x x")], lambda x: x, x=X)
        case(f"{name}_opset8", [N("Neg", "x", "n"), N(op, "x n")],
             lambda x, f=f: f(x, -x), x=X, opset=8)
    case("maxout", [N("Gemm", "x A a", "h"), N("Gemm", "x B b", "k"),
                    N("Max", "h k")],
         lambda x: torch.maximum(x @ T(w(2, 4)) + T(w(4)),
                                 x @ T(w(2, 4, seed=1)) + T(w(4, seed=1))),
         x=(1, 2), init={"A": w(2, 4), "B": w(2, 4, seed=1), "a": w(4),
                         "b": w(4, seed=1)})


def reduce_one(op, torch_reduce, divide):
    x = (1, 2, 3, 2)

    def reference(axes, keep):
        def f(v):
            dims = [a % 4 for a in axes]
            n = np.prod([v.shape[d] for d in dims]) if divide else 1
            return torch_reduce(v, dims, keep) / n
        return f
    name = op.lower()
    from_18 = op != "ReduceSum"
    attr, inp = (13, 18) if from_18 else (11, 13)
    for tag, axes, keep in (("hw", [2, 3], 1), ("hw_drop", [2, 3], 0),
                            ("negative", [-1], 1), ("channels", [1], 0),
                            ("mixed", [-1, 1], 0)):
        case(f"{name}_{tag}", [N(op, "x", axes=axes, keepdims=keep)],
             reference(axes, keep), x=x, opset=attr)
        case(f"{name}_{tag}_input", [N(op, "x a", keepdims=keep)],
             reference(axes, keep), x=x, opset=inp, init={"a": ints(*axes)})
    case(f"{name}_default_keep", [N(op, "x", axes=[1])],
         reference([1], 1), x=x, opset=attr)
    everything = [0, 1, 2, 3]
    case(f"{name}_all", [N(op, "x")], reference(everything, 1), x=x,
         opset=attr)
    case(f"{name}_all_drop", [N(op, "x", keepdims=0)],
         reference(everything, 0), x=x, opset=inp)
    case(f"{name}_empty_axes", [N(op, "x a")], reference(everything, 1),
         x=x, opset=inp, init={"a": ints()})
    case(f"{name}_noop", [N(op, "x", noop_with_empty_axes=1)],
         lambda v: v, x=x, opset=inp)
    case(f"{name}_opset8", [N(op, "x", axes=[2])], reference([2], 1), x=x,
         opset=8)
    case(f"{name}_opset20", [N(op, "x a", keepdims=0)],
         reference([2], 0), x=x, opset=20, init={"a": ints(2)})


def reductions():
    reduce_one("ReduceMax", lambda v, d, k: v.amax(d, bool(k)), False)
    reduce_one("ReduceSum", lambda v, d, k: v.sum(d, bool(k)), False)
    reduce_one("ReduceMean", lambda v, d, k: v.sum(d, bool(k)), True)


def make():
    activations()
    clip()
    maxima()
    reductions()
