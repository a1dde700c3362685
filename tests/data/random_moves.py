"""Random networks of one operator that moves, chooses or interpolates elements.
Each function takes a random generator and returns a `Made`."""
import numpy as np

from corpus import N
from random_parts import Made, broadcastable, coin, dims, floats, i64, pick


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


def affine_grid(r):
    n = int(r.integers(2, 4))
    size = (int(r.integers(1, 3)), 1, *dims(r, n, 2, 4))
    node = N("AffineGrid", "x s", align_corners=coin(r))
    return Made([node], (size[0], n, n + 1), {"s": i64(*size)}, 20)


def unique(r):
    c = r.integers(-2, 3, dims(r, 2)).astype(np.float32)
    axis = pick(r, None, 0, 1)
    how = {} if axis is None else {"axis": axis}
    values, places = np.unique(c, axis=axis, return_index=True)
    n = values.size + 2 * places.size + (c.size if axis is None else
                                         c.shape[axis])
    return Made([N("Unique", "c", "u i v n", sorted=coin(r), **how),
                 *(N("Cast", a, f"{a}f", to=1) for a in "ivn"),
                 N("Reshape", "u s", "l"),
                 N("Concat", "l if vf nf", "k", axis=0), N("Add", "x k")],
                (n,), {"c": c, "s": i64(-1)})


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
