#!/usr/bin/python3
"""What the checkers read of ONNX, operator by operator, in parts:

table  every operator of pleats is known to them, or is on the list below;
read   each network of tests/data/ops gives the numbers that PyTorch or NumPy gave;
forged networks that must be refused are, in a line;
nodes  so does each of onnx's own operator tests;
prove  certificates of the networks of tests/data/ops are proved by check.py, and by
       check.c where an operator is new.

Networks are evaluated in Fractions.  Usage: test_operators.py PLEATS CHECKER PART"""
import collections
import json
import pathlib
import re
import sys
import tempfile
from fractions import Fraction

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path[:0] = [str(HERE), str(HERE.parent / "truth")]
from certificates import Checkers  # noqa: E402
from harness import Checks, arguments, run  # noqa: E402
import check  # noqa: E402
import numpy as np  # noqa: E402
import onnx  # noqa: E402
from onnx import TensorProto, helper, numpy_helper  # noqa: E402
from network import (OPERATORS, Affine, Bent, Network, Refused, Scalar,  # noqa: E402
                     Smooth, dump)

OPS = HERE.parent / "data" / "ops"
MOST_CELLS = 200
MOST_INPUTS = 10000     # of onnx's tests: two pools have more

# Operators of pleats that the checkers lack, and why.
LACKING = {
    "ArgMax": "its result jumps",
    "Celu": "it bends where no unit is counted",
    "Elu": "it bends where no unit is counted",
    "Log": "it is not defined everywhere",
    "Selu": "it bends where no unit is counted",
}
# Networks of tests/data/ops that are refused: their names, and words why.
REFUSED = {
    "^opset6_|^(batchnorm|mlp|tile|upsample)_opset6": "opset 6",
    "batchnorm_opset7": "not spatial",
    "cast_like$": "CastLike",
    "same_upper_one_cut": "auto_pad with a stride above",
    "convtranspose_2d_(output_shape_upper|same_)": "cuts off an odd number",
    "argmax|tail_label|tail_pair": "ArgMax",
    "tail_elu": "Elu",
    "tail_log_softmax": "Log",
    "shape_by|inputs_shapes|input_u?int": "no floats, or of no known size",
    "sparse_initializer": "sparse",
    "^function_": "not known here",
    "^jump_": "comparison|constants alone",
    "^stored_(e|u?int)": "type is not known",
    "unique_(axis|rows)": "attribute axis",
}
# With --output or --shape the network is another than the file's.
OTHERS = ("--output", "--shape")


def evaluate(net, row):
    """The outputs at an input."""
    value = [Fraction(x) for x in row]
    for rule in net.rule:
        if isinstance(rule, Affine):
            value.append(rule.bias + sum(w * value[s] for s, w in rule.terms))
        elif isinstance(rule, Bent):
            x = value[rule.scalar]
            p = sum(b < x for b in rule.at)
            value.append(rule.slope[p] * x + rule.intercept[p])
        else:
            best = min if rule.is_min else max
            value.append(best(value[s] for s in rule.scalars))
    return [float(value[e.number] if isinstance(e, Scalar) else e)
            for name in net.outputs for e in net.tensor[name].flat]


def differs(net, row, want, tolerance):
    """"" when the outputs are those, relative to the largest; nothing is known
    of smooth ones."""
    if any(isinstance(e, Smooth) for name in net.outputs
           for e in net.tensor[name].flat):
        return ""
    got = evaluate(net, row)
    size = max([abs(v) for v in want] + [1e-30])
    if len(got) != len(want):
        return f"{len(got)} numbers instead of {len(want)}"
    for i, (a, b) in enumerate(zip(got, want)):
        if not abs(a - b) <= tolerance * size:
            return f"number {i} is {a} instead of {b}"
    return ""


def reason(name):
    return next((words for names, words in REFUSED.items()
                 if re.search(names, name)), None)


def corpus(only):
    """(name, path of the network, what is known of it) of tests/data/ops."""
    for path in sorted(OPS.glob("*.json")):
        known = json.loads(path.read_text())
        args = known.get("args", [])
        if only in path.stem and not any(a in args for a in OTHERS):
            yield path.stem, path.with_suffix(".onnx"), known


