#!/usr/bin/python3
"""Checks against networks with known answers, in parts, so that several can run
at once; those on other people's networks are left out where these are not there.
Usage: test_networks.py PLEATS PART"""
import json
import math
import os
import pathlib
import sys
from fractions import Fraction

import numpy as np

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "data"))
from harness import answered, ended, refused, run, run_parts  # noqa
from networks import EXT, MODELS, need_ext, network, rows  # noqa
from surfaces import loose_edges, read_obj, read_ply, volume  # noqa

# Operators whose units are maxima: their winners are not in the .npz files.
MAXIMA = {"MaxPool", "GlobalMaxPool", "ReduceMax", "Max", "Min"}
PARANOID_BELOW = 5000
MULTIPLIER = int(os.environ.get("PLEATS_TEST_MULTIPLIER", "1"))
# What is counted again by each engine.
VISITED_BELOW = 6000 * MULTIPLIER
PARANOID_ENGINES_BELOW = 1000 * MULTIPLIER
# Beyond the dimension of cells that are held by their vertices.
NINE_INPUTS_OR_MORE = {"nd/conv_1x3x3_f2x2_p0_d2_s101.onnx",
                       "nd/conv_1x4x3_f2x2_p0_d2_s101.onnx"}
CAUSES = {
    "sigmoid": ["Sigmoid"], "tanh": ["Tanh"], "gelu_erf": ["Erf", "Mul"],
    "silu_mul": ["Sigmoid", "Mul"], "hardswish": ["HardSwish"],
    "softmax_tail": ["Softmax", "--logits"],
    "layernorm": ["Pow", "Sqrt", "Div"],
    "argmax_tail": ["ArgMax"], "dynamic_hw": ["--shape"],
    "truncated": ["cut|short|end|trunc|protobuf|valid"],
    "empty": ["empty"], "not_onnx": ["ONNX|protobuf|valid"],
    "length_past_end": ["length|end|cut|protobuf|valid"],
    "negative_dims": ["negative|dim"],
    "short_raw_data": ["raw_data|raw data|bytes"],
    "dangling_input": ["tensor|input"], "nan_weight": ["nan|finite"],
    "unknown_op_domain": ["domain|custom"],
}


class Truths:
    def __init__(self, options, checks, work):
        self.pleats = options.pleats
        self.memory = None if options.no_memory_limit else 1 << 30
        self.checks, self.work = checks, pathlib.Path(work)

    def json(self, *args, seconds=200):
        """(answer, what went wrong) of a verb with --json."""
        return answered(run([self.pleats, *args, "--json"], seconds))

    def file(self, name, content):
        path = self.work / name
        path.write_text(json.dumps(content))
        return path

    def count(self, name, model, domain, expected, *flags):
        """Compares regions, pieces, maps with `expected`."""
        what = ",".join(expected)
        answer, wrong = self.json("count", network(model), *domain,
                                  "--what", what, *flags)
        if not wrong and not (answer["complete"] and
                              answer["label"] == "exact"):
            wrong = "not exact"
        for key, value in expected.items():
            if not wrong and answer[key] != str(value):
                wrong = f"{answer[key]} {key} instead of {value}"
        spent = f" ({answer['seconds']:.1f} s)" if answer else ""
        self.checks.add(f"count {name}: {expected}{spent}", wrong)

    def plane(self, row):
        path = self.file(f"plane_{row['model'].replace('/', '_')}.json",
                         {k: row[k] for k in ("origin", "u", "v", "box")})
        return ["--plane", path]

    def box(self, row):
        if row["domain"] == "all":
            return ["--all"]
        name = row["model"].replace("/", "_") + str(row["regions"])
        return ["--box", f"@{self.file(f'box_{name}.json', row['domain'])}"]


def off(got, want):
    """Largest difference, relative to the largest entry of a row."""
    want = want.reshape(len(want), -1).astype(np.float64)
    got = np.array(got, np.float64).reshape(want.shape)
    scale = np.abs(want).max(1)
    scale[scale == 0] = 1
    return (np.abs(got - want).max(1) / scale).max()


