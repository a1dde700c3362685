"""`estimate` and `mean`: against exact counts, the formula for one layer, and
networks made one by one."""
import csv
import pathlib
import signal
import statistics
import subprocess
import tempfile

from harness import await_work, ended

NET = ["EXAMPLES/moons.onnx", "--box", "-1,1"]
SEEDS = 40
ONE_LAYER = ["cnn:in=1x3x3/conv=2@2x2/relu", "cnn:in=1x5/conv=3@2/relu",
             "mlp:3,9,1"]


def known_of_maxout(program):
    """(K N)^n / n! C(K n, 2 n) with K = 3, N = 9, n = 2: 27^2 / 2 * 15; nothing
    is said of two ranks."""
    known = {}
    for spec in ("mlp:2,9,1:maxout=3", "cnn:in=2/fc=4/maxout=2/fc=6/maxout=3"):
        answer, wrong = program.json("mean", spec, "--trials", "2", "--bounds")
        if wrong:
            return wrong
        known[spec] = [(k["name"], round(k["value"], 6))
                       for k in answer["known"]]
    good = list(known.values()) == [[("maxout", 5467.5)], []]
    return "" if good else str(known)


def exact_first(program):
    answer, wrong = program.json("estimate", *NET)
    if wrong:
        return wrong
    count, wrong = program.json("count", *NET)
    if wrong:
        return wrong
    if answer["label"] != "exact" or answer["regions"] != count["regions"]:
        return f"{answer['regions']} ({answer['label']}), not {count['regions']}"
    return ""


def covers(program):
    """Of 40 intervals of 95 % at least 32 hold the number: fewer are as good as
    impossible, and the seeds are fixed."""
    count, wrong = program.json("count", *NET)
    if wrong:
        return wrong
    truth, held, means = int(count["regions"]), 0, []
    for seed in range(SEEDS):
        answer, wrong = program.json("estimate", *NET, "--exact-time", "0",
                                     "--seed", seed, "--rel-error", "0.2")
        if wrong:
            return wrong
        if answer["label"] != "estimate":
            return f"labelled {answer['label']}"
        interval = answer["interval"]
        held += float(interval["lo"]) <= truth <= float(interval["hi"])
        means.append(float(answer["regions"]))
    off = abs(statistics.mean(means) - truth)
    error = statistics.stdev(means) / SEEDS ** 0.5
    if held < 32 or off > 5 * error:
        return f"{held} of {SEEDS} hold {truth}; mean off by {off}, error {error}"
    return ""


def same_for_threads(program):
    found = set()
    for threads in ("1", "2", "3"):
        answer, wrong = program.json("estimate", *NET, "--exact-time", "0",
                                     "--rel-error", "0.1", "--threads", threads)
        if wrong:
            return wrong
        found.add((answer["regions"], answer["interval"]["lo"],
                   answer["sweeps"]))
    return "" if len(found) == 1 else f"differ: {found}"


def stopped(program):
    """Few sweeps do not reach the goal: the answer is partial."""
    answer, wrong = program.json("estimate", *NET, "--exact-time", "0",
                                 "--sweeps", "8", "--rel-error", "0.001",
                                 code=4)
    if wrong:
        return wrong
    if answer["sweeps"] != 8 or answer["stopped"] != "sweep limit":
        return str(answer)
    return ""


def constant(program, spec):
    """One layer on R^n: the average of the theory in every trial."""
    mean, wrong = program.json("mean", spec, "--trials", "20", "--init",
                               "he-normal")
    if wrong:
        return wrong
    layer, wrong = program.json("layer", spec, "--what", "generic")
    if wrong:
        return wrong
    number = layer["generic"]["value"]
    if not mean["constant"] or mean["quantiles"] != 7 * [number]:
        return f"{mean['quantiles']}, not {number}"
    if mean["deviation"] != 0 or mean["exact_trials"] != 20:
        return f"deviation {mean['deviation']}"
    return ""


