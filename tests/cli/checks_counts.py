"""Counts on every sort of domain against counts.json, which an independent
program made (make_counts.py), and outputs against outputs.json."""
import json
import pathlib

HERE = pathlib.Path(__file__).resolve().parent


def check(program, checks):
    for row in json.loads((HERE / "counts.json").read_text()):
        checks.each(lambda flags: one_count(program, row, flags),
                    [[], ["--paranoid"]])
    expected = json.loads((HERE / "outputs.json").read_text())
    for name, rows in (("moons", "rows"), ("bars", "bars")):
        check_eval(program, checks, name, f"EXAMPLES/{rows}.npz",
                   expected[name])
    answer, _ = program.json("eval", "EXAMPLES/moons.onnx", "--input",
                             "EXAMPLES/rows.npz", "--pieces")
    checks.add("eval prints what its JSON says", "" if answer and eval_text(
        program, "EXAMPLES/rows.npz") == (answer["outputs"],
                                          answer["pieces"]) else
        f"{eval_text(program, 'EXAMPLES/rows.npz')}")
    check_eval(program, checks, "moons", "rows/list.json", expected["moons"])
    check_eval(program, checks, "moons", "rows/object.json",
               expected["moons"])
    check_eval(program, checks, "bars", "rows/nested.json", expected["bars"])


def one_count(program, row, flags):
    name = " ".join([row["model"], *row["args"], *flags])
    is_union = "--vnnlib" in row["args"] and "triangle" not in row["args"][1]
    what = "regions,maps" if is_union else "regions,pieces,maps"
    answer, wrong = program.json("count", f"EXAMPLES/{row['model']}.onnx",
                                 "--what", what, *row["args"], *flags)
    if wrong:
        return name, wrong
    if not answer["complete"] or answer["label"] != "exact":
        return name, "not exact"
    regions, maps = answer["regions"], answer["maps"]
    pieces = maps if is_union else answer["pieces"]
    if (regions, maps) != (row["regions"], row["maps"]):
        return name, (f"{regions} regions, {maps} maps instead of "
                      f"{row['regions']}, {row['maps']}")
    if not int(maps) <= int(pieces) <= int(regions):
        return name, f"{pieces} pieces between {maps} and {regions}?"
    if flags and answer["verdicts"]["bounds"] != 0:
        return name, "bounds settled verdicts of a paranoid count"
    return name, ""


def eval_text(program, data):
    """The outputs and pieces that people see."""
    result = program("eval", "EXAMPLES/moons.onnx", "--input", data,
                     "--pieces")
    if result.returncode != 0:
        return result.stderr
    lines = [line.split() for line in result.stdout.splitlines()]
    outputs = [[float(v) for v in line] for line in lines[0::2]]
    pieces = [[int(v) for v in line[1:]] for line in lines[1::2]]
    return outputs, pieces


def check_eval(program, checks, model, data, expected):
    answer, wrong = program.json("eval", f"EXAMPLES/{model}.onnx", "--input",
                                 data, "--pieces")
    if not wrong:
        n = len(answer["outputs"])
        far = [abs(a - b) > 1e-12 * max(map(abs, want))
               for row, want in zip(answer["outputs"], expected["outputs"])
               for a, b in zip(row, want)]
        if n == 0 or any(far) or len(far) != n * len(
                expected["outputs"][0]):
            wrong = f"outputs {answer['outputs']}"
        elif answer["pieces"] != expected["pieces"][:n]:
            wrong = f"pieces {answer['pieces']}"
    checks.add(f"eval {model} {data}", wrong)