def activation_pieces(info, pieces):
    """Splits rows of unit pieces into the layers that are no maxima."""
    at, layers = 0, []
    pieces = np.array(pieces)
    for layer in info["layers"]:
        if layer["units"] and layer["operator"] not in MAXIMA:
            layers.append(pieces[:, at:at + layer["units"]])
        at += layer["units"]
    return layers if at == pieces.shape[1] else None


def compare_outputs(name, got, data):
    """Against y64 to 1e-12; to 1e-5 against y32 where there is no y64, and
    where y64 belongs to other parameters than the file's, which then are
    compared to 1e-12 with file_outputs.json (see make_file_outputs.py)."""
    own = json.loads((HERE / "file_outputs.json").read_text()).get(name)
    exact = "y64" in data and own is None
    worst = off(got, data["y64" if "y64" in data else "y32"])
    if not worst <= (1e-12 if exact else 1e-5):
        return f"off by {worst:.1e}"
    if own is not None:
        worst = off(got[:len(own)], np.array(own))
        if not worst <= 1e-12:
            return f"off by {worst:.1e} from the file's own numbers"
    return ""


def check_eval(truths, path):
    name = path.relative_to(EXT.parent if path.parent == EXT else MODELS)
    info, wrong = truths.json("info", path)
    truths.checks.add(f"info {name}", wrong)
    data_path = path.with_suffix(".npz")
    if wrong or not data_path.exists():
        return
    data = np.load(data_path)
    answer, wrong = truths.json("eval", path, "--input", data_path,
                                "--pieces")
    if not wrong:
        wrong = compare_outputs(str(name.with_suffix("")),
                                answer["outputs"], data)
    truths.checks.add(f"eval {name}", wrong)
    expected = sorted(k for k in data if k.startswith("piece_"))
    if wrong or not expected:
        return
    layers = activation_pieces(info, answer["pieces"])
    wrong = "" if layers is not None and len(layers) == len(expected) else (
        f"{len(expected)} activation layers expected, "
        f"{layers and len(layers)} found")
    if not wrong:
        for key, got in zip(expected, layers):
            want = data[key].reshape(len(data[key]), -1)
            if want.shape != got.shape or (want != got).any():
                wrong = wrong or f"{key} differs"
    truths.checks.add(f"pieces {name}", wrong)


def part_eval(truths):
    files = [p for folder in (".", "zoo", "enc", "ext", "nd")
             for p in sorted(network(f"{folder}/").glob("*.onnx"))]
    truths.checks.add("77 networks or more",
                      "" if len(files) >= 77 else f"{len(files)}")
    for path in files:
        check_eval(truths, path)


def part_refuse(truths):
    found = {p.stem for p in (MODELS / "refuse").glob("*.onnx")}
    for name in sorted(found | set(CAUSES)):
        path = MODELS / "refuse" / f"{name}.onnx"
        result = run([truths.pleats, "info", path], 10, truths.memory)
        truths.checks.add(f"refuse {name}",
                          refused(result, CAUSES.get(name, ["listed"])))
    for name in ("softmax_tail", "argmax_tail"):
        path = MODELS / "refuse" / f"{name}.onnx"
        result = run([truths.pleats, "info", path, "--logits"], 10)
        if name == "softmax_tail":
            truths.checks.add(f"{name} with --logits", ended(result, 0))
    result = run([truths.pleats, "info", MODELS / "refuse" /
                  "dynamic_hw.onnx", "--shape", "1,1,8,8"], 10)
    truths.checks.add("dynamic_hw with --shape", ended(result, 0))


def planes(truths, big, paranoid):
    for row in rows("ground_truth_2d.json"):
        if (row["cells"] > 10000) != big or paranoid and (
                row["cells"] >= PARANOID_BELOW):
            continue
        expected = {"regions": row["cells"], "pieces": row["pieces"],
                    "maps": row["maps"]}
        truths.count(f"{row['model']} on its plane", row["model"],
                     truths.plane(row), expected,
                     *(["--paranoid"] if paranoid else []))


