#!/usr/bin/python3
"""One small network of integers, written in many ways: factors in attributes,
in constants, in chains of constant operators, before and after the products.
All of them are the same function up to positive factors of hidden units that
the next layer takes back, so all have the same regions, pieces and maps, and
the same values.  The networks are degenerate on purpose (walls through common
points, parallel walls, sums that are always 0): a rounded parameter shows.
Usage: test_exact.py PLEATS"""
import json
import os
import pathlib
import tempfile

try:
    import numpy as np
    import onnx
    from onnx import TensorProto, helper, numpy_helper
except ImportError:
    raise SystemExit(77)

from harness import Checks, arguments, ended, run

CASES = 12 * int(os.environ.get("PLEATS_TEST_MULTIPLIER", "1"))
F32 = np.float32


class Writer:
    """Nodes and constants of one file."""

    def __init__(self, dtype):
        self.dtype, self.nodes, self.init, self.n = dtype, [], [], 0

    def name(self):
        self.n += 1
        return f"t{self.n}"

    def const(self, array):
        name = self.name()
        self.init.append(numpy_helper.from_array(
            np.asarray(array, self.dtype), name))
        return name

    def op(self, kind, *inputs, **attributes):
        name = self.name()
        self.nodes.append(helper.make_node(kind, list(inputs), [name],
                                           **attributes))
        return name

    def save(self, path, n_in, out, n_out):
        kind = TensorProto.FLOAT if self.dtype == F32 else TensorProto.DOUBLE
        value = helper.make_tensor_value_info
        self.nodes.append(helper.make_node("Identity", [out], ["y"]))
        graph = helper.make_graph(self.nodes, "g", [value("x", kind, [1, n_in])],
                                  [value("y", kind, [1, n_out])], self.init)
        model = helper.make_model(graph, opset_imports=[
            helper.make_opsetid("", 13)])
        model.ir_version = 7
        onnx.save(model, path)


def random_layers(rng):
    """Integer matrices and biases; rows that depend on one another."""
    sizes = [2] + [int(rng.integers(3, 6)) for _ in range(2)] + [2]
    layers = []
    for n_in, n_out in zip(sizes, sizes[1:]):
        w = rng.integers(-3, 4, (n_out, n_in)).astype(float)
        b = rng.integers(-1, 2, n_out).astype(float)
        if n_out > 2:
            w[-1], b[-1] = w[0] + w[1], b[0] + b[1]
        layers.append((w, b))
    return layers


def factor(rng):
    """A positive number that few numbers are multiples of."""
    return float(rng.choice([0.1, 0.3, 1 / 3, 7.0, 1e-3, 0.7, 1.0,
                             rng.random() + 0.5]))


# Each turns (w, b, undo) into a node of (w x + b) * f, where the hidden units
# before came with the factors `undo`, and gives f.

def divided(f, w, undo):
    """w / undo, as constant nodes."""
    return f.op("Div", f.const(w), f.const(undo)) if undo != 1 else f.const(w)


def plain(f, rng, x, w, b, undo):
    product = f.op("MatMul", x, f.op("Transpose", divided(f, w, undo)))
    return f.op("Add", product, f.const(b)), 1.0


def gemm(f, rng, x, w, b, undo):
    a = float(F32(factor(rng)))
    return f.op("Gemm", x, divided(f, w, undo), f.const(b), alpha=a, beta=a,
                transB=1), a


def scaled_constants(f, rng, x, w, b, undo):
    s = f.const(factor(rng))
    a = float(numpy_helper.to_array(f.init[-1]))
    w = f.op("Mul", divided(f, w, undo), s)
    return f.op("Add", f.op("MatMul", x, f.op("Transpose", w)),
                f.op("Mul", f.const(b), s)), a


def scaled_after(f, rng, x, w, b, undo):
    y, _ = plain(f, rng, x, w, b, undo)
    a = float(f.dtype(factor(rng)))
    return f.op("Mul", f.const(a), y), a


def divided_after(f, rng, x, w, b, undo):
    y, _ = plain(f, rng, x, w, b, undo)
    return f.op("Mul", f.op("Div", y, f.const(7.0)), f.const(7.0)), 1.0


def chained(f, rng, x, w, b, undo):
    """Factors that cancel: ((w * p) * q / p) / q."""
    p, q = f.const(factor(rng)), f.const(factor(rng))
    w = f.op("Mul", f.op("Mul", divided(f, w, undo), p), q)
    w = f.op("Div", f.op("Div", w, p), q)
    b = f.op("Sub", f.op("Add", f.const(b), p), p)
    return f.op("Add", f.op("MatMul", x, f.op("Transpose", w)), b), 1.0


