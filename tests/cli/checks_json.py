"""The JSON answers: their keys, and the types of what they hold."""
import hashlib
import json
import pathlib
import tempfile

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
            if ("pieces" in answer) != bool(flags):
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
