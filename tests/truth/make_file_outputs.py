#!/usr/bin/python3
"""Makes file_outputs.json: float64 outputs of the networks whose .npz holds
what PyTorch computed with other parameters than the file's.  (The exporter
rounds slopes such as 0.1 and folds BatchNormalization in float32; y64 is from
before that.)  Here PyTorch computes with the file's own numbers.

Needs python3-onnx and python3-torch.
"""
import json
import pathlib
import sys

import numpy as np
import onnx
import torch
import torch.nn.functional as F
from onnx import helper, numpy_helper

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "data"))
from networks import network  # noqa: E402

NAMES = ("digits_prelu_hsig", "digits_resnet", "digits_resnet_bn",
         "digits_mixedact", "zoo/leaky_celu_prelu", "zoo/clip_relu1_hardsig")
ROWS = 8


def symmetric(pads):
    half = len(pads) // 2
    assert list(pads[:half]) == list(pads[half:])
    return list(pads[:half])


def conv(a, x, w, b=None):
    return F.conv2d(x, w, b, a.get("strides", 1),
                    symmetric(a.get("pads", [0] * 4)),
                    a.get("dilations", 1), a.get("group", 1))


def gemm(a, x, w, c):
    assert a.get("alpha", 1.0) == a.get("beta", 1.0) == 1.0
    return x @ (w.T if a.get("transB") else w) + c


def pad(a, x, pads, value=None):
    half = len(pads) // 2
    flat = [int(p) for i in reversed(range(half))
            for p in (pads[i], pads[half + i])]
    return F.pad(x, flat, value=0.0 if value is None else float(value))


def average_pool(a, x):
    assert not a.get("ceil_mode")
    return F.avg_pool2d(x, a["kernel_shape"], a["strides"],
                        symmetric(a.get("pads", [0] * 4)),
                        count_include_pad=bool(a.get("count_include_pad")))


OPERATORS = {
    "Conv": conv, "Gemm": gemm, "Pad": pad, "AveragePool": average_pool,
    "Relu": lambda a, x: x.relu(),
    "LeakyRelu": lambda a, x: torch.where(x < 0, a["alpha"] * x, x),
    "PRelu": lambda a, x, s: torch.where(x < 0, s * x, x),
    "HardSigmoid": lambda a, x: (a["alpha"] * x + a.get("beta", 0.5)).clamp(
        0, 1),
    "Clip": lambda a, x, lo, hi: x.clamp(float(lo), float(hi)),
    "Add": lambda a, x, y: x + y,
    "Flatten": lambda a, x: x.flatten(1),
    "GlobalAveragePool": lambda a, x: x.mean((2, 3), keepdim=True),
    "BatchNormalization": lambda a, x, g, b, m, v: F.batch_norm(
        x, m, v, g, b, eps=a["epsilon"]),
}


def evaluate(graph, x):
    values = {t.name: torch.from_numpy(numpy_helper.to_array(t).copy())
              for t in graph.initializer}
    values = {k: v.double() if v.is_floating_point() else v
              for k, v in values.items()}
    values[next(i.name for i in graph.input if i.name not in values)] = x
    for node in graph.node:
        a = {i.name: helper.get_attribute_value(i) for i in node.attribute}
        if node.op_type == "Constant":
            value = torch.from_numpy(numpy_helper.to_array(a["value"]).copy())
            result = value.double() if value.is_floating_point() else value
        else:
            result = OPERATORS[node.op_type](
                a, *(values[i] if i else None for i in node.input))
        values[node.output[0]] = result
    return values[graph.output[0].name]


def main():
    found = {}
    for name in NAMES:
        data = np.load(network(f"{name}.npz"))
        x = torch.from_numpy(data["x"][:ROWS]).double()
        y = evaluate(onnx.load(network(f"{name}.onnx")).graph, x)
        off = abs(y.numpy() - data["y64"][:ROWS]).max()
        print(f"{name}: {off:.1e} from y64")
        found[name] = y.tolist()
    text = json.dumps(found).replace("], ", "],\n ")
    (HERE / "file_outputs.json").write_text(text + "\n")


if __name__ == "__main__":
    main()
