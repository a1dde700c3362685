#!/usr/bin/python3
"""Cells on disk, read by h5py and numpy: the patterns are those of the points, by
fractions; the maps have the network's values there; files of all kinds say the
same; what a limit, a signal or a full disk leaves.
Usage: test_cells.py PLEATS EXAMPLES"""
import fractions
import io
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "data"))
from harness import Checks, arguments, ended, refused, run  # noqa: E402
import h5py  # noqa: E402
import numpy as np  # noqa: E402
import onnx  # noqa: E402
from onnx import TensorProto, helper, numpy_helper  # noqa: E402

ALL = "pattern,point,map"
COLUMNS = ("pattern", "point", "is_inside", "a", "b")
PERTURBED = "PLEATS_TEST_PERTURBED" in os.environ


class Network:
    """Layers (W, b) in float64 with an activation between two of them, whose
    breakpoints are `at`; as a file, and by itself."""

    def __init__(self, layers, at=(0,)):
        self.layers = [(np.array(w, float), np.array(b, float))
                       for w, b in layers]
        self.at = at
        self.n_inputs = self.layers[0][0].shape[1]
        self.n_outputs = self.layers[-1][0].shape[0]
        self.n_units = sum(len(b) for _, b in self.layers[:-1])

    def save(self, path):
        nodes, weights, name = [], [], "x"
        for i, (w, b) in enumerate(self.layers):
            weights += [numpy_helper.from_array(w, f"w{i}"),
                        numpy_helper.from_array(b, f"b{i}")]
            last = i == len(self.layers) - 1
            nodes.append(helper.make_node("Gemm", [name, f"w{i}", f"b{i}"],
                                          ["y" if last else f"z{i}"],
                                          transB=1))
            name = f"h{i}"
            if not last and len(self.at) == 1:
                nodes.append(helper.make_node("Relu", [f"z{i}"], [name]))
            elif not last:
                ends = [f"lo{i}", f"hi{i}"]
                weights += [numpy_helper.from_array(np.array(float(v)), end)
                            for v, end in zip(self.at, ends)]
                nodes.append(helper.make_node("Clip", [f"z{i}", *ends], [name]))
        graph = helper.make_graph(
            nodes, "g",
            [helper.make_tensor_value_info("x", TensorProto.DOUBLE,
                                           [1, self.n_inputs])],
            [helper.make_tensor_value_info("y", TensorProto.DOUBLE,
                                           [1, self.n_outputs])], weights)
        onnx.save(helper.make_model(
            graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8),
            str(path))

    def pattern(self, x):
        """The piece of each unit at x, by fractions; None on a wall."""
        value, pieces = [fractions.Fraction(float(v)) for v in x], []
        for w, b in self.layers[:-1]:
            z = [sum((fractions.Fraction(float(v)) * y
                      for v, y in zip(row, value)), fractions.Fraction(float(c)))
                 for row, c in zip(w, b)]
            value = []
            for v, row in zip(z, w):
                if v in self.at and row.any():
                    return None
                pieces.append(sum(v > t for t in self.at))
                v = max(v, fractions.Fraction(self.at[0]))
                value.append(v if len(self.at) == 1 else
                             min(v, fractions.Fraction(self.at[1])))
        return pieces

    def values(self, x):
        """Outputs of rows x, in doubles."""
        for w, b in self.layers[:-1]:
            x = np.maximum(x @ w.T + b, self.at[0])
            x = np.minimum(x, self.at[1]) if len(self.at) > 1 else x
        w, b = self.layers[-1]
        return x @ w.T + b


def unpacked(pattern, n_pieces):
    """Rows of packed patterns as pieces, as docs/formats.md tells."""
    bits = np.unpackbits(pattern, axis=1, bitorder="little")
    width = [int(n - 1).bit_length() for n in n_pieces]
    ends = np.cumsum(width)
    return np.array([[sum(int(row[end - w + j]) << j for j in range(w))
                      for end, w in zip(ends, width)] for row in bits],
                    int).reshape(len(pattern), len(n_pieces))


