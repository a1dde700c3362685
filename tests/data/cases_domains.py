"""Cases of operators outside the standard set: ai.onnx.ml and com.microsoft."""
import numpy as np
import torch
import torch.nn.functional as F

import corpus
from corpus import N, ints, w

T = torch.from_numpy
ML, MS = [("ai.onnx.ml", 2)], [("com.microsoft", 1)]


def case(*positional, **named):
    """All parameters of these networks are exact."""
    corpus.case(*positional, rounded=0, **named)


def learning():
    case("ml_scaler", [N("Scaler", "x", domain="ai.onnx.ml",
                         offset=[1.0, -2.0, 0.5], scale=[0.5, 2.0, -1.0])],
         lambda v: (v - T(np.array([1, -2, 0.5]))) * T(
             np.array([0.5, 2, -1])), x=(2, 3), domains=ML)
    case("ml_scaler_one", [N("Scaler", "x", domain="ai.onnx.ml",
                             offset=[1.0], scale=[0.25])],
         lambda v: (v - 1) * 0.25, x=(2, 3), domains=ML)
    c, b = w(2, 3), w(2)
    case("ml_regressor",
         [N("LinearRegressor", "x", domain="ai.onnx.ml", targets=2,
            coefficients=c.ravel().tolist(), intercepts=b.tolist())],
         lambda v: v @ T(c).T + T(b), x=(2, 3), domains=ML)
    case("ml_features", [N("ArrayFeatureExtractor", "x i",
                           domain="ai.onnx.ml")],
         lambda v: v[:, [2, 0]], x=(2, 3), init={"i": ints(2, 0)}, domains=ML)


def products():
    case("fused_matmul", [N("FusedMatMul", "x w", domain="com.microsoft",
                            transA=1, transB=1, alpha=0.5)],
         lambda v: 0.5 * v.transpose(1, 2) @ T(w(4, 2)).T, x=(2, 2, 3),
         init={"w": w(4, 2)}, domains=MS)
    # The axes of the stack between those of the matrices, as onnxruntime has
    # it: [M, stack, K], or [K, stack, M] with transA.
    for a, b, turn_a, turn_b in ((1, 0, 0, 0), (0, 1, 0, 0), (1, 1, 1, 0),
                                 (1, 0, 0, 1), (0, 1, 1, 1), (1, 1, 1, 1)):
        letters = {(0, 0): "bcij", (0, 1): "bcji", (1, 0): "ibcj",
                   (1, 1): "jbci"}
        left = letters[a, turn_a]
        right = letters[b, turn_b].replace("j", "k").replace("i", "j")
        sizes = dict(b=2, c=3, i=4, j=2, k=3)
        x, c = ([sizes[k] for k in axes] for axes in (left, right))
        how = dict(transBatchA=a, transBatchB=b, transA=turn_a, transB=turn_b)
        case(f"fused_matmul_stack_{a}{b}{turn_a}{turn_b}",
             [N("FusedMatMul", "x w", domain="com.microsoft", alpha=-1.5,
                **how)],
             lambda v, e=f"{left},{right}->bcik", c=c: -1.5 * torch.einsum(
                 e, v, T(w(*c))), x=x, init={"w": w(*c)}, domains=MS)
    case("fused_gemm", [N("FusedGemm", "x w b", domain="com.microsoft",
                          transB=1, beta=0.5, activation="LeakyRelu",
                          activation_alpha=0.25)],
         lambda v: F.leaky_relu(v @ T(w(4, 3)).T + 0.5 * T(w(4)), 0.25),
         x=(2, 3), init={"w": w(4, 3), "b": w(4)}, domains=MS)


def convolutions():
    for name, params, f in (
            ("Relu", [], F.relu), ("LeakyRelu", [0.25],
                                   lambda v: F.leaky_relu(v, 0.25)),
            ("Clip", [-0.5, 1.0], lambda v: v.clamp(-0.5, 1)),
            ("HardSigmoid", [0.25, 0.5],
             lambda v: (v * 0.25 + 0.5).clamp(0, 1))):
        more = {"activation_params": params} if params else {}
        case(f"fused_conv_{name.lower()}",
             [N("FusedConv", "x w b x", domain="com.microsoft", pads=[1] * 4,
                activation=name, **more)],
             lambda v, f=f: f(F.conv2d(v, T(w(2, 2, 3, 3)), T(w(2)),
                                       padding=1) + v), x=(1, 2, 3, 3),
             init={"w": w(2, 2, 3, 3), "b": w(2)}, domains=MS)


def make():
    for part in (learning, products, convolutions):
        part()
