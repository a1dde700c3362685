"""Long counts that are stopped, help, and where the output goes."""
import json
import os
import pathlib
import signal
import subprocess
import tempfile
import time

from harness import ended

# A 36-dimensional count that no machine finishes.
LONG = ("count", "EXAMPLES/bars.onnx", "--box", "0,1")
VERBS = {"info": ["--json", "--logits", "--shape"],
         "eval": ["--json", "--input", "--pieces", "--logits", "--shape"],
         "count": ["--json", "--all", "--box", "--plane", "--line", "--rows",
                   "--range", "--ball", "--at", "--polytope", "--vnnlib",
                   "--what", "--paranoid", "--time-limit", "--max-cells",
                   "--progress", "--logits", "--shape"],
         "cells": ["--out", "--format", "--fields", "--json", "--box",
                   "--plane", "--vnnlib", "--paranoid", "--time-limit",
                   "--max-cells", "--threads", "--progress"],
         "draw": ["--out", "--colour", "--output", "--level", "--no-walls",
                  "--no-boundary", "--width", "--title", "--max-cells",
                  "--json", "--rows", "--plane"]}


def partial(text, stopped):
    try:
        answer = json.loads(text)
    except ValueError:
        return f"no JSON: {text[:200]!r}"
    if answer["complete"] or answer["label"] != "lower":
        return f"complete {answer['complete']}, label {answer['label']}"
    if int(answer["regions"]) < 1:
        return f"{answer['regions']} regions"
    if stopped not in json.dumps(answer):
        return f"does not say {stopped}: {text[:500]}"
    return ""


def check(program, checks):
    for cells in (1, 7, 184):
        result = program("count", "EXAMPLES/moons.onnx", "--box", "-1,1",
                         "--max-cells", str(cells), "--json")
        wrong = ended(result, 4) or partial(result.stdout, "cell limit")
        if not wrong and int(json.loads(result.stdout)["regions"]) > 185:
            wrong = "more regions than there are"
        checks.add(f"--max-cells {cells}", wrong)
    answer, wrong = program.json("count", "EXAMPLES/moons.onnx", "--box",
                                 "-1,1", "--max-cells", "100000")
    if not wrong and (answer["regions"], answer["label"]) != ("185",
                                                              "exact"):
        wrong = f"{answer['regions']} {answer['label']}"
    checks.add("--max-cells out of reach", wrong)
    result = program("count", "EXAMPLES/moons.onnx", "--box", "-1,1",
                     "--max-cells", "7")
    if result.returncode == 4 and "lower" not in result.stdout.lower() and (
            "at least" not in result.stdout.lower()):
        checks.add("a partial count says so", f"it says {result.stdout!r}")
    else:
        checks.add("a partial count says so", ended(result, 4))
    time_limit(program, checks)
    for number in (signal.SIGINT, signal.SIGTERM):
        interrupt(program, checks, number)
    interrupt(program, checks, signal.SIGINT, "--what", "regions,pieces,maps")
    streams(program, checks)
    helps(program, checks)
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        everywhere(program, checks, folder)
        fifo(program, checks, folder)
    memory(program, checks)
    options(program, checks)
    probable(program, checks)


SLACK = 20  # seconds over a limit that a busy machine may take

# Work of minutes, or more than there is memory for, in each verb: with a limit
# it ends soon, with exit code 4 and a JSON object that says so.
WIDE = "cnn:in=3x200x200/conv=16@3x3,p=1/relu/conv=64@3x3,p=1/relu/conv=64@3x3"
ENDLESS = {
    "count": ("WIDE", "--box", "-1,1"),
    "cells": ("EXAMPLES/bars.onnx", "--box", "0,1", "-o", "/dev/null"),
    "survey": ("EXAMPLES/bars.onnx", "--box", "0,1"),
    "estimate": ("WIDE", "--box", "-1,1"),
    "stable": ("EXAMPLES/bars.onnx", "--box", "0,1", "--effort", "exact"),
    "range": ("WIDE", "--box", "-1,1"),
    "lipschitz": ("WIDE", "--box", "-1,1", "--norm", "1"),
    "walk": ("EXAMPLES/bars.onnx", "--point", ",".join(["0.3"] * 36),
             "--box", "0,1"),
    "density": ("EXAMPLES/bars.onnx", "--input", "ROWS", "--ball", "1/2",
                "--max-cells", "1000000000"),
    "mean": ("mlp:30,60,60,1", "--box", "-1,1", "--trials", "1000000"),
    "layer": ("cnn:in=3x14x14/conv=8@3x3/relu", "--budget",
              "1000000000000000"),
    "make": ("mlp:20000,20000,10", "-o", "OUT"),
    "sample": ("EXAMPLES/bars.onnx", "--points", "1000000000000000",
               "--box", "0,1"),
}


