#!/usr/bin/python3
"""Draws how cost grows, from the JSON of `./dev bench --scaling`.
Usage: plot.py FILE.json OUTPUT.svg; needs Debian's python3-matplotlib."""
import json
import pathlib
import sys

import matplotlib

matplotlib.use("svg")
import matplotlib.pyplot as plt  # noqa: E402

LABELS = {"regions": "regions", "units": "units in a hidden layer",
          "dimension": "inputs", "depth": "hidden layers",
          "threads": "threads"}
LINEAR = {"dimension", "depth", "threads"}


def series_of(results):
    found = {}
    for r in results:
        if r["series"] and "failed" not in r["ours"] and r["ours"]["complete"]:
            found.setdefault(r["series"], []).append(r)
    return found


def draw(axes, name, results):
    x = [int(r["ours"]["regions"]) if name == "regions" else r["x"]
         for r in results]
    axes.plot(x, [r["ours"]["seconds"] for r in results], "o-",
              label="seconds")
    if name != "threads":
        axes.plot(x, [1e6 * r["ours"]["seconds"] / int(r["ours"]["regions"])
                      for r in results], "s--",
                  label="microseconds a region")
    axes.set_xscale("linear" if name in LINEAR else "log")
    axes.set_yscale("log")
    axes.set_xlabel(LABELS[name])
    axes.grid(alpha=0.3)
    axes.legend()


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    report = json.loads(pathlib.Path(sys.argv[1]).read_text())
    series = series_of(report["results"])
    if not series:
        sys.exit("no series in the file: run ./dev bench --scaling")
    figure, panels = plt.subplots(1, len(series), squeeze=False,
                                  figsize=(4 * len(series), 3.5))
    for axes, (name, results) in zip(panels[0], series.items()):
        draw(axes, name, results)
    figure.tight_layout()
    figure.savefig(sys.argv[2])


if __name__ == "__main__":
    main()
