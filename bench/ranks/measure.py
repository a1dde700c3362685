#!/usr/bin/python3
"""Measures what bench/ranks/simulate.py needs: sizes of the subtrees that are
left when four large counts are stopped, and what rank 0's calls cost.
Usage: measure.py BUILD_FOLDER [--out FILE] [--only NAME]; some minutes of a
build with -DPLEATS_TESTS=ON.  --check: a small count, and nothing is written.

All times are of the processor, so that other work on the machine does not
stretch them (it still slows down shared caches).  The counts run side by side.
"""
import argparse
import concurrent.futures
import json
import pathlib
import subprocess
import sys
import tempfile
import threading

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[1]
sys.path[:0] = [str(HERE.parent), str(ROOT / "tests/data")]
from machine import describe  # noqa: E402
from networks import network  # noqa: E402

CUTS = [0.01, 0.5, 0.1]  # the subtrees of the last are cut once more
STORES = [100, 1000, 10000, 100000]  # tasks
SLICE, SLICED, REPEATS = 100, 20000, 5  # regions a run, of all runs
BOXES = "ext/acasxu_boxes.json"

# Name, what `pleats make` makes or a file, its options, domain.
COUNTS = [
    ("mlp", "mlp:6,17,17,1", ["--seed", "1"], "all"),
    ("deep", "mlp:2" + ",128" * 16 + ",1",
     ["--seed", "1", "--init", "he-normal"], "-1,1"),
    ("acas", "ext/ACASXU_run2a_3_3_batch_2000.onnx", None,
     "property 8, first input below -0.327"),
    ("cnn", "cnn:in=1x2x3/conv=8@2x2/relu/conv=16@1x2/relu/flatten/fc=1",
     ["--seed", "1"], "all"),
]
SMALL = ("small", "mlp:3,12,12,1", ["--seed", "1"], "all")


def options():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--out", type=pathlib.Path,
                        default=HERE / "subtrees.json")
    parser.add_argument("--only", default="", help="a count, or 'store'")
    parser.add_argument("--check", action="store_true")
    return parser.parse_args()


def make(build, folder, name, model, how, domain):
    """The files of a count: its network and its domain."""
    path = folder / f"{name}.onnx"
    if how is None:
        path = network(model)
    else:
        subprocess.run([build / "pleats", "make", model, *how, "-o", path],
                       check=True, stdout=subprocess.DEVNULL)
    if domain == "all":
        return [path, "all"]
    box = folder / f"{name}.json"
    sides = {"lo": [-1, -1], "hi": [1, 1]}
    if domain.startswith("property 8"):
        boxes = json.loads(network(BOXES).read_text())["properties"]
        sides = {k: boxes["8"]["boxes"][0][k] for k in sides}
        sides["hi"][0] = -0.327  # all of it has tens of millions of regions
    box.write_text(json.dumps(sides))
    return [path, box]


def lines(*command):
    out = subprocess.run([str(c) for c in command], check=True, text=True,
                         stdout=subprocess.PIPE).stdout
    return [json.loads(line) for line in out.splitlines()]


def subtrees(tool, model, domain):
    """Regions and seconds of the whole; of each cut its part of the subtree
    that was cut, and the subtrees left, as parts of all that is left, in their
    order; what it costs to take up a task."""
    whole = lines(tool, "slices", model, domain, 0, 0)[0]
    regions = whole["regions"]
    found = lines(tool, "cuts", model, domain,
                  *(round(regions * cut) for cut in CUTS))
    cuts = []
    for i, f in enumerate(found):
        left = sum(n for n, _ in f["left"])
        if i < len(CUTS) and f["regions"] + left != regions:
            sys.exit(f"{model}: {f['regions']} + {left} regions, not {regions}")
        cuts.append({"cut": round(f["regions"] / (f["regions"] + left), 4),
                     "left": [round(n / left, 9) for n, _ in f["left"]]})
    return {"regions": regions, "seconds": whole["seconds"], "cuts": cuts,
            "task_seconds": task_seconds(tool, model, domain)}


def task_seconds(tool, model, domain):
    """What a count in many short runs, each with few tasks, takes longer than
    in one: the way down to where it goes on; the least of several."""
    def count(cells):
        return min((lines(tool, "slices", model, domain, cells, SLICED)[0]
                    for _ in range(REPEATS)), key=lambda c: c["seconds"])
    whole, sliced = count(SLICED), count(SLICE)
    return round((sliced["seconds"] - whole["seconds"] * sliced["regions"] /
                  whole["regions"]) / (sliced["slices"] - 1), 6)


def main():
    o = options()
    lock = threading.Lock()
    result = json.loads(o.out.read_text()) if o.out.exists() else {}
    result["machine"] = describe(o.build / "pleats")

    def put(name, what):
        with lock:
            result[name] = what
            rows = (f" {json.dumps(k)}: {json.dumps(v)}"
                    for k, v in result.items())
            o.out.write_text("{\n" + ",\n".join(rows) + "\n}\n")

    with tempfile.TemporaryDirectory() as folder, \
            concurrent.futures.ThreadPoolExecutor() as pool:
        folder = pathlib.Path(folder)
        tool = o.build / "tests/oracle/frontier"
        if o.check:
            print(subtrees(tool, *make(o.build, folder, *SMALL)))
            return
        jobs = []
        for name, *how in COUNTS:
            if o.only in ("", name):
                files = make(o.build, folder, name, *how)
                jobs.append(pool.submit(
                    lambda name=name, how=how, files=files: put(name, {
                        "model": how[0], "domain": how[2],
                        **subtrees(tool, *files)})))
        for job in jobs:
            job.result()
        if o.only in ("", "store"):
            files = make(o.build, folder, *COUNTS[0])
            put("store", lines(tool, "costs", *files, 9000, *STORES))


if __name__ == "__main__":
    main()
