"""The JSON answers: their keys, and the types of what they hold."""
import hashlib
import json
import pathlib
import tempfile

import numpy as np
from onnx import TensorProto, helper, numpy_helper

COMMON = {"schema": str, "verb": str, "model": dict, "complete": bool,
          "seconds": float, "version": str}
COUNT = {"label": str, "domain": str, "definition": str, "regions": str,
         "verdicts": dict}


def wrong_types(answer, types):
    for key, kind in types.items():
        if key not in answer:
            return f"no {key}"
        if not isinstance(answer[key], (int, float) if kind is float
                          else kind):
            return f"{key} is {answer[key]!r}"
    return ""


def common(program, answer, verb, model):
    wrong = wrong_types(answer, COMMON)
    if wrong:
        return wrong
    digest = hashlib.sha256(
        (program.examples / f"{model}.onnx").read_bytes()).hexdigest()
    if answer["model"].get("sha256") != digest:
        return f"sha256 of {answer['model']} is {digest}"
    if answer["schema"] != "pleats/1" or answer["verb"] != verb:
        return f"schema {answer['schema']}, verb {answer['verb']}"
    if not answer["seconds"] >= 0:
        return f"{answer['seconds']} seconds"
    return ""


def check(program, checks):
    info(program, checks)
    evaluate(program, checks)
    count(program, checks)
    with tempfile.TemporaryDirectory() as folder:
        threads(program, checks, pathlib.Path(folder))
        keys(program, checks, pathlib.Path(folder))
        overflow(program, checks, pathlib.Path(folder))
        falling(program, checks, pathlib.Path(folder))


def info(program, checks):
    answer, wrong = program.json("info", "EXAMPLES/bars.onnx")
    wrong = wrong or common(program, answer, "info", "bars")
    if not wrong:
        sizes = [(l["operator"], l["shape"], l["units"], l["parameters"])
                 for l in answer["layers"] if l["units"] or l["parameters"]]
        want = [("Conv", [3, 4, 4], 0, 30), ("Relu", [3, 4, 4], 48, 0),
                ("MaxPool", [3, 2, 2], 12, 0), ("Gemm", [3], 0, 39)]
        if sizes != want:
            wrong = f"layers {sizes}"
        pieces = [l["pieces"] for l in answer["layers"] if l["units"]]
        if pieces != [[2, 2], [4, 4]]:
            wrong = f"pieces {pieces}"
    checks.add("JSON of info", wrong)


def evaluate(program, checks):
    for flags in ([], ["--pieces"]):
        answer, wrong = program.json("eval", "EXAMPLES/bars.onnx", "--input",
                                     "EXAMPLES/bars.npz", *flags)
        wrong = wrong or common(program, answer, "eval", "bars")
        if not wrong:
            shape = (len(answer["outputs"]), len(answer["outputs"][0]))
            if shape != (8, 3):
                wrong = f"outputs of shape {shape}"
            if (answer["pieces"] is not None) != bool(flags):
                wrong = "pieces only with --pieces"
        if not wrong and flags and (
                {len(p) for p in answer["pieces"]} != {60}):
            wrong = "sixty pieces a row"
        checks.add(f"JSON of eval {flags}", wrong)


