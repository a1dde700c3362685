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
# Those of mpi/master.c, in seconds, and the way of a message, both of which
# include the 0.2 ms between two looks (mpi/messages.c).
LEAST_SLICE, MOST_SLICE, PIECE = 0.02, 1.0, 0.03
PAUSE, WAY = 2e-4, 1.5e-4
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


class Count:
    """A count on so many ranks; the names are those of mpi/master.c."""

    def __init__(self, tree, ranks, work, costs, near=True, piece=PIECE,
                 most=MOST_SLICE, way=WAY):
        self.tree, self.size, self.costs, self.work = tree, ranks, costs, work
        self.works, self.piece, self.most, self.way = near, piece, most, way
        self.store, self.n = collections.deque([np.array([float(work)])]), 1
        self.time, self.slice = 0.0, LEAST_SLICE
        self.wanting = self.idle = False
        self.near, self.near_end, self.fitted = None, 0.0, 0.0
        self.waiting = list(range(1, ranks))
        self.coming = []  # (time, rank, what is left)
        self.busy = self.waited = self.done = 0.0
        self.since = [0.0] * ranks
        self.messages = self.tasks_sent = self.most_n = 0

    def spend(self, seconds):
        self.time += seconds
        self.busy += seconds

    def send(self):
        """Or receives."""
        self.spend(SEND if self.costs.give else 0)

    def give(self, n):
        parts, k = [], 0
        while k < n and self.store:
            first = self.store.popleft()
            if len(first) > n - k:
                self.store.appendleft(first[n - k:])
                first = first[:n - k]
            parts.append(first)
            k += len(first)
        c = self.costs
        self.spend(c.give + c.give_task * k + c.give_store * self.n)
        self.n -= k
        return np.concatenate(parts)

    def add(self, tasks):
        self.spend(self.costs.add + self.costs.add_task * len(tasks))
        if len(tasks):
            self.store.append(tasks)
        self.n += len(tasks)
        self.most_n = max(self.most_n, self.n)

    def run(self, tasks, seconds):
        """Works at tasks, the last one first.  Returns the time that it took,
        and what is left, in the order of a checkpoint."""
        c = self.costs
        ends = np.cumsum(tasks[::-1] + c.task)
        k = int(np.searchsorted(ends, seconds, side="right"))
        if k == len(tasks):
            self.done += tasks.sum()
            return ends[-1], tasks[:0]
        size = tasks[-1 - k]
        here = max(seconds - (ends[k - 1] if k else 0) - c.task, 0.0)
        self.done += tasks[len(tasks) - k:].sum() + here
        rest = tasks[:-1 - k]
        if size - here < LEAST_TASK or here == 0:
            last = np.array([size - here])
        else:
            last = self.tree.stop(size, here)
        return seconds, np.concatenate([rest, last])

    def lend(self):
        self.wanting = False
        while self.waiting:
            self.wanting = self.n <= (self.works and self.near is None)
            if self.wanting:
                break
            rank = heapq.heappop(self.waiting)
            tasks = self.give(1 + self.n // self.size)
            self.send()
            took, left = self.run(tasks, self.slice)
            self.waited += self.time + self.way - self.since[rank]
            self.messages += 1
            self.tasks_sent += len(tasks) + len(left)
            back = self.time + self.way + took
            heapq.heappush(self.coming, (back + self.way, rank, left))
            self.since[rank] = back

    def fit_slice(self, by):
        self.slice *= by
        self.slice = max(min(self.slice, self.most), LEAST_SLICE)
        self.fitted = self.time

    def work_a_piece(self):
        if self.near is None and (self.n == 0 or not self.works):
            self.idle = self.works
            rest = self.coming[0][0] - self.time if self.coming else 0
            self.time += max(rest, PAUSE if self.works else 0)
            due = self.piece if self.wanting else self.slice
            if not self.works and self.time >= self.fitted + due:
                self.fit_slice(0.5 if self.wanting else 1.5)
            return
        if self.near is None:
            self.near = self.give(1 + self.n // self.size)
            self.near_end = self.time + self.slice
        took, self.near = self.run(self.near,
                                   self.piece if self.size > 1 else self.slice)
        self.time += took
        n = len(self.near)
        if n == 0 or self.time >= self.near_end or (self.wanting and n > 1):
            if self.wanting or self.time >= self.near_end:
                self.fit_slice(0.5 if self.wanting else 1.5)
            self.spend(self.costs.give_task * n)  # pleats_work_save
            self.add(self.near)
            self.near = None

    def take(self):
        while self.coming and self.coming[0][0] <= self.time:
            _, rank, left = heapq.heappop(self.coming)
            self.send()
            self.add(left)
            heapq.heappush(self.waiting, rank)
            if self.idle:
                self.fit_slice(0.5)
            self.idle = False

    def share_out(self):
        while self.n or self.near is not None or self.coming:
            self.spend(LOOK * self.size if self.costs.give else 0)
            self.lend()
            self.work_a_piece()
            self.take()
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
    many = Count(even, 8, 240, NO_COSTS, piece=1e-3, way=0).share_out()
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
    add("--most", type=float, default=MOST_SLICE, help="longest slice")
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
                          not o.idle, most=o.most).share_out().facts()
                print(f"| {name} | {ranks} | {seconds:g} | "
                      f"{f['efficiency']:.3f} | {f['rank 0']:.2f} | "
                      f"{f['wait'] * 1e3:.1f} | {f['messages/s']:.0f} | "
                      f"{f['tasks']:.1f} | {f['store']} |", flush=True)


if __name__ == "__main__":
    main()
