#!/usr/bin/python3
"""Counts of several ranks: what they say is what one process says, also after a
rank was killed.  Usage: test_mpi.py PLEATS EXAMPLES PLEATS_MPI MPIRUN"""
import json
import os
import pathlib
import signal
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "data"))
from harness import Checks, answered, arguments, ended, run  # noqa: E402

FAILED, USAGE, REFUSED, LIMITED = 1, 2, 3, 4
# Ranks of this machine alone, more of them than processors, started by root.
ENVIRONMENT = {**os.environ, "OMPI_ALLOW_RUN_AS_ROOT": "1",
               "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1",
               "OMPI_MCA_rmaps_base_oversubscribe": "1",
               "OMPI_MCA_btl_tcp_if_include": "lo",
               "OMPI_MCA_oob_tcp_if_include": "lo",
               "OMPI_MCA_btl_vader_single_copy_mechanism": "none",
               "OMPI_MCA_orte_abort_print_stack": "0"}


class Place:
    def __init__(self, options, folder):
        self.pleats, self.mpi = (pathlib.Path(p).resolve() for p in (
            options.pleats, options.pleats_mpi))
        self.mpirun = options.mpirun
        self.folder = folder
        self.moons = pathlib.Path(options.examples).resolve() / "moons.onnx"

    def ranks(self, n, *args, verb="count"):
        return [str(a) for a in (self.mpirun, "-n", n, self.mpi, verb, *args)]

    def json(self, n, *args, code=0, verb="count"):
        """(answer, what was wrong); n = 0: of the plain program."""
        command = (self.ranks(n, *args, verb=verb) if n else
                   [self.pleats, verb, *args])
        result = run([*command, "--json"], 120, env=ENVIRONMENT)
        return answered(result, code)

    def make(self, name, spec):
        path = self.folder / f"{name}.onnx"
        assert run([self.pleats, "make", spec, "--seed", "1", "-o",
                    path]).returncode == 0
        return path


# What may differ: what is measured, and questions that were asked again.
MEASURED = ("seconds", "memory", "verdicts")


def numbers(answer):
    return {key: value for key, value in answer.items() if key not in MEASURED}


def same(got, wrong, want):
    return wrong or ("" if numbers(got) == numbers(want) else
                     f"{numbers(got)}, not {numbers(want)}")


def check_counts(place, checks):
    deep = place.make("deep", "mlp:2,60,60,60,1")
    union = place.folder / "union.vnnlib"
    union.write_text(
        "(declare-const X_0 Real)(declare-const X_1 Real)"
        "(declare-const Y_0 Real)(assert (or (and (>= X_0 -1) (<= X_0 0) "
        "(>= X_1 -1) (<= X_1 1)) (and (>= X_0 -0.5) (<= X_0 1) (>= X_1 0) "
        "(<= X_1 0.5))))")
    empty = place.folder / "empty.json"
    empty.write_text('{"A": [[1, 0], [-1, 0]], "b": [-1, -1]}')
    for name, ranks, args in (
            ("plane", (1, 2, 3, 5), [deep, "--box", "-3,3"]),
            ("maps", (2, 3), [deep, "--box", "-1,1", "--what", "maps"]),
            ("union", (3,), [place.moons, "--vnnlib", union]),
            ("empty", (2,), [place.moons, "--polytope", empty]),
            ("threads", (2,), [deep, "--box", "-3,3", "--threads", "2"])):
        want, wrong = place.json(0, *args)
        for n in ranks:
            got, wrong = ({}, wrong) if wrong else place.json(n, *args)
            checks.add(f"{name}, {n} ranks", same(got, wrong, want))


def ranks_of(job):
    """{rank: process} of a job that this test began: one whose environment has
    its mark."""
    found = {}
    for entry in pathlib.Path("/proc").iterdir():
        try:
            words = (entry / "environ").read_bytes().split(b"\0")
        except OSError:
            continue
        if f"PLEATS_TEST_JOB={job.mark}".encode() not in words:
            continue
        for word in words:
            if word.startswith((b"OMPI_COMM_WORLD_RANK=", b"PMI_RANK=")):
                found[int(word.split(b"=")[1])] = int(entry.name)
    return found


