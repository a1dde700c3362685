"""`lipschitz`: constants against differences between points, and against the
derivatives that `local` finds in the region that is named."""
from fractions import Fraction
import json
import math
import pathlib
import random
import tempfile

from harness import ended
from cells_read import Network

MOONS, BOX = "EXAMPLES/moons.onnx", ("--box", "-1,1")
PAIRS = 200
NORMS = {"inf": (lambda v: max(map(abs, v)), lambda g: sum(map(abs, g))),
         "1": (lambda v: sum(map(abs, v)), lambda g: max(map(abs, g))),
         "2": (lambda v: math.hypot(*v), lambda g: math.hypot(*g))}


def compare(program, norm, folder):
    answer, wrong = program.json("lipschitz", MOONS, *BOX, "--norm", norm)
    if wrong:
        return wrong
    found = answer["constants"][0]
    constant = float(Fraction(found["value"]))
    constant = math.sqrt(constant) if norm == "2" else constant
    if not found["lower"] <= constant * (1 + 1e-15) or not (
            constant * (1 - 1e-15) <= found["upper"]) or (
                found["upper"] - found["lower"] > 1e-14 * constant):
        return f"{constant} is not in [{found['lower']}, {found['upper']}]"
    length, dual = NORMS[norm]
    rng = random.Random(5)
    points = [[rng.uniform(-1, 1) for _ in range(2)] for _ in range(2 * PAIRS)]
    path = folder / "points.json"
    path.write_text(json.dumps(points))
    values, wrong = program.json("eval", MOONS, "--input", path)
    if wrong:
        return wrong
    for i in range(0, 2 * PAIRS, 2):
        step = [a - b for a, b in zip(points[i], points[i + 1])]
        change = values["outputs"][i][0] - values["outputs"][i + 1][0]
        if abs(change) > constant * length(step) * (1 + 1e-9):
            return f"steeper between {points[i]} and {points[i + 1]}"
    local, wrong = program.json("local", MOONS, "--point",
                                ",".join(map(repr, found["input"])))
    if wrong:
        return wrong
    slope = dual(local["map"]["A"][0])
    if abs(slope - constant) > 1e-9 * constant:
        return f"local says {slope}, not {constant}"
    return ""


def partial(program):
    answer, wrong = program.json("lipschitz", MOONS, *BOX, "--norm", "1",
                                 "--max-cells", "20", code=4)
    if wrong:
        return wrong
    whole, wrong = program.json("lipschitz", MOONS, *BOX, "--norm", "1")
    if wrong:
        return wrong
    value = Fraction(whole["constants"][0]["value"])
    found = answer["constants"][0]
    if not found["lower"] <= value <= found["upper"] or (
            found["stopped"] != "cell limit" or found["label"] == "exact"):
        return str(found)
    return ""


def below_doubles(program, folder):
    """The constant of one unit is a fraction that doubles round to 0."""
    path = folder / "near.onnx"
    Network([([[1e-182]], [0.0]), ([[1e-181]], [0.0])]).save(path)
    want = Fraction(1e-182) * Fraction(1e-181)
    for norm in NORMS:
        answer, wrong = program.json("lipschitz", path, *BOX, "--norm", norm)
        if wrong:
            return wrong
        found = answer["constants"][0]
        value = want ** 2 if norm == "2" else want
        if Fraction(found["value"]) != value or found["label"] != "exact":
            return f"norm {norm}: {found['value'][:40]}, {found['label']}"
        if not Fraction(found["lower"]) <= want <= Fraction(found["upper"]):
            return f"norm {norm}: {found['lower']} .. {found['upper']}"
    return ""


def check(program, checks):
    with tempfile.TemporaryDirectory() as name:
        for norm in NORMS:
            checks.add(f"lipschitz: norm {norm}",
                       compare(program, norm, pathlib.Path(name)))
        checks.add("lipschitz: below doubles",
                   below_doubles(program, pathlib.Path(name)))
    checks.add("lipschitz: stopped", partial(program))
    for flags, code in ((("--norm", "3"), 2), ((), 2),
                        (("--norm", "2", "--output", "1"), 3)):
        checks.add(f"lipschitz {' '.join(flags)}",
                   ended(program("lipschitz", MOONS, *BOX, *flags), code))
    checks.add("lipschitz: needs bounds",
               ended(program("lipschitz", MOONS, "--norm", "2"), 3))
