#!/usr/bin/python3
"""Files that verbs write: links, modes, devices, pipes, standard output, two at
once, interrupts; and that no control character of a name reaches a terminal.
Usage: test_outputs.py PLEATS EXAMPLES"""
import io
import json
import os
import pathlib
import re
import signal
import stat
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "data"))
from harness import Checks, arguments, ended, refused, run  # noqa: E402
import numpy as np  # noqa: E402

# Each verb that writes, @ being the file: (name, end, arguments, how it begins).
WRITERS = [
    ("draw svg", ".svg", ["draw", "MOONS", "--box", "-1,1", "-o", "@"],
     b"<?xml"),
    ("draw pdf", ".pdf", ["draw", "MOONS", "--box", "-1,1", "-o", "@"],
     b"%PDF"),
    ("draw png", ".png", ["draw", "MOONS", "--box", "-1,1", "-o", "@"],
     b"\x89PNG"),
    ("draw html", ".html", ["draw", "MOONS", "--box", "-1,1", "-o", "@"],
     b"<!DOCTYPE"),
    ("draw obj", ".obj", ["draw", "SOLID", "--box", "-1,1", "--level", "0.1",
                          "-o", "@"], b"# "),
    ("draw ply", ".ply", ["draw", "SOLID", "--box", "-1,1", "--level", "0.1",
                          "-o", "@"], b"ply\n"),
    ("plot", ".svg", ["plot", "REPORT", "-o", "@"], b"<?xml"),
    ("make", ".onnx", ["make", "mlp:2,3,1", "-o", "@"], b"\x08"),
    ("search", ".onnx", ["search", "mlp:1,2,1", "--starts", "1", "-o", "@"],
     b"\x08"),
    ("cells jsonl", ".jsonl", ["cells", "MOONS", "--box", "-1,1", "-o", "@"],
     b'{"schema"'),
    ("cells npz", ".npz", ["cells", "MOONS", "--box", "-1,1", "-o", "@"],
     b"PK"),
    ("walk json", ".json", ["walk", "MOONS", "--point", "0.1,0.2", "--box",
                            "-1,1", "--out", "@"], b"{"),
    ("walk graphml", ".graphml", ["walk", "MOONS", "--point", "0.1,0.2",
                                  "--box", "-1,1", "--out", "@"], b"<?xml"),
    ("mean", ".csv", ["mean", "mlp:2,3,1", "--trials", "3", "--csv", "@"],
     b"trial,"),
    ("local", ".npz", ["local", "MOONS", "--point", "0.1,0.2", "--box", "-1,1",
                       "--map", "@"], b"PK"),
]
LONG = {"draw": ["draw", "DEEP", "--box", "-8,8", "-o", "@"],
        "walk": ["walk", "BIG", "--point", "0.1,0.2", "--box", "-1,1",
                 "--max-regions", "0", "--out", "@"],
        "mean": ["mean", "mlp:2,60,60,1", "--box", "-1,1", "--trials",
                 "10000", "--csv", "@"]}
ENDS = {"draw": ".svg", "walk": ".json", "mean": ".csv"}


class Place:
    """The program, and a folder with what it needs."""

    def __init__(self, options, folder):
        self.pleats = pathlib.Path(options.pleats).resolve()
        self.is_sanitized = options.no_memory_limit
        self.folder = folder
        self.work = folder / "work"
        self.work.mkdir()
        self.names = {
            "MOONS": pathlib.Path(options.examples).resolve() / "moons.onnx",
            "SOLID": folder / "solid.onnx", "BIG": folder / "big.onnx",
            "DEEP": folder / "deep.onnx",
            "REPORT": folder / "report.json"}
        self("make", "mlp:3,5,1", "-o", self.names["SOLID"], "--seed", "2")
        self("make", "mlp:2,200,200,1", "-o", self.names["BIG"])
        self("make", "mlp:2,300,300,300,1", "-o", self.names["DEEP"])
        self.names["REPORT"].write_text(self(
            "compare", "mlp:2,3,1", "mlp:2,5,1", "--json").stdout)

    def command(self, args, path="@"):
        return [str(self.pleats)] + [
            str(path) if a == "@" else str(self.names.get(a, a)) for a in args]

    def __call__(self, *args, path="@"):
        return run(self.command(args, path), 60)

    def raw(self, args, path, **how):
        return subprocess.run(self.command(args, path), capture_output=True,
                              timeout=60, **how)

    def left(self):
        return sorted(p.name for p in self.work.iterdir())

    def clean(self):
        for path in self.work.iterdir():
            path.unlink()


