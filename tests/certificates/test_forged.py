#!/usr/bin/python3
"""Certificates that are wrong by design: each would prove another number than
there is if a rule of the format were missing.  Written by hand, with the line
that has to be refused, and beside each a right one.
Usage: test_forged.py PLEATS CHECKER"""
import hashlib
import pathlib
import re
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
from certificates import Checkers  # noqa: E402
from harness import Checks, arguments  # noqa: E402
import numpy as np  # noqa: E402
import onnx  # noqa: E402
from onnx import TensorProto, helper, numpy_helper  # noqa: E402

LINE = ["part inputs 1 0", "bounds -1 1"]
HALVES = LINE + LINE
PINCHED = ["part inputs 1 2", "bounds -1 1", "row 1 0", "row -1 0"]
FLIPPED = ["part inputs 1 1", "bounds -1 1", "row -1 -2"]
OPEN = ["part inputs 1 0", "bounds - -"]
RAY = ["part inputs 1 0", "bounds 0 -"]
POINT = ["part slice 0 0", "origin 1/3"]
FAR = ["part inputs 1 0", "bounds -1 1", "part slice 0 0", "origin 1/3"]

# (name, network, domain, regions, body, the number of the body's line to be
# refused and a word of why; None: it is right).  Networks: rows of the scalars
# that units read, as (weight, bias).  ReLU: a unit for each; max: one of all.
CASES = [
    ("a unit that is 0", ("relu", [(0, 0), (1, 0)]), LINE, 2,
     "B 0 0;S 1 0;W 2 -1;W 2 1;E", None),
    ("a split along what is 0", ("relu", [(0, 0), (1, 0)]), LINE, 0,
     "S 0 0;X 0:1;X 0:1;E", (1, "everywhere")),
    ("a unit that is 0, above", ("relu", [(0, 0), (1, 0)]), LINE, 2,
     "A 0 0;S 1 0;W 2 -1;W 2 1;E", None),
    ("units that are one", ("relu", [(1, 0), (2, 0)]), LINE, 2,
     "S 0 0;A 1 0 1 0:1p1;W 2 -1;B 1 0 1 0:1p1;W 2 1;E", None),
    ("units that are one, cut twice", ("relu", [(1, 0), (2, 0)]), LINE, 4,
     "S 0 0;S 1 0;W 2 -1;W 2 -1;S 1 0;W 2 1;W 2 1;E", (4, "wall 1")),
    ("a maximum with equals", ("max", [(1, 0), (-1, 0), (-1, 0)]), LINE, 2,
     "M 0 2 1;S 0;W 2 1;W 2 -1;E", None),
    ("a maximum split with equals", ("max", [(1, 0), (-1, 0), (-1, 0)]), LINE,
     1, "S 0;W 2 1;X 1:1;X 1:1;E", (1, "same")),
    ("equals that beat each other", ("max", [(-1, 0), (-1, 0), (1, 0)]), LINE,
     1, "M 0 0 1;M 0 1 0;W 1 0;E", (2, "both")),
    ("a candidate that beats itself", ("max", [(1, 0), (-1, 0)]), LINE, 1,
     "M 0 0 0;W 2 1;E", (1, "both")),
    ("no inner points is not empty", ("relu", [(1, 0)]), PINCHED, 0,
     "X 0:1 1:1;E", (1, "not below 0")),
    ("sides that leave nothing", ("relu", [(1, 0)]), FLIPPED, 0, "X 0:1;E",
     None),
    ("a cell that is not empty", ("relu", [(1, 0)]), LINE, 1,
     "S 0 0;X 0:1;W 2 1;E", (2, "not below 0")),
    ("a part twice counts once", ("relu", [(1, 0)]), HALVES, 2,
     "S 0 0;W 2 -1;W 2 1;S 0 0;W 2 -1;W 2 1;E", None),
    ("a part twice", ("relu", [(1, 0)]), HALVES, 4,
     "S 0 0;W 2 -1;W 2 1;S 0 0;W 2 -1;W 2 1;E", (0, "proved")),
    ("a point on a wall", ("relu", [(1, 0)]), LINE, 2,
     "S 0 0;W 1 0;W 2 1;E", (2, "wall 0")),
    ("a point on the box", ("relu", [(1, 0)]), LINE, 2,
     "S 0 0;W 1 -1;W 2 1;E", (2, "box")),
    ("a free coordinate has no largest value", ("relu", [(1, 0)]), OPEN, 1,
     "B 0 0;W 1 0;E", (1, "at most 0")),
    ("all of the line", ("relu", [(1, 0)]), OPEN, 2, "S 0 0;W 1 -9;W 1 9;E",
     None),
    ("a half-line", ("relu", [(1, 1)]), RAY, 1, "B 0 0 1 0:1;W 1 1;E", None),
    ("a half-line from its breakpoint", ("relu", [(1, 0)]), RAY, 1,
     "B 0 0 1 0:1;W 1 1;E", None),
    ("a half-line, the wrong way", ("relu", [(1, 1)]), RAY, 1,
     "A 0 0 1 0:1;W 1 1;E", (1, "at most 0")),
    ("a point of the line", ("relu", [(1, 0)]), POINT, 1, "B 0 0;W 1;E", None),
    ("a point, the wrong side", ("relu", [(1, 0)]), POINT, 1, "A 0 0;W 1;E",
     (1, "at most 0")),
    ("parts of two dimensions", ("relu", [(1, 0)]), FAR, 2,
     "S 0 0;W 2 -1;W 2 1;B 0 0;W 1;E", (3, "fewer dimensions")),
    ("facts out of order", ("relu", [(1, 2), (1, 3)]), LINE, 1,
     "B 1 0;B 0 0;W 1 0;E", (2, "order")),
    ("a fact twice", ("relu", [(1, 2)]), LINE, 1, "B 0 0;B 0 0;W 1 0;E",
     (2, "B")),
    ("a wall of a neighbour", ("relu", [(1, 0), (1, 2)]), LINE, 2,
     "B 1 0;S 0 0;W 2 -1;W 2 1;W 1 0;E", (5, "E")),
    ("no end", ("relu", [(1, 2)]), LINE, 1, "B 0 0;W 1 0", (3, "ends")),
    ("more behind the end", ("relu", [(1, 2)]), LINE, 1, "B 0 0;W 1 0;E;E",
     (3, "behind")),
    ("an even multiplier", ("relu", [(1, 0), (2, 0)]), LINE, 2,
     "S 0 0;A 1 0 1 0:2;W 2 -1;B 1 0 1 0:1p1;W 2 1;E", (2, "even")),
    ("a huge exponent", ("relu", [(1, 0), (2, 0)]), LINE, 2,
     "S 0 0;A 1 0 1 0:1p99999999;W 2 -1;B 1 0 1 0:1p1;W 2 1;E",
     (2, "exponent")),
    ("walls twice", ("relu", [(1, 0), (2, 0)]), LINE, 2,
     "S 0 0;A 1 0 1 0:1 0:1;W 2 -1;B 1 0 1 0:1p1;W 2 1;E", (2, "order")),
    ("another unit first", ("relu", [(1, 0), (2, 1)]), LINE, 3,
     "S 1 0;A 0 0 1 0:1p-1;W 4 -3;S 0 0;W 4 -1;W 4 1;E", (1, "first")),
]

