#!/usr/bin/python3
"""Measures what bench/ranks/simulate.py needs: sizes of the subtrees that are
left when four large counts are stopped, and what rank 0's calls cost.
Usage: measure.py BUILD_FOLDER [--out FILE] [--only NAME]; minutes.

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
SLICES = [1500, 6000]  # regions a run, some 10 and 40 ms
BOXES = "ext/acasxu_boxes.json"

# Name, what `pleats make` makes or a file, its options, domain.
COUNTS = [
    ("mlp", "mlp:6,17,17,1", ["--seed", "1"], "all"),
    ("deep", "mlp:2" + ",128" * 16 + ",1",
     ["--seed", "1", "--init", "he-normal"], "-1,1"),
    ("acas", "ext/ACASXU_run2a_3_3_batch_2000.onnx", None,
     "property 8, first input below -0.3"),
    ("cnn", "cnn:in=1x2x3/conv=8@2x2/relu/conv=16@1x2/relu/flatten/fc=1",
     ["--seed", "1"], "all"),
]


def options():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--out", type=pathlib.Path,
                        default=HERE / "subtrees.json")
    parser.add_argument("--only", default="", help="a count, or 'store'")
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
        sides["hi"][0] = -0.3  # all of it has tens of millions of regions
    box.write_text(json.dumps(sides))
    return [path, box]


def build_tool(build, folder):
    tool = folder / "frontier"
    library = (build / "src").resolve()
    subprocess.run(["cc", "-std=c11", "-O2", f"-I{ROOT}/include",
                    f"-I{build}/include", HERE / "frontier.c", "-o", tool,
                    library / "libpleats.so", f"-Wl,-rpath,{library}"],
                   check=True)
    return tool


def lines(*command):
    out = subprocess.run([str(c) for c in command], check=True, text=True,
                         stdout=subprocess.PIPE).stdout
    return [json.loads(line) for line in out.splitlines()]


def subtrees(tool, model, domain):
    """Regions and seconds of the whole; of each cut its part of the subtree
    that was cut, and the subtrees left, as parts of all that is left, in their
    order; the cost of a task: that of those of few regions."""
    whole = lines(tool, "slices", model, domain, 0)[0]
    regions = whole["regions"]
    found = lines(tool, "cuts", model, domain,
                  *(round(regions * cut) for cut in CUTS))
    cuts = []
    for f in found:
        left = sum(n for n, _ in f["left"])
        cuts.append({"cut": round(f["regions"] / (f["regions"] + left), 4),
                     "left": [round(n / left, 9) for n, _ in f["left"]]})
    small = sorted(s for f in found for n, s in f["left"] if n <= 100)
    return {"regions": regions, "seconds": whole["seconds"], "cuts": cuts,
            "task_seconds": small[len(small) // 2] if small else None}


def store(tool, model, domain):
    """Costs of rank 0's calls, and of a slice."""
    whole = lines(tool, "slices", model, domain, 0)[0]["seconds"]
    sliced = [lines(tool, "slices", model, domain, n)[0] for n in SLICES]
    return {"calls": lines(tool, "costs", model, domain, 9000, *STORES),
            "slices": [{"slices": s["slices"], "slice_seconds": round(
                (s["seconds"] - whole) / s["slices"], 6)} for s in sliced]}


def main():
    o = options()
    lock = threading.Lock()
    result = json.loads(o.out.read_text()) if o.out.exists() else {}
    result["machine"] = describe(o.build / "pleats")

    def put(name, what):
        with lock:
            result[name] = what
            o.out.write_text(json.dumps(result, indent=1) + "\n")

    with tempfile.TemporaryDirectory() as folder, \
            concurrent.futures.ThreadPoolExecutor() as pool:
        folder = pathlib.Path(folder)
        tool = build_tool(o.build, folder)
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
            put("store", store(tool, *files))


if __name__ == "__main__":
    main()
