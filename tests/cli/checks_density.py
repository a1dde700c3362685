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


def hulls(program, rows, *words):
    return program.json("density", NET, "--input", rows, *words)


def hull_bounds(program, rows):
    """In two directions of the plane the cut is the hull."""
    answer, wrong = hulls(program, rows, "--hull", "1/2", "--cuts")
    if wrong:
        return wrong
    n, layers = answer["count"], answer["layers"]
    if (n, answer["directions"], [layer["units"] for layer in layers]) != (
            len(ROWS), 2, [16, 16]):
        return str(answer)[:300]
    for i in range(n):
        for lo, cut, hi in zip(answer["lower"][i], answer["cut"][i],
                               answer["upper"][i]):
            if not lo <= cut <= hi:
                return f"row {i}: {lo} <= {cut} <= {hi} is wrong"
        if answer["lower"][i][0] != answer["upper"][i][0]:
            return f"row {i}: the first layer is left open"
        if answer["cuts"][i]["label"] != "exact":
            return f"row {i}: the cut is not exact"
    if not any(map(sum, answer["cut"])):
        return "no unit changes"
    one, wrong = hulls(program, rows, "--hull", "1/2", "--cuts", "--threads",
                       "1")
    if not wrong and {**answer, "seconds": 0} != {**one, "seconds": 0}:
        wrong = "threads change the answer"
    return wrong


def hull_sizes(program, rows):
    """Tiny hulls about points beside all walls; and ones so large that every
    unit of the first layer, none of which is constant, has both signs."""
    tiny, wrong = hulls(program, rows, "--hull", "1e-9", "--cuts")
    if wrong:
        return wrong
    if tiny["label"] != "exact" or tiny["upper"] != [[0, 0]] * 4 or any(
            cut["regions"] != 1 for cut in tiny["cuts"]):
        return f"tiny: {tiny}"
    large, wrong = hulls(program, rows, "--hull", "1e9")
    if not wrong and ([row[0] for row in large["lower"]] != [16] * 4
                      or large["cut"] is not None):
        wrong = f"large: {large}"
    return wrong


def hull_table(program, rows):
    words = ("--hull", "0.7", "--directions", "1", "--cuts", "--max-cells",
             "2", "--seed", "5")
    answer, wrong = hulls(program, rows, *words)
    if wrong:
        return wrong
    lines = program("density", NET, "--input", rows, *words,
                    "--csv").stdout.splitlines()
    want = ["row,layer,units,lower,upper,cut,cut_regions,cut_label"]
    for i, cut in enumerate(answer["cuts"]):
        for j in range(2):
            want.append(f"{i},{j + 1},16,{answer['lower'][i][j]},"
                        f"{answer['upper'][i][j]},{answer['cut'][i][j]},"
                        f"{cut['regions']},{cut['label']}")
        if cut["label"] == "lower" and cut["regions"] != 2:
            return f"{cut}: more regions than were asked for"
    if all(cut["label"] == "exact" for cut in answer["cuts"]):
        return "no cut has more than two regions"
    return "" if lines == want else f"{lines}, not {want}"


def hull_without_units(program, folder):
    net, rows = folder / "affine.onnx", folder / "three.json"
    program("make", "mlp:3,2", "-o", net)
    rows.write_text(json.dumps([[0, 0, 0], [1, 2, 3]]))
    answer, wrong = program.json("density", net, "--input", rows, "--hull", "1",
                                 "--cuts")
    if not wrong and (answer["lower"], answer["upper"], answer["cut"],
                      answer["label"]) != ([[], []], [[], []], [[], []],
                                           "exact"):
        wrong = str(answer)[-400:]
    return wrong


def hull_refusals(program, checks, rows):
    for words, code, part in (
            (("--hull", "0"), 3, "above 0"),
            (("--hull", "-1"), 3, "above 0"),
            (("--hull", "1e400"), 3, "2^500"),
            (("--hull", "x"), 3, "x"),
            (("--hull", "1", "--directions", "3"), 3, "1 to 2"),
            (("--hull", "1", "--ball", "1"), 2, "either"),
            (("--hull", "1", "--level", "0.9"), 2, "--level"),
            (("--hull", "1", "--csv", "--json"), 2, "either"),
            (("--count", "1"), 2, "at least 2"),
            (("--cuts",), 2, "--hull"), (("--directions", "1"), 2, "--hull"),
            (("--csv",), 2, "--hull")):
        result = program("density", NET, "--input", rows, *words)
        wrong = ""
        if result.returncode != code or part not in result.stderr or (
                result.stdout or len(result.stderr.splitlines()) > 3):
            wrong = f"{result.returncode}: {result.stdout}{result.stderr}"
        checks.add("density " + " ".join(words), wrong)


def hull_limit(program, folder):
    """Rows without end: those that were done stand, and nothing else."""
    rows = folder / "many.json"
    rows.write_text(json.dumps(ROWS * 500))
    result = program("density", NET, "--input", rows, "--hull", "1", "--cuts",
                     "--count", "2000", "--time-limit", "0.2", "--json")
    if result.returncode == 0:
        return ""
    answer = json.loads(result.stdout)
    if result.returncode != 4 or answer["complete"]:
        return f"{result.returncode}: {result.stdout[:300]}"
    if "lower" in answer and not (
            answer["stopped"] == "time limit"
            and answer["count"] == len(answer["lower"]) == len(answer["cut"])):
        return result.stdout[:300]
    return ""


def says_estimate(program, rows):
    for words in ((), ("--ball", "1/4")):
        text = program("density", NET, "--input", rows, *words).stdout
        if "estimates, with intervals of 95%" not in text:
            return text
    return ""


def check(program, checks):
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        rows = folder / "rows.json"
        rows.write_text(json.dumps(ROWS))
        checks.add("density: balls", balls(program, rows))
        checks.add("density: balls with too many", cut_short(program, rows))
        checks.add("density: a segment", segments(program, folder))
        checks.add("density: estimates say so", says_estimate(program, rows))
        checks.add("hulls: bounds and cuts", hull_bounds(program, rows))
        checks.add("hulls: tiny and large", hull_sizes(program, rows))
        checks.add("hulls: a table", hull_table(program, rows))
        checks.add("hulls: a limit", hull_limit(program, folder))
        checks.add("hulls: no units", hull_without_units(program, folder))
        hull_refusals(program, checks, rows)
