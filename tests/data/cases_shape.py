"""Cases of the operators that only move scalars about, and of the integer
arithmetic that exporters write to compute shapes."""
import io

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper
from torch import nn
import torch.nn.functional as F

from corpus import N, case, ints, w

T = torch.from_numpy
HUGE = 2 ** 63 - 1


def reshape_like():
    x4 = (1, 2, 3, 2)
    for axis in (0, 1, 2, 3, 4, -1, -3):
        case(f"flatten_{axis}".replace("-", "m"),
             [N("Flatten", "x", axis=axis)], lambda x, a=axis: x.reshape(
                 int(np.prod(x.shape[:a % 4 if a < 4 else 4])), -1), x=x4)
    case("flatten_default", [N("Flatten", "x")], lambda x: x.reshape(1, -1),
         x=x4)
    for tag, shape in (("zero", (0, -1)), ("zero_middle", (1, 0, -1)),
                       ("minus_one", (-1, 4)), ("rank_up", (1, 2, 1, 3, 2)),
                       ("vector", (-1,)), ("two_rows", (2, 6))):
        final = [x4[i] if s == 0 else s for i, s in enumerate(shape)]
        case(f"reshape_{tag}", [N("Reshape", "x s"), ],
             lambda x, f=final: x.reshape(f), x=x4, init={"s": ints(*shape)})
    case("reshape_allowzero", [N("Reshape", "x s", allowzero=1)],
         lambda x: x.reshape(2, -1), x=x4, opset=14,
         init={"s": ints(2, -1)})
    case("reshape_constant_node",
         [N("Constant", "", "s", value_ints=[3, 4]), N("Reshape", "x s")],
         lambda x: x.reshape(3, 4), x=x4)
    case("transpose_default", [N("Transpose", "x")],
         lambda x: x.permute(3, 2, 1, 0), x=x4)
    case("transpose_perm", [N("Transpose", "x", perm=[0, 2, 3, 1])],
         lambda x: x.permute(0, 2, 3, 1), x=x4)
    case("transpose_batch", [N("Transpose", "x", perm=[2, 0, 1, 3])],
         lambda x: x.permute(2, 0, 1, 3), x=x4)
    case("squeeze_all", [N("Squeeze", "x")], lambda x: x.squeeze(),
         x=(1, 1, 3, 1))
    case("squeeze_attr", [N("Squeeze", "x", axes=[1, -1])],
         lambda x: x.reshape(1, 3), x=(1, 1, 3, 1), opset=11)
    case("squeeze_input", [N("Squeeze", "x a")],
         lambda x: x.reshape(1, 3), x=(1, 1, 3, 1), init={"a": ints(1, -1)})
    case("unsqueeze_attr", [N("Unsqueeze", "x", axes=[0, 2])],
         lambda x: x.reshape(1, 1, 1, 3), x=(1, 3), opset=11)
    case("unsqueeze_input", [N("Unsqueeze", "x a"), ],
         lambda x: x.reshape(1, 1, 3, 1), x=(1, 3), init={"a": ints(-1, 1)})