# The same of points alone: facts are believed, and (regions: at least so many).
POINTS = [
    ("a fact that is wrong", ("relu", [(1, 0)]), LINE, 1, "B 0 0;W 2 1;E",
     None),
    ("a fact that is wrong at the point", ("relu", [(1, 0)]), LINE, 1,
     "B 0 0;W 2 -1;E", (2, "piece of unit 0")),
    ("a fact from above that is wrong there", ("relu", [(1, 0)]), LINE, 1,
     "A 0 0;W 2 1;E", (2, "piece of unit 0")),
    ("a point on a breakpoint", ("relu", [(1, 0)]), LINE, 1, "B 0 0;W 1 0;E",
     (2, "piece of unit 0")),
    ("a point at a breakpoint from below", ("relu", [(1, 0)]), LINE, 1,
     "A 0 0;W 1 0;E", (2, "piece of unit 0")),
    ("a unit that is 0", ("relu", [(0, 0), (1, 0)]), LINE, 2,
     "B 0 0;S 1 0;W 2 -1;W 2 1;E", None),
    ("a cell that is not empty", ("relu", [(1, 0)]), LINE, 1,
     "S 0 0;X 0:1;W 2 1;E", None),
    ("a candidate that loses", ("max", [(1, 0), (-1, 0), (0, -1)]), LINE, 1,
     "M 0 0 1;M 0 2 1;W 2 1;E", (3, "piece of unit 0")),
    ("candidates that are even", ("max", [(1, 0), (-1, 0)]), LINE, 1,
     "M 0 0 1;W 1 0;E", (2, "piece of unit 0")),
    ("candidates that are one", ("max", [(1, 0), (-1, 0), (-1, 0)]), LINE, 2,
     "M 0 2 1;S 0;W 2 1;W 2 -1;E", None),
    ("a part twice", ("relu", [(1, 0)]), HALVES, 4,
     "S 0 0;W 2 -1;W 2 1;S 0 0;W 2 -1;W 2 1;E", (0, "proved")),
    ("more than there are points", ("relu", [(1, 0)]), LINE, 2,
     "B 0 0;W 2 1;E", (0, "proved")),
]


