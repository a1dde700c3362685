#!/usr/bin/python3
"""How far apart the best upper and lower bounds of small architectures are.

    bounds.py PLEATS [OTHER]     a Markdown table; with OTHER, an older program
                                 before PLEATS

Reads bounds_specs.txt.  Last come the geometric means of upper / lower; a
missing lower bound counts as 1, which every network has."""
import json
import math
import pathlib
import subprocess
import sys

sys.set_int_max_str_digits(0)
SPECS = pathlib.Path(__file__).resolve().parent / "bounds_specs.txt"


def specs():
    lines = SPECS.read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def best(program, spec):
    """(upper, lower), integers."""
    answer = subprocess.run([program, "bound", spec, "--json"],
                            capture_output=True, text=True, check=True)
    result = json.loads(answer.stdout)
    return int(result["best_upper"]), int(result["best_lower"] or 1)


def log10(number):
    digits = str(number)
    return math.log10(float("0." + digits[:17])) + len(digits)


def shown(number):
    return str(number) if number < 10**9 else f"10^{log10(number):.2f}"


def main():
    programs = sys.argv[1:][::-1]
    if not programs:
        raise SystemExit(__doc__)
    names = ["before", "now"] if len(programs) > 1 else ["now"]
    columns = [f"{side}, {name}" for name in names
               for side in ("lower", "upper")]
    print("| spec |", " | ".join(columns), "|")
    print("| --- " * (1 + len(columns)) + "|")
    sums = [0.0] * len(programs)
    for spec in specs():
        cells = []
        for i, program in enumerate(programs):
            upper, lower = best(program, spec)
            sums[i] += log10(upper) - log10(lower)
            cells += [shown(lower), shown(upper)]
        print(f"| `{spec}` |", " | ".join(cells), "|")
    means = [10 ** (s / len(specs())) for s in sums]
    print("\nGeometric mean of upper / lower:",
          ", ".join(f"{mean:.4g} {name}"
                    for mean, name in zip(means, names)))


if __name__ == "__main__":
    main()
