#!/usr/bin/python3
"""Counts that are cut into parts and added up: what comes of them is the plain
count.  Usage: test_parts.py PLEATS EXAMPLES FAIL_IO"""
import hashlib
import json
import os
import pathlib
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "data"))
from harness import Checks, arguments, ended, refused, run  # noqa: E402
from test_work import USAGE, Place, numbers  # noqa: E402
import numpy as np  # noqa: E402
import onnx  # noqa: E402
from onnx import TensorProto, helper, numpy_helper  # noqa: E402


def verdicts(answer):
    return sum(answer["verdicts"].values())


def merged(place, model, domain, of, what="regions", order=1):
    """What is wrong with the sum of the parts."""
    base = ["count", model, *domain, "--what", what]
    want, wrong = place.json(*base)
    reports = []
    for part in range(of):
        digests = place.folder / f"{part}.maps"
        more = ["--digests", digests] if "maps" in what else []
        answer, wrong = ("", wrong) if wrong else place.json(
            *base, "--shard", f"{part}/{of}", *more)
        if wrong:
            return wrong
        report = place.folder / f"{part}.json"
        report.write_text(json.dumps(answer))
        reports.insert(order * part % (len(reports) + 1), report)
    got, wrong = place.json("merge", *reports)
    if not wrong and numbers(got) != numbers(want):
        wrong = f"{numbers(got)}, not {numbers(want)}"
    # A question that was cut short is asked again, and none is left out; cells
    # whose regions are counted without making them are asked in another way.
    if not wrong and "maps" in what and verdicts(got) < verdicts(want):
        wrong = f"{verdicts(got)} verdicts, not {verdicts(want)}"
    return wrong


UNION = ("(declare-const X_0 Real)(declare-const X_1 Real)"
         "(declare-const Y_0 Real)(assert (or (and (>= X_0 -1) (<= X_0 0) "
         "(>= X_1 -1) (<= X_1 1)) (and (>= X_0 -0.5) (<= X_0 1) (>= X_1 0) "
         "(<= X_1 0.5))))")


def flat_network(path, n_used=2, n_units=2):
    """The sum of the first units relu(x0 - i/2), whatever x1 is; the other
    units are there and not used."""
    weights = [numpy_helper.from_array(np.array(value, float), name)
               for name, value in (
                   ("w", [[1, 0]] * n_units),
                   ("b", [-i / 2 for i in range(n_units)]),
                   ("v", [[1] * n_used + [0] * (n_units - n_used)]))]
    nodes = [helper.make_node("Gemm", ["x", "w", "b"], ["z"], transB=1),
             helper.make_node("Relu", ["z"], ["h"]),
             helper.make_node("Gemm", ["h", "v"], ["y"], transB=1)]
    values = [helper.make_tensor_value_info(name, TensorProto.DOUBLE, [1, n])
              for name, n in (("x", 2), ("y", 1))]
    graph = helper.make_graph(nodes, "g", values[:1], values[1:], weights)
    onnx.save(helper.make_model(
        graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8),
        str(path))


def check_parts(place, checks):
    union = place.folder / "union.vnnlib"
    union.write_text(UNION)
    line = place.folder / "line.json"
    line.write_text('{"origin": [0, 0.1], "u": [1, 0.3], "range": [-2, 2]}')
    flat = place.folder / "flat.onnx"
    flat_network(flat)
    few = place.folder / "few.onnx"
    flat_network(few, 5, 40)
    lines = place.folder / "lines.vnnlib"
    lines.write_text(UNION[:UNION.index("(assert")] + (
        "(assert (or (and (>= X_0 -1) (<= X_0 1) (= X_1 0)) "
        "(and (>= X_0 -1) (<= X_0 1) (= X_1 1))))"))
    answer, wrong = place.json("count", flat, "--vnnlib", lines, "--what",
                               "maps")
    checks.add("maps of two lines", wrong or (
        "" if answer["maps"] == "6" else f"{answer['maps']} maps"))
    empty = place.folder / "empty.json"
    empty.write_text('{"A": [[1, 0], [-1, 0]], "b": [-1, -1]}')
    one = place.make("one", "mlp:3,20,1")
    zero = place.make("zero", "mlp:2,6,6,1")
    for name, model, domain, of, what in (
            ("one part", place.moons, place.box, 1, "regions,maps"),
            ("three parts", place.moons, place.box, 3, "regions,maps"),
            ("16 parts", place.moons, place.box, 16, "regions"),
            ("union", place.moons, ["--vnnlib", union], 3, "regions,maps"),
            ("41 regions of six maps", few, ["--box", "-30,30"], 5,
             "regions,maps"),
            ("two lines with the same maps", flat, ["--vnnlib", lines], 2,
             "regions,maps"),
            ("line", place.moons, ["--line", line], 2, "regions,maps"),
            ("R^2", place.moons, ["--all"], 4, "regions"),
            ("programmes", place.moons, [*place.box, "--engine", "programmes"],
             3, "regions"),
            ("one layer on a box", one, ["--box", "-1,1"], 7, "regions"),
            ("one layer on R^3", one, ["--all"], 5, "regions"),
            ("more parts than regions", zero, ["--box", "0,1/1000"], 9,
             "regions,maps"),
            ("empty", place.moons, ["--polytope", empty], 2, "regions,maps")):
        checks.add(f"parts: {name}",
                   merged(place, model, domain, of, what, order=len(name)))


