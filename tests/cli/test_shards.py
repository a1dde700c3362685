#!/usr/bin/python3
"""Counts in parts: what pleats merge adds up is what one count finds, of every
kind of network and domain; what it refuses; the recipes of docs/scale.md.
Usage: test_shards.py PLEATS PART"""
import hashlib
import itertools
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
DOMAINS = HERE / "domains"
sys.path.insert(0, str(HERE.parent / "data"))
from harness import ended, refused, run, run_parts  # noqa: E402
import numpy as np  # noqa: E402
import onnx  # noqa: E402
from onnx import TensorProto, helper, numpy_helper  # noqa: E402

PARTS = (1, 2, 3, 16)
DIGEST = 32


def save(path, layers, clip=False):
    """A network of layers (W, b) with ReLU, or a clip to [-1/2, 1/2], between
    two."""
    nodes, numbers, name = [], [], "x"
    for i, (w, b) in enumerate(layers):
        numbers += [numpy_helper.from_array(np.array(w, float), f"w{i}"),
                    numpy_helper.from_array(np.array(b, float), f"b{i}")]
        last = i == len(layers) - 1
        nodes.append(helper.make_node("Gemm", [name, f"w{i}", f"b{i}"],
                                      ["y" if last else f"z{i}"], transB=1))
        name = f"h{i}"
        if not last and clip:
            numbers += [numpy_helper.from_array(np.array(v), f"c{v}")
                        for v in (-0.5, 0.5)]
            nodes.append(helper.make_node("Clip", [f"z{i}", "c-0.5", "c0.5"],
                                          [name]))
        elif not last:
            nodes.append(helper.make_node("Relu", [f"z{i}"], [name]))
    n_in, n_out = np.shape(layers[0][0])[1], len(layers[-1][1])
    graph = helper.make_graph(
        nodes, "g", [helper.make_tensor_value_info(
            "x", TensorProto.DOUBLE, [1, n_in])],
        [helper.make_tensor_value_info("y", TensorProto.DOUBLE, [1, n_out])],
        numbers)
    onnx.save(helper.make_model(graph, opset_imports=[
        helper.make_opsetid("", 13)], ir_version=8), str(path))
    return path


def degenerate(rng, widths):
    """Small whole numbers: parallel, equal and zero rows, many through 0."""
    return [(rng.integers(-1, 2, (n, m)), rng.integers(-1, 2, n))
            for m, n in itertools.pairwise(widths)]


class Place:
    def __init__(self, options, checks, folder):
        self.pleats = pathlib.Path(options.pleats).resolve()
        self.checks = checks
        self.folder = pathlib.Path(folder)
        self.models = self.make_models()

    def make_models(self):
        rng = np.random.default_rng(3)
        f = self.folder
        empty = f / "empty.vnnlib"
        empty.write_text("(declare-const X_0 Real)\n(declare-const X_1 Real)\n"
                         "(declare-const Y_0 Real)\n"
                         "(assert (>= X_0 1))\n(assert (<= X_0 0))\n"
                         "(assert (>= X_1 0))\n(assert (<= X_1 1))\n")
        self.empty = empty
        models = {name: save(f / f"{name}.onnx", layers) for name, layers in {
            "flat": degenerate(rng, (2, 6, 6, 2)),
            "grid": degenerate(rng, (2, 9, 7, 5, 1)),
            "cube": degenerate(rng, (3, 8, 6, 1)),
            "affine": [([[1, 2]], [3])],
            "fold": [([[1, 0], [-1, 0], [0, 1], [0, -1]], [0] * 4),
                     ([[1, 1, 0, 0], [0, 0, 1, 1]], [-1, -1]),
                     ([[1, 1]], [0])]}.items()}
        models["clip"] = save(f / "clip.onnx", [
            (rng.normal(size=(30, 2)), rng.normal(size=30)),
            (np.ones((1, 30)), [0])], clip=True)
        for name, spec in (("plain", "mlp:2,12,12,1"), ("wide", "mlp:3,20,1"),
                           ("line", "mlp:2,30,30,1"), ("deep", "mlp:4,7,7,7,1"),
                           ("few", "mlp:2,3,1"), ("many", "mlp:4,16,16,1"),
                           ("planes", "mlp:3,60,1")):
            models[name] = f / f"{name}.onnx"
            wrong = ended(self("make", spec, "-o", models[name]), 0)
            assert not wrong, wrong
        return models

    def __call__(self, *args, **how):
        return run([self.pleats, *args], 120, cwd=self.folder, **how)

    def answer(self, *args, code=0):
        result = self(*args, "--json")
        wrong = ended(result, code)
        assert not wrong, f"{args}: {wrong}"
        return json.loads(result.stdout)

    def shards(self, name, of, *args, what="maps"):
        """The reports of all parts of a count."""
        reports = []
        for part in range(of):
            report = self.folder / f"{name}.{part}.json"
            digests = ["--digests", f"{name}.{part}.maps"]
            answer = self.answer("count", *args, "--what", what, "--shard",
                                 f"{part}/{of}",
                                 *(digests if what == "maps" else []))
            report.write_text(json.dumps(answer))
            reports.append(report)
        return reports


