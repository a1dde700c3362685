#!/usr/bin/python3
"""Makes tests/data/twins/: NAME.onnx and expected.json with, for each NAME, the
number of regions on all of R^n.  The number is a formula, or the string "NAME2"
of a network of plain operators that cuts the same regions.

Needs python3-onnx of Debian 12; every run makes the same bytes.
"""
import json
import math
import pathlib

import numpy as np

from corpus import N, ints, model, w

TWINS = {}


def twin(name, nodes, expected, init=None, x=(1, 2), opset=17):
    made = model(nodes, {"x": list(x)}, {"y": None}, init or {}, opset=opset)
    TWINS[name] = (made.SerializeToString(), expected)


def layers(name, nodes, expected, constants=(), hidden=6):
    """A network of two inputs with `nodes` from p to q in the middle, then a
    further layer of ReLU."""
    known = {"z": np.array(0.0), "o": np.array(1.0), "h": np.array(0.5),
             "m": np.array(-0.5), "t": np.array(0.1)}
    used = {i for node in nodes for i in node.input}
    out = {k: v for k, v in known.items() if k in used}
    before = [N("Gemm", "x A b", "p", transB=1)]
    after = [N("Gemm", "q C d", "u", transB=1), N("Relu", "u")]
    twin(name, before + nodes + after, expected,
         {**out, "A": w(hidden, 2, seed=7), "b": w(hidden, seed=8),
          "C": w(3, hidden, seed=9), "d": w(3, seed=10)})


def idioms():
    cast = lambda i, o: N("Cast", i, o, to=1)
    layers("relu", [N("Relu", "p", "q")], None)
    layers("leaky", [N("LeakyRelu", "p", "q", alpha=0.1)], None)
    layers("abs", [N("Abs", "p", "q")], None)
    layers("clip", [N("Clip", "p m o", "q")], None)
    layers("shrink", [N("Neg", "p", "n"), N("Sub", "p h", "r"),
                      N("Relu", "r", "a"), N("Sub", "n h", "s"),
                      N("Relu", "s", "c"), N("Sub", "a c", "q")], None)
    less, greater = N("Less", "p z", "g"), N("Greater", "p z", "g")
    layers("where_relu", [less, N("Where", "g z p", "q")], "relu")
    layers("mask_relu", [greater, cast("g", "f"), N("Mul", "p f", "q")],
           "relu")
    layers("where_leaky", [greater, N("Mul", "p t", "l"),
                           N("Where", "g p l", "q")], "leaky")
    layers("sign_abs", [N("Sign", "p", "s"), N("Mul", "s p", "q")], "abs")
    layers("where_clip", [N("Greater", "p o", "g"), N("Where", "g o p", "e"),
                          N("Less", "p m", "l"), N("Where", "l m e", "q")],
           "clip")
    layers("mask_clip", [N("Less", "p o", "a"), N("Greater", "p m", "e"),
                         N("And", "a e", "f"), cast("f", "g"),
                         N("Mul", "g p", "r"), N("Not", "a", "i"),
                         cast("i", "j"), N("Not", "e", "k"), cast("k", "l"),
                         N("Mul", "l m", "n"), N("Add", "r j", "s"),
                         N("Add", "s n", "q")], "clip")
    layers("soft_shrink", [N("Shrink", "p", "q", lambd=0.5, bias=0.5)],
           "shrink")
    layers("max_with_half", [N("Mul", "p h", "l"), N("Max", "p l", "q")], None)
    layers("where_max", [N("Mul", "p h", "l"), N("Greater", "p l", "g"),
                         N("Where", "g p l", "q")], "max_with_half")


def sorts():
    """Generic x_i: the regions are the orders of what is sorted."""
    for n in (2, 3, 4, 5):
        twin(f"sort_{n}", [N("TopK", "x k", "y i")], math.factorial(n),
             {"k": ints(n)}, (1, n))
        twin(f"sort_rising_{n}", [N("TopK", "x k", "y i", largest=0)],
             math.factorial(n), {"k": ints(n)}, (1, n))
    for n, k in ((4, 1), (4, 2), (4, 3), (5, 2), (5, 3), (6, 2)):
        twin(f"top_{k}_of_{n}", [N("TopK", "x k", "y i")],
             math.perm(n, k), {"k": ints(k)}, (1, n))
    twin("groupsort_3_pairs", [N("Reshape", "x s", "g"),
                               N("TopK", "g k", "y i")], 2 ** 3,
         {"s": ints(3, 2), "k": ints(2)}, (1, 6))
    twin("reducel1", [N("ReduceL1", "x")], 2 ** 4, x=(1, 4))
    twin("padded_maxpool", [N("Pad", "x p v", "q"),
                            N("MaxPool", "q", kernel_shape=[2])], 2,
         {"p": ints(0, 0, 1, 0, 0, 1), "v": np.array(-np.inf)}, (1, 1, 2))


def recurrence():
    W, R, B = w(1, 2, 2, seed=1), w(1, 2, 2, seed=2), w(1, 4, seed=3)
    twin("rnn", [N("RNN", "x W R B", "_ y", hidden_size=2,
                   activations=["Relu"])], "rnn_plain",
         {"W": W, "R": R, "B": B}, (2, 1, 2))
    twin("rnn_plain", [N("Gather", "x a", "x0", axis=0),
                       N("Gather", "x c", "x1", axis=0),
                       N("Gemm", "x0 W d", "p", transB=1),
                       N("Relu", "p", "h"), N("Gemm", "x1 W d", "s", transB=1),
                       N("Gemm", "h R s", "u", transB=1), N("Relu", "u")],
         None, {"W": W[0], "R": R[0], "d": B[0, :2] + B[0, 2:],
                "a": np.array(0), "c": np.array(1)}, (2, 1, 2))


if __name__ == "__main__":
    idioms()
    sorts()
    recurrence()
    folder = pathlib.Path(__file__).resolve().parent / "twins"
    folder.mkdir(exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    for name, (data, _) in TWINS.items():
        (folder / f"{name}.onnx").write_bytes(data)
    lines = [f" {json.dumps(k)}: {json.dumps(v)}"
             for k, (_, v) in TWINS.items()]
    (folder / "expected.json").write_text("{\n" + ",\n".join(lines) + "\n}\n")
    print(len(TWINS), "networks")
