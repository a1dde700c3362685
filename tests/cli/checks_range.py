"""`range`: extreme values against points, and properties of VNN-LIB files whose
answers follow from the extreme values."""
from fractions import Fraction
import json
import pathlib
import random
import tempfile

from harness import ended
import numpy as np
from cells_read import Network

MOONS, BOX = "EXAMPLES/moons.onnx", ("--box", "-1,1")
POINTS = 200


def values_at(program, points, folder):
    path = folder / "points.json"
    path.write_text(json.dumps(points))
    answer, wrong = program.json("eval", MOONS, "--input", path)
    if wrong:
        raise ValueError(wrong)
    return [row[0] for row in answer["outputs"]]


def holds_points(program, extremes, folder):
    """No value at a point is outside, and the ends are values at points."""
    rng = random.Random(17)
    points = [[rng.uniform(-1, 1) for _ in range(2)] for _ in range(POINTS)]
    ends = [extremes["least"], extremes["largest"]]
    least, largest = (float(Fraction(e["value"])) for e in ends)
    found = values_at(program, points + [e["input"] for e in ends], folder)
    if not all(least - 1e-9 <= v <= largest + 1e-9 for v in found):
        return "a value at a point is outside"
    if abs(found[-2] - least) > 1e-9 or abs(found[-1] - largest) > 1e-9:
        return f"the ends are {found[-2:]} at their points"
    for end in ends:
        value = Fraction(end["value"])
        if not end["lower"] <= value <= end["upper"] or end["label"] != "exact":
            return f"{end['label']} [{end['lower']}, {end['upper']}]"
        if Fraction(end["outputs"][0]) != value:
            return "the output is another number"
    return ""


def number(q):
    text = f"(/ {abs(q.numerator)} {q.denominator})"
    return f"(- {text})" if q < 0 else text


def property_file(folder, *assertions, sides="<="):
    lines = [f"(declare-const {v} Real)" for v in ("X_0", "X_1", "Y_0")]
    lines += [f"(assert (and ({sides} -1 X_{i}) ({sides} X_{i} 1)))"
              for i in range(2)]
    path = folder / "property.vnnlib"
    path.write_text("\n".join(lines + [f"(assert {a})" for a in assertions]))
    return path


def verdicts(extremes):
    """A property, the sides of the box, and what is true of it."""
    largest = Fraction(extremes["largest"]["value"])
    least = Fraction(extremes["least"]["value"])
    top, low = number(largest), number(least)
    middle = number((largest + least) / 2)
    near = number(largest - Fraction(1, 10**12))
    yield f"(>= Y_0 {top})", "<=", "violated"
    yield f"(> Y_0 {top})", "<=", "holds"
    yield f"(> Y_0 {near})", "<=", "violated"
    yield f"(<= Y_0 {low})", "<=", "violated"
    yield f"(< Y_0 {low})", "<=", "holds"
    yield f"(= Y_0 {middle})", "<=", "violated"
    yield f"(= Y_0 {top})", "<=", "violated"
    yield f"(and (>= Y_0 {top}) (<= Y_0 {low}))", "<=", "holds"
    yield f"(or (> Y_0 {top}) (< Y_0 {low}))", "<=", "holds"
    yield f"(or (> Y_0 {top}) (<= Y_0 {low}))", "<=", "violated"
    yield f"(not (< Y_0 {top}))", "<=", "violated"
    yield f"(and (>= Y_0 {top}) (> X_0 2))", "<=", "holds"
    # Scaled, and between inputs and outputs.
    yield f"(> (- (* 3 Y_0) Y_0) (* 2 {top}))", "<=", "holds"
    yield f"(>= (+ Y_0 X_0) (+ X_0 {top}))", "<=", "violated"
    # A corner of the box attains the value: without its sides nothing does.
    yield f"(<= Y_0 {low})", "<", "holds"
    yield f"(<= Y_0 {number(least + Fraction(1, 1000))})", "<", "violated"


def judge(answer, sides, want):
    found = answer["property"]
    if found["verdict"] != want:
        return f"says {found['verdict']}"
    if (want == "violated") != bool(found["counterexample"]):
        return "a counterexample is missing, or too much"
    if want == "violated":
        point = [Fraction(x) for x in found["counterexample"]["point"]]
        if not all(-1 <= x <= 1 and (sides == "<=" or abs(x) < 1)
                   for x in point):
            return "the counterexample is outside the box"
    return ""


