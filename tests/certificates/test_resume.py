#!/usr/bin/python3
"""Certificates that are put down and killed: what comes of them is, unpacked,
the file that is written at one go, and proves the same.
  Usage: test_resume.py PLEATS CHECKER PART"""
import fcntl
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
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
from certificates import ROOT, Checkers, certify  # noqa: E402
from harness import (Checks, answered, arguments, ended, refused,  # noqa: E402
                     run)

EXAMPLES = ROOT / "examples"
WITNESSES = EXAMPLES / "maxima" / "witnesses"
MULTIPLIER = int(os.environ.get("PLEATS_TEST_MULTIPLIER", "1"))
STOPS = 12 * MULTIPLIER  # of each case
LIMITED, USAGE = 4, 2
# What may differ: how long it took, where files are and how they were made.
VARIES = {"seconds", "memory", "path"}


def body(path):
    """The file with its body unpacked: all zstd streams after one another."""
    data = path.read_bytes()
    mark = b"\nbody zstd\n"
    if mark not in data:
        return data
    at = data.index(mark) + len(mark)
    return data[:at] + subprocess.run(["zstd", "-dc"], input=data[at:],
                                      stdout=subprocess.PIPE, check=True).stdout


def streams(path):
    return path.read_bytes().count(b"\x28\xb5\x2f\xfd")


def plain(answer):
    """What of an answer does not depend on how it came about: of a part, whose
    regions nobody counts, also the verdicts."""
    part = answer["shard"] and answer["shard"]["of"] > 1
    varies = VARIES | (set() if part else {"verdicts"})
    return {key: {k: v for k, v in value.items() if k not in varies}
            if isinstance(value, dict) else value
            for key, value in answer.items() if key not in varies}