def save(path, sort, rows):
    weight = np.array([[float(w)] for w, _ in rows])
    bias = np.array([float(b) for _, b in rows])
    tensors = [numpy_helper.from_array(weight, "w"),
               numpy_helper.from_array(bias, "b")]
    nodes = [helper.make_node("Gemm", ["x", "w", "b"], ["z"], transB=1)]
    if sort == "relu":
        nodes.append(helper.make_node("Relu", ["z"], ["y"]))
    else:
        names = [f"z{i}" for i in range(len(rows))]
        nodes += [helper.make_node("Split", ["z", "n"], names, axis=1),
                  helper.make_node("Max", names, ["y"])]
        tensors.append(numpy_helper.from_array(
            np.array([1] * len(rows), np.int64), "n"))
    width = len(rows) if sort == "relu" else 1
    graph = helper.make_graph(
        nodes, "g", [helper.make_tensor_value_info("x", TensorProto.DOUBLE,
                                                   [1, 1])],
        [helper.make_tensor_value_info("y", TensorProto.DOUBLE, [1, width])],
        tensors)
    onnx.save(helper.make_model(
        graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8),
        str(path))


def certificate(model, net, domain, regions, body):
    digest = hashlib.sha256(model.read_bytes()).hexdigest()
    units = len(net[1]) if net[0] == "relu" else 1
    parts = sum(line.startswith("part") for line in domain)
    return "\n".join(["pleats-cert/1", f"model {digest}",
                      "definition activation regions", "inputs 1",
                      f"units {units}", f"regions {regions}", f"parts {parts}",
                      *domain, "body text", *body.split(";"), ""])


def wrong_answer(result, how_many, why):
    """"" when a checker answered as it should."""
    text = f"exit {result.returncode}: {(result.stdout + result.stderr)[:200]}"
    if why is None:
        found = re.search(rf"has {how_many} activation", result.stdout)
        return "" if result.returncode == 0 and found else text
    line, word = why
    where = f"line {line} of the body: " if line else "line 6: "
    good = result.returncode == 1 and result.stdout.startswith(
        "REFUSED: " + where) and word in result.stdout
    return "" if good else f"should be {where}... {word}, is {text}"


def main():
    options = arguments(checker="the checker in C")
    checks = Checks(verbose=True)
    with tempfile.TemporaryDirectory() as folder:
        work = pathlib.Path(folder)
        checkers = Checkers(options.checker, work)
        cases = [(case, "exactly", ()) for case in CASES] + [
            (case, "at least", ("--points",)) for case in POINTS]
        for i, (case, how_many, flags) in enumerate(cases):
            name, net, domain, regions, body, why = case
            model, path = work / f"{i}.onnx", work / f"{i}.cert"
            save(model, *net)
            path.write_text(certificate(model, net, domain, regions, body))
            for ask in (checkers.ask_c, checkers.ask_python):
                checks.add(" ".join((*flags, name, ask.__name__)), wrong_answer(
                    ask(path, model, *flags), f"{how_many} {regions}", why))
    checks.finish()


if __name__ == "__main__":
    main()
