#!/usr/bin/python3
"""Volumes and classes of cells, compared exactly with a second implementation
(tests/oracle/volume.py) on degenerate networks and domains.
Usage: test_volumes.py PLEATS EXAMPLES"""
import itertools
import json
import pathlib
import sys
import tempfile
from fractions import Fraction

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "data"), str(HERE.parent / "oracle")]
from checks_centres import check_ball, check_centre  # noqa: E402
from harness import Checks, arguments, ended, refused, run  # noqa: E402
from cells_read import Network, degenerate_network, random_network  # noqa: E402
from volume import facet, vertices, volume  # noqa: E402
import numpy as np  # noqa: E402

FIELDS = "pattern,volume,exact_volume,bounded,class,slope,vertices,facets,neighbours,centre"


class Domain:
    """Points origin + directions^T t with rows t <= b; t are the coordinates that
    volumes are in.  `gram` by hand."""

    def __init__(self, flags, rows, origin=None, directions=None, gram=1):
        self.flags, self.gram = flags, Fraction(gram)
        self.rows = [[Fraction(v) for v in row] for row in rows]
        self.k = len(rows[0]) - 1
        if directions is None:
            origin = [0] * self.k
            directions = np.eye(self.k, dtype=int).tolist()
        self.inputs = [[Fraction(d[i]) for d in directions] +
                       [Fraction(o)] for i, o in enumerate(origin)]


def box_rows(*sides):
    rows = []
    for j, (low, high) in enumerate(sides):
        unit = [int(i == j) for i in range(len(sides))]
        rows += [unit + [high], [-v for v in unit] + [-Fraction(low)]]
    return rows


def combine(weights, forms, constant):
    out = [sum(w * f[c] for w, f in zip(weights, forms))
           for c in range(len(forms[0]))]
    out[-1] += constant
    return out


def forms_of(network, domain, pieces):
    """(rows a t <= b of the units' pieces, the outputs' forms)."""
    values, rows, at = domain.inputs, [], iter(pieces)
    for layer, (w, b) in enumerate(network.layers):
        exact = [[Fraction(float(v)) for v in row] for row in w]
        z = [combine(row, values, Fraction(float(c)))
             for row, c in zip(exact, b)]
        if layer == len(network.layers) - 1:
            return rows, z
        values = []
        for form in z:
            on = next(at)
            sign = -1 if on else 1
            rows.append([sign * v for v in form[:-1]] + [-sign * form[-1]])
            values.append(form if on else [Fraction(0)] * len(form))


def standing(outputs, rows, total, k):
    """Of every class: 0, 1 or 2, by the volumes of where it is largest."""
    if len(outputs) == 1:
        below = volume(rows + [outputs[0][:-1] + [-outputs[0][-1]]], k) if any(
            outputs[0]) else 0
        shares = [below, total - below]
    else:
        shares = []
        for f in outputs:
            others = [[g[c] - f[c] for c in range(k)] + [f[k] - g[k]]
                      for g in outputs]
            shares.append(volume(rows + others, k))
    return [0 if s == 0 else 2 if s == total else 1 for s in shares]


def check_cell(network, domain, cell):
    rows, outputs = forms_of(network, domain, cell["pattern"])
    rows = rows + domain.rows
    want = volume(rows, domain.k)
    if cell["exact_volume"] != str(want):
        return f"volume {cell['exact_volume']}, not {want}"
    off = abs(Fraction(cell["volume"]) - want)
    if not off <= Fraction(cell["volume_error"]):
        return f"volume {cell['volume']} is off by {float(off)}"
    if not cell["volume_error"] <= cell["volume"] / 1024:
        return f"volume {cell['volume']} +- {cell['volume_error']}"
    if not cell["bounded"]:
        return "not bounded"
    if cell["class"] != standing(outputs, rows, want, domain.k):
        return f"class {cell['class']} of {cell['pattern']}"
    return check_centre(rows, domain, cell)


def plane_of(row):
    scale = next(v for v in row if v)
    return tuple(v / scale for v in row)


def check_shape(network, domain, cell):
    """Vertices by trying all, and facets by their volumes: a side of the domain,
    or the first unit on the wall."""
    k = domain.k
    own, _ = forms_of(network, domain, cell["pattern"])
    rows = domain.rows + own
    want = {tuple(sum(f[c] * x for c, x in enumerate((*t, 1)))
                  for f in domain.inputs) for t in vertices(rows, k)}
    got = [tuple(map(Fraction, v)) for v in cell["vertices"]]
    if len(got) != len(want) or set(got) != want:
        return f"vertices {cell['vertices']} of {cell['pattern']}"
    return check_facets(rows, len(domain.rows), k, cell)


