"""`density` against `count` on the balls and segments one by one."""
import json
import math
import pathlib
import tempfile

NET = "EXAMPLES/moons.onnx"
ROWS = [[-0.4, 0.3], [0.9, -0.7], [0.1, 0.45], [1.2, 0.2]]


def balls(program, rows):
    answer, wrong = program.json("density", NET, "--input", rows, "--ball",
                                 "1/4", "--count", "9")
    if wrong:
        return wrong
    counts = []
    for i in range(len(ROWS)):
        one, wrong = program.json("count", NET, "--ball", "1/4", "--at",
                                  f"{rows}:{i}")
        if wrong:
            return wrong
        counts.append(int(one["regions"]))
    last = answer["layers"][-1]
    if answer["count"] != len(ROWS) or answer["all"] != last:
        return str(answer)[:300]
    if (last["mean"], last["least"], last["greatest"]) != (
            sum(counts) / len(counts), min(counts), max(counts)):
        return f"{last}, not {counts}"
    means = [layer["mean"] for layer in answer["layers"]]
    return "" if means == sorted(means) else f"fewer with more layers: {means}"


def cut_short(program, rows):
    answer, wrong = program.json("density", NET, "--input", rows, "--ball", "2",
                                 "--max-cells", "10")
    if wrong:
        return wrong
    if answer["label"] != "lower" or answer["over"] != len(ROWS):
        return str(answer)[:300]
    return "" if answer["layers"][-1]["mean"] == 11 else "not 11 each"


def segments(program, folder):
    """Two rows have one segment, whichever way it is drawn."""
    rows = folder / "two.json"
    rows.write_text(json.dumps(ROWS[:2]))
    answer, wrong = program.json("density", NET, "--input", rows, "--count",
                                 "5")
    if wrong:
        return wrong
    one, wrong = program.json("count", NET, "--rows", f"{rows}:0,1", "--range",
                              "0,1")
    if wrong:
        return wrong
    length = math.dist(*ROWS[:2])
    want = (int(one["regions"]) - 1) / length
    found = answer["all"]
    parts = sum(layer["mean"] for layer in answer["layers"])
    if abs(found["mean"] - want) > 1e-12 * want or found["least"] != found[
            "greatest"] or abs(parts - want) > 1e-12 * want:
        return f"{found}, layers {parts}, not {want}"
    return "" if want > 0 else "no breakpoints to be seen"


def check(program, checks):
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        rows = folder / "rows.json"
        rows.write_text(json.dumps(ROWS))
        checks.add("density: balls", balls(program, rows))
        checks.add("density: balls with too many", cut_short(program, rows))
        checks.add("density: a segment", segments(program, folder))