def check_writer(checks, place, name, end, args, start):
    path = place.work / f"out{end}"

    def expect(what, wrong, *names):
        if not wrong and place.left() != sorted(names):
            wrong = f"the folder has {place.left()}"
        checks.add(f"{name}: {what}", wrong)
        place.clean()

    def written(file):
        data = file.read_bytes()
        return "" if data.startswith(start) else f"begins by {data[:20]}"

    def call(target):
        return ended(place(*args, path=target), 0)

    expect("a new file", call(path) or written(path), path.name)
    path.write_text("old")
    path.chmod(0o640)
    wrong = call(path) or written(path)
    if not wrong and stat.S_IMODE(path.stat().st_mode) != 0o640:
        wrong = f"mode {path.stat().st_mode:o}"
    expect("the old file's mode", wrong, path.name)
    target, link = place.work / f"target{end}", place.work / f"link{end}"
    target.write_text("old")
    link.symlink_to(target.name)
    wrong = call(link) or written(target)
    if not wrong and not link.is_symlink():
        wrong = "the link is gone"
    expect("through a link", wrong, link.name, target.name)
    os.mkfifo(path)
    with open(place.folder / "read", "wb") as file:
        reader = subprocess.Popen(["cat", path], stdout=file)
    wrong = call(path)
    reader.wait(60)
    data = (place.folder / "read").read_bytes()
    if not wrong and not data.startswith(start):
        wrong = f"the pipe had {data[:20]}"
    if not wrong and not stat.S_ISFIFO(path.stat().st_mode):
        wrong = "the pipe is gone"
    expect("a pipe", wrong, path.name)
    for bad in (place.work / "none" / f"x{end}", place.work / f"dir{end}"):
        if bad.parent == place.work:
            bad.mkdir()
        wrong = refused(place(*args, path=bad), ["cannot write"], 1)
        if bad.is_dir():
            bad.rmdir()
        expect(f"an unwritable path ({bad.name})", wrong)
    result = place.raw(args, "-")
    wrong = ended(result, 0)
    kind = {"draw pdf": b"<?xml", "draw png": b"<?xml", "draw html": b"<?xml",
            "draw obj": None, "draw ply": None,
            "walk graphml": b"{", "cells npz": b"{"}.get(name, start)
    if kind and not wrong and not result.stdout.startswith(kind):
        wrong = f"{result.stdout[:30]}"
    if kind:
        expect("standard output", wrong)
        with open(place.work / "redirected", "wb") as file:
            file.write(b"before\n")
            file.flush()
            subprocess.run(place.command(args, "/dev/stdout"), stdout=file,
                           timeout=60, check=False)
        data = (place.work / "redirected").read_bytes()
        expect("/dev/stdout, a file", "" if data.startswith(
            b"before\n" + kind) else f"{data[:30]}", "redirected")
        wrong = refused(place(*args, "--json", path="-"), ["--json"], 2)
        expect("standard output and --json", wrong)


def check_at_once(checks, place):
    """An unwritable path is told before the work."""
    for verb, args in LONG.items():
        start = time.monotonic()
        result = place(*args, path=place.work / "none" / f"x{ENDS[verb]}")
        wrong = refused(result, ["cannot write"], 1)
        seconds = time.monotonic() - start
        checks.add(f"{verb}: an unwritable path at once",
                   wrong or ("" if seconds < 5 else f"after {seconds:.1f} s"))


def check_without_proc(checks, place):
    """A chroot may have no /proc: files are written there all the same.  Only
    AddressSanitizer's own search for leaks needs it, and its options, too."""
    if place.is_sanitized:
        print("AddressSanitizer needs /proc: writing without it is not tried")
        return
    alone = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c",
             'mount -t tmpfs none /proc && exec "$@"', "sh"]
    if subprocess.run(alone + ["true"], capture_output=True).returncode:
        print("/proc cannot be hidden here: writing without it is not tried")
        return
    path = place.work / "net.onnx"
    for what in ("a new file", "an old one"):
        result = run(alone + place.command(["make", "mlp:2,3,1", "-o", "@"],
                                           path), 60)
        checks.add(f"without /proc: {what}", ended(result, 0) or (
            "" if place.left() == [path.name] else f"left: {place.left()}"))
    place.clean()


def is_whole(verb, text):
    """Whether the file of a verb ends as one that was written to its end."""
    if verb == "draw":
        return text.startswith("<?xml") and text.rstrip().endswith("</svg>")
    if verb == "walk":
        try:
            return "nodes" in json.loads(text)
        except ValueError:
            return False
    lines = text.split("\n")
    return (lines[0] == "trial,seed,regions,label" and lines[-1] == "" and
            all(line.count(",") == 3 for line in lines[:-1]))