def check_facets(rows, n_sides, k, cell, are_sides=True):
    """Of rows, of which the first n_sides are those of the domain, or stand for
    what is far away."""
    sides = {}
    for i, row in enumerate(rows):
        if any(row[:-1]) and facet(rows, i, k) > 0:
            sides.setdefault(plane_of(row), max(i - n_sides, -1))
    want = sorted(i for i in sides.values() if i >= 0 or are_sides)
    return "" if sorted(cell["facets"]) == want else (
        f"facets {cell['facets']}, not {want}")


def spread(points):
    """The dimension of what points span, -1 of none."""
    rows = [[a - b for a, b in zip(p, points[0])] for p in points[1:]]
    rank = 0
    for c in range(len(points[0]) if points else 0):
        found = next((r for r in rows[rank:] if r[c]), None)
        if found is None:
            continue
        rows.remove(found)
        rows.insert(rank, found)
        for r in rows[rank + 1:]:
            factor = r[c] / found[c]
            r[:] = [x - factor * y for x, y in zip(r, found)]
        rank += 1
    return rank if points else -1


def check_neighbours(domain, cells):
    """Two regions of a bounded domain are neighbours when the vertices that they
    share span a facet; and each facet has one of them, or is a side."""
    if domain.k == 0 or len(cells) > 150:
        return ""
    known = {tuple(c["pattern"]): i for i, c in enumerate(cells)}
    corners = [{tuple(map(Fraction, v)) for v in c["vertices"]} for c in cells]
    for i, cell in enumerate(cells):
        found = []
        for unit, changes in zip(cell["facets"], cell["neighbours"],
                                 strict=True):
            if (unit < 0) != (changes is None):
                return f"{cell}: a side of the domain, or not"
            pattern = list(cell["pattern"])
            for u, piece in changes or []:
                if pattern[u] == piece:
                    return f"{cell}: unit {u} does not change"
                pattern[u] = piece
            if changes is not None:
                found.append(known.get(tuple(pattern)))
        want = [j for j in range(len(cells)) if j != i and spread(
            list(corners[i] & corners[j])) == domain.k - 1]
        if None in found or sorted(found) != want:
            return f"{cell}: neighbours {found}, not {want}"
    return ""


def check_slope(network, cell):
    """Of inputs themselves, whatever the domain."""
    whole = Domain([], box_rows(*[(0, 1)] * network.n_inputs))
    _, outputs = forms_of(network, whole, cell["pattern"])
    for got, form in zip(cell["slope"], outputs):
        row = np.array([float(v) for v in form[:-1]])
        want = [np.abs(row).sum(), np.sqrt((row ** 2).sum()),
                np.abs(row).max(initial=0)]
        if not np.allclose(got, want, rtol=1e-9, atol=1e-12):
            return f"slope {got}, not {want}"
    return ""


def read(place, network, domain, *flags):
    path = place / "net.onnx"
    network.save(path)
    result = run([PLEATS, "cells", path, *domain.flags, "--fields", FIELDS,
                  "-o", "-", *flags], 100)
    wrong = ended(result, 0)
    return [json.loads(s) for s in result.stdout.splitlines()], wrong


def check(place, checks, name, network, domain, *flags):
    lines, wrong = read(place, network, domain, *flags)
    if wrong:
        checks.add(name, wrong)
        return
    head, *cells, _ = lines
    total = volume(domain.rows, domain.k)
    for i, cell in enumerate(cells):
        wrong = wrong or check_cell(network, domain, cell) or check_slope(
            network, cell)
        if not wrong and (domain.k < 3 or len(cells) < 10 or i % 9 == 0):  # it takes long
            wrong = check_shape(network, domain, cell)
    wrong = wrong or check_neighbours(domain, cells)
    if not wrong and sum(Fraction(c["exact_volume"]) for c in cells) != total:
        wrong = "the volumes do not sum to the domain's"
    if not wrong and (head["domain_volume"], head["volume_gram"]) != (
            str(total), str(domain.gram)):
        wrong = f"{head['domain_volume']} {head['volume_gram']}"
    checks.add(f"{name}: {len(cells)} cells of {total}", wrong)


