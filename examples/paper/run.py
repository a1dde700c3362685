#!/usr/bin/python3
"""The two experiments of Xiong et al., ICML 2020, with exact numbers.

Writes markdown tables to stdout; README.md explains them.  Needs nothing but
the program:  examples/paper/run.py [build/pleats] > results.md
"""
import argparse
import json
import pathlib
import subprocess
import sys
import tempfile

ONE_LAYER = "cnn:in=1x3/conv={d}@2/relu"
TWO_LAYERS = "cnn:in=1x4/conv=2@2/relu/conv={d}@2/relu"
CONNECTED = "cnn:in=4/fc=6/relu/fc={units}/relu"
WEIGHTS = ("--init", "he-normal", "--bias", "normal:1")

INTRO = """\
# One and two convolutional layers: formula, exact counts, bounds

Written by `examples/paper/run.py --filters {filters} --seeds {seeds}`.
*Counts* are exact numbers of activation regions on all of R^n of one given
network; min and max are over seeds 1 to {seeds}. They are not the maximum of
the architecture, which only lies between the lower and the upper bounds."""

FIRST = """
## 1. One layer: 1x3 input, d_1 filters 1x2

Formula (label: {formula}); generic (label: {generic}): the number that almost
every choice of weights and biases has, which is the maximum."""

SECOND = """
## 2. Two layers: 1x4 input, 2 filters 1x2, then d_2 filters 1x2

Lower bounds are reached by some weights, not by all; upper ones hold for all.
Constructed: exact counts of the network behind Theorem 5, on [0,1]^4, where its
proof works, and on R^4."""

BESIDE = """
The fully connected network 4-6-2d_2, of as many units, beside it:"""


PER_PARAMETER = """
## 3. Per parameter: convolutions against fully connected layers

log10 of the best lower and upper bound of the maximum, and that of the lower one
for each parameter, beside the fully connected network of as many layers whose
parameters come closest (`pleats compare --match fc`). *Ahead*: the convolutions'
lower bound is above the other's upper one, so it is proved; *open* where the two
intervals overlap."""

# One layer and more, not padded and padded; {d} filters in every layer.
FAMILIES = ("cnn:in=1x8/conv={d}@3/relu",
            "cnn:in=1x8/conv={d}@3,p=1/relu",
            "cnn:in=1x8/conv={d}@3/relu/conv={d}@3/relu",
            "cnn:in=1x8/conv={d}@3,p=1/relu/conv={d}@3,p=1/relu",
            "cnn:in=1x8/conv={d}@3,p=1/relu/conv={d}@3,p=1/relu/"
            "conv={d}@3,p=1/relu",
            "cnn:in=1x6x6/conv={d}@3x3,p=1/relu",
            "cnn:in=1x6x6/conv={d}@3x3,p=1/relu/conv={d}@3x3,p=1/relu")


class Program:
    """The program, and a scratch folder for the networks it makes."""

    def __init__(self, path, folder):
        self.path = path
        self.net = pathlib.Path(folder) / "net.onnx"

    def __call__(self, *args):
        """The JSON answer of a call that must succeed."""
        command = [self.path, *map(str, args), "--json"]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode != 0:
            sys.exit(f"run.py: {' '.join(command)}: exit {done.returncode}: "
                     f"{done.stderr.strip()}")
        return json.loads(done.stdout)

    def count(self, *domain):
        answer = self("count", self.net, *domain)
        if answer["label"] != "exact":
            sys.exit(f"run.py: the count is no exact one: {answer}")
        return int(answer["regions"])

    def random_counts(self, spec, seeds):
        """Counts of random networks of a spec, one for each seed."""
        counts = []
        for seed in range(1, seeds + 1):
            self("make", spec, "-o", self.net, "--seed", seed, *WEIGHTS)
            counts.append(self.count("--all"))
        return counts

    def parameters(self, spec):
        return self("make", spec, "-o", self.net)["parameters"]

    def constructed_counts(self, spec):
        """Counts of the network behind Theorem 5: unit cube, whole space."""
        self("make", spec, "-o", self.net, "--construction", "xiong")
        return self.count("--box", "0,1"), self.count("--all")

    def bounds(self, spec):
        """The values of all bounds that apply, by name, and the best ones."""
        answer = self("bound", spec)
        values = {b["name"]: int(b["value"]) for b in answer["bounds"]
                  if b["applies"]}
        return {**values, "lower": int(answer["best_lower"]),
                "upper": int(answer["best_upper"])}