def product_of_matrices(f, rng, x, w, b, undo):
    """w = (w d) d^-1 for a diagonal of factors."""
    d = np.array([factor(rng) for _ in range(w.shape[1])])
    inverse = f.op("Mul", f.const(np.eye(len(d))),
                   f.op("Reciprocal", f.const(d)))
    w = f.op("MatMul", f.op("MatMul", divided(f, w, undo), inverse),
             f.const(np.diag(d)))
    return f.op("Gemm", x, w, f.const(b), transB=1), 1.0


def convolved(f, rng, x, w, b, undo):
    """The layer as a convolution of one pixel, with weights times a factor."""
    s = f.const(factor(rng))
    a = float(numpy_helper.to_array(f.init[-1]))
    shape = lambda *n: f.int_const(n)
    w4 = f.op("Reshape", f.op("Mul", divided(f, w, undo), s),
              shape(*w.shape, 1, 1))
    y = f.op("Conv", f.op("Reshape", x, shape(1, -1, 1, 1)), w4,
             f.op("Mul", f.const(b), s))
    return f.op("Flatten", y), a


def int_const(self, numbers):
    name = self.name()
    self.init.append(numpy_helper.from_array(np.array(numbers, np.int64), name))
    return name


Writer.int_const = int_const

WAYS = [gemm, scaled_constants, scaled_after, divided_after, chained,
        product_of_matrices, convolved]


def write(path, layers, rng, way, dtype):
    f = Writer(dtype)
    x, undo = "x", 1.0
    for i, (w, b) in enumerate(layers):
        last = i + 1 == len(layers)
        x, undo = (plain if last else way)(f, rng, x, w, b, undo)
        if not last:
            x = f.op("Relu", x)
    f.save(path, 2, x, len(layers[-1][1]))


# Units with parameters that are no doubles, and the same function with whole
# numbers: f(a) = g(3 a) / 3.

def clip(f, a, thirds):
    if thirds:
        lo, hi = (f.op("Div", f.const(v), f.const(3.0)) for v in (-1.0, 2.0))
        return f.op("Clip", a, lo, hi)
    y = f.op("Clip", f.op("Mul", a, f.const(3.0)), f.const(-1.0), f.const(2.0))
    return f.op("Div", y, f.const(3.0))


def clip_below(f, a, thirds):
    if thirds:
        return f.op("Clip", a, f.op("Div", f.const(-1.0), f.const(3.0)))
    y = f.op("Clip", f.op("Mul", a, f.const(3.0)), f.const(-1.0))
    return f.op("Div", y, f.const(3.0))


def slope(f, a, thirds):
    """Slope 1/3 below 0; plainly, relu(a) - relu(-a) / 3."""
    if thirds:
        return f.op("PRelu", a, f.op("Reciprocal", f.const([3.0])))
    y = f.op("PRelu", a, f.const([0.0]))
    low = f.op("Sub", a, y)
    return f.op("Add", y, f.op("Div", low, f.const(3.0)))


def write_units(path, layers, unit, thirds):
    f = Writer(np.float64)
    x = "x"
    for i, (w, b) in enumerate(layers):
        x, _ = plain(f, None, x, w, b, 1.0)
        if i + 1 < len(layers):
            x = unit(f, x, thirds)
    f.save(path, 2, x, len(layers[-1][1]))


def check_units(pleats, folder, unit):
    for seed in range(1, 4):
        rng = np.random.default_rng(seed)
        layers = random_layers(rng)
        path, rows = folder / f"{unit.__name__}.onnx", folder / "rows.json"
        rows.write_text(json.dumps(rng.uniform(-1, 1, (4, 2)).tolist()))
        write_units(path, layers, unit, False)
        want, wrong = answers(pleats, path, rows)
        if not wrong:
            write_units(path, layers, unit, True)
            got, wrong = answers(pleats, path, rows)
        if not wrong and (got[0] != want[0] or not np.allclose(
                got[1], want[1], 1e-12, 1e-12)):
            wrong = f"{got} instead of {want}"
        if wrong:
            return f"seed {seed}: {wrong}"
    return ""


def branch(name, factor):
    """relu(factor * h); both branches use the same names."""
    value = helper.make_tensor_value_info("r", TensorProto.FLOAT, [1, 2])
    k = numpy_helper.from_array(np.array([factor], F32), "k")
    return helper.make_graph(
        [helper.make_node("Mul", ["h", "k"], ["t"]),
         helper.make_node("Relu", ["t"], ["r"])], name, [], [value], [k])