# ---- sums ----

def cases(place):
    m = place.models
    box = ["--box=-1,1"]
    for name in ("flat", "grid", "fold", "affine", "plain"):
        yield name, [m[name], *box]
        yield f"{name}, everywhere", [m[name], "--all"]
        yield f"{name}, overlapping boxes", [
            m[name], "--vnnlib", DOMAINS / "overlap.vnnlib"]
        yield f"{name}, nested boxes", [
            m[name], "--vnnlib", DOMAINS / "nested.vnnlib"]
        yield f"{name}, touching boxes", [
            m[name], "--vnnlib", DOMAINS / "touching.vnnlib"]
        yield f"{name}, a line", [m[name], "--line",
                                  DOMAINS / "whole_line.json"]
        yield f"{name}, nothing", [m[name], "--vnnlib", place.empty]
        yield f"{name}, a point", [m[name], "--box", "1/2,1/2"]
    yield "a segment", [m["line"], "--line", DOMAINS / "line.json"]
    yield "sections", [m["wide"], *box]
    yield "more parts than regions", [m["few"], *box]
    yield "four inputs", [m["deep"], *box]
    yield "programmes", [m["cube"], *box, "--engine", "programmes"]
    yield "exact", [m["cube"], *box, "--paranoid"]


def check_sums(place, name, args, what):
    whole = place.answer("count", *args, "--what", what)
    for of in PARTS if "," not in name else PARTS[2:]:
        reports = place.shards("sum", of, *args, what=what)
        parts = [json.loads(r.read_text()) for r in reports]
        sum_of_parts = sum(int(p["regions"]) for p in parts)
        place.checks.add(
            f"{name}, {what}: the sum of {of}",
            "" if str(sum_of_parts) == whole["regions"]
            else f"{sum_of_parts} instead of {whole['regions']}")
        answer = place.answer("merge", *reversed(reports))
        differs = {key: (answer[key], whole[key])
                   for key in ("regions", "maps", "dimension", "domain",
                               "label", "complete")
                   if answer[key] != whole[key]}
        if answer["parts"] != of or answer["model"]["sha256"] != whole[
                "model"]["sha256"]:
            differs["parts"] = (answer["parts"], answer["model"])
        place.checks.add(f"{name}, {what}: merged {of}",
                         str(differs) if differs else "")
        alone = {p["dimension"] for p in parts} - {whole["dimension"]}
        place.checks.add(f"{name}, {what}: dimension of each of {of}",
                         f"{alone}" if alone else "")


def part_sums(place):
    for name, args in cases(place):
        check_sums(place, name, args, "maps")
    for name in ("wide", "few", "plain", "fold", "clip"):
        check_sums(place, name, [place.models[name], "--box=-1,1"], "regions")
    for name in ("line", "few", "clip"):
        check_sums(place, f"{name} on a segment", [
            place.models[name], "--line", DOMAINS / "line.json"], "regions")
    check_evenness(place)
    check_text(place)


def check_evenness(place):
    """Parts have about as many regions: by subtrees, by sections."""
    for name in ("many", "planes"):
        regions = [int(json.loads(r.read_text())["regions"]) for r in
                   place.shards("even", 4, place.models[name], "--box=-1,1",
                                what="regions")]
        mean = sum(regions) / 4
        wrong = "" if all(0.6 < r / mean < 1.4 for r in regions) else regions
        place.checks.add(f"{name}: even parts", wrong and str(wrong))


