#!/usr/bin/python3
"""Counts that are put down and killed: what comes of them is the plain count.
  Usage: test_work.py PLEATS EXAMPLES FAIL_IO

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
from harness import Checks, answered, arguments, refused, run  # noqa: E402

KILLS = 20 * int(os.environ.get("PLEATS_TEST_MULTIPLIER", "1"))
LIMITED, REFUSED, USAGE = 4, 3, 2


class Place:
    def __init__(self, options, folder):
        self.pleats = pathlib.Path(options.pleats).resolve()
        self.examples = pathlib.Path(options.examples).resolve()
        self.fail_io = pathlib.Path(options.fail_io).resolve()
        self.is_slow = options.no_memory_limit or (
            "PLEATS_TEST_PERTURBED" in os.environ)
        self.folder = folder
        self.moons = self.examples / "moons.onnx"
        self.box = ["--box", "-1,1"]

    def __call__(self, *args, **how):
        return run([self.pleats, *args], 200, **how)

    def json(self, *args, code=0):
        """(answer, what was wrong)."""
        return answered(self(*args, "--json"), code)

    def make(self, name, spec, seed=1):
        path = self.folder / f"{name}.onnx"
        result = self("make", spec, "--seed", seed, "-o", path)
        assert result.returncode == 0, result.stderr
        return path


def numbers(answer):
    return [answer.get(key) for key in ("regions", "maps", "label", "dimension")]


# ---- killed ----

def kill_and_resume(place, model, domain, what, kills, seed):
    """Kills the count at random moments; what is wrong with what it ends as."""
    rng = random.Random(seed)
    state = place.folder / "killed.state"
    base = ["count", model, *domain, "--what", what, "--threads", "2"]
    start = time.monotonic()
    want, wrong = place.json(*base)
    spent = time.monotonic() - start
    if wrong:
        return wrong
    resume = []
    state.unlink(missing_ok=True)
    for _ in range(kills):
        process = subprocess.Popen(
            [str(c) for c in [place.pleats, *base, "--checkpoint", state,
                              "--every", "0.02", *resume]],
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        time.sleep(rng.uniform(0, 1.2 * spent))
        process.kill()
        err = process.communicate()[1]
        if process.returncode not in (0, -signal.SIGKILL):
            return f"exit {process.returncode}: {err[:200]}"
        if state.exists():
            resume = ["--resume", state]
        if process.returncode == 0:  # begins anew
            got, wrong = place.json(*base, *resume)
            if wrong or numbers(got) != numbers(want):
                return wrong or f"{numbers(got)}, not {numbers(want)}"
            state.unlink()
            resume = []
    got, wrong = place.json(*base, *resume)
    if wrong or numbers(got) != numbers(want):
        return wrong or f"{numbers(got)}, not {numbers(want)}"
    return ""


def check_killed(place, checks):
    deep = place.make("deep", "mlp:2,40,40,40,1")
    wide = place.make("wide", "mlp:4,14,14,1")
    for name, model, domain, what in (
            ("plane", deep, ["--box", "-2,2"], "regions"),
            ("maps", deep, ["--box", "-1,1"], "regions,maps"),
            ("R^4", wide, ["--all"], "regions")):
        checks.add(f"killed: {name}",
                   kill_and_resume(place, model, domain, what, KILLS, 1))


# ---- put down ----

def put_down(place, limits, code=LIMITED):
    """What is wrong with a count that limits end and that goes on."""
    state = place.folder / "limit.state"
    state.unlink(missing_ok=True)
    base = ["count", place.moons, *place.box, "--what", "maps"]
    want, wrong = place.json(*base)
    if wrong:
        return wrong
    part, wrong = place.json(*base, *limits, "--checkpoint", state, code=code)
    if wrong:
        return wrong
    if code and not 1 <= int(part["regions"]) <= int(want["regions"]):
        return f"{part['regions']} regions when it was put down"
    got, wrong = place.json(*base, "--resume", state)
    if wrong or numbers(got) != numbers(want):
        return wrong or f"{numbers(got)}, not {numbers(want)}"
    return ""


def by_signal(place, number):
    """A signal ends the count, or is answered by a checkpoint."""
    state = place.folder / "signal.state"
    state.unlink(missing_ok=True)
    slow = place.folder / "slow.onnx"
    if not slow.exists():
        place.make("slow", "mlp:6,20,20,20,1")
    process = subprocess.Popen(
        [str(c) for c in [place.pleats, "count", slow, "--all", "--checkpoint",
                          state, "--every", "1000"]],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    time.sleep(4 if place.is_slow else 1)
    before = state.stat().st_mtime_ns
    process.send_signal(number)
    end = time.monotonic() + (30 if place.is_slow else 5)
    while state.stat().st_mtime_ns == before and time.monotonic() < end:
        time.sleep(0.05)
    text = state.read_text()
    goes_on = process.poll() is None
    if number == signal.SIGUSR1:
        process.send_signal(signal.SIGTERM)
    out, err = process.communicate(timeout=60)
    if process.returncode != LIMITED or "interrupt" not in out:
        return f"exit {process.returncode}: {out[:100]} {err[:100]}"
    if number == signal.SIGUSR1 and not goes_on:
        return "the count ended"
    found = int(text.split("\nregions ")[1].split("\n")[0])
    if found < 1 or "\ntasks 0\n" in text:
        return f"the file has {found} regions"
    return ""


def check_put_down(place, checks):
    for name, limits in (("--max-cells", ["--max-cells", "20"]),
                         ("one thread", ["--max-cells", "50", "--threads",
                                         "1"])):
        checks.add(f"put down: {name}", put_down(place, limits))
    many = place.make("many", "mlp:2,40,1:maxout=40")
    state = place.folder / "many.state"
    base = ["count", many, "--box", "-9,9"]
    want, wrong = place.json(*base)
    for cells in range(1, 40):
        wrong = wrong or place.json(*base, "--max-cells", cells, "--checkpoint",
                                    state, code=LIMITED)[1]
        got, wrong = ({}, wrong) if wrong else place.json(
            *base, "--resume", state)
        if not wrong and numbers(got) != numbers(want):
            wrong = f"{cells}: {numbers(got)}, not {numbers(want)}"
    checks.add("put down: children of two digits", wrong)
    one = ["count", place.make("one", "mlp:5,24,1"), "--all"]
    want, wrong = place.json(*one)  # by deletion and restriction, at one go
    for how in (["--checkpoint", state], ["--resume", state]):
        got, wrong = ({}, wrong) if wrong else place.json(*one, *how)
        if not wrong and numbers(got) != numbers(want):
            wrong = f"{how}: {numbers(got)}, not {numbers(want)}"
    checks.add("put down: one layer", wrong)
    for every in ("1e-9", "0.003"):  # shorter than any step
        got, wrong = place.json(
            "count", place.moons, *place.box, "--what", "maps", "--checkpoint",
            state, "--every", every)
        want, wrong = ({}, wrong) if wrong else place.json(
            "count", place.moons, *place.box, "--what", "maps")
        checks.add(f"put down: every {every} s", wrong or (
            "" if numbers(got) == numbers(want) else f"{numbers(got)}"))
    slow = place.make("slow", "mlp:6,20,20,20,1")
    start = time.monotonic()
    got, wrong = place.json(
        "count", slow, "--all", "--time-limit", "1", "--checkpoint", state,
        "--every", "1e-4", code=LIMITED)
    if not wrong and time.monotonic() - start > (30 if place.is_slow else 4):
        wrong = "the time limit was not heeded"
    checks.add("put down: a time limit and short stretches", wrong)
    checks.add("put down: done", put_down(place, [], code=0))
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGUSR1):
        checks.add(f"put down: {number.name}", by_signal(place, number))


# ---- refused ----

def with_digest(lines):
    body = "".join(f"{line}\n" for line in lines)
    return body + f"sha256 {hashlib.sha256(body.encode()).hexdigest()}\n"


def check_refused(place, checks):
    state, other = place.folder / "good.state", place.folder / "bad.state"
    base = ["count", place.moons, *place.box]
    place(*base, "--max-cells", "30", "--checkpoint", state)
    good = state.read_text()
    lines = good.split("\n")[:-2]
    bars = place.examples / "bars.onnx"
    for name, call, words in (
            ("another model", ["count", bars, "--axes", "0,1", "--at",
                               f"{place.examples / 'bars.npz'}:0", "--range",
                               "-1,1"], "network"),
            ("another domain", ["count", place.moons, "--box", "-1,2"],
             "domain"),
            ("maps besides", [*base, "--what", "maps"], "count regions"),
            ("another engine", [*base, "--engine", "programmes"], "engine"),
            ("exact arithmetic", [*base, "--paranoid"], "arithmetic")):
        checks.add(f"refused: {name}",
                   refused(place(*call, "--resume", state),
                           ["of another count", words]))

    def changed(name, text, *words):
        other.write_text(text)
        checks.add(f"refused: {name}",
                   refused(place(*base, "--resume", other), words))

    rng = random.Random(3)
    for i in [0, len(good) - 2, *rng.sample(range(len(good)), 10)]:
        flipped = good[:i] + chr(ord(good[i]) ^ 1) + good[i + 1:]
        changed(f"byte {i}", flipped, "damaged|no state")
    for n in (0, 1, len(good) // 2, len(good) - 1):
        changed(f"{n} bytes", good[:n], "no state|damaged")
    changed("a line more", good + "x\n", "no state|damaged")

    def edited(name, old, new, *words):
        assert good.count(old) >= 1, old
        changed(name, with_digest("\n".join(lines).replace(old, new, 1)
                                  .split("\n")), *words)

    tasks = next(line for line in lines if line.startswith("tasks "))
    path = lines[lines.index(tasks) + 1]
    edited("another version", "version ", "version 9.", "version")
    edited("a later format", "pleats-work 1", "pleats-work 2", "pleats-work")
    edited("no regions", "\nregions ", "\nregions x", "damaged")
    edited("fewer tasks said", tasks, "tasks 0", "damaged")
    edited("more tasks said", tasks, "tasks 99", "damaged")
    edited("no path", path, "0 x", "path")
    edited("a part that is none", path, "7 .", "number")
    edited("empty sections", path, path + " 3 3", "sections")
    edited("a child that is none", path, "0 .9", "child 9")
    edited("sections of a cell that has none", path, "0 . 0 3",
           "sections of a cell")
    edited("maps where none are counted", "\nmaps 0", "\nmaps 1", "damaged")
    edited("another part", "part 0 of 1", "part 3 of 2", "damaged|number")
    checks.add("refused: pieces", refused(
        place(*base, "--what", "pieces", "--checkpoint", other),
        ["not counted in parts"]))
    for name, args, words in (
            ("--every alone", ["--every", "3"], "--checkpoint"),
            ("--digests alone", ["--digests", other], "--what maps"),
            ("--every 0", ["--every", "0", "--checkpoint", other], "--every 0"),
            ("--shard with --resume", ["--shard", "0/2", "--resume", state],
             "leave --shard out"),
            *((f"--shard {text}", ["--shard", text], "--shard")
              for text in ("2/2", "1", "/", "-1/2", "0/0", "1/65537", "a/b"))):
        checks.add(f"wrong usage: {name}",
                   refused(place(*base, *args), [words], USAGE))
    slow = place.make("slow", "mlp:6,20,20,20,1")
    for path in (place.folder, place.folder / "no" / "such"):
        for option in ("--checkpoint", "--digests"):
            start = time.monotonic()
            wrong = refused(place("count", slow, "--all", "--what", "maps",
                                  option, path), ["cannot write"], 1)
            if not wrong and time.monotonic() - start > 30:
                wrong = "it worked first"
            checks.add(f"{option} to {path.name}", wrong)


# ---- writing fails ----

def check_failures(place, checks):
    """Whichever call fails, the file is a whole one, old or new."""
    state = place.folder / "io.state"
    base = ["count", place.moons, *place.box]
    want, _ = place.json(*base)
    wrong, at, failed = "", 0, True
    while failed and not wrong and at < 60:
        at += 1
        place(*base, "--max-cells", "40", "--checkpoint", state)
        environment = {**os.environ, "LD_PRELOAD": str(place.fail_io),
                       "FAIL_IO_AT": str(at)}
        result = place(*base, "--resume", state, "--checkpoint", state,
                       env=environment)
        failed = result.returncode != 0
        if failed:
            wrong = refused(result, ["cannot write .*No space"], 1)
        got, bad = place.json(*base, "--resume", state)
        wrong = wrong or bad or (
            "" if numbers(got) == numbers(want) else f"{numbers(got)}")
        if sorted(p.name for p in place.folder.glob("*.part*")):
            wrong = wrong or "a part of a file is left"
    if not wrong and at < 5:
        wrong = f"only {at - 1} calls failed"
    checks.add("whichever call fails",
               wrong and f"call {at}: {wrong}")


def main():
    options = arguments(examples="folder of the example networks",
                        fail_io="library that makes writing fail")
    checks = Checks()
    with tempfile.TemporaryDirectory() as top:
        place = Place(options, pathlib.Path(top))
        for check in (check_killed, check_put_down, check_refused,
                      check_failures):
            if check is check_failures and options.no_memory_limit:
                checks.skip("whichever call fails", "a sanitizer is loaded")
            elif options.only in check.__name__:
                check(place, checks)
    checks.finish()


if __name__ == "__main__":
    main()
