"""Small networks, most of them degenerate, as files and as layers of
tests/oracle/faces.py; and domains for them."""
import json
import random
from fractions import Fraction

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

RELU = ([0], [0, 1], [0, 0])
LEAKY = ([0], [Fraction(1, 4), 1], [0, 0])
CLIP = ([-1, 1], [0, 1, 0], [-1, 0, 1])
OPERATORS = {"relu": RELU, "leaky": LEAKY, "clip": CLIP}


# ---- networks: as files, and as the oracle's layers ----

def quotients(by):
    """A division as an affine layer."""
    return ("affine", [[1 / Fraction(v) * (i == j) for j in range(len(by))]
                       for i, v in enumerate(by)], [0] * len(by))


class Net:
    """Layers ("affine", W, b), ("divide", by), ("relu",), ("leaky",), ("clip",),
    ("max", groups), ("min", groups), all groups of one size."""

    def __init__(self, n, layers):
        self.n, self.layers = n, layers

    def oracle(self):
        return [("units", OPERATORS[kind]) if kind in OPERATORS else
                quotients(*what) if kind == "divide" else (kind, *what)
                for kind, *what in self.layers]

    def outputs(self):
        return next(len(layer[2]) for layer in reversed(self.layers)
                    if layer[0] == "affine")

    def pieces(self, point):
        """The pattern at a point, by fractions."""
        x, found = [Fraction(v) for v in point], []
        for kind, *what in self.layers:
            if kind == "affine":
                x = [sum((w * v for w, v in zip(row, x)), Fraction(b))
                     for row, b in zip(*what)]
            elif kind == "divide":
                x = [v / Fraction(d) for v, d in zip(x, *what)]
            elif kind in OPERATORS:
                breaks, slopes, intercepts = OPERATORS[kind]
                own = [sum(v > at for at in breaks) for v in x]
                x = [slopes[p] * v + intercepts[p] for p, v in zip(own, x)]
                found += own
            else:
                best = max if kind == "max" else min
                own = [best(x[i] for i in g) for g in what[0]]
                found += [[x[i] for i in g].index(v)
                          for g, v in zip(what[0], own)]
                x = own
        return found

    def save(self, path):
        nodes, weights, name = [], [], "x"

        def constant(label, value, dtype=float):
            weights.append(numpy_helper.from_array(np.array(value, dtype), label))
            return label
        for i, (kind, *what) in enumerate(self.layers):
            out = "y" if i == len(self.layers) - 1 else f"h{i}"
            if kind == "affine":
                nodes.append(helper.make_node("Gemm", [
                    name, constant(f"w{i}", what[0]), constant(f"b{i}", what[1])],
                    [out], transB=1))
            elif kind == "divide":
                nodes.append(helper.make_node("Div", [
                    name, constant(f"d{i}", what[0])], [out]))
            elif kind == "relu":
                nodes.append(helper.make_node("Relu", [name], [out]))
            elif kind == "leaky":
                nodes.append(helper.make_node("LeakyRelu", [name], [out],
                                              alpha=0.25))
            elif kind == "clip":
                nodes.append(helper.make_node("Clip", [
                    name, constant(f"lo{i}", -1), constant(f"hi{i}", 1)], [out]))
            else:
                operands = [f"g{i}_{c}" for c in range(len(what[0][0]))]
                for c, operand in enumerate(operands):
                    nodes.append(helper.make_node("Gather", [name, constant(
                        f"i{i}_{c}", [g[c] for g in what[0]], np.int64)],
                        [operand], axis=1))
                nodes.append(helper.make_node(kind.title(), operands, [out]))
            name = out
        graph = helper.make_graph(
            nodes, "g", [helper.make_tensor_value_info(
                "x", TensorProto.DOUBLE, [1, self.n])],
            [helper.make_tensor_value_info("y", TensorProto.DOUBLE, None)],
            weights)
        onnx.save(helper.make_model(
            graph, opset_imports=[helper.make_opsetid("", 16)], ir_version=8),
            str(path))
        return path


