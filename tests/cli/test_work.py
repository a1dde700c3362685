#!/usr/bin/python3
"""Counts that are put down and taken up again: killed at any moment, stopped by
signals and limits, refused where they do not fit, with calls that fail.
Usage: test_work.py PLEATS PART"""
import hashlib
import json
import os
import pathlib
import random
import re
import shutil
import signal
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "data"))
from harness import ended, refused, run, run_parts  # noqa: E402

SECONDS = 250
KILLS = 20 * int(os.environ.get("PLEATS_TEST_MULTIPLIER", "1"))
SEED = int(os.environ.get("PLEATS_TEST_SEED", time.time_ns() % 10**6))
BIG, SMALL = "mlp:4,32,32,32,1", "mlp:3,12,12,1"
BOX = ["--box=-1,1"]
DIGEST_LINE = 7 + 64 + 1


class Place:
    """The program and a folder; counts of networks as they are at one go."""

    def __init__(self, options, checks, folder):
        self.pleats = pathlib.Path(options.pleats).resolve()
        self.checks = checks
        self.is_sanitized = options.no_memory_limit
        self.folder = pathlib.Path(folder)
        self.random = random.Random(SEED)
        self.state = self.folder / "count.state"
        print(f"seed {SEED}")

    def make(self, spec, seed=1):
        path = self.folder / f"{re.sub('[^a-z0-9]', '_', spec)}_{seed}.onnx"
        if not path.exists():
            wrong = ended(run([self.pleats, "make", spec, "-o", path, "--seed",
                               seed]), 0)
            assert not wrong, wrong
        return path

    def run(self, *args, **how):
        return run([self.pleats, *args], SECONDS, cwd=self.folder, **how)

    def count(self, *args, code=0):
        """(regions, maps, report) or, where it failed, what was wrong."""
        result = self.run("count", *args, "--json")
        wrong = ended(result, code)
        if wrong:
            return wrong, None, None
        report = json.loads(result.stdout)
        return report["regions"], report["maps"], report

    def start(self, *args):
        return subprocess.Popen(
            [str(a) for a in (self.pleats, "count", *args, "--json")],
            cwd=self.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            text=True)

    def wait_for_state(self):
        for _ in range(5000):
            if self.state.exists():
                return
            time.sleep(0.01)
        raise TimeoutError("no checkpoint was written")

    def resumes(self, want, *args):
        """"" when the state goes on to this (regions, maps)."""
        got = self.count(*args, "--resume", self.state)[:2]
        return "" if got == want else f"{got} instead of {want}"


# ---- killed at any moment ----

def kill_again_and_again(place, what, kills):
    """Runs until so many processes were killed; all counts that came to an end
    were right."""
    model, args = place.make(BIG), [*BOX, "--what", what, "--threads", "2"]
    started = time.monotonic()
    want = place.count(model, *args)[:2]
    span = time.monotonic() - started
    done = ends = 0
    place.state.unlink(missing_ok=True)
    while done < kills or ends == 0:
        resume = ["--resume", place.state] if place.state.exists() else []
        process = place.start(model, *args, "--checkpoint", place.state,
                              "--every", "0.02", *resume)
        moment = place.random.uniform(0, span if ends == 0 else span / 2)
        try:
            out, err = process.communicate(
                timeout=SECONDS if done >= kills else moment)
        except subprocess.TimeoutExpired:
            process.kill()
            out, err = process.communicate()
        if process.returncode == -signal.SIGKILL:
            done += 1
            continue
        if process.returncode != 0:
            return f"exit {process.returncode} after {done} kills: {err[:300]}"
        report = json.loads(out)
        if (report["regions"], report["maps"]) != want:
            return f"{report['regions']}, {report['maps']} not {want}"
        ends += 1
        place.state.unlink()
    print(f"{done} processes were killed, {ends} counts ended: {what}")
    return ""


def part_kills(place):
    half = KILLS // 2
    place.checks.add("killed: regions",
                     kill_again_and_again(place, "regions", half))
    place.checks.add("killed: maps",
                     kill_again_and_again(place, "maps", KILLS - half))


# ---- signals and limits ----

def after_signal(place, number, want, args):
    process = place.start(*args, "--checkpoint", place.state, "--every", "60")
    place.wait_for_state()
    time.sleep(0.1)
    process.send_signal(number)
    out, err = process.communicate(timeout=SECONDS)
    if process.returncode != 4:
        return f"exit {process.returncode}: {err[:300]}"
    report = json.loads(out)
    if report["complete"] or report["label"] != "lower" or int(
            report["regions"]) > int(want[0]):
        return f"says {out[:300]}"
    return place.resumes(want, *args)