# ---- networks and domains ----

def twins(n):
    """Units that are doubled, opposite, scaled, dead, always on; equal outputs."""
    w = np.array([[1] * n, [1] * n, [-1] * n, [2] * n, [0] * n,
                  [1] + [0] * (n - 1), [0] * (n - 1) + [1], [1] + [-1] * (n - 1)])
    return Network([(w, np.array([0, 0, 0, -1, 1, 0, 0, 0])),
                    (np.array([[1, -1, 1, 0, 1, 1, -1, 1],
                               [0, 1, -1, 1, 0, -2, 1, 0], [1] * 8]),
                     np.array([0, -1, -2])),
                    (np.array([[1, 0, -1], [1, 0, -1], [0, 1, 1]]),
                     np.array([0, 0, 1]))])


def corner():
    """One output, which is 0 on a quarter of the plane."""
    return Network([([[1, 0], [0, 1]], [0, 0]), ([[1, 1]], [0])])


def touching():
    """The first wall holds a square of the cell that the others cut out behind
    it: four vertices, as many as a facet of a box needs."""
    return Network([([[1, 1, 0, 0], [1, 0, 0, 0], [0, 1, 0, 0]], [0, 0, 0]),
                    ([[1, -1, 1]], [1])])


def domains(place):
    """By the number of inputs."""
    def file(name, content):
        path = place / name
        path.write_text(json.dumps(content))
        return path
    simplex = file("simplex.json", {
        "A": [[1, 1, 1], [1, 1, 1], [2, 2, 2], [1, 1, 0], [-1, 0, 0],
              [0, -1, 0], [0, 0, -1], [-3, 0, 0]],
        "b": [1, 1, 2, 2, 1, 1, 1, 3]})
    simplex_rows = [[1, 1, 1, 1], [-1, 0, 0, 1], [0, -1, 0, 1], [0, 0, -1, 1]]
    cross = file("cross.json", {
        "A": [list(s) for s in itertools.product([1, -1], repeat=3)],
        "b": [1] * 8})
    cross_rows = [[*s, 1] for s in itertools.product([1, -1], repeat=3)]
    flat = file("flat.json", {"A": [[1, 1], [-1, -1], [1, 0], [-1, 0]],
                              "b": [1, -1, 2, 1]})
    plane = file("plane.json", {
        "origin": ["1/3", 0, 0], "u": [1, 1, 0], "v": [0, "1/2", 1],
        "box": [-1, 1, -1, "1/3"]})
    line = file("line.json", {"origin": [0, 0], "u": [1, 2],
                              "range": [-1, 1]})
    thin = file("thin.json", {"lo": ["-1", "1/4"], "hi": ["1/3", "1/4"]})
    point = file("point.json", {"lo": ["1/7", "1/4"], "hi": ["1/7", "1/4"]})
    side = file("side.json", {"lo": [-1, 0, -1], "hi": [1, 0, 1]})
    return {
        1: [("box", Domain(["--box", "-1,2"], box_rows((-1, 2))))],
        2: [("box", Domain(["--box", "-1,1"], box_rows((-1, 1), (-1, 1)))),
            ("flat polytope", Domain(
                ["--polytope", flat], box_rows((-1, 2)), [0, 1],
                [[1, -1]], 2)),
            ("line", Domain(["--line", line], box_rows((-1, 1)), [0, 0],
                            [[1, 2]], 5)),
            ("thin box", Domain(["--box", f"@{thin}"],
                                box_rows((-1, Fraction(1, 3))),
                                [0, Fraction(1, 4)], [[1, 0]]))],
        3: [("box", Domain(["--box", "-1,1/2"],
                           box_rows(*[(-1, Fraction(1, 2))] * 3))),
            ("simplex", Domain(["--polytope", simplex], simplex_rows)),
            ("cross", Domain(["--polytope", cross], cross_rows)),
            ("side", Domain(["--box", f"@{side}"], box_rows((-1, 1), (-1, 1)),
                            [0, 0, 0], [[1, 0, 0], [0, 0, 1]])),
            ("plane", Domain(["--plane", plane],
                             box_rows((-1, 1), (-1, Fraction(1, 3))),
                             [Fraction(1, 3), 0, 0],
                             [[1, 1, 0], [0, Fraction(1, 2), 1]],
                             Fraction(9, 4)))],
        4: [("box", Domain(["--box", "-1,1"], box_rows(*[(-1, 1)] * 4)))],
        0: [("point", point)]}


