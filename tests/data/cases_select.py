"""Cases of operators that choose elements by constant indices or are affine
with constant operands: indices, scatters, sums, sequences, interpolation,
types and old opsets."""
import numpy as np
import torch
from onnx import TensorProto, helper
import torch.nn.functional as F

import corpus
from corpus import N, f32, ints, w

T = torch.from_numpy


def case(*positional, **named):
    """All parameters of these networks are exact."""
    corpus.case(*positional, rounded=0, **named)


def indices():
    x = (2, 3, 4)
    case("tile", [N("Tile", "x r")], lambda v: v.repeat(1, 2, 3), x=x,
         init={"r": ints(1, 2, 3)})
    case("tile_opset6", [N("Tile", "x r")], lambda v: v.repeat(2, 1, 1), x=x,
         init={"r": ints(2, 1, 1)}, opset=6)
    for axis in (0, 1, -1):
        index = np.array([[[0, -1], [1, 0]], [[1, 1], [-2, 0]]])
        case(f"gather_elements_{axis}".replace("-", "m"),
             [N("GatherElements", "x i", axis=axis)],
             lambda v, a=axis, i=index: v[:2, :2, :] .gather(
                 a, T(i % x[a])) if a != 1 else v[:, :, :2].gather(
                     a, T(i % x[a])), x=x, init={"i": index})
    index = np.array([[[0, 1], [-1, 2]], [[2, -4], [0, 0]]])
    case("gather_nd_batch", [N("GatherND", "x i", batch_dims=1)],
         lambda v: np.array([[v[b][tuple(i)] for i in index[b]]
                             for b in range(2)]), x=x, init={"i": index})
    case("gather_nd_rows", [N("GatherND", "x i")],
         lambda v: v[[1, 0, 1], [2, 0, -1]], x=x,
         init={"i": ints([1, 2], [0, 0], [1, -1])})
    mask = np.array([True, False, True])
    case("compress_axis", [N("Compress", "x m", axis=1)],
         lambda v: v[:, mask], x=x, init={"m": mask}, opset=11)
    case("compress_flat", [N("Compress", "x m")],
         lambda v: v.reshape(-1)[:3][mask], x=x, init={"m": mask}, opset=11)
    case("reverse_sequence",
         [N("ReverseSequence", "x n", batch_axis=0, time_axis=1)],
         lambda v: torch.stack([v[0][[1, 0, 2]], v[1][[2, 1, 0]]]), x=x,
         init={"n": ints(2, 3)}, opset=10)
    for k in (-1, 0, 2):
        tag = str(k).replace("-", "m")
        case(f"triu_{tag}", [N("Trilu", "x k")], lambda v, k=k: v.triu(k),
             x=x, init={"k": np.array(k)}, opset=14)
        case(f"tril_{tag}", [N("Trilu", "x k", upper=0)],
             lambda v, k=k: v.tril(k), x=x, init={"k": np.array(k)}, opset=14)
    case("one_hot", [N("OneHot", "i d x", axis=1)],
         lambda v: v[T(np.array([[0, 0, 1, 0], [1, 0, 0, 0]]))],
         x=(2,), init={"i": ints(2, 0), "d": np.array(4)}, opset=11)
    cond = np.array([[True], [False], [True]])
    case("where_constant", [N("Neg", "x", "n"), N("Where", "m n x")],
         lambda v: torch.where(T(cond), -v, v), x=x, init={"m": cond})
    case("where_constant_branch", [N("Where", "m c x")],
         lambda v: torch.where(T(cond), T(w(4)), v), x=x,
         init={"m": cond, "c": w(4)})
    for opset in (11, 13):
        case(f"depth_to_space_dcr_opset{opset}",
             [N("DepthToSpace", "x", blocksize=2)],
             lambda v: v.reshape(1, 2, 2, 2, 2, 3).permute(
                 0, 3, 4, 1, 5, 2).reshape(1, 2, 4, 6), x=(1, 8, 2, 3),
             opset=opset)
    case("depth_to_space_crd",
         [N("DepthToSpace", "x", blocksize=2, mode="CRD")],
         lambda v: F.pixel_shuffle(v, 2), x=(1, 8, 2, 3))
    case("space_to_depth", [N("SpaceToDepth", "x", blocksize=2)],
         lambda v: v.reshape(1, 2, 2, 2, 3, 2).permute(
             0, 3, 5, 1, 2, 4).reshape(1, 8, 2, 3), x=(1, 2, 4, 6))
    case("center_crop_pad", [N("CenterCropPad", "x s")],
         lambda v: F.pad(v[:, :, 1:3], (0, 0, 1, 1)), x=x, opset=18,
         init={"s": ints(2, 5, 2)})


