#!/usr/bin/python3
"""Certificates with a single change each: both checkers refuse every one.
Usage: test_mutants.py PLEATS CHECKER NUMBER [SEED]"""
import os
import pathlib
import random
import re
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
from certificates import Checkers, certify  # noqa: E402
from check import Refused, prove  # noqa: E402
from harness import Checks, arguments  # noqa: E402
from network import Network  # noqa: E402
from networks import network  # noqa: E402

EXAMPLES = HERE.parent.parent / "examples"
DOMAINS = HERE.parent / "cli" / "domains"
# (name, model, domain); in none of them is a unit at a breakpoint all over a
# cell, so that no proof has two readings.
SOURCES = [
    ("box", EXAMPLES / "moons.onnx", ["--box", "-0.3,0.1"]),
    ("plane", EXAMPLES / "moons.onnx", ["--plane", DOMAINS / "plane.json"]),
    ("line", EXAMPLES / "moons.onnx", ["--line", DOMAINS / "whole_line.json"]),
    ("rows", EXAMPLES / "moons.onnx",
     ["--polytope", DOMAINS / "triangle.json"]),
    ("clip", network("zoo/clip_relu1_hardsig.onnx"), ["--all"]),
    ("maxima", network("zoo/maxout_max.onnx"), ["--all"]),
    ("minima", network("zoo/abs_min_neg.onnx"), ["--all"]),
    ("space", network("nd/mlp_2-5-5-5-5-5-5-1_s101.onnx"), ["--all"]),
]


class Source:
    """A certificate as lines, and what can be told from them."""

    def __init__(self, name, model, text):
        self.name, self.model = name, str(model)
        self.net = Network(self.model)
        self.lines = text.splitlines(keepends=True)
        self.body = 1 + next(i for i, l in enumerate(self.lines)
                             if l.startswith("body"))
        self.maxima = {u for u, i in enumerate(
            i for step in self.net.steps for i in step)
            if hasattr(self.net.rule[i - self.net.n_inputs], "scalars")}

    def at(self, letters):
        """Numbers of the body's lines of these sorts."""
        return [i for i in range(self.body, len(self.lines))
                if self.lines[i][0] in letters]

    def end(self, i):
        """The line behind the cell whose first line is i."""
        while self.lines[i][0] not in "SWX":
            i += 1
        if self.lines[i][0] != "S":
            return i + 1
        return self.end(self.end(i + 1))


def changed(lines, i, line):
    return "".join(lines[:i] + [line] + lines[i + 1:])


# Each makes a changed text of a source, or None where it finds nothing.


def drop_line(source, rng):
    i = rng.randrange(len(source.lines))
    return "".join(source.lines[:i] + source.lines[i + 1:])


def repeat_line(source, rng):
    i = rng.randrange(len(source.lines))
    return "".join(source.lines[:i + 1] + source.lines[i:])


def change_multiplier(source, rng):
    """A wall's multiplier that is huge, negative, 0, or another's: where the
    cell has points, the wall is positive there, and then so is the sum."""
    lines = [i for i in source.at("ABM") if ":" in source.lines[i]]
    if not lines:
        return None
    i = rng.choice(lines)
    words = source.lines[i].split()
    j = rng.choice([j for j, w in enumerate(words) if ":" in w])
    wall, factor = words[j].split(":")
    m, _, e = factor.partition("p")
    words[j] = wall + ":" + rng.choice([
        f"{m}p{int(e or 0) + 400}", f"-{factor}", "0", f"2{m}p0p0"])
    return changed(source.lines, i, " ".join(words) + "\n")


def change_wall(source, rng):
    """A wall that is not there."""
    lines = [i for i in source.at("ABMX") if ":" in source.lines[i]]
    if not lines:
        return None
    i = rng.choice(lines)
    line = re.sub(r" \d+:", f" {rng.randrange(500, 10 ** 6)}:",
                  source.lines[i], count=1)
    return changed(source.lines, i, line)


def leave_form(source, rng):
    """A proof without the form that it is about."""
    lines = [i for i in source.at("ABM") if ":" in source.lines[i]]
    if not lines:
        return None
    i = rng.choice(lines)
    words = source.lines[i].split()
    first = next(j for j, w in enumerate(words) if ":" in w) - 1
    return changed(source.lines, i,
                   " ".join(words[:first] + words[first + 1:]) + "\n")


def flip_fact(source, rng):
    """Above instead of below; candidates the other way round."""
    i = rng.choice(source.at("ABM"))
    words = source.lines[i].split()
    if words[0] == "M":
        words[2], words[3] = words[3], words[2]
    else:
        words[0] = "B" if words[0] == "A" else "A"
    return changed(source.lines, i, " ".join(words) + "\n")


