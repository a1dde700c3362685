#!/usr/bin/python3
"""Compares the share of lines that the tests ran, by folder of src, with the least
that is asked for.  Usage: coverage.py SUMMARY FLOORS

SUMMARY is gcovr's --json-summary; FLOORS has a folder and a percentage a line."""
import collections
import json
import pathlib
import sys


def measured(summary):
    """{folder: (lines that ran, lines)}"""
    found = collections.defaultdict(lambda: (0, 0))
    for entry in json.loads(summary.read_text())["files"]:
        parts = pathlib.PurePath(entry["filename"]).parts
        if parts[0] != "src":
            continue
        ran, lines = found[parts[1]]
        found[parts[1]] = (ran + entry["line_covered"],
                           lines + entry["line_total"])
    return found


def read_floors(path):
    rows = [line.split() for line in path.read_text().splitlines()
            if line.strip() and not line.startswith("#")]
    return {folder: float(percent) for folder, percent in rows}


def main(summary, path):
    found, floors = measured(pathlib.Path(summary)), read_floors(
        pathlib.Path(path))
    wrong = [f"{folder} has no floor in {path}"
             for folder in sorted(set(found) - set(floors))]
    wrong += [f"{folder} has a floor and no lines"
              for folder in sorted(set(floors) - set(found))]
    for folder, (ran, lines) in sorted(found.items()):
        share = 100 * ran / lines
        print(f"{folder:12} {ran:6} of {lines:6} lines  {share:5.1f} %")
        if folder in floors and share < floors[folder]:
            wrong.append(f"{folder}: {share:.1f} % of the lines ran, not "
                         f"{floors[folder]:g} %")
    for line in wrong:
        print(f"FAIL {line}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