class Test:
    def __init__(self, options, work):
        self.pleats, self.work, self.checks = options.pleats, work, Checks()
        self.checkers = Checkers(options.checker, work)
        self.state, self.cert = work / "state", work / "resumed.cert"

    def __call__(self, *args, seconds=100):
        return run([self.pleats, "count", *args], seconds)

    def make(self, name, spec, seed=1):
        path = self.work / f"{name}.onnx"
        result = run([self.pleats, "make", spec, "--seed", seed, "-o", path])
        assert result.returncode == 0, result.stderr
        return path

    def parts_left(self):
        return sorted(self.work.glob("resumed.cert.*.part"))

    def clear(self):
        for path in [self.state, self.cert, *self.parts_left()]:
            path.unlink(missing_ok=True)

    def whole(self, name, model, domain, flags):
        """(file that is made at one go, its answer, seconds), checked."""
        path = self.work / f"{name}.cert"
        start = time.monotonic()
        answer, wrong = certify(self.pleats, model, domain, path, *flags)
        spent = time.monotonic() - start
        if not wrong and not any("--shard" in str(f) for f in flags):
            wrong = self.checkers.verified(path, model, int(answer["regions"]),
                                           int(answer["regions"]) < 300)
        return path, answer, spent, wrong

    def same(self, whole, model, answer, got):
        """What is wrong with a resumed certificate."""
        if not self.cert.exists() or self.parts_left():
            return f"there is {self.parts_left()}"
        if body(self.cert) != body(whole):
            return "another body"
        if plain(got) != plain(answer):
            return f"{plain(got)}, not {plain(answer)}"
        if answer["shard"] and answer["shard"]["of"] > 1:
            result = self.checkers.ask_c([self.cert], model)
            return "" if result.returncode == 0 else result.stdout
        return self.checkers.verified(self.cert, model, int(answer["regions"]),
                                      int(answer["regions"]) < 300)

    # ---- stopped at random ----

    def stop(self, process, rng, spent):
        """Ends a process at a random moment, one way or another."""
        time.sleep(rng.uniform(0, spent))
        how = rng.choice([signal.SIGKILL, signal.SIGKILL, signal.SIGINT,
                          signal.SIGTERM, signal.SIGUSR1])
        process.send_signal(how)
        if how == signal.SIGUSR1:
            time.sleep(rng.uniform(0, spent / 4))
            process.kill()
        err = process.communicate()[1]
        if process.returncode not in (0, LIMITED, -how, -signal.SIGKILL):
            return f"exit {process.returncode}: {err[:300]}"
        return ""

    def resume_to_end(self, base, resume, whole, model, answer):
        got, wrong = answered(self(*base, *resume, "--json"))
        return wrong or self.same(whole, model, answer, got)

    def stop_and_go_on(self, rng, spent, base, shard, whole, model, answer):
        """Stops and goes on until all is there, and again, STOPS times."""
        resume, stops, ends = shard, 0, 0
        self.clear()
        while stops < STOPS:
            every = rng.choice(["0.001", "0.003", "0.02"])
            command = [self.pleats, "count", *base, "--json", "--checkpoint",
                       self.state, "--every", every, *resume]
            process = subprocess.Popen([str(c) for c in command],
                                       stdout=subprocess.DEVNULL,
                                       stderr=subprocess.PIPE, text=True)
            wrong = self.stop(process, rng, 0.7 * spent)
            if wrong:
                return wrong
            if self.state.exists():
                resume = ["--resume", self.state]
            if self.cert.exists() != (process.returncode == 0):
                # ended by a signal behind the end, before it said so: there
                # SIGINT and SIGTERM are no longer caught
                if process.returncode >= 0:
                    return f"exit {process.returncode}, and the file is there"
            if not self.cert.exists():
                stops += 1
                if rng.random() < 0.3:
                    self.lengthen(rng)
                continue
            wrong = self.resume_to_end(base, resume, whole, model, answer)
            if wrong:
                return wrong
            ends += 1
            self.clear()
            resume = shard
        wrong = self.resume_to_end(base, resume, whole, model, answer)
        self.clear()
        return wrong

    def lengthen(self, rng):
        """As a process that is killed behind its last checkpoint leaves it."""
        for path in self.parts_left():
            with open(path, "ab") as file:
                file.write(rng.randbytes(rng.randrange(1, 3000)))

    def stopped(self):
        """Networks and domains of several sorts, stopped at random."""
        deep = self.make("deep", "mlp:3,12,12,12,1")
        wide = self.make("wide", "mlp:4,14,1")
        moons = EXAMPLES / "moons.onnx"
        text = ["--certificate-form", "text"]
        for name, model, domain, flags in (
                ("deep, packed", deep, ["--box", "-1,1"], []),
                ("deep, text", deep, ["--box", "-1,1"], text),
                ("all of R^4", wide, ["--all"], []),
                ("part 1 of 3", deep, ["--box", "-1,1"], ["--shard", "1/3"]),
                ("part 0 of 2, text", deep, ["--all"],
                 ["--shard", "0/2", *text]),
                ("union", moons, ["--vnnlib",
                                  EXAMPLES / "certificates" / "overlap.vnnlib"],
                 []),
                ("maxima", next(WITNESSES.glob("*=1x6_*maxpool*")), ["--all"],
                 text)):
            whole, answer, spent, wrong = self.whole("whole", model, domain,
                                                     flags)
            shard = flags[:2] if "--shard" in flags else []
            base = [model, *domain, "--certificate", self.cert,
                    *[f for f in flags if f not in shard]]
            self.checks.add(
                f"stopped: {name}", wrong or self.stop_and_go_on(
                    random.Random(name), max(spent, 0.1), base, shard, whole,
                    model, answer))

    def threads(self):
        """Large enough for threads: the same file as by one, and stopped."""
        deep = self.make("large", "mlp:4,20,16,1")
        for form in ("binary", "text"):
            flags = ["--certificate-form", form]
            whole, answer, spent, wrong = self.whole(
                "whole", deep, ["--box", "-1,1"], [*flags, "--threads", "1"])
            if not wrong and int(answer["regions"]) < 3 * 16 * 128:
                wrong = f"{answer['regions']} regions are too few"
            base = [deep, "--box", "-1,1", "--certificate", self.cert, *flags,
                    "--threads", "3"]
            self.checks.add(f"threads, {form}", wrong or self.resume_to_end(
                base, [], whole, deep, answer))
            if not wrong and self.cert.exists() and (
                    self.cert.read_bytes() != whole.read_bytes()):
                self.checks.add(f"threads, {form}: the file", "another one")
            self.checks.add(
                f"threads, stopped, {form}", wrong or self.stop_and_go_on(
                    random.Random(form), spent, base, [], whole, deep, answer))

    # ---- one region at a time ----

    def steps(self):
        """A part of a certificate, one region after the other: a checkpoint
        before each of them."""
        moons = EXAMPLES / "moons.onnx"
        for form in ("text", "binary"):
            flags = ["--certificate-form", form]
            shard = ["--shard", "1/3"]
            whole, answer, _, wrong = self.whole(
                "whole", moons, ["--box", "-1,1"], [*flags, *shard])
            base = [moons, "--box", "-1,1", "--certificate", self.cert, *flags]
            n, resume = 0, shard
            self.clear()
            while not wrong:
                result = self(*base, *resume, "--checkpoint", self.state,
                              "--max-cells", "1", "--json")
                resume = ["--resume", self.state]
                if result.returncode != LIMITED:
                    break
                n += 1
                got = json.loads(result.stdout)
                if (int(got["regions"]), got["certificate"]["stopped"],
                        self.cert.exists()) != (n, "cell limit", False):
                    wrong = f"after {n} regions: {result.stdout[:300]}"
            got, failed = answered(result)
            wrong = wrong or failed or self.same(whole, moons, answer, got)
            if not wrong and n + 1 < int(answer["regions"]):
                wrong = f"{n} stops for {answer['regions']} regions"
            if not wrong and form == "binary" and streams(self.cert) < n:
                wrong = f"{streams(self.cert)} streams"
            self.checks.add(f"one region at a time, {form}", wrong)
            self.clear()

    def count_first(self):
        """Ended while it counts: nothing is left but the checkpoint, which goes
        on with the count."""
        deep = self.make("deep", "mlp:3,12,12,12,1")
        whole, answer, _, wrong = self.whole("whole", deep, ["--box", "-1,1"],
                                             [])
        base = [deep, "--box", "-1,1", "--certificate", self.cert]
        self.clear()
        result = self(*base, "--checkpoint", self.state, "--max-cells", "40",
                      "--threads", "1", "--json")
        got, failed = answered(result, LIMITED)
        wrong = wrong or failed
        if not wrong and not (40 <= int(got["regions"]) <
                              int(answer["regions"])):
            wrong = f"{got['regions']} regions of {answer['regions']}"
        if not wrong and (self.parts_left() or self.cert.exists() or
                          "bytes " in self.state.read_text()):
            wrong = "a file is left"
        self.checks.add("ended in the count", wrong)
        self.checks.add("refused: the count of a part", self.part_within(
            deep, base))
        got, wrong = answered(self(*base, "--resume", self.state, "--json"))
        self.checks.add("and gone on with", wrong or self.same(
            whole, deep, answer, got))
        self.clear()

    def part_within(self, model, base):
        """The checkpoint of a count in that of a certificate is a part's."""
        other, state = self.work / "part.state", self.work / "within.state"
        self(model, "--box", "-1,1", "--shard", "0/2", "--max-cells", "5",
             "--checkpoint", other)
        part = other.read_text()
        head, tail = self.state.read_text().split("count ", 1)
        number = re.search("^file .*$", tail, re.M)[0]
        state.write_text(signed(f"{head}count {len(part)}\n{part}{number}\n"))
        return refused(self(*base, "--resume", state), ["of a part"])

    # ---- the end ----

    def the_end(self):
        """Killed between the last checkpoint and the file's rename, or behind
        it; moved away."""
        moons = EXAMPLES / "moons.onnx"
        whole, answer, _, wrong = self.whole("whole", moons, ["--all"], [])
        base = [moons, "--all", "--certificate", self.cert]
        self.clear()
        done = self(*base, "--checkpoint", self.state, "--json")
        wrong = wrong or ended(done, 0)
        number = re.search("^file ([0-9a-f]{16})$", self.state.read_text(),
                           re.M)[1]
        for name in ("in its place", "again"):
            self.checks.add(f"done, {name}", wrong or self.resume_to_end(
                [*base, "--checkpoint", self.state], ["--resume", self.state],
                whole, moons, answer))
        part = self.work / f"resumed.cert.{number}.part"
        self.cert.rename(part)
        self.checks.add("done, not yet in its place", self.resume_to_end(
            base, ["--resume", self.state], whole, moons, answer))
        self.cert.write_bytes(self.cert.read_bytes()[:-1])
        self.checks.add("done, another file there", refused(
            self(*base, "--resume", self.state), [number, "not there"]))
        self.cert.unlink()
        self.checks.add("done, moved away", refused(
            self(*base, "--resume", self.state), [number, "not there"]))
        self.clear()

    def leftover(self):
        """Killed when it had begun to write, before it said so: what is there of
        the file is nothing, and longer than what comes."""
        moons = EXAMPLES / "moons.onnx"
        whole, answer, _, wrong = self.whole("whole", moons, ["--all"], [])
        base = [moons, "--all", "--certificate", self.cert]
        self.clear()
        wrong = wrong or ended(self(*base, "--checkpoint", self.state,
                                    "--max-cells", "5", "--threads", "1"),
                               LIMITED)
        number = re.search("^file (.*)$", self.state.read_text(), re.M)[1]
        part = self.work / f"resumed.cert.{number}.part"
        part.write_bytes(b"x" * 100000)
        self.checks.add("begun before", wrong or self.resume_to_end(
            base, ["--resume", self.state], whole, moons, answer))
        self.clear()

    # ---- refused ----

    def begin(self, base):
        """Stops a proof in its middle; its .part, or what is wrong."""
        self.clear()
        wrong = ended(self(*base, "--checkpoint", self.state, "--shard", "0/2",
                           "--max-cells", "7"), LIMITED)
        parts = self.parts_left()
        return (parts[0], "") if len(parts) == 1 and not wrong else (
            None, wrong or f"left: {parts}")

    def refusals(self):
        moons = EXAMPLES / "moons.onnx"
        base = [moons, "--box", "-1,1", "--certificate", self.cert]
        part, wrong = self.begin(base)
        self.checks.add("put down", wrong)
        if wrong:
            return
        resume = ["--resume", self.state]
        text = self.state.read_text()
        self.other_work(base, resume, moons)
        self.other_states(base, text)
        self.other_files(base, resume, part)
        whole, answer, _, wrong = self.whole("whole", moons, ["--box", "-1,1"],
                                             ["--shard", "0/2"])
        self.checks.add("after all that", wrong or self.resume_to_end(
            base, resume, whole, moons, answer))
        self.clear()

    def other_work(self, base, resume, moons):
        """A checkpoint of something else."""
        plain_state = self.work / "plain.state"
        self(moons, "--box", "-1,1", "--checkpoint", plain_state)
        union = EXAMPLES / "certificates" / "overlap.vnnlib"
        head = ["--certificate", self.cert]
        for name, command, words in (
                ("another model", [EXAMPLES / "bars.onnx", "--box", "-1,1",
                                   *head], ["model"]),
                ("another domain", [moons, "--box", "-1,0.5", *head],
                 ["domain"]),
                ("a union", [moons, "--vnnlib", union, *head], ["domain"]),
                ("another form", [*base, "--certificate-form", "text"],
                 ["form binary", "form text"]),
                ("no certificate", [moons, "--box", "-1,1"],
                 ["pleats-certificate 1", "pleats-work 1"])):
            self.checks.add(f"refused: {name}", refused(
                self(*command, *resume), words))
        self.checks.add("refused: a count's", refused(
            self(*base, "--resume", plain_state),
            ["pleats-certificate 1", "pleats-work 1"]))
        for name, flags, words in (
                ("a part of its own", ["--shard", "0/2"], ["--shard"]),
                ("maps", ["--what", "maps"], ["--what"])):
            self.checks.add(f"refused: {name}", refused(
                self(*base, *resume, *flags), words, USAGE))
        for path in ("/dev/null", "/dev/stderr"):
            self.checks.add(f"refused: {path}", refused(
                self(moons, "--box", "-1,1", "--certificate", path,
                     "--checkpoint", self.work / "no.state"),
                ["regular file"]))
        self.checks.add("refused: no checkpoint is left", "it is there" if (
            self.work / "no.state").exists() else "")

    def other_states(self, base, text):
        """A checkpoint that is damaged, or says what cannot be."""
        state = self.work / "other.state"
        for name, old, new, words in (
                ("version", "version 0", "version 9", ["version"]),
                ("part 2 of 2", "part 0 of 2", "part 2 of 2", ["part"]),
                ("a count", "count 0", "count 7", ["lines"]),
                ("a count of a part", "count 0", "count 6\nhello",
                 ["one file"]),
                ("number 0", r"file .{16}", f"file {0:016}", ["number"]),
                ("bytes", r"bytes \d+", "bytes 999999", ["999999 bytes"]),
                ("other bytes", r"(bytes \d+ )....", r"\1abcd", ["others now"]),
                ("a place", r"next 0 \.", "next 0 .(77)", ["leads nowhere"]),
                ("a place beyond", r"next 0 ", "next 2 ", ["number"]),
                ("no place", r"next 0 \..*", "next 0 end", ["path"]),
                ("a pattern", "patterns 0", "patterns 1\nabc", ["digits"]),
                ("another number", r"file .{16}", "file 0123456789abcdef",
                 ["0123456789abcdef", "not there"]),
                ("no number", r"file .{16}", "file ../passwd", ["digits"])):
            changed = re.sub(old, new, text.rpartition("sha256 ")[0], count=1)
            state.write_text(signed(changed))
            self.checks.add(f"refused: {name}", refused(
                self(*base, "--resume", state), words))
        for name, damaged in (("cut short", text[:-30]),
                              ("a digit", text.replace("regions 7",
                                                       "regions 8"))):
            state.write_text(damaged)
            self.checks.add(f"refused: {name}", refused(
                self(*base, "--resume", state), ["digest"]))

    def other_files(self, base, resume, part):
        """The file that it goes on with is not as it was left."""
        good = part.read_bytes()
        part.write_bytes(good[:-1])
        self.checks.add("refused: shorter", refused(
            self(*base, *resume), [f"{len(good)} bytes", str(len(good) - 1)]))
        part.write_bytes(good[:-1] + bytes([good[-1] ^ 1]))
        self.checks.add("refused: another byte", refused(
            self(*base, *resume), ["others now"]))
        self.checks.add("refused: it stays", "" if part.stat().st_size == len(
            good) else "it was changed")
        part.write_bytes(good + b"x" * 100000)
        with open(part, "rb") as file:
            fcntl.flock(file, fcntl.LOCK_EX)
            self.checks.add("refused: another process", refused(
                self(*base, *resume), ["another process"]))
        aside = self.work / "aside"
        part.rename(aside)
        self.checks.add("refused: not there", refused(
            self(*base, *resume), ["not there"]))
        part.symlink_to(aside)
        self.checks.add("refused: a link", refused(
            self(*base, *resume), ["cannot write"], 1))
        part.unlink()
        shutil.copy(aside, part)

    def failures(self):
        """No room for the file: the last checkpoint still goes on."""
        deep = self.make("deep", "mlp:3,12,12,12,1")
        whole, answer, _, wrong = self.whole("whole", deep, ["--box", "-1,1"],
                                             [])
        base = [deep, "--box", "-1,1", "--certificate", self.cert]
        self.clear()
        size = whole.stat().st_size
        full = run(["prlimit", f"--fsize={size // 2}", "--", self.pleats,
                    "count", *base, "--checkpoint", self.state, "--every",
                    "0.001"], 100)
        # SIGXFSZ ends it, as a kill does
        if full.returncode == 0 or self.cert.exists():
            wrong = wrong or f"exit {full.returncode}"
        self.checks.add("a file limit", wrong or self.resume_to_end(
            base, ["--resume", self.state], whole, deep, answer))
        self.clear()


def signed(text):
    """A text with its digest at the end."""
    return f"{text}sha256 {hashlib.sha256(text.encode()).hexdigest()}\n"


def main():
    options = arguments(checker="the checker in C", part="stopped, threads, steps, leftover, "
                        "count_first, the_end, refusals or failures")
    with tempfile.TemporaryDirectory() as folder:
        test = Test(options, pathlib.Path(folder))
        getattr(test, options.part)()
        test.checks.finish()


if __name__ == "__main__":
    main()