def uniques():
    """All outputs; NumPy sorts, and what is not sorted is worked out by hand."""
    def unique(name, c, want, **how):
        """want: values, first places, kinds, numbers."""
        values, more = np.asarray(want[0], float), want[1:]
        casts = [N("Cast", a, f"{a}f", to=1) for a in "ivn"]
        case(f"unique_{name}",
             [N("Unique", "c", "u i v n", **how), *casts,
              N("Reshape", "u s", "l"), N("Concat", "l if vf nf", "k", axis=0),
              N("Add", "x k")],
             lambda v: v + T(np.concatenate([values.ravel(), *more])),
             x=(values.size + sum(map(len, more)),),
             init={"c": c, "s": ints(-1)})
    row = np.array([2.5, -1, 2.5, 0, 4, -1, 0, 2.5])
    block = np.array([[[1, 2], [0, 1], [1, 2]], [[3, 1], [3, 1], [3, 1]]]) / 2
    ways = dict(return_index=True, return_inverse=True, return_counts=True)
    unique("sorted", row, np.unique(row, **ways))
    unique("unsorted", row, ([2.5, -1, 0, 4], [0, 1, 3, 4],
                             [0, 1, 0, 2, 3, 1, 2, 0], [3, 2, 2, 1]), sorted=0)
    unique("block", block, np.unique(block, **ways))
    for axis in (0, 1, -1):
        unique(f"axis_{axis}".replace("-", "m"), block,
               np.unique(block, axis=axis, **ways), axis=axis)
    rows = np.array([[1, 2.5], [1, 0], [0, 5], [1, 2.5], [1, 0.5]])
    unique("rows", rows, np.unique(rows, axis=0, **ways), axis=0)
    unique("axis_unsorted", block,
           ([[[0.5, 1], [0, 0.5]], [[1.5, 0.5], [1.5, 0.5]]], [0, 1],
            [0, 1, 0], [2, 1]), axis=1, sorted=0)
    case("unique_indices", [N("Unique", "c", "u"), N("Gather", "x u", axis=1)],
         lambda v: v[:, [0, 2, 3]], x=(2, 4), init={"c": ints(3, 0, 2, 3, 0)})
    case("unique_thirds", [N("Div", "a b", "c"), N("Unique", "c", "u"),
                           N("Add", "x u")],
         lambda v: v + torch.tensor([0.25, 1 / 3]), x=(2, 2),
         init={"a": np.array([1.0, 2, 1, 7]), "b": np.array([3.0, 6, 4, 21])},
         tolerance=1e-7)