def with_sum(digests):
    return digests + hashlib.sha256(digests).digest()


def check_merge(place, checks):
    """What merge refuses."""
    base = ["count", place.moons, *place.box, "--what", "maps"]
    part = []
    for i in range(3):
        part.append(place.folder / f"m{i}.json")
        digests = place.folder / f"m{i}.maps"
        part[i].write_text(place(*base, "--shard", f"{i}/3", "--digests",
                                 digests, "--json").stdout)

    def written(name, *args):
        path = place.folder / name
        path.write_text(place(*args, "--json").stdout)
        return path

    def changed(name, change):
        path = place.folder / name
        report = json.loads(part[1].read_text())
        change(report)
        path.write_text(json.dumps(report))
        return path

    def digests(name, change):
        data = change((place.folder / "m1.maps").read_bytes())
        (place.folder / f"{name}.maps").write_bytes(data)
        return changed(f"{name}.json", lambda r: r["shard"].update(
            digests=str(place.folder / f"{name}.maps")))

    shard = ["--shard", "1/3"]
    for name, reports, words in (
            ("part 2 is missing", part[:2], "part 2 of 3 is missing"),
            ("part 0 is missing", part[1:], "part 0 of 3 is missing"),
            ("a part twice", [*part, part[1]], "is part 1, and so is"),
            ("one for another", [part[0], part[1], part[1]], "and so is"),
            ("another model's", [part[0], written(
                "model.json", "count", place.make("m", "mlp:2,9,1"),
                *place.box, "--what", "maps", *shard), part[2]],
             "another model"),
            ("another domain's", [part[0], written(
                "domain.json", "count", place.moons, "--box", "-1,2", "--what",
                "maps", *shard), part[2]], "another domain"),
            ("another option's", [part[0], written(
                "option.json", "count", place.moons, *place.box, *shard),
                part[2]], "other options"),
            ("of other parts", [part[0], written(
                "four.json", *base, "--shard", "1/4"), part[2]],
             "one of 4 parts"),
            ("not finished", [part[0], written(
                "cut.json", *base, *shard, "--max-cells", "3"), part[2]],
             "not finished"),
            ("no part", [part[0], written("plain.json", *base), part[2]],
             "no report of a part"),
            ("no JSON", [part[0], place.moons, part[2]], "not JSON"),
            ("no digests", [part[0], changed(
                "none.json", lambda r: r["shard"].update(digests=None)),
                part[2]], "without --digests"),
            ("lost digests", [part[0], changed(
                "lost.json", lambda r: r["shard"].update(digests="lost")),
                part[2]], "No such file"),
            ("digests cut short", [part[0], digests("short", lambda d: d[:-1]),
                                   part[2]], "ends before"),
            ("a digest less", [part[0], digests(
                "less", lambda d: with_sum(d[32:-32])), part[2]],
             "ends before|ascending"),
            ("a digest more", [part[0], digests(
                "more", lambda d: with_sum(b"\0" * 32 + d[:-32])), part[2]],
             "is damaged, or not of its report"),
            ("another digest", [part[0], digests(
                "other", lambda d: b"\0" * 32 + d[32:]), part[2]],
             "is damaged, or not of its report"),
            ("digests out of order", [part[0], digests(
                "order", lambda d: with_sum(d[32:64] + d[:32] + d[64:-32])),
                part[2]],
             "ascending")):
        checks.add(f"merge: {name}", refused(place("merge", *reports), [words]))
    checks.add("merge: nothing", refused(place("merge"), ["REPORT"], USAGE))
    moved = place.folder / "moved"
    moved.mkdir()
    for i in range(3):
        part[i].rename(moved / part[i].name)
        (place.folder / f"m{i}.maps").rename(moved / f"m{i}.maps")
    want, wrong = place.json(*base)
    got, wrong = place.json("merge", *sorted(moved.iterdir())[::2]) \
        if not wrong else ({}, wrong)
    checks.add("merge: moved, with the digests beside",
               wrong or ("" if numbers(got) == numbers(want) else
                         f"{numbers(got)}"))


