#!/usr/bin/python3
"""Runs the operator tests that python3-onnx brings through the program: each
float input of a test's node is made the network's input once, the others are
stored as constants.  What is evaluated must be right, what is not must be
refused in one line, and no fewer may pass for an operator than
onnx_nodes.json says.

Usage: test_onnx_nodes.py PLEATS COUNTS [--only NAME]"""
import collections
import concurrent.futures
import json
import os
import pathlib
import re
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "data"))
from harness import SKIPPED, Checks, arguments, refused, run

# Relative to the largest number; HALF of outputs in float16 or bfloat16, which
# have 11 or 8 bits.
TOLERANCE, HALF = 2e-5, 1e-2

# These expect align_corners to use scale * length where the result's length is
# its floor; the operator's text ("the length of the resized tensor"), PyTorch
# and onnxruntime use the length.
CONTRADICT = ("test_resize_downsample_scales_linear_align_corners",
              "test_resize_downsample_scales_cubic_align_corners")


def collect():
    """The node tests; older releases use names that numpy has dropped."""
    try:
        import numpy as np
        for name, kind in (("float", float), ("int", int), ("bool", bool),
                           ("object", object)):
            if name not in vars(np):
                setattr(np, name, kind)
        import warnings
        warnings.simplefilter("ignore")
        from onnx.backend.test.case import node
    except ImportError as missing:
        print("no operator tests:", missing)
        sys.exit(SKIPPED)
    try:
        return node.collect_testcases(None)
    except TypeError:
        return node.collect_testcases()


def numbers(value, info):
    """An output as float64; bfloat16 comes as bits."""
    import numpy as np
    if info.type.tensor_type.elem_type == 16:
        value = (value.astype(np.uint32) << 16).view(np.float32)
    return np.asarray(value, np.float64).ravel()


def variants(test):
    """(name, model bytes, row, expected, tolerance) with one float input
    variable."""
    import numpy as np
    from onnx import numpy_helper
    graph = test.model.graph
    if not test.data_sets:
        return
    inputs, outputs = test.data_sets[0]
    stored = {}
    for info, value in zip(graph.input, inputs):
        if not isinstance(value, np.ndarray):
            return
        stored[info.name] = value
    for info in graph.input:
        value = stored[info.name]
        if value.dtype.kind != "f" or not np.isfinite(value).all() or \
                value.size == 0:
            continue
        sizes = [d.dim_value for d in info.type.tensor_type.shape.dim]
        if all(sizes) and np.prod(sizes) != value.size:
            continue  # data that are not of the shape that they declare
        made = type(test.model)()
        made.CopyFrom(test.model)
        del made.graph.input[:]
        made.graph.input.append(info)
        for name, constant in stored.items():
            if name != info.name:
                made.graph.initializer.append(
                    numpy_helper.from_array(constant, name))
        half = any(o.type.tensor_type.elem_type in (10, 16)
                   for o in graph.output)
        try:
            expected = np.concatenate([numbers(o, i) for o, i in
                                       zip(outputs, graph.output)])
        except (AttributeError, TypeError, ValueError):
            continue
        yield (f"{test.name}({info.name})", made.SerializeToString(),
               np.asarray(value, np.float64).ravel().tolist(),
               expected.tolist(), HALF if half else TOLERANCE)


def differs(got, want, tolerance):
    """"" when the numbers agree relative to the largest finite one."""
    if len(got) != len(want):
        return f"{len(got)} numbers instead of {len(want)}"
    size = max([abs(v) for v in want] + [1e-30])
    for i, (a, b) in enumerate(zip(got, want)):
        if not abs(a - b) <= tolerance * size:
            return f"number {i} is {a} instead of {b}"
    return ""


def check(pleats, folder, made):
    """(name, "passed" | "refused" | "wrong", why)"""
    name, data, row, want, tolerance = made
    here = pathlib.Path(tempfile.mkdtemp(dir=folder))
    model, rows = here / "net.onnx", here / "rows.json"
    model.write_bytes(data)
    rows.write_text(json.dumps({"x": [row]}))
    result = run([pleats, "eval", model, "--input", rows, "--json"])
    model.unlink()
    rows.unlink()
    if result.returncode == 0:
        wrong = differs(json.loads(result.stdout)["outputs"][0], want,
                        tolerance)
        return name, "wrong" if wrong else "passed", wrong
    wrong = refused(result, [])
    why = result.stderr.strip().split(": ", 2)[-1]
    return name, "wrong" if wrong else "refused", wrong or why


def main():
    options = arguments(counts="file with the least number of passes")
    least = json.loads(pathlib.Path(options.counts).read_text())
    passed = collections.Counter()
    reasons = collections.Counter()
    checks = Checks()
    made = [(test.model.graph.node[0].op_type, variant) for test in collect()
            if options.only in test.name and test.name not in CONTRADICT
            for variant in variants(test)]
    workers = int(os.environ.get("PLEATS_TEST_WORKERS", "2"))
    with tempfile.TemporaryDirectory() as folder, \
            concurrent.futures.ThreadPoolExecutor(workers) as pool:
        answers = pool.map(lambda m: check(options.pleats, folder, m[1]), made)
        for (op, _), (name, how, why) in zip(made, answers):
            checks.add(name, why if how == "wrong" else "")
            passed[op] += how == "passed"
            if how == "refused":
                reasons[re.sub(r"'[^']*'", "'..'", f"{op}: {why}")] += 1
    for reason, n in sorted(reasons.items()):
        print(f"refused {n:3}  {reason[:150]}")
    print(sum(passed.values()), "evaluate right,", sum(reasons.values()),
          "are refused,", checks.failed, "are wrong")
    print("passes:", json.dumps({k: v for k, v in sorted(passed.items()) if v}))
    for op, n in least.items():
        if not options.only:
            checks.add(f"{op} passes", "" if passed[op] >= n else
                       f"{passed[op]} instead of {n}")
    checks.finish()


if __name__ == "__main__":
    main()