def sums():
    x = (2, 3, 4)
    def exclusive(v):
        return v.cumsum(1) - v
    case("cumsum", [N("CumSum", "x a")], lambda v: v.cumsum(2), x=x,
         init={"a": np.array(-1)})
    case("cumsum_exclusive", [N("CumSum", "x a", exclusive=1)], exclusive,
         x=x, init={"a": np.array(1)})
    case("cumsum_reverse", [N("CumSum", "x a", reverse=1)],
         lambda v: v.flip(0).cumsum(0).flip(0), x=x, init={"a": np.array(0)})
    case("cumsum_both", [N("CumSum", "x a", reverse=1, exclusive=1)],
         lambda v: exclusive(v.flip(1)).flip(1), x=x, init={"a": np.array(1)})
    case("mean_three", [N("Neg", "x", "n"), N("Mean", "x n c")],
         lambda v: T(w(3, 4)).expand(2, 3, 4) / 3, x=x, init={"c": w(3, 4)})
    for equation, c in (("abc,cd->abd", (4, 2)), ("abc,cd", (4, 2)),
                        ("a...c,...c->...", (3, 4)), ("abc,bc->a", (3, 4)),
                        ("abc->cba", None), ("...c->c...", None),
                        ("abc,d->dabc", (2,)), ("abc,bd,ce->ade",
                                                ((3, 2), (4, 5)))):
        many = c if c and isinstance(c[0], tuple) else (c,) if c else ()
        init = {f"c{i}": w(*s, seed=i) for i, s in enumerate(many)}
        tag = "".join(ch if ch.isalpha() else "_" for ch in equation)
        reference = lambda v, e=equation, i=init: np.einsum(
            e, v.numpy(), *i.values())
        case(f"einsum_{tag}",
             [N("Einsum", " ".join(["x", *init]), equation=equation)],
             reference, x=x, init=init)
    case("einsum_diagonal", [N("Einsum", "x", equation="aa->a")],
         lambda v: v.diagonal(), x=(3, 3))
    case("einsum_trace", [N("Einsum", "x", equation="aa")],
         lambda v: v.trace(), x=(3, 3))
    case("col2im", [N("Col2Im", "x i b", pads=[1, 0, 1, 0],
                      dilations=[1, 2])],
         lambda v: F.fold(v, (4, 5), (2, 2), dilation=(1, 2), padding=(1, 0)),
         x=(1, 8, 15), init={"i": ints(4, 5), "b": ints(2, 2)}, opset=18)


def scatters():
    x = (3, 4)
    index = np.array([[0, -1], [2, 1]])
    u = w(2, 2)
    positive = T(index % 3)
    def el(name, f, node="ScatterElements", opset=16, axis=0, **how):
        case(f"scatter_{name}", [N(node, "x i u", axis=axis, **how)], f, x=x,
             init={"i": index, "u": u}, opset=opset)
    el("old", lambda v: v.scatter(0, positive, T(u)), "Scatter", 9)
    el("elements", lambda v: v.scatter(0, positive, T(u)), opset=11)
    el("elements_axis1",
       lambda v: v.scatter(1, T(index % 4), T(u)), axis=1)
    el("add", lambda v: v.scatter_add(0, positive, T(u)), reduction="add")
    el("mul", lambda v: v.scatter(0, positive, T(u), reduce="multiply"),
       reduction="mul")
    for how, name in (("amax", "max"), ("amin", "min")):
        el(name, lambda v, h=how: v.scatter_reduce(0, positive, T(u), h),
           reduction=name, opset=18)
    case("scatter_updates_variable", [N("ScatterElements", "c i x", axis=1)],
         lambda v: T(w(3, 6)).scatter(1, T(np.array(
             [[0, 5, 2, 1]] * 3)), v), x=x, opset=11,
         init={"c": w(3, 6), "i": np.array([[0, -1, 2, 1]] * 3)})
    def nd(v):
        out = v.clone()
        out[[2, 0]] = T(w(2, 4))
        return out
    case("scatter_nd_rows", [N("ScatterND", "x i u")], nd, x=x, opset=11,
         init={"i": ints([2], [0]), "u": w(2, 4)})
    def nd_add(v):
        return v.index_put((T(ints(2, 0, 2)), T(ints(1, 3, 1))), T(w(3)),
                           accumulate=True)
    case("scatter_nd_add", [N("ScatterND", "x i u", reduction="add")],
         nd_add, x=x, opset=16,
         init={"i": ints([2, 1], [0, -1], [2, 1]), "u": w(3)})


