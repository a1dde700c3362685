"""Random networks of one operator, for comparisons with other programs: each
of MAKERS takes a random generator and returns a `Made`."""
import dataclasses

import numpy as np
from onnx import helper

from corpus import N, tensor


@dataclasses.dataclass
class Made:
    nodes: list
    shape: tuple
    init: dict = dataclasses.field(default_factory=dict)
    opset: int = 17
    domain: str = ""


def i64(*values):
    return np.array(values, np.int64)


def floats(r, *shape):
    return r.normal(size=shape).astype(np.float32)


def dims(r, rank, low=1, high=5):
    return tuple(int(v) for v in r.integers(low, high + 1, rank))


def pick(r, *choices):
    return choices[int(r.integers(len(choices)))]


def coin(r):
    return int(r.integers(2))


def broadcastable(r, shape):
    tail = shape[int(r.integers(len(shape))):]
    return tuple(d if coin(r) else 1 for d in tail)


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


def pad(r):
    shape = dims(r, int(r.integers(1, 5)), 2, 5)
    mode = pick(r, "constant", "reflect", "edge", "wrap")
    low = -1 if mode in ("constant", "edge") and coin(r) else 0
    pads = r.integers(low, 2, 2 * len(shape))
    init = {"p": i64(*pads), "v": np.array(r.normal(), np.float32)}
    names = "x p v" if mode == "constant" and coin(r) else "x p"
    return Made([N("Pad", names, mode=mode)], shape, init,
                19 if mode == "wrap" else pick(r, 11, 13, 18))


def slices(r):
    shape = dims(r, int(r.integers(1, 5)))
    n = int(r.integers(1, len(shape) + 1))
    axes = r.choice(len(shape), n, replace=False)
    init = {"b": i64(*r.integers(-6, 7, n)), "e": i64(*r.integers(-7, 8, n)),
            "a": i64(*axes), "s": i64(*(pick(r, -3, -2, -1, 1, 2)
                                        for _ in range(n)))}
    return Made([N("Slice", "x b e a s")], shape, init, pick(r, 10, 13))


def gather(r):
    shape = dims(r, int(r.integers(1, 4)))
    axis = int(r.integers(-len(shape), len(shape)))
    n = shape[axis]
    if coin(r):
        index = r.integers(-n, n, dims(r, int(r.integers(0, 3))))
        return Made([N("Gather", "x i", axis=axis)], shape,
                    {"i": np.asarray(index, np.int64)}, 13)
    wide = [int(r.integers(1, d + 1)) for d in shape]
    wide[axis] = int(r.integers(1, 6))
    return Made([N("GatherElements", "x i", axis=axis)], shape,
                {"i": r.integers(-n, n, wide)}, 13)


def gather_nd(r):
    shape = dims(r, int(r.integers(1, 5)))
    batch = int(r.integers(0, len(shape)))
    q = int(r.integers(1, len(shape) - batch + 1))
    lead = shape[:batch] + dims(r, int(r.integers(0, 3)), 1, 3)
    index = np.stack([r.integers(-shape[batch + j], shape[batch + j], lead)
                      for j in range(q)], -1)
    return Made([N("GatherND", "x i", batch_dims=batch)], shape,
                {"i": np.asarray(index, np.int64)}, pick(r, 12, 13))


def scatter(r):
    shape = dims(r, int(r.integers(1, 4)))
    axis = int(r.integers(len(shape)))
    wide = [int(r.integers(1, d + 1)) for d in shape]
    kind = pick(r, "none", "add", "mul", "max", "min")
    index = np.argsort(r.random([shape[axis] if k == axis else d
                                 for k, d in enumerate(wide)]), axis)
    index = index.take(range(wide[axis]), axis)
    if kind != "none":
        index = r.integers(-shape[axis], shape[axis], wide)
    names = "x i u" if coin(r) or kind == "mul" else "u i x"
    if names == "u i x":
        wide, shape = tuple(shape), tuple(wide)
        init = {"i": index, "u": floats(r, *wide)}
    else:
        init = {"i": index, "u": floats(r, *wide)}
    attributes = {} if kind == "none" else {"reduction": kind}
    return Made([N("ScatterElements", names, axis=axis, **attributes)], shape,
                init, 18)


def scatter_nd(r):
    shape = dims(r, int(r.integers(1, 4)))
    q = int(r.integers(1, len(shape) + 1))
    kind = pick(r, "none", "add", "mul", "max", "min")
    cells = int(np.prod(shape[:q]))
    n = int(r.integers(1, cells + 1))
    flat = r.choice(cells, n, replace=kind != "none")
    index = np.stack(np.unravel_index(flat, shape[:q]), -1)
    init = {"i": np.asarray(index, np.int64),
            "u": floats(r, n, *shape[q:])}
    attributes = {} if kind == "none" else {"reduction": kind}
    return Made([N("ScatterND", "x i u", **attributes)], shape, init, 18)


