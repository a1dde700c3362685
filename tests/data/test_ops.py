#!/usr/bin/python3
"""Evaluates every network of the operator corpus and compares with the
expected rows.  Usage: test_ops.py PLEATS OPS_FOLDER"""
import json
import pathlib

from harness import Checks, arguments, ended, run


def compare(got, expected, tolerance):
    """"" when every row agrees, relative to the row's largest entry."""
    if len(got) != len(expected):
        return f"{len(got)} rows instead of {len(expected)}"
    for i, (row, want) in enumerate(zip(got, expected)):
        if len(row) != len(want):
            return f"row {i} has {len(row)} numbers instead of {len(want)}"
        scale = max(map(abs, want), default=0) or 1.0
        worst = max((abs(a - b) for a, b in zip(row, want)), default=0.0)
        if not worst <= tolerance * scale:
            return (f"row {i} is off by {worst / scale:.1e}: {row} instead "
                    f"of {want}")
    return ""


def main():
    options = arguments(ops="folder with NAME.onnx and NAME.json")

    def check(path):
        expected = json.loads(path.read_text())
        result = run([options.pleats, "eval", path.with_suffix(".onnx"),
                      "--input", path, "--json", *expected.get("args", [])])
        wrong = ended(result, 0)
        if not wrong:
            answer = json.loads(result.stdout)
            wrong = compare(answer["outputs"], expected["y"],
                            expected["tolerance"])
            rounded = answer["rounded_parameters"]
            if not wrong and rounded != expected.get("rounded", rounded):
                wrong = f"{rounded} rounded parameters"
        return path.stem, wrong

    checks = Checks()
    checks.each(check, [p for p in sorted(pathlib.Path(options.ops).glob(
        "*.json")) if options.only in p.stem])
    checks.finish()


if __name__ == "__main__":
    main()
