"""Puts single faults into copies of the sources and says which ones the tests
do not see.

A list (*.txt beside this file) has one fault after the other:

    name of the fault
    = src/cells/sift.c
    ? t_sift|p_vertices
    @ static void sift_columns
    - reach += *(const eight *)entry;
    + reach += 0;

"=": the file; "?": the tests of which at least one must fail, in the order in
which they are run, each a regular expression of all of a name in ctest; p_x/20
runs one 20th of the cases.  "@", if there is one: a text that is once in the
file, behind which the old one is looked for; "-" and "+": the old and the new
text, whose further lines stand below as they are in the file, with their blanks
in front.  The old text must be there just once (with "@": once or more, the
first one counts).
A fault that does not apply, does not compile, or whose tests do not exist is
an error: the list must not rot.
"""
import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
SCRATCH = os.path.join(ROOT, "build-mutants")
SECONDS = 900  # that a test without a fault may take
TIMES, LEAST = 4, 100  # with one: so many times as long, so many seconds


class Error(Exception):
    """Something is wrong with the list or the tree, not with the tests."""


class Fault:
    def __init__(self, name, place):
        self.name, self.place = name, place
        self.file = self.tests = self.after = None
        self.old, self.new = [], []

    def check(self):
        if not (self.file and self.tests and self.old):
            raise Error(f"{self.place}: {self.name}: '=', '?' and '-' lines "
                        "are needed")

    def apply(self, text):
        """The text with the fault in it."""
        old, new = "\n".join(self.old), "\n".join(self.new)
        start = 0
        if self.after is not None:
            if text.count(self.after) != 1:
                raise Error(f"{self.name}: '{self.after}' is "
                            f"{text.count(self.after)} times in {self.file}, "
                            "and should be there once")
            start = text.index(self.after)
        count = text.count(old, start)
        if count == 0 or (count > 1 and self.after is None):
            raise Error(f"{self.name}: the old text is {count} times in "
                        f"{self.file}, and should be there once")
        at = text.index(old, start)
        return text[:at] + new + text[at + len(old):]