def concat_slice_split():
    c = w(1, 2, 3)
    both = torch.cat
    case("concat_axis1", [N("Neg", "x", "n"), N("Concat", "x n x", axis=1)],
         lambda x: both([x, -x, x], 1), x=(1, 2, 3))
    case("concat_negative", [N("Neg", "x", "n"), N("Concat", "n x", axis=-1)],
         lambda x: both([-x, x], 2), x=(1, 2, 3))
    case("concat_constant", [N("Concat", "c x", axis=1)],
         lambda x: both([T(c), x], 1), x=(1, 2, 3), init={"c": c})
    case("concat_batch", [N("Concat", "x c", axis=0)],
         lambda x: both([x, T(c)], 0), x=(1, 2, 3), init={"c": c})
    case("concat_one", [N("Concat", "x", axis=1)], lambda x: x, x=(1, 3))

    case("slice_opset9",
         [N("Slice", "x", starts=[1, -3], ends=[HUGE, -1], axes=[1, 2])],
         lambda x: x[:, 1:, -3:-1], x=(1, 3, 4), opset=9)
    case("slice_opset9_no_axes",
         [N("Slice", "x", starts=[0, 1], ends=[1, 3])],
         lambda x: x[0:1, 1:3], x=(1, 3, 2), opset=9)

    def sl(name, starts, ends, axes, steps, index, dtype=np.int64):
        parts = {"b": starts, "e": ends, "a": axes, "s": steps}
        init = {k: np.array(v, dtype) for k, v in parts.items()
                if v is not None}
        names = " ".join(k if k in init else "_" for k in "beas")
        case(f"slice_{name}", [N("Slice", "x " + names.rstrip(" _"))],
             lambda x: np.asarray(x)[index], x=(1, 4, 5), init=init)
    sl("plain", [1], [3], [1], None, np.s_[:, 1:3])
    sl("no_axes", [0, 1, 2], [1, 3, 4], None, None, np.s_[:, 1:3, 2:4])
    sl("steps", [0], [4], [1], [2], np.s_[:, ::2])
    sl("steps_no_axes", [0, 0, 1], [1, 9, 5], None, [1, 3, 2],
       np.s_[:, ::3, 1:5:2])
    sl("reverse", [-1], [-HUGE - 1], [2], [-1], np.s_[:, :, ::-1])
    sl("reverse_part", [3], [0], [1], [-2], np.s_[:, 3:0:-2])
    sl("reverse_from_huge", [HUGE], [1], [2], [-1], np.s_[:, :, :1:-1])
    sl("huge_end", [1], [HUGE], [2], [1], np.s_[:, :, 1:])
    sl("below_start", [-100], [2], [2], None, np.s_[:, :, :2])
    sl("negative_axes", [1, -2], [HUGE, HUGE], [-2, -1], None,
       np.s_[:, 1:, -2:])
    sl("int32", [1], [2 ** 31 - 1], [2], [3], np.s_[:, :, 1::3], np.int32)

    def split(name, x, axis, sizes, opset, inputs="x", init=None, **a):
        names = " ".join(f"p{i}" for i in range(len(sizes)))
        order = " ".join(reversed(names.split()))
        case(f"split_{name}", [N("Split", inputs, names, axis=axis, **a),
                               N("Concat", order, axis=axis)],
             lambda v: both(v.split(list(sizes), axis)[::-1], axis), x=x,
             opset=opset, init=init)
    split("equal", (1, 4, 2), 1, (2, 2), 13)
    split("attr", (1, 5), 1, (2, 1, 2), 11, split=[2, 1, 2])
    split("input", (1, 5), 1, (1, 4), 13, "x s", {"s": ints(1, 4)})
    split("negative_axis", (1, 2, 6), -1, (3, 3), 13)
    split("num_outputs", (1, 6), 1, (2, 2, 2), 18, num_outputs=3)
    split("uneven", (1, 7), 1, (3, 3, 1), 18, num_outputs=3)
    case("split_one_used", [N("Split", "x", "a y", axis=1)],
         lambda v: v[:, 2:], x=(1, 4))


def padding():
    def pad(name, x, pads, axes=None, mode="constant", value=0.0, opset=13,
            **how):
        n = len(x)
        wide = [(0, 0)] * n
        for i, a in enumerate(range(n) if axes is None else axes):
            half = len(pads) // 2
            wide[a] = (pads[i], pads[half + i])

        def reference(v):
            v = np.asarray(v)
            cut = tuple(slice(max(-b, 0), v.shape[i] - max(-e, 0))
                        for i, (b, e) in enumerate(wide))
            grow = [(max(b, 0), max(e, 0)) for b, e in wide]
            more = {"constant_values": value} if mode == "constant" else {}
            return np.pad(v[cut], grow, mode, **more)
        node, init = N("Pad", "x p c", **how), {"p": ints(*pads),
                                                "c": np.array(value)}
        if opset < 11:
            node, init = N("Pad", "x", pads=pads, value=value, **how), {}
        elif axes is not None:
            node = N("Pad", "x p c a", **how)
            init["a"] = ints(*axes)
        elif value == 0:
            node = N("Pad", "x p", **how)
            del init["c"]
        if mode != "constant":
            node.attribute.append(helper.make_attribute("mode", mode))
        case(f"pad_{name}", [node], reference, x=x, opset=opset, init=init)
    pad("opset8", (1, 2, 3), [0, 1, 0, 0, 0, 2], opset=8, value=0.5)
    pad("opset10_default", (1, 3), [0, 1, 0, 1], opset=10)
    for opset in (11, 13, 18, 21):
        pad(f"opset{opset}", (1, 1, 2, 2), [0, 0, 1, 0, 0, 1, 0, 2],
            value=-0.75, opset=opset)
    pad("plain", (1, 3), [0, 2, 0, 1])
    pad("axes", (1, 1, 2, 3), [1, 0, 2, 1], axes=[2, -1], opset=18,
        value=1.5)
    pad("negative", (1, 4, 4), [0, -1, 1, 0, 2, -2])
    pad("batch", (1, 2), [1, 0, 1, 0])
    for mode in ("reflect", "edge"):
        for opset in (8, 11, 18):
            pad(f"{mode}_opset{opset}", (1, 1, 3, 4),
                [0, 0, 1, 2, 0, 0, 2, 0], mode=mode, opset=opset)
    pad("wrap", (1, 3, 4), [0, 1, 2, 0, 0, 1], mode="wrap", opset=19)
    pad("mode_spelled_out", (1, 3), [0, 1, 0, 1], **{"mode": "constant"})


