#!/usr/bin/python3
"""Files as people have them, in a folder of small networks with expected.json:
what each must come to, rows x and another runtime's outputs y.

Usage: test_cases.py PLEATS FOLDER"""
import json
import pathlib
import re
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "data"))
from harness import Checks, arguments, ended, refused, run

TOLERANCE = 1e-5

# What a refusal has to name, beyond the words of the file.
WORDS = {
    "refused: BatchNormalization in training mode": ["BatchNormalization",
                                                     "training"],
    "refused: product of two variables": ["Mul", "two variable"],
    "refused: jumps": ["Hardmax|continuous"],
    "refused: infinite weight": ["infinit|finite"],
    "refused: sizes do not fit": ["fit|broadcast|size"],
    "refused: product with a smooth function": ["Exp|Mul"],
    "refused: x^2": ["Pow"],
    "refused: a Git LFS pointer, and says so": ["LFS"],
}
ROWS_SAID = "rows|batch"


def close(got, want):
    """"" when all rows agree to TOLERANCE of the largest entry."""
    if len(got) != len(want):
        return f"{len(got)} rows instead of {len(want)}"
    for i, (row, wanted) in enumerate(zip(got, want)):
        if len(row) != len(wanted):
            return f"row {i} has {len(row)} numbers, not {len(wanted)}"
        size = max([abs(v) for v in wanted] + [1e-300])
        for a, b in zip(row, wanted):
            if not abs(a - b) <= TOLERANCE * max(size, 1e-30):
                return f"row {i}: {row[:8]} instead of {wanted[:8]}"
    return ""


def evaluate(options, path, entry, args):
    """Loads the file and compares its values where there are any."""
    if "x" not in entry:
        return ended(run([options.pleats, "info", path, *args]), 0)
    with tempfile.NamedTemporaryFile("w", suffix=".json") as rows:
        json.dump({"x": entry["x"]}, rows)
        rows.flush()
        result = run([options.pleats, "eval", path, "--input", rows.name,
                      "--json", *args])
    return ended(result, 0) or close(json.loads(result.stdout)["outputs"],
                                     entry["y"])


def check_rows(options, path, entry):
    """A batch of several rows: counted jointly, and says so."""
    wrong = evaluate(options, path, entry, [])
    said = run([options.pleats, "info", path])
    if not wrong and not re.search(ROWS_SAID, said.stdout + said.stderr, re.I):
        wrong = "does not say that rows are counted jointly"
    if not wrong:
        width = len(entry["x"][0]) // {"batch_fixed2": 2,
                                       "keras_batch3": 3}[path.stem]
        wrong = ended(run([options.pleats, "info", path, "--shape",
                           f"1,{width}"]), 0)
        wrong = wrong and f"--shape with a batch of 1: {wrong}"
    return wrong


def main():
    options = arguments(folder="folder with expected.json")
    folder = pathlib.Path(options.folder)
    expected = json.loads((folder / "expected.json").read_text())

    def check(name):
        entry, path = expected[name], folder / name
        want = entry["want"]
        if want.startswith("refused"):
            result = run([options.pleats, "info", path])
            return name, refused(result, WORDS[want])
        if want.startswith("loads; says"):
            return name, check_rows(options, path, entry)
        logits = ["--logits"] if "--logits" in want else []
        return name, evaluate(options, path, entry, logits)

    checks = Checks()
    checks.each(check, [n for n in sorted(expected) if options.only in n])
    checks.finish()


if __name__ == "__main__":
    main()
