"""Networks whose numbers go to the ends of the doubles' range: every layer of
units that are linear on rays may be scaled by a power of two, and so may the
inputs and outputs, without any answer changing but lengths and values, which
scale along."""
import json
import math
import os
import pathlib
import random
import tempfile
from fractions import Fraction

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

# How much the hidden layers, the inputs and the outputs are scaled: exponents.
SCALES = {
    "weights up": ((900, 0), 0, 0),
    "weights down": ((-900, 0), 0, 0),
    "near the top": ((1018, 10), 0, 0),
    "subnormal weights": ((-1060, -60), 0, 0),
    "second layer up": ((0, 1000), 0, 0),
    "second layer down": ((0, -1000), 0, 0),
    "products overflow": ((600, 1015), 0, 1000),
    "products vanish": ((-600, -1060), 0, -1060),
    "back again": ((-560, 440), 0, 0),
    "wide box": ((0, 0), 900, 0),
    "narrow box": ((0, 0), -900, 0),
    "nearly subnormal box": ((-300, 0), -1019, 0),
    "subnormal box": ((-300, 0), -1060, 0),
    "widest box": ((200, 0), 1015, 0),
    "inputs and weights": ((-900, 50), 100, -900),
}
ACTIVATIONS = (("Relu", {}), ("Abs", {}), ("LeakyRelu", {"alpha": 0.25}))
# Each network is asked a share of the verbs; all of them in long runs.
SHARE = 1 if int(os.environ.get("PLEATS_TEST_MULTIPLIER", "1")) > 1 else 3
# Where claimed errors are inflated, bounds of lengths are wider.
BOUNDS_ARE_SHARP = os.environ.get("PLEATS_PERTURB") != "inflate"
PLAIN = ((0, 0), 0, 0)
ROWS = [[0.5, 0.25], [-0.375, 0.75], [-0.5, -0.875], [0.125, -0.25]]


def random_layers(seed):
    """[(weights, biases)] in eighths, 2 inputs, two layers of units, 2
    outputs; some units of the second layer only touch their breakpoints."""
    rng = random.Random(seed)
    width = [2, rng.randint(3, 6), rng.randint(3, 5), 2]
    layers = []
    for n_in, n_out in zip(width, width[1:]):
        w = np.array([[rng.randint(-12, 12) / 8 for _ in range(n_in)]
                      for _ in range(n_out)])
        b = np.array([rng.choice((0, rng.randint(-8, 8) / 8))
                      for _ in range(n_out)])
        layers.append((w, b))
    layers[1][0][0] = abs(layers[1][0][0])  # >= 0 behind ReLUs
    layers[1][1][0] = 0
    return layers


def write(path, layers, activations, scale):
    """The network of scaled layers."""
    hidden, e_in, e_out = scale
    exponents = [e_in, *hidden, e_out]
    nodes, tensors, name = [], [], "x"
    for i, (w, b) in enumerate(layers):
        last = i + 1 == len(layers)
        scaled = np.ldexp(w, exponents[i + 1] - exponents[i])
        shift = np.ldexp(b, exponents[i + 1])
        assert np.isfinite(scaled).all() and np.isfinite(shift).all()
        assert (np.ldexp(scaled, exponents[i] - exponents[i + 1]) == w).all()
        tensors += [numpy_helper.from_array(scaled, f"w{i}"),
                    numpy_helper.from_array(shift, f"b{i}")]
        nodes.append(helper.make_node("Gemm", [name, f"w{i}", f"b{i}"],
                                      [f"h{i}"], transB=1))
        name = f"h{i}"
        if not last:
            op, attributes = activations[i]
            nodes.append(helper.make_node(op, [name], [f"r{i}"], **attributes))
            name = f"r{i}"
    graph = helper.make_graph(
        nodes, "scaled",
        [helper.make_tensor_value_info("x", TensorProto.DOUBLE, [1, 2])],
        [helper.make_tensor_value_info(name, TensorProto.DOUBLE,
                                       [1, len(layers[-1][1])])], tensors)
    path.write_bytes(helper.make_model(
        graph, opset_imports=[helper.make_opsetid("", 13)],
        ir_version=7).SerializeToString())


def power(exponent):
    return (Fraction(2) ** exponent)


def relative(x, exponent):
    """A double over 2^exponent, to 9 digits, where doubles have as many; None
    stays."""
    if x is None or exponent < -1030:
        return None
    return float(f"{float(Fraction(x) / power(exponent)):.9g}")