def sequences():
    x = (5, 2)
    def seq(name, nodes, f, init=None, opset=13):
        case(f"sequence_{name}", nodes, f, x=x, init=init, opset=opset)
    two = np.array(2)
    seq("split_at", [N("SplitToSequence", "x n", "q", axis=0),
                     N("SequenceAt", "q i")], lambda v: v[4:],
        {"n": two, "i": np.array(-1)})
    seq("split_list", [N("SplitToSequence", "x n", "q", axis=0),
                       N("SequenceAt", "q i")], lambda v: v[1:5],
        {"n": ints(1, 4), "i": np.array(1)})
    seq("split_ones", [N("SplitToSequence", "x", "q", axis=1, keepdims=0),
                       N("SequenceAt", "q i")], lambda v: v[:, 1],
        {"i": np.array(1)})
    seq("stack", [N("Neg", "x", "n"), N("SequenceConstruct", "x n", "q"),
                  N("ConcatFromSequence", "q", axis=1, new_axis=1)],
        lambda v: torch.stack([v, -v], 1))
    seq("insert_erase", [
        N("Neg", "x", "n"), N("SequenceConstruct", "x x", "q"),
        N("SequenceInsert", "q n i", "r"), N("SequenceErase", "r j", "s"),
        N("ConcatFromSequence", "s", axis=0)],
        lambda v: torch.cat([-v, v]),
        {"i": np.array(-1), "j": np.array(0)})
    seq("length", [N("SplitToSequence", "x n", "q", axis=0),
                   N("SequenceLength", "q", "l"),
                   N("Cast", "l", "f", to=TensorProto.FLOAT),
                   N("Mul", "x f")], lambda v: v * 3, {"n": two})