def check_many(place, checks):
    """More parts than files may be open, and more digests than a block has."""
    base = ["count", place.moons, *place.box, "--what", "maps"]
    want, wrong = place.json(*base)
    reports = []
    for part in range(40):
        reports.append(place.folder / f"many{part}.json")
        done = place(*base, "--shard", f"{part}/40", "--threads", "1",
                     "--digests", reports[-1].with_suffix(".maps"), "--json")
        wrong = wrong or ended(done, 0)
        reports[-1].write_text(done.stdout)
    few = run(["sh", "-c", 'ulimit -n 20; exec "$@"', "sh", place.pleats,
               "merge", *reports, "--json"], 60)
    wrong = wrong or ended(few, 0)
    got = {} if wrong else json.loads(few.stdout)
    checks.add("merge: more parts than files may be open", wrong or (
        "" if numbers(got) == numbers(want) else f"{numbers(got)}"))
    # Both name all cells: there are fewer than parts should have.
    one = place(*base, "--shard", "0/1", "--digests", place.folder / "all.maps",
                "--json")
    wrong = wrong or ended(one, 0)
    checks.add("merge: naming is told once", wrong or (
        "" if verdicts(got) == verdicts(json.loads(one.stdout)) else
        f"{verdicts(got)} verdicts, of one part: {one.stdout}"))
    wide = place.make("wide", "mlp:2,64,64,1")
    checks.add("merge: more digests than a block",
               merged(place, wide, ["--box", "-9,9"], 2, "regions,maps"))
    block = [hashlib.sha256(bytes([i % 256, i // 256])).digest()
             for i in range(511)]
    path = place.folder / "many0.maps"
    path.write_bytes(with_sum(b"".join(sorted(block))) + b"x")
    report = json.loads(reports[0].read_text())
    report.update(regions="511", maps="511")
    reports[0].write_text(json.dumps(report))
    checks.add("merge: a byte behind a whole block", refused(
        place("merge", *reports), ["is damaged, or not of its report"]))


def example(first):
    """The indented block of docs/scale.md that begins with this line."""
    lines = (HERE.parent.parent / "docs" / "scale.md").read_text().split("\n")
    at = lines.index("    " + first)
    end = next(i for i in range(at, len(lines)) if lines[i] and
               not lines[i].startswith("    "))
    return "\n".join(line[4:] for line in lines[at:end]) + "\n"


def check_examples(place, checks):
    """The array job and the makefile of docs/scale.md."""
    folder = place.folder / "examples"
    folder.mkdir()
    (folder / "net.onnx").write_bytes(place.moons.read_bytes())
    how = {"cwd": folder, "env": {**os.environ, "PATH": os.pathsep.join(
        [str(place.pleats.parent), os.environ["PATH"]])}}
    want, wrong = place.json("count", place.moons, *place.box)
    (folder / "job").write_text(example("#!/bin/sh"))
    for part in range(16):
        how["env"]["SLURM_ARRAY_TASK_ID"] = str(part)
        for _ in range(2):  # the second time it resumes
            wrong = wrong or ended(run(["sh", "job"], 60, **how), 0)
    got, wrong = place.json("merge", *folder.glob("part*.json")) \
        if not wrong else ({}, wrong)
    checks.add("an array of jobs", wrong or (
        "" if numbers(got) == numbers(want) else f"{numbers(got)}"))
    (folder / "Makefile").write_text(example("PARTS := $(shell seq 0 15)"))
    for report in folder.glob("*.json"):
        report.unlink()
    wrong = ended(run(["make", "-j2"], 100, **how), 0)
    got = wrong or json.loads((folder / "sum.json").read_text())
    checks.add("a makefile", wrong or (
        "" if numbers(got) == numbers(want) else f"{numbers(got)}"))


def main():
    options = arguments(examples="folder of the example networks",
                        fail_io="library that makes writing fail")
    checks = Checks()
    with tempfile.TemporaryDirectory() as top:
        place = Place(options, pathlib.Path(top))
        for check in (check_parts, check_merge, check_many, check_examples):
            if options.only in check.__name__:
                check(place, checks)
    checks.finish()


if __name__ == "__main__":
    main()