def everywhere(program, checks, folder):
    """Every verb heeds --time-limit, in JSON and with its exit code."""
    wide, rows = folder / "wide.onnx", folder / "rows.json"
    rows.write_text(json.dumps([[0.5] * 36, [0.4] * 36]))
    made = program("make", WIDE, "-o", str(wide))
    checks.add("make a wide network", ended(made, 0))
    for verb, arguments in ENDLESS.items():
        arguments = [{"WIDE": str(wide), "ROWS": str(rows),
                      "OUT": str(folder / "out.onnx")}.get(a, a)
                     for a in arguments]
        start = time.monotonic()
        result = program(verb, *arguments, "--time-limit", "1", "--json")
        spent = time.monotonic() - start
        wrong = ended(result, 4) or unfinished(result.stdout)
        if not wrong and spent > (4 if program.is_slow else 1) * SLACK:
            wrong = f"took {spent:.0f} s"
        checks.add(f"{verb} --time-limit 1", wrong)
    # While the file is read there is no number yet, but an answer.
    for verb, more in (("info", ()), ("count", ("--box", "-1,1")),
                       ("bound", ()), ("compare", ())):
        result = program(verb, str(wide), *more, "--time-limit", "0.000001",
                         "--json")
        checks.add(f"{verb}: a limit while reading", ended(result, 4) or
                   unfinished(result.stdout))


def unfinished(text):
    try:
        answer = json.loads(text)
    except ValueError:
        return f"no JSON: {text[:200]!r}"
    if answer["complete"] is not False:
        return "says that it is complete"
    if answer["label"] == "exact" and answer["verb"] not in ("stable",):
        return "says that it is exact"
    if "regions" in answer and answer["verb"] == "count" and not int(
            answer["regions"]) >= 1:
        return f"{answer['regions']} regions of a domain with points"
    return ""


def fifo(program, checks, folder):
    """A program that waits for a file ends at the first signal, and at the time
    limit."""
    path = folder / "fifo.onnx"
    os.mkfifo(path)
    process = subprocess.Popen(
        program.command("count", str(path), "--box", "-1,1"),
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env=program.environment)
    time.sleep(4 if program.is_slow else 1)
    process.send_signal(signal.SIGTERM)
    try:
        process.communicate(timeout=3 * SLACK)
        wrong = "" if process.returncode == 4 else (
            f"exit {process.returncode}")
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        wrong = "goes on waiting"
    checks.add("one signal ends waiting for a FIFO", wrong)
    result = program("count", str(path), "--box", "-1,1", "--time-limit", "1")
    checks.add("--time-limit ends waiting for a FIFO", ended(result, 4))


def memory(program, checks):
    """Numbers that nobody could write, files that cannot be: refused, or left
    out, at once."""
    start = time.monotonic()
    result = program("layer", "mlp:1073741824,1073741824,10", "--json")
    wrong = ended(result, 4) or unfinished(result.stdout)
    if not wrong and time.monotonic() - start > 3 * SLACK:
        wrong = "took long"
    checks.add("layer of 2^30 units", wrong)
    result = program("make", "mlp:40000,40000,10", "-o", "/dev/null")
    checks.add("make refuses more than a file holds", ended(result, 3))


def options(program, checks):
    moons = "EXAMPLES/moons.onnx"
    for name, arguments in {
            "layer --samples": ("layer", "mlp:2,3", "--samples", "1000000000"),
            "draw --level": ("draw", moons, "--box", "-1,1", "--level", "0x10",
                             "-o", "/dev/null"),
            "density --count": ("density", moons, "--input",
                                "EXAMPLES/rows.npz", "--count", "1")}.items():
        result = program(*arguments)
        wrong = ended(result, 2)
        if not wrong and ("PLEATS_" in result.stderr or
                          arguments[0] not in result.stderr):
            wrong = result.stderr
        checks.add(f"{name} refused", wrong)