class Cells:
    """A file, whatever its kind."""

    def __init__(self, path):
        if path.suffix == ".h5":
            with h5py.File(path, "r") as file:
                self.facts = {k: v.item() if hasattr(v, "item") else v
                              for k, v in file.attrs.items()}
                self.columns = {k: v[()] for k, v in file.items()}
                self.chunks = {k: (v.chunks, v.compression)
                               for k, v in file.items()}
        elif path.suffix == ".npz":
            with np.load(path) as file:
                self.columns = {k: file[k] for k in file}
            self.facts = json.loads(self.columns.pop("attributes").item())
        else:
            self.read_lines([json.loads(s) for s in
                             path.read_text().splitlines()])
        self.n_pieces = self.columns.pop("n_pieces")

    def read_lines(self, lines):
        head, *cells, tail = lines
        self.facts = {**head, **tail}
        self.columns = {k: np.array([c[k] for c in cells])
                        for k in (cells[0] if cells else {})}
        self.columns["n_pieces"] = np.array(self.facts.pop("n_pieces"), int)

    def __len__(self):
        return self.facts["regions"]

    def pieces(self):
        pattern = self.columns["pattern"]
        return (pattern if pattern.dtype != np.uint8 else
                unpacked(pattern, self.n_pieces))


class Place:
    def __init__(self, options, folder):
        self.pleats = pathlib.Path(options.pleats).resolve()
        self.examples = pathlib.Path(options.examples).resolve()
        self.is_sanitized = options.no_memory_limit
        self.folder = folder
        self.work = folder / "work"
        self.work.mkdir()

    def __call__(self, *args, seconds=100, **how):
        return run([self.pleats, *args], seconds, **how)

    def cells(self, model, *args, code=0, end=".h5"):
        """(cells, what was wrong)."""
        path = self.work / f"cells{end}"
        wrong = ended(self("cells", model, *args, "-o", path), code)
        return (None, wrong) if wrong else (Cells(path), "")

    def left(self):
        return sorted(p.name for p in self.work.iterdir())

    def clean(self):
        for path in self.work.iterdir():
            path.unlink()


# ---- networks ----

def random_network(seed, sizes, at=(0,), integers=False):
    draw = np.random.default_rng(seed)

    def number(*shape):
        return draw.integers(-2, 3, shape) if integers else \
            draw.standard_normal(shape)

    return Network([(number(m, n), number(m)) for n, m in
                    zip(sizes, sizes[1:])], at)


def degenerate_network():
    """Units that are dead, doubled, opposite and scaled, and biases of 0."""
    return Network([([[1, 2], [1, 2], [-1, -2], [2, 4], [0, 0], [0, 0],
                      [1, 0], [1e-300, 0]], [0, 0, 0, 0, 1, 0, 0.5, 0]),
                    ([[1, -1, 1, 0.5, 1, 1, -1, 0], [0] * 8, [1] * 8],
                     [0, 0, -2]), ([[1, 0, -1], [2, 1, 1]], [0, 1])])


def thin_network(seed):
    """Pairs of breakpoints between which there is no double, or a few."""
    draw = np.random.default_rng(seed)
    w = draw.uniform(0.1, 3, 60)
    b = -w * draw.uniform(-1, 1, 60)
    step = b * 2.0 ** -53 * draw.integers(1, 5, 60)
    return Network([(np.concatenate([w, w])[:, None],
                     np.concatenate([b, b + step])), (np.ones((1, 120)), [0])])


NETWORKS = {
    "random": (random_network(1, [2, 8, 8, 2]), ["--box", "-1,1"]),
    "of R^3": (random_network(2, [3, 6, 5, 1]), []),
    "clipped": (random_network(3, [2, 5, 4, 1], (0, 1)), ["--box", "-3,3"]),
    "of integers": (random_network(4, [2, 7, 5, 2], integers=True), []),
    "degenerate": (degenerate_network(), ["--box", "-1,1"]),
    "without units": (Network([([[1, 2], [3, 4], [5, 6]], [1, 0, 2])]), []),
    "without units on a box": (Network([([[1, 2]], [1])]), ["--box", "0,1"]),
    "thin": (thin_network(5), ["--box", "-1,1"]),
    "thin too": (thin_network(6), ["--box", "-1/3,2/3"]),
    "many inputs": (random_network(7, [12, 6, 2]), ["--box", "-1,1"]),
    "by programmes": (random_network(8, [3, 6, 4, 2]),
                      ["--box", "-1,1", "--engine", "programmes"]),
    "exactly": (random_network(9, [2, 5, 4, 2]),
                ["--box", "-1,1", "--paranoid"]),
}