def part_planes(truths):
    planes(truths, big=False, paranoid=False)


def part_acas(truths):
    need_ext()
    planes(truths, big=True, paranoid=False)


def part_paranoid_planes(truths):
    planes(truths, big=False, paranoid=True)


def nd(truths, unbounded, paranoid):
    for row in rows("nd/truth.json"):
        if (row["domain"] == "all") != unbounded or paranoid and (
                row["regions"] >= PARANOID_BELOW):
            continue
        where = "all" if unbounded else "a box"
        truths.count(f"nd/{row['model']} on {where}", f"nd/{row['model']}",
                     truths.box(row),
                     {k: row[k] for k in ("regions", "maps")},
                     *(["--paranoid"] if paranoid else []))


def part_nd_box(truths):
    nd(truths, unbounded=False, paranoid=False)


def part_nd_all(truths):
    nd(truths, unbounded=True, paranoid=False)


def part_paranoid_nd_box(truths):
    nd(truths, unbounded=False, paranoid=True)


def part_paranoid_nd_all(truths):
    nd(truths, unbounded=True, paranoid=True)


def part_small_boxes(truths):
    need_ext()
    for row in rows("ext/acasxu_small_boxes.json"):
        truths.count(f"{row['model']}, 5-dimensional box", row["model"],
                     truths.box(row), {"regions": row["regions"]})
        if row["regions"] < 1000:
            truths.count(f"{row['model']}, 5-dimensional box, paranoid",
                         row["model"], truths.box(row),
                         {"regions": row["regions"]}, "--paranoid")


def part_encodings(truths):
    files = sorted((MODELS / "enc").glob("*.onnx"))
    truths.checks.add("eleven encodings", "" if len(files) == 11 else
                      f"{len(files)}")
    for path in files:
        truths.count(f"enc/{path.name}", f"enc/{path.name}",
                     ["--box=-1,1"], {"regions": 14, "pieces": 14,
                                      "maps": 14})


def engines(truths, name, model, domain, expected):
    """A row by each engine: all that is known of it, and its regions alone,
    which need not be visited one by one; small ones also exactly."""
    regions = expected["regions"]
    for engine in ("auto", "vertices", "programmes"):
        if engine == "vertices" and model in NINE_INPUTS_OR_MORE:
            continue
        what = f"{name} by {engine}"
        flags = [f"--engine={engine}"]
        truths.count(what, model, domain, {"regions": regions}, *flags)
        if engine != "auto" and regions < VISITED_BELOW:
            truths.count(what, model, domain, expected, *flags)
        if engine != "auto" and regions < PARANOID_ENGINES_BELOW:
            truths.count(f"{what}, paranoid", model, domain,
                         {"regions": regions}, *flags, "--paranoid")


def part_engines_planes(truths):
    for row in rows("ground_truth_2d.json"):
        engines(truths, f"{row['model']} on its plane", row["model"],
                truths.plane(row), {"regions": row["cells"],
                                    "pieces": row["pieces"],
                                    "maps": row["maps"]})


def part_engines_nd(truths):
    for row in rows("nd/truth.json"):
        where = "all" if row["domain"] == "all" else "a box"
        engines(truths, f"nd/{row['model']} on {where}",
                f"nd/{row['model']}", truths.box(row),
                {k: row[k] for k in ("regions", "maps")})


def part_engines_acas(truths):
    need_ext()
    for row in rows("ext/acasxu_small_boxes.json"):
        engines(truths, f"{row['model']}, 5-dimensional box",
                row["model"], truths.box(row), {"regions": row["regions"]})


