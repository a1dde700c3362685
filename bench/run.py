#!/usr/bin/python3
"""Runs the workloads, compares with the plain exact count, writes JSON and a
table.  Usage: run.py PLEATS BASELINE [option...]; --help lists them."""
import argparse
import json
import os
import pathlib
import resource
import statistics
import subprocess
import sys
import tempfile

import peers
from machine import describe
from table import show
from workloads import Maker, scaling, workloads

HERE = pathlib.Path(__file__).resolve().parent
ENOUGH_SECONDS = 30  # spent on one workload: it is not repeated any more
REPEATS_BASELINE_BELOW = 1  # seconds; slower baselines run once
SPEED_UP_FROM = 0.2  # seconds; faster counts are not timed on two threads


def options():
    parser = argparse.ArgumentParser(description=__doc__)
    add = parser.add_argument
    add("pleats", help="the program to measure", type=pathlib.Path)
    add("baseline", help="the plain exact count", type=pathlib.Path)
    add("--only", default="", metavar="TEXT",
        help="workloads with TEXT in name or group; several with commas")
    add("--quick", action="store_true", help="the shorter workloads, 3 times "
        "each, the baseline for 3 seconds at most")
    add("--long", action="store_true", help="also those that take minutes")
    add("--scaling", action="store_true",
        help="the series that show how cost grows instead")
    add("--repeats", type=int, metavar="N", help="runs of each (default 5)")
    add("--time-limit", type=float, default=120, metavar="SECONDS",
        help="for one run (default 120)")
    add("--baseline-limit", type=float, metavar="SECONDS",
        help="for the baseline (default 20); its rate up to there counts")
    add("--no-baseline", action="store_true")
    add("--peer", action="append", default=[], metavar="NAME=PROGRAM",
        type=peer, dest="peers", help="another program to time in turns with "
        "this one, by the protocol in peers.py; may be given again")
    add("--threads", type=int, default=1, metavar="N",
        help="threads of a count, if the program has that option (default 1)")
    add("--engine", metavar="NAME", help="handed on to the program")
    add("--out", type=pathlib.Path, default=HERE.parent / "build" /
        "bench.json", help="the JSON file (default build/bench.json)")
    o = parser.parse_args()
    o.repeats = o.repeats or (3 if o.quick else 5)
    o.baseline_limit = o.baseline_limit or (3 if o.quick else 20)
    return o


def peer(text):
    name, _, program = text.partition("=")
    if not name or not pathlib.Path(program).is_file():
        raise argparse.ArgumentTypeError(f"{text}: no NAME=PROGRAM")
    return name, pathlib.Path(program).resolve()


def run(command, seconds):
    """The JSON answer of a command, with `wall` and `cpu` seconds and the
    `resident` kilobytes at most (a process starts with those of this one, so
    fewer are not seen); an answer with `failed` when there is none."""
    with tempfile.TemporaryFile() as out:
        start = os.times()
        process = subprocess.Popen([str(c) for c in command], stdout=out,
                                   stdin=subprocess.DEVNULL,
                                   stderr=subprocess.PIPE, text=True)
        error = process.stderr.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        wall = os.times().elapsed - start.elapsed
        out.seek(0)
        text = out.read()
    try:
        answer = json.loads(text)
    except ValueError:
        answer = {"failed": f"exit {process.returncode}: {error.strip()}"}
    return answer | {"wall": wall, "resident": usage.ru_maxrss,
                     "cpu": usage.ru_utime + usage.ru_stime}