def part_table(options, checks):
    """The rows of src/onnx/ops.c that have a handler, or may be left out at the
    end."""
    text = (ROOT / "src" / "onnx" / "ops.c").read_text()
    domain = {"standard": "", "learning": "ai.onnx.ml.",
              "microsoft": "com.microsoft."}
    for name, rows in re.findall(r"pleats_op (\w+)\[\] = \{(.*?)\n\};", text,
                                 re.S):
        found = re.findall(r'\{"(\w+)", pleats_op|\.name = "(\w+)",[^}]*TAIL',
                           rows)
        for operator in (domain[name] + (a or b) for a, b in found):
            known, lacks = operator in OPERATORS, operator in LACKING
            checks.add(f"operator {operator}", "" if known != lacks else
                       "is not known" if lacks else "is known and unknown")


def part_read(options, checks):
    for name, path, known in corpus(options.only):
        try:
            net, wrong, why = Network(path), "", reason(name)
            if why:
                wrong = f"is read, and should be refused: {why}"
            for row, want in zip(known["x"], known["y"]):
                wrong = wrong or differs(net, row, want, known["tolerance"])
        except Refused as error:
            why, wrong = reason(name), ""
            if not why or not re.search(why, str(error)) or "\n" in str(error):
                wrong = f"refused: {error}"
        checks.add(f"read {name}", wrong)


def part_nodes(options, checks):
    """No fewer are read right than certificates/nodes.json says."""
    from test_onnx_nodes import CONTRADICT, collect, variants
    passed, least = collections.Counter(), json.loads(
        (HERE / "nodes.json").read_text())
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "net.onnx"
        for test in collect():
            if test.name in CONTRADICT or options.only not in test.name:
                continue
            operator = test.model.graph.node[0].op_type
            for name, data, row, want, tolerance in variants(test):
                if len(row) > MOST_INPUTS:
                    continue
                path.write_bytes(data)
                try:
                    wrong = differs(Network(path), row, want, tolerance)
                    passed[operator] += not wrong
                    checks.add(f"node {name}", wrong)
                except Refused as error:
                    checks.add(f"node {name}", "" if "\n" not in str(error)
                               else f"more than a line: {error}")
    print("read:", json.dumps(dict(sorted(passed.items()))))
    for operator, n in least.items():
        if not options.only:
            checks.add(f"{operator} is read", "" if passed[operator] >= n else
                       f"{passed[operator]} tests instead of {n}")


def part_prove(options, checks):
    """In boxes, of networks that have few regions there; of those without units
    one for each operator."""
    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        asked, seen = Checkers(options.checker, folder), set()
        for name, path, known in corpus(options.only):
            if reason(name):
                continue
            net = Network(path)
            operators = {n.op_type for n in onnx.load(str(path)).graph.node}
            is_new = not operators <= seen
            place = folder / "certificate"
            if not net.n_units and not is_new:
                continue
            result = run([options.pleats, "count", path, "--box", "-1,1",
                          "--max-cells", MOST_CELLS, "--certificate", place,
                          *known.get("args", [])])
            if result.returncode == 4:      # more cells than that
                continue
            wrong = result.stderr[:300]
            if result.returncode == 0:
                wrong = proof(net, place, path, asked if is_new else None)
                seen |= operators
            checks.add(f"prove {name}", wrong)
        for name, (nodes, stored, shape) in NUMBERED.items():
            path = folder / "net.onnx"
            small(path, nodes, stored, shape, 18)
            result = run([options.pleats, "count", path, "--box", "-1,2",
                          "--certificate", place])
            checks.add(f"prove {name}", result.stderr[:300] or
                       proof(Network(path), place, path, None))


def small(path, nodes, stored=(), shape=(1, 4), opset=13, kind=None):
    """Saves a network of nodes (operator, inputs, outputs, attributes)."""
    graph = helper.make_graph(
        [helper.make_node(op, ins.split(), outs.split(), **how)
         for op, ins, outs, how in nodes], "g",
        [helper.make_tensor_value_info("x", kind or TensorProto.FLOAT, shape)],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, None)],
        [numpy_helper.from_array(np.array(v), k) for k, v in dict(
            stored).items()])
    onnx.save(helper.make_model(
        graph, opset_imports=[helper.make_opsetid("", opset)]), str(path))


