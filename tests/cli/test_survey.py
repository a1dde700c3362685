#!/usr/bin/python3
"""`survey` against a second implementation: regions that `cells` lists, their
shares by Lasserre's recursion, layers, units and rows by fractions, lengths from
vertices that are found by trying all corners.
Usage: test_survey.py PLEATS EXAMPLES"""
import collections
import csv
import io
import itertools
import json
import os
import pathlib
import sys
import tempfile
from fractions import Fraction

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "data"), str(HERE.parent / "oracle")]
import checks_survey_page  # noqa: E402
from harness import Checks, Program, arguments, ended, refused  # noqa: E402
from cells_read import Network, degenerate_network, random_network  # noqa: E402
from test_volumes import corner, domains, forms_of, twins  # noqa: E402
from volume import volume  # noqa: E402
import numpy as np  # noqa: E402

NUMBERS = ("volume", "diameter", "slope", "distance")
# How wide shares are at most, and how far numbers in doubles are off, relative and
# absolute: where all claimed errors are made larger, shares still hold the true ones.
WIDEST, MOST_OFF = (1, (0.02, 0.01)) if os.environ.get(
    "PLEATS_PERTURB") == "inflate" else (1e-6, (1e-6, 1e-9))


class Surveyor(Program):
    def save(self, network):
        path = self.place / "net.onnx"
        network.save(path)
        return path


# ---- one region by itself ----

def class_rows(outputs, k):
    """For each class, the rows of where it is largest, the first of equal ones;
    None: it is an earlier one."""
    if len(outputs) == 1:
        f = outputs[0]
        below = f[:-1] + [-f[-1]]
        return [[below] if any(f) else None, [[-v for v in f[:-1]] + [f[-1]]]]
    found = []
    for i, f in enumerate(outputs):
        same = any(g == f for g in outputs[:i])
        found.append(None if same else [
            [g[c] - f[c] for c in range(k)] + [f[k] - g[k]] for g in outputs])
    return found


def corners(rows, k):
    """Vertices of rows a t <= b, in doubles, by trying all k of them."""
    a = np.array([[float(v) for v in row[:-1]] for row in rows])
    b = np.array([float(row[-1]) for row in rows])
    most = np.abs(a).max(1, initial=0)
    a, b = (v[most > 0] / most[most > 0].reshape([-1] + [1] * (v.ndim - 1))
            for v in (a, b))
    size = np.linalg.norm(a, axis=1)
    a, b = a / size[:, None], b / size
    points = []
    for chosen in itertools.combinations(range(len(a)), k):
        part = a[list(chosen)]
        if abs(np.linalg.det(part)) > 1e-9:
            x = np.linalg.solve(part, b[list(chosen)])
            if (a @ x <= b + 1e-9).all() and not any(
                    np.abs(x - p).max() < 1e-9 for p in points):
                points.append(x)
    return np.array(points), a, b


def lengths(domain, rows, outputs):
    """Diameter, slope and distance of a region."""
    points, a, b = corners(rows, domain.k)
    turn = np.array([[float(v) for v in row[:-1]] for row in domain.inputs])
    placed = points @ turn.T
    diameter = max(np.linalg.norm(p - q) for p in placed for q in placed)
    inverse = np.linalg.inv(turn.T @ turn)

    def norm(g):
        return np.sqrt(max(g @ inverse @ g, 0))
    slope = max(norm(np.array([float(v) for v in f[:-1]])) for f in outputs)
    middle = points.mean(0)
    distance = min(abs(row @ middle - c) / norm(row) for row, c in zip(a, b))
    return diameter, slope, distance