class Job:
    """A job at work: a context that ends it."""
    n = 0

    def __init__(self, command):
        Job.n += 1
        self.mark = f"{os.getpid()}-{Job.n}"
        self.process = subprocess.Popen(
            command, env={**ENVIRONMENT, "PLEATS_TEST_JOB": self.mark},
            text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()

    def wait_for(self, is_so):
        """Whether it came to be while the job ran."""
        end = time.monotonic() + 60
        while time.monotonic() < end and self.process.poll() is None:
            if is_so():
                return True
            time.sleep(0.02)
        return False

    def signal(self, number, ranks):
        for rank, pid in ranks_of(self).items():
            if rank in ranks:
                os.kill(pid, number)

    def end(self):
        """(exit code, stdout, stderr)"""
        out, err = self.process.communicate(timeout=60)
        return self.process.returncode, out, err


def regions_in(state):
    """What a checkpoint has found; 0 where there is none."""
    if not state.exists():
        return 0
    return int(state.read_text().split("\nregions ")[1].split("\n")[0])


def kill(place, args, ranks, state, resume, victims):
    """Kills some ranks of a count when its checkpoint has grown."""
    before = regions_in(state)
    with Job(place.ranks(ranks, *args, "--checkpoint", state, "--every", "0.1",
                         *resume)) as job:
        if not job.wait_for(lambda: regions_in(state) > before):
            return f"{ranks} ranks: no checkpoint beyond {before} regions"
        job.signal(signal.SIGKILL, victims)
        code = job.end()[0]
    return "" if code != 0 else f"{ranks} ranks came to their end first"


def check_killed(place, checks):
    """A rank dies, then all of them; the last checkpoint goes on."""
    wide = place.make("wide", "mlp:6,18,18,1")
    state = place.folder / "killed.state"
    args, resume = [wide, "--all"], ["--resume", state]
    want, wrong = place.json(0, *args, "--checkpoint", place.folder / "whole")
    wrong = wrong or kill(place, args, 3, state, [], [1])
    wrong = wrong or kill(place, args, 2, state, resume, [0, 1])
    if not wrong and "\ntasks 0\n" in state.read_text():
        wrong = "nothing was left"
    for n in (1, 3, 5):
        got, wrong = ({}, wrong) if wrong else place.json(n, *args, *resume)
        checks.add(f"killed, resumed on {n} ranks", same(got, wrong, want))
    got, wrong = ({}, wrong) if wrong else place.json(0, *args, *resume)
    checks.add("killed, resumed by the plain program", same(got, wrong, want))


def check_limit(place, checks):
    slow = place.make("slow", "mlp:6,30,30,30,1")
    state = place.folder / "limit.state"
    got, wrong = place.json(2, slow, "--all", "--time-limit", "1.5",
                            "--checkpoint", state, code=LIMITED)
    if not wrong and (got["stopped"], got["label"]) != ("time limit", "lower"):
        wrong = f"{numbers(got)}"
    if not wrong and regions_in(state) != int(got["regions"]):
        wrong = f"{got['regions']}, but {regions_in(state)} in the checkpoint"
    checks.add("a time limit", wrong)
    for name, to_all in (("SIGTERM to all ranks", True),
                         ("SIGTERM to mpirun", False)):
        again = place.folder / "signal.state"
        again.unlink(missing_ok=True)
        with Job(place.ranks(2, slow, "--all", "--resume", state,
                             "--checkpoint", again)) as job:
            job.wait_for(again.exists)
            time.sleep(0.5)
            if to_all:
                job.signal(signal.SIGTERM, [0, 1])
            else:
                job.process.terminate()
            code, out, err = job.end()
        wrong = ""
        if "interrupt" not in out or (to_all and code != LIMITED):
            wrong = f"exit {code}: {out[:100]} {err[:100]}"
        elif regions_in(again) <= regions_in(state):
            wrong = f"{regions_in(again)} regions after {regions_in(state)}"
        checks.add(name, wrong)


def check_long_steps(place, checks):
    """One rank waits, so that the other is to put down its tasks before it has
    got anywhere."""
    layer = "/conv=32@3x3/relu"
    net = place.make("steps", f"cnn:in=3x32x32{3 * layer}/flatten/fc=1")
    n = 3 * 32 * 32
    plane = place.folder / "plane.json"
    plane.write_text(json.dumps({
        "origin": [(7 * i % 11 - 5) / 8 for i in range(n)],
        "u": [(5 * i % 13 - 6) / 8 for i in range(n)],
        "v": [(3 * i % 7 - 3) / 8 for i in range(n)],
        "box": [0, 2 ** -8, 0, 2 ** -8]}))
    want, wrong = place.json(0, net, "--plane", plane)
    if not wrong and int(want["regions"]) < 3:
        wrong = f"{want['regions']} regions"
    got, wrong = ({}, wrong) if wrong else place.json(2, net, "--plane", plane)
    checks.add("long steps", same(got, wrong, want))


def check_asked(place, checks):
    """SIGUSR1, which some mpirun hand on to all ranks, is a checkpoint."""
    slow = place.make("slow", "mlp:6,30,30,30,1")
    state = place.folder / "asked.state"
    with Job(place.ranks(3, slow, "--all", "--checkpoint", state)) as job:
        job.wait_for(state.exists)
        time.sleep(0.5)
        job.signal(signal.SIGUSR1, [0, 1, 2])
        is_written = job.wait_for(lambda: regions_in(state) > 0)
        job.signal(signal.SIGTERM, [0, 1, 2])
        code, _, err = job.end()
    wrong = "" if is_written and code == LIMITED else f"exit {code}: {err[:200]}"
    checks.add("SIGUSR1", wrong)
    with Job(place.ranks(2, slow, "--all", "--time-limit", "4")) as job:
        job.wait_for(lambda: len(ranks_of(job)) == 2)
        time.sleep(1)
        job.signal(signal.SIGUSR1, [0, 1])
        code, _, err = job.end()
    checks.add("SIGUSR1 without a checkpoint",
               "" if code == LIMITED else f"exit {code}: {err[:200]}")


def check_files(place, checks):
    """What rank 0 writes besides, and a part of a count."""
    deep = place.make("deep", "mlp:2,60,60,60,1")
    args = [deep, "--box", "-1,1", "--what", "maps", "--shard", "1/3"]
    file = place.folder / "part.maps"
    want, wrong = place.json(0, *args, "--digests", file)
    digests = file.read_bytes() if not wrong else b""
    file.unlink(missing_ok=True)
    got, wrong = ({}, wrong) if wrong else place.json(3, *args, "--digests",
                                                      file)
    wrong = same(got, wrong, want)
    if not wrong and (file.read_bytes() != digests or not digests):
        wrong = "other digests"
    checks.add("digests of a part", wrong)


def check_refused(place, checks):
    box = ["--box", "-1,1"]
    nowhere = place.folder / "none" / "state"
    for name, code, args, words in (
            ("no model", REFUSED, ["none.onnx", *box], "none.onnx"),
            ("a bad domain", USAGE, [place.moons, "--box", "1,-1"], "box"),
            ("a wrong option", USAGE, [place.moons, "--boxes", "1"], "--boxes"),
            ("cells", USAGE, [place.moons, *box, "--max-cells", "5"],
             "--max-cells"),
            ("no folder", FAILED, [place.moons, *box, "--checkpoint", nowhere],
             "none/state"),
            ("a damaged checkpoint", REFUSED,
             [place.moons, *box, "--resume", place.moons],
             "no state of a count")):
        result = run(place.ranks(2, *args), 60, env=ENVIRONMENT)
        wrong = ended(result, code)
        lines = [line for line in result.stderr.splitlines()
                 if line.startswith("pleats")]
        if not wrong and (len(lines) != 1 or words not in lines[0]):
            wrong = f"said {lines}"
        checks.add(name, wrong)
    check_other_rank(place, checks, "a rank without the model", "nothing.onnx")
    check_other_rank(place, checks, "a rank with another model",
                     place.make("other", "mlp:2,3,1"))


# Verbs made of trials.
MEAN = ["mlp:2,30,30,1", "--box", "-1,1", "--trials", "300"]
SEARCH = ["mlp:2,4,4,1", "--starts", "5"]
TARGET = ["cnn:in=1x4/conv=1@2/relu/conv=1@3/relu"]


def check_trials(place, checks):
    """Means and searches are those of one process, files as well."""
    best = place.folder / "best.onnx"
    rows = place.folder / "rows.csv"
    for verb, args, file in (("mean", [*MEAN, "--csv", rows], rows),
                             ("search", [*SEARCH, "-o", best], best),
                             ("search", [*TARGET, "-o", best], best)):
        want, wrong = place.json(0, *args, verb=verb)
        written = file.read_bytes() if not wrong else b""
        for n in (1, 2, 5):
            file.unlink(missing_ok=True)
            got, wrong = ({}, wrong) if wrong else place.json(n, *args,
                                                              verb=verb)
            wrong = same(got, wrong, want)
            if not wrong and (not written or file.read_bytes() != written):
                wrong = "another file"
            checks.add(f"{verb} {args[0]}, {n} ranks", wrong)


def trials_in(state):
    """How many trials a checkpoint has; 0 where there is none."""
    if not state.exists():
        return 0
    return int(state.read_text().split("\ntrials ")[1].split("\n")[0])


def check_killed_trials(place, checks):
    """A rank dies, then all of them; the last checkpoint goes on."""
    state = place.folder / "trials.state"
    args = ["mlp:3,14,14,1", "--trials", "400"]
    want, wrong = place.json(0, *args, verb="mean")
    resume = []
    for ranks, victims in ((3, [1]), (2, [0, 1])):
        before = trials_in(state)
        with Job(place.ranks(ranks, *args, "--checkpoint", state, "--every",
                             "0.02", *resume, verb="mean")) as job:
            if not job.wait_for(lambda: trials_in(state) > before):
                wrong = wrong or f"no checkpoint beyond {before} trials"
            job.signal(signal.SIGKILL, victims)
            if job.end()[0] == 0:
                wrong = wrong or f"{ranks} ranks came to their end first"
        resume = ["--resume", state]
    if not wrong and not 0 < trials_in(state) < 400:
        wrong = f"{trials_in(state)} trials"
    for n in (1, 3, 0):
        got, wrong = ({}, wrong) if wrong else place.json(n, *args, *resume,
                                                          verb="mean")
        checks.add(f"killed, a mean resumed on {n} ranks",
                   same(got, wrong, want))


def check_interrupted_trials(place, checks):
    """What one rank was told to put down is made all the same."""
    state = place.folder / "interrupted.state"
    args = ["mlp:3,14,14,1", "--trials", "200"]
    want, wrong = place.json(0, *args, verb="mean")
    with Job([*place.ranks(3, *args, "--checkpoint", state, "--every", "0.02",
                           verb="mean"), "--json"]) as job:
        for _ in range(4):
            before = trials_in(state)
            job.wait_for(lambda: trials_in(state) > before)
            job.signal(signal.SIGTERM, [1])
        code, out, err = job.end()
    wrong = wrong or (f"exit {code}: {err[:200]}" if code else "")
    checks.add("SIGTERM to one rank of a mean", wrong or same(
        json.loads(out), "", want))


def check_limited_trials(place, checks):
    """Limits and signals leave what all ranks found, and the rest to come."""
    state = place.folder / "limited.state"
    args = ["mlp:3,8,8,1", "--starts", "3", "--patience", "400"]
    got, wrong = place.json(3, *args, "--time-limit", "1.5", "--checkpoint",
                            state, verb="search", code=LIMITED)
    if not wrong and (got["stopped"], got["label"], trials_in(state)) != (
            "time limit", "lower", 3):
        wrong = f"{numbers(got)}, {trials_in(state)} trials"
    values = [] if wrong else [
        int(line.split()[2]) for line in state.read_text().splitlines()
        if line.split()[1:2] in (["open"], ["done"])]
    if not wrong and max(values) != int(got["best"]):
        wrong = f"the best of {values} is {got['best']}"
    checks.add("a search with a time limit", wrong)
    again = place.folder / "again.state"
    with Job(place.ranks(2, *args, "--resume", state, "--checkpoint", again,
                         verb="search")) as job:
        job.wait_for(again.exists)
        time.sleep(0.5)
        job.signal(signal.SIGTERM, [0, 1])
        code, out, err = job.end()
    wrong = ""
    if code != LIMITED or "interrupt" not in out or trials_in(again) != 3:
        wrong = f"exit {code}: {out[:100]} {err[:100]}"
    checks.add("a search with a signal", wrong)
    for name, words, args in (
            ("no trials", "not time for two trials",
             ["mlp:6,40,40,1", "--time-limit", "0.2"]),):
        result = run(place.ranks(2, *args, verb="mean"), 60, env=ENVIRONMENT)
        wrong = ended(result, LIMITED)
        checks.add(name, wrong or ("" if words in result.stderr else
                                   f"said {result.stderr[:200]}"))
    _, wrong = place.json(0, *MEAN, "--checkpoint", state, verb="mean")
    result = run(place.ranks(2, *MEAN, "--seed", "4", "--resume", state,
                             verb="mean"), 60, env=ENVIRONMENT)
    wrong = wrong or ended(result, REFUSED)
    lines = [line for line in result.stderr.splitlines()
             if line.startswith("pleats")]
    if not wrong and (len(lines) != 1 or "seed" not in lines[0]):
        wrong = f"said {lines}"
    checks.add("a record of another mean", wrong)


def check_other_rank(place, checks, name, other):
    """Rank 1 of 3 has another file: one line that names it, and no rank waits
    for the others."""
    script = (f'case "${{OMPI_COMM_WORLD_RANK:-$PMI_RANK}}" in 1) model={other};;'
              f' *) model={place.moons};; esac; exec {place.mpi} count $model '
              "--box -1,1")
    result = run([place.mpirun, "-n", "3", "sh", "-c", script], 60,
                 env=ENVIRONMENT)
    wrong = ended(result, REFUSED)
    lines = [line for line in result.stderr.splitlines()
             if line.startswith("pleats")]
    if not wrong and (len(lines) != 1 or "rank 1 " not in lines[0]):
        wrong = f"said {lines}"
    checks.add(name, wrong)


def main():
    options = arguments(examples="folder of the example networks",
                        pleats_mpi="the program under test",
                        mpirun="starts it")
    checks = Checks()
    with tempfile.TemporaryDirectory() as top:
        place = Place(options, pathlib.Path(top))
        for check in (check_counts, check_killed, check_limit,
                      check_long_steps, check_asked, check_files, check_trials,
                      check_killed_trials, check_interrupted_trials,
                      check_limited_trials, check_refused):
            if options.only in check.__name__:
                check(place, checks)
    checks.finish()


if __name__ == "__main__":
    main()