def trials(program, folder):
    """Each line of the CSV is what `count` finds on the network that `make`
    makes of its seed; mean, deviation and quantiles are theirs."""
    spec, path = "mlp:2,6,5,1", folder / "trials.csv"
    mean, wrong = program.json("mean", spec, "--trials", "25", "--box", "-1,1",
                               "--csv", path, "--seed", "3")
    if wrong:
        return wrong
    rows = list(csv.DictReader(path.open()))
    if [int(r["trial"]) for r in rows] != list(range(25)):
        return "not all trials are there"
    for row in rows[:6]:
        net = folder / "net.onnx"
        wrong = ended(program("make", spec, "--seed", row["seed"], "-o", net), 0)
        count, also = program.json("count", net, "--box", "-1,1")
        if wrong or also:
            return wrong or also
        if count["regions"] != row["regions"]:
            return f"{row}, but {count['regions']}"
    numbers = sorted(int(r["regions"]) for r in rows)
    want = [numbers[0], numbers[1], numbers[6], numbers[12], numbers[18],
            numbers[23], numbers[24]]
    if [int(q) for q in mean["quantiles"]] != want:
        return f"{mean['quantiles']}, not {want}"
    if abs(mean["mean"] - statistics.mean(numbers)) > 1e-9 or abs(
            mean["deviation"] - statistics.stdev(numbers)) > 1e-9:
        return f"mean {mean['mean']}, deviation {mean['deviation']}"
    return ""


def estimated_trials(program):
    """Trials above --max-cells are estimated, and said to be."""
    call = ["mean", "mlp:2,12,12,1", "--trials", "30", "--box", "-1,1",
            "--seed", "5"]
    exact, wrong = program.json(*call)
    if wrong:
        return wrong
    rough, wrong = program.json(*call, "--max-cells", "20", "--sweeps", "300")
    if wrong:
        return wrong
    # A mean over a sample of networks is an estimate, however each was counted.
    if exact["label"] != "estimate" or rough["label"] != "estimate":
        return f"labelled {exact['label']}, {rough['label']}"
    if exact["exact_trials"] != 30:
        return f"{exact['exact_trials']} of 30 counted"
    if rough["exact_trials"] == 30:
        return "nothing was estimated"
    if abs(rough["mean"] / exact["mean"] - 1) > 0.1:
        return f"{rough['mean']} instead of {exact['mean']}"
    return ""


def interrupted(program, folder, call, code):
    """Work that would take hours ends soon after Ctrl-C, each in its way."""
    process = subprocess.Popen(
        program.command(*call), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        text=True, env=program.environment, cwd=folder)
    await_work(process, 8 if program.is_slow else 1)
    process.send_signal(signal.SIGINT)
    try:
        out, err = process.communicate(timeout=60 if program.is_slow else 15)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        return "goes on"
    if process.returncode != code or "interrupt" not in out + err:
        return f"exit {process.returncode}: {(out + err)[:200]}"
    return ""


def interrupts(program, checks, folder):
    slow, rows = folder / "slow.onnx", folder / "rows.json"
    many = folder / "many.onnx"
    program("make", "mlp:3,300,300,300,1", "-o", slow)
    program("make", "mlp:5,40,40,1", "-o", many)
    rows.write_text("[[0, 0, 0], [0.5, 0.1, 0.2]]")
    box = ["--box", "-9,9"]
    for code, call in (
            (4, ["estimate", slow, *box, "--exact-time", "0", "--rel-error",
                 "0.0001"]),
            (4, ["mean", "mlp:3,40,40,1", *box, "--trials", "1000000"]),
            (4, ["stable", many, *box, "--effort", "exact"]),
            (4, ["density", slow, "--input", rows, "--ball", "9",
                 "--max-cells", "1000000000"]),
            (4, ["draw", slow, *box, "-o", folder / "x.ply"])):
        checks.add(f"{call[0]}, interrupted",
                   interrupted(program, folder, call, code))


def check(program, checks):
    checks.add("estimate: exact where the count ends", exact_first(program))
    checks.add("estimate: intervals hold the number", covers(program))
    checks.add("estimate: threads", same_for_threads(program))
    checks.add("estimate: stopped by sweeps", stopped(program))
    for spec in ONE_LAYER:
        checks.add(f"mean {spec} on R^n", constant(program, spec))
    with tempfile.TemporaryDirectory() as name:
        checks.add("mean: trials one by one", trials(program,
                                                     pathlib.Path(name)))
        interrupts(program, checks, pathlib.Path(name))
    checks.add("mean: what is known of maxout", known_of_maxout(program))
    checks.add("mean: estimated trials", estimated_trials(program))