def after_usr1(place, want, args):
    process = place.start(*args, "--checkpoint", place.state, "--every", "60")
    place.wait_for_state()
    first = place.state.stat().st_ino
    time.sleep(0.1)
    process.send_signal(signal.SIGUSR1)
    changed = False
    while process.poll() is None and not changed:
        changed = place.state.stat().st_ino != first
        time.sleep(0.002)
    is_running = process.poll() is None
    copy = place.state.read_bytes()
    out, err = process.communicate(timeout=SECONDS)
    if process.returncode != 0 or json.loads(out)["regions"] != want[0]:
        return f"exit {process.returncode}: {(err or out)[:300]}"
    if not is_running or b"\ntasks 0\n" in copy:
        return "no file was written before the end"
    place.state.write_bytes(copy)
    return place.resumes(want, *args)


def after_limit(place, limit, want, args):
    got = place.count(*args, *limit, "--checkpoint", place.state, code=4)
    if got[2] is None:
        return got[0]
    return place.resumes(want, *args)


def part_signals(place):
    args = [place.make(BIG), *BOX, "--threads", "1"]
    want = place.count(*args)[:2]
    for number in (signal.SIGTERM, signal.SIGINT):
        place.state.unlink(missing_ok=True)
        place.checks.add(f"{number.name}",
                         after_signal(place, number, want, args))
    place.state.unlink(missing_ok=True)
    place.checks.add("SIGUSR1", after_usr1(place, want, args))
    for limit in (["--time-limit", "0.1"], ["--max-cells", "1000"],
                  ["--max-cells", "1000", "--every", "0.001"],
                  ["--time-limit", "0.1", "--every", "1e-9"]):
        for threads in ("1", "2"):
            use = [*args[:-1], threads]
            place.checks.add(f"{' '.join(limit)}, {threads} threads",
                             after_limit(place, limit, want, use))
    check_stretches(place)


def check_stretches(place):
    """Stretches that are too short for anything end as well."""
    small = [place.make(SMALL), *BOX]
    for what in ("regions", "maps"):
        want = place.count(*small, "--what", what)[:2]
        got = place.count(*small, "--what", what, "--checkpoint", place.state,
                          "--every", "1e-9")[:2]
        place.checks.add(f"stretches of no length: {what}",
                         "" if got == want else f"{got} instead of {want}")
    args = [place.make(BIG), *BOX, "--what", "maps", "--paranoid",
            "--max-cells", "1"]
    got = place.count(*args, "--checkpoint", place.state, "--every", "0.001",
                      code=4)
    place.checks.add("a cell limit and short stretches",
                     "" if got[2] and got[0] == "1" else str(got[:2]))


# ---- what is refused ----

def with_digest(text):
    return text + b"sha256 " + hashlib.sha256(text).hexdigest().encode() + b"\n"


def damages(place, whole):
    """(name, bytes) of files that are damaged."""
    for at in place.random.sample(range(len(whole)), 60):
        byte = place.random.choice([b for b in range(256) if b != whole[at]])
        yield f"byte {at} {byte}", whole[:at] + bytes([byte]) + whole[at + 1:]
    for n in place.random.sample(range(len(whole)), 20):
        yield f"{n} bytes", whole[:n]
    yield "longer", whole + b"\n"
    yield "empty", b""
    yield "not a state", b"PK\x03\x04" * 100
    yield "a report", json.dumps({"verb": "count"}).encode()
    body = whole[:-DIGEST_LINE]
    yield "a digest alone", with_digest(b"")
    yield "format 2", with_digest(body.replace(b"pleats-work 1", b"pleats-work 2"))
    yield "version 0.0.1", with_digest(
        re.sub(rb"version \S+", b"version 0.0.1", body))
    yield "a line too many", with_digest(body + b"0 .0\n")
    yield "a line too few", with_digest(body[:body.rindex(b"\n", 0, -1) + 1])


def check_others(place):
    model, other = place.make(SMALL), place.make(SMALL, 2)
    args = [model, *BOX]
    place.count(*args, "--max-cells", "50", "--checkpoint", place.state,
                code=4)
    own = place.state.read_bytes()
    others = {
        "network": [other, *BOX],
        "domain": [model, "--box=-1,2"],
        "count": [*args, "--what", "maps"],
        "arithmetic": [*args, "--paranoid"],
        "engine": [*args, "--engine", "programmes"],
    }
    for line, use in others.items():
        result = place.run("count", *use, "--resume", place.state)
        place.checks.add(f"of another {line}", refused(
            result, [re.escape(str(place.state)), "of another count",
                     f'says "{line} .*this count "{line} ']))
    for name, data in damages(place, own):
        place.state.write_bytes(data)
        result = place.run("count", *args, "--resume", place.state)
        place.checks.add(f"damaged: {name}", refused(
            result, [re.escape(str(place.state))]))
        if name == "version 0.0.1":
            place.checks.add("says the version", refused(result, [
                'says "version 0.0.1"']))
    place.state.write_bytes(own)
    place.checks.add("the file as it was",
                     place.resumes(place.count(*args)[:2], *args))
    result = place.run("count", *args, "--resume", place.folder / "none")
    place.checks.add("no file", refused(result, ["none", "No such file"], 1)
                     and refused(result, ["none", "No such file"]))


