"""Errors, memory, threads, Ctrl-C."""
import _thread
import ctypes
import os
import pickle
import resource
import signal
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import unittest.mock

import numpy as np

import pleats
from pleats import _call
from support import MOONS, long_work, random_layers


class Errors(unittest.TestCase):
    def test_input(self):
        net = pleats.load(MOONS)
        for call in (
                lambda: pleats.load("/nowhere/net.onnx"),
                lambda: pleats.load(b"no network"),
                lambda: pleats.load([]),
                lambda: pleats.load([(np.zeros((3, 2)), np.zeros(2))]),
                lambda: pleats.load([(np.zeros((3, 2)), None),
                                     (np.zeros((1, 4)), None)]),
                lambda: pleats.load([([[float("nan")]], None)]),
                lambda: pleats.load(3.5),
                lambda: net.count(box=(float("nan"), 1)),
                lambda: net.count(box=("one", 1)),
                lambda: net.count(box=([0, 0, 0], [1, 1, 1])),
                lambda: net.count(line=([0, 0], [0, 0])),
                lambda: net.count(what="corners"),
                lambda: net.count(engine="steam"),
                lambda: net.count(vnnlib="/nowhere"),
                lambda: net.eval([1, 2, 3])):
            with self.assertRaises(pleats.InputError) as caught:
                call()
            self.assertIsInstance(caught.exception, ValueError)
            self.assertGreater(len(str(caught.exception)), 10)

    def test_arguments(self):
        net = pleats.load(MOONS)
        with self.assertRaisesRegex(TypeError, "second: there is no such"):
            net.count(second=3)
        with self.assertRaisesRegex(TypeError, "one domain"):
            net.count(pleats.Box(0, 1), ball=([0, 0], 1))
        with self.assertRaisesRegex(TypeError, "a domain is wanted"):
            net.count((-1, 1))

    def test_output(self):
        with self.assertRaises(pleats.OutputError) as caught:
            pleats.load(MOONS).save("/nowhere/net.onnx")
        self.assertIsInstance(caught.exception, OSError)

    def test_pickle(self):
        for error in (pleats.InputError("a"), pleats.Interrupted(3),
                      pleats.LimitReached("b", "time limit")):
            again = pickle.loads(pickle.dumps(error))
            self.assertEqual((type(again), str(again), vars(again)),
                             (type(error), str(error), vars(error)))