def interpolation():
    """Expected values from PyTorch's interpolate and, for the rest, a direct
    evaluation of the definition in float64."""
    x = (1, 2, 3, 4)
    half = {"mode": "linear"}
    for tag, size in (("up", (5, 9)), ("down", (2, 3)), ("mixed", (4, 2))):
        z = {"z": ints(1, 2, *size)}
        case(f"resize_linear_{tag}", [N("Resize", "x _ _ z", **half)],
             lambda v, s=size: F.interpolate(v, s, mode="bilinear"), x=x,
             init=z)
        case(f"resize_linear_corners_{tag}",
             [N("Resize", "x _ _ z", mode="linear",
                coordinate_transformation_mode="align_corners")],
             lambda v, s=size: F.interpolate(v, s, mode="bilinear",
                                             align_corners=True), x=x, init=z)
        case(f"resize_cubic_{tag}", [N("Resize", "x _ _ z", mode="cubic")],
             lambda v, s=size: F.interpolate(v, s, mode="bicubic"), x=x,
             init=z)
        case(f"resize_cubic_corners_{tag}",
             [N("Resize", "x _ _ z", mode="cubic",
                coordinate_transformation_mode="align_corners")],
             lambda v, s=size: F.interpolate(v, s, mode="bicubic",
                                             align_corners=True), x=x, init=z)
    case("resize_trilinear", [N("Resize", "x _ s", mode="linear")],
         lambda v: F.interpolate(v, scale_factor=2, mode="trilinear"),
         x=(1, 1, 2, 2, 3), init={"s": np.array([1.0, 1, 2, 2, 2])})

    def weights(positions, n, a=None, exclude=False, squeeze=1.0):
        """[len(positions) x n]: the kernel around each position."""
        out = np.zeros((len(positions), n))
        for row, p in zip(out, positions):
            for i in range(int(np.floor(p)) - 20, int(np.floor(p)) + 21):
                t = abs(i - p) * squeeze
                if a is None:
                    k = max(0.0, 1 - t)
                elif t <= 1:
                    k = (a + 2) * t ** 3 - (a + 3) * t ** 2 + 1
                else:
                    k = a * (t - 1) * (t - 2) ** 2 if t < 2 else 0.0
                if not exclude or 0 <= i < n:
                    row[min(max(i, 0), n - 1)] += k
            if exclude or squeeze != 1:
                row /= row.sum()
        return out

    def along(name, positions, n, opset=18, tolerance=1e-12, extra=None,
              inputs="x _ _ z", init=None, **how):
        m = weights(positions, n, **(extra or {}))
        case(f"resize_{name}", [N("Resize", inputs, axes=[2], **how)],
             lambda v: v @ T(m).T, x=(1, 2, n), opset=opset,
             tolerance=tolerance, init=init or {"z": ints(len(positions))})
    j = np.arange(7.0)
    along("linear_asymmetric", j * 4 / 7, 4, mode="linear",
          coordinate_transformation_mode="asymmetric")
    along("linear_symmetric", 2 * (1 - 7 / (4 * 1.875)) +
          (j + 0.5) / 1.875 - 0.5, 4, opset=19, mode="linear",
          inputs="x _ s", init={"s": np.array([1.875])},
          coordinate_transformation_mode="half_pixel_symmetric")
    along("linear_scale", (j + 0.5) / f32(1.8) - 0.5, 4, mode="linear",
          inputs="x _ s", init={"s": np.array([1.8])})
    along("linear_pytorch_one", [0.0], 4, mode="linear",
          coordinate_transformation_mode="pytorch_half_pixel")
    along("cubic_a", (j + 0.5) * 4 / 7 - 0.5, 4, mode="cubic",
          cubic_coeff_a=-0.5, extra={"a": -0.5})
    along("cubic_exclude", (j + 0.5) * 4 / 7 - 0.5, 4, mode="cubic",
          exclude_outside=1, extra={"a": -0.75, "exclude": True})
    along("linear_antialias", (np.arange(3) + 0.5) * 7 / 3 - 0.5, 7,
          mode="linear", antialias=1, extra={"squeeze": 3 / 7})
    along("cubic_antialias", (np.arange(3) + 0.5) * 7 / 3 - 0.5, 7,
          mode="cubic", antialias=1, extra={"squeeze": 3 / 7, "a": -0.75})
    along("not_larger", (np.arange(6) + 0.5) / 1.5 - 0.5, 4, mode="linear",
          keep_aspect_ratio_policy="not_larger", init={"z": ints(6)})
    crop = {"mode": "linear", "extrapolation_value": 2.5,
            "coordinate_transformation_mode": "tf_crop_and_resize"}
    p = 3 * (0.25 + np.arange(5) * (1.25 - 0.25) / 4)
    inside = T((p <= 3).astype(float))
    m = weights(np.minimum(p, 3), 4)
    case("resize_crop", [N("Resize", "x r _ z", axes=[2], **crop)],
         lambda v: (v @ T(m).T) * inside + 2.5 * (1 - inside), x=(1, 2, 4),
         opset=18, init={"z": ints(5), "r": np.array([0.25, 1.25])})
    case("upsample_linear", [N("Upsample", "x s", mode="linear")],
         lambda v: v @ T(weights(np.arange(6) / 2, 3)).T, x=(1, 1, 3),
         init={"s": np.array([1, 1, 2.0])}, opset=9)
    case("upsample_opset6",
         [N("Upsample", "x", mode="nearest", height_scale=2.0,
            width_scale=3.0)],
         lambda v: v.repeat_interleave(2, 2).repeat_interleave(3, 3), x=x,
         opset=6)
    grid = w(1, 2, 5, 2) * 0.625
    for mode, new in (("bilinear", "linear"), ("nearest", "nearest"),
                      ("bicubic", "cubic")):
        for pad in ("zeros", "border", "reflection"):
            for corners in (0, 1):
                case(f"grid_{mode}_{pad}_{corners}",
                     [N("GridSample", "x g", mode=new if corners else mode,
                        padding_mode=pad, align_corners=corners)],
                     lambda v, m=mode, p=pad, c=corners: F.grid_sample(
                         v, T(grid), m, p, bool(c)), x=x,
                     init={"g": grid}, opset=20 if corners else 16)


def affine_grids():
    """Matrices that are constant, and that are the input."""
    for n, shape in ((2, (2, 2, 3, 4)), (3, (1, 2, 2, 3, 4))):
        size, theta = (shape[0], 1, *range(2, 2 + n)), w(shape[0], n, n + 1)
        for corners in (0, 1):
            grid = lambda m, s=size, c=corners: F.affine_grid(m, s, bool(c))
            node = N("AffineGrid", "t s", "g", align_corners=corners)
            case(f"affine_grid_{n}d_{corners}",
                 [node, N("GridSample", "x g", align_corners=corners,
                          mode="linear")],
                 lambda v, t=theta, g=grid, c=corners: F.grid_sample(
                     v, g(T(t)), align_corners=bool(c)), x=shape, opset=20,
                 init={"t": theta, "s": ints(*size)})
            case(f"affine_grid_of_input_{n}d_{corners}",
                 [N("AffineGrid", "x s", align_corners=corners)], grid,
                 x=theta.shape, opset=20, init={"s": ints(*size)})