def part_vnnlib(truths):
    """Real property files: read, and counted for a moment."""
    need_ext()
    net = network("ext/ACASXU_run2a_1_1_batch_2000.onnx")
    for name in ("acasxu_prop_1", "acasxu_prop_3", "acasxu_prop_6"):
        path = network(f"ext/{name}.vnnlib")
        result = run([truths.pleats, "count", net, "--vnnlib", path,
                      "--max-cells", "20", "--json"], 60)
        wrong = ended(result, 4)
        if not wrong:
            answer = json.loads(result.stdout)
            if answer["complete"] or answer["label"] != "lower" or int(
                    answer["regions"]) < 1:
                wrong = f"no honest partial result: {result.stdout[:200]}"
        truths.checks.add(f"count {name} to 20 cells", wrong)
    path = network("ext/acasxu_prop_3_v2.vnnlib")
    result = run([truths.pleats, "count", net, "--vnnlib", path, "--json"], 60)
    wrong = ended(result, 0)
    if not wrong and json.loads(result.stdout)["regions"] != "71930":
        wrong = result.stdout[:200]
    truths.checks.add("VNN-LIB 2.0 is the same box as 1.0", wrong)


# Sums of thousands of fractions would have millions of digits: they are compared
# modulo this prime, which no denominator divides.
PRIME = 2 ** 521 - 1
sys.set_int_max_str_digits(0)


def residue(fraction):
    return fraction.numerator * pow(fraction.denominator, -1, PRIME) % PRIME


def volumes(truths, name, model, domain, regions, sides):
    """The exact volumes of all cells sum to the product of the domain's sides, and
    those in doubles are off by no more than they say."""
    result = run([truths.pleats, "cells", network(model), *domain, "--fields",
                  "volume,exact_volume", "-o", "-"], 300)
    wrong, total, n = ended(result, 0), 0, 0
    for line in result.stdout.splitlines()[1:-1] if not wrong else []:
        cell = json.loads(line)
        exact = Fraction(cell["exact_volume"])
        off = abs(Fraction(cell["volume"]) - exact)
        if exact <= 0 or off > Fraction(cell["volume_error"]):
            wrong = f"{cell['volume']} is off by {float(off)}"
        total, n = (total + residue(exact)) % PRIME, n + 1
    want = math.prod(Fraction(high) - Fraction(low) for low, high in sides)
    if not wrong and n != regions:
        wrong = f"{n} cells, not {regions}"
    if not wrong and total != residue(want):
        wrong = f"the volumes do not sum to {want}"
    truths.checks.add(f"{name}: {n} volumes sum to {float(want):g}", wrong)


def plane_volumes(truths, ext):
    for row in rows("ground_truth_2d.json"):
        if row["model"].startswith("ext/") == ext:
            box = row["box"]
            volumes(truths, f"{row['model']} on its plane", row["model"],
                    truths.plane(row), row["cells"], [box[:2], box[2:]])


def box_volumes(truths, model, row):
    domain = row["domain"]
    if domain != "all" and len(domain["lo"]) <= 5:
        volumes(truths, f"{model}, {len(domain['lo'])}-dimensional box", model,
                truths.box(row), row["regions"], zip(domain["lo"],
                                                     domain["hi"]))


def part_volumes(truths):
    plane_volumes(truths, ext=False)
    for row in rows("nd/truth.json"):
        box_volumes(truths, f"nd/{row['model']}", row)


def part_volumes_acas(truths):
    need_ext()
    plane_volumes(truths, ext=True)
    for row in rows("ext/acasxu_small_boxes.json"):
        if row["regions"] < 1000:
            box_volumes(truths, row["model"], row)