def check_all(place, checks):
    where = domains(place)
    networks = {1: [random_network(1, [1, 6, 4, 2])],
                2: [degenerate_network(), twins(2), corner(),
                    random_network(3, [2, 6, 4, 1], integers=True)],
                3: [twins(3), random_network(4, [3, 5, 3, 3], integers=True),
                    random_network(5, [3, 4, 3, 2])],
                4: [touching(),
                    random_network(6, [4, 4, 2, 2], integers=True)]}
    for n, nets in networks.items():
        for (name, domain), (i, net) in itertools.product(
                where[n], enumerate(nets)):
            check(place, checks, f"{n} inputs, {name}, network {i}", net,
                  domain)
    box = where[3][0][1]
    check(place, checks, "paranoid", twins(3), box, "--paranoid")
    check(place, checks, "threads", twins(3), box, "--threads", "2")
    point = Domain(["--box", f"@{where[0][0][1]}"], box_rows((0, 1)))
    lines, wrong = read(place, twins(2), point)
    facts = [lines[0]["domain_volume"], lines[0]["volume_gram"],
             *[c["exact_volume"] for c in lines[1:-1]]] if not wrong else []
    checks.add("a point", wrong or ("" if facts == ["1"] * 3 else str(facts)))


def check_scaled(place, checks):
    """Boxes near both ends of the range of doubles."""
    net = Network([([[1.0, 1.0], [1.0, -1.0]], [0.0, 0.0]), ([[1.0, 1.0]], [0])])
    for power in (-500, -340, 340, 500):
        side = Fraction(2) ** power
        path = place / "scaled.json"
        path.write_text(json.dumps({"lo": [str(-side)] * 2,
                                    "hi": [str(side)] * 2}))
        box = Domain(["--box", f"@{path}"], box_rows(*[(-side, side)] * 2))
        lines, wrong = read(place, net, box)
        for cell in lines[1:-1] if not wrong else []:
            if Fraction(cell["exact_volume"]) != side * side:
                wrong = f"2^{power}: {cell['exact_volume'][:40]}"
            value, error = cell["volume"], cell["volume_error"]
            if error is None:
                wrong = wrong or ("" if value is None else f"{value}")
            elif abs(Fraction(value) - side * side) > Fraction(error):
                wrong = f"2^{power}: {value} is off by more than {error}"
        checks.add(f"sides of 2^{power}", wrong)


def check_slab(place, checks):
    """A side so short that its length has few bits as a double, and three of no
    end that make up for that."""
    far, n = Fraction(2) ** 40, 4
    w = np.zeros((6, n))
    w[range(6), [1, 1, 2, 2, 3, 3]] = 1
    net = Network([(w, np.array([far, -far] * 3, float)),
                   (np.ones((1, 6)), [0])])
    slab = place / "slab.vnnlib"
    slab.write_text("".join(f"(declare-const {v} Real)" for v in (
        "X_0", "X_1", "X_2", "X_3", "Y_0")) +
        "(assert (>= X_0 0))(assert (<= X_0 3.3e-320))")
    lines, wrong = read(place, net, Domain(["--vnnlib", slab], box_rows((0, 1))))
    cells = [c for c in lines[1:-1] if c["bounded"]]
    want = Fraction("3.3e-320") * (2 * far) ** 3
    if not wrong and [c["exact_volume"] for c in cells] != [str(want)]:
        wrong = f"{len(cells)} bounded cells of {len(lines) - 2}"
    for cell in cells if not wrong else []:
        if abs(Fraction(cell["volume"]) - want) > Fraction(cell["volume_error"]):
            wrong = f"{cell['volume']} +- {cell['volume_error']}"
        if sorted(cell["facets"]) != [-1, -1, *range(6)]:
            wrong = wrong or f"facets {cell['facets']}"
    checks.add("a slab", wrong)


