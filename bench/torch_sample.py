#!/usr/bin/python3
"""Points a second of `pleats sample`, against the same work in PyTorch.

Usage: torch_sample.py PLEATS [--repeats N] [--out FILE.json]

Needs python3-torch, python3-onnx and python3-numpy.  For each network that is
here (tests/data/networks.py), number of threads and float type, PyTorch runs in batches of
1000: "forward" is the network's outputs alone, for one batch that is there
already; "patterns" is what pleats does: draw the points, run up to the last
units, and collect the distinct patterns (packed bits, in a set).  Both sides take
turns in one run; numbers are medians, by the clock and by CPU time (which tells
more where others use the machine, and counts waiting threads that spin).
OPENBLAS_CORETYPE is left as it is: it decides how fast PyTorch's dense layers are
where the library does not know the processor.
"""
import argparse
import json
import os
import pathlib
import resource
import statistics
import subprocess
import sys
import time

import numpy as np
import onnx
import torch
import torch.nn.functional as F
from onnx import helper, numpy_helper

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] /
                       "tests/data"))
from networks import network  # noqa: E402

NAMES = ("fashion28_cnn", "digits_lenet", "ext/mnist-net_256x2")
BATCH = 1000
LEAST_SECONDS = 0.5


def conv(a, x, w, b=None):
    pads = a.get("pads", [0] * 4)
    assert pads[:2] == pads[2:]
    return F.conv2d(x, w, b, a.get("strides", 1), pads[:2],
                    a.get("dilations", 1), a.get("group", 1))


def gemm(a, x, w, c):
    assert a.get("alpha", 1.0) == a.get("beta", 1.0) == 1.0
    assert a.get("transB")
    return F.linear(x.flatten(1), w, c)


def max_pool(a, x):
    return F.max_pool2d(x, a["kernel_shape"], a["strides"],
                        return_indices=True)


OPERATORS = {"Conv": conv, "Gemm": gemm,
             "Relu": lambda a, x: F.relu(x),
             "Flatten": lambda a, x: x.flatten(1)}


class Network:
    def __init__(self, path, kind):
        graph = onnx.load(path).graph
        self.weights = {
            t.name: torch.from_numpy(numpy_helper.to_array(t).copy()).to(kind)
            for t in graph.initializer}
        self.kind = kind
        given = next(i for i in graph.input if i.name not in self.weights)
        self.input = given.name
        sizes = [d.dim_value for d in given.type.tensor_type.shape.dim]
        self.shape = (BATCH, *[s for s in sizes[1:] if s > 0])
        self.output = graph.output[0].name
        self.steps = [(n.op_type, {i.name: helper.get_attribute_value(i)
                                   for i in n.attribute},
                       list(n.input), n.output[0]) for n in graph.node]
        units = [i for i, s in enumerate(self.steps)
                 if s[0] in ("Relu", "MaxPool")]
        self.last = units[-1]

    def forward(self, x, masks=None):
        values = {self.input: x}
        for i, (op, a, names, out) in enumerate(self.steps):
            args = [values[n] if n in values else self.weights[n]
                    for n in names]
            if op == "MaxPool":
                if masks is None:
                    values[out] = F.max_pool2d(args[0], a["kernel_shape"],
                                               a["strides"])
                else:
                    values[out], index = max_pool(a, args[0])
                    masks.append(index.flatten(1).to(torch.uint8))
            else:
                values[out] = OPERATORS[op](a, *args)
                if op == "Relu" and masks is not None:
                    masks.append((values[out] > 0).flatten(1))
            if masks is not None and i == self.last:
                return None
        return values[self.output]

    def points(self):
        return torch.rand(self.shape, dtype=self.kind)


def pack(masks):
    bits = [m.numpy() for m in masks if m.dtype == torch.bool]
    rest = [m.numpy() for m in masks if m.dtype != torch.bool]
    return np.concatenate([np.packbits(np.concatenate(bits, 1), axis=1),
                           *rest], axis=1)


def rate(work):
    """Points a second of work(), which does one batch; and a second of CPU."""
    work()
    start, cpu, batches = time.perf_counter(), time.process_time(), 0
    while time.perf_counter() - start < LEAST_SECONDS:
        work()
        batches += 1
    points = BATCH * batches
    return (points / (time.perf_counter() - start),
            points / (time.process_time() - cpu))


def torch_rates(path, kind, threads):
    torch.set_num_threads(threads)
    network = Network(path, kind)
    x, seen = network.points(), set()

    def forward():
        network.forward(x)

    def patterns():
        masks = []
        network.forward(network.points(), masks)
        seen.update(row.tobytes() for row in pack(masks))
        if len(seen) > 200000:
            seen.clear()

    with torch.inference_mode():
        return rate(forward), rate(patterns)


def pleats_rate(pleats, path, threads, points):
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    answer = json.loads(subprocess.run(
        [pleats, "sample", path, "--box", "0,1", "--points", str(points),
         "--batch", str(BATCH), "--threads", str(threads), "--json"],
        check=True, stdout=subprocess.PIPE).stdout)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return (points / answer["seconds"],
            points / (after.ru_utime + after.ru_stime -
                      before.ru_utime - before.ru_stime))


def measure(options, name, threads):
    """Medians, by clock and by CPU time."""
    path = network(f"{name}.onnx")
    points = int(pleats_rate(options.pleats, path, threads, 20000)[0] *
                 LEAST_SECONDS)
    found = {k: [] for k in ("pleats", "float64 forward", "float64 patterns",
                             "float32 forward", "float32 patterns")}
    for _ in range(options.repeats):
        found["pleats"].append(pleats_rate(options.pleats, path, threads,
                                           points))
        for kind, text in ((torch.float64, "float64"),
                           (torch.float32, "float32")):
            forward, patterns = torch_rates(path, kind, threads)
            found[f"{text} forward"].append(forward)
            found[f"{text} patterns"].append(patterns)
    return {clock: {k: statistics.median(r[i] for r in v)
                    for k, v in found.items()}
            for i, clock in enumerate(("wall", "cpu"))}


def show(name, threads, clock, row):
    text = ", ".join(f"{k} {v:.0f} ({row['pleats'] / v:.2f}x)"
                     for k, v in row.items() if k != "pleats")
    print(f"{name}, {threads} thread(s), a second of {clock}: pleats "
          f"{row['pleats']:.0f}; {text}", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("pleats")
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--out")
    options = parser.parse_args()
    core = os.environ.get("OPENBLAS_CORETYPE", "as found")
    print(f"torch {torch.__version__}, OPENBLAS_CORETYPE {core}, batch {BATCH};"
          " points a second, and pleats' ratio to each")
    rows = []
    for name in (n for n in NAMES if network(f"{n}.onnx").exists()):
        for threads in (1, 2):
            row = measure(options, name, threads)
            rows.append({"network": name, "threads": threads, **row})
            for clock, rates in row.items():
                show(name, threads, clock, rates)
    if options.out:
        pathlib.Path(options.out).write_text(json.dumps(
            {"coretype": core, "torch": torch.__version__, "rows": rows},
            indent=1) + "\n")


if __name__ == "__main__":
    sys.exit(main())
