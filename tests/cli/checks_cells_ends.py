"""Cells on disk: what a limit, a signal or a full disk leaves, paths, streams and
memory."""
import io
import json
import pathlib
import re
import signal
import subprocess
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "data"))
from harness import ended, refused, run  # noqa: E402
import h5py  # noqa: E402
import numpy as np  # noqa: E402
from cells_read import ALL, Cells  # noqa: E402


def is_partial(cells, stopped):
    """What of a partial file is wrong."""
    facts, shown = cells.facts, {}
    want = {"complete": 0, "label": "lower", "stopped": stopped}
    shown = {k: facts[k] for k in want if facts[k] != want[k]}
    if shown:
        return f"it says {shown}"
    if len(cells) < 1 or any(len(c) != len(cells)
                             for c in cells.columns.values()):
        return f"{len(cells)} regions, {[len(c) for c in cells.columns.values()]}"
    if len(np.unique(cells.columns["pattern"], axis=0)) != len(cells):
        return "patterns are there twice"
    return ""


def long_run(place, path, seconds, number, *args):
    """Sends a signal to a run without an end; how it ended."""
    process = subprocess.Popen(
        [place.pleats, "cells", *args, "-o", path], stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True)
    time.sleep(seconds)
    process.send_signal(number)
    out, err = process.communicate(timeout=100)
    return subprocess.CompletedProcess([], process.returncode, out, err)


def check_full_archive(place, checks):
    """Maps of 720 kB each: an archive of 256 MiB has no more than 372 of them."""
    net = place.folder / "maps.onnx"
    place("make", "mlp:300,12,300", "-o", net)
    result = place("cells", net, "--box", "-1,1", "--fields", "map", "-o",
                   place.work / "cells.npz", "--json")
    wrong = ended(result, 4)
    if not wrong:
        answer = json.loads(result.stdout)
        size = (place.work / "cells.npz").stat().st_size
        if (answer["stopped"], answer["complete"]) != ("memory limit", False
                ) or "256 MiB" not in answer["remarks"][0] or not (
                    250 << 20) < size < (257 << 20):
            wrong = f"{size} bytes, {answer}"
        else:
            with np.load(place.work / "cells.npz") as file:
                facts, n = json.loads(file["attributes"].item()), len(file["b"])
            wrong = "" if (facts["regions"], facts["complete"]) == (
                n, False) else f"{n} rows, {facts}"
    checks.add("a full archive", wrong)
    place.clean()


def check_limits(place, checks):
    bars = place.examples / "bars.onnx"
    for end in (".h5", ".npz", ".jsonl"):
        cells, wrong = place.cells(bars, "--box", "0,1", "--max-cells", "100",
                                   code=4, end=end)
        wrong = wrong or is_partial(cells, "cell limit")
        checks.add(f"{end}: --max-cells", wrong)
    if not place.is_sanitized:
        check_full_archive(place, checks)
    cells, wrong = place.cells(bars, "--box", "0,1", "--time-limit", "1",
                               code=4)
    checks.add("--time-limit", wrong or is_partial(cells, "time limit"))
    place.clean()
    path = place.work / "cells.h5"
    path.write_text("old")
    for number in (signal.SIGINT, signal.SIGTERM):
        wrong = ended(long_run(place, path, 2, number, bars, "--box", "0,1"),
                      4) or is_partial(Cells(path), "interrupt")
        if not wrong and place.left() != [path.name]:
            wrong = f"left: {place.left()}"
        checks.add(f"{number.name}", wrong)
    place.clean()


def check_killed(place, checks):
    """The old file stays, and beside it is what there was so far.  Exact
    programmes are so slow that a block is written before it is full."""
    slow = 4 if place.is_sanitized else 1
    path, net = place.work / "cells.h5", place.folder / "slow.onnx"
    place("make", "mlp:12,30,30,1", "-o", net)
    for name, args in (("cells that come fast",
                        [place.examples / "bars.onnx", "--box", "0,1"]),
                       ("cells that come slowly",
                        [net, "--box", "-1,1", "--paranoid"])):
        path.write_text("old")
        long_run(place, path, 9 * slow, signal.SIGKILL, *args)
        parts = [p for p in place.work.iterdir() if p != path]
        wrong = ""
        if path.read_text() != "old" or len(parts) != 1 or not parts[
                0].name.startswith("cells.h5.") or parts[0].suffix != ".part":
            wrong = f"left: {place.left()}"
        else:
            target = parts[0].rename(place.work / "part.h5")
            wrong = is_partial(Cells(target), "unfinished")
        checks.add(f"killed: {name}", wrong)
        place.clean()


def check_full_disk(place, checks):
    """A file that may not grow: one line, no crash, nothing left."""
    for end in (".h5", ".npz", ".jsonl"):
        path = place.work / f"cells{end}"
        result = run(["prlimit", "--fsize=100000", "--", place.pleats, "cells",
                      place.examples / "bars.onnx", "--box", "0,1",
                      "--max-cells", "6000", "-o", path], 100,
                     restore_signals=False)
        wrong = refused(result, ["cannot write .*: File too large"], 1)
        if not wrong and place.left():
            wrong = f"left: {place.left()}"
        checks.add(f"{end}: a full disk", wrong)
        place.clean()