class Expected:
    """What a survey must say of the regions that `cells` lists."""

    def __init__(self, network, domain, cells, measure):
        self.network, self.domain = network, domain
        n = len(network.layers[-1][1])
        self.somewhere, self.alone = [0] * max(n, 2), [0] * max(n, 2)
        self.volumes = [Fraction(0)] * max(n, 2)
        self.last = [0] * len(network.layers)
        self.active, self.mixed = collections.Counter(), 0
        self.numbers = {name: [] for name in NUMBERS}
        for cell in cells:
            self.add(cell["pattern"], measure)

    def add(self, pattern, measure):
        k, sides = self.domain.k, self.domain.rows
        rows, outputs = forms_of(self.network, self.domain, pattern)
        whole = volume(sides + rows, k)
        shares = [volume(sides + rows + r, k) if r else 0
                  for r in class_rows(outputs, k)]
        for i, share in enumerate(shares):
            self.somewhere[i] += share > 0
            self.alone[i] += share == whole
            self.volumes[i] += share
        self.mixed += sum(s > 0 for s in shares) > 1
        self.active[sum(pattern)] += 1
        ends = np.cumsum([0] + [len(b) for _, b in self.network.layers[:-1]])
        last = next(i for i, end in enumerate(ends)
                    if volume(sides + rows[:end], k) == whole)
        self.last[last] += 1
        if measure:
            for name, value in zip(NUMBERS, (float(whole), *lengths(
                    self.domain, sides + rows, outputs))):
                self.numbers[name].append(value)

    def compare(self, got):
        classes = got["classes"]
        pairs = {
            "regions by class": ([int(c["regions"]) for c in classes],
                                 self.somewhere),
            "alone": ([int(c["alone"]) for c in classes], self.alone),
            "volumes": ([Fraction(c["exact_volume"]) for c in classes],
                        self.volumes),
            "mixed": (int(got["mixed"]), self.mixed),
            "active": ({i: int(n) for i, n in enumerate(got["active"])
                        if n != "0"}, dict(self.active)),
            "last": ([int(got["uncut"]), *(int(x["last"])
                                           for x in got["layers"])],
                     self.last)}
        for what, (is_, must) in pairs.items():
            if is_ != must:
                return f"{what}: {is_}, not {must}"
        return self.compare_shares(classes) or self.compare_numbers(got)

    def compare_shares(self, classes):
        total = sum(self.volumes)
        for c, exact in zip(classes, self.volumes):
            lo, hi = map(Fraction, c["share"])
            if not lo * total <= exact <= hi * total or hi - lo > WIDEST:
                return f"share {c['share']}, not {float(exact / total)}"
            if abs(Fraction(c["volume"]) - exact) > Fraction(
                    c["volume_error"]):
                return f"volume {c['volume']} is off by more than it says"
        return ""

    def compare_numbers(self, got):
        for name, values in self.numbers.items():
            of = got["numbers"][name]
            bins = sum(map(int, of["bins"])) + int(of["zeros"])
            if bins != int(got["regions"]) or of["infinite"] != "0":
                return f"{name}: {bins} in bins"
            if not values:
                continue
            want = [min(values), np.mean(values), max(values)]
            if not np.allclose([of["least"], of["mean"], of["most"]], want,
                               rtol=MOST_OFF[0], atol=MOST_OFF[1]):
                return f"{name}: {of['least']}, {of['mean']}, {of['most']}, " \
                    f"not {want}"
            edges = [2.0 ** (of["first"] + i) for i in range(len(of["bins"]) + 1)]
            if not all(edges[0] * 0.999 <= v <= edges[-1] * 1.001
                       for v in values if v > 0):
                return f"{name}: bins from {edges[0]} to {edges[-1]}"
        return ""


# ---- a network and a domain ----

def states_of(got):
    return [s for layer in got["layers"] for s in layer["states"]]


def check(program, checks, name, network, domain, measure, *flags):
    path = program.save(network)
    got, wrong = program.json("survey", path, *domain.flags, "--exact", *flags)
    lines = program("cells", path, *domain.flags, "--fields", "pattern", "-o",
                    "-").stdout.splitlines()
    cells = [json.loads(s) for s in lines[1:-1]]
    if not wrong and int(got["regions"]) != len(cells):
        wrong = f"{got['regions']} regions, not {len(cells)}"
    wrong = wrong or Expected(network, domain, cells, measure).compare(got)
    if not wrong and "--box" in domain.flags and not flags:
        stable, wrong = program.json("stable", path, *domain.flags, "--effort",
                                     "exact")
        if not wrong and states_of(stable) != states_of(got):
            wrong = f"units {states_of(got)}, not {states_of(stable)}"
    checks.add(f"{name}: {len(cells)} regions", wrong)


def check_all(program, checks):
    where = domains(program.place)
    networks = {1: [random_network(1, [1, 6, 4, 2])],
                2: [degenerate_network(), twins(2), corner(),
                    random_network(3, [2, 6, 4, 1], integers=True),
                    random_network(7, [2, 5, 4, 3, 3])],
                3: [twins(3), random_network(5, [3, 4, 3, 2])]}
    for n, nets in networks.items():
        for (name, domain), (i, net) in itertools.product(
                where[n], enumerate(nets)):
            # Vertices that are 1e-300 apart are one for `corners`.
            tiny = n == 2 and i == 0
            check(program, checks, f"{n} inputs, {name}, network {i}", net,
                  domain, domain.k < 3 and not tiny)
    box = where[2][0][1]
    for flags in (["--paranoid"], ["--threads", "2"]):
        check(program, checks, " ".join(flags), twins(2), box, True, *flags)
    affine = Network([([[1, 2]], [-1])])
    check(program, checks, "no units", affine, box, True)


def check_pools(program, checks):
    """Pools are asked before all units of the layer before them are; the last
    layer with a wall is that of the facets all the same."""
    net = program.place / "pools.onnx"
    made = program("make", "cnn:in=1x4/conv=3@2/relu/maxpool=3/fc=2", "-o", net)
    got, wrong = program.json("survey", net, "--box", "-1,1")
    lines = program("cells", net, "--box", "-1,1", "--fields", "facets", "-o",
                    "-").stdout.splitlines()
    wrong = ended(made, 0) or wrong
    if not wrong:
        of = [i for i, layer in enumerate(got["layers"], 1)
              for _ in range(layer["units"])]
        facets = [max((of[u] for u in json.loads(s)["facets"] if u >= 0),
                      default=0) for s in lines[1:-1]]
        last = [int(got["uncut"]), *(int(x["last"]) for x in got["layers"])]
        if sum(last) != len(facets) or len(last) != 3:
            wrong = f"{last} of {len(facets)}"
        elif last != [facets.count(layer) for layer in range(3)]:
            wrong = f"last walls {last}, facets {sorted(facets)}"
    checks.add("pools", wrong)