class Memory(unittest.TestCase):
    """Each context is empty again before it is freed, and the process does not
    grow."""

    def watch(self, work, n, most):
        """Of work(n), behind some that fills what stays; most: KiB."""
        left = []
        free = _call.libpleats.pleats_ctx_free
        live = _call.libpleats.pleats_ctx_live_bytes

        class Spy:
            def __getattr__(self, name):
                return getattr(loaded, name)

            def pleats_ctx_free(self, pointer):
                left.append(live(pointer))
                free(pointer)
        loaded, _call.libpleats = _call.libpleats, Spy()
        try:
            with pleats._call.Context() as fresh:
                empty = live(fresh.pointer)
            work(n // 10)
            before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            work(n)
        finally:
            _call.libpleats = loaded
        grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
        self.assertEqual(set(left), {empty})
        self.assertLess(grown, most)
        return len(left)

    def test_no_leak(self):
        def work(n):
            for _ in range(n):
                net.count(domain)
                net.eval([0.5, 0.25])
                try:
                    net.count(box=("x", 1))
                except pleats.InputError:
                    pass
            pleats.load(layers)
            list(net.cells(domain))

        layers = random_layers(1, 2, 3, 1)
        net = pleats.load(layers)
        domain = pleats.Box(-1, [1, "3/4"]) | pleats.Ball([4, 4], 1)
        self.assertGreater(self.watch(work, 3100, 3000), 10_000)

    def test_no_leak_of_what_is_made(self):
        """Results that hold much, handles that live on, and files."""
        def work(n):
            for i in range(n):
                net.region([0.5, 0.25], domain)
                net.region([0.5, 0.25], pleats.Line([0, 0], [2, 1]))
                net.plane().scene()
                pleats.load(layers)
                pleats.Work(net, domain, what="maps").run(cells=2)
                try:
                    net.region([9, 9], domain)
                except pleats.InputError:
                    pass
                if i % 20 == 0:
                    files(os.path.join(folder.name, "x"))

        def files(path):
            net.cells(domain).save(path + ".npz")
            pleats.film([net, net], path + ".html", domain)
            done = pleats.Work(net, domain, what="maps")
            done.run(checkpoint=path)
            done.report(path + ".json", digests=path + ".maps")
            for call in (lambda: pleats.merge_counts([path + ".json"] * 2),
                         lambda: pleats.film([net], path + ".txt", domain)):
                with self.assertRaises(pleats.InputError):
                    call()

        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        layers = random_layers(1, 2, 3, 1)
        net = pleats.load(layers)
        domain = pleats.Box(-1, [1, "3/4"])
        self.assertGreater(self.watch(work, 600, 5000), 3000)


class Threads(unittest.TestCase):
    def test_one_network_in_many(self):
        net, found = pleats.load(MOONS), []

        def work():
            for _ in range(20):
                found.append(int(net.count(box=(-1, 1), threads=1)))
        threads = [threading.Thread(target=work) for _ in range(6)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(found, [185] * 120)

    def test_python_goes_on(self):
        """The interpreter is free while the library works."""
        net, turns, done = long_work(), [], threading.Event()

        def watch():
            while not done.is_set():
                turns.append(None)
                time.sleep(0.01)
        thread = threading.Thread(target=watch)
        thread.start()
        net.count(box=(-1, 1), seconds=1)
        done.set()
        thread.join()
        self.assertGreater(len(turns), 10)


class Interrupts(unittest.TestCase):
    def after(self, seconds, number=signal.SIGINT):
        timer = threading.Timer(seconds, os.kill, (os.getpid(), number))
        timer.start()
        self.addCleanup(timer.join)

    def test_partial_result(self):
        self.after(0.5)
        begin = time.monotonic()
        with self.assertRaises(KeyboardInterrupt) as caught:
            long_work().count(box=(-1, 1))
        self.assertLess(time.monotonic() - begin, 10)
        partial = caught.exception.partial
        self.assertIsInstance(caught.exception, pleats.Interrupted)
        self.assertGreater(partial.lower, 10)
        self.assertEqual((partial.label, partial.stopped),
                         ("lower", "interrupt"))

    def test_twice(self):
        """A second one while the first one is on its way, or after that: both
        may be one for the system."""
        self.after(0.3)
        self.after(0.3005)
        ended = 0
        for wait in (lambda: long_work().count(box=(-1, 1)),
                     lambda: time.sleep(0.5)):
            try:
                wait()
            except KeyboardInterrupt:
                ended += 1
        self.assertIn(ended, (1, 2))

    def test_bursts(self):
        """Several at random moments: every call ends, by KeyboardInterrupt and
        nothing else, and no thread is left."""
        net, random_gap = long_work(), np.random.default_rng(1)

        def fire():
            for gap in random_gap.choice([0, 1e-5, 1e-4, 1e-3, 1e-2], 4):
                time.sleep(gap)
                os.kill(os.getpid(), signal.SIGINT)
            fired.append(None)

        def rest():
            while True:
                try:
                    while not fired:
                        time.sleep(0.01)
                    return time.sleep(0.01)
                except KeyboardInterrupt:
                    pass
        for turn in range(60):
            fired = []
            try:
                _thread.start_new_thread(fire, ())
                if turn % 2:
                    net.count(box=(-1, 1))
                else:
                    list(net.cells(box=(-1, 1), batch=5))
                self.fail("the call ended by itself")
            except KeyboardInterrupt:
                pass
            rest()
        self.assertNotIn("pleats", [t.name for t in threading.enumerate()])

    def test_at_once(self):
        """The second one comes where the first one is seen to."""
        def interrupted(context, reason):
            raise KeyboardInterrupt
        self.after(0.3)
        begin = time.monotonic()
        with unittest.mock.patch.object(_call.Context, "stop", interrupted):
            with self.assertRaises(KeyboardInterrupt):
                long_work().count(box=(-1, 1), seconds=50)
        self.assertLess(time.monotonic() - begin, 20)

    def test_other_handlers(self):
        """A handler that raises ends the call with what it raised; one that
        does not leaves it alone."""
        class Late(Exception):
            pass

        def late(number, frame):
            raise Late

        def noted(number, frame):
            seen.append(number)
        seen = []
        net = long_work()
        before = signal.signal(signal.SIGUSR1, late)
        self.addCleanup(signal.signal, signal.SIGUSR1, before)
        self.after(0.3, signal.SIGUSR1)
        with self.assertRaises(Late):
            net.count(box=(-1, 1))
        signal.signal(signal.SIGUSR1, noted)
        self.after(0.2, signal.SIGUSR1)
        count = net.count(box=(-1, 1), seconds=0.6)
        self.assertEqual((seen, count.stopped),
                         ([signal.SIGUSR1], "time limit"))

    def test_calls_of_handlers(self):
        """A handler may make calls of its own while one is under way."""
        found, moons = [], pleats.load(MOONS)
        before = signal.signal(signal.SIGUSR1, lambda *_: found.append(
            int(moons.count(box=(-1, 1)))))
        self.addCleanup(signal.signal, signal.SIGUSR1, before)
        self.after(0.2, signal.SIGUSR1)
        count = long_work().count(box=(-1, 1), seconds=0.6)
        self.assertEqual((found, count.stopped), ([185], "time limit"))

    def test_fork(self):
        net = pleats.load(MOONS)
        self.assertEqual(net.count(box=(-1, 1)), 185)
        child = os.fork()
        if child == 0:
            os._exit(int(net.count(box=(-1, 1))))
        self.assertEqual(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]),
                         185)

    def test_cells(self):
        n = 0
        self.after(0.5)
        with self.assertRaises(KeyboardInterrupt):
            for batch in long_work().cells(box=(-1, 1), fields=["pattern"]):
                n += len(batch["pattern"])
        self.assertGreater(n, 0)
        self.assertNotIn("pleats", [t.name for t in threading.enumerate()])