def count(program, checks):
    box = ["EXAMPLES/moons.onnx", "--box", "-1,1"]
    answer, wrong = program.json("count", *box)
    wrong = wrong or common(program, answer, "count", "moons") or wrong_types(
        answer, COUNT)
    if not wrong and ("pieces" in answer or "maps" in answer) and (
            answer.get("pieces") or answer.get("maps")):
        wrong = "pieces and maps were not asked for"
    if not wrong and not ("-1" in answer["domain"] and "1"
                          in answer["domain"]):
        wrong = f"domain {answer['domain']}"
    if not wrong and not answer["regions"].isdecimal():
        wrong = f"regions {answer['regions']}"
    if not wrong and sum(answer["verdicts"].values()) <= 0:
        wrong = f"verdicts {answer['verdicts']}"
    checks.add("JSON of count", wrong)
    for what in ("regions", "maps", "pieces", "regions,maps",
                 "maps,pieces,regions"):
        answer, wrong = program.json("count", *box, "--what", what)
        if not wrong:
            there = {k for k in ("regions", "pieces", "maps")
                     if answer.get(k) is not None}
            if not set(what.split(",")) <= there:
                wrong = f"holds {there}"
        checks.add(f"JSON of count --what {what}", wrong)
    answer, wrong = program.json("info", "EXAMPLES/moons.onnx")
    order = json.dumps(answer)
    again, _ = program.json("info", "EXAMPLES/moons.onnx")
    if not wrong and list(again) != list(json.loads(order)):
        wrong = "the order of keys changes"
    checks.add("JSON keys in one order", wrong)


def threads(program, checks, folder):
    """All but times and memory is the same for any number of threads, in counts
    that are long enough for threads to start."""
    net = folder / "net.onnx"
    _, wrong = program.json("make", "mlp:3,20,20,2", "--seed", "1", "-o", net)
    checks.add("make a network for threads", wrong)
    for flags in (["--all"], ["--all", "--engine", "programmes"],
                  ["--box", "-1,1", "--what", "regions,pieces,maps"]):
        answers = []
        for number in ("1", "2", "5"):
            answer, wrong = program.json("count", net, *flags, "--threads",
                                         number)
            if wrong:
                break
            answers.append({k: v for k, v in answer.items()
                            if k not in ("seconds", "memory")})
        if not wrong and any(a != answers[0] for a in answers):
            wrong = f"{answers}"
        checks.add(f"JSON of count {' '.join(flags)} for 1, 2 and 5 threads",
                   wrong)


def shape_of(value):
    """The keys of an answer, and of the objects in it; null has any."""
    if isinstance(value, dict):
        return {k: shape_of(v) for k, v in value.items()}
    return None


def fits(a, b):
    if isinstance(a, dict) and isinstance(b, dict):
        return a.keys() == b.keys() and all(fits(a[k], b[k]) for k in a)
    return True


def keys(program, checks, folder):
    """A verb's keys are the same whatever it is asked for."""
    moons, box = "EXAMPLES/moons.onnx", ("--box", "-1,1")
    rows = ("--input", "EXAMPLES/rows.npz")
    local = (moons, "--point", "0.3,0.2")
    conv = "cnn:in=1x4/conv=2@2/relu"
    calls = {
        "count": [((moons, *box), 0),
                  ((moons, *box, "--what", "regions,pieces,maps"), 0),
                  ((moons, *box, "--max-cells", "3"), 4)],
        "eval": [((moons, *rows), 0), ((moons, *rows, "--pieces"), 0)],
        "local": [(local, 0), ((*local, *box, "--vertices"), 0),
                  ((*local, "--map", folder / "map.npz"), 0)],
        "walk": [((*local, *box), 0),
                 ((*local, *box, "--out", folder / "walk.json"), 0),
                 ((*local, *box, "--max-regions", "3"), 4)],
        "sample": [((moons, *box, "--points", "64"), 0),
                   ((moons, "--gaussian", "1,2", "--points", "64",
                     "--per-unit"), 0),
                   (("mlp:2,4,1", *box, "--points", "64",
                     "--low-discrepancy"), 0)],
        "estimate": [((moons, *box, "--rel-error", "0.5"), 0),
                     ((moons, *box, "--exact-time", "0", "--rel-error",
                       "0.5"), 0)],
        "survey": [((moons, *box), 0), ((moons, *box, "--exact"), 0),
                   ((moons,), 0), ((moons, *box, *rows), 0),
                   ((moons, *box, "--max-cells", "3"), 4)],
        "complex": [((moons, *box), 0),
                    ((moons, *box, "--classes", "--exact", "--level", "1/3"), 0),
                    ((moons, *box, "--max-cells", "3"), 4)],
        "stable": [((moons, *box), 0), ((moons, *box, "--effort", "exact"), 0)],
        "range": [((moons, *box), 0), ((moons, *box, "--direction", "2"), 0),
                  ((moons, *box, "--max-cells", "3"), 4)],
        "lipschitz": [((moons, *box, "--norm", "2"), 0),
                      ((moons, *box, "--norm", "1", "--max-cells", "9"), 4)],
        "density": [((moons, *rows, "--count", "3"), 0),
                    ((moons, *rows, "--ball", "0.1", "--count", "3"), 0)],
        "bound": [((moons,), 0), ((moons, *box), 0), (("mlp:2,4,4,1",), 0)],
        "layer": [((conv, "--what", word, *(("--slice", "2")
                                            if word == "slice" else ())), 0)
                  for word in ("formula", "generic", "no-bias", "bounded",
                               "slice", "independent", "polynomial")],
        "mean": [(("mlp:2,4,1", "--trials", "3"), 0),
                 (("mlp:2,4,1", *box, "--trials", "3"), 0)],
    }
    for verb, options in calls.items():
        shapes, wrong = [], ""
        for flags, code in options:
            answer, wrong = program.json(verb, *flags, code=code)
            if wrong:
                wrong = f"{flags}: {wrong}"
                break
            shapes.append(shape_of(answer))
        if not wrong and not all(fits(s, shapes[0]) for s in shapes):
            wrong = f"keys {shapes}"
        checks.add(f"JSON keys of {verb}", wrong)