def check_branches(pleats, folder, truth):
    """If with a constant condition: y = if(not f, 2, -3) + if(f, 5, -7)."""
    f = Writer(F32)
    flag = numpy_helper.from_array(np.array(truth))
    add = lambda op, i, o, **a: f.nodes.append(helper.make_node(op, i, o, **a))
    add("Neg", ["x"], ["h"])
    add("Constant", [], ["f"], value=flag)
    add("Not", ["f"], ["g"])
    add("If", ["g"], ["a"], then_branch=branch("then", 2.0),
        else_branch=branch("else", -3.0))
    add("If", ["f"], ["b"], then_branch=branch("then", 5.0),
        else_branch=branch("else", -7.0))
    path, rows = folder / "if.onnx", folder / "if.json"
    f.save(path, 2, f.op("Add", "a", "b"), 2)
    rows.write_text("[[1.0, -2.0]]")
    got, wrong = answers(pleats, path, rows)
    h = np.array([-1.0, 2.0])
    first, second = (-3, 5) if truth else (2, -7)
    want = np.maximum(first * h, 0) + np.maximum(second * h, 0)
    if not wrong and not np.array_equal(got[1][0], want):
        wrong = f"{got[1][0]} instead of {want}"
    return wrong


def check_label(pleats, folder):
    """relu(e x): e is irrational, and text and JSON say that it was rounded."""
    f, path = Writer(F32), folder / "rounded.onnx"
    one = numpy_helper.from_array(np.array([1.0], F32))
    for op, i, o, a in (("Constant", [], ["c"], {"value": one}),
                        ("Exp", ["c"], ["e"], {}),
                        ("Mul", ["x", "e"], ["h"], {})):
        f.nodes.append(helper.make_node(op, i, o, **a))
    f.save(path, 2, f.op("Relu", "h"), 2)
    word = "exact for the rounded parameters"
    text = run([pleats, "count", path, "--box=-1,1"])
    answer = run([pleats, "count", path, "--box=-1,1", "--json"])
    wrong = ended(text, 0) or ended(answer, 0)
    if not wrong and not text.stdout.startswith(
            f"4 activation regions ({word})\n"):
        wrong = f"text: {text.stdout}"
    if not wrong and json.loads(answer.stdout)["label"] != word:
        wrong = f"JSON: {answer.stdout}"
    return wrong


def answers(pleats, path, rows):
    count = run([pleats, "count", path, "--box=-1,1", "--what",
                 "regions,pieces,maps", "--json"])
    wrong = ended(count, 0)
    if wrong:
        return None, wrong
    got = json.loads(count.stdout)
    values = run([pleats, "eval", path, "--input", rows, "--json"])
    wrong = ended(values, 0)
    if wrong:
        return None, wrong
    if got["label"] != "exact" or got["rounded_parameters"] != 0:
        return None, f"label {got['label']}, {got['rounded_parameters']} rounded"
    y = np.array(json.loads(values.stdout)["outputs"])
    return ([got[k] for k in ("regions", "pieces", "maps")], y), ""


def check_case(pleats, folder, seed):
    rng = np.random.default_rng(seed)
    layers = random_layers(rng)
    rows = folder / f"{seed}.json"
    rows.write_text(json.dumps(rng.uniform(-1, 1, (4, 2)).tolist()))
    path = folder / f"{seed}.onnx"
    write(path, layers, rng, plain, np.float64)
    want, wrong = answers(pleats, path, rows)
    for way in [] if wrong else WAYS:
        for dtype in (F32, np.float64):
            write(path, layers, rng, way, dtype)
            got, wrong = answers(pleats, path, rows)
            if not wrong and got[0] != want[0]:
                wrong = f"{got[0]} instead of {want[0]}"
            if not wrong and not np.allclose(got[1], want[1], 1e-12, 1e-12):
                wrong = f"values {got[1]} instead of {want[1]}"
            if wrong:
                return f"case {seed}, {way.__name__}, {dtype.__name__}: {wrong}"
    return wrong


def main():
    options = arguments()
    checks = Checks()
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        checks.each(lambda seed: (f"ways {seed}", check_case(
            options.pleats, folder, seed)), range(1, CASES + 1))
        for truth in (True, False):
            checks.add(f"If {truth}", check_branches(options.pleats, folder,
                                                     truth))
        checks.add("label", check_label(options.pleats, folder))
        for unit in (clip, clip_below, slope):
            checks.add(unit.__name__, check_units(options.pleats, folder, unit))
    checks.finish()


if __name__ == "__main__":
    main()
