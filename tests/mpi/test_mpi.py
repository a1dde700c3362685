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
from harness import Checks, arguments, ended, run  # noqa: E402

LIMITED, REFUSED, USAGE = 4, 3, 2
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

    def ranks(self, n, *args):
        return [str(a) for a in (self.mpirun, "-n", n, self.mpi, "count",
                                 *args)]

    def json(self, n, *args, code=0):
        """(answer, what was wrong); n = 0: of the plain program."""
        command = self.ranks(n, *args) if n else [self.pleats, "count", *args]
        result = run([*command, "--json"], 120, env=ENVIRONMENT)
        wrong = ended(result, code)
        return ({}, wrong) if wrong else (json.loads(result.stdout), "")

    def make(self, name, spec):
        path = self.folder / f"{name}.onnx"
        assert run([self.pleats, "make", spec, "--seed", "1", "-o",
                    path]).returncode == 0
        return path


def numbers(answer):
    return {key: answer.get(key) for key in (
        "regions", "maps", "label", "complete", "dimension", "domain",
        "definition", "stopped")}


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


def pids_of(program, above):
    """Processes of the program, as /proc has them, with ranks from `above`."""
    found = []
    for entry in pathlib.Path("/proc").iterdir():
        try:
            if (entry / "exe").resolve() != program:
                continue
            environment = (entry / "environ").read_bytes().split(b"\0")
        except OSError:
            continue
        rank = [int(e.split(b"=")[1]) for e in environment
                if e.startswith((b"OMPI_COMM_WORLD_RANK=", b"PMI_RANK="))]
        if rank and rank[0] >= above:
            found.append(int(entry.name))
    return found


def regions_in(state):
    """What a checkpoint has found; 0 where there is none."""
    if not state.exists():
        return 0
    return int(state.read_text().split("\nregions ")[1].split("\n")[0])


def check_killed(place, checks):
    """A rank dies, then all of them; the last checkpoint goes on."""
    wide = place.make("wide", "mlp:6,15,15,1")
    state = place.folder / "killed.state"
    args = [wide, "--all"]
    want, wrong = place.json(0, *args)
    resume, found = [], 0
    for above, ranks in ((1, 3), (0, 2)):
        process = subprocess.Popen(
            place.ranks(ranks, *args, "--checkpoint", state, "--every", "0.1",
                        *resume), env=ENVIRONMENT, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)
        end = time.monotonic() + 60
        while time.monotonic() < end and process.poll() is None:
            if regions_in(state) > found:
                break
            time.sleep(0.02)
        victims = pids_of(place.mpi, above)
        for pid in victims[:1] if above else victims:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        process.wait(60)
        found = regions_in(state)
        if process.returncode == 0 and not wrong:
            wrong = f"{ranks} ranks came to their end first, {found} regions"
        resume = ["--resume", state]
    text = state.read_text()
    if not wrong and "\ntasks 0\n" in text:
        wrong = "nothing was left"
    for n in (1, 3, 5):
        got, wrong = ({}, wrong) if wrong else place.json(n, *args, *resume)
        checks.add(f"killed, resumed on {n} ranks", same(got, wrong, want))
    got, wrong = ({}, wrong) if wrong else place.json(0, *args, *resume)
    checks.add("killed, resumed by the plain program", same(got, wrong, want))


def check_ends(place, checks):
    slow = place.make("slow", "mlp:6,30,30,30,1")
    state = place.folder / "ends.state"
    got, wrong = place.json(2, slow, "--all", "--time-limit", "1",
                            "--checkpoint", state, code=LIMITED)
    if not wrong and (got["stopped"], got["label"]) != ("time limit", "lower"):
        wrong = f"{numbers(got)}"
    checks.add("a time limit", wrong)
    part = int(got["regions"]) if not wrong else 0
    process = subprocess.Popen(
        place.ranks(2, slow, "--all", "--resume", state, "--checkpoint", state,
                    "--every", "100"), env=ENVIRONMENT, text=True,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    time.sleep(3)
    for pid in pids_of(place.mpi, 0):
        os.kill(pid, signal.SIGTERM)
    out, err = process.communicate(timeout=60)
    wrong = "" if process.returncode == LIMITED and "interrupt" in out else (
        f"exit {process.returncode}: {out[:100]} {err[:100]}")
    found = regions_in(state)
    if not wrong and found <= part:
        wrong = f"{found} regions after {part}"
    checks.add("SIGTERM", wrong)
    for name, code, args, words in (
            ("no model", REFUSED, ["none.onnx", "--box", "-1,1"], "none.onnx"),
            ("a wrong option", USAGE, [place.moons, "--boxes", "1"], "--boxes"),
            ("a damaged checkpoint", REFUSED,
             [place.moons, "--box", "-1,1", "--resume", place.moons],
             "no state of a count")):
        result = run(place.ranks(2, *args), 60, env=ENVIRONMENT)
        wrong = ended(result, code)
        if not wrong and result.stderr.count(words) != 1:
            wrong = f"said {result.stderr.count(words)} times"
        checks.add(name, wrong)


def main():
    options = arguments(examples="folder of the example networks",
                        pleats_mpi="the program under test",
                        mpirun="starts it")
    checks = Checks()
    with tempfile.TemporaryDirectory() as top:
        place = Place(options, pathlib.Path(top))
        for check in (check_counts, check_killed, check_ends):
            if options.only in check.__name__:
                check(place, checks)
    checks.finish()


if __name__ == "__main__":
    main()