def gather_expand():
    def gather(name, x, index, axis):
        index = np.array(index, np.int64)
        a = {} if axis is None else {"axis": axis}
        case(f"gather_{name}", [N("Gather", "x i", **a)],
             lambda v: np.take(np.asarray(v), index, axis or 0), x=x,
             init={"i": index})
    gather("axis1", (1, 4), [2, 0, 0], 1)
    gather("negative_index", (1, 4), [-1, 1], 1)
    gather("negative_axis", (1, 2, 3), [1], -1)
    gather("scalar", (1, 3, 2), 2, 1)
    gather("matrix", (1, 4), [[0, 1], [2, 3]], 1)
    gather("default_axis", (3, 2), [2, 0], None)
    case("gather_constant", [N("Gather", "C i", "c", axis=1), N("Add", "x c")],
         lambda x: x + T(w(2, 3))[:, [2, 0]], x=(1, 2),
         init={"C": w(2, 3), "i": ints(2, 0)})

    def expand(name, x, shape):
        case(f"expand_{name}", [N("Expand", "x s")],
             lambda v: np.asarray(v) * np.ones(shape), x=x,
             init={"s": ints(*shape)})
    expand("columns", (1, 1, 3), (1, 2, 3))
    expand("rank", (1, 3), (2, 1, 3))
    expand("keeps_larger", (1, 3), (4, 1))
    expand("nothing", (1, 3), (1, 1))