def part_forged(options, checks):
    """What must not be read, though much of it could be: one line says why."""
    ends = float("inf")
    for nodes, stored, why, how in (
            ([("Tanh", "x", "t", {}), ("Relu", "t", "y", {})], {},
             "unit behind a smooth", {}),
            ([("Tanh", "x", "t", {}), ("Add", "t x", "s", {}),
              ("Max", "s x", "y", {})], {}, "unit behind a smooth", {}),
            ([("Add", "x c", "y", {})], {"c": np.float32([ends] * 4)},
             "not finite", {}),
            ([("Add", "x c", "y", {})], {"c": np.float32([np.nan] * 4)},
             "parameter c: what is no number", {}),
            ([("Max", "x c", "y", {})], {"c": np.float32([ends] * 4)},
             "not finite", {}),
            ([("Mul", "x x", "y", {})], {}, "two variables", {}),
            ([("Add", "x x", "y", {"axis": 0})], {}, "attribute axis", {}),
            ([("Relu", "x", "y", {})], {}, "opset 6", {"opset": 6}),
            ([("Relu", "x", "y", {})], {}, "opset 99", {"opset": 99}),
            ([("Relu", "x", "y", {})], {}, "no floats",
             {"kind": TensorProto.INT64}),
            ([("Relu", "x", "y", {})], {}, "no known size",
             {"shape": [1, "n"]}),
            ([("Relu", "z", "y", {})], {}, "tensor z is not there", {}),
            ([("Relu", "x", "y", {}), ("Abs", "x", "y", {})], {},
             "two tensors of one name", {}),
            ([("Add", "x z", "y", {}), ("Relu", "y", "z", {})], {}, "cycle", {}),
            ([("Pow", "x e", "y", {})], {"e": np.float32(2)}, "exponents", {}),
            ([("Pow", "x e", "y", {})], {"e": np.float32(0.5)}, "exponents", {}),
            ([("Shrink", "x", "y", {"lambd": 1.0, "bias": 0.5})], {}, "jump",
             {}),
            ([("ThresholdedRelu", "x", "y", {"alpha": 1.0})], {}, "jump", {}),
            ([("GlobalLpPool", "x", "y", {"p": 2})], {}, "another p",
             {"shape": (1, 1, 4)}),
            ([("RNN", "x w r", "y", {"activations": ["Tanh"]})],
             {"w": np.float32([[[1]]]), "r": np.float32([[[1]]])},
             "activation Tanh", {"shape": (2, 1, 1)}),
            ([("RNN", "x w r", "y", {"activations": ["Relu"]})],
             {"w": np.float32([[[1]]]), "r": np.float32([[[1]]])},
             "do not fit", {"shape": (2, 1, 2)}),
            ([("BatchNormalization", "x a a a a", "y", {"training_mode": 1})],
             {"a": np.float32([1] * 4)}, "training", {"opset": 15}),
            ([("Dropout", "x r t", "y", {})],
             {"r": np.float32(0.5), "t": True}, "training", {}),
            ([("Gather", "x i", "y", {"axis": 1})], {"i": np.int64([4])},
             "out of range", {}),
            ([("Gather", "x i", "y", {"axis": 1})], {"i": np.float32([1])},
             "no integers", {}),
            ([("Reshape", "x s", "y", {})], {"s": np.int64([-2, 2])},
             "below -1", {}),
            ([("Split", "x", "y z", {"axis": 1})], {}, "equal parts",
             {"shape": (1, 5)}),
            ([("ScatterND", "x i u", "y", {})],
             {"i": np.int64([[0, 1], [0, 1]]), "u": np.float32([1, 2])},
             "two updates", {}),
            # 6 times this number is below 5, and 5 in floats.
            ([("Resize", "x r s", "y", {})],
             {"r": np.float32([]), "s": np.float32([1, 5 / 6])},
             "how scales are rounded", {"shape": (1, 6)}),
            ([("Cast", "x", "y", {"to": TensorProto.INT64})], {},
             "a variable to integers", {}),
            ([("Less", "x x", "b", {}), ("Cast", "b", "y", {"to": 1})], {},
             "depends on the input", {}),
            ([("Add", "i i", "j", {}), ("Cast", "j", "k", {"to": 1}),
              ("Add", "x k", "y", {})], {"i": np.uint8([200])},
             "out of range", {}),
            ([("Sum", "x i", "y", {})], {"i": np.int64([1])},
             "arithmetic of integers", {}),
            ([("Relu", "x c", "y", {})], {"c": np.float32([1])},
             "cannot be read", {})):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "net.onnx"
            small(path, nodes, stored, **how)
            wrong = "is read"
            try:
                Network(path)
            except Refused as error:
                wrong = "" if re.search(why, str(error)) and \
                    "\n" not in str(error) else str(error)
            checks.add(f"refuse {nodes[0][0]}: {why}", wrong)
    by_hand(checks)


