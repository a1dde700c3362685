#!/usr/bin/python3
"""The program without pictures says so in one line, writes no file, and counts.
Usage: test_without_draw.py PLEATS MODEL"""
import json
import pathlib
import subprocess
import sys
import tempfile

LINE = "pictures; build it with -DPLEATS_DRAW=ON\n"


def main():
    pleats, model = (pathlib.Path(name).resolve() for name in sys.argv[1:])
    failed = False
    with tempfile.TemporaryDirectory() as folder:
        report = pathlib.Path(folder) / "report.json"
        run = lambda *words: subprocess.run(  # noqa: E731
            [pleats, *words], cwd=folder, text=True, capture_output=True)
        report.write_text(run("bound", "mlp:2,4,1", "--json").stdout)
        json.loads(report.read_text())
        refused = [run("draw", model, "--box", "-1,1", "-o", "a.svg"),
                   run("draw", model, "--box", "-1,1", "-o", "a.html"),
                   run("plot", report, "-o", "b.svg")]
        for done in refused:
            if done.returncode != 3 or done.stdout or \
                    done.stderr.count("\n") != 1 or LINE not in done.stderr:
                print(done)
                failed = True
        if sorted(path.name for path in pathlib.Path(folder).iterdir()) != \
                ["report.json"]:
            print("a file was written")
            failed = True
        if run("count", model, "--box", "-1,1").returncode != 0:
            print("count fails")
            failed = True
    sys.exit(1 if failed else 0)


main()
