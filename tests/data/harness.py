"""What the Python-driven tests share: running the program, counting checks."""
import argparse
import concurrent.futures
import json
import os
import re
import resource
import subprocess
import sys
import tempfile
import time

SKIPPED = 77  # ctest's SKIP_RETURN_CODE
# Programs with moved numbers may take so many times as long.
PATIENCE = 20 if "PLEATS_TEST_PERTURBED" in os.environ else 1

resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # the commands' too


def arguments(**positional):
    """Parses PLEATS and the named positional arguments."""
    parser = argparse.ArgumentParser()
    parser.add_argument("pleats", help="the program under test")
    for name, text in positional.items():
        parser.add_argument(name, help=text)
    parser.add_argument("--no-memory-limit", action="store_true",
                        help="for builds with AddressSanitizer")
    parser.add_argument("--only", default="", help="cases with this in the "
                        "name")
    return parser.parse_args()


def run(command, seconds=60, memory=None, **how):
    """Runs a command with captured text; a time-out gives exit code None.
    memory: bytes of address space.  (No preexec_fn: with one, Python forks
    itself, which takes longer than most of the commands.)"""
    if memory:
        command = ["prlimit", f"--as={memory}", "--", *command]
    try:
        return subprocess.run(
            [str(c) for c in command], stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            errors="replace", timeout=seconds * PATIENCE,
            **how)
    except subprocess.TimeoutExpired:
        return subprocess.CompletedProcess(command, None, "",
                                           f"no end within {seconds} s")


def processor_time(process):
    """Seconds that its threads have used: on a busy machine its share is small."""
    with open(f"/proc/{process.pid}/stat", encoding="utf-8") as stat:
        used = stat.read().rpartition(")")[2].split()[11:13]
    return sum(map(int, used)) / os.sysconf("SC_CLK_TCK")


def await_work(process, seconds):
    """Until it has worked for so long, or ended."""
    while process.poll() is None and processor_time(process) < seconds:
        time.sleep(0.02)


def ended(result, code):
    """"" when the program ended with this exit code, else what it did."""
    if result.returncode == code:
        return ""
    return (f"exit {result.returncode} instead of {code}: "
            f"{(result.stderr or result.stdout).strip()[:300]}")


def answered(result, code=0):
    """(the JSON that the program answered, ""), or ({}, what it did)."""
    wrong = ended(result, code)
    return ({}, wrong) if wrong else (json.loads(result.stdout), "")


class Program:
    """A program, called with arguments, and a folder for its files."""

    def __init__(self, pleats, place):
        self.pleats, self.place = pleats, place

    def __call__(self, *args, seconds=100):
        return run([self.pleats, *args], seconds)

    def json(self, *args, code=0):
        """As answered."""
        return answered(self(*args, "--json"), code)


def refused(result, words, code=3):
    """"" when the program refused its input (3) or failed (1) with this exit
    code, nothing on stdout and one clean line on stderr that holds every
    pattern."""
    wrong = ended(result, code)
    message = result.stderr.strip("\n")
    if wrong:
        return wrong
    if result.stdout:
        return f"wrote to stdout: {result.stdout[:200]}"
    if not message.strip():
        return "no message"
    if any(ord(c) < 32 or ord(c) == 127 for c in message):
        return f"more than a line, or control characters: {message[:300]!r}"
    missing = [w for w in words if not re.search(w, message, re.I)]
    if missing:
        return f"nothing like {missing} in: {message[:300]}"
    return ""


class Checks:
    """Counts checks; a check is a name and "" or what was wrong."""

    def __init__(self, verbose=False):
        self.passed = self.failed = self.skipped = 0
        self.verbose = verbose

    def add(self, name, wrong=""):
        if wrong:
            self.failed += 1
            print(f"FAIL {name}: {wrong}", flush=True)
        else:
            self.passed += 1
            if self.verbose:
                print(f"ok   {name}", flush=True)

    def skip(self, name, why):
        self.skipped += 1
        print(f"skip {name}: {why}", flush=True)

    def each(self, check, items):
        """Adds check(item), which returns (name, wrong), of every item, in
        order; two run at a time."""
        workers = int(os.environ.get("PLEATS_TEST_WORKERS", "2"))
        with concurrent.futures.ThreadPoolExecutor(workers) as pool:
            for name, wrong in pool.map(check, items):
                self.add(name, wrong)

    def finish(self):
        if self.passed + self.failed == 0:
            print("FAIL no checks were made")
            self.failed = 1
        print(f"{self.passed} passed, {self.failed} failed, "
              f"{self.skipped} skipped")
        sys.exit(1 if self.failed else 0)


def run_parts(functions, make):
    """The main program of checks in parts: of `functions`, those called part_NAME
    are run one at a time, PART of the command line, on make(options, checks, a
    folder to work in)."""
    parts = {name[5:]: f for name, f in functions.items()
             if name.startswith("part_")}
    options = arguments(part="one of " + ", ".join(parts))
    checks = Checks(verbose=True)
    with tempfile.TemporaryDirectory() as work:
        parts[options.part](make(options, checks, work))
    checks.finish()