def numbers(kind, dims, raw):
    return helper.TensorProto(name="W", data_type=kind, dims=dims,
                              raw_data=raw)


def types():
    a = w(3, 2)
    product = lambda v: v @ T(a)
    def stored(name, proto, f=product, x=(1, 3), nodes=None, **how):
        case(f"stored_{name}", nodes or [N("Cast", "W", "V", to=1),
                                         N("MatMul", "x V")], f, x=x,
             init=[proto], **how)
    stored("float16", numbers(10, (3, 2), a.astype("<f2").tobytes()))
    brain = (a.astype("<f4").view("<u4") >> 16).astype("<u2")
    stored("bfloat16", numbers(16, (3, 2), brain.tobytes()))
    typed = helper.TensorProto(name="W", data_type=10, dims=(3, 2))
    typed.int32_data.extend(int(v) for v in
                            a.astype(np.float16).view(np.uint16).ravel())
    stored("float16_typed", typed)
    # One of each format: 1.5, -0.25, the largest and the least number.
    for name, kind, bits, values in (
            ("e4m3fn", 17, b"\x3c\xa8\x7e\x01", (1.5, -0.25, 448, 2 ** -9)),
            ("e4m3fnuz", 18, b"\x44\xb0\x7f\x01",
             (1.5, -0.25, 240, 2 ** -10)),
            ("e5m2", 19, b"\x3e\xb4\x7b\x01", (1.5, -0.25, 57344, 2 ** -16)),
            ("e5m2fnuz", 20, b"\x42\xb8\x7f\x01",
             (1.5, -0.25, 57344, 2 ** -17)),
            ("uint4", 21, b"\x10\xf7", (0, 1, 7, 15)),
            ("int4", 22, b"\x18\xf7", (-8, 1, 7, -1)),
            ("e2m1", 23, b"\x13\xf7", (1.5, 0.5, 6, -6)),
            ("int2", 26, b"\xe4", (0, 1, -2, -1))):
        stored(name, numbers(kind, (4,), bits),
               lambda v, c=values: v * T(np.array(c, float)), x=(1, 4),
               nodes=[N("Cast", "W", "V", to=1), N("Mul", "x V")])
    case("cast_constant_to_half", [N("Cast", "c", "h", to=10),
                                   N("Cast", "h", "f", to=1), N("Add", "x f")],
         lambda v: v + float(np.float16(0.1)), x=(1, 2),
         init={"c": np.array(0.1)})
    case("cast_through_half", [N("Cast", "x", "h", to=10), N("Relu", "h", "r"),
                               N("Cast", "r", to=1)],
         lambda v: v.relu(), x=(1, 4))
    case("cast_like",
         [N("CastLike", "c h", "d"), N("CastLike", "d x", "e"),
          N("Add", "x e")], lambda v: v + float(np.float16(0.1)), x=(1, 2),
         init={"c": np.array(0.1), "h": np.array(1, np.float16)}, opset=15)
    case("eye_like", [N("EyeLike", "x", "i", k=1), N("Add", "x i")],
         lambda v: v + torch.eye(3, 4).double().roll(1, 1), x=(3, 4))
    q = np.array([[-128, 127], [3, -4], [0, 5]], np.int8)
    z = np.array([1, -2], np.int8)
    s = np.array([0.5, 0.375])
    case("dequantize_axis",
         [N("DequantizeLinear", "q s z", "W"), N("MatMul", "x W")],
         lambda v: v @ T((q.astype(float) - z) * s), x=(1, 3),
         init={"q": q, "s": s, "z": z})
    case("dequantize_tensor",
         [N("DequantizeLinear", "q s", "W"), N("MatMul", "x W")],
         lambda v: v @ T(q * 0.25), x=(1, 3), opset=10,
         init={"q": q, "s": np.array(0.25)})
    blocks = w(2, 2)
    case("dequantize_blocks",
         [N("DequantizeLinear", "q s", "W", axis=0, block_size=2),
          N("MatMul", "x W")],
         lambda v: v @ T(q * blocks[[0, 0, 1]]), x=(1, 3), opset=21,
         init={"q": q, "s": blocks})

    def typed_input(name, kind, nodes, f, **how):
        made = corpus.model(nodes, {"x": [2, 3]}, {"y": None}, how.pop("init", {}),
                     **how)
        made.graph.input[0].type.tensor_type.elem_type = kind
        case(f"input_{name}", None, f, x=(2, 3), made=made)
    scaled = [N("Transpose", "x", "t"), N("Cast", "t", "f", to=1),
              N("Div", "f c")]
    for name, kind in (("uint8", 2), ("int64", 7), ("half", 10),
                       ("bfloat16", 16)):
        typed_input(name, kind, scaled, lambda v: v.T / 255,
                    init={"c": np.array(255.0)})
    typed_input("int8_dequantize", 3,
                [N("DequantizeLinear", "x s z", axis=1)],
                lambda v: (v - 3) * 0.5, opset=13,
                init={"s": np.array(0.5), "z": np.array(3, np.int8)})