def write_net(path, nodes, sizes, tensors=()):
    """A network of doubles from x [1, sizes[0]] to y [1, sizes[1]]."""
    ends = [helper.make_tensor_value_info(n, TensorProto.DOUBLE, [1, size])
            for n, size in zip("xy", sizes)]
    path.write_bytes(helper.make_model(
        helper.make_graph(nodes, "net", ends[:1], ends[1:],
                          [numpy_helper.from_array(np.array(a), name)
                           for name, a in tensors]),
        opset_imports=[helper.make_opsetid("", 13)],
        ir_version=7).SerializeToString())


def overflow(program, checks, folder):
    """Numbers beyond the doubles are null at their places."""
    path = folder / "large.onnx"
    write_net(path, [helper.make_node("Gemm", ["x", "v"], ["h"], transB=1),
                     helper.make_node("Relu", ["h"], ["r"]),
                     helper.make_node("Gemm", ["r", "w", "b"], ["y"],
                                      transB=1)], (2, 2),
              [("v", [[1e200, 0.0], [0.0, 1.0]]),
               ("w", [[1e200, 1.0], [1.0, 1.0]]), ("b", [0.5, 0.25])])
    answer, wrong = program.json("local", path, "--point", "0.5,0.25")
    if not wrong and (answer["map"]["A"], answer["map"]["b"]) != (
            [[None, 1.0], [1e200, 1.0]], [0.5, 0.25]):
        wrong = str(answer["map"])
    checks.add("JSON of a map beyond the doubles", wrong)


def falling(program, checks, folder):
    """Pieces are numbered as the input grows, in falling functions, too."""
    path, rows = folder / "falling.onnx", folder / "rows.json"
    rows.write_text("[[-3], [0], [3]]")
    wrong = ""
    for alpha, want in ((0.5, [0, 0.5, 1]), (-0.5, [1, 0.5, 0])):
        write_net(path, [helper.make_node("HardSigmoid", ["x"], ["y"],
                                          alpha=alpha, beta=0.5)], (1, 1))
        answer, wrong = program.json("eval", path, "--input", rows, "--pieces")
        if not wrong and (answer["pieces"], answer["outputs"]) != (
                [[0], [1], [2]], [[v] for v in want]):
            wrong = f"{answer['pieces']}, {answer['outputs']}"
        if wrong:
            break
    checks.add("pieces of HardSigmoid", wrong)