def table(head, rows):
    print()
    print("| " + " | ".join(head) + " |")
    print("|" + " ---: |" * len(head))
    for row in rows:
        print("| " + " | ".join(map(str, row)) + " |", flush=True)


def one_layer(program, filters, seeds):
    rows = []
    for d in range(1, filters + 1):
        spec = ONE_LAYER.format(d=d)
        layer = program("layer", spec)
        counts = program.random_counts(spec, seeds)
        rows.append((d, layer["formula"]["value"], layer["generic"]["value"],
                     min(counts), max(counts)))
    print(FIRST.format(formula=layer["formula"]["label"],
                       generic=layer["generic"]["label"]))
    table(("d_1", "formula R_N", "generic", "count, min", "count, max"), rows)


def two_layers(program, filters, seeds):
    rows = []
    for d in range(1, filters + 1):
        spec = TWO_LAYERS.format(d=d)
        bound = program.bounds(spec)
        counts = program.random_counts(spec, seeds)
        rows.append((d, program.parameters(spec), bound["xiong-2020-lower"],
                     *program.constructed_counts(spec),
                     min(counts), max(counts), bound["conv-aware"],
                     bound["serra-2018"], bound["xiong-2020-upper"]))
    print(SECOND)
    table(("d_2", "parameters", "lower, Thm 5", "constructed, [0,1]^4",
           "constructed, R^4", "count, min", "count, max",
           "upper, conv-aware", "upper, Serra 2018", "upper, Thm 5"), rows)


def connected(program, filters, seeds):
    rows = []
    for d in range(1, filters + 1):
        spec = CONNECTED.format(units=2 * d)
        bound = program.bounds(spec)
        counts = program.random_counts(spec, seeds)
        rows.append((d, program.parameters(spec), bound["lower"],
                     min(counts), max(counts), bound["upper"],
                     bound["serra-2018"], bound["montufar-2017"]))
    print(BESIDE)
    table(("d_2", "parameters", "best lower", "count, min", "count, max",
           "best upper", "upper, Serra 2018", "upper, Montúfar 2017"), rows)


def beside_connected(rows, proved):
    """The convolutions' row, that of the network of the same depth, and which
    of the two is proved to be ahead."""
    if {"more": 0, "fewer": 1} in proved:
        verdict = "ahead"
    elif {"more": 1, "fewer": 0} in proved:
        verdict = "behind"
    else:
        verdict = "open"
    return rows[0], rows[1], verdict


def per_parameter(program, filters):
    print(PER_PARAMETER)
    rows = []
    for family in FAMILIES:
        for d in (2, 4, 8):
            if d > filters:
                continue
            answer = program("compare", family.format(d=d), "--match", "fc")
            own, other, verdict = beside_connected(answer["rows"],
                                                   answer["proved"])
            rows.append((f"`{family.format(d=d)}`", own["parameters"],
                         *sides(own), f"`{other['spec']}`",
                         other["parameters"], *sides(other), verdict))
    head = ("parameters", "lower", "upper", "lower/par")
    table(("CNN", *head, "FC", *head, "CNN is"), rows)


def sides(row):
    return (f"{row['lower']['log10']:.2f}", f"{row['upper']['log10']:.2f}",
            f"{row['lower']['log10_per_parameter']:.4f}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("program", nargs="?", default="build/pleats")
    parser.add_argument("--filters", type=int, default=8,
                        help="largest d_1 and d_2 (default 8)")
    parser.add_argument("--seeds", type=int, default=20,
                        help="random networks of each kind (default 20)")
    options = parser.parse_args()
    if options.filters < 1 or options.seeds < 1:
        parser.error("--filters and --seeds must be at least 1")
    path = pathlib.Path(options.program).resolve()
    if not path.is_file():
        parser.error(f"there is no program {path}")
    print(INTRO.format(filters=options.filters, seeds=options.seeds))
    with tempfile.TemporaryDirectory() as folder:
        program = Program(str(path), folder)
        for experiment in (one_layer, two_layers, connected):
            experiment(program, options.filters, options.seeds)
        per_parameter(program, options.filters)


if __name__ == "__main__":
    main()
