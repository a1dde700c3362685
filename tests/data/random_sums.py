"""Random networks of one operator that computes: sums, products, units, pools.
Each function takes a random generator and returns a `Made`."""
import numpy as np

from corpus import N
from random_parts import Made, broadcastable, coin, dims, floats, i64, pick


def binary(r):
    shape = dims(r, int(r.integers(1, 5)))
    op = pick(r, "Add", "Sub", "Mul", "Div", "Max", "Min", "Sum", "Mean",
              "PRelu")
    other = floats(r, *broadcastable(r, shape)) + (3 if op == "Div" else 0)
    names = "x c" if op in ("Div", "PRelu") or coin(r) else "c x"
    return Made([N(op, names)], shape, {"c": other}, pick(r, 13, 14, 17, 21))


def unary(r):
    op, attributes = pick(
        r, ("Relu", {}), ("Abs", {}), ("Neg", {}), ("Identity", {}),
        ("LeakyRelu", {"alpha": float(r.normal())}),
        ("HardSigmoid", {"alpha": float(r.uniform(0.05, 2)),
                         "beta": float(r.normal())}))
    return Made([N(op, "x", **attributes)], dims(r, int(r.integers(1, 5))),
                opset=pick(r, 7, 9, 13, 16, 21))


def clip(r):
    low, high = sorted(r.normal(size=2))
    init = {"a": np.array(low, np.float32), "b": np.array(high, np.float32)}
    return Made([N("Clip", pick(r, "x a b", "x a", "x _ b", "x"))], dims(r, 3),
                init, pick(r, 11, 13))


def gemm(r):
    m, k, n = dims(r, 3)
    ta, tb = coin(r), coin(r)
    attributes = {"alpha": float(r.normal()), "beta": float(r.normal()),
                  "transA": ta, "transB": tb}
    init = {"b": floats(r, n, k) if tb else floats(r, k, n),
            "c": floats(r, *pick(r, (n,), (1, n), (m, n), (m, 1), (1,)))}
    return Made([N("Gemm", pick(r, "x b c", "x b"), **attributes)],
                (k, m) if ta else (m, k), init, pick(r, 7, 9, 11, 13))


def matmul(r):
    m, k, n = dims(r, 3)
    left = coin(r)
    lead = dims(r, int(r.integers(0, 3)), 1, 3)
    batch = broadcastable(r, lead) if lead else ()
    x = lead + ((m, k) if left else (k, n))
    c = batch + ((k, n) if left else (m, k))
    return Made([N("MatMul", "x c" if left else "c x")], x,
                {"c": floats(r, *c)}, pick(r, 9, 13))


