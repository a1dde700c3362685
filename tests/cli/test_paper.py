#!/usr/bin/python3
"""The tables of examples/paper.  Usage: test_paper.py PLEATS EXAMPLES/PAPER

Runs run.py on a small setting and reads results.md; both must have the known
formula and bounds, and counts that agree with them.
"""
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "data"))
from harness import Checks, arguments, ended, run  # noqa: E402

FILTERS = 3
SEEDS = 2

# d_1 -> R_N of one layer: 1 + 2d + C(2d, 2) + C(2d, 3) - 2 C(d, 3), as three
# normals of the same window of two inputs are dependent.
FORMULA = [4, 15, 40, 85, 156, 259, 400, 585]

# d_2 -> upper bounds of two layers, computed apart from pleats: conv-aware,
# Serra 2018, Theorem 5.
UPPER = [(220, 228, 220), (795, 817, 880), (2380, 2424, 3135),
         (5927, 6001, 8965), (12740, 12852, 21230), (24475, 24633, 43670),
         (43140, 43352, 80905), (71095, 71369, 138435)]

# d_2 -> bounds of 4-6-2d_2: Hinz 2021 (the best), Serra 2018, Montufar 2017.
CONNECTED = [(226, 228, 228), (805, 817, 912), (2394, 2424, 3249),
             (5945, 6001, 9291), (12762, 12852, 22002), (24501, 24633, 45258),
             (43170, 43352, 83847), (71129, 71369, 143469)]


def tables(text):
    """The rows of numbers of each table."""
    found, was_row = [], False
    for line in text.splitlines():
        cells = line.strip("| ").split(" | ")
        is_row = line.startswith("| ") and all(c.isdigit() for c in cells)
        if is_row and not was_row:
            found.append([])
        if is_row:
            found[-1].append([int(c) for c in cells])
        was_row = is_row
    return found


def one_layer(row):
    d, formula, generic, least, most = row
    expected = FORMULA[d - 1]
    return formula == generic == least == most == expected


def two_layers(row):
    d, parameters, lower, cube, space, least, most, *upper = row
    return (parameters == 6 + 5 * d
            and lower == cube == 8 * (d**3 + d**2 + d + 1)
            and tuple(upper) == UPPER[d - 1]
            and cube <= space <= min(upper)
            and least <= most <= min(upper)
            and lower <= most)  # no theorem, but so for these seeds


def connected(row):
    d, parameters, lower, least, most, *upper = row
    return (parameters == 30 + 14 * d and tuple(upper) == CONNECTED[d - 1]
            and lower <= min(upper) and least <= most <= min(upper))


def per_parameter(line):
    """A row beside a fully connected network: bounds are in order, and the
    convolutions are ahead where the intervals do not meet."""
    own = line.strip("| ").split(" | ")
    lower, upper = float(own[2]), float(own[3])
    other_lower, other_upper = float(own[7]), float(own[8])
    return (lower <= upper and other_lower <= other_upper
            and (own[-1] == "ahead") == (lower > other_upper)
            and abs(float(own[4]) - lower / int(own[1])) < 0.001)


def check_per_parameter(checks, name, text):
    rows = [line for line in text.splitlines() if line.startswith("| `cnn:")]
    checks.add(f"{name}: per parameter, rows", "" if len(rows) >= 7 else
               f"{len(rows)}")
    for row in rows:
        checks.add(f"{name}: per parameter, {row.split()[1]}",
                   "" if per_parameter(row) else row)


def check(checks, name, text, filters):
    check_per_parameter(checks, name, text)
    found = tables(text)
    if len(found) != 3:
        checks.add(name, f"{len(found)} tables instead of 3")
        return
    for holds, rows in zip((one_layer, two_layers, connected), found):
        first = [row[0] for row in rows]
        checks.add(f"{name}: {holds.__name__}, rows",
                   "" if first == list(range(1, filters + 1)) else f"{first}")
        for row in rows:
            checks.add(f"{name}: {holds.__name__}, {row[0]}",
                       "" if holds(row) else f"{row}")


def main():
    options = arguments(paper="the folder examples/paper")
    paper = pathlib.Path(options.paper)
    checks = Checks()
    result = run([sys.executable, "-B", paper / "run.py", options.pleats,
                  "--filters", FILTERS, "--seeds", SEEDS], seconds=240)
    wrong = ended(result, 0)
    checks.add("run.py", wrong)
    if not wrong:
        check(checks, "run.py", result.stdout, FILTERS)
    check(checks, "results.md", (paper / "results.md").read_text(),
          len(FORMULA))
    checks.finish()


if __name__ == "__main__":
    main()