def part_surface(truths):
    """The zero level of a signed distance: a closed surface of one cell's
    triangles each, with the network's value on it; by its volume, too."""
    net, checks = MODELS / "sdf3d_mlp_32x2.onnx", truths.checks
    ply, obj = truths.work / "solid.ply", truths.work / "solid.obj"
    answer, wrong = truths.json("draw", net, "--box", "-1,1", "-o", ply)
    checks.add("sdf3d surface as PLY", wrong)
    _, wrong = truths.json("draw", net, "--box", "-1,1", "-o", obj)
    checks.add("sdf3d surface as OBJ", wrong)
    corners, triangles = read_ply(ply)
    again = read_obj(obj)
    checks.add("both files are one mesh",
               "" if (corners == again[0]).all() and
               (triangles == again[1]).all() else "they differ")
    checks.add("answer says what is in the file", "" if (
        answer["corners"], answer["triangles"]) == (
            len(corners), len(triangles)) else str(answer))
    count, wrong = truths.json("count", net, "--box", "-1,1")
    checks.add("regions", wrong or ("" if count["regions"] ==
                                    answer["regions"] else "differ"))
    loose = loose_edges(triangles)
    checks.add(f"{len(triangles)} triangles, every edge in two",
               f"{loose} edges are loose" if loose else "")
    points = truths.work / "points.npz"
    middles = corners[triangles].mean(axis=1)
    np.savez(points, x=np.concatenate([corners, middles]))
    values, wrong = truths.json("eval", net, "--input", points)
    worst = np.abs(values["outputs"]).max()
    checks.add(f"output 0 on corners and middles (to {worst:.1e})",
               wrong or ("" if worst < 1e-9 else "too far off"))
    grid = np.linspace(-1, 1, 61)
    mesh = np.stack(np.meshgrid(grid, grid, grid), -1).reshape(-1, 3)
    np.savez(points, x=mesh)
    values, wrong = truths.json("eval", net, "--input", points)
    inside = (np.array(values["outputs"]) < 0).mean() * (
        2 * 61 / 60) ** 3
    enclosed = volume(corners, triangles)
    checks.add(f"volume {enclosed:.4f}, by a grid {inside:.4f}", wrong or (
        "" if abs(enclosed - inside) < 0.02 * inside else "differs"))
    checks.add("a level that is never reached", refused(run(
        [truths.pleats, "draw", net, "--box", "-1,1", "--level", "99", "-o",
         truths.work / "none.ply"], 20), ["never crossed", "between"]))
    checks.add("leaves no file",
               "there is one" if (truths.work / "none.ply").exists() else "")


def sampled(truths, name, model, where, regions, points=20000):
    """Several seeds: never more patterns than there are regions."""
    most, left_out = 0, 0
    for seed in range(1, 1 + 4 * MULTIPLIER):
        answer, wrong = truths.json("sample", network(model), *where,
                                    "--points", str(points), "--seed",
                                    str(seed))
        if not wrong and (answer["label"], answer["complete"]) != ("lower",
                                                                   True):
            wrong = f"{answer['label']}, complete {answer['complete']}"
        if not wrong and answer["patterns"] > regions:
            wrong = f"{answer['patterns']} patterns, {regions} regions"
        if wrong:
            break
        most = max(most, answer["patterns"])
        left_out = max(left_out, sum(answer["left_out"].values()))
    if not wrong and most == 0:
        wrong = "no pattern at all"
    truths.checks.add(f"sample {name}: at most {most} of {regions}, "
                      f"{left_out} left out", wrong)


def part_sample(truths):
    for row in rows("ground_truth_2d.json"):
        for flags in ([], ["--low-discrepancy"]):
            sampled(truths, " ".join([row["model"], *flags]), row["model"],
                    [*truths.plane(row), *flags], row["cells"])
    for row in rows("nd/truth.json"):
        model = f"nd/{row['model']}"
        if row["domain"] != "all":
            sampled(truths, f"{model} in a box", model, truths.box(row),
                    row["regions"])
            continue
        for scale in ("0.1", "1,10"):
            sampled(truths, f"{model}, normal {scale}", model,
                    ["--gaussian", scale], row["regions"])
        sampled(truths, f"{model}, points on walls", model,
                ["--input", grid(truths, model)], row["regions"])
    for row in rows("ext/acasxu_small_boxes.json"):
        sampled(truths, f"{row['model']} in a box", row["model"],
                truths.box(row), row["regions"])


def grid(truths, model):
    """Rows of small whole numbers and halves, which are often on walls."""
    info, wrong = truths.json("info", network(model))
    if wrong:
        raise RuntimeError(wrong)
    n = info["inputs"]
    path = truths.work / "grid.npz"
    np.savez(path, x=np.random.default_rng(n).integers(
        -6, 7, (5000, n)).astype(np.float64) / 2)
    return path


if __name__ == "__main__":
    run_parts(globals(), Truths)
