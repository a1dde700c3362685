#!/usr/bin/python3
"""Means, searches and estimates that are killed and put down: what comes of them
is what comes at one go.  Usage: test_record.py PLEATS EXAMPLES FAIL_IO

FAIL_IO is a library that makes writing fail (fail_io.c)."""
import hashlib
import os
import pathlib
import random
import signal
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "data"))
from harness import Checks, arguments, refused  # noqa: E402
from test_work import LIMITED, USAGE, Place  # noqa: E402

FAILED = 1
KILLS = 8 * int(os.environ.get("PLEATS_TEST_MULTIPLIER", "1"))

# Verb, arguments: trials of a millisecond and of more.
MEAN = ("mean", "mlp:2,16,16,1", "--box", "-1,1", "--trials", "300")
ESTIMATED = ("mean", "mlp:2,16,16,1", "--box", "-1,1", "--trials", "60",
             "--max-cells", "150", "--sweeps", "20")
SEARCH = ("search", "mlp:2,4,4,1", "--starts", "3")
TARGET = ("search", "cnn:in=1x4/conv=1@2/relu/conv=1@3/relu", "--starts", "9")
PIECES = ("search", "mlp:1,3,3,1", "--what", "pieces", "--starts", "4",
          "--patience", "60")
SWEEPS = ("--exact-time", "0.0001", "--rel-error", "0.06")

MEASURED = ("seconds", "lower")


def numbers(answer):
    """All that is not measured."""
    return {key: value for key, value in answer.items() if key not in MEASURED}


def same(got, wrong, want):
    return wrong or ("" if numbers(got) == numbers(want) else
                     f"{numbers(got)}, not {numbers(want)}")


def cases(place):
    estimate = ("estimate", place.make("deep", "mlp:4,9,9,1"), "--all",
                *SWEEPS)
    return {"mean": MEAN, "mean of estimates": ESTIMATED, "search": SEARCH,
            "search that meets its bound": TARGET, "pieces": PIECES,
            "estimate": estimate,
            "stable": ("stable", place.make("units", "mlp:3,16,16,1"), "--box",
                       "-1,1", "--effort", "exact")}


# ---- killed ----