def shapes(r):
    shape = dims(r, 4)
    op = pick(r, "Transpose", "Flatten", "Tile", "Expand", "Concat", "Split")
    if op == "Transpose":
        return Made([N(op, "x", perm=[int(v) for v in r.permutation(4)])],
                    shape)
    if op == "Flatten":
        return Made([N(op, "x", axis=int(r.integers(-4, 5)))], shape)
    if op == "Tile":
        return Made([N(op, "x t")], shape, {"t": i64(*r.integers(1, 4, 4))})
    if op == "Expand":
        thin = tuple(d if coin(r) else 1 for d in shape)
        return Made([N(op, "x t")], thin,
                    {"t": i64(*dims(r, int(r.integers(0, 2))), *shape)})
    axis = int(r.integers(-4, 4))
    if op == "Concat":
        other = list(shape)
        other[axis] = int(r.integers(1, 4))
        return Made([N(op, pick(r, "x c", "c x", "x c x"), axis=axis)], shape,
                    {"c": floats(r, *other)})
    return Made([N(op, "x s", "y z", axis=axis)],
                shape[:axis % 4] + (5,) + shape[axis % 4 + 1:],
                {"s": i64(2, 3)})


def depth(r):
    b = int(r.integers(1, 4))
    if coin(r):
        n, c, h, w = dims(r, 4, 1, 3)
        return Made([N("DepthToSpace", "x", blocksize=b,
                       mode=pick(r, "DCR", "CRD"))], (n, c * b * b, h, w),
                    opset=pick(r, 11, 13))
    n, c, h, w = dims(r, 4, 1, 3)
    return Made([N("SpaceToDepth", "x", blocksize=b)], (n, c, h * b, w * b),
                opset=13)


def selection(r):
    rows, columns = dims(r, 2, 2, 5)
    op = pick(r, "Compress", "ReverseSequence", "Trilu", "CumSum", "Where",
              "OneHot")
    if op == "Compress":
        axis = pick(r, None, 0, 1)
        n = (rows * columns, rows, columns)[0 if axis is None else axis + 1]
        mask = r.integers(0, 2, n).astype(bool)
        mask[0] = True
        attributes = {} if axis is None else {"axis": axis}
        return Made([N(op, "x m", **attributes)], (rows, columns),
                    {"m": mask}, 11)
    if op == "ReverseSequence":
        batch = coin(r)
        n, t = (rows, columns) if batch == 0 else (columns, rows)
        return Made([N(op, "x l", batch_axis=batch, time_axis=1 - batch)],
                    (rows, columns), {"l": r.integers(1, t + 1, n)}, 10)
    if op == "Trilu":
        return Made([N(op, "x k", upper=coin(r))], (2, rows, columns),
                    {"k": np.array(r.integers(-6, 7))}, 14)
    if op == "CumSum":
        return Made([N(op, "x a", exclusive=coin(r), reverse=coin(r))],
                    (2, rows, columns),
                    {"a": np.array(r.integers(-3, 3))}, pick(r, 11, 14))
    if op == "Where":
        mask = r.integers(0, 2, broadcastable(r, (2, rows, columns)))
        return Made([N(op, pick(r, "m x c", "m c x"))], (rows, columns),
                    {"m": mask.astype(bool),
                     "c": floats(r, *broadcastable(r, (rows, columns)))},
                    pick(r, 9, 16))
    return Made([N(op, "i d x", axis=int(r.integers(-3, 3)))], (2,),
                {"i": r.integers(-5, 5, (rows, columns)), "d": np.array(5)},
                11)


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


