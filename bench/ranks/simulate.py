#!/usr/bin/python3
"""Simulates `pleats-mpi count` on many ranks: the policy of mpi/master.c, event
by event, with the subtrees and costs that measure.py found (subtrees.json).
Usage: simulate.py [--ranks N,..] [--seconds T,..] [--only NAME] [--check];
--help lists the rest.

The model.  A task is a subtree of a known size in seconds.  What is left of one
when a slice ends is drawn from what was left of measured ones that were stopped
at a like part of their work: the tree looks the same at all sizes.  Where less
was done than in any measured cut, the subtree in which the slice ended is cut
in the same way.  `seconds` is the work for each rank: the time of the count
when nothing is lost."""
import argparse
import collections
import heapq
import json
import pathlib
import random

import numpy as np

HERE = pathlib.Path(__file__).resolve().parent
# Those of mpi/master.c, in seconds, and the way of a message, which includes the
# naps between two looks (mpi/messages.c).
SLICE, LEAST, PAUSE, NAP = 1.0, 0.02, 2e-3, 2e-4
WAY = 1.5e-4
SEND = 5e-6  # of rank 0 for a text and its head by MPI: assumed
LOOK = 2e-9  # rank 0 goes through all ranks twice a round, for each
LEAST_TASK = 1e-5  # smaller subtrees are not cut


class Tree:
    """What is left of a subtree that was stopped."""

    def __init__(self, cuts, seed=0):
        self.cuts = [(c["cut"], np.array(c["left"])) for c in cuts]
        self.draw = random.Random(seed)

    def stop(self, size, done):
        left = []
        tenths = [c for c in self.cuts if 0.05 <= c[0] < 0.25]
        while done < 0.003 * size and tenths:
            cut, parts = self.draw.choice(tenths)
            left.append(parts * size * (1 - cut))
            size *= cut
        if size > done:
            left.append(self.like(done / size) * (size - done))
        return np.concatenate(left) if left else np.empty(0)

    def like(self, part):
        """One of the cuts that are next to a part, by ratio."""
        far = [abs(np.log(max(part, 1e-9) / cut)) for cut, _ in self.cuts]
        near = min(far) + 0.5
        return self.draw.choice([c[1] for c, f in zip(self.cuts, far)
                                 if f <= near])


Costs = collections.namedtuple(
    "Costs", "give give_task give_store add add_task task")
NO_COSTS = Costs(0, 0, 0, 0, 0, 0)


def fit_costs(measured, count):
    """Of a call, of a task in its text, and of a task in the store: least
    squares of relative errors; and of taking up a task."""
    calls = [c for c in measured["store"] if "tasks" in c]
    one, tasks, store = (np.array(x, float) for x in (
        [1] * len(calls), [c["tasks"] for c in calls],
        [c["store"] for c in calls]))

    def fit(what, *columns):
        y = np.array([c[what] for c in calls])
        a = np.array(columns).T / y[:, None]
        return np.maximum(np.linalg.lstsq(a, y / y, rcond=None)[0], 0)
    return Costs(*fit("give", one, tasks, store), *fit("add", one, tasks),
                 count["task_seconds"])


class Lent:
    """What a rank works at."""

    def __init__(self, tasks, since, took):
        self.tasks, self.since, self.end = tasks, since, since + took
        self.is_to_stop = False