def probable(program, checks):
    """What rests on filters modulo a prime says so; what has a proof is exact.
    223 and 224: docs/theory.md 3.3; 255: filters commute, 3.8."""
    answer, wrong = program.json("layer", "cnn:in=1x2x2/conv=1@2x2,p=1/relu")
    if not wrong:
        generic = answer["generic"]
        if (generic["value"], generic["label"], generic["certain_lower"],
                generic["certain_upper"]) != ("223", "probable", "223", "224"):
            wrong = str(generic)
        elif not 0 < generic["error_probability"] < 1e-9:
            wrong = str(generic["error_probability"])
        elif answer["label"] != "probable":
            wrong = answer["label"]
    checks.add("a count modulo a prime is probable", wrong)
    for spec in "cnn:in=1x10/conv=4@3/relu", "cnn:in=1x3x3/conv=2@2x2/relu":
        answer, wrong = program.json("layer", spec)
        if not wrong and (answer["generic"]["label"] != "exact" or
                          answer["generic"]["error_probability"] is not None):
            wrong = str(answer["generic"])
        checks.add(f"a proven count is exact: {spec}", wrong)


def time_limit(program, checks):
    start = time.monotonic()
    result = program(*LONG, "--time-limit", "1", "--json")
    spent = time.monotonic() - start
    wrong = ended(result, 4) or partial(result.stdout, "time limit")
    if not wrong and not 0.9 <= spent <= (30 if program.is_slow else 5):
        wrong = f"took {spent:.1f} s"
    checks.add("--time-limit 1", wrong)


def interrupt(program, checks, number, *flags):
    """A signal during a long count."""
    process = subprocess.Popen(
        program.command(*LONG, *flags, "--json"), stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True, env=program.environment)
    time.sleep(4 if program.is_slow else 1.5)
    start = time.monotonic()
    process.send_signal(number)
    try:
        out, err = process.communicate(timeout=60)
    except subprocess.TimeoutExpired:
        process.kill()
        out, err = process.communicate()
    spent = time.monotonic() - start
    name = " ".join(["signal", number.name, *flags])
    wrong = "" if process.returncode == 4 else (
        f"exit {process.returncode}: {err[:200]}")
    wrong = wrong or partial(out, "interrupt")
    if not wrong and spent > (30 if program.is_slow else 5):
        wrong = f"ended {spent:.1f} s after the signal"
    checks.add(name, wrong)


def streams(program, checks):
    box = ("count", "EXAMPLES/moons.onnx", "--box", "-1,1")
    quiet, loud = program(*box), program(*box, "--progress")
    checks.add("no remarks without need", quiet.stderr)
    same = program.canonical(quiet.stdout) == program.canonical(loud.stdout)
    checks.add("--progress leaves stdout alone", "" if same else loud.stdout)
    long = program(*LONG, "--time-limit", "2", "--progress", "--json")
    checks.add("--progress shows regions and share", "" if
               "regions" in long.stderr and "%" in long.stderr
               else f"stderr: {long.stderr!r}")
    for args in (box, ("info", "EXAMPLES/moons.onnx"),
                 ("eval", "EXAMPLES/moons.onnx", "--input",
                  "EXAMPLES/rows.npz"), ("--help",), ("--version",)):
        with open("/dev/full", "w") as full:
            result = subprocess.run(program.command(*args), stdout=full,
                                    stderr=subprocess.PIPE, text=True,
                                    env=program.environment)
        wrong = "" if result.returncode == 1 and result.stderr else (
            f"exit {result.returncode}, stderr {result.stderr!r}")
        checks.add(f"full disk: {args[0]}", wrong)


def helps(program, checks):
    result = program("--help")
    missing = [v for v in VERBS if v not in result.stdout]
    checks.add("pleats --help names the verbs", ended(result, 0) or
               ", ".join(missing))
    for verb, flags in VERBS.items():
        result = program(verb, "--help")
        missing = [f for f in flags if f not in result.stdout]
        checks.add(f"pleats {verb} --help names its options",
                   ended(result, 0) or ", ".join(missing))