class Bench:
    def __init__(self, o, folder):
        self.o, self.folder = o, folder
        help_text = subprocess.run([o.pleats, "count", "--help"], text=True,
                                   stdout=subprocess.PIPE, check=True).stdout
        self.has_threads = "--threads" in help_text
        self.has_engine = "--engine" in help_text

    def command(self, workload, threads=None):
        command = [self.o.pleats, *workload.arguments, "--json",
                   "--time-limit", self.o.time_limit]
        if workload.arguments[0] != "count":
            return command
        if self.has_threads and "--threads" not in workload.arguments:
            command += ["--threads", threads or self.o.threads]
        if self.has_engine and self.o.engine:
            command += ["--engine", self.o.engine]
        return command

    def repeated(self, command, repeats):
        return self.in_turns({"": command}, repeats)[""]

    def in_turns(self, commands, repeats):
        """Of each named command the summary of its runs, which are made in
        turns with those of the others."""
        runs = {name: [] for name in commands}
        for _ in range(repeats):
            for name, command in commands.items():
                done = runs[name]
                if sum(r["wall"] for r in done) < ENOUGH_SECONDS and not (
                        done and "failed" in done[-1]):
                    done.append(run(command, self.o.time_limit))
        return {name: self.summary(done) for name, done in runs.items()}

    @staticmethod
    def summary(runs):
        """The medians of several runs, and whether all had one answer."""
        if "failed" in runs[-1]:
            return runs[-1]
        found = {answer_of(r) for r in runs}
        result = {k: statistics.median(r[k] for r in runs)
                  for k in ("seconds", "wall", "cpu")}
        return result | {
            "regions": answer_of(runs[0]), "runs": len(runs),
            "complete": all(is_complete(r) for r in runs),
            "differs": len(found) > 1 and all(map(is_complete, runs)),
            "resident": max(r["resident"] for r in runs),
            "memory": runs[0].get("memory"),
            "verdicts": runs[0].get("verdicts")}

    def baseline(self, workload):
        command = [self.o.baseline, *workload.arguments[1:], "--time-limit",
                   self.o.baseline_limit]
        first = self.repeated(command, 1)
        if first.get("seconds", ENOUGH_SECONDS) < REPEATS_BASELINE_BELOW:
            return self.repeated(command, self.o.repeats)
        return first

    def measure(self, workload):
        turns = self.in_turns(
            {"": self.command(workload)} |
            peers.commands(self.o.pleats, self.o.peers, workload,
                           self.o.time_limit, self.folder), self.o.repeats)
        ours = turns.pop("")
        result = {"name": workload.name, "group": workload.group,
                  "known": workload.known, "beside": workload.beside,
                  "series": workload.series, "x": workload.x,
                  "arguments": [str(a) for a in workload.arguments],
                  "ours": ours, "peers": turns,
                  "peer_ratios": {name: ratio(ours, theirs)
                                  for name, theirs in turns.items()}}
        if (self.has_threads and self.o.threads == 1 and not workload.series
                and workload.arguments[0] == "count"
                and (os.cpu_count() or 1) > 1
                and ours.get("seconds", 0) > SPEED_UP_FROM):
            result["two_threads"] = self.repeated(self.command(workload, 2), 3)
        if workload.baseline and not self.o.no_baseline:
            result["baseline"] = self.baseline(workload)
            result["ratio"] = ratio(ours, result["baseline"])
        result["verdict"] = verdict(result)
        return result


def is_complete(answer):
    """A formula is there or not; the rest of such an answer may be left out.
    """
    return answer["complete"] or "formula" in answer


def answer_of(answer):
    if "formula" in answer:
        return answer["formula"]["value"]
    return answer["regions"]


def rate(run_result):
    """Regions a second; None without a count or without measurable time."""
    if "failed" in run_result or not run_result["seconds"] > 0:
        return None
    return int(run_result["regions"]) / run_result["seconds"]


def ratio(ours, baseline):
    rates = rate(ours), rate(baseline)
    return rates[0] / rates[1] if all(rates) else None


def verdict(result):
    """"ok", "stopped" by the time limit, or what is wrong."""
    ours = result["ours"]
    if "failed" in ours:
        return f"WRONG: {ours['failed']}"
    known = {"what is known": result["known"]}
    if not ours["complete"]:
        too_many = result["known"] and int(ours["regions"]) > int(
            result["known"])
        return f"WRONG: over {result['known']}" if too_many else "stopped"
    for other in ("baseline", "two_threads"):
        run_result = result.get(other, {})
        if "failed" in run_result:
            return f"WRONG: {other}: {run_result['failed']}"
        if run_result.get("complete"):
            known[other] = run_result["regions"]
    for source, number in known.items():
        if number is not None and number != ours["regions"]:
            return f"WRONG: {source}: {number}"
    return "WRONG: answers differ" if ours["differs"] else "ok"


def chosen(o, all_of_them):
    words = [w for w in o.only.split(",") if w]
    for workload in all_of_them:
        named = any(w in workload.name or w == workload.group for w in words)
        if words and not named:
            continue
        if workload.long and not (named or o.long):
            continue
        if o.quick and not workload.quick and not named:
            continue
        yield workload


def main():
    o = options()
    results = []
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(o, folder)
        make = Maker(o.pleats, pathlib.Path(folder))
        threads = range(1, (os.cpu_count() or 1) + 1)
        for workload in chosen(o, scaling(
                make, threads if bench.has_threads else []) if o.scaling
                else workloads(make)):
            print(f"{workload.name} ...", file=sys.stderr, flush=True)
            results.append(bench.measure(workload))
    floor = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    report = {"schema": "pleats-bench/1", "machine": describe(o.pleats),
              "threads": o.threads, "engine": o.engine,
              "peers": [name for name, _ in o.peers],
              "resident_floor": floor, "results": results}
    o.out.parent.mkdir(parents=True, exist_ok=True)
    o.out.write_text(json.dumps(report, indent=1) + "\n")
    show(report)
    print(f"\nwritten to {o.out}")
    sys.exit(any(r["verdict"].startswith("WRONG") for r in results))


if __name__ == "__main__":
    main()
