#!/usr/bin/python3
"""Certificates of counts, proved by both checkers, in parts.
Usage: test_certificates.py PLEATS CHECKER PART"""
import json
import pathlib
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
from certificates import Checkers, certify  # noqa: E402
from harness import Checks, arguments, ended, refused, run  # noqa: E402
from networks import need_ext, network, rows  # noqa: E402
from test_forged import save  # noqa: E402
import numpy as np  # noqa: E402
import onnx  # noqa: E402
from onnx import TensorProto, helper, numpy_helper  # noqa: E402

# All truths below are checked by both; larger ones by check.c alone.
SLOW_BELOW = 6000


class Certificates:
    def __init__(self, options, checks, work):
        self.pleats, self.checks = options.pleats, checks
        self.work = pathlib.Path(work)
        self.examples = HERE.parent.parent / "examples"
        self.checkers = Checkers(options.checker, work)

    def file(self, name, content):
        path = self.work / name
        path.write_text(content if isinstance(content, str) else
                        json.dumps(content))
        return path

    def prove(self, name, model, domain, regions=None, forms=("binary",)):
        """Writes certificates and has them proved; regions: how many there
        are, where that is known."""
        for form in forms:
            path = self.work / "certificate"
            answer, wrong = certify(self.pleats, model, domain, path,
                                    f"--certificate-form={form}")
            found = int(answer["regions"]) if answer else 0
            if not wrong and regions is not None and found != regions:
                wrong = f"{found} regions instead of {regions}"
            wrong = wrong or self.checkers.verified(path, model, found,
                                                    found < SLOW_BELOW)
            self.checks.add(f"{name}, {form}: {found}", wrong)

    def refuse(self, name, model, domain, words):
        path = self.work / "none"
        result = run([self.pleats, "count", model, *domain, "--certificate",
                      path])
        wrong = refused(result, words) or (
            "there is a file" if path.exists() else "")
        self.checks.add(f"refuse {name}", wrong)


def planes(test, is_big):
    for i, row in enumerate(rows("ground_truth_2d.json")):
        if (row["cells"] > 10000) != is_big:
            continue
        plane = test.file(f"plane{i}.json",
                          {k: row[k] for k in ("origin", "u", "v", "box")})
        test.prove(f"{row['model']} on its plane", network(row["model"]),
                   ["--plane", plane], row["cells"])


def boxes(test, name, folder, wanted):
    for i, row in enumerate(rows(name)):
        domain = ["--all"]
        if row["domain"] != "all":
            domain = ["--box", f"@{test.file(f'box{i}.json', row['domain'])}"]
        if (domain[0] == "--all") == (wanted == "all"):
            test.prove(f"{folder}{row['model']}, {wanted}",
                       network(folder + row["model"]), domain, row["regions"])


def part_planes(test):
    planes(test, False)


def part_nd_box(test):
    boxes(test, "nd/truth.json", "nd/", "box")


def part_nd_all(test):
    boxes(test, "nd/truth.json", "nd/", "all")


def part_acas(test):
    need_ext()
    planes(test, True)
    boxes(test, "ext/acasxu_small_boxes.json", "", "box")
    test.prove("ACAS Xu 1_1, property 3",
               network("ext/ACASXU_run2a_1_1_batch_2000.onnx"),
               ["--vnnlib", network("ext/acasxu_prop_3.vnnlib")], 71930)


def part_domains(test):
    """Domains of all sorts, both forms, by a network with known numbers."""
    moons = test.examples / "moons.onnx"
    both = ("text", "binary")
    known = json.loads((HERE.parent / "cli" / "counts.json").read_text())
    where = HERE.parent / "cli"
    for row in known:
        domain = [str(where / a) if a.startswith("domains/") else
                  f"@{where}/{a[1:]}" if a.startswith("@domains/") else
                  a.replace("EXAMPLES", str(test.examples))
                  for a in row["args"]]
        test.prove(f"{row['model']} {' '.join(row['args'])}",
                   test.examples / f"{row['model']}.onnx", domain,
                   int(row["regions"]), both)
    test.prove("a point", moons, ["--box", "0.25,0.25"], 1, both)
    half = test.file("half.json", {"A": [[1, 0]], "b": [0]})
    test.prove("a half-plane", moons, ["--polytope", half])
    corner = test.file("corner.vnnlib", TWO_INPUTS + """
(assert (<= X_0 0.5)) (assert (>= X_1 -0.25))""")
    test.prove("a corner", moons, ["--vnnlib", corner])
    cut = test.file("cut.vnnlib", TWO_INPUTS + """
(assert (<= X_0 0.5)) (assert (<= (+ X_0 X_1) 0.25))""")
    test.prove("a corner cut by a row", moons, ["--vnnlib", cut])
    apart = test.file("apart.vnnlib", TWO_INPUTS + """
(assert (or (and (<= X_0 0) (>= X_0 -1) (>= X_1 -1) (<= X_1 1))
            (and (>= X_0 -0.5) (<= X_0 1) (>= X_1 0) (<= X_1 1))))""")
    test.prove("two boxes that overlap", moons, ["--vnnlib", apart],
               forms=both)
    none = test.file("none.vnnlib", TWO_INPUTS + """
(assert (>= X_0 1)) (assert (<= X_0 0)) (assert (>= X_1 0)) (assert (<= X_1 1))
""")
    test.prove("an empty box", moons, ["--vnnlib", none], 0, both)