def matrix(rng, rows, columns, most):
    return [[rng.randint(-most, most) for _ in range(columns)]
            for _ in range(rows)]


def spoil(rng, weights, biases):
    """Makes some units equal, opposite, parallel, dead or zero."""
    n = len(biases)
    for _ in range(rng.randint(0, 2)):
        a, b = rng.randrange(n), rng.randrange(n)
        by, shift = rng.choice([(1, 0), (-1, 0), (2, 0), (1, 1), (0, 0), (0, -1)])
        weights[a] = [by * v for v in weights[b]]
        biases[a] = by * biases[b] + shift


def random_net(seed):
    """Small integers, so that walls meet where they should not."""
    rng = random.Random(seed)
    n = 1 + seed % 3
    widths = {1: [5, 4], 2: [5, 4], 3: [3, 2]}[n]
    layers, last = [], n
    for width in widths[:rng.randint(1, 2)]:
        kind = rng.choice(["relu", "relu", "relu", "leaky", "clip", "max", "min"])
        size = rng.choice([2, 3]) if n < 3 else 2
        rows = size * 2 if kind in ("max", "min") else width
        weights = matrix(rng, rows, last, 2)
        biases = [rng.choice([0, 0, rng.randint(-2, 2)]) for _ in range(rows)]
        spoil(rng, weights, biases)
        layers.append(("affine", weights, biases))
        if kind in ("max", "min"):
            groups = [list(range(g * size, g * size + size)) for g in range(2)]
            layers.append((kind, groups))
            last = 2
        else:
            layers.append((kind,))
            last = width
        if rng.random() < 0.4:
            layers.append(("divide", [rng.choice([3, -5, 6, 1, 0.75])
                                      for _ in range(last)]))
    m = rng.randint(1, 3)
    layers.append(("affine", matrix(rng, m, last, 2),
                   [rng.randint(-1, 1) for _ in range(m)]))
    return Net(n, layers)


# ---- domains: flags, inputs as forms in k coordinates, rows a t + c >= 0 ----

def box(n):
    rows = [[s * int(i == j) for i in range(n)] + [1]
            for j in range(n) for s in (1, -1)]
    unit = [[int(i == j) for i in range(n)] + [0] for j in range(n)]
    return ["--box", "-1,1"], unit, rows


def other_domains(n, place):
    """Ones with fewer dimensions, redundant rows, and corners on many sides."""
    found = [box(n)]
    if n == 2:
        diamond = [[1, 1], [1, -1], [-1, 1], [-1, -1], [1, 0]]
        flat = [[1, 1], [-1, -1], [1, 0], [-1, 0]]
        for name, a, b in (("diamond", diamond, [1] * 5),
                           ("flat", flat, [1, -1, 1, 1])):
            (place / f"{name}.json").write_text(json.dumps({"A": a, "b": b}))
        found.append((["--polytope", place / "diamond.json"], box(2)[1],
                      [[-v for v in r] + [1] for r in diamond]))
        found.append((["--polytope", place / "flat.json"], [[1, 0], [-1, 1]],
                      [[1, 1], [-1, 1]]))
    if n == 3:
        rows = [[-1, -1, -1], [1, 1, -1], [1, -1, 1], [-1, 1, 1]]
        (place / "tetrahedron.json").write_text(json.dumps({"A": rows,
                                                            "b": [1] * 4}))
        (place / "plane.json").write_text(json.dumps({
            "origin": [0, 0, 0], "u": [1, 0, 1], "v": [0, 1, 1],
            "box": [-1, 1, 0, 1]}))
        found.append((["--polytope", place / "tetrahedron.json"], box(3)[1],
                      [[-v for v in r] + [1] for r in rows]))
        found.append((["--plane", place / "plane.json"],
                      [[1, 0, 0], [0, 1, 0], [1, 1, 0]],
                      [[1, 0, 1], [-1, 0, 1], [0, 1, 0], [0, -1, 1]]))
    return found
