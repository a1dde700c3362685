#!/usr/bin/python3
"""Looks for better networks and takes those that it finds into the table: by
`pleats search`, and among the constructions of `pleats make`.

    improve.py PLEATS [--seconds S] [--seed N] [--what regions|pieces] [SPEC...]

Without a SPEC, all of the table and of specs.txt.  A network that beats the
table's number becomes the row's witness."""
import argparse
import json
import pathlib
import subprocess
import tempfile

import table


def search(pleats, spec, options):
    """(number, path of the witness) that a search finds, or (0, None)."""
    out = pathlib.Path(tempfile.mkdtemp()) / "best.onnx"
    answer = subprocess.run(
        [pleats, "search", spec, "--what", options.what, "--seed",
         str(options.seed), "--starts", "1000000", "--time-limit",
         str(options.seconds), "-o", out, "--json"],
        capture_output=True, text=True, check=False)
    if answer.returncode not in (0, 4):
        raise SystemExit(f"{spec}: {answer.stderr.strip()}")
    best = json.loads(answer.stdout)["best"]
    return (int(best), out) if best else (0, None)


def construct(pleats, spec, options):
    """(number, path) of the best construction that can be counted."""
    best = (0, None)
    for name in ("folds", "serra", "montufar", "xiong"):
        out = pathlib.Path(tempfile.mkdtemp()) / "made.onnx"
        made = subprocess.run([pleats, "make", spec, "--construction", name,
                               "-o", out], capture_output=True, check=False)
        if made.returncode != 0:
            continue
        answer = subprocess.run(
            [pleats, "count", out, "--what", options.what, "--time-limit",
             str(options.seconds), "--json"],
            capture_output=True, text=True, check=False)
        result = json.loads(answer.stdout) if answer.returncode == 0 else None
        if result and int(result[options.what]) > best[0]:
            best = (int(result[options.what]), out)
    return best


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("pleats")
    parser.add_argument("spec", nargs="*")
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--what", choices=["regions", "pieces"],
                        default="regions")
    options = parser.parse_intermixed_args()
    rows = table.read()
    table.refresh(options.pleats, rows)
    table.write(rows)
    specs = options.spec or table.all_specs(rows)
    for spec in specs:
        row = rows.get((spec, options.what))
        if row and row["label"] == "exact":
            continue
        number, witness = max(search(options.pleats, spec, options),
                              construct(options.pleats, spec, options),
                              key=lambda found: found[0])
        if number > (int(row["number"]) if row else 0):
            rows[spec, options.what] = table.take(
                options.pleats, spec, options.what, number, witness)
            table.write(rows)
            print(spec, options.what, number, flush=True)


if __name__ == "__main__":
    main()