def part_refusals(test):
    """What no certificate is made of, in one line; no file is left."""
    moons = test.examples / "moons.onnx"
    flat = test.file("flat.json", {"A": [[1, 1], [-1, -1]], "b": [1, -1]})
    test.refuse("a polytope that is a line", moons, ["--polytope", flat],
                ["leave 1 of 2 dimensions"])
    gone = test.file("gone.json", {"A": [[1, 1], [-1, -1]], "b": [0, -1]})
    test.refuse("a polytope without points", moons, ["--polytope", gone],
                ["leave nothing"])
    mixed = test.file("mixed.vnnlib", TWO_INPUTS + """
(assert (or (and (<= X_0 0) (>= X_0 -1) (>= X_1 -1) (<= X_1 1))
            (and (>= X_0 1) (<= X_0 1) (>= X_1 0) (<= X_1 1))))""")
    test.refuse("a box and a side", moons, ["--vnnlib", mixed],
                ["union", "one has 1"])
    for flags in (["--what", "maps"], ["--shard", "0/2", "--resume", "state"]):
        path = test.work / "none"
        result = run([test.pleats, "count", moons, "--certificate", path,
                      *flags])
        test.checks.add(f"refuse {flags[0]}", ended(result, 2) or (
            "there is a file" if path.exists() else ""))
    path = test.work / "part"
    result = run([test.pleats, "count", network("digits_lenet.onnx"), "--rows",
                  f"{network('digits_lenet.npz')}:0,1,2", "--max-cells", "20",
                  "--certificate", path, "--json"])
    wrong = ended(result, 4)
    if not wrong and (path.exists() or
                      json.loads(result.stdout)["certificate"]["stopped"] !=
                      "cell limit"):
        wrong = result.stdout
    test.checks.add("a limit leaves no certificate", wrong)


def part_units(test):
    """Units of all sorts, on planes and on all inputs; pools whose windows tie
    on whole cells; a maximum of which two candidates are one."""
    equal = test.work / "equal.onnx"
    save(equal, "max", [(1, 0), (-1, 0), (-1, 0)])
    test.prove("a maximum with equals", equal, ["--box", "-1,1"], 2)
    # Forms without an error, whose constant alone says nothing.
    exact = test.work / "exact.onnx"
    save_inputs(exact)
    test.prove("units that read the input", exact, ["--box", "-1,1"], 3)
    for name in ("maxout_max", "abs_min_neg", "clip_relu1_hardsig",
                 "leaky_celu_prelu", "bn_before_after_relu",
                 "skip_concat_sdf", "degen_duplicate_units"):
        test.prove(f"{name} on all inputs", network(f"zoo/{name}.onnx"),
                   ["--all"])
    for name in ("maxpool_pad_overlap", "avgpool_ceil_pad", "conv3d",
                 "conv1d_squeeze", "slice_split_concat", "degen_parallel_grid"):
        test.prove(f"{name} on a plane", network(f"zoo/{name}.onnx"),
                   ["--rows", f"{network(f'zoo/{name}.npz')}:0,1,2"])


def part_examples(test):
    """The certificates among the examples, and that they are written anew."""
    folder = test.examples / "certificates"
    for row in json.loads((folder / "certificates.json").read_text()):
        model = folder / row["model"]
        wrong = test.checkers.verified(folder / row["certificate"], model,
                                       int(row["regions"]))
        test.checks.add(f"examples: {row['certificate']}", wrong)


def save_inputs(path):
    """Relu(x) + max(x, 0.5)."""
    graph = helper.make_graph(
        [helper.make_node("Relu", ["x"], ["a"]),
         helper.make_node("Clip", ["x", "half"], ["b"]),
         helper.make_node("Add", ["a", "b"], ["y"])], "g",
        [helper.make_tensor_value_info("x", TensorProto.DOUBLE, [1, 1])],
        [helper.make_tensor_value_info("y", TensorProto.DOUBLE, [1, 1])],
        [numpy_helper.from_array(np.array(0.5), "half")])
    onnx.save(helper.make_model(
        graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8),
        str(path))


TWO_INPUTS = """(declare-const X_0 Real)
(declare-const X_1 Real)
(declare-const Y_0 Real)
"""

if __name__ == "__main__":
    parts = {name[5:]: f for name, f in globals().items()
             if name.startswith("part_")}
    given = arguments(checker="the checker in C",
                      part="one of " + ", ".join(parts))
    made = Checks(verbose=True)
    with tempfile.TemporaryDirectory() as folder:
        parts[given.part](Certificates(given, made, folder))
    made.finish()
