#!/usr/bin/python3
"""Compares random networks of one operator with onnxruntime.

    npm install --ignore-scripts --prefix /tmp/ort onnxruntime-node@1.22.0
    tests/data/compare_onnxruntime.py build/pleats \\
        /tmp/ort/node_modules/onnxruntime-node --count 2000 [--first N]
        [--only MAKER]

Every number is the seed of one network (random_operators.py).  onnxruntime
computes in float32: outputs may differ by TOLERANCE of the largest one.

Of the first 2,048 four differ, where onnxruntime 1.22.0 does not follow the
definition: 517 (AveragePool with ceil_mode divides by cells beyond the padding;
PyTorch agrees with pleats), 245 and 1095 (SAME_LOWER and SAME_UPPER with dilations
are not of size ceil(input / stride)), 1927 (a position that is exactly 1/2 is
rounded below it).  Refused, since no definition settles it: auto_pad SAME_* with a stride
so far above the kernel that entries would be cut off.
"""
import argparse
import collections
import concurrent.futures
import json
import pathlib
import re
import subprocess
import sys
import tempfile

import numpy as np
from onnx import TensorProto, helper

from corpus import ir_version, tensor
from harness import run
from random_operators import MAKERS

TOLERANCE = 2e-4


def write(folder, number):
    """Network `number` of the folder; its operators."""
    r = np.random.default_rng(number)
    maker = MAKERS[number % len(MAKERS)]
    made = maker(r)
    used = {name for node in made.nodes for name in node.input}
    init = [tensor(name, np.asarray(value)) for name, value in
            made.init.items() if name in used]
    outputs = [name for name in made.nodes[-1].output]
    graph = helper.make_graph(
        made.nodes, "graph",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, made.shape)],
        [helper.make_tensor_value_info(name, TensorProto.FLOAT, None)
         for name in outputs], init)
    stamps = [helper.make_opsetid("", made.opset)]
    if made.domain:
        stamps.append(helper.make_opsetid(made.domain, 1))
    model = helper.make_model(graph, opset_imports=stamps)
    model.ir_version = min(ir_version(made.opset), 9)
    stem = folder / f"{number:06}"
    stem.with_suffix(".onnx").write_bytes(model.SerializeToString())
    x = r.normal(size=made.shape).astype(np.float32)
    stem.with_suffix(".json").write_text(json.dumps(
        {"x": [x.astype(float).ravel().tolist()], "shape": made.shape}))
    return maker.__name__, " ".join(n.op_type for n in made.nodes)


def compare(pleats, stem):
    """("equal" | "differs" | "theirs" | "ours", why); the last two: refused"""
    answer = json.loads(stem.with_suffix(".out.json").read_text())
    if "error" in answer:
        return "theirs", answer["error"]
    result = run([pleats, "eval", stem.with_suffix(".onnx"), "--input",
                  stem.with_suffix(".json"), "--json"])
    if result.returncode:
        return "ours", result.stderr.strip().split(": ", 2)[-1]
    got = json.loads(result.stdout)["outputs"][0]
    want = answer["y"]
    if len(got) != len(want):
        return "differs", f"{len(got)} numbers instead of {len(want)}"
    size = max([abs(v) for v in want] + [1e-3])
    worst = max((abs(a - b) for a, b in zip(got, want)), default=0)
    return ("equal", "") if worst <= TOLERANCE * size else (
        "differs", f"by {worst / size:.1e}: {got[:6]} instead of {want[:6]}")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("pleats")
    parser.add_argument("runtime", help="folder of the npm package")
    parser.add_argument("--count", type=int, default=2000)
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--only", default="")
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    here = pathlib.Path(__file__).resolve().parent
    counts = collections.Counter()
    refused = collections.Counter()
    with tempfile.TemporaryDirectory() as name:
        folder, made = pathlib.Path(name), {}
        for number in range(options.first, options.first + options.count):
            if options.only in MAKERS[number % len(MAKERS)].__name__:
                made[number] = write(folder, number)
        subprocess.run(["node", here / "compare_onnxruntime.js",
                        pathlib.Path(options.runtime).resolve(), folder],
                       check=True)
        with concurrent.futures.ThreadPoolExecutor(options.workers) as pool:
            answers = list(pool.map(lambda n: compare(
                options.pleats, folder / f"{n:06}"), made))
        for (number, (maker, ops)), (how, why) in zip(made.items(), answers):
            counts[how] += 1
            if how == "differs":
                print(f"{number} {maker} ({ops}): {why}")
            elif how != "equal":
                refused[f"{how}: {ops}: " + re.sub(r"\d+", "#", why)[:160]] += 1
    for reason, n in sorted(refused.items()):
        print(f"{n:4} refused by {reason}")
    print(dict(counts))
    sys.exit(1 if counts["differs"] else 0)


if __name__ == "__main__":
    main()