class Net:
    """A scaled network, and what the verbs say of it, scaled back."""

    def __init__(self, program, folder, layers, activations, scale):
        self.program, self.folder, self.scale = program, folder, scale
        self.model = folder / "net.onnx"
        write(self.model, layers, activations, scale)
        self.rows = folder / "rows.json"
        self.rows.write_text(json.dumps(
            [[math.ldexp(v, scale[1]) for v in row] for row in ROWS]))
        side = power(scale[1])
        self.box = ("--box", f"-{side},{side}")

    def ask(self, verb, *options, code=0):
        answer, wrong = self.program.json(verb, self.model, *options,
                                          code=code)
        if wrong:
            raise ValueError(wrong)
        return answer

    def count(self, *options):
        answer = self.ask("count", *self.box, "--what", "regions,pieces,maps",
                          *options)
        return [answer[key] for key in ("label", "regions", "pieces", "maps")]

    def everywhere(self):
        return self.ask("count", "--all")["regions"]

    def stable(self):
        answer = self.ask("stable", *self.box, "--effort", "exact")
        return [layer["states"] for layer in answer["layers"]]

    def local(self, *domain):
        out = []
        for i in range(len(ROWS)):
            answer, wrong = self.program.json("local", self.model, "--at",
                                              f"{self.rows}:{i}", *domain)
            if "wall" in wrong:
                out.append("on a wall")
                continue
            if wrong:
                raise ValueError(wrong)
            e = self.scale[1]

            def length(x):
                return relative(x, e) if BOUNDS_ARE_SHARP else None

            ball = answer["ball"]["radius"]
            out.append((answer["label"], answer["pieces"], answer["shape"],
                        [(f["units"], f["side"], length(f["distance"]),
                          length(f["max_distance"]), f["neighbour"])
                         for f in answer["facets"]],
                        ball and str(Fraction(ball) / power(e)),
                        length(answer["distance"])))
        return out

    def local_box(self):
        return self.local(*self.box)

    def walk(self):
        answer, wrong = self.program.json("walk", self.model, "--at",
                                          f"{self.rows}:0", *self.box)
        if "wall" in wrong:
            return "on a wall"
        if wrong:
            raise ValueError(wrong)
        return answer["regions"], answer["edges_found"]

    def sample(self):
        run = self.ask("sample", *self.box, "--points", "500", "--seed", "3")
        return run["patterns"]

    def estimate(self):
        answer = self.ask("estimate", *self.box, "--rel-error", "0.2",
                          "--seed", "1")
        return answer["label"], answer["regions"]

    def density(self):
        answer = self.ask("density", "--input", self.rows, "--count", "3")
        means = [layer["mean"] for layer in answer["layers"]]
        if self.scale[1] < -1019:  # breakpoints for a length of 1: too many
            return None if means == [None] * len(means) else means
        return [relative(mean, -self.scale[1]) for mean in means]

    def draw(self):
        answer = self.ask("draw", *self.box, "-o", self.folder / "out.svg")
        self.ask("draw", *self.box, "-o", self.folder / "out.html")
        return answer["regions"], answer["boundary_segments"]

    def evaluate(self):
        answer = self.ask("eval", "--input", self.rows, "--pieces")
        return answer["pieces"], [[relative(v, self.scale[2]) for v in row]
                                  for row in answer["outputs"]]

    def estimate_by_sweeps(self):
        answer = self.ask("estimate", *self.box, "--exact-time", "0",
                          "--rel-error", "0.3", "--seed", "1")
        return answer["label"], answer["regions"], answer["rel_error"]

    def is_bounded(self):
        """Bounds may be weaker where numbers nearly vanish, but hold."""
        most = int(self.ask("bound", *self.box)["best_upper"])
        return most >= int(self.count()[1])


VERBS = {"count": Net.count, "count, paranoid": lambda n: n.count("--paranoid"),
         "count, R^2": Net.everywhere, "stable": Net.stable,
         "local": Net.local, "local in the box": Net.local_box,
         "walk": Net.walk, "sample": Net.sample, "estimate": Net.estimate,
         "density": Net.density, "draw": Net.draw, "eval": Net.evaluate,
         "estimate by sweeps": Net.estimate_by_sweeps,
         "bound": Net.is_bounded}


def same(got, want):
    """Equal, but for what is not told."""
    if isinstance(got, (list, tuple)) and isinstance(want, (list, tuple)):
        return len(got) == len(want) and all(map(same, got, want))
    return got is None or got == want


