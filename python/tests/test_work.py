"""Counts that are put down, shared and added up; regions as files."""
import json
import os
import pathlib
import pickle
import signal
import subprocess
import tempfile
import threading
import time
import unittest

import numpy as np

import pleats
from support import MOONS, PROGRAM, long_work, needs, random_layers


class Folder(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = pathlib.Path(folder.name)
        self.net = pleats.load(MOONS)


class Work(Folder):
    def work(self, **words):
        return pleats.Work(self.net, box=(-1, 1), **words)

    def test_in_steps(self):
        """Each run goes on where the last one ended, through a file and
        without; nothing is found twice."""
        work = self.work(what=("maps", "regions"), threads=1)
        found = [0]
        for turn in range(200):
            count = work.run(cells=20)
            self.assertEqual(count.exact, work.done)
            if work.done:
                break
            self.assertEqual(count.stopped, "cell limit")
            found.append(count.regions)
            if turn % 2:
                work.save(self.path / "state")
                work = self.work(what=("maps", "regions"),
                                 threads=1).load(self.path / "state")
        self.assertEqual((int(count), count.regions), (185, 185))
        self.assertGreater(len(found), 3)
        self.assertEqual(found, sorted(found))
        self.assertEqual((work.share, work.tasks, work.part), (1, 0, (0, 1)))

    def test_checkpoint(self):
        """Of a run that a limit ended, and one that goes on from it."""
        path = self.path / "state"
        net = pleats.load(random_layers(3, 4, 32, 32, 1))
        whole = int(net.count(box=(-1, 1)))
        self.assertGreater(whole, 10_000)
        work = pleats.Work(net, box=(-1, 1), threads=1)
        part = work.run(checkpoint=path, every=0.001, cells=whole // 2)
        self.assertTrue(whole // 2 <= int(part) < whole // 2 + 1000)
        again = pleats.Work(net, box=(-1, 1), threads=1).load(path)
        self.assertEqual(int(again.result()), int(part))
        self.assertEqual(int(again.run(checkpoint=path, every=0.001)), whole)
        self.assertEqual(int(pleats.Work(net, box=(-1, 1)).load(path)
                             .result()), whole)

    def test_seconds(self):
        work = pleats.Work(long_work(), box=(-1, 1))
        count = work.run(seconds=0.5, checkpoint=self.path / "state",
                         every=0.1)
        self.assertEqual((count.label, count.stopped),
                         ("lower", "time limit"))
        self.assertGreater(int(count), 10)

    def test_interrupt(self):
        """Ctrl-C leaves what was found, in the exception, in the work and in
        the file; the work can go on."""
        work = pleats.Work(long_work(), box=(-1, 1))
        timer = threading.Timer(0.4, os.kill, (os.getpid(), signal.SIGINT))
        timer.start()
        self.addCleanup(timer.join)
        with self.assertRaises(pleats.Interrupted) as caught:
            work.run(checkpoint=self.path / "state")
        partial = caught.exception.partial
        self.assertGreater(int(partial), 10)
        self.assertEqual(partial.label, "lower")
        loaded = pleats.Work(long_work(), box=(-1, 1)).load(
            self.path / "state")
        self.assertEqual(int(loaded.result()), int(partial))
        self.assertGreater(int(work.run(cells=100)), int(partial))

    def test_parts(self):
        """By the program and from here alike."""
        names = []
        for i in range(3):
            work = self.work(what=("regions", "maps"), part=(i, 3))
            self.assertEqual(work.part, (i, 3))
            names.append(self.path / f"{i}.json")
            if i == 1:
                shown = subprocess.run(
                    [PROGRAM, "count", MOONS, "--box", "-1,1", "--what",
                     "regions,maps", "--shard", "1/3", "--digests",
                     self.path / "1.maps", "--json"],
                    check=True, capture_output=True).stdout
                names[1].write_bytes(shown)
                self.assertEqual(json.loads(shown)["regions"],
                                 str(int(work.run())))
                continue
            work.run()
            work.report(names[i], digests=self.path / f"{i}.maps")
        count = pleats.merge_counts(names)
        self.assertEqual((count.regions, count.maps, count.exact),
                         (185, 185, True))
        shown = subprocess.run([PROGRAM, "merge", *names], check=True,
                               capture_output=True, text=True).stdout
        self.assertTrue(shown.startswith("185 "), shown)
        with self.assertRaisesRegex(pleats.InputError, "missing"):
            pleats.merge_counts(names[:2])
        self.work(part=(0, 3)).report(names[0])
        with self.assertRaisesRegex(pleats.InputError, "not finished"):
            pleats.merge_counts(names)

    def test_input(self):
        with self.assertRaisesRegex(pleats.InputError, "not pieces"):
            self.work(what="pieces")
        with self.assertRaisesRegex(TypeError, "fish: there is no such"):
            self.work(fish=3)
        with self.assertRaisesRegex(TypeError, "fish: there is no such"):
            self.work().run(fish=3)
        with self.assertRaises(pleats.InputError):
            self.work(part=(3, 3))
        self.work().save(self.path / "state")
        with self.assertRaises(pleats.InputError):
            pleats.Work(self.net, box=(-2, 1)).load(self.path / "state")
        with self.assertRaisesRegex(TypeError, "pickle"):
            pickle.dumps(self.work())


class Trials(Folder):
    def test_in_steps(self):
        """What several calls found is what one finds; a file of something else
        is refused."""
        path = self.path / "state"
        for call in (
                lambda **words: pleats.mean("mlp:3,9,9,1", box=(-1, 1),
                                            trials=40, seed=5, **words),
                lambda **words: pleats.search("mlp:2,4,3,1", starts=6, seed=2,
                                              **words),
                lambda **words: self.net.estimate(
                    box=(-1, 1), exact_time=0, sweeps=3000, rel_error=1e-6,
                    seed=1, **words),
                lambda **words: pleats.load(random_layers(3, 3, 24, 24, 1))
                .stable(box=(-1, 1), effort="exact", **words)):
            whole, seconds = call(), 0.002
            for turns in range(40):
                try:
                    part = call(checkpoint=path, seconds=seconds)
                    if part.stopped != "time limit":
                        break
                except pleats.LimitReached:
                    pass
                seconds *= 1.5
            self.assertGreater(turns, 0)
            self.assertEqual(told(part), told(whole))
            path.unlink()
        call(checkpoint=path)
        with self.assertRaises(pleats.InputError):
            pleats.search("mlp:2,3,1", checkpoint=path)

    def test_end(self):
        """All that a call found is in the file at its end, long before it is
        time to write it."""
        work = dict(box=(-1, 1), trials=100_000, checkpoint=self.path / "state",
                    every=1000)
        part = pleats.mean("mlp:3,9,9,1", seconds=0.5, **work)
        again = pleats.mean("mlp:3,9,9,1", seconds=0.002, **work)
        self.assertGreater(len(part.trials), 5)
        self.assertLessEqual(set(part.trials), set(again.trials))

    def test_interrupt(self):
        """Ctrl-C leaves the trials that came to their end in the file, and in
        the exception."""
        path = self.path / "state"
        work = dict(box=(-1, 1), trials=100_000, checkpoint=path, every=0.01)

        def interrupt():
            """When there are some."""
            while not path.exists() or path.stat().st_size < 1500:
                time.sleep(0.02)
            os.kill(os.getpid(), signal.SIGINT)
        thread = threading.Thread(target=interrupt, daemon=True)
        thread.start()
        self.addCleanup(thread.join, 30)
        with self.assertRaises(KeyboardInterrupt) as caught:
            pleats.mean("mlp:3,9,9,1", seconds=60, **work)
        found = caught.exception.partial.trials
        self.assertGreater(len(found), 5)
        again = pleats.mean("mlp:3,9,9,1", seconds=0.05, **work)
        self.assertLessEqual(set(found), set(again.trials))


def told(result):
    """All that a result says but its seconds, a network by its digest."""
    found = {name: value.tolist() if hasattr(value, "tolist") else value
             for name, value in vars(result).items()}
    found.pop("seconds")
    if found.get("net") is not None:
        found["net"] = found["net"].sha256
    return found


class Files(Folder):
    def test_npz(self):
        cells = self.net.cells(box=(-1, 1), fields=("pattern", "point"))
        self.assertIs(cells.save(self.path / "c.npz"), cells)
        self.assertEqual((cells.regions, cells.label), (185, "exact"))
        wanted = [batch["pattern"] for batch in cells]
        with np.load(self.path / "c.npz") as file:
            bits = np.unpackbits(file["pattern"], axis=1, bitorder="little")
            np.testing.assert_array_equal(bits, np.concatenate(wanted))
            self.assertEqual(file["point"].shape, (185, 2))

    def test_jsonl(self):
        self.net.cells(box=(-1, 1), cells=20).save(self.path / "c.jsonl")
        lines = (self.path / "c.jsonl").read_text().splitlines()
        last = json.loads(lines[-1])
        self.assertEqual((last["regions"], last["complete"]), (20, 0))

    @needs("h5py")
    def test_hdf5(self):
        """In parts, and added up; where the machine has libhdf5."""
        import h5py
        names = [self.path / f"{i}.h5" for i in range(2)]
        try:
            n = [self.net.cells(box=(-1, 1), part=(i, 2)).save(name).regions
                 for i, name in enumerate(names)]
        except pleats.InputError as error:
            self.assertIn("libhdf5", str(error))
            return
        self.assertEqual(sum(n), 185)
        self.assertEqual(pleats.merge_cells(names, self.path / "all.h5"), 185)
        with h5py.File(self.path / "all.h5") as file:
            self.assertEqual(len(np.unique(file["pattern"][:], axis=0)), 185)
        with self.assertRaisesRegex(pleats.InputError, "missing"):
            pleats.merge_cells(names[:1], self.path / "other.h5")
        self.assertFalse((self.path / "other.h5").exists())

    def test_interrupt(self):
        """A whole file that says it is not complete."""
        timer = threading.Timer(0.5, os.kill, (os.getpid(), signal.SIGINT))
        timer.start()
        self.addCleanup(timer.join)
        cells = long_work().cells(box=(-1, 1), fields=["pattern"])
        with self.assertRaises(KeyboardInterrupt):
            cells.save(self.path / "c.jsonl")
        last = json.loads((self.path / "c.jsonl").read_text()
                          .splitlines()[-1])
        self.assertEqual((last["complete"], last["stopped"]),
                         (0, "interrupt"))
        self.assertEqual(os.listdir(self.path), ["c.jsonl"])

    def test_input(self):
        for name in ("c.txt", "nowhere/c.npz"):
            with self.assertRaises((pleats.InputError, pleats.OutputError)):
                self.net.cells(box=(-1, 1)).save(self.path / name)
        self.assertEqual(os.listdir(self.path), [])