def check_text(place):
    """What people read."""
    for part in range(16):
        result = place("count", place.models["few"], "--box=-1,1",
                       "--shard", f"{part}/16")
        wrong = ended(result, 0)
        if not wrong and f"part    {part} of 16, whose own regions" not in \
                result.stdout:
            wrong = result.stdout
        if "which is empty" in result.stdout:
            wrong = "says that the domain is empty"
        place.checks.add(f"text of part {part}", wrong)
    whole = place.answer("count", place.models["plain"], "--box=-1,1",
                         "--what", "maps")
    reports = place.shards("text", 3, place.models["plain"], "--box=-1,1")
    result = place("merge", *reports)
    place.checks.add("text of the sum", ended(result, 0) or (
        "" if f"{whole['regions']} activation regions (exact)\n"
        f"{whole['maps']} affine maps (exact)\n" in result.stdout
        and "parts   3, all there" in result.stdout else result.stdout))


# ---- what merge refuses ----

def part_refusals(place):
    model, box = place.models["plain"], "--box=-1,1"
    a = place.shards("a", 3, model, box)
    place.checks.add("all is well", ended(place("merge", *a), 0))

    def refuses(name, reports, *words):
        place.checks.add(name, refused(place("merge", *reports), words))

    def changed(name, change):
        report = json.loads(a[0].read_text())
        change(report)
        path = place.folder / f"changed_{name}.json"
        path.write_text(json.dumps(report))
        return [path, *a[1:]]

    for i in range(3):
        refuses(f"part {i} is missing", a[:i] + a[i + 1:],
                f"part {i} of 3 is missing", "2 reports")
    refuses("a part twice", [*a, a[1]], "a.1.json: is part 1, and so is")
    refuses("a part instead of another", [a[0], a[1], a[1]], "is part 1")
    b = place.shards("b", 3, place.models["grid"], box)
    refuses("another model", [a[0], b[1], a[2]], "another model")
    c = place.shards("c", 3, model, "--box=-1,2")
    refuses("another domain", [a[0], c[1], a[2]], "another domain")
    d = place.shards("d", 3, model, box, what="regions")
    refuses("another --what", [a[0], d[1], a[2]], "other options")
    e = place.shards("e", 3, model, box, "--paranoid")
    refuses("--paranoid", [a[0], e[1], a[2]], "other options")
    f = place.shards("f", 3, model, box, "--engine", "programmes")
    refuses("--engine", [a[0], f[1], a[2]], "other options")
    g = place.shards("g", 2, model, box)
    refuses("of other parts", [a[0], g[1], a[2]], "one of [23] parts")
    part = place.answer("count", model, box, "--what", "maps", "--shard",
                        "0/3", "--max-cells", "5", code=4)
    (place.folder / "half.json").write_text(json.dumps(part))
    refuses("an unfinished part", ["half.json", *a[1:]],
            "half.json: its part is not finished", "--resume")
    plain = place.answer("count", model, box, "--what", "maps")
    (place.folder / "plain.json").write_text(json.dumps(plain))
    refuses("a whole count", ["plain.json", *a[1:]], "no report of a part")
    refuses("no file", ["none.json", *a[1:]], "none.json")
    (place.folder / "text.json").write_text("{")
    refuses("no JSON", ["text.json", *a[1:]], "text.json")
    for key, value in (("part", -1), ("part", 3), ("part", 0.5), ("of", 1e300),
                       ("part", "0"), ("count", "")):
        refuses(f"{key} {value}", changed(
            "shard", lambda r: r["shard"].update({key: value})),
            "no report of a part")
    for key, value in (("regions", "x"), ("regions", 5), ("verb", "cells")):
        refuses(f"{key} {value}", changed(
            "key", lambda r: r.update({key: value})), "no report of a part")
    refuses("verdicts", changed("v", lambda r: r["verdicts"].update(
        {"bounds": -1})), "are no numbers")
    refuses("maps that are no number", changed("m", lambda r: r.update(
        {"maps": "-1"})), "maps are no number")
    check_digests(place, a, refuses, changed)
    result = place("merge")
    place.checks.add("no report", ended(result, 2))