def other_unit(source, rng):
    i = rng.choice(source.at("ABMS"))
    words = source.lines[i].split()
    words[1] = str(int(words[1]) + rng.choice([-1, 1, 7, 10 ** 9]))
    return changed(source.lines, i, " ".join(words) + "\n")


def swap_branches(source, rng):
    splits = [i for i in source.at("S")
              if int(source.lines[i].split()[1]) not in source.maxima]
    if not splits:
        return None
    i = rng.choice(splits)
    middle = source.end(i + 1)
    end = source.end(middle)
    lines = source.lines
    return "".join(lines[:i + 1] + lines[middle:end] + lines[i + 1:middle] +
                   lines[end:])


def wrong_point(source, rng):
    """Another region's point, one far out, or no number at all."""
    points = source.at("W")
    i, j = rng.choice(points), rng.choice(points)
    words = source.lines[i].split()
    kind = rng.randrange(4)
    if kind == 0:
        return changed(source.lines, i, source.lines[j])
    if kind == 1:
        words[1] = "-" + words[1]
    elif kind == 2:
        words[1] = "0"
    else:
        words.pop()
    return changed(source.lines, i, " ".join(words) + "\n")


def other_number(source, rng):
    i = next(i for i, l in enumerate(source.lines) if l.startswith("regions"))
    n = int(source.lines[i].split()[1]) + rng.choice([-1, 1, 10])
    return changed(source.lines, i, f"regions {n}\n")


def other_model(source, rng):
    digest = source.lines[1].split()[1]
    j = rng.randrange(64)
    other = rng.choice([d for d in "0123456789abcdef" if d != digest[j]])
    return changed(source.lines, 1,
                   f"model {digest[:j]}{other}{digest[j + 1:]}\n")


def other_domain(source, rng):
    """Bounds that leave out points; a bound less, which needs other proofs."""
    bounds = [i for i, l in enumerate(source.lines)
              if l.startswith("bounds")]
    i = rng.choice(bounds)
    return changed(source.lines, i, rng.choice([
        "bounds 1000 1001\n", "bounds 5 -5\n", "bounds -1000 -999\n"]))


def truncate(source, rng):
    text = "".join(source.lines)
    return text[:rng.randrange(len(text))]


def reorder(source, rng):
    i = rng.randrange(len(source.lines) - 1)
    lines = list(source.lines)
    lines[i], lines[i + 1] = lines[i + 1], lines[i]
    return "".join(lines)


def lose_region(source, rng):
    """A region that is said to be empty, and the number one less."""
    i = rng.choice(source.at("W"))
    text = changed(source.lines, i, rng.choice(["X\n", "X 0:1\n"]))
    return re.sub(r"\nregions (\d+)\n",
                  lambda m: f"\nregions {int(m[1]) - 1}\n", text, count=1)


MUTATIONS = [drop_line, repeat_line, change_multiplier, change_wall, leave_form,
             flip_fact, other_unit, swap_branches, wrong_point, other_number,
             other_model, other_domain, truncate, reorder, lose_region]


def python_refuses(text, net):
    try:
        prove(text.encode(), net)
    except Refused:
        return True
    return False


def check(source, mutation, rng, checkers, work, checks):
    whole = "".join(source.lines)
    text = mutation(source, rng)
    if text is None or text == whole:
        return
    path = work / "mutant"
    path.write_text(text)
    result = checkers.ask_c([path], source.model)
    wrong = ""
    if result.returncode != 1 or not result.stdout.startswith("REFUSED: "):
        wrong = (f"check.c: exit {result.returncode} "
                 f"{(result.stdout + result.stderr)[:200]}")
    elif not python_refuses(text, source.net):
        wrong = "check.py verifies it"
    if wrong:
        keep = work.parent / f"mutant-{source.name}-{mutation.__name__}.cert"
        keep.write_text(text)
        wrong += f" ({keep})"
    checks.add(f"{source.name}, {mutation.__name__}", wrong)


def make_sources(options, work):
    for name, model, domain in SOURCES:
        path = work / name
        answer, wrong = certify(options.pleats, model, domain, path,
                                "--certificate-form=text")
        if wrong:
            raise SystemExit(f"FAIL {name}: {wrong}")
        source = Source(name, model, path.read_text())
        prove(path.read_bytes(), source.net)
        yield source


def main():
    options = arguments(checker="the checker in C", number="of mutants")
    rng = random.Random(int(os.environ.get("PLEATS_TEST_SEED", "1")))
    number = int(options.number) * int(os.environ.get("PLEATS_TEST_MULTIPLIER",
                                                      "1"))
    checks = Checks()
    with tempfile.TemporaryDirectory() as folder:
        work = pathlib.Path(folder)
        checkers = Checkers(options.checker, work)
        sources = list(make_sources(options, work))
        for i in range(number):
            check(rng.choice(sources), MUTATIONS[i % len(MUTATIONS)], rng,
                  checkers, work, checks)
    checks.finish()


if __name__ == "__main__":
    main()