def properties(program, checks, extremes, folder):
    if not all(abs(Fraction(x)) == 1 for x in extremes["least"]["point"]):
        checks.add("range: the least value is at a corner", "it is not")
    for text, sides, want in verdicts(extremes):
        path = property_file(folder, text, sides=sides)
        answer, wrong = program.json("range", MOONS, "--vnnlib", path)
        checks.add(f"range: {text[:40]} {sides}",
                   wrong or judge(answer, sides, want))


def refusals(program, checks, folder):
    checks.add("range: needs bounds", ended(program("range", MOONS), 3))
    for flags, code in ((("--output", "1"), 3), (("--direction", "1,2"), 2),
                        (("--direction", "x"), 3),
                        (("--direction", "1", "--output", "0"), 2)):
        checks.add(f"range {' '.join(flags)}",
                   ended(program("range", MOONS, *BOX, *flags), code))
    path = property_file(folder, "(<= Y_0 1)")
    path.write_text(path.read_text() + "(declare-const Y_1 Real)\n"
                    "(assert (<= Y_1 0))\n")
    checks.add("range: an output too many",
               ended(program("range", MOONS, "--vnnlib", path), 3))
    answer, wrong = program.json("range", MOONS, "--vnnlib",
                                 property_file(folder))
    if not wrong and (answer["property"] or len(answer["ranges"]) != 1):
        wrong = "is taken for a property"
    checks.add("range: a file without outputs", wrong)


def partial(program, checks, extremes):
    answer, wrong = program.json("range", MOONS, *BOX, "--max-cells", "3",
                                 code=4)
    for word in ("least", "largest") if not wrong else ():
        end = answer["ranges"][0][word]
        value = Fraction(extremes[word]["value"])
        if not end["lower"] <= value <= end["upper"] or (
                end["stopped"] != "cell limit" or end["label"] not in
                ("upper", "lower")):
            wrong = f"{word}: {end}"
    checks.add("range: stopped", wrong)


def least_at_the_side(w, b, v):
    """The least v ReLU(w x + b) for x_0 = 1 and x_1 in [-1, 1], in fractions: at an
    end or where a unit is 0."""
    def value(x):
        return sum(c * max(p + q * x + r, 0) for (p, q), r, c in zip(w, b, v))
    w, b, v = [[[Fraction(float(c)) for c in row] for row in part]
               for part in (w, [b], v)]
    b, v = b[0], v[0]
    zeros = [-(p + r) / q for (p, q), r in zip(w, b) if q]
    return min(map(value, [Fraction(-1), Fraction(1)] +
                   [x for x in zeros if -1 < x < 1]))


def beyond_doubles(program, folder):
    """One unit takes the value down to -10^360, and others move it by a few."""
    for seed in range(12):
        rng = np.random.default_rng(seed)
        w = rng.integers(-4, 5, (7, 2)).astype(float)
        b = rng.integers(-2, 3, 7).astype(float)
        v = rng.integers(-4, 5, (1, 7)).astype(float)
        w[0], b[0], v[0, 0] = (1e160, 0), 0, -1e200
        path = folder / "far.onnx"
        Network([(w, b), (v, np.zeros(1))]).save(path)
        answer, wrong = program.json("range", path, *BOX)
        if wrong:
            return wrong
        least = answer["ranges"][0]["least"]
        if least["label"] != "exact" or Fraction(
                least["value"]) != least_at_the_side(w, b, v):
            return f"seed {seed}: {least['value'][:20]}, {least['label']}"
    return ""


def check(program, checks):
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        answer, wrong = program.json("range", MOONS, *BOX)
        checks.add("range of moons", wrong)
        if wrong:
            return
        extremes = answer["ranges"][0]
        checks.add("range: points", holds_points(program, extremes, folder))
        properties(program, checks, extremes, folder)
        refusals(program, checks, folder)
        partial(program, checks, extremes)
        checks.add("range: beyond doubles", beyond_doubles(program, folder))
