"""`stable`: what it says of units against the pieces that `eval` sees."""
import json
import pathlib
import random
import tempfile

from harness import ended

NETS = [("EXAMPLES/moons.onnx", 2, 0.3), ("EXAMPLES/moons.onnx", 2, 2.0)]
EFFORTS = ["intervals", "forms", "programmes", "exact"]
POINTS = 400


def pieces_of(program, net, points, folder):
    """[points][units]"""
    path = folder / "points.json"
    path.write_text(json.dumps(points))
    answer, wrong = program.json("eval", net, "--input", path, "--pieces")
    if wrong:
        raise ValueError(wrong)
    layers = answer["pieces"]
    return [sum((layer["pieces"][i] for layer in layers), [])
            for i in range(len(points))] if isinstance(
                layers[0], dict) else layers


def states(program, net, size, effort):
    answer, wrong = program.json("stable", net, "--box", f"-{size},{size}",
                                 "--effort", effort)
    if wrong:
        raise ValueError(wrong)
    for layer in answer["layers"]:
        for word in ("off", "on", "changes", "undecided"):
            if layer[word] != layer["states"].count(word):
                raise ValueError(f"{word} of {layer}")
    return sum((layer["states"] for layer in answer["layers"]), [])


def compare(program, net, n, size, folder):
    rng = random.Random(1)
    points = [[rng.uniform(-size, size) for _ in range(n)]
              for _ in range(POINTS)]
    seen = [set(column) for column in
            zip(*pieces_of(program, net, points, folder))]
    before = None
    for effort in EFFORTS:
        found = states(program, net, size, effort)
        for unit, (state, pieces) in enumerate(zip(found, seen)):
            if state in ("off", "on") and len(pieces) > 1:
                return f"{effort}: unit {unit} is {state}, but changes"
            if state == "off" and pieces != {0}:
                return f"{effort}: unit {unit} is off, but on piece {pieces}"
            if state == "on" and pieces != {1}:
                return f"{effort}: unit {unit} is on, but on piece {pieces}"
            if before and before[unit] in ("off", "on") != state in (
                    "off", "on") and before[unit] != state:
                return f"{effort}: unit {unit} was {before[unit]}"
        before = found
    if "undecided" in before:
        return "exact leaves units undecided"
    missed = sum(s == "changes" and len(p) == 1 for s, p in zip(before, seen))
    if missed > len(seen) // 4:
        return f"{missed} units are said to change and are not seen to"
    return ""


def stopped(program):
    answer, wrong = program.json("stable", "EXAMPLES/moons.onnx", "--box",
                                 "-1,1", "--effort", "exact", "--max-cells",
                                 "5", code=4)
    if wrong:
        return wrong
    if answer["regions"] != "5" or answer["stopped"] != "cell limit":
        return str(answer)[:200]
    return ""


def check(program, checks):
    with tempfile.TemporaryDirectory() as name:
        for net, n, size in NETS:
            checks.add(f"stable {net} on {size}",
                       compare(program, net, n, size, pathlib.Path(name)))
    checks.add("stable: stopped", stopped(program))
    checks.add("stable: needs a box", ended(program(
        "stable", "EXAMPLES/moons.onnx"), 3))