def old_opsets():
    x = (2, 3, 4)
    def six(name, nodes, f, init=None, shape=x):
        case(f"opset6_{name}", nodes, f, x=shape, init=init, opset=6)
    six("add_axis", [N("Add", "x c", broadcast=1, axis=1)],
        lambda v: v + T(w(3))[:, None], {"c": w(3)})
    six("mul_axis0", [N("Mul", "x c", broadcast=1, axis=0)],
        lambda v: v * T(w(2, 3))[:, :, None], {"c": w(2, 3)})
    six("sub_suffix", [N("Sub", "x c", broadcast=1)],
        lambda v: v - T(w(3, 4)), {"c": w(3, 4)})
    six("div_scalar", [N("Div", "x c", broadcast=1)],
        lambda v: v / 4, {"c": np.array([4.0])})
    six("add_equal", [N("Add", "x x")], lambda v: v + v)
    six("prelu_channels", [N("PRelu", "x c")],
        lambda v: F.prelu(v, T(w(3))), {"c": w(3)})
    six("gemm", [N("Gemm", "x w c", broadcast=1)],
        lambda v: v @ T(w(3, 2)) + T(w(2)), {"w": w(3, 2), "c": w(2)}, (2, 3))
    six("dropout", [N("Dropout", "x", is_test=1)], lambda v: v)
    for opset in (6, 7):
        more = {"is_test": 1} if opset == 6 else {}
        case(f"batchnorm_opset{opset}",
             [N("BatchNormalization", "x s b m v", spatial=0, epsilon=0.0,
                **more)],
             lambda v: (v - T(w(3, 4, seed=2))) * T(w(3, 4)) / 2 +
             T(w(3, 4, seed=1)), x=x, opset=opset, tolerance=1e-12,
             init={"s": w(3, 4), "b": w(3, 4, seed=1),
                   "m": w(3, 4, seed=2), "v": np.full((3, 4), 4.0)})
    for opset in (6, 23, 26):
        case(f"mlp_opset{opset}",
             [N("Gemm", "x w b", "h", **({"broadcast": 1} if opset == 6 else
                                         {})), N("Relu", "h", "r"),
              N("MatMul", "r u")],
             lambda v: F.relu(v @ T(w(3, 4)) + T(w(4))) @ T(w(4, 2)),
             x=(1, 3), init={"w": w(3, 4), "b": w(4), "u": w(4, 2)},
             opset=opset, ir={6: 3, 23: 11, 26: 14}[opset])


def make():
    for part in (indices, uniques, sums, scatters, sequences, interpolation,
                 affine_grids, types, old_opsets):
        part()
