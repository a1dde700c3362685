"""Cases of the operators that are affine: products, convolutions, sums,
normalisation."""
import numpy as np
import torch
import torch.nn.functional as F

from corpus import N, case, f32, w

T = torch.from_numpy
CONV = {1: F.conv1d, 2: F.conv2d, 3: F.conv3d}
CONV_T = {1: F.conv_transpose1d, 2: F.conv_transpose2d, 3: F.conv_transpose3d}


def gemm():
    W, V, b = w(3, 4), w(4, 3), w(4, seed=1)
    case("gemm_plain", [N("Gemm", "x W b")], lambda x: x @ T(W) + T(b),
         x=(1, 3), init={"W": W, "b": b})
    case("gemm_trans_b", [N("Gemm", "x V b", transB=1)],
         lambda x: x @ T(V).T + T(b), x=(1, 3), init={"V": V, "b": b})
    case("gemm_no_c", [N("Gemm", "x W")], lambda x: x @ T(W), x=(1, 3),
         init={"W": W})
    case("gemm_alpha_beta", [N("Gemm", "x W b", alpha=0.5, beta=-3.0)],
         lambda x: 0.5 * (x @ T(W)) - 3 * T(b), x=(1, 3),
         init={"W": W, "b": b})
    case("gemm_inexact_alpha", [N("Gemm", "x W b", alpha=0.1, beta=0.3)],
         lambda x: f32(0.1) * (x @ T(W)) + f32(0.3) * T(b), x=(1, 3),
         init={"W": W, "b": b})
    case("gemm_beta_zero", [N("Gemm", "x W b", beta=0.0)],
         lambda x: x @ T(W), x=(1, 3), init={"W": W, "b": b})
    U = w(1, 4, seed=2)
    case("gemm_trans_a", [N("Gemm", "x U", transA=1)], lambda x: x.T @ T(U),
         x=(1, 3), init={"U": U})
    A, B = w(4, 1, seed=3), w(1, 4, seed=4)
    case("gemm_left_constant", [N("Gemm", "A x")], lambda x: T(A) @ x,
         x=(1, 3), init={"A": A})
    case("gemm_left_constant_trans_a", [N("Gemm", "B x b", transA=1)],
         lambda x: T(B).T @ x + T(w(4, 1)), x=(1, 3),
         init={"B": B, "b": w(4, 1)})
    case("gemm_left_constant_trans_b", [N("Gemm", "A x", transB=1)],
         lambda x: T(w(2, 3)) @ x.T, x=(1, 3), init={"A": w(2, 3)})
    for tag, shape in (("scalar", ()), ("1", (1,)), ("row", (4,)),
                       ("1xn", (1, 4)), ("mx1", (2, 1)), ("mxn", (2, 4)),
                       ("1x1", (1, 1))):
        c = np.asarray(w(*shape, seed=5))
        case(f"gemm_c_{tag}",
             [N("Reshape", "x s", "h"), N("Gemm", "h W c")],
             lambda x, c=c: x.reshape(2, 3) @ T(W) + T(c), x=(1, 6),
             init={"W": W, "c": c, "s": np.array([2, 3])})
    K = w(1, 3, seed=6)
    case("gemm_variable_c", [N("Gemm", "K W x", beta=2.0)],
         lambda x: T(K) @ T(W) + 2 * x, x=(1, 4), init={"K": K, "W": W})
    case("gemm_two_variables",
         [N("Relu", "x", "h"), N("Gemm", "x W h", beta=0.5)],
         lambda x: x @ T(w(3, 3)) + 0.5 * x.relu(), x=(1, 3),
         init={"W": w(3, 3)})


def matmul():
    def mm(name, x, W, left=False):
        case(f"matmul_{name}", [N("MatMul", "W x" if left else "x W")],
             lambda v: np.matmul(W, v) if left else np.matmul(v, W), x=x,
             init={"W": W})
    mm("rank2", (1, 3), w(3, 4))
    mm("rank3_shared", (1, 2, 3), w(3, 4))
    mm("rank3_batched", (1, 2, 3), w(1, 3, 4))
    mm("rank3_grows", (1, 2, 3), w(2, 3, 4))
    mm("rank4_broadcast", (1, 1, 2, 3), w(2, 3, 2))
    mm("rank4_heads", (1, 2, 2, 3), w(2, 3, 2, seed=1))
    mm("left_rank2", (1, 3), w(4, 1), left=True)
    mm("left_rank3", (1, 3, 2), w(4, 3), left=True)
    mm("left_batched", (1, 2, 3, 2), w(2, 4, 3), left=True)
    mm("vector_right", (1, 3), w(3))
    mm("vector_left", (3, 2), w(3), left=True)
    mm("input_vector", (3,), w(3, 4))
    mm("input_vector_left", (3,), w(4, 3), left=True)
    mm("dot", (3,), w(3, seed=1))
    case("matmul_add", [N("MatMul", "x W", "h"), N("Add", "b h")],
         lambda x: x @ T(w(3, 4)) + T(w(4)), x=(1, 3),
         init={"W": w(3, 4), "b": w(4)})
    case("matmul_transposed_weight",
         [N("Transpose", "W", "V"), N("MatMul", "x V")],
         lambda x: x @ T(w(4, 3)).T, x=(1, 3), init={"W": w(4, 3)})