def compare(program, number, name, scale):
    """Each scale has a network of its own."""
    rng = random.Random(number)
    layers = random_layers(number)
    activations = [rng.choice(ACTIVATIONS) for _ in range(2)]
    with tempfile.TemporaryDirectory() as a, tempfile.TemporaryDirectory() as b:
        plain = Net(program, pathlib.Path(a), layers, activations, PLAIN)
        scaled = Net(program, pathlib.Path(b), layers, activations, scale)
        for i, (verb, ask) in enumerate(VERBS.items()):
            if SHARE > 1 and (i + number) % SHARE:
                continue
            try:
                want, got = ask(plain), ask(scaled)
            except ValueError as error:
                return f"{verb}: {error}"
            if not same(got, want):
                return f"{verb}: {str(got)[:400]} instead of {str(want)[:400]}"
    return ""


def check(program, checks):
    checks.each(lambda item: (f"scaled network, {item[1][0]}",
                              compare(program, item[0], *item[1])),
                list(enumerate(SCALES.items())))
    overflowing_sums(program, checks)
    far(program, checks)
    false_ball(program, checks)


def answer_at(program, folder, layers, *options):
    path = folder / "net.onnx"
    write(path, [(np.array(w), np.array(b)) for w, b in layers],
          [("Relu", {})] * 2, ((0,) * (len(layers) - 1), 0, 0))
    return program.json("local", path, *options)


def overflowing_sums(program, checks):
    """Sums that are beyond the doubles on the way and finite as a whole."""
    layers = [(np.array([[1.5, 0], [1.5, 0], [0, 1.5], [0, 1.5], [1, 1]]),
               np.array([0, 0, 0, 0, -1.25])),
              (np.array([[1.0, 1, -1, -1, 0], [1, 1, 1, 1, -1],
                         [1, 1, -1, 0, 0]]), np.array([0, 0, -0.25])),
              (np.ones((1, 3)), np.zeros(1))]
    wrong = ""
    with tempfile.TemporaryDirectory() as a, tempfile.TemporaryDirectory() as b:
        nets = [Net(program, pathlib.Path(folder), layers, ACTIVATIONS[:1] * 2,
                    ((0, e), 0, 0)) for folder, e in ((a, 0), (b, 1023))]
        for verb in ("count", "count, R^2", "stable", "local in the box",
                     "sample", "estimate by sweeps"):
            try:
                want, got = map(VERBS[verb], nets)
            except ValueError as error:
                wrong = f"{verb}: {error}"
                break
            if not same(got, want):
                wrong = f"{verb}: {str(got)[:300]} instead of {str(want)[:300]}"
                break
    checks.add("sums that overflow on the way", wrong)


def far(program, checks):
    """Walls at distances far beyond those of others, in both directions."""
    wrong = ""
    with tempfile.TemporaryDirectory() as folder:
        for exponent in (20, 100, 300, 307, -20, -100, -300, -320):
            slope = 10.0 ** -exponent if exponent > 0 else 1.0
            offset = 1.0 if exponent > 0 else 10.0 ** exponent
            answer, wrong = answer_at(
                program, pathlib.Path(folder),
                [([[slope, 0.0], [0.0, 1.0]], [offset, 1.0]),
                 (np.eye(2), [0.0, 0.0])], "--point", "0,1")
            if wrong:
                break
            want = [Fraction(offset) / Fraction(slope), 2]
            got = [f["distance"] for f in answer["facets"]]
            near = [abs(Fraction(g) - w) <= w / 10 ** (9 if exponent > -320
                                                       else 2)
                    and Fraction(g) <= w for g, w in zip(got, want)]
            if len(got) != 2 or not all(near):
                wrong = f"at 1e{exponent}: {got}"
                break
    checks.add("walls that are far or near", wrong)


def false_ball(program, checks):
    """Forms that overflow prove no ball: the region is [0, 1] x [0, 2/5]."""
    wrong = ""
    with tempfile.TemporaryDirectory() as folder:
        for size in (1.0, 1e150, 1e200, 1e-150, 1e-160):
            answer, wrong = answer_at(
                program, pathlib.Path(folder),
                [([[1.0, 0.0], [0.0, size], [0.0, size / 2]],
                  [0.0, 0.0, size / 5]),
                 ([[1.0, 0.0, 0.0], [0.0, size, -size]], [0.0, 0.0]),
                 (np.eye(2), [0.0, 0.0])],
                "--point", "0.5,0.25", "--box", "-1,1")
            if wrong:
                break
            ball = answer["chebyshev"]
            if len(answer["facets"]) != 4 or (
                    ball and not 0.19 < ball["radius"] < 0.2 + 1e-12):
                wrong = f"{size}: {ball}, {len(answer['facets'])} facets"
                break
    checks.add("a ball of forms that overflow", wrong)
