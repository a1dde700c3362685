#!/usr/bin/python3
"""Cells on disk, read by h5py and numpy: the patterns are those of the points, by
fractions; the maps have the network's values there; files of all kinds say the
same; what a limit, a signal or a full disk leaves.
Usage: test_cells.py PLEATS EXAMPLES"""
import json
import pathlib
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "data"))
from harness import Checks, arguments, ended, refused  # noqa: E402
import numpy as np  # noqa: E402
from cells_read import (ALL, COLUMNS, PERTURBED, Cells, Network, Place,  # noqa: E402
                        degenerate_network, random_network, thin_network)
from checks_cells_ends import (check_full_disk, check_killed,  # noqa: E402
                               check_limits, check_memory, check_paths,
                               check_streams)

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
    solid = place.folder / "solid.onnx"
    place("make", "mlp:3,14,14,1", "--seed", "2", "-o", solid)
    checks.add("parts: three dimensions", joined(place, solid, box, 3))
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