def compare_points(network, cells):
    """Whether the points have the patterns, where they claim to be inside."""
    pieces, inside = cells.pieces(), cells.columns["is_inside"].astype(bool)
    if len({tuple(p) for p in pieces}) != len(cells):
        return "a pattern is there twice"
    for x, piece, is_inside in zip(cells.columns["point"], pieces, inside):
        if is_inside and network.pattern(x) != list(piece):
            return f"at {x} the pattern is not {piece}"
    return ""


def compare_maps(network, cells):
    c = cells.columns
    got = np.einsum("noi,ni->no", c["a"], c["point"]) + c["b"]
    want = network.values(c["point"])
    size = 1 + np.abs(want).max(initial=0) + np.abs(c["b"]).max(initial=0)
    off = np.abs(got - want).max(initial=0)
    return f"a map is off by {off}" if off > 1e-9 * size else ""


def compare_facts(place, path, network, cells, count):
    facts = cells.facts
    want = {"schema": "pleats-cells/1", "model": str(path),
            "sha256": count["model"]["sha256"], "domain": count["domain"],
            "definition": "activation regions", "label": "exact",
            "complete": True, "stopped": "", "n_units": network.n_units,
            "n_inputs": network.n_inputs, "n_outputs": network.n_outputs,
            "regions": int(count["regions"]), "rounded_parameters": 0,
            "dimension": count["dimension"], "version": count["version"],
            "part": 0, "parts": 1}
    wrong = {k: facts.get(k) for k in want if facts.get(k) != want[k]}
    extra = set(facts) - set(want) - {"domain_exact"}
    if wrong or extra:
        return f"facts {wrong} {extra}"
    n, m, r = network.n_inputs, network.n_outputs, len(cells)
    n_bytes = -(-sum(int(k - 1).bit_length() for k in cells.n_pieces) // 8)
    shapes = {"pattern": (r, n_bytes), "point": (r, n), "is_inside": (r,),
              "a": (r, m, n), "b": (r, m)}
    if {k: v.shape for k, v in cells.columns.items()} != shapes:
        return f"shapes {[v.shape for v in cells.columns.values()]}"
    return ""


def same_columns(one, two):
    for name in COLUMNS:
        a, b = one.columns[name], two.columns[name]
        if name == "pattern":
            a, b = one.pieces(), two.pieces()
        if a.shape != b.shape or not np.array_equal(a, b):
            return f"{name} differs"
    if one.facts != two.facts or not np.array_equal(one.n_pieces,
                                                    two.n_pieces):
        return f"facts differ: {one.facts} {two.facts}"
    return ""


def check_network(place, checks, name, network, domain):
    path = place.folder / "net.onnx"
    network.save(path)
    count = json.loads(place("count", path, *domain, "--json").stdout)
    found = {}
    for end in (".h5", ".npz", ".jsonl"):
        cells, wrong = place.cells(path, *domain, "--fields", ALL,
                                   "--threads", "1", end=end)
        if not wrong and end == ".h5":
            wrong = (compare_facts(place, path, network, cells, count) or
                     compare_points(network, cells) or
                     (not PERTURBED and compare_maps(network, cells)))
            kinds = {k: str(v.dtype) for k, v in cells.columns.items()}
            if not wrong and kinds != {
                    "pattern": "uint8", "point": "float64",
                    "is_inside": "uint8", "a": "float64", "b": "float64"}:
                wrong = f"types {kinds}"
            if not wrong and any(chunk is None or kind != "gzip" for k, (
                    chunk, kind) in cells.chunks.items() if k in COLUMNS):
                wrong = f"not in compressed chunks: {cells.chunks}"
        elif not wrong and (len(cells) or end == ".npz"):
            wrong = same_columns(found[".h5"], cells)
        found[end] = cells
        checks.add(f"{name}: {end}", wrong)
    cells, wrong = place.cells(path, *domain, "--threads", "2")
    if not wrong and sorted(map(tuple, cells.pieces())) != sorted(
            map(tuple, found[".h5"].pieces())):
        wrong = "other patterns than with one thread"
    if not wrong and set(cells.columns) != {"pattern", "point", "is_inside"}:
        wrong = f"by default there are {set(cells.columns)}"
    checks.add(f"{name}: two threads, the usual fields", wrong)
    place.clean()


# ---- domains ----

def check_domains(place, checks):
    network = random_network(11, [3, 6, 4, 1])
    path = place.folder / "net.onnx"
    network.save(path)
    files = {"plane": {"origin": [0, "1/3", 0], "u": [1, 0, 1],
                       "v": [0, 1, 0.5], "box": [-1, 1, -1, 1]},
             "line": {"origin": [0, 0, 0], "u": [1, 2, "-1/3"],
                      "range": [-1, 1]},
             "point": {"lo": ["1/3", 0, 2], "hi": ["1/3", 0, 2]},
             "flat": {"lo": [0, 0, "1/3"], "hi": [1, 1, "1/3"]},
             "empty": {"A": [[1, 0, 0], [-1, 0, 0]], "b": [-1, 0]}}
    kinds = {"point": "--box", "flat": "--box", "empty": "--polytope"}
    for name, text in files.items():
        file = place.folder / f"{name}.json"
        file.write_text(json.dumps(text))
        flag = kinds.get(name, f"--{name}")
        domain = [flag, f"@{file}" if flag == "--box" else str(file)]
        count = json.loads(place("count", path, *domain, "--json").stdout)
        cells, wrong = place.cells(path, *domain, "--fields", ALL)
        if not wrong:
            wrong = (compare_facts(place, path, network, cells, count) or
                     compare_points(network, cells) or
                     (not PERTURBED and compare_maps(network, cells)))
        checks.add(f"a domain: {name}", wrong)
        cells, wrong = place.cells(path, *domain, end=".jsonl")
        if not wrong and len(cells) != int(count["regions"]):
            wrong = f"{len(cells)} regions"
        checks.add(f"a domain, as lines: {name}", wrong)
        if name == "line" and not wrong:
            part = json.loads(cells.facts["domain_exact"])["parts"][0]
            if part["directions"] != [["1", "2", "-1/3"]] or part["lo"] != [
                    "-1"] or part["hi"] != ["1"] or part["A"]:
                wrong = f"{part}"
            checks.add("the exact text of a line", wrong)
    moons = place.examples / "moons.onnx"
    file = place.folder / "union.vnnlib"
    file.write_text("".join(f"(declare-const {v} Real)" for v in (
        "X_0", "X_1", "Y_0")) + "(assert (or (and (>= X_0 -1) (<= X_0 0) "
        "(>= X_1 -1) (<= X_1 1)) (and (>= X_0 -0.5) (<= X_0 1) (>= X_1 0) "
        "(<= X_1 0.5))))")
    union = ["--vnnlib", file]
    count = json.loads(place("count", moons, *union, "--json").stdout)
    cells, wrong = place.cells(moons, *union)
    if not wrong and (len(cells), cells.facts["complete"]) != (
            int(count["regions"]), 1):
        wrong = f"{len(cells)} regions, not {count['regions']}"
    if not wrong and len(json.loads(cells.facts["domain_exact"])["parts"]) < 2:
        wrong = "the exact text has one part"
    checks.add("a union", wrong)
    place.clean()


# ---- parts ----

def rows_of(cells):
    return {p.tobytes() + x.tobytes() for p, x in zip(
        cells.columns["pattern"], cells.columns["point"])}


def joined(place, model, domain, of):
    """What is wrong with the file of all parts."""
    whole, wrong = place.cells(model, *domain)
    if wrong:
        return wrong
    want, paths, parts = rows_of(whole), [], []
    for part in range(of):
        path = place.work / f"part{part}.h5"
        wrong = ended(place("cells", model, *domain, "--shard",
                            f"{part}/{of}", "-o", path), 0)
        if wrong:
            return wrong
        parts.append(Cells(path))
        paths.insert(part // 2, path)
    if sum(map(len, parts)) != len(whole):
        return f"{[len(p) for p in parts]} regions in parts, not {len(whole)}"
    out = place.work / "joined.h5"
    wrong = ended(place("merge", *paths, "-o", out), 0)
    if wrong:
        return wrong
    got = Cells(out)
    if rows_of(got) != want or len(got) != len(whole):
        return f"{len(got)} regions joined, not {len(whole)}"
    for name in ("regions", "complete", "label", "dimension", "part", "parts"):
        if got.facts[name] != whole.facts[name]:
            return f"{name} is {got.facts[name]}"
    return ""


def check_parts(place, checks):
    moons, box = place.examples / "moons.onnx", ["--box", "-1,1"]
    for name, domain, of in (
            ("box", box, 3), ("one part", box, 1), ("line", [
                "--axes", "0", "--at", "FILE:0", "--range", "-1,1"], 2),
            ("more parts than regions", ["--box", "0,1/64"], 40)):
        if "FILE:0" in domain:
            rows = place.folder / "rows.json"
            rows.write_text("[[0.5, 0.25]]")
            domain = [f"{rows}:0" if d == "FILE:0" else d for d in domain]
        checks.add(f"parts: {name}", joined(place, moons, domain, of))
        place.clean()
    paths = [place.work / f"{i}.h5" for i in range(4)]
    for i, path in enumerate(paths[:3]):
        place("cells", moons, *box, "--shard", f"{i}/3", "-o", path)
    place("cells", moons, "--box", "-1,2", "--shard", "2/3", "-o", paths[3])
    partial = place.work / "partial.h5"
    place("cells", moons, *box, "--shard", "2/3", "--max-cells", "5", "-o",
          partial)
    lines = place.work / "lines.jsonl"
    place("cells", moons, *box, "-o", lines)
    out = place.work / "out.h5"
    for name, files, words in (
            ("one is missing", paths[:2], "part 2 of 3 is missing"),
            ("the first is missing", paths[1:3], "part 0 of 3 is missing"),
            ("one twice", [*paths[:3], paths[1]], "and so is"),
            ("another domain's", [*paths[:2], paths[3]], "domain_exact"),
            ("not complete", [*paths[:2], partial], "not complete"),
            ("lines", [*paths[:2], lines], "is no HDF5 file")):
        result = place("merge", *files, "-o", out)
        checks.add(f"parts: {name}", refused(result, [words], 3) or (
            "a file is left" if out.exists() else ""))
    place.clean()


# ---- what stops it ----

def is_partial(cells, stopped):
    """What of a partial file is wrong."""
    facts, shown = cells.facts, {}
    want = {"complete": 0, "label": "lower", "stopped": stopped}
    shown = {k: facts[k] for k in want if facts[k] != want[k]}
    if shown:
        return f"it says {shown}"
    if len(cells) < 1 or any(len(c) != len(cells)
                             for c in cells.columns.values()):
        return f"{len(cells)} regions, {[len(c) for c in cells.columns.values()]}"
    if len(np.unique(cells.columns["pattern"], axis=0)) != len(cells):
        return "patterns are there twice"
    return ""


def long_run(place, path, seconds, number, *args):
    """Sends a signal to a run without an end; how it ended."""
    process = subprocess.Popen(
        [place.pleats, "cells", *args, "-o", path], stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True)
    time.sleep(seconds)
    process.send_signal(number)
    out, err = process.communicate(timeout=100)
    return subprocess.CompletedProcess([], process.returncode, out, err)


def check_full_archive(place, checks):
    """Maps of 720 kB each: an archive of 256 MiB has no more than 372 of them."""
    net = place.folder / "maps.onnx"
    place("make", "mlp:300,12,300", "-o", net)
    result = place("cells", net, "--box", "-1,1", "--fields", "map", "-o",
                   place.work / "cells.npz", "--json")
    wrong = ended(result, 4)
    if not wrong:
        answer = json.loads(result.stdout)
        size = (place.work / "cells.npz").stat().st_size
        if (answer["stopped"], answer["complete"]) != ("memory limit", False
                ) or "256 MiB" not in answer["remarks"][0] or not (
                    250 << 20) < size < (257 << 20):
            wrong = f"{size} bytes, {answer}"
        else:
            with np.load(place.work / "cells.npz") as file:
                facts, n = json.loads(file["attributes"].item()), len(file["b"])
            wrong = "" if (facts["regions"], facts["complete"]) == (
                n, False) else f"{n} rows, {facts}"
    checks.add("a full archive", wrong)
    place.clean()


def check_limits(place, checks):
    bars = place.examples / "bars.onnx"
    for end in (".h5", ".npz", ".jsonl"):
        cells, wrong = place.cells(bars, "--box", "0,1", "--max-cells", "100",
                                   code=4, end=end)
        wrong = wrong or is_partial(cells, "cell limit")
        checks.add(f"{end}: --max-cells", wrong)
    if not place.is_sanitized:
        check_full_archive(place, checks)
    cells, wrong = place.cells(bars, "--box", "0,1", "--time-limit", "1",
                               code=4)
    checks.add("--time-limit", wrong or is_partial(cells, "time limit"))
    place.clean()
    path = place.work / "cells.h5"
    path.write_text("old")
    for number in (signal.SIGINT, signal.SIGTERM):
        wrong = ended(long_run(place, path, 2, number, bars, "--box", "0,1"),
                      4) or is_partial(Cells(path), "interrupt")
        if not wrong and place.left() != [path.name]:
            wrong = f"left: {place.left()}"
        checks.add(f"{number.name}", wrong)
    place.clean()


def check_killed(place, checks):
    """The old file stays, and beside it is what there was so far.  Exact
    programmes are so slow that a block is written before it is full."""
    slow = 4 if place.is_sanitized else 1
    path, net = place.work / "cells.h5", place.folder / "slow.onnx"
    place("make", "mlp:12,30,30,1", "-o", net)
    for name, args in (("cells that come fast",
                        [place.examples / "bars.onnx", "--box", "0,1"]),
                       ("cells that come slowly",
                        [net, "--box", "-1,1", "--paranoid"])):
        path.write_text("old")
        long_run(place, path, 9 * slow, signal.SIGKILL, *args)
        parts = [p for p in place.work.iterdir() if p != path]
        wrong = ""
        if path.read_text() != "old" or len(parts) != 1 or not parts[
                0].name.startswith("cells.h5.") or parts[0].suffix != ".part":
            wrong = f"left: {place.left()}"
        else:
            target = parts[0].rename(place.work / "part.h5")
            wrong = is_partial(Cells(target), "unfinished")
        checks.add(f"killed: {name}", wrong)
        place.clean()


def check_full_disk(place, checks):
    """A file that may not grow: one line, no crash, nothing left."""
    for end in (".h5", ".npz", ".jsonl"):
        path = place.work / f"cells{end}"
        result = run(["prlimit", "--fsize=100000", "--", place.pleats, "cells",
                      place.examples / "bars.onnx", "--box", "0,1",
                      "--max-cells", "6000", "-o", path], 100,
                     restore_signals=False)
        wrong = refused(result, ["cannot write .*: File too large"], 1)
        if not wrong and place.left():
            wrong = f"left: {place.left()}"
        checks.add(f"{end}: a full disk", wrong)
        place.clean()


# ---- where it goes ----

def check_paths(place, checks):
    moons = place.examples / "moons.onnx"
    bars = place.examples / "bars.onnx"
    box = ["--box", "-1,1"]

    def usage(name, words, *args):
        checks.add(name, refused(place("cells", *args), words, 2))

    usage("no file", ["--out FILE is missing"], moons, *box)
    usage("another end", [r"x\.txt.*\.h5.*--format"], moons, *box, "-o",
          place.work / "x.txt")
    usage("another format", ["--format hdf: .*h5, npz, jsonl"], moons, "-o",
          "x.h5", "--format", "hdf")
    usage("another field", ["--fields pattern,x: .*map"], moons, "-o", "x.h5",
          "--fields", "pattern,x")
    usage("no field", ["--fields : .*map"], moons, "-o", "x.h5", "--fields",
          "")
    usage("two answers", ["--json"], moons, *box, "-o", "-", "--json")
    for path in (place.work / "none" / "x.h5", place.work):
        start = time.monotonic()
        wrong = refused(place("cells", bars, "--box", "0,1", "--format", "h5",
                              "-o", path), ["cannot write"], 1)
        seconds = time.monotonic() - start
        checks.add(f"a path that cannot be written ({path.name})", wrong or (
            "" if seconds < 5 else f"after {seconds:.0f} s"))
    checks.add("HDF5 to standard output", refused(
        place("cells", moons, *box, "--format", "h5", "-o", "-"),
        ["regular files", "JSON lines"]))
    path = place.work / "x.h5"
    path.write_text("old")
    wrong = refused(place("cells", moons, "--box", "1,-1", "--vnnlib", "none",
                          "-o", path), ["one domain"], 2)
    if not wrong and path.read_text() != "old":
        wrong = "the old file is gone"
    checks.add("the old file after wrong usage", wrong)
    place.clean()


def check_streams(place, checks):
    moons = place.examples / "moons.onnx"
    box = ["--box", "-1,1", "--threads", "1"]
    result = place("cells", moons, *box, "-o", "-")
    path = place.work / "lines.jsonl"
    path.write_text(result.stdout)
    cells, wrong = place.cells(moons, *box, end=".jsonl")
    if not wrong and path.read_bytes() != (place.work /
                                           "cells.jsonl").read_bytes():
        wrong = "not the lines of the file"
    checks.add("lines to standard output", ended(result, 0) or wrong)
    raw = subprocess.run([place.pleats, "cells", moons, *box, "--format",
                          "npz", "-o", "-"], capture_output=True, timeout=60)
    with np.load(io.BytesIO(raw.stdout)) as file:
        wrong = "" if len(file["pattern"]) == 185 else "not 185 regions"
    checks.add("npz to standard output", wrong)
    process = subprocess.Popen(
        [place.pleats, "cells", place.examples / "bars.onnx", "--box", "0,1",
         "-o", "-"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    process.stdout.readline()
    process.stdout.close()
    err = process.stderr.read().decode()
    process.wait(60)
    checks.add("a reader that goes away", "" if process.returncode == 1 and
               "Broken pipe" in err else f"{process.returncode}: {err}")
    result = place("cells", moons, *box, "--json", "-o", place.work / "x.data",
                   "--format", "npz", "--fields", "map,point")
    wrong = ended(result, 0)
    if not wrong:
        answer = json.loads(result.stdout)
        with np.load(place.work / "x.data") as file:
            names = set(file)
        if (answer["regions"], answer["label"], answer["fields"],
            answer["complete"], answer["stopped"]) != (
                "185", "exact", ["point", "map"], True, None) or names != {
                    "point", "is_inside", "a", "b", "n_pieces", "attributes"}:
            wrong = f"{answer} {names}"
    checks.add("--json, --format, --fields", wrong)
    place.clean()


def check_memory(place, checks):
    """Whole programs below 60 MiB; ten times the cells take no more."""
    net = place.folder / "wide.onnx"
    place("make", "mlp:2,80,80,1", "-o", net, "--seed", "3")
    peaks = []
    for cells in ("2000", "20000"):
        process = subprocess.Popen(
            [place.pleats, "cells", net, "--fields", ALL, "--threads", "2",
             "--max-cells", cells, "-o", place.work / "m.h5"],
            stdout=subprocess.DEVNULL)
        peak = 0
        while process.poll() is None:
            status = pathlib.Path(f"/proc/{process.pid}/status").read_text()
            found = re.search(r"VmHWM:\s*(\d+)", status)
            peak = int(found[1]) if found and "pleats" in status else peak
            time.sleep(0.01)
        peaks.append(peak)
        with h5py.File(place.work / "m.h5") as file:
            n = int(file.attrs["regions"])
        if process.returncode not in (0, 4) or n < int(cells) // 2:
            checks.add("memory", f"exit {process.returncode}, {n} regions")
            return
    wrong = "" if peaks[1] < 60 << 10 and peaks[1] < peaks[0] + (
        4 << 10) and peaks[0] else f"{peaks} KiB"
    checks.add("memory", "" if place.is_sanitized else wrong)
    place.clean()


def main():
    options = arguments(examples="folder of the example networks")
    checks = Checks()
    with tempfile.TemporaryDirectory() as top:
        place = Place(options, pathlib.Path(top))
        for name, (network, domain) in NETWORKS.items():
            if options.only in name:
                check_network(place, checks, name, network, domain)
        for check in (check_domains, check_parts, check_limits, check_killed,
                      check_full_disk, check_paths, check_streams,
                      check_memory):
            if options.only in check.__name__:
                check(place, checks)
    checks.finish()


if __name__ == "__main__":
    main()