def by_hand(checks):
    """Numbers of what no other source here has."""
    integers = {"a": np.int64([7, -7, 7, -7]), "b": np.int64([2, 2, -2, -2])}
    for name, nodes, stored, shape, row, want in (
            ("quotients of integers round to 0",
             [("Div", "a b", "q", {}), ("Cast", "q", "k", {"to": 1}),
              ("Add", "x k", "y", {})], integers, (1, 4), [0, 0, 0, 0],
             [3, -3, -3, 3]),
            ("a slice that falls to the first entry",
             [("Slice", "x b e a s", "y", {})],
             {"b": np.int64([9]), "e": np.int64([-5]), "a": np.int64([1]),
              "s": np.int64([-1])}, (1, 4), [1, 2, 3, 4], [4, 3, 2, 1]),
            ("no window begins behind the input",
             [("MaxPool", "x", "y", {"kernel_shape": [2], "strides": [3],
                                     "pads": [0, 1], "ceil_mode": 1})], {},
             (1, 1, 3), [1, 2, 3], [2])):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "net.onnx"
            small(path, nodes, stored, shape)
            checks.add(name, differs(Network(path), row, want, 0))


# Networks whose units or candidates another reading would number otherwise.
NUMBERED = {
    "units of 0 times the input": (
        [("Mul", "x o", "z", {}), ("Relu", "z", "r", {}), ("Relu", "x", "s", {}),
         ("Concat", "r s", "y", {"axis": 1})],
        {"o": np.float32([0])}, (1, 2)),
    "units of sums that cancel": (
        [("Sub", "x x", "z", {}), ("Abs", "z", "r", {}), ("Abs", "x", "s", {}),
         ("Add", "r s", "y", {})], {}, (1, 2)),
    "two updates of one place": (
        [("Split", "x n", "d u", {"axis": 1}),
         ("ScatterElements", "d i u", "y", {"axis": 1, "reduction": "max"})],
        {"n": np.int64([1, 2]), "i": np.int64([[0, 0]])}, (1, 3)),
    "branches in another order than the file's": (
        [("Abs", "x", "b", {}), ("Relu", "x", "a", {}),
         ("Sub", "a b", "y", {})], {}, (1, 2)),
}


def proof(net, certificate, model, asked):
    """"" when check.py proves it and, where it is asked, check.c."""
    try:
        check.prove(certificate.read_bytes(), net)
    except Refused as error:
        return f"check.py: {error}"
    if not asked:
        return ""
    text = asked.work / "network.txt"
    text.write_text(dump(net))
    asked.texts[str(model)] = text
    result = asked.ask_c([certificate], model)
    return "" if result.returncode == 0 else f"check.c: {result.stdout[:300]}"


if __name__ == "__main__":
    parts = {name[5:]: f for name, f in globals().items()
             if name.startswith("part_")}
    given = arguments(checker="the checker in C",
                      part="one of " + ", ".join(parts))
    made = Checks()
    parts[given.part](given, made)
    made.finish()