def check_digests(place, a, refuses, changed):
    maps = place.folder / "a.1.maps"
    own = maps.read_bytes()
    n = len(own) // DIGEST - 1
    wrong = ""
    if hashlib.sha256(own[:-DIGEST]).digest() != own[-DIGEST:]:
        wrong = "the last one is not that of the others"
    list_of = [own[i * DIGEST:(i + 1) * DIGEST] for i in range(n)]
    if list_of != sorted(set(list_of)) or str(n) != json.loads(
            a[1].read_text())["maps"]:
        wrong = "they are not in ascending order, or not all"
    place.checks.add("digests as documented", wrong)

    def again(digests):
        data = b"".join(digests)
        return data + hashlib.sha256(data).digest()

    for name, data, word in (
            ("cut", own[:-1], "ends before"),
            ("one less", own[:-DIGEST], "ends before"),
            ("empty", b"", "ends before"),
            ("longer", own + b"x", "damaged"),
            ("swapped", again([list_of[1], list_of[0], *list_of[2:]]),
             "ascending"),
            ("twice", again([list_of[0], *list_of[:-1]]), "ascending"),
            *((f"byte {at}", own[:at] + bytes([own[at] ^ 1]) + own[at + 1:],
               "damaged|ascending") for at in (0, 31, len(own) // 2,
                                               len(own) - 1))):
        maps.write_bytes(data)
        refuses(f"digests: {name}", a, "a.1.maps", word)
    maps.unlink()
    refuses("no digests", a, "a.1.maps", "No such file")
    maps.write_bytes(own)
    refuses("no name of digests", changed("d", lambda r: r["shard"].update(
        {"digests": None})), "without --digests")
    other = place.folder / "moved"
    other.mkdir()
    for name in [r.name for r in a] + [f"a.{i}.maps" for i in range(3)]:
        shutil.move(place.folder / name, other / name)
    place.checks.add("digests beside the reports", ended(
        place("merge", *(other / r.name for r in a)), 0))


# ---- the recipes of docs/scale.md ----

def blocks(kind):
    """The code blocks of that kind."""
    text = (ROOT / "docs" / "scale.md").read_text()
    return re.findall(rf"```{kind}\n(.*?)```", text, re.S)


def part_recipes(place):
    folder = place.folder / "recipes"
    folder.mkdir()
    (folder / "bin").mkdir()
    (folder / "bin" / "pleats").symlink_to(place.pleats)
    shutil.copy(place.models["deep"], folder / "net.onnx")
    want = place.answer("count", place.models["deep"], "--box=-1,1",
                        "--what", "maps")
    env = {**os.environ, "PATH": f"{folder / 'bin'}:{os.environ['PATH']}"}

    def shell(command, **more):
        return subprocess.run(["bash", "-e", "-c", command], cwd=folder,
                              env={**env, **more}, capture_output=True,
                              text=True, timeout=200)

    def check(name, result):
        wrong = ended(result, 0)
        found = re.findall(r"(\d+) (?:activation|affine)", result.stdout)
        if not wrong and found[-2:] != [want["regions"], want["maps"]]:
            wrong = result.stdout
        place.checks.add(name, wrong)

    (checkpoints,) = blocks("sh checkpoint")
    check("a checkpoint", shell(checkpoints))
    check("a checkpoint, resumed", shell(checkpoints))
    (array,), (collect,) = blocks("sh slurm"), blocks("sh merge")
    (folder / "array.sh").write_text(array)
    of = int(re.search(r"--array=0-(\d+)", array).group(1)) + 1
    for part in range(of):
        for _ in range(2):  # a job that is run again goes on
            result = shell("bash array.sh", SLURM_ARRAY_TASK_ID=str(part),
                           SLURM_ARRAY_TASK_COUNT=str(of))
            place.checks.add(f"job {part}", ended(result, 0))
    check("the sum of the jobs", shell(collect))
    (makefile,) = blocks("make")
    (folder / "Makefile").write_text(makefile)
    for path in folder.glob("part*"):
        path.unlink()
    result = shell("make -s -j2")
    check("a Makefile", result)


if __name__ == "__main__":
    run_parts(globals(), Place)