def integer_arithmetic():
    view = [N("Shape", "x", "a"), N("Gather", "a i", "b"),
            N("Unsqueeze", "b u", "c"), N("Concat", "c m", "d", axis=0),
            N("Reshape", "x d")]
    case("shape_view", view, lambda x: x.reshape(1, -1), x=("n", 2, 3),
         init={"i": np.array(0), "u": ints(0), "m": ints(-1)})
    case("shape_slice", [N("Shape", "x", "a", start=-2),
                         N("Concat", "m a", "d", axis=0),
                         N("Reshape", "x d")],
         lambda x: x.reshape(2, 3, 2), x=(1, 2, 3, 2), opset=15,
         init={"m": ints(-1)})
    case("shape_arithmetic",
         [N("Shape", "x", "a"), N("Gather", "a i", "b"),
          N("Mul", "b t", "c"), N("Sub", "c o", "d"), N("Add", "d o", "e"),
          N("Div", "e t", "f"), N("Unsqueeze", "f u", "g"),
          N("Concat", "g m", "h", axis=0), N("Reshape", "x h")],
         lambda x: x.reshape(3, -1), x=(1, 2, 3),
         init={"i": np.array(2), "t": np.array(2), "o": np.array(1),
               "u": ints(0), "m": ints(-1)})
    case("integer_division",
         [N("Div", "p q", "n"), N("Concat", "n m", "s", axis=0),
          N("Reshape", "x s")], lambda x: x.reshape(2, 3), x=(1, 6),
         init={"p": ints(5), "q": ints(2), "m": ints(3)})
    case("range_gather",
         [N("Range", "b e s", "i"), N("Gather", "x i", axis=1)],
         lambda x: x[:, [1, 3]], x=(1, 5),
         init={"b": np.array(1), "e": np.array(5), "s": np.array(2)})
    case("range_down",
         [N("Range", "b e s", "i"), N("Gather", "x i", axis=1)],
         lambda x: x[:, [3, 2, 1, 0]], x=(1, 5),
         init={"b": np.array(3), "e": np.array(-1), "s": np.array(-1)})
    case("range_float",
         [N("Range", "b e s", "r"), N("Mul", "x r")],
         lambda x: x * torch.tensor([0, .5, 1]), x=(1, 3),
         init={"b": np.array(0.0), "e": np.array(1.5), "s": np.array(0.5)})
    case("constantofshape_default",
         [N("ConstantOfShape", "s", "z"), N("Concat", "x z", axis=1)],
         lambda x: F.pad(x, (0, 2)), x=(1, 3), init={"s": ints(1, 2)})
    value = helper.make_tensor("v", TensorProto.FLOAT, [1], [0.75])
    case("constantofshape_float",
         [N("ConstantOfShape", "s", "z", value=value), N("Add", "x z")],
         lambda x: x + 0.75, x=(1, 3), init={"s": ints(3)})
    case("constantofshape_scalar",
         [N("ConstantOfShape", "s", "z", value=value), N("Mul", "x z")],
         lambda x: x * 0.75, x=(1, 3), init={"s": ints()})
    case("cast_shape_to_float",
         [N("Shape", "x", "a"), N("Gather", "a i", "b"),
          N("Cast", "b", "c", to=TensorProto.FLOAT), N("Div", "x c")],
         lambda x: x / 3, x=(1, 3), init={"i": np.array(1)})
    case("cast_float_to_int",
         [N("Cast", "f", "s", to=TensorProto.INT64), N("Reshape", "x s")],
         lambda x: x.reshape(3, 2), x=(1, 6),
         init={"f": np.array([3.75, 2.0])})
    case("cast_large_integer_to_float",
         [N("Cast", "s", "c", to=TensorProto.FLOAT), N("Add", "x c")],
         lambda v: v + 2.0 ** 24, x=(1, 3), init={"s": ints(2 ** 24 + 1)})
    case("cast_weight_from_double",
         [N("Cast", "W", "V", to=TensorProto.FLOAT), N("MatMul", "x V")],
         lambda x: x @ T(np.float32([[0.1, 0.2], [0.3, 0.4]]).astype(float)),
         x=(1, 2), init=[onnx.numpy_helper.from_array(
             np.array([[0.1, 0.2], [0.3, 0.4]]), "W")])
    case("fold_weights",
         [N("Transpose", "A", "B"), N("Mul", "B h", "C"),
          N("Sub", "C o", "D"), N("Neg", "D", "E"),
          N("Concat", "E B", "F", axis=0), N("Slice", "F b e", "G"),
          N("Unsqueeze", "G u", "H"), N("Squeeze", "H u", "I"),
          N("MatMul", "x I")],
         lambda x: x @ torch.cat([-(T(w(2, 3)).T * 0.5 - 1), T(w(2, 3)).T]
                                 )[1:5],
         x=(1, 4), init={"A": w(2, 3), "h": np.array(0.5),
                         "o": np.array([1.0, 1.0]), "b": ints(1),
                         "e": ints(5), "u": ints(0)})
    case("fold_division",
         [N("Div", "p q", "c"), N("Mul", "x c")],
         lambda x: x * (1.0 / 3.0), x=(1, 3), tolerance=1e-7,
         init={"p": np.array(1.0), "q": np.array(3.0)})
    case("expand_pattern",
         [N("Shape", "k", "n"), N("ConstantOfShape", "n", "o",
                                  value=helper.make_tensor(
                                      "v", TensorProto.INT64, [1], [1])),
          N("Mul", "o m", "p"), N("Equal", "k p", "q"),
          N("Where", "q o k", "r"), N("Expand", "x r")],
         lambda x: np.asarray(x) * np.ones((1, 4, 3)), x=(1, 1, 3),
         init={"k": ints(-1, 4, -1), "m": np.array(-1)})


class Lambda(nn.Module):
    def __init__(self, f):
        super().__init__()
        self.f = f

    def forward(self, x):
        return self.f(x)


def exported(name, module, x, opset, dynamic=(0,), **how):
    """What PyTorch's exporter writes for a module; float64 PyTorch is the
    reference."""
    if not isinstance(module, nn.Module):
        module = Lambda(module)
    module = module.eval()
    with torch.no_grad():
        for i, p in enumerate(module.parameters()):
            p.copy_(T(w(*p.shape, seed=i)))
        for b in module.buffers():
            if b.dtype == torch.float32:
                b.copy_(T(w(*b.shape, seed=9, low=1)))
        data = io.BytesIO()
        axes = {"x": {a: f"d{a}" for a in dynamic}} if dynamic else None
        torch.onnx.export(module, torch.zeros(x), data, opset_version=opset,
                          input_names=["x"], output_names=["y"],
                          dynamic_axes=axes, **how)
        made = onnx.load_from_string(data.getvalue())
        for node in made.graph.node:
            node.doc_string = ""
        module = module.double()
        case(f"torch_{name}_opset{opset}", None,
             lambda v: module(v).detach(), x=x, rows=2, made=made,
             tolerance=4e-12)


