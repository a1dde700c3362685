"""Cases of pooling and of resizing."""
import itertools
import math

import numpy as np

from cases_linear import same_pads
from corpus import N, case


def windows(size, kernel, stride, pads, dilation, ceil):
    """For each axis the list of windows as (positions inside, how many
    positions inside the padded axis)."""
    axes = []
    n = len(size)
    for a in range(n):
        before, after = pads[a], pads[n + a]
        reach = dilation[a] * (kernel[a] - 1) + 1
        room = size[a] + before + after - reach
        count = (-(-room // stride[a]) if ceil else room // stride[a]) + 1
        if ceil and (count - 1) * stride[a] >= size[a] + before:
            count -= 1
        axis = []
        for i in range(count):
            at = [i * stride[a] - before + j * dilation[a]
                  for j in range(kernel[a])]
            axis.append(([p for p in at if 0 <= p < size[a]],
                         sum(p < size[a] + after for p in at)))
        axes.append(axis)
    return axes


def pool(v, axes, reduce):
    v = np.asarray(v)
    out = np.empty(v.shape[:2] + tuple(len(a) for a in axes))
    for index in itertools.product(*(range(len(a)) for a in axes)):
        chosen = [a[i] for a, i in zip(axes, index)]
        block = v[(...,) + np.ix_(*(c[0] for c in chosen))]
        block = block.reshape(v.shape[0], v.shape[1], -1)
        out[(...,) + index] = reduce(block, math.prod(c[1] for c in chosen))
    return out


def pool_case(op, name, x, opset=13, **a):
    n, size, kernel = len(x) - 2, x[2:], a["kernel_shape"]
    stride = a.get("strides", [1] * n)
    dilation = a.get("dilations", [1] * n)
    mode = a.get("auto_pad", "NOTSET")
    pads = a.get("pads", [0] * 2 * n)
    if mode.startswith("SAME"):
        pads = same_pads(size, kernel, stride, dilation, mode == "SAME_UPPER")
    axes = windows(size, kernel, stride, pads, dilation,
                   a.get("ceil_mode", 0))
    if op == "MaxPool":
        reduce = lambda block, _: block.max(-1)
    elif a.get("count_include_pad", 0):
        reduce = lambda block, total: block.sum(-1) / total
    else:
        reduce = lambda block, _: block.mean(-1)
    case(f"{op.lower()}_{name}", [N(op, "x", **a)],
         lambda v: pool(v, axes, reduce), x=x, opset=opset, rows=2)


def both(name, x, **a):
    pool_case("MaxPool", name, x, **a)
    pool_case("AveragePool", name, x, **a)


def pooling():
    both("1d", (1, 2, 6), kernel_shape=[2], strides=[2])
    both("2d", (1, 1, 4, 4), kernel_shape=[2, 2], strides=[2, 2])
    both("3d", (1, 1, 4, 2, 3), kernel_shape=[2, 2, 2], strides=[2, 1, 1])
    both("2d_stride_default", (1, 2, 3, 4), kernel_shape=[2, 3])
    both("2d_one", (1, 1, 3, 3), kernel_shape=[1, 1])
    both("2d_subsample", (1, 1, 4, 4), kernel_shape=[1, 1], strides=[2, 3])
    both("2d_pads", (1, 1, 4, 4), kernel_shape=[3, 3], strides=[2, 2],
         pads=[1, 1, 1, 1])
    both("2d_asymmetric_pads", (1, 1, 4, 4), kernel_shape=[3, 3],
         pads=[0, 2, 1, 0])
    both("2d_ceil", (1, 1, 5, 5), kernel_shape=[2, 2], strides=[2, 2],
         ceil_mode=1)
    both("2d_ceil_pads", (1, 1, 4, 4), kernel_shape=[3, 3], strides=[2, 2],
         pads=[1, 1, 1, 1], ceil_mode=1)
    both("1d_ceil_no_empty_window", (1, 1, 3), kernel_shape=[2],
         strides=[3], pads=[1, 1], ceil_mode=1)
    for mode in ("SAME_UPPER", "SAME_LOWER", "VALID"):
        both(f"2d_{mode.lower()}", (1, 1, 5, 4), kernel_shape=[2, 3],
             strides=[2, 2], auto_pad=mode)
    pool_case("MaxPool", "2d_dilation", (1, 1, 5, 4), kernel_shape=[2, 2],
              dilations=[3, 2])
    pool_case("MaxPool", "1d_dilation_pads", (1, 1, 6), kernel_shape=[3],
              dilations=[2], pads=[2, 1])
    pool_case("MaxPool", "opset8", (1, 1, 4, 4), opset=8,
              kernel_shape=[2, 2], strides=[2, 2])
    pool_case("MaxPool", "opset22", (1, 1, 4, 4), opset=22,
              kernel_shape=[2, 2], strides=[2, 2])
    pool_case("MaxPool", "storage_order", (1, 1, 4, 4), storage_order=1,
              kernel_shape=[2, 2], strides=[2, 2])
    pool_case("AveragePool", "dilation", (1, 1, 5, 5), opset=19,
              kernel_shape=[2, 2], dilations=[2, 3])
    pool_case("AveragePool", "opset8", (1, 1, 4, 4), opset=8,
              kernel_shape=[2, 2], pads=[1, 0, 1, 0], count_include_pad=1)
    include = {"count_include_pad": 1}
    pool_case("AveragePool", "include", (1, 1, 4, 4), kernel_shape=[3, 3],
              pads=[1, 1, 1, 1], strides=[2, 2], **include)
    pool_case("AveragePool", "include_asymmetric", (1, 1, 4, 4),
              kernel_shape=[3, 3], pads=[0, 2, 1, 0], **include)
    pool_case("AveragePool", "include_ceil", (1, 1, 5, 5), opset=19,
              kernel_shape=[2, 2], strides=[2, 2], ceil_mode=1, **include)
    pool_case("AveragePool", "include_ceil_pads", (1, 1, 4, 4), opset=19,
              kernel_shape=[3, 3], strides=[2, 2], pads=[1, 1, 1, 1],
              ceil_mode=1, **include)
    pool_case("AveragePool", "include_same", (1, 1, 5), opset=19,
              kernel_shape=[3], strides=[2], auto_pad="SAME_UPPER",
              **include)
    for tag, x in (("1d", (1, 2, 3)), ("2d", (1, 2, 3, 2)),
                   ("3d", (1, 2, 2, 2, 2))):
        axes = tuple(range(2, len(x)))
        case(f"globalmaxpool_{tag}", [N("GlobalMaxPool", "x")],
             lambda v, a=axes: v.amax(a, True), x=x)
        case(f"globalaveragepool_{tag}", [N("GlobalAveragePool", "x")],
             lambda v, a=axes: v.mean(a, True), x=x)


def coordinate(mode, i, scale, n_in, n_out):
    if mode == "half_pixel" or mode == "pytorch_half_pixel" and n_out > 1:
        return (i + 0.5) / scale - 0.5
    if mode == "pytorch_half_pixel":
        return 0.0
    if mode == "half_pixel_symmetric":
        middle = n_in / 2 * (1 - n_out / (scale * n_in))
        return middle + (i + 0.5) / scale - 0.5
    if mode == "align_corners":
        return i * (n_in - 1) / (n_out - 1) if n_out > 1 else 0.0
    if mode == "asymmetric":
        return i / scale
    if mode == "tf_half_pixel_for_nn":
        return (i + 0.5) / scale
    raise ValueError(mode)


ROUND = {"round_prefer_floor": lambda x: math.ceil(x - 0.5),
         "round_prefer_ceil": lambda x: math.floor(x + 0.5),
         "floor": math.floor, "ceil": math.ceil}


def resize(v, sizes, scales, mode, nearest):
    """Nearest-neighbour resizing, straight from the operator's definition."""
    v = np.asarray(v)
    index = []
    for n_in, n_out, scale in zip(v.shape, sizes, scales):
        at = [coordinate(mode, i, scale, n_in, n_out) for i in range(n_out)]
        index.append([min(max(ROUND[nearest](t), 0), n_in - 1) for t in at])
    return v[np.ix_(*index)]


MODES = ("half_pixel", "pytorch_half_pixel", "align_corners", "asymmetric",
         "tf_half_pixel_for_nn", "half_pixel_symmetric")


def resize_case(name, x, mode, nearest, *, sizes=None, scales=None,
                opset=13, **a):
    init, inputs = {}, "x"
    if opset == 10:
        init, inputs = {"s": scales}, "x s"
    elif scales is not None:
        init, inputs = {"r": np.zeros(0), "s": scales}, "x r s"
        if opset >= 13:
            init, inputs = {"s": scales}, "x _ s"
    else:
        init = {"r": np.zeros(0), "s": np.zeros(0), "z": np.array(sizes)}
        inputs = "x r s z"
        if opset >= 13:
            init, inputs = {"z": np.array(sizes)}, "x _ _ z"
    if scales is not None:
        scales = np.asarray(scales, np.float64)
        if opset > 10:
            init["s"] = scales
        sizes = [int(n * s) for n, s in zip(x, scales)]
        real = [float(s) for s in scales]
    else:
        real = [m / n for n, m in zip(x, sizes)]
    attributes = {"mode": "nearest"}
    if opset > 10:
        attributes["coordinate_transformation_mode"] = mode
        attributes["nearest_mode"] = nearest
    case(f"resize_{name}", [N("Resize", inputs, **attributes, **a)],
         lambda v: resize(v, sizes, real, mode, nearest), x=x, init=init,
         opset=opset, rows=2)


def resizing():
    for mode in MODES:
        opset = {"tf_half_pixel_for_nn": 11,
                 "half_pixel_symmetric": 19}.get(mode, 13)
        for nearest in ROUND:
            resize_case(f"{mode}_{nearest}", (1, 1, 4, 3), mode, nearest,
                        sizes=[1, 1, 7, 2], opset=opset)
        resize_case(f"{mode}_scales", (1, 1, 3, 4), mode,
                    "round_prefer_floor", scales=[1, 1, 2.5, 0.5],
                    opset=opset)
    for opset in (11, 13, 18, 19):
        resize_case(f"up2_opset{opset}", (1, 2, 2, 3), "asymmetric", "floor",
                    scales=[1, 1, 2, 2], opset=opset)
        resize_case(f"sizes_opset{opset}", (1, 2, 2, 3), "half_pixel",
                    "round_prefer_floor", sizes=[1, 2, 4, 5], opset=opset)
    resize_case("up2_opset10", (1, 2, 2, 3), "asymmetric", "floor",
                scales=np.array([1.0, 1, 2, 3]), opset=10)
    resize_case("one_pixel_pytorch", (1, 1, 4), "pytorch_half_pixel",
                "floor", sizes=[1, 1, 1])
    resize_case("one_pixel_align", (1, 1, 4), "align_corners", "floor",
                sizes=[1, 1, 1])
    resize_case("1d", (1, 2, 3), "asymmetric", "floor", scales=[1, 1, 2])
    resize_case("3d", (1, 1, 2, 1, 2), "asymmetric", "floor",
                scales=[1, 1, 2, 2, 1])
    case("resize_axes", [N("Resize", "x _ s", mode="nearest", axes=[2, 3],
                           coordinate_transformation_mode="asymmetric",
                           nearest_mode="floor")],
         lambda v: resize(v, [1, 1, 4, 6], [1, 1, 2, 2], "asymmetric",
                          "floor"),
         x=(1, 1, 2, 3), opset=18, rows=2, init={"s": np.array([2.0, 2.0])})
    case("upsample_opset9", [N("Upsample", "x s", mode="nearest")],
         lambda v: np.asarray(v).repeat(2, 2).repeat(3, 3), x=(1, 2, 2, 2),
         opset=9, init={"s": np.array([1.0, 1, 2, 3])}, rows=2)
    case("upsample_opset8", [N("Upsample", "x", mode="nearest",
                               scales=[1.0, 1.0, 2.0, 2.0])],
         lambda v: np.asarray(v).repeat(2, 2).repeat(2, 3), x=(1, 1, 2, 2),
         opset=8, rows=2)


def make():
    pooling()
    resizing()