def check_rows(program, checks):
    """Rows inside, on walls, on sides and outside."""
    net = Network([([[1, 0], [0, 1], [0, 0]], [0, 0, 0]), ([[1, 1, 1]], [0])])
    path, rows = program.save(net), program.place / "rows.json"
    rows.write_text(json.dumps([[0.5, 0.5], [0.25, 0.75], [-0.5, 0.5], [0, 0.5],
                                [1, 0.5], [3, 0], [0.125, 0.5]]))
    got, wrong = program.json("survey", path, "--box", "-1,1", "--input", rows)
    want = {"rows": 7, "outside": 2, "on_walls": 1, "regions": 2,
            "in_region": [3, 1]}
    checks.add("data rows", wrong or (
        "" if got["data"] == want else str(got["data"])))
    result = program("survey", path, "--box", "-1,1", "--input", rows)
    checks.add("data rows as text", "" if "7 in 2 regions, at most 3 in one; "
               "2 outside; 1 on walls" in result.stdout else result.stdout)


def check_kinds(program, checks):
    """Domains without volumes, empty ones, unions; text and table."""
    path = program.save(twins(2))
    got, wrong = program.json("survey", path)
    if not wrong and (got["numbers"]["volume"], got["classes"][0]["share"],
                      got["domain_volume"]) != (None, None, None):
        wrong = "volumes of the whole plane"
    count, _ = program.json("count", path)
    checks.add("the whole plane", wrong or (
        "" if got["regions"] == count["regions"] and "not bounded" in
        got["remarks"][0] else str(got["remarks"])))
    checks.add("the whole plane, exactly", refused(
        program("survey", path, "--exact"), ["not bounded"]))
    empty = program.place / "empty.json"
    empty.write_text(json.dumps({"A": [[1, 0], [-1, 0]], "b": [0, -1]}))
    got, wrong = program.json("survey", path, "--polytope", empty)
    checks.add("an empty domain", wrong or (
        "" if (got["regions"], got["dimension"]) == ("0", -1) else str(got)))
    union = program.place / "union.vnnlib"
    union.write_text("".join(f"(declare-const {v} Real)" for v in (
        "X_0", "X_1", "Y_0")) + "(assert (or (and (>= X_0 -1) (<= X_0 0) "
        "(>= X_1 -1) (<= X_1 1)) (and (>= X_0 -0.5) (<= X_0 1) (>= X_1 0) "
        "(<= X_1 0.5))))")
    checks.add("a union", refused(program("survey", path, "--vnnlib", union),
                                  ["union of 2 parts"]))
    got, _ = program.json("survey", path, "--box", "-1,1")
    table = list(csv.DictReader(io.StringIO(program(
        "survey", path, "--box", "-1,1", "--csv").stdout)))
    find = {(row["what"], row["of"]): row["number"] for row in table}
    same = find["regions", ""] == got["regions"] and all(
        find["class_regions", str(c["class"])] == c["regions"] and
        float(find["class_share_lo", str(c["class"])]) == c["share"][0]
        for c in got["classes"])
    checks.add("a table", "" if same else str(find))
    checks.add("two answers", refused(program("survey", path, "--csv", "--json"),
                                      ["either"], 2))


def check_stopped(program, checks):
    """What a limit leaves: lower numbers, shares that hold all the same."""
    path = program.save(random_network(7, [2, 8, 8, 3]))
    whole, _ = program.json("survey", path, "--box", "-1,1")
    part, wrong = program.json("survey", path, "--box", "-1,1", "--max-cells",
                               "9", code=4)
    for a, b in zip(whole["classes"], part["classes"]) if not wrong else []:
        if not (b["share"][0] <= a["share"][0] and
                b["share"][1] >= a["share"][1]) or int(b["regions"]) > int(
                    a["regions"]):
            wrong = f"{b} of {a}"
    if not wrong and (part["label"], part["regions"], part["stopped"],
                      part["complete"]) != ("lower", "9", "cell limit", False):
        wrong = str(part)[:300]
    if not wrong and {"on", "off"} & set(states_of(part)):
        wrong = "units are stable in nine regions"
    checks.add("a limit", wrong)


def main():
    options = arguments(examples="folder of the example networks")
    checks = Checks()
    with tempfile.TemporaryDirectory() as top:
        program = Surveyor(pathlib.Path(options.pleats).resolve(),
                           pathlib.Path(top))
        for part in (check_all, check_pools, check_rows, check_kinds, check_stopped):
            if options.only in part.__name__:
                part(program, checks)
        if options.only in "pages":
            checks_survey_page.check(
                program, checks, program.place, pathlib.Path(
                    options.examples) / "moons.onnx", ("--box", "-1,1"))
    checks.finish()


if __name__ == "__main__":
    main()