def read_list(path):
    """The faults of one file, in their order."""
    faults = []
    with open(path, encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            line = line.rstrip("\n")
            place = f"{os.path.basename(path)}:{number}"
            if not line.strip() or line.startswith("#"):
                continue
            kind, text = line[0], line[2:].strip()
            if kind not in "=?@-+ " or line[1:2] not in ("", " "):
                faults.append(Fault(line, place))
                continue
            fault = faults[-1]
            if kind in "-+":
                text_of = fault.old if kind == "-" else fault.new
                text_of.append(text)
            elif kind == " ":
                text_of.append(line)
            else:
                setattr(fault, {"=": "file", "?": "tests", "@": "after"}[kind],
                        text)
    for fault in faults:
        fault.check()
    return faults


def read_lists(only):
    faults, names = [], set()
    for name in sorted(os.listdir(HERE)):
        if name.endswith(".txt"):
            faults += read_list(os.path.join(HERE, name))
    for fault in faults:
        if fault.name in names:
            raise Error(f"{fault.place}: a second fault '{fault.name}'")
        names.add(fault.name)
        with open(os.path.join(ROOT, fault.file), encoding="utf-8") as f:
            fault.apply(f.read())
    if not only:
        return faults
    chosen = [f for f in faults if f.name == only]
    chosen = chosen or [f for f in faults if re.search(only, f.name)]
    if not chosen:
        raise Error(f"no fault is called or matches '{only}'")
    return chosen


def run(command, **options):
    return subprocess.run(command, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, check=False,
                          errors="replace", **options)


class Test:
    """A test as ctest would run it, and the targets that it needs."""

    limits = {}  # of (name, share): seconds, the same in all trees

    def __init__(self, test, build, made):
        properties = {p["name"]: p["value"]
                      for p in test.get("properties", [])}
        self.name, self.command = test["name"], test.get("command", [])
        self.folder = properties.get("WORKING_DIRECTORY", build)
        self.environment = dict(
            pair.split("=", 1) for pair in properties.get("ENVIRONMENT", []))
        self.will_fail = properties.get("WILL_FAIL", False)
        words = [os.path.relpath(word, build)
                 for word in [*self.command, *self.environment.values()]
                 if word.startswith(build + os.sep)]
        self.targets = [w for w in words if w in made]

    def measure(self, share):
        """As run, of a tree without a fault; limits later runs' seconds."""
        began = time.monotonic()
        how = self.run(share, SECONDS)
        seconds = max(LEAST, TIMES * (time.monotonic() - began))
        self.limits[self.name, share] = seconds
        return how

    def run(self, share, seconds=None):
        """'' when it passes, else its name, and that it took too long."""
        environment = {**os.environ, "PLEATS_TEST_SHARE": share,
                       **self.environment}
        try:
            done = run(self.command, cwd=self.folder, env=environment,
                       timeout=seconds or self.limits[self.name, share])
        except subprocess.TimeoutExpired:
            return f"{self.name}, by time"
        return "" if (done.returncode == 0) != self.will_fail else self.name


class Tree:
    """A copy of the sources with a build of its own."""

    def __init__(self, number, jobs):  # jobs: of its builds, as a text
        self.root = os.path.join(SCRATCH, str(number))
        self.build = os.path.join(self.root, "build")
        self.jobs = jobs
        os.environ["CCACHE_BASEDIR"] = SCRATCH
        self.copy()
        self.configure()

    def copy(self):
        listed = run(["git", "ls-files", "-co", "--exclude-standard"], cwd=ROOT)
        files = {f for f in listed.stdout.splitlines()
                 if os.path.isfile(os.path.join(ROOT, f))}
        for name in files:
            source, to = os.path.join(ROOT, name), os.path.join(self.root, name)
            if os.path.exists(to) and open(to, "rb").read() == \
                    open(source, "rb").read():
                continue
            os.makedirs(os.path.dirname(to), exist_ok=True)
            shutil.copyfile(source, to)
            shutil.copymode(source, to)
        self.drop_others(files)

    def drop_others(self, files):
        for folder, inner, names in os.walk(self.root):
            if folder == self.root and "build" in inner:
                inner.remove("build")
            for name in names:
                path = os.path.join(folder, name)
                if os.path.relpath(path, self.root) not in files:
                    os.remove(path)

    def configure(self):
        command = ["cmake", "--preset", "release", "-G", "Ninja",
                   "-DPLEATS_TESTS=ON", "-DPLEATS_MPI=ON",
                   "-DPLEATS_PAGE_TESTS=OFF"]
        if shutil.which("ccache"):
            command.append("-DCMAKE_C_COMPILER_LAUNCHER=ccache")
        done = run(command, cwd=self.root)
        if done.returncode != 0:
            raise Error(done.stdout)
        targets = run(["ninja", "-t", "targets", "all"], cwd=self.build)
        self.made = {line.rsplit(":", 1)[0]
                     for line in targets.stdout.splitlines()}
        self.read_tests()

    def read_tests(self):
        """ctest tells the commands of programs that are built alone."""
        shown = run(["ctest", "--show-only=json-v1"], cwd=self.build)
        self.tests = {}
        for test in json.loads(shown.stdout)["tests"]:
            self.tests[test["name"]] = Test(test, self.build, self.made)

    def build_tests(self, faults):
        """Builds what is needed to know the commands of the faults' tests: the
        programs that have a test's name, or what it starts with."""
        wanted = [word.partition("/")[0]
                  for fault in faults for word in fault.tests.split("|")]
        missing = [t.name for t in self.tests.values() if not t.command and
                   any(re.fullmatch(w, t.name) for w in wanted)]
        targets = [m for m in self.made if any(
            name == os.path.basename(m) or
            name.startswith(os.path.basename(m) + "_") for name in missing)]
        if not missing:
            return
        made = self.make(targets)
        if made.returncode != 0:
            raise Error(made.stdout)
        self.read_tests()

    def fitting(self, faults):
        """The tests, with the share of their cases, and what they need."""
        tests, targets = {}, set()
        for fault in faults:
            for word in fault.tests.split("|"):
                pattern, _, share = word.partition("/")
                found = [t for n, t in self.tests.items()
                         if re.fullmatch(pattern, n)]
                if not found:
                    raise Error(f"{fault.name}: no test matches '{pattern}'")
                for test in found:
                    if not test.command:
                        raise Error(f"{test.name} has no command")
                    tests[(test, share or "1")] = True
                    targets.update(test.targets)
        return list(tests), sorted(targets)

    def make(self, targets):
        return run(["ninja", "-j", self.jobs] + targets, cwd=self.build)

    def check(self, tests):
        """'' when all of the tests pass, else the first that does not."""
        for test, share in tests:
            how = test.run(share)
            if how:
                return how
        return ""

    def measure_at_once(self, tests, jobs):
        """As check, of a tree without a fault, so many at once."""
        with ThreadPoolExecutor(jobs) as pool:
            return next(filter(None, pool.map(lambda t: t[0].measure(t[1]),
                                              tests)), "")

    def try_fault(self, fault):
        """The test that saw the fault, '' when none did."""
        path = os.path.join(self.root, fault.file)
        with open(path, encoding="utf-8") as f:
            text = f.read()
        tests, targets = self.fitting([fault])
        try:
            with open(path, "w", encoding="utf-8") as f:
                f.write(fault.apply(text))
            made = self.make(targets)
            if made.returncode != 0:
                raise Error(f"{fault.name} does not compile\n{made.stdout}")
            return self.check(tests)
        finally:
            with open(path, "w", encoding="utf-8") as f:
                f.write(text)


class Work:
    """Faults that are still to be tried, and what became of the others."""

    def __init__(self, faults):
        self.left, self.lock = list(faults), threading.Lock()
        self.killed, self.survived, self.errors = 0, [], []

    def take(self):
        with self.lock:
            return self.left.pop(0) if self.left else None

    def tell(self, fault, by, seconds):
        with self.lock:
            what = f"killed by {by}" if by else "SURVIVED"
            print(f"{seconds:6.1f} s  {fault.name}: {what}", flush=True)
            if by:
                self.killed += 1
            else:
                self.survived.append(fault)

    def run(self, tree):
        while (fault := self.take()) is not None:
            began = time.monotonic()
            try:
                self.tell(fault, tree.try_fault(fault),
                          time.monotonic() - began)
            except Error as error:
                with self.lock:
                    self.errors.append(str(error))
                    print(f"          {error}", flush=True)


def build_whole(tree, faults):
    """Builds all that the faults' tests need, and says which tests these are."""
    tree.build_tests(faults)
    tests, targets = tree.fitting(faults)
    made = tree.make(targets)
    if made.returncode != 0:
        raise Error(made.stdout)
    return tests


def prepare(faults, jobs):
    """Trees to work in.  Without a fault everything passes there: else a kill
    would mean nothing; the trees are alike, so that the first one shows it."""
    processors = len(os.sched_getaffinity(0))
    first = Tree(0, str(processors))
    failed = first.measure_at_once(build_whole(first, faults), jobs)
    if failed:
        raise Error(f"{failed} fails without any fault")
    first.jobs = share = str(max(1, processors // jobs))

    def another(number):
        tree = Tree(number, share)
        build_whole(tree, faults)
        return tree

    with ThreadPoolExecutor(jobs) as pool:
        return [first] + list(pool.map(another, range(1, jobs)))


def try_all(faults, jobs):
    trees = prepare(faults, jobs)
    work = Work(faults)
    threads = [threading.Thread(target=work.run, args=(t,)) for t in trees]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for fault in work.survived:
        print(f"survived: {fault.name} ({fault.place}, {fault.file})")
    if work.errors:
        print(f"{len(work.errors)} could not be tried")
    print(f"{work.killed} killed, {len(work.survived)} survived")
    return 1 if work.survived or work.errors else 0


def main():
    parser = argparse.ArgumentParser(
        prog="./dev mutants", description="Faults that the tests must see.")
    parser.add_argument("--list", action="store_true",
                        help="only list the faults")
    parser.add_argument("--only", metavar="NAME",
                        help="a name, or a regular expression of names")
    parser.add_argument("--jobs", type=int, default=1, metavar="N",
                        help="so many at once, each in a copy of its own")
    options = parser.parse_args()
    try:
        faults = read_lists(options.only)
        if options.list:
            for fault in faults:
                print(f"{fault.name}: {fault.file} [{fault.tests}]")
            print(f"{len(faults)} faults")
            return 0
        return try_all(faults, max(1, options.jobs))
    except Error as error:
        print(f"mutants: {error}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