def conv(r):
    n = int(r.integers(1, 4))
    group = int(r.integers(1, 3))
    cin, cout = (group * int(v) for v in r.integers(1, 3, 2))
    kernel = dims(r, n, 1, 3)
    strides, dilations = dims(r, n, 1, 2), dims(r, n, 1, 2)
    attributes = {"kernel_shape": kernel, "strides": strides, "group": group}
    if coin(r):
        attributes["auto_pad"] = pick(r, "SAME_UPPER", "SAME_LOWER", "VALID")
    else:
        attributes["pads"] = dims(r, 2 * n, 0, 2)
        attributes["dilations"] = dilations
    init = {"w": floats(r, cout, cin // group, *kernel), "b": floats(r, cout)}
    return Made([N("Conv", pick(r, "x w b", "x w"), **attributes)],
                (int(r.integers(1, 3)), cin) + dims(r, n, 4, 7), init,
                pick(r, 7, 11, 13))


def conv_transpose(r):
    n = int(r.integers(1, 3))
    group = int(r.integers(1, 3))
    cin, cout = (group * int(v) for v in r.integers(1, 3, 2))
    kernel = dims(r, n, 1, 3)
    strides = dims(r, n, 1, 3)
    attributes = {"kernel_shape": kernel, "strides": strides, "group": group,
                  "dilations": dims(r, n, 1, 2)}
    if coin(r):
        attributes["pads"] = dims(r, 2 * n, 0, 1)
    if coin(r):
        attributes["output_padding"] = [int(r.integers(0, s)) for s in strides]
    init = {"w": floats(r, cin, cout // group, *kernel), "b": floats(r, cout)}
    return Made([N("ConvTranspose", pick(r, "x w b", "x w"), **attributes)],
                (1, cin) + dims(r, n, 3, 5), init, pick(r, 11, 13))


def pool(r):
    n = int(r.integers(1, 4))
    op = pick(r, "MaxPool", "AveragePool")
    kernel = dims(r, n, 1, 3)
    attributes = {"kernel_shape": kernel, "strides": dims(r, n, 1, 3),
                  "ceil_mode": coin(r)}
    if coin(r):
        attributes["pads"] = [min(k - 1, int(r.integers(0, 2)))
                              for k in kernel + kernel]
    elif coin(r):
        attributes["auto_pad"] = pick(r, "SAME_UPPER", "SAME_LOWER", "VALID")
    opset = pick(r, 11, 12, 19)
    if op == "AveragePool":
        attributes["count_include_pad"] = coin(r)
    if (op == "MaxPool" or opset == 19) and coin(r):
        attributes["dilations"] = dims(r, n, 1, 2)
    return Made([N(op, "x", **attributes)], (1, 2) + dims(r, n, 5, 8),
                opset=opset)


def global_pool(r):
    return Made([N(pick(r, "GlobalAveragePool", "GlobalMaxPool"), "x")],
                dims(r, int(r.integers(3, 6))), opset=pick(r, 8, 13))


def reduce(r):
    rank = int(r.integers(1, 5))
    op = pick(r, "ReduceSum", "ReduceMean", "ReduceMax", "ReduceMin")
    axes = sorted(r.choice(rank, int(r.integers(1, rank + 1)), replace=False))
    axes = [int(a) - (rank if coin(r) else 0) for a in axes]
    keep = {"keepdims": coin(r)}
    if op == "ReduceSum" or coin(r):
        return Made([N(op, "x a", **keep)], dims(r, rank), {"a": i64(*axes)},
                    18)
    return Made([N(op, "x", axes=axes, **keep)], dims(r, rank),
                opset=pick(r, 11, 13))


def batch_norm(r):
    shape = dims(r, int(r.integers(2, 5)))
    c = shape[1]
    init = {"g": floats(r, c), "b": floats(r, c), "m": floats(r, c),
            "v": np.abs(floats(r, c)) + np.float32(0.1)}
    return Made([N("BatchNormalization", "x g b m v",
                   epsilon=float(r.uniform(0, 0.1)))], shape, init,
                pick(r, 9, 14, 15))


def einsum(r):
    equation, x, c = pick(
        r, ("ij,jk->ik", (3, 4), (4, 2)), ("ij,jk", (3, 4), (4, 2)),
        ("bij,bjk->bik", (2, 3, 4), (2, 4, 5)), ("ii->i", (4, 4), None),
        ("ij->", (3, 4), None), ("ij->ji", (3, 4), None),
        ("...ij,jk->...ik", (2, 2, 3), (3, 4)), ("i,i->", (5,), (5,)),
        ("i,j->ij", (3,), (4,)), ("bhwc,hkc->bhwk", (1, 2, 3, 4), (2, 5, 4)),
        ("ij,kj->ik", (3, 4), (2, 4)), ("iji->j", (3, 4, 3), None),
        ("...i,...i->...", (2, 3), (2, 3)), ("b i j , j -> b i", (2, 3, 4),
                                             (4,)),
        ("aij,aij->ij", (2, 3, 3), (2, 3, 3)), ("ij,ik->jk", (3, 4), (3, 2)))
    if c is None:
        return Made([N("Einsum", "x", equation=equation)], x)
    return Made([N("Einsum", "x c", equation=equation)], x,
                {"c": floats(r, *c)})


def dequantize(r):
    shape = dims(r, 2, 2, 4)
    axis = coin(r)
    kind = pick(r, np.int8, np.uint8)
    info = np.iinfo(kind)
    init = {"w": r.integers(info.min, info.max + 1, shape).astype(kind)}
    if coin(r):
        init["s"] = np.array(abs(r.normal()) + 0.1, np.float32)
        init["z"] = np.array(r.integers(info.min, info.max + 1), kind)
    else:
        init["s"] = np.abs(floats(r, shape[axis])) + np.float32(0.1)
        init["z"] = r.integers(info.min, info.max + 1,
                               shape[axis]).astype(kind)
    return Made([N("DequantizeLinear", pick(r, "w s z", "w s"), "d",
                   axis=axis), N("MatMul", "x d")], (2, shape[0]), init,
                pick(r, 13, 19))


def stack(rows, columns, turned, between):
    """The shape of two matrices; `between`: as the second axis."""
    rows, columns = (columns, rows) if turned else (rows, columns)
    return (rows, 2, columns) if between else (2, rows, columns)


def fused(r):
    m, k, n = dims(r, 3)
    ta, tb = coin(r), coin(r)
    alpha = float(r.normal())
    if coin(r):
        ba, bb = coin(r), coin(r)
        b = stack(k, n, tb, bb)
        return Made([N("FusedMatMul", "x b", transA=ta, transB=tb, alpha=alpha,
                       transBatchA=ba, transBatchB=bb,
                       domain="com.microsoft")], stack(m, k, ta, ba),
                    {"b": floats(r, *(b if ba or bb or coin(r) else b[1:]))},
                    domain="com.microsoft")
    act, more = pick(r, ("Relu", {}), ("LeakyRelu",
                                       {"activation_alpha": 0.3}))
    return Made([N("FusedGemm", "x b c", transA=ta, transB=tb, alpha=alpha,
                   activation=act, domain="com.microsoft", **more)],
                (k, m) if ta else (m, k),
                {"b": floats(r, n, k) if tb else floats(r, k, n),
                 "c": floats(r, n)}, domain="com.microsoft")


def fused_conv(r):
    act, params = pick(r, ("Relu", []), ("LeakyRelu", [0.3]),
                       ("Clip", [-0.5, 1.0]), ("HardSigmoid", [0.3, 0.4]))
    more = {"activation_params": params} if params else {}
    return Made([N("FusedConv", "x w b", kernel_shape=[2, 2], activation=act,
                   domain="com.microsoft", **more)], (1, 2, 4, 4),
                {"w": floats(r, 3, 2, 2, 2), "b": floats(r, 3)},
                domain="com.microsoft")


def learning(r):
    rows, n = dims(r, 2)
    if coin(r):
        count = pick(r, 1, n)
        return Made([N("Scaler", "x", domain="ai.onnx.ml",
                       offset=[float(v) for v in floats(r, count)],
                       scale=[float(v) for v in floats(r, count)])],
                    (rows, n), domain="ai.onnx.ml")
    targets = int(r.integers(1, 4))
    return Made([N("LinearRegressor", "x", domain="ai.onnx.ml",
                   targets=targets,
                   coefficients=[float(v) for v in floats(r, targets * n)],
                   intercepts=[float(v) for v in floats(r, targets)])],
                (rows, n), domain="ai.onnx.ml")
