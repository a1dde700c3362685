"""Long counts that are stopped, help, and where the output goes."""
import json
import signal
import subprocess
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
        checks.add("a partial count says so", result.stdout)
    else:
        checks.add("a partial count says so", ended(result, 4))
    time_limit(program, checks)
    for number in (signal.SIGINT, signal.SIGTERM):
        interrupt(program, checks, number)
    interrupt(program, checks, signal.SIGINT, "--what", "regions,pieces,maps")
    streams(program, checks)
    helps(program, checks)


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