class Library(unittest.TestCase):
    def shown(self, *arguments, **environment):
        """Exit code and what another interpreter shows."""
        done = subprocess.run([sys.executable, "-B", *arguments], text=True,
                              env={**os.environ, **environment}, timeout=60,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        return done.returncode, done.stdout

    def test_end_with_an_iteration_half_done(self):
        code, shown = self.shown(
            "-c", "import sys; sys.path.insert(0, sys.argv[1]); "
            "from support import long_work\n"
            "cells = iter(long_work().cells(box=(-1, 1), batch=10))\n"
            "print(len(next(cells)['pattern']))",
            os.path.dirname(os.path.abspath(__file__)))
        self.assertEqual((code, shown), (0, "10\n"))

    def test_missing_library(self):
        code, shown = self.shown("-c", "import pleats",
                                 PLEATS_LIBRARY="/nowhere/libpleats.so.0")
        self.assertEqual(code, 1)
        self.assertRegex(shown.splitlines()[-1],
                         "ImportError: the C library of pleats cannot be "
                         "loaded .*/nowhere.*PLEATS_LIBRARY")

    def test_program(self):
        code, shown = self.shown("-m", "pleats", "count", str(MOONS))
        self.assertEqual((code, shown.split()[0]), (0, "609"))

    def test_missing_module(self):
        with unittest.mock.patch.dict(sys.modules, pandas=None):
            with self.assertRaisesRegex(pleats.MissingModule,
                                        "to_pandas needs pandas"):
                pleats.load(MOONS).cells(box=(-1, 1)).to_pandas()

    def test_version(self):
        text = ctypes.CDLL(_call.libpleats._name).pleats_version
        text.restype = ctypes.c_char_p
        self.assertEqual(text().decode(), pleats.__version__)