def check_interrupts(checks, place):
    """The old file stays, or what there is so far is a whole one; nothing else
    is left.  A process that is killed may have written it a moment before."""
    for verb, args in LONG.items():
        for number, times in ((signal.SIGINT, 1), (signal.SIGTERM, 2),
                              (signal.SIGKILL, 1)):
            path = place.work / f"out{ENDS[verb]}"
            path.write_text("old")
            process = subprocess.Popen(
                place.command(args, path), stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL)
            time.sleep(0.5)
            for _ in range(times):
                process.send_signal(number)
                time.sleep(0.01)
            process.wait(60)
            wrong = ""
            if place.left() != [path.name]:
                wrong = f"left: {place.left()}"
            elif path.read_text() != "old" and (
                    number == signal.SIGKILL or
                    not is_whole(verb, path.read_text())):
                wrong = "the old file is gone"
            elif process.returncode == 0:
                wrong = "it came to its end"
            checks.add(f"{verb}: {number.name}, {times}", wrong)
            place.clean()


def check_two(checks, place):
    """Two at once: the file is of one of them."""
    args = ["walk", "MOONS", "--point", "0.1,0.2", "--box", "-1,1",
            "--max-regions", "0", "--out", "@"]
    path = place.work / "out.json"
    wrong = ""
    for _ in range(4):
        both = [subprocess.Popen(place.command(args, path),
                                 stdout=subprocess.DEVNULL) for _ in range(3)]
        codes = [p.wait(60) for p in both]
        nodes = json.loads(path.read_text())["nodes"]
        if any(codes) or len(nodes) != 185 or place.left() != [path.name]:
            wrong = f"{codes}, {len(nodes)} nodes, {place.left()}"
    checks.add("walk: three at once", wrong)
    place.clean()


def check_numbers(checks, place):
    """What goes to standard output is the same file."""
    result = place.raw(WRITERS[-1][2], "-")
    arrays = np.load(io.BytesIO(result.stdout))
    checks.add("local: arrays on standard output",
               "" if arrays["A"].shape == (1, 2) else str(arrays["A"].shape))


# ---- what a terminal may see ----

NASTY = "n\x1b[31m\x07\u009b31m\u202e\u2066\u200f\u061c\u2028\x7f.onnx"
FORBIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f"
                       "\u2028-\u202e\u2066-\u2069]")


def check_plain(checks, place):
    path = place.work / NASTY
    line = place.work / "new\nline.onnx"
    raw = os.fsencode(place.work) + b"/\x9b31m.onnx"
    for target in (path, line, raw):
        with open(target, "wb") as file:
            file.write(place.names["MOONS"].read_bytes())
    for args in (["info", "@"], ["info", "@", "--json"],
                 ["count", "@", "--box", "-1,1"],
                 ["count", "@", "--box", "-1,1", "--json"],
                 ["count", "MOONS", "--vnnlib", "@"],
                 ["count", "MOONS", "--box", "@"],
                 ["count", "MOONS", "--ball", "1", "--at", "@"],
                 ["info", "@", "@"], ["info", "--@"], ["@"],
                 ["draw", "@", "--box", "-1,1", "-o", "@"],
                 ["draw", "MOONS", "--box", "-1,1", "-o", "@"],
                 ["draw", "MOONS", "--box", "-1,1", "--colour", "@"],
                 ["bound", "mlp:@"], ["eval", "@", "--input", "@"],
                 ["local", "@", "--point", "0,0.1", "--box", "-1,1"],
                 ["walk", "@", "--point", "@"], ["plot", "@", "-o", "x.svg"],
                 ["mean", "@", "--trials", "2", "--csv", "@"]):
        for target in (str(path), raw, str(line)):
            result = subprocess.run(
                [place.pleats, *(os.fsencode(str(place.names.get(a, a))).replace(
                    b"@", os.fsencode(target)) for a in args)],
                capture_output=True, timeout=60, cwd=place.folder)
            for out in (result.stdout, result.stderr):
                wrong = ""
                try:
                    found = FORBIDDEN.search(out.decode())
                    wrong = repr(out[:300]) if found else ""
                except UnicodeDecodeError:
                    wrong = f"no UTF-8: {out[:300]}"
                # An unknown option is shown by argp, on lines as they are.
                if not wrong and args[1:] != ["--@"] and re.search(
                        rb"(?m)^line\.onnx", out):
                    wrong = f"a name breaks its line: {out[:300]}"
                if "--json" in args and out is result.stdout and not wrong:
                    answer = json.loads(out)
                    if target == str(path) and "@" == args[1] and answer[
                            "model"]["path"] != target:
                        wrong = f"path {answer['model']['path']!r}"
                name = " ".join(args)
                checks.add(f"plain: {name}", wrong)
    place.clean()


def main():
    options = arguments(examples="folder of the example networks")
    checks = Checks()
    with tempfile.TemporaryDirectory() as top:
        place = Place(options, pathlib.Path(top))
        for writer in WRITERS:
            if options.only in writer[0]:
                check_writer(checks, place, *writer)
        check_at_once(checks, place)
        check_without_proc(checks, place)
        check_interrupts(checks, place)
        check_two(checks, place)
        check_numbers(checks, place)
        check_plain(checks, place)
    checks.finish()


if __name__ == "__main__":
    main()