def same_pads(size, kernel, stride, dilation, upper):
    begin, end = [], []
    for n, k, s, d in zip(size, kernel, stride, dilation):
        total = max((-(-n // s) - 1) * s + (k - 1) * d + 1 - n, 0)
        begin.append(total // 2 if upper else total - total // 2)
        end.append(total - begin[-1])
    return begin + end


def pad_zeros(x, pads):
    n = len(pads) // 2
    flat = [p for i in reversed(range(n)) for p in (pads[i], pads[n + i])]
    return F.pad(x, flat)


def conv_case(name, x, weight, bias=True, opset=13, **a):
    n = len(x) - 2
    stride = a.get("strides", [1] * n)
    dilation = a.get("dilations", [1] * n)
    pads = a.get("pads", [0] * 2 * n)
    if a.get("auto_pad", "NOTSET").startswith("SAME"):
        pads = same_pads(x[2:], weight[2:], stride, dilation,
                         a["auto_pad"] == "SAME_UPPER")
    W, b = w(*weight), w(weight[0], seed=1) if bias else None

    def reference(v):
        return CONV[n](pad_zeros(v, pads), T(W), T(b) if bias else None,
                       stride, 0, dilation, a.get("group", 1))
    init = {"W": W, "b": b} if bias else {"W": W}
    case(f"conv_{name}", [N("Conv", "x W b" if bias else "x W", **a)],
         reference, x=x, init=init, rows=2, opset=opset)


def conv():
    conv_case("1d", (1, 2, 6), (3, 2, 3))
    conv_case("1d_stride_pad", (1, 2, 7), (2, 2, 3), strides=[2],
              pads=[1, 1])
    conv_case("1d_asymmetric", (1, 1, 6), (2, 1, 3), pads=[2, 1])
    conv_case("2d", (1, 1, 4, 4), (2, 1, 3, 3), kernel_shape=[3, 3])
    conv_case("2d_channels", (1, 3, 4, 5), (2, 3, 2, 3))
    conv_case("2d_no_bias", (1, 2, 4, 4), (2, 2, 3, 3), bias=False)
    conv_case("2d_1x1", (1, 3, 3, 2), (2, 3, 1, 1))
    conv_case("2d_stride", (1, 1, 6, 5), (2, 1, 3, 2), strides=[2, 3])
    conv_case("2d_dilation", (1, 1, 6, 5), (1, 1, 3, 2), dilations=[2, 3])
    conv_case("2d_pads", (1, 1, 4, 4), (1, 1, 3, 3), pads=[1, 1, 1, 1])
    conv_case("2d_asymmetric_pads", (1, 1, 4, 4), (1, 1, 3, 3),
              pads=[0, 2, 1, 3])
    conv_case("2d_groups", (1, 4, 3, 3), (2, 2, 2, 2), group=2)
    conv_case("2d_groups_many_filters", (1, 4, 3, 3), (6, 2, 2, 2), group=2)
    conv_case("2d_depthwise", (1, 3, 4, 4), (3, 1, 3, 3), group=3)
    conv_case("2d_depthwise_multiplier", (1, 2, 4, 4), (4, 1, 3, 3), group=2)
    conv_case("2d_all_together", (1, 4, 7, 6), (4, 2, 3, 2), group=2,
              strides=[2, 1], dilations=[2, 2], pads=[1, 0, 2, 1])
    conv_case("2d_whole_image", (1, 1, 3, 4), (2, 1, 3, 4))
    conv_case("3d", (1, 1, 3, 3, 3), (2, 1, 2, 2, 2))
    conv_case("3d_all_together", (1, 2, 4, 3, 5), (2, 1, 2, 3, 2), group=2,
              strides=[1, 2, 3], dilations=[2, 1, 1],
              pads=[1, 1, 0, 0, 1, 2])
    for mode in ("SAME_UPPER", "SAME_LOWER", "VALID", "NOTSET"):
        conv_case(f"2d_{mode.lower()}", (1, 1, 5, 4), (1, 1, 2, 4),
                  auto_pad=mode)
    for mode in ("SAME_UPPER", "SAME_LOWER"):
        conv_case(f"2d_{mode.lower()}_stride", (1, 1, 6, 5), (1, 1, 3, 4),
                  auto_pad=mode, strides=[2, 3])
        conv_case(f"1d_{mode.lower()}_dilation", (1, 1, 6), (1, 1, 2),
                  auto_pad=mode, dilations=[3])
    conv_case("2d_same_upper_one_cut", (1, 1, 6, 8), (1, 1, 1, 2),
              auto_pad="SAME_UPPER", strides=[2, 3])
    conv_case("3d_same_upper", (1, 1, 3, 2, 4), (1, 1, 2, 2, 3),
              auto_pad="SAME_UPPER")
    conv_case("2d_opset8", (1, 1, 4, 4), (2, 1, 3, 3), opset=8)
    conv_case("2d_opset22", (1, 1, 4, 4), (2, 1, 3, 3), opset=22)


def conv_transpose_case(name, x, weight, bias=True, **a):
    n = len(x) - 2
    stride = a.get("strides", [1] * n)
    dilation = a.get("dilations", [1] * n)
    extra = a.get("output_padding", [0] * n)
    full = [s * (i - 1) + (k - 1) * d + 1 + e for s, i, k, d, e in
            zip(stride, x[2:], weight[2:], dilation, extra)]
    mode = a.get("auto_pad", "NOTSET")
    if "output_shape" in a or mode.startswith("SAME"):
        size = a.get("output_shape", [i * s for i, s in zip(x[2:], stride)])
        total = [f - o for f, o in zip(full, size)]
        half = [t // 2 for t in total]
        rest = [t - h for t, h in zip(total, half)]
        pads = half + rest if mode == "SAME_UPPER" else rest + half
    else:
        pads = a.get("pads", [0] * 2 * n)
    group = a.get("group", 1)
    W = w(*weight)
    b = w(weight[1] * group, seed=1) if bias else np.zeros(weight[1] * group)

    def reference(v):
        y = CONV_T[n](v, T(W), None, stride, 0, 0, group, dilation)
        crop = [-p for p in pads]
        crop[n:] = [c + e for c, e in zip(crop[n:], extra)]
        return pad_zeros(y, crop) + T(b).reshape([-1] + [1] * n)
    init = {"W": W, "b": b} if bias else {"W": W}
    case(f"convtranspose_{name}",
         [N("ConvTranspose", "x W b" if bias else "x W", **a)], reference,
         x=x, init=init, rows=2)


def conv_transpose():
    c = conv_transpose_case
    c("1d", (1, 2, 4), (2, 3, 3))
    c("2d", (1, 1, 3, 3), (1, 2, 2, 2), bias=False)
    c("2d_stride", (1, 2, 2, 3), (2, 1, 2, 2), strides=[2, 2])
    c("2d_gap", (1, 1, 2, 2), (1, 1, 2, 2), strides=[3, 3])
    c("2d_pads", (1, 1, 3, 3), (1, 1, 3, 3), strides=[2, 2],
      pads=[1, 1, 1, 1])
    c("2d_asymmetric_pads", (1, 1, 3, 3), (1, 1, 3, 3), strides=[2, 1],
      pads=[0, 1, 2, 0])
    c("2d_output_padding", (1, 1, 3, 2), (1, 2, 3, 3), strides=[2, 2],
      pads=[1, 1, 1, 1], output_padding=[1, 1])
    c("2d_dilation", (1, 1, 3, 3), (1, 1, 2, 2), dilations=[2, 3])
    c("2d_groups", (1, 4, 2, 2), (4, 1, 2, 2), group=2, strides=[2, 2])
    c("2d_output_shape", (1, 1, 3, 3), (1, 1, 3, 3), strides=[2, 2],
      output_shape=[5, 5])
    c("2d_output_shape_upper", (1, 1, 3, 3), (1, 1, 3, 3), strides=[2, 2],
      output_shape=[6, 6], auto_pad="SAME_UPPER")
    c("2d_same_upper", (1, 1, 3, 3), (1, 1, 3, 3), strides=[2, 2],
      auto_pad="SAME_UPPER")
    c("2d_same_lower", (1, 1, 3, 3), (1, 1, 3, 3), strides=[2, 2],
      auto_pad="SAME_LOWER")
    c("3d", (1, 1, 2, 2, 2), (1, 2, 2, 1, 2), strides=[2, 1, 1])


def arithmetic():
    c3, chan = w(3), w(2, 1, 1)
    nz = np.array([0.5, -2.0, 3.0])
    for op, f in (("Add", lambda a, b: a + b), ("Sub", lambda a, b: a - b),
                  ("Mul", lambda a, b: a * b)):
        for tag, c in (("row", c3), ("scalar", np.array(1.5)),
                       ("grow", w(2, 3)), ("grow_rank", w(2, 1, 3))):
            case(f"{op.lower()}_{tag}_right", [N(op, "x c")],
                 lambda x, f=f, c=c: f(x, T(c)), x=(1, 3), init={"c": c})
            case(f"{op.lower()}_{tag}_left", [N(op, "c x")],
                 lambda x, f=f, c=c: f(T(c), x), x=(1, 3), init={"c": c})
        case(f"{op.lower()}_channels", [N(op, "x c")],
             lambda x, f=f: f(x, T(chan)), x=(1, 2, 2, 3), init={"c": chan})
    case("div_row", [N("Div", "x c")], lambda x: x / T(nz), x=(1, 3),
         init={"c": nz})
    case("div_scalar", [N("Div", "x c")], lambda x: x / 7, x=(1, 3),
         init={"c": np.array(7.0)})
    case("div_grow", [N("Div", "x c")], lambda x: x / T(nz.reshape(3, 1)),
         x=(1, 2), init={"c": nz.reshape(3, 1)})
    case("mul_zero", [N("Mul", "x c")], lambda x: 0 * x, x=(1, 3),
         init={"c": np.array(0.0)})
    case("mul_tiny", [N("Mul", "x c", "h"), N("Mul", "h d")], lambda x: x,
         x=(1, 3), init={"c": np.array(2.0 ** -40), "d": np.array(2.0 ** 40)})
    case("neg", [N("Neg", "x")], lambda x: -x, x=(1, 3))
    relu = N("Relu", "x", "h")
    case("add_branches", [relu, N("Add", "x h")], lambda x: x + x.relu(),
         x=(1, 3))
    case("sub_branches", [relu, N("Sub", "x h")], lambda x: x - x.relu(),
         x=(1, 3))
    case("sub_itself", [N("Sub", "x x")], lambda x: 0 * x, x=(1, 3))
    case("add_itself", [N("Add", "x x")], lambda x: 2 * x, x=(1, 3))
    case("add_branches_broadcast",
         [N("GlobalAveragePool", "x", "h"), N("Add", "h x")],
         lambda x: x + x.mean((2, 3), keepdim=True), x=(1, 2, 2, 4))
    case("sub_branches_broadcast",
         [N("Transpose", "x", "h", perm=[0, 2, 1]), N("Sub", "x h")],
         lambda x: x - x.transpose(1, 2), x=(1, 1, 3))
    case("sum_1", [N("Sum", "x")], lambda x: x, x=(1, 3))
    case("sum_2_constant", [N("Sum", "c x")], lambda x: x + T(c3), x=(1, 3),
         init={"c": c3})
    case("sum_3", [relu, N("Neg", "h", "n"), N("Sum", "x h n")],
         lambda x: x, x=(1, 3))
    case("sum_broadcast", [relu, N("Sum", "x c h")],
         lambda x: x + T(w(2, 1)) + x.relu(), x=(1, 3),
         init={"c": w(2, 1)})


def batch_norm():
    for rank, x in ((2, (1, 3)), (3, (1, 3, 2)), (4, (1, 3, 2, 2)),
                    (5, (1, 3, 2, 1, 2))):
        for opset in (8, 9, 14, 15):
            if rank not in (2, 4) and opset != 15:
                continue
            eps = {8: None, 9: 0.125, 14: 1e-5, 15: 0.001}[opset]
            g, b, m, v = w(3), w(3, seed=1), w(3, seed=2), w(
                3, seed=3, low=1, high=17)
            a = {} if eps is None else {"epsilon": eps}
            case(f"batchnorm_rank{rank}_opset{opset}",
                 [N("BatchNormalization", "x g b m v", **a)],
                 lambda x, e=f32(eps or 1e-5), p=(g, b, m, v): F.batch_norm(
                     x, T(p[2]), T(p[3]), T(p[0]), T(p[1]), eps=e),
                 x=x, opset=opset, init={"g": g, "b": b, "m": m, "v": v},
                 tolerance=4e-12)
    g, b, m, v = w(2), w(2, seed=1), w(2, seed=2), w(2, low=1, seed=3)
    case("batchnorm_after_conv",
         [N("Conv", "x W", "h"), N("BatchNormalization", "h g b m v", "k"),
          N("Relu", "k")],
         lambda x: F.batch_norm(F.conv2d(x, T(w(2, 1, 2, 2))), T(m), T(v),
                                T(g), T(b), eps=f32(1e-5)).relu(),
         x=(1, 1, 3, 3), tolerance=4e-12, opset=15,
         init={"W": w(2, 1, 2, 2), "g": g, "b": b, "m": m, "v": v})


def make():
    gemm()
    matmul()
    conv()
    conv_transpose()
    arithmetic()
    batch_norm()