# ---- where it goes ----

def check_paths(place, checks):
    moons = place.examples / "moons.onnx"
    bars = place.examples / "bars.onnx"
    box = ["--box", "-1,1"]

    def usage(name, words, *args):
        checks.add(name, refused(place("cells", *args), words, 2))

    usage("no file", ["--out FILE is missing"], moons, *box)
    usage("another end", [r"x\.txt.*\.h5.*--format"], moons, *box, "-o",
          place.work / "x.txt")
    usage("another format", ["--format hdf: .*h5, npz, jsonl"], moons, "-o",
          "x.h5", "--format", "hdf")
    usage("another field", ["--fields pattern,x: .*map"], moons, "-o", "x.h5",
          "--fields", "pattern,x")
    usage("no field", ["--fields : .*map"], moons, "-o", "x.h5", "--fields",
          "")
    usage("two answers", ["--json"], moons, *box, "-o", "-", "--json")
    for path in (place.work / "none" / "x.h5", place.work):
        start = time.monotonic()
        wrong = refused(place("cells", bars, "--box", "0,1", "--format", "h5",
                              "-o", path), ["cannot write"], 1)
        seconds = time.monotonic() - start
        checks.add(f"a path that cannot be written ({path.name})", wrong or (
            "" if seconds < 5 else f"after {seconds:.0f} s"))
    checks.add("HDF5 to standard output", refused(
        place("cells", moons, *box, "--format", "h5", "-o", "-"),
        ["regular files", "JSON lines"]))
    path = place.work / "x.h5"
    path.write_text("old")
    wrong = refused(place("cells", moons, "--box", "1,-1", "--vnnlib", "none",
                          "-o", path), ["one domain"], 2)
    if not wrong and path.read_text() != "old":
        wrong = "the old file is gone"
    checks.add("the old file after wrong usage", wrong)
    place.clean()


def check_streams(place, checks):
    moons = place.examples / "moons.onnx"
    box = ["--box", "-1,1", "--threads", "1"]
    result = place("cells", moons, *box, "-o", "-")
    path = place.work / "lines.jsonl"
    path.write_text(result.stdout)
    cells, wrong = place.cells(moons, *box, end=".jsonl")
    if not wrong and path.read_bytes() != (place.work /
                                           "cells.jsonl").read_bytes():
        wrong = "not the lines of the file"
    checks.add("lines to standard output", ended(result, 0) or wrong)
    raw = subprocess.run([place.pleats, "cells", moons, *box, "--format",
                          "npz", "-o", "-"], capture_output=True, timeout=60)
    with np.load(io.BytesIO(raw.stdout)) as file:
        wrong = "" if len(file["pattern"]) == 185 else "not 185 regions"
    checks.add("npz to standard output", wrong)
    process = subprocess.Popen(
        [place.pleats, "cells", place.examples / "bars.onnx", "--box", "0,1",
         "-o", "-"], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    process.stdout.readline()
    process.stdout.close()
    err = process.stderr.read().decode()
    process.wait(60)
    checks.add("a reader that goes away", "" if process.returncode == 1 and
               "Broken pipe" in err else f"{process.returncode}: {err}")
    result = place("cells", moons, *box, "--json", "-o", place.work / "x.data",
                   "--format", "npz", "--fields", "map,point")
    wrong = ended(result, 0)
    if not wrong:
        answer = json.loads(result.stdout)
        with np.load(place.work / "x.data") as file:
            names = set(file)
        if (answer["regions"], answer["label"], answer["fields"],
            answer["complete"], answer["stopped"]) != (
                "185", "exact", ["point", "map"], True, None) or names != {
                    "point", "is_inside", "a", "b", "n_pieces", "attributes"}:
            wrong = f"{answer} {names}"
    checks.add("--json, --format, --fields", wrong)
    place.clean()


def check_memory(place, checks):
    """Whole programs below 60 MiB; ten times the cells take no more."""
    net = place.folder / "wide.onnx"
    place("make", "mlp:2,80,80,1", "-o", net, "--seed", "3")
    peaks = []
    for cells in ("2000", "20000"):
        process = subprocess.Popen(
            [place.pleats, "cells", net, "--fields", ALL, "--threads", "2",
             "--max-cells", cells, "-o", place.work / "m.h5"],
            stdout=subprocess.DEVNULL)
        peak = 0
        while process.poll() is None:
            status = pathlib.Path(f"/proc/{process.pid}/status").read_text()
            found = re.search(r"VmHWM:\s*(\d+)", status)
            peak = int(found[1]) if found and "pleats" in status else peak
            time.sleep(0.01)
        peaks.append(peak)
        with h5py.File(place.work / "m.h5") as file:
            n = int(file.attrs["regions"])
        if process.returncode not in (0, 4) or n < int(cells) // 2:
            checks.add("memory", f"exit {process.returncode}, {n} regions")
            return
    wrong = "" if peaks[1] < 60 << 10 and peaks[1] < peaks[0] + (
        4 << 10) and peaks[0] else f"{peaks} KiB"
    checks.add("memory", "" if place.is_sanitized else wrong)
    place.clean()