def kill_and_resume(place, base, kills, seed):
    """Kills the verb at random moments; what is wrong with what it ends as."""
    rng = random.Random(seed)
    state = place.folder / "killed.state"
    state.unlink(missing_ok=True)
    start = time.monotonic()
    want, wrong = place.json(*base)
    spent = time.monotonic() - start
    resume = []
    for _ in range(kills if not wrong else 0):
        process = subprocess.Popen(
            [str(c) for c in [place.pleats, *base, "--checkpoint", state,
                              "--every", "0.01", "--threads", "2", *resume]],
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        time.sleep(rng.uniform(0, spent / 2))
        process.kill()
        err = process.communicate()[1]
        if process.returncode not in (0, -signal.SIGKILL):
            return f"exit {process.returncode}: {err[:200]}"
        if state.exists():
            resume = ["--resume", state]
    got, wrong = ({}, wrong) if wrong else place.json(*base, *resume)
    return same(got, wrong, want)


def check_killed(place, checks):
    for name, base in cases(place).items():
        checks.add(f"killed: {name}", kill_and_resume(place, base, KILLS, 1))


# ---- put down ----

def trials(state):
    """{number: (word, text)} of a checkpoint."""
    lines = state.read_text().splitlines()
    at = next(i for i, line in enumerate(lines) if line.startswith("trials "))
    assert len(lines) - at - 2 == int(lines[at].split()[1])
    return {int(number): (word, text) for number, word, text in (
        line.split(" ", 2) for line in lines[at + 1:-1])}


def check_finished(place, checks):
    """What is done is not done again, and more trials may be asked for."""
    for name, base in cases(place).items():
        state = place.folder / "finished.state"
        want, wrong = place.json(*base, "--checkpoint", state)
        again = place.folder / "again.state"
        got, wrong = ({}, wrong) if wrong else place.json(
            *base, "--resume", state, "--checkpoint", again)
        wrong = same(got, wrong, want)
        if not wrong and trials(state) != trials(again):
            wrong = "other trials"
        if not wrong and not got["seconds"] >= want["seconds"]:
            wrong = f"{got['seconds']} seconds after {want['seconds']}"
        checks.add(f"finished: {name}", wrong)
    state = place.folder / "some.state"
    base = cases(place)["stable"]
    want, wrong = place.json(*base)
    got, wrong = ({}, wrong) if wrong else place.json(*base, "--threads", "3")
    checks.add("stable units by threads", same(got, wrong, want))
    want, wrong = place.json(*MEAN)
    _, wrong = ({}, wrong) if wrong else place.json(
        *MEAN, "--trials", "100", "--checkpoint", state)
    if not wrong and len(trials(state)) != 100:
        wrong = f"{len(trials(state))} trials"
    got, wrong = ({}, wrong) if wrong else place.json(*MEAN, "--resume", state)
    checks.add("more trials", same(got, wrong, want))


def check_used(place, checks):
    """What a record says is believed: a number that was changed in it shows."""
    state = place.folder / "changed.state"
    _, wrong = place.json(*MEAN, "--checkpoint", state)
    before = trials(state)[7][1]
    rewrite(state, f"\n7 done {before}\n", "\n7 done exact 100000\n")
    got, wrong = ({}, wrong) if wrong else place.json(*MEAN, "--resume", state)
    if not wrong and got["quantiles"][-1] != "100000":
        wrong = f"{got['quantiles']}"
    checks.add("a trial of the record", wrong)
    base = cases(place)["estimate"]
    want, wrong = place.json(*base, "--checkpoint", state)
    before = trials(state)[7][1]
    rewrite(state, f"\n7 done {before}\n", "\n7 done sweep 0x1p+60\n")
    got, wrong = ({}, wrong) if wrong else place.json(
        *base, "--sweeps", "1000", "--resume", state, code=LIMITED)
    if not wrong and not float(got["regions"]) > 1e12:
        wrong = f"{got['regions']}"
    checks.add("a sweep of the record", wrong)


def check_limits(place, checks):
    """A limit and signals leave a checkpoint that goes on."""
    slow = ("search", "mlp:3,6,6,1", "--starts", "200", "--patience", "400")
    state = place.folder / "limit.state"
    part, wrong = place.json(*slow, "--time-limit", "1", "--checkpoint", state,
                             code=LIMITED)
    if not wrong and (part["stopped"], len(trials(state)) > 0) != (
            "time limit", True):
        wrong = f"{numbers(part)}"
    old = {} if wrong else trials(state)
    _, wrong = ({}, wrong) if wrong else place.json(
        *slow, "--time-limit", "1", "--resume", state, "--checkpoint", state,
        code=LIMITED)
    counted = [sum(int(text.split()[1]) for _, text in t.values())
               for t in (old, trials(state))] if not wrong else []
    if not wrong and not counted[0] < counted[1]:
        wrong = f"counted {counted}"
    checks.add("a time limit", wrong)
    checks.add("stable units, --max-cells", put_down(place, False))
    checks.add("stable units, SIGTERM", put_down(place, True))
    checks.add("written now and then", by_time(place, slow))
    for number in (signal.SIGTERM, signal.SIGUSR1):
        checks.add(f"signal {number.name}", by_signal(place, slow, number))
    for verb in (("count",), ("stable", "--effort", "exact")):
        checks.add(f"early SIGUSR1: {verb[0]}", early_signal(place, verb))


def early_signal(place, verb):
    """SIGUSR1 before there is anything to write: while a model is waited for."""
    model, pipe = place.folder / "deep.onnx", place.folder / "pipe"
    state = place.folder / "early.state"
    pipe.unlink(missing_ok=True)
    os.mkfifo(pipe)
    process = subprocess.Popen(
        [str(c) for c in [place.pleats, *verb, pipe, "--box", "-1,1",
                          "--checkpoint", state]],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        with open(pipe, "wb") as f:
            process.send_signal(signal.SIGUSR1)
            time.sleep(0.1)
            f.write(model.read_bytes())
    except BrokenPipeError:
        pass
    _, err = process.communicate(timeout=600)
    return "" if process.returncode == 0 else (
        f"exit {process.returncode}: {err[:100]}")


def put_down(place, by_signal):
    """Stable units after a search that was ended, and that went on."""
    base = ("stable", place.make("many", "mlp:5,24,24,1"), "--box", "-1,1",
            "--effort", "exact")
    state = place.folder / "down.state"
    state.unlink(missing_ok=True)
    want, wrong = place.json(*base)
    limits = () if by_signal else ("--max-cells", "2000")
    process = subprocess.Popen(
        [str(c) for c in [place.pleats, *base, *limits, "--checkpoint", state,
                          "--every", "0.01"]],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while by_signal and process.poll() is None and (
            not state.exists() or not trials(state)):
        time.sleep(0.005)
    if by_signal:
        process.terminate()
    code = process.wait()
    # One that was quick may have come to its end before the signal.
    if code != LIMITED and not (by_signal and code == 0):
        wrong = wrong or f"exit {code}"
    got, wrong = ({}, wrong) if wrong else place.json(*base, "--resume", state)
    return same(got, wrong, want)


def by_time(place, slow):
    """Trials that are not at their end are there while it goes on."""
    state = place.folder / "time.state"
    process = subprocess.Popen(
        [str(c) for c in [place.pleats, *slow, "--checkpoint", state, "--every",
                          "0.05"]],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < deadline and (
            not state.exists() or not trials(state)):
        time.sleep(0.05)
    is_going_on = process.poll() is None
    process.kill()
    process.wait()
    return "" if is_going_on and trials(state) else "no trial was written"


def by_signal(place, slow, number):
    state = place.folder / "signal.state"
    state.unlink(missing_ok=True)
    process = subprocess.Popen(
        [str(c) for c in [place.pleats, *slow, "--checkpoint", state, "--every",
                          "1000"]],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    time.sleep(4 if place.is_slow else 1)
    process.send_signal(number)
    deadline = time.monotonic() + 60
    while number == signal.SIGUSR1 and time.monotonic() < deadline and (
            not state.exists() or not trials(state)):
        time.sleep(0.05)
    if number == signal.SIGUSR1:
        if process.poll() is not None:
            return "it ended before there was a checkpoint"
        process.kill()
    out, err = process.communicate(timeout=60)
    if number == signal.SIGTERM and process.returncode != LIMITED:
        return f"exit {process.returncode}: {err[:200]}"
    if not state.exists() or not trials(state):
        return "no trial is in the checkpoint"
    return ""


# ---- refused ----

def rewrite(state, old, new):
    """Changes a checkpoint under a right digest."""
    text = state.read_text()
    assert old in text, (old, text[:500])
    body = text.replace(old, new)
    body = body[:body.rindex("sha256 ")]
    digest = hashlib.sha256(body.encode()).hexdigest()
    state.write_text(f"{body}sha256 {digest}\n")


def check_others(place, checks):
    """Records of other work, line by line."""
    state = place.folder / "mean.state"
    _, wrong = place.json(*MEAN, "--checkpoint", state)
    checks.add("a record of a mean", wrong)
    # The later one of an option given twice holds.
    for name, base, words in (
            ("a search", SEARCH, ("of mean", "of search")),
            ("another seed", (*MEAN, "--seed", "1"), ("seed 0", "seed 1")),
            ("other cells", (*MEAN, "--max-cells", "9"), ("most 1000000",)),
            ("other sweeps", (*MEAN, "--sweeps", "9"), ("sweeps 200",)),
            ("another box", (*MEAN[:2], "--box", "-1,2", *MEAN[4:]),
             ("domain ",)),
            ("other weights", (*MEAN, "--init", "he-normal"), ("network ",)),
            ("another architecture", ("mean", "mlp:2,16,15,1", *MEAN[2:]),
             ("network ",))):
        checks.add(name, refused(place(*base, "--resume", state), words))
    state = place.folder / "search.state"
    _, wrong = place.json(*PIECES, "--checkpoint", state)
    checks.add("a record of a search", wrong)
    for name, base, words in (
            ("regions", ("search", "mlp:1,3,3,1", "--patience", "60"),
             ("count pieces", "count regions")),
            ("another patience", (*PIECES, "--patience", "61"),
             ("patience 60",)),
            ("another seed of a search", (*PIECES, "--seed", "1"),
             ("seed 0",)),
            ("another search", ("search", "mlp:1,3,4,1", *PIECES[2:]),
             ("network ",))):
        checks.add(name, refused(place(*base, "--resume", state), words))
    state = place.folder / "stable.state"
    base = cases(place)["stable"]
    _, wrong = place.json(*base, "--checkpoint", state)
    checks.add("a record of stable units", wrong)
    for name, base, words in (
            ("another box of units", (*base[:3], "0,1", *base[4:]), ("units ",)),
            ("another network of units", ("stable", place.moons, *base[2:]),
             ("units ",))):
        checks.add(name, refused(place(*base, "--resume", state), words))
    checks.add("units by bounds", refused(
        place(*base[:-1], "forms", "--resume", state), ["--effort exact"],
        USAGE))
    count = place.folder / "count.state"
    _, wrong = place.json("count", place.moons, *place.box, "--checkpoint",
                          count)
    checks.add("a count's state", wrong or refused(
        place(*MEAN, "--resume", count), ["pleats-work"]))
    checks.add("a record for a count", refused(
        place("count", place.moons, *place.box, "--resume", state),
        ["pleats-record"]))


def check_damaged(place, checks):
    """Texts that say what cannot be, under right digests and wrong ones."""
    bases = {"mean": MEAN, "search": PIECES,
             **{verb: cases(place)[verb] for verb in ("estimate", "stable")}}
    for verb, base in bases.items():
        _, wrong = place.json(*base, "--checkpoint", place.folder / verb)
        checks.add(f"a record of {verb}", wrong)
    mean, search, estimate, stable = (trials(place.folder / verb)
                                      for verb in bases)
    value = search[1][1].split(" ")
    for name, verb, old, new in (
            ("no word", "mean", "\n3 done ", "\n3 gone "),
            ("no word of a climb", "search", "\n1 done ", "\n1 gone "),
            ("twice", "mean", "\n3 done ", "\n2 done "),
            ("no number", "mean", "\n3 done ", "\nx done "),
            ("a trial too few", "mean", "trials 300", "trials 299"),
            ("a trial too many", "mean", "trials 300", "trials 301"),
            ("seconds", "mean", "\nseconds ", "\nseconds -"),
            ("a trial that is open", "mean", "\n3 done ", "\n3 open "),
            ("a label", "mean", f"\n3 done {mean[3][1]}", "\n3 done sureness 5"),
            ("letters", "mean", f"\n3 done {mean[3][1]}", "\n3 done exact 5x"),
            ("a sign", "mean", f"\n3 done {mean[3][1]}", "\n3 done exact -5"),
            ("nothing", "mean", f"\n3 done {mean[3][1]}", "\n3 done exact "),
            ("too few weights", "search", value[-1], value[-1][:-8]),
            ("too many weights", "search", value[-1], value[-1] + "00000000"),
            ("infinite weights", "search", value[-1],
             "7f800000" + value[-1][8:]),
            ("no digits", "search", value[-1], "x" + value[-1][1:]),
            ("too few words", "search", search[1][1], "12 5 5"),
            ("no number of regions", "search", search[1][1],
             "x " + " ".join(value[1:])),
            ("a random number too large", "search", value[3],
             "18446744073709551616"),
            ("a sweep that is open", "estimate", "\n5 done ", "\n5 open "),
            ("no sweep", "estimate", f"\n5 done {estimate[5][1]}",
             "\n5 done sweep x"),
            ("a sweep below one", "estimate", f"\n5 done {estimate[5][1]}",
             "\n5 done sweep 0x0p+0"),
            ("more than a sweep", "estimate", f"\n5 done {estimate[5][1]}",
             f"\n5 done {estimate[5][1]} 1"),
            ("no count", "estimate", "\n0 done count ", "\n0 done count x"),
            ("a subtree that is open", "stable", "\n5 done ", "\n5 open "),
            ("a sign of regions", "stable", "\n5 done ", "\n5 done -"),
            ("regions too many", "stable", "\n5 done ",
             "\n5 done 99999999999999999999"),
            ("no regions", "stable", "\n5 done ", "\n5 done x"),
            ("units that are none", "stable", f"\n5 done {stable[5][1]}",
             f"\n5 done {stable[5][1][:-1]}g"),
            ("too few units", "stable", f"\n5 done {stable[5][1]}",
             f"\n5 done {stable[5][1][:-2]}"),
            ("another word", "estimate", "\n5 done sweep", "\n5 done sweap")):
        state = place.folder / "damaged.state"
        state.write_bytes((place.folder / verb).read_bytes())
        rewrite(state, old, new)
        checks.add(f"damaged: {name}", refused(
            place(*bases[verb], "--resume", state), ["damaged"]))
    state = place.folder / "damaged.state"
    whole = (place.folder / "mean").read_bytes()
    for name, text, words in (
            ("another digest", whole.replace(b"\n3 done exact ",
                                             b"\n3 done exact 1"),
             "its digest is another one"),
            ("cut short", whole[:len(whole) // 2], "cut short"),
            ("empty", b"", "cut short")):
        state.write_bytes(text)
        checks.add(f"damaged: {name}", refused(
            place(*MEAN, "--resume", state), [words]))


def check_files(place, checks):
    """Files that cannot be written; one that is there stays."""
    nowhere = place.folder / "none" / "state"
    for name, args in (("a mean", MEAN), ("a search", PIECES)):
        checks.add(f"no folder: {name}", refused(
            place(*args, "--checkpoint", nowhere), ["none/state"], FAILED))
    checks.add("no file", refused(
        place(*MEAN, "--resume", nowhere), ["none/state"]))
    checks.add("standard output", refused(
        place(*MEAN, "--checkpoint", "-"), ["must be a file"], USAGE))
    checks.add("nothing to be written now and then", refused(
        place(*MEAN, "--every", "5"), ["--checkpoint"], USAGE))
    state = place.folder / "kept.state"
    _, wrong = place.json(*MEAN, "--checkpoint", state)
    before = state.read_bytes()
    checks.add("of another call", wrong or refused(
        place(*MEAN, "--seed", "3", "--resume", state, "--checkpoint", state),
        ["seed"]) or (
            "" if state.read_bytes() == before else "it was overwritten"))


def main():
    options = arguments(examples="folder of the example networks",
                        fail_io="makes writing fail")
    checks = Checks()
    with tempfile.TemporaryDirectory() as top:
        place = Place(options, pathlib.Path(top))
        for check in (check_killed, check_finished, check_used, check_limits,
                      check_others, check_damaged, check_files):
            if options.only in check.__name__:
                check(place, checks)
    checks.finish()


if __name__ == "__main__":
    main()