def check_unbounded(place, checks):
    net = twins(2)
    lines, wrong = read(place, net, Domain(["--all"], box_rows((0, 1))))
    if not wrong:
        kinds = {(c["volume"], c["exact_volume"], c["bounded"])
                 for c in lines[1:-1] if not c["bounded"]}
        if kinds != {(None, None, False)} or lines[0][
                "domain_volume"] != "infinite":
            wrong = f"{kinds}"
        inside = [c for c in lines[1:-1] if c["bounded"]]
        far = Domain([], box_rows((-1000, 1000), (-1000, 1000)))
        for cell in inside:
            wrong = wrong or check_cell(net, far, cell)
        wrong = wrong or ("" if inside else "no region is bounded")
        for cell in lines[1:-1]:
            rows, _ = forms_of(net, far, cell["pattern"])
            wrong = wrong or check_facets(far.rows + rows, 4, 2, cell, False)
            if cell["radius"] > 0:
                wrong = wrong or check_ball(rows, far, cell)
            elif cell["bounded"] or cell["centre"] != [None, None]:
                wrong = wrong or f"centre {cell['centre']}"
    checks.add("the whole plane", wrong)


def check_union(place, checks):
    """Parts of other dimensions and sizes that do not meet: their cells are those of
    each part alone."""
    sides = [((0.5, 0.5), (0.5, 1)), ((-2, -1), (-1, 1)), ((0.6, 64), (-9, -8)),
             ((3, 3), (3, 3))]
    of_part = [f"(and (>= X_0 {a}) (<= X_0 {b}) (>= X_1 {c}) (<= X_1 {d}))"
               for (a, b), (c, d) in sides]
    names = "".join(f"(declare-const {v} Real)" for v in ("X_0", "X_1", "Y_0"))
    fields = "bounded,class,vertices,facets,neighbours,centre"
    path = place / "net.onnx"
    random_network(11, [2, 8, 4, 1]).save(path)

    def cells(parts):
        (place / "parts.vnnlib").write_text(
            f"{names}(assert (or {' '.join(parts)}))")
        result = run([PLEATS, "cells", path, "--vnnlib", place / "parts.vnnlib",
                      "--fields", fields, "-o", "-"], 100)
        lines = result.stdout.splitlines()[1:-1]
        return sorted(lines), ended(result, 0)

    alone = [cells([part]) for part in of_part]
    for order in ((0, 1, 2, 3), (1, 0, 3, 2), (2, 1, 0, 3)):
        together, wrong = cells([of_part[i] for i in order])
        want = sorted(line for lines, _ in alone for line in lines)
        checks.add(f"a union in order {order}: {len(together)} cells",
                   wrong or ("" if together == want and len(want) > 8 else
                             f"not the {len(want)} cells of its parts"))


def check_refusals(place, checks):
    path = place / "net.onnx"
    twins(2).save(path)
    union = place / "union.vnnlib"
    union.write_text("".join(f"(declare-const {v} Real)" for v in (
        "X_0", "X_1", "Y_0")) + "(assert (or (and (>= X_0 -1) (<= X_0 0) "
        "(>= X_1 -1) (<= X_1 1)) (and (>= X_0 -0.5) (<= X_0 1) (>= X_1 0) "
        "(<= X_1 0.5))))")
    wide = place / "wide.onnx"
    random_network(8, [9, 3, 1]).save(wide)
    for name, words, args in (
            ("a union", ["union of 2 parts"], [path, "--vnnlib", union]),
            ("nine dimensions", ["at most 8|up to dimension 8"],
             [wide, "--box", "0,1"]),
            ("programmes", ["not by programmes"],
             [path, "--box", "0,1", "--engine", "programmes"])):
        checks.add(name, refused(run([PLEATS, "cells", *args, "--fields",
                                      "volume", "-o", place / "x.h5"], 60),
                                 words))
    checks.add("exact volumes in HDF5", refused(run(
        [PLEATS, "cells", path, "--box", "0,1", "--fields", "exact_volume",
         "-o", place / "x.h5"], 60), ["JSON lines"]))
    result = run([PLEATS, "cells", path, "--vnnlib", union, "--fields", "class",
                  "-o", place / "x.h5"], 60)
    checks.add("classes of a union", ended(result, 0))


def main():
    global PLEATS
    options = arguments(examples="folder of the example networks")
    PLEATS = pathlib.Path(options.pleats).resolve()
    checks = Checks()
    with tempfile.TemporaryDirectory() as top:
        for part in (check_all, check_scaled, check_slab, check_unbounded,
                     check_union,
                     check_refusals):
            if options.only in part.__name__:
                part(pathlib.Path(top), checks)
    checks.finish()


if __name__ == "__main__":
    main()
