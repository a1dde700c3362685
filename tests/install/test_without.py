#!/usr/bin/python3
"""The program without pictures and HDF5 says so in one line, writes no such file,
counts, and makes pages.  Usage: test_without.py PLEATS MODEL"""
import json
import pathlib
import subprocess
import sys
import tempfile

PICTURES = ("pictures; write .html, .obj or .ply, or build it with "
            "-DPLEATS_DRAW=ON\n")
HDF5 = "HDF5; write .npz or .jsonl, or build it with -DPLEATS_HDF5=ON\n"


def main():
    pleats, model = (pathlib.Path(name).resolve() for name in sys.argv[1:])
    failed = False
    with tempfile.TemporaryDirectory() as folder:
        report = pathlib.Path(folder) / "report.json"
        run = lambda *words: subprocess.run(  # noqa: E731
            [pleats, *words], cwd=folder, text=True, capture_output=True)
        report.write_text(run("bound", "mlp:2,4,1", "--json").stdout)
        json.loads(report.read_text())
        box = (model, "--box", "-1,1")
        refused = [(PICTURES, run("draw", *box, "-o", "a.svg")),
                   (PICTURES, run("plot", report, "-o", "b.svg")),
                   ("pictures; build it with -DPLEATS_DRAW=ON\n",
                    run("survey", *box, "-o", "d.html")),
                   (HDF5, run("cells", *box, "-o", "c.h5"))]
        for line, done in refused:
            if done.returncode != 3 or done.stdout or \
                    done.stderr.count("\n") != 1 or line not in done.stderr:
                print(done)
                failed = True
        if sorted(path.name for path in pathlib.Path(folder).iterdir()) != \
                ["report.json"]:
            print("a file was written")
            failed = True
        if run("draw", *box, "-o", "a.html").returncode != 0 or b"<html" not in (
                pathlib.Path(folder) / "a.html").read_bytes()[:500]:
            print("a page is not written")
            failed = True
        if run("count", *box).returncode != 0 or run(
                "cells", *box, "-o", "c.npz").returncode != 0:
            print("count or cells fails")
            failed = True
    sys.exit(1 if failed else 0)


main()