def resize(r, mode=None):
    mode = mode or pick(r, "nearest", "linear", "cubic")
    spatial = dims(r, 2, 2, 6)
    how = pick(r, "half_pixel", "pytorch_half_pixel", "asymmetric",
               "align_corners", "tf_crop_and_resize", "half_pixel_symmetric")
    attributes = {"mode": mode, "coordinate_transformation_mode": how}
    if mode == "nearest":
        attributes["nearest_mode"] = pick(r, "round_prefer_floor",
                                          "round_prefer_ceil", "floor", "ceil")
    if mode == "cubic":
        attributes["cubic_coeff_a"] = pick(r, -0.75, -0.5, -0.3)
        attributes["exclude_outside"] = coin(r)
    init = {"r": np.array([0, 0, 0.1037, -0.2113, 1, 1, 0.8371, 1.3219],
                          np.float32)}
    if how == "tf_crop_and_resize":
        attributes["extrapolation_value"] = 2.5
    opset = pick(r, 11, 13, 18, 19)
    if how == "half_pixel_symmetric":
        opset = 19
    if opset >= 18 and mode != "nearest" and how == "half_pixel" and coin(r):
        attributes["antialias"] = 1
    sizes = dims(r, 2, 1, 12)
    # onnxruntime copies axes whose scale is 1, whatever the roi.
    if how == "tf_crop_and_resize":
        sizes = tuple(s + (s == n) for s, n in zip(sizes, spatial))
    roi = "r" if how == "tf_crop_and_resize" else "_"
    if roi == "_" and opset < 13:
        roi, init["r"] = "r", np.array([], np.float32)
    if coin(r):
        init["s"] = i64(1, 2, *sizes)
        return Made([N("Resize", f"x {roi} e s" if opset < 13 else
                       f"x {roi} _ s", **attributes)], (1, 2) + spatial,
                    dict(init, e=np.array([], np.float32)), opset)
    init["s"] = np.array([1, 1, *r.choice([0.5, 0.6, 0.75, 1, 1.5, 2, 2.25, 3],
                                          2)], np.float32)
    if how == "tf_crop_and_resize":
        init["s"][2:][init["s"][2:] == 1] = 3
    return Made([N("Resize", f"x {roi} s", **attributes)], (1, 2) + spatial,
                init, opset)


def upsample(r):
    scales = np.array([1, 1, *r.choice([1, 1.5, 2, 3], 2)], np.float32)
    return Made([N("Upsample", "x s", mode=pick(r, "nearest", "linear"))],
                (1, 2) + dims(r, 2, 2, 4), {"s": scales}, 9)


def grid_sample(r):
    new = coin(r)
    names = ("nearest", "linear", "cubic") if new else ("nearest", "bilinear",
                                                        "bicubic")
    n, c, h, w = 2, 2, *dims(r, 2, 2, 5)
    grid = (r.normal(size=(n, 3, 4, 2)) * 0.8).astype(np.float32)
    return Made([N("GridSample", "x g", mode=pick(r, *names),
                   padding_mode=pick(r, "zeros", "border", "reflection"),
                   align_corners=coin(r))], (n, c, h, w), {"g": grid},
                20 if new else 16)


def blocks(r):
    if coin(r):
        kernel, image = dims(r, 2, 1, 3), dims(r, 2, 4, 6)
        strides, pads = dims(r, 2, 1, 2), dims(r, 4, 0, 1)
        count = np.prod([(image[k] + pads[k] + pads[k + 2] - kernel[k]) //
                         strides[k] + 1 for k in range(2)])
        return Made([N("Col2Im", "x i b", strides=strides, pads=pads)],
                    (1, 2 * kernel[0] * kernel[1], int(count)),
                    {"i": i64(*image), "b": i64(*kernel)}, 18)
    shape = dims(r, 3, 1, 6)
    axes = [int(v) for v in r.choice(3, 2, replace=False)]
    return Made([N("CenterCropPad", "x s", axes=axes)], shape,
                {"s": i64(*dims(r, 2, 1, 7))}, 18)


def sequence(r):
    n = int(r.integers(2, 6))
    split = pick(r, None, 2, "list")
    at = int(r.integers(-1, 1))
    init = {"i": np.array(at, np.int64)}
    if split == 2:
        init["s"] = np.array(2, np.int64)
    if split == "list":
        init["s"] = i64(1, n - 1)
    nodes = [N("SplitToSequence", "x" if split is None else "x s", "q",
               axis=0)]
    nodes += pick(r, [N("SequenceAt", "q i")],
                  [N("ConcatFromSequence", "q", axis=0)],
                  [N("SequenceErase", "q i", "t"),
                   N("ConcatFromSequence", "t", axis=0)])
    if split is None and coin(r):
        nodes = [N("SequenceConstruct", "x x", "q"),
                 N("ConcatFromSequence", "q", axis=pick(r, 0, -1),
                   new_axis=coin(r))]
    return Made(nodes, (n, int(r.integers(1, 4))), init, 13)


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


def fused(r):
    m, k, n = dims(r, 3)
    ta, tb = coin(r), coin(r)
    alpha = float(r.normal())
    if coin(r):
        return Made([N("FusedMatMul", "x b", transA=ta, transB=tb,
                       alpha=alpha, domain="com.microsoft")],
                    (2, k, m) if ta else (2, m, k),
                    {"b": floats(r, n, k) if tb else floats(r, k, n)},
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


MAKERS = [binary, unary, clip, gemm, matmul, conv, conv_transpose, pool,
          global_pool, reduce, batch_norm, pad, slices, gather, gather_nd,
          scatter, scatter_nd, shapes, depth, selection, einsum, resize,
          resize, resize, upsample, grid_sample, blocks, sequence, dequantize,
          fused, fused_conv, learning]