class Count:
    """A count on so many ranks; the names are those of mpi/master.c."""

    def __init__(self, tree, ranks, work, costs, near=True, pause=PAUSE,
                 slice_=SLICE, way=WAY):
        self.tree, self.size, self.costs, self.work = tree, ranks, costs, work
        self.pause, self.slice, self.way = pause, slice_, way
        self.store, self.n = [np.array([float(work)])], 1
        self.time = 0.0
        self.waiting = list(range(0 if near else 1, ranks))
        self.lent = {}  # rank: Lent
        self.coming = []  # (time, rank), the ends; of one that was stopped, two
        self.n_stopping = 0
        self.busy = self.waited = self.done = 0.0
        self.since = [0.0] * ranks
        self.messages = self.tasks_sent = self.most_n = 0

    def spend(self, seconds):
        """Rank 0's own slice stands still meanwhile."""
        self.time += seconds
        self.busy += seconds
        if 0 in self.lent:
            self.lent[0].since += seconds
            self.lent[0].end += seconds

    def send(self):
        """Or receives."""
        self.spend(SEND if self.costs.give else 0)

    def give(self, n):
        """n of all tasks in even steps."""
        every = (self.store[0] if len(self.store) == 1 else
                 np.concatenate(self.store))
        dealt = -(-np.arange(n) * len(every) // n)
        self.store = [np.delete(every, dealt)]
        c = self.costs
        self.spend(c.give + c.give_task * n + c.give_store * self.n)
        self.n -= n
        return every[dealt]

    def add(self, tasks):
        self.spend(self.costs.add + self.costs.add_task * len(tasks))
        if len(tasks):
            self.store.append(tasks)
        self.n += len(tasks)
        self.most_n = max(self.most_n, self.n)

    def run(self, tasks, seconds):
        """What is left of tasks, of which the last one is the first, after so
        many seconds, in the order of a checkpoint."""
        c = self.costs
        ends = np.cumsum(tasks[::-1] + c.task)
        k = int(np.searchsorted(ends, seconds + 1e-9, side="right"))
        if k == len(tasks):
            self.done += tasks.sum()
            return tasks[:0]
        size = tasks[-1 - k]
        here = max(seconds - (ends[k - 1] if k else 0) - c.task, 0.0)
        self.done += tasks[len(tasks) - k:].sum() + here
        rest = tasks[:-1 - k]
        if size - here < LEAST_TASK or here == 0:
            last = np.array([size - here])
        else:
            last = self.tree.stop(size, here)
        return np.concatenate([rest, last])

    def lend(self):
        while self.waiting and self.n:
            rank = heapq.heappop(self.waiting)
            tasks = self.give(-(-self.n // self.size))
            way = self.way if rank else 0.0
            if rank:
                self.send()
                self.messages += 1
                self.tasks_sent += len(tasks)
            took = (tasks + self.costs.task).sum()
            since = self.time + way
            self.waited += since - self.since[rank]
            self.lent[rank] = Lent(tasks, since, min(took, self.slice))
            if rank:
                heapq.heappush(self.coming, (self.lent[rank].end + way, rank))

    def stop(self, n):
        for rank, lent in self.lent.items():
            if n <= 0:
                break
            if lent.is_to_stop or lent.since > self.time - LEAST:
                continue
            lent.is_to_stop = True
            self.n_stopping += 1
            n -= 1
            if rank:
                self.send()
            way = self.way if rank else 0.0
            lent.end = min(lent.end, self.time + way)
            if rank:
                heapq.heappush(self.coming, (lent.end + way, rank))

    def take(self, rank):
        lent = self.lent.pop(rank)
        left = self.run(lent.tasks, lent.end - lent.since)
        self.since[rank] = lent.end
        self.n_stopping -= lent.is_to_stop
        if rank:
            self.send()
            self.tasks_sent += len(left)
        self.add(left)
        heapq.heappush(self.waiting, rank)

    def take_some(self):
        near = self.lent.get(0)
        rest = self.coming[0][0] - self.time if self.coming else 0.0
        if near:
            self.time += max(min(near.end - self.time, self.pause), 0.0)
        else:  # nothing is missed by naps that are longer than one
            self.time += max(rest, NAP)
        if near and near.end <= self.time:
            self.take(0)
        while self.coming and self.coming[0][0] <= self.time:
            end, rank = heapq.heappop(self.coming)
            lent = self.lent.get(rank)
            if lent and abs(lent.end + self.way - end) < 1e-12:
                self.take(rank)

    def share_out(self):
        while self.n or self.lent:
            self.spend(LOOK * self.size if self.costs.give else 0)
            self.lend()
            self.stop(len(self.waiting) - self.n_stopping)
            self.take_some()
        return self

    def facts(self):
        return {"efficiency": self.work / (self.size * self.time),
                "rank 0": self.busy / self.time,
                "wait": self.waited / max(self.messages, 1),
                "messages/s": 2 * self.messages / self.time,
                "tasks": self.tasks_sent / max(2 * self.messages, 1),
                "store": self.most_n, "messages": self.messages,
                "end": self.time}


def check():
    """What must come out where it is known."""
    even = Tree([{"cut": c, "left": [0.1] * 10} for c in (0.01, 0.1, 0.5)])
    one = Count(even, 1, 50, NO_COSTS).share_out()
    assert abs(one.facts()["efficiency"] - 1) < 1e-9 and one.messages == 0
    many = Count(even, 8, 240, NO_COSTS, pause=1e-3, way=0).share_out()
    assert 0.99 < many.facts()["efficiency"] <= 1 + 1e-9
    assert abs(many.done - 240) < 1e-6, "work is neither lost nor made"
    # A rank 0 whose calls take a tenth of a second serves ten slices a second.
    slow = NO_COSTS._replace(add=0.1)
    full = Count(even, 100, 1000, slow, near=False).share_out().facts()
    assert full["rank 0"] > 0.9 and 8 < full["messages/s"] / 2 <= 10
    # A chain cannot be shared.
    chain = Tree([{"cut": 0.5, "left": [1.0]}])
    two = Count(chain, 4, 20, NO_COSTS).share_out().facts()
    assert two["efficiency"] <= 0.251
    print("simulate.py: all checks hold")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    add = parser.add_argument
    add("--ranks", default="100,1000,10000")
    add("--seconds", default="60")
    add("--only", default="")
    add("--idle", action="store_true", help="rank 0 does not count itself")
    add("--slice", type=float, default=SLICE, help="longest slice")
    add("--flat", action="store_true", help="to give tasks costs the same "
        "however many there are in the store")
    add("--check", action="store_true")
    o = parser.parse_args()
    if o.check:
        return check()
    measured = json.loads((HERE / "subtrees.json").read_text())
    print("| count | ranks | seconds | efficiency | rank 0 | wait, ms | "
          "messages/s | tasks each | tasks in store |\n" + "| --- " * 9 + "|")
    for name, m in measured.items():
        if "cuts" not in m or o.only not in ("", name):
            continue
        costs = fit_costs(measured, m)
        if o.flat:
            costs = costs._replace(give_store=0)
        print(name, "costs, microseconds:", ", ".join(
            f"{k} {v * 1e6:.3g}" for k, v in costs._asdict().items()))
        for ranks in map(int, o.ranks.split(",")):
            for seconds in map(float, o.seconds.split(",")):
                f = Count(Tree(m["cuts"]), ranks, seconds * ranks, costs,
                          not o.idle, slice_=o.slice).share_out().facts()
                print(f"| {name} | {ranks} | {seconds:g} | "
                      f"{f['efficiency']:.3f} | {f['rank 0']:.2f} | "
                      f"{f['wait'] * 1e3:.1f} | {f['messages/s']:.0f} | "
                      f"{f['tasks']:.1f} | {f['store']} |", flush=True)


if __name__ == "__main__":
    main()