def torch_exports():
    for opset in (9, 11, 13, 16):
        exported("view", lambda x: x.view(x.size(0), -1) * 2, (1, 2, 3),
                 opset)
        exported("pad", lambda x: F.pad(x, (1, 0, 2, 1)), (1, 1, 2, 2),
                 opset)
        exported("reflect", nn.ReflectionPad2d((1, 2, 0, 1)), (1, 1, 3, 3),
                 opset)
        exported("upsample", nn.Upsample(scale_factor=2), (1, 1, 2, 3), opset)
        if opset > 9:
            exported("interpolate",
                     lambda x: F.interpolate(x, size=(3, 5)), (1, 1, 2, 3),
                     opset)
        exported("bn", nn.Sequential(nn.Conv2d(1, 2, 2), nn.BatchNorm2d(2)),
                 (1, 1, 3, 3), opset,
                 training=torch.onnx.TrainingMode.PRESERVE)
        exported("clamp", lambda x: x.clamp(-1, 0.5) + x.clamp(min=0.25),
                 (1, 3), opset)
        exported("mean", lambda x: x.mean((2, 3)), (1, 2, 2, 2), opset)
        exported("slice", lambda x: x[:, 1:, 2:] - x[:, :-1, 0:2],
                 (1, 3, 4), opset)
        exported("chunk", lambda x: torch.cat(x.chunk(2, 1)[::-1], 1),
                 (1, 4), opset)
    opset = 13
    exported("expand", lambda x: x.expand(-1, 4, -1) + 1, (1, 1, 3), opset)
    exported("view_channels",
             lambda x: x.view(x.shape[0], 2, x.shape[1] // 2, -1
                              ).transpose(1, 2).reshape(x.shape), (1, 4, 3),
             opset)
    exported("view_all_dynamic", lambda x: x.view(x.size(0), -1),
             (1, 2, 3), opset, dynamic=())
    exported("flip", lambda x: x.flip(-1), (1, 3), opset)
    exported("stack", lambda x: torch.stack([x, -x], 1), (1, 3), opset)
    exported("index", lambda x: x[:, torch.tensor([2, 0])], (1, 3), opset)
    exported("arange", lambda x: x + torch.arange(3), (1, 3), opset)
    exported("amax", lambda x: x.amax(-1), (1, 2, 3), opset)
    exported("maximum", lambda x: torch.maximum(x, -x.flip(1)), (1, 3), opset)
    exported("max_dim", lambda x: x.max(1).values, (1, 3, 2), opset)
    exported("avgpool_pad", nn.AvgPool2d(3, 2, 1), (1, 1, 4, 4), opset)
    exported("avgpool_ceil", nn.AvgPool2d(2, 2, ceil_mode=True),
             (1, 1, 5, 5), opset)
    exported("maxpool_ceil", nn.MaxPool2d(2, 2, ceil_mode=True),
             (1, 1, 5, 5), opset)
    exported("adaptive", nn.AdaptiveAvgPool2d(1), (1, 2, 2, 3), opset)
    exported("adaptive_max", nn.AdaptiveMaxPool2d(2), (1, 1, 4, 4), opset)
    exported("conv_transpose", nn.ConvTranspose2d(2, 1, 3, 2, 1, 1),
             (1, 2, 2, 2), opset)
    exported("hardtanh", nn.Sequential(nn.Linear(2, 3), nn.Hardtanh(),
                                          nn.Dropout(), nn.ReLU6()),
             (1, 2), opset)
    exported("linear_3d", nn.Linear(3, 2), (1, 2, 3), opset)
    exported("prelu", nn.Sequential(nn.Linear(2, 3), nn.PReLU(3)), (1, 2),
             opset)


def make():
    torch.manual_seed(0)
    reshape_like()
    concat_slice_split()
    padding()
    gather_expand()
    integer_arithmetic()
    torch_exports()