def check_paths(place):
    """A file that cannot be written ends the count before it begins."""
    args = [place.make(BIG), *BOX, "--what", "maps", "--paranoid"]
    folder = place.folder / "folder"
    folder.mkdir()
    for option in ("--checkpoint", "--digests"):
        for name, path in (("a folder", folder),
                           ("no folder", place.folder / "none" / "x"),
                           ("a file as folder", args[0] / "x")):
            begun = time.monotonic()
            result = place.run("count", *args, option, path)
            wrong = refused(result, ["cannot write", re.escape(str(path))], 1)
            if not wrong and time.monotonic() - begun > 5:
                wrong = "after all the work"
            place.checks.add(f"{option} {name}", wrong)
    for option in ("--checkpoint", "--digests"):
        result = place.run("count", *args, option, "-")
        place.checks.add(f"{option} -", usage(result, ["must be a file"]))


def usage(result, words):
    """"" for a refusal by the parser, whose second line says --help."""
    wrong = ended(result, 2)
    if wrong or result.stdout:
        return wrong or "wrote to stdout"
    missing = [w for w in words if not re.search(w, result.stderr)]
    return f"nothing like {missing} in {result.stderr}" if missing else ""


def part_refusals(place):
    check_others(place)
    check_paths(place)
    args = [place.make(SMALL), *BOX]
    for more, words in (
            (["--every", "3"], ["--every goes with --checkpoint"]),
            (["--every", "0", "--checkpoint", "F"], ["above 0"]),
            (["--every", "x", "--checkpoint", "F"], ["above 0"]),
            (["--every", "nan", "--checkpoint", "F"], ["above 0"]),
            (["--resume", "F", "--shard", "0/2"], ["leave --shard out"]),
            (["--digests", "F"], ["goes with --what maps"])):
        place.checks.add(" ".join(more), usage(
            place.run("count", *args, *more), words))
    for text in ("", "/", "1", "0/0", "1/1", "2/2", "3/2", "-1/2", "0/-2",
                 "0/2/3", "0x0/2", "0/2 ", "a/b", "0/65537", "0/",
                 "0/99999999999999999999", "99999999999999999999/3", "/2",
                 "0.0/2", "0" * 40 + "/2"):
        place.checks.add(f"--shard '{text}'", usage(
            place.run("count", *args, f"--shard={text}"), ["must be R/M"]))
    for more in (["--checkpoint", "F"], ["--shard", "0/2"], ["--resume", "F"]):
        place.checks.add(f"pieces {more[0]}", refused(
            place.run("count", *args, "--what", "pieces", *more),
            ["affine pieces are not counted in parts"]))
    place.checks.add("no file was left", "" if not (
        place.folder / "F").exists() else "F is there")


# ---- calls that fail ----

def with_fault(place, number, how, args):
    """(result, whether the call was reached) of a run whose call `number`
    fails."""
    log = place.folder / "fault.log"
    log.unlink(missing_ok=True)
    result = place.run(
        "count", *args, "--json", env={
            **os.environ, "LD_PRELOAD": str(place.library),
            "FAIL_CALL": str(number), "FAIL_HOW": how, "FAIL_LOG": str(log)})
    return result, log.exists()


def check_faults(place, how, args, want):
    """Every call in turn; the state is one that goes on in every case."""
    number = reached = 0
    is_reached = True
    while is_reached:
        number += 1
        shutil.copy(place.folder / "begun", place.state)
        result, is_reached = with_fault(
            place, number, how, [*args, "--resume", place.state,
                                 "--checkpoint", place.state])
        reached += is_reached
        wrong = ""
        if result.returncode == 0:
            got = json.loads(result.stdout)
            if (got["regions"], got["maps"]) != want:
                wrong = f"{got['regions']} instead of {want}"
        elif how == "kill":
            wrong = ended(result, -signal.SIGKILL)
        else:
            wrong = refused(result, ["cannot write", "count.state",
                                     "No space left|Input/output"], 1)
        wrong = wrong or place.resumes(want, *args)
        beside = [p.name for p in place.folder.iterdir()
                  if p.name.startswith(".")]
        if how != "kill" and not wrong and beside:
            wrong = f"{beside} are left"
        for name in beside:
            (place.folder / name).unlink()
        place.checks.add(f"call {number}: {how}", wrong)
    wrong = "" if reached >= 10 else f"only {reached} calls: not all are seen"
    place.checks.add(f"{reached} calls: {how}", wrong)


def part_faults(place):
    if place.is_sanitized:
        place.checks.skip("calls that fail", "sanitizers come first")
        return
    place.library = place.folder / "fail_call.so"
    subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-o", place.library,
                    HERE / "fail_call.c"], check=True)
    args = [place.make(SMALL), *BOX, "--what", "maps"]
    want = place.count(*args)[:2]
    got = place.count(*args, "--max-cells", "50", "--checkpoint",
                      place.folder / "begun", code=4)
    assert got[2], got
    for how in ("fail", "kill"):
        check_faults(place, how, args, want)


if __name__ == "__main__":
    run_parts(globals(), Place)
