"""Balls in norm 1, counted by hand and as polytopes of all their sides, and what
is refused."""
import itertools
import json
import math
import pathlib
import tempfile

SPEC = "mlp:7,6,4,1"
VERBS = ("cells", "sample", "survey", "stable", "range",
         "lipschitz", "local", "walk", "draw")


def sides(centre, radius):
    """The rows of a ball in norm 1 with a side for each choice of signs."""
    signs = list(itertools.product((-1, 1), repeat=len(centre)))
    return {"A": [list(s) for s in signs],
            "b": [radius + sum(x * c for x, c in zip(s, centre))
                  for s in signs]}


def same(program, folder, net, n, radius):
    """The ball about row 0, by --norm 1 and by its sides."""
    rows, polytope = folder / f"rows{n}.json", folder / f"sides{n}.json"
    centre = [(3 * i % 7 - 3) / 8 for i in range(n)]
    rows.write_text(json.dumps([centre]))
    polytope.write_text(json.dumps(sides(centre, radius)))
    what = ("--what", "regions,pieces,maps")
    answers = []
    for words in (("--ball", str(radius), "--norm", "1", "--at", f"{rows}:0"),
                  ("--ball", str(radius), "--ball-norm", "1", "--at",
                   f"{rows}:0", "--paranoid"),
                  ("--polytope", polytope)):
        answer, wrong = program.json("count", net, *words, *what)
        if wrong:
            return wrong
        answers.append([answer[key] for key in ("regions", "pieces", "maps",
                                                "label")])
    if answers[0] != answers[1] or answers[0] != answers[2]:
        return str(answers)
    return "" if int(answers[0][0]) > 10 else f"{answers[0]}: too few"


def euclidean(program, net, rows):
    result = program("count", net, "--ball", "2", "--norm", "2", "--at",
                     f"{rows}:0")
    numbers = [float(word) for word in result.stderr.replace(",", " ").split()
               if word.replace(".", "").isdigit() and "." in word]
    root = math.sqrt(7)
    if result.returncode != 3 or "no polytope" not in result.stderr:
        return result.stderr
    for found, want, side in zip(numbers, (2, 2 * root, 2 / root, 2),
                                 (1, 1, -1, -1)):
        if not 0 < side * (found - want) < 1e-4 * want:
            return f"{numbers}: {found} instead of {want}"
    return "" if len(numbers) == 4 else str(numbers)


def refusals(program, checks, net, rows, folder):
    ball = ("--ball", "1/4", "--ball-norm", "1", "--at", f"{rows}:0")
    for verb in VERBS:
        more = {"cells": ("--out", folder / "c.jsonl"),
                "draw": ("--out", folder / "d.svg"),
                "lipschitz": ("--norm", "inf")}.get(verb, ())
        result = program(verb, net, *ball, *more)
        lines = result.stderr.splitlines()
        good = result.returncode == 3 and len(lines) == 1 and not result.stdout
        checks.add(f"{verb} on a lifted ball",
                   "" if good else f"{result.returncode}: {result.stderr}"
                   f"{result.stdout}"[:300])
    for words in (("--ball", "1", "--norm", "3", "--at", f"{rows}:0"),
                  ("--box", "0,1", "--norm", "1")):
        result = program("count", net, *words)
        checks.add("count " + " ".join(words[2:4]),
                   "" if result.returncode == 2 else result.stderr)
    result = program("count", net, "--ball", "-1", "--norm", "1", "--at",
                     f"{rows}:0")
    checks.add("a negative radius", "" if "negative" in result.stderr
               and result.returncode == 2 else result.stderr)


def other_verbs(program, checks, net, rows):
    """Where the sides are there, a ball is a polytope as any other."""
    ball = ("--ball", "1/4", "--ball-norm", "1", "--at", f"{rows}:0")
    count, wrong = program.json("count", net, *ball)
    survey, other = program.json("survey", net, *ball)
    wrong = wrong or other
    if not wrong and survey["regions"] != count["regions"]:
        wrong = f"{survey['regions']}, not {count['regions']}"
    checks.add("a survey of a ball in norm 1", wrong)
    inf, wrong = program.json("lipschitz", net, *ball, "--norm", "inf")
    if not wrong and inf["domain"].find("norm-1 ball 0.25") != 0:
        wrong = inf["domain"]
    checks.add("lipschitz: two norms", wrong)


def check(program, checks):
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        for n, spec, radius in ((2, "mlp:2,9,6,1", 0.75),
                                (4, "mlp:4,7,5,1", 0.5), (7, SPEC, 1)):
            net = folder / f"n{n}.onnx"
            program("make", spec, "--init", "he-normal", "--bias",
                    "normal:0.1", "-o", net)
            checks.add(f"a ball in norm 1, {n} inputs",
                       same(program, folder, net, n, radius))
        rows = folder / "rows7.json"
        checks.add("a ball in norm 2", euclidean(program, net, rows))
        refusals(program, checks, net, rows, folder)
        other_verbs(program, checks, folder / "n2.onnx", folder / "rows2.json")
