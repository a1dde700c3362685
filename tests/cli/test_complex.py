#!/usr/bin/python3
"""`complex` against a second implementation: faces by signs and elimination
(tests/oracle/faces.py), Betti numbers by gudhi from all chains of faces, volumes of
components by Lasserre's recursion.
Usage: test_complex.py PLEATS PART"""
import json
import os
import pathlib
import random
import signal
import subprocess
import sys
import time
from fractions import Fraction
from xml.etree import ElementTree

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "data"), str(HERE.parent / "oracle")]
from complex_nets import (RELU, Net, box, other_domains,  # noqa: E402
                          random_net)
from faces import Complex, faces_of  # noqa: E402
from harness import Program, ended, refused, run_parts  # noqa: E402
from volume import volume  # noqa: E402
import gudhi  # noqa: E402

# Claims are wider where numbers were moved within them.
MOST_ERROR = 1 if "PLEATS_TEST_PERTURBED" in os.environ else 1e-9


# ---- topology by gudhi ----

def betti(whole, chosen, field):
    """Of a closed set of faces, from all chains of them."""
    tree = gudhi.SimplexTree()
    for i in chosen:
        for flag in whole.flags(i):
            tree.insert(flag)
    if tree.num_simplices() == 0:
        return [0] * (whole.top + 1)
    tree.compute_persistence(homology_coeff_field=field, min_persistence=-1,
                             persistence_dim_max=True)
    found = tree.betti_numbers()
    return (found + [0] * whole.top)[:whole.top + 1]


def compare_set(whole, chosen, got):
    numbers = whole.numbers(chosen)
    want = {"faces": numbers, "betti": betti(whole, chosen, 2),
            "betti_rational": betti(whole, chosen, 11),
            "euler": sum((-1) ** d * n for d, n in enumerate(numbers))}
    for key, value in want.items():
        if got[key] != value:
            return f"{got['set']}: {key} {got[key]}, not {value}"
    return ""


# ---- what the program must say ----

class Case:
    def __init__(self, program, net, domain):
        self.program, self.net = program, net
        self.flags, self.inputs, self.rows = domain
        self.path = net.save(program.place / "net.onnx")
        self.layers = net.oracle()

    def ask(self, *flags):
        return self.program.json("complex", self.path, *self.flags, *flags)

    def whole(self, *more):
        return Complex(faces_of(self.layers + list(more), self.inputs, self.rows))

    def inside(self, whole):
        n = len(self.rows)
        return [i for i, f in enumerate(whole.faces)
                if all(s > 0 for s in f.signs[:n])]

    def check_faces(self):
        graph = self.program.place / "graph.json"
        got, wrong = self.ask("--graph", graph)
        count, more = self.program.json("count", self.path, *self.flags)
        whole = self.whole()
        if wrong or more:
            return wrong or more
        is_ = (got["faces"], got["inside"], got["euler"], got["regions"])
        want = (whole.numbers(), whole.numbers(self.inside(whole)), 1,
                count["regions"])
        if is_ != want or got["label"] != "exact":
            return f"{is_}, not {want}"
        return self.check_graph(whole, json.loads(graph.read_text()))

    def pattern(self, face):
        """The pieces of all units, from the signs."""
        at, found, width = len(self.rows), [], self.net.n
        for kind, *what in self.layers:
            if kind == "units":
                n = len(what[0][0])
                for _ in range(width):
                    found.append(sum(s > 0 for s in face.signs[at:at + n]))
                    at += n
            elif kind in ("max", "min"):
                for _ in what[0]:
                    found.append(min(face.signs[at]))
                    at += 1
            else:
                width = len(what[1])
        return tuple(found)

    def check_graph(self, whole, got):
        tops = [i for i, f in enumerate(whole.faces) if f.k == whole.top]
        pieces = {i: self.pattern(whole.faces[i]) for i in tops}
        edges = set()
        for j, g in enumerate(whole.faces):
            around = [i for i in tops if j in whole.facets[i]]
            if g.k == whole.top - 1 and len(around) == 2:
                a, b = sorted(pieces[i] for i in around)
                edges.add((a, b, tuple(u for u, (p, q) in enumerate(zip(a, b))
                                       if p != q)))
        names = [tuple(n["pieces"]) for n in got["nodes"]]
        mine = {(*sorted((names[e["from"]], names[e["to"]])), tuple(e["units"]))
                for e in got["edges"]}
        if sorted(names) != sorted(pieces.values()):
            return f"nodes {sorted(names)}, not {sorted(pieces.values())}"
        if mine != edges or len(mine) != len(got["edges"]):
            return f"edges {mine ^ edges}"
        sides = {pieces[i]: (len(whole.facets[i]), sum(
            any(s == 0 for s in whole.faces[j].signs[:len(self.rows)])
            for j in whole.facets[i]),
            len({v for flag in whole.flags(i) for v in flag[:1]})) for i in tops}
        for node in got["nodes"]:
            is_ = (node["facets"], node["sides"], node["vertices"])
            if is_ != sides[tuple(node["pieces"])]:
                return f"node {node}: not {sides[tuple(node['pieces'])]}"
            values = self.net.pieces(node["point"])
            if self.net.n == whole.top and values != node["pieces"]:
                return f"node {node}: {values} at its point"
        return ""

    def check_level(self, level, output):
        got, wrong = self.ask("--level", str(level), "--output", str(output))
        if wrong:
            return wrong
        n = self.net.outputs()
        row = [[int(j == output) for j in range(n)]]
        whole = self.whole(("affine", row, [0]), ("units", (
            [Fraction(level)], [0, 1], [0, 0])))
        for s, signs in zip(got["sets"], ((-1, 0), (0, 1), (0,))):
            chosen = [i for i, f in enumerate(whole.faces)
                      if f.signs[-1] in signs]
            wrong = wrong or compare_set(whole, chosen, s)
        names = [s["set"] for s in got["sets"]]
        if names != ["sublevel", "superlevel", "level"]:
            wrong = wrong or str(names)
        return wrong

    def check_classes(self):
        got, wrong = self.ask("--classes", "--exact")
        if wrong:
            return wrong
        n = self.net.outputs()
        whole = self.whole(("max", [list(range(n))]) if n > 1 else
                           ("units", RELU))
        last = [f.signs[-1] for f in whole.faces]
        if n > 1:
            sets = [[i for i, s in enumerate(last) if c in s] for c in range(n)]
            sets.append([i for i, s in enumerate(last) if len(s) > 1])
            first = [min(s) for s in last]
        else:
            sets = [[i for i, s in enumerate(last) if s in signs]
                    for signs in ((-1, 0), (0, 1), (0,))]
            first = [int(s >= 0) for s in last]
        for s, chosen in zip(got["sets"], sets):
            wrong = wrong or compare_set(whole, chosen, s)
        if len(got["sets"]) != len(sets):
            wrong = wrong or f"{len(got['sets'])} sets"
        return wrong or self.check_components(whole, first, got["components"])

    def check_components(self, whole, first, got):
        want = []
        k = whole.top
        for c in set(first):
            tops = [i for i, f in enumerate(whole.faces)
                    if f.k == k and first[i] == c]
            for part in whole.parts(tops):
                size = sum(volume([[-v for v in r[:-1]] + [r[-1]]
                                   for r in whole.faces[i].rows], k)
                           for i in part)
                want.append((c, -size, len(part)))
        is_ = [(c["class"], -Fraction(c["exact_volume"]), c["parts"])
               for c in got]
        for c in got:
            if not abs(Fraction(c["volume"]) - Fraction(
                    c["exact_volume"])) <= c["volume_error"] <= MOST_ERROR:
                return f"{c} is off by more than it says, or says too little"
        if sorted(is_) != sorted(want):
            return f"components {sorted(is_)}, not {sorted(want)}"
        return "" if [x[:2] for x in is_] == sorted(x[:2] for x in is_) else \
            f"components out of order: {is_}"


def check_nets(program, checks, seeds):
    for seed in seeds:
        net = random_net(seed)
        where = other_domains(net.n, program.place)
        domain = where[0] if seed % 2 else where[seed // 2 % len(where)]
        case = Case(program, net, domain)
        name = f"network {seed}, {net.n} inputs, {domain[0][0]}"
        checks.add(f"{name}: faces and graph", case.check_faces())
        checks.add(f"{name}: level", case.check_level(
            Fraction(random.Random(seed).randint(-2, 2), 2),
            seed % net.outputs()))
        checks.add(f"{name}: classes", case.check_classes())


def check_four(program, checks):
    net = Net(4, [("affine", [[1, 1, 0, 0], [0, 1, -1, 1]], [0, 0]), ("relu",),
                  ("affine", [[1, -1]], [0]), ("relu",),
                  ("affine", [[1], [-2]], [0, 1])])
    case = Case(program, net, box(4))
    checks.add("four inputs: faces and graph", case.check_faces())
    checks.add("four inputs: classes", case.check_classes())


def check_maxima(program, checks):
    """Of three and four: comparisons of those that lose cut nothing."""
    rows = [[1, 0], [0, 1], [-1, -1], [1, -1], [2, 1], [0, 0], [-1, 2], [1, 1]]
    for kind in ("max", "min"):
        net = Net(2, [("affine", rows, [0, 0, 0, -1, 0, 1, 0, -1]),
                      (kind, [[0, 1, 2, 3], [4, 5, 6, 7]]),
                      ("affine", [[1, 1], [1, -1], [-1, 0], [0, 2]], [0, 0, 1, 0])])
        case = Case(program, net, box(2))
        checks.add(f"{kind} of four: faces and graph", case.check_faces())
        checks.add(f"{kind} of four: classes", case.check_classes())


def check_scales(program, checks):
    """Weights of a step that are integers only times a large power of two."""
    large, small = 2 ** 33 + 1, 3 * 2.0 ** -34
    net = Net(2, [("affine", [[large, small], [-small, large], [small, 1]],
                   [small, 0, -large * small]), ("relu",),
                  ("affine", [[1, large, small], [small, -1, 2]], [-small, 1])])
    case = Case(program, net, box(2))
    checks.add("scales: faces and graph", case.check_faces())
    checks.add("scales: classes", case.check_classes())


def check_thin(program, checks):
    """A triangle that is thin and not along the axes: doubles tell the volumes of
    its parts to a few digits only."""
    steep = 1 + 2.0 ** -36
    path = program.place / "thin.json"
    path.write_text(json.dumps({"A": [[-1, 0], [1, 0], [1, -1], [-steep, 1]],
                                "b": [0, 1, 0, 0]}))
    net = Net(2, [("affine", [[3, 0], [7, 0]], [-1, -2]), ("relu",),
                  ("affine", [[1, -1]], [-0.125])])
    case = Case(program, net, (
        ["--polytope", path], box(2)[1],
        [[1, 0, 0], [-1, 0, 1], [-1, 1, 0], [Fraction(steep), -1, 0]]))
    checks.add("a thin triangle", case.check_classes())


# ---- shapes that are known ----

def sizes(n):
    """Rows that make |x_0| .. |x_(n-1)| behind a ReLU and a sum."""
    return [[s * int(i == j) for j in range(n)]
            for i in range(n) for s in (1, -1)]


def shell(n):
    """| |x_0| + .. + |x_(n-1)| - 1/2 |"""
    return Net(n, [("affine", sizes(n), [0] * 2 * n), ("relu",),
                   ("affine", [[1] * 2 * n, [-1] * 2 * n], [-0.5, 0.5]),
                   ("relu",), ("affine", [[1, 1]], [0])])


def ring():
    """max(|max(|x|, |y|) - 1/2|, |z|), with candidates that come twice."""
    return Net(3, [("affine", sizes(3), [0] * 6),
                   ("max", [[0, 1, 2, 3], [4, 5, 4, 5]]),
                   ("affine", [[1, 0], [-1, 0], [0, 1]], [-0.5, 0.5, 0]),
                   ("max", [[0, 1, 2]]), ("affine", [[1]], [0])])


def check_shapes(program, checks):
    quarter = ("--level", "1/4")
    for name, net, want in (
            ("a ring in the plane", shell(2),
             ([1, 1, 0], [2, 1, 0], [2, 2, 0])),
            ("a shell", shell(3),
             ([1, 0, 1, 0], [2, 0, 1, 0], [2, 0, 2, 0])),
            ("a solid torus", ring(),
             ([1, 1, 0, 0], [1, 1, 1, 0], [1, 2, 1, 0]))):
        got, wrong = program.json("complex", net.save(
            program.place / "net.onnx"), "--box", "-1,1", *quarter)
        is_ = wrong or [(s["betti"], s["betti_rational"]) for s in got["sets"]]
        checks.add(name, "" if is_ == [(w, w) for w in want] else str(is_))


def check_touching(program, checks):
    """|x| - |y|: each class is two triangles that meet in a point."""
    net = Net(2, [("affine", sizes(2), [0] * 4), ("relu",),
                  ("affine", [[1, 1, -1, -1]], [0])])
    got, wrong = program.json("complex", net.save(program.place / "net.onnx"),
                              "--box", "-1,1", "--classes", "--exact")
    is_ = wrong or ([s["betti"] for s in got["sets"]],
                    [(c["class"], c["parts"], c["exact_volume"])
                     for c in got["components"]])
    checks.add("triangles that touch", "" if is_ == (
        [[1, 0, 0]] * 3, [(0, 2, "1")] * 2 + [(1, 2, "1")] * 2) else str(is_))
    result = program("complex", program.place / "net.onnx", "--box", "-1,1",
                     "--classes", "--exact")
    checks.add("the same as text", "" if
               "    1  1          2         1 (1)\n" in result.stdout and
               "boundary              Betti 1 0 0 (over GF(2) and Q), Euler 1, "
               "faces 5 4 0\n" in result.stdout else result.stdout)


# ---- kinds of domains, limits, refusals, files ----

def check_kinds(program, checks):
    path = random_net(1).save(program.place / "net.onnx")
    point = program.place / "point.json"
    point.write_text(json.dumps({"lo": [0.5, 0.25], "hi": [0.5, 0.25]}))
    got, wrong = program.json("complex", path, "--box", f"@{point}", "--classes")
    checks.add("a point", wrong or ("" if (
        got["faces"], got["dimension"], len(got["components"]),
        got["components"][0]["exact_volume"], got["components"][0]["volume"]) ==
        ([1], 0, 1, None, 1) else str(got)))
    empty = program.place / "empty.json"
    empty.write_text(json.dumps({"A": [[1, 0], [-1, 0]], "b": [0, -1]}))
    got, wrong = program.json("complex", path, "--polytope", empty, "--classes",
                              "--level", "0")
    checks.add("an empty domain", wrong or ("" if (
        got["regions"], got["dimension"], got["faces"], got["sets"]) ==
        ("0", -1, [], []) else str(got)))
    union = program.place / "union.vnnlib"
    union.write_text("".join(f"(declare-const {v} Real)" for v in (
        "X_0", "X_1", "Y_0")) + "(assert (or (and (>= X_0 -1) (<= X_0 0) "
        "(>= X_1 -1) (<= X_1 1)) (and (>= X_0 -0.5) (<= X_0 1) (>= X_1 0) "
        "(<= X_1 0.5))))")
    wide = Net(9, [("affine", [[1] * 9], [0]), ("relu",),
                   ("affine", [[1]], [0])]).save(program.place / "wide.onnx")
    for name, words, code, flags in (
            ("a union", "union of 2 parts", 3, (path, "--vnnlib", union)),
            ("the whole plane", "give it a box", 3, (path,)),
            ("nine dimensions", "this one has 9", 3, (wide, "--box", "-1,1")),
            ("no number", "'x' is not a number", 3,
             (path, "--box", "-1,1", "--level", "x")),
            ("no output", "output 7 is none", 3,
             (path, "--box", "-1,1", "--level", "0", "--output", "7")),
            ("an output without a level", "--output is for --level", 2,
             (path, "--box", "-1,1", "--output", "0")),
            ("fractions of nothing", "--exact is for --classes", 2,
             (path, "--box", "-1,1", "--exact")),
            ("an unknown file", "must end in .graphml, .json or .edges", 2,
             (path, "--box", "-1,1", "--graph", "graph.txt"))):
        checks.add(name, refused(program("complex", *flags), [words], code))


def check_stopped(program, checks):
    """At least so many faces of each dimension: those behind the first unit with
    which there are more regions than the limit; no graph."""
    weights, biases = [[1, 0], [0, 1], [1, 1], [2, -1], [1, -2]], [0, 0, 0, 1, 0]
    path = Net(2, [("affine", weights, biases), ("relu",),
                   ("affine", [[1] * 5], [0])]).save(program.place / "net.onnx")
    graph = program.place / "part.edges"
    behind = [Complex(faces_of([("affine", weights[:i], biases[:i]),
                                ("units", RELU)], *box(2)[1:])).numbers()
              for i in range(1, 6)]
    for limit in range(1, behind[-1][2]):
        part, wrong = program.json("complex", path, "--box", "-1,1", "--classes",
                                   "--max-cells", limit, "--graph", graph,
                                   code=4)
        want = next(n for n in behind if n[2] > limit)
        if not wrong and not (
                part["label"] == "lower" and part["stopped"] == "cell limit" and
                part["faces"] == want and part["regions"] == str(want[2]) and
                (part["inside"], part["euler"], part["sets"],
                 part["complete"]) == (None, None, [], False) and
                not graph.exists()):
            wrong = f"{part}, not {want}"
        checks.add(f"at most {limit} of {behind[-1][2]} regions", wrong)
    got, wrong = program.json("complex", path, "--box", "-1,1", "--max-cells",
                              behind[-1][2])
    checks.add("as many as there are", wrong or (
        "" if got["label"] == "exact" else str(got)))
    result = program("complex", path, "--box", "-1,1", "--max-cells", "4")
    checks.add("the same as text", ended(result, 4) or (
        "" if result.stdout.startswith("at least ") and "faces   at least " in
        result.stdout and "Euler" not in result.stdout else result.stdout))


def check_signal(program, checks):
    """A signal leaves what a limit does."""
    path = program.place / "deep.onnx"
    checks.add("a deep network", ended(program("make", "mlp:6,40,40,2", "-o",
                                               path), 0))
    with subprocess.Popen([program.pleats, "complex", path, "--box", "-1,1",
                           "--json"], stdout=subprocess.PIPE, text=True) as work:
        time.sleep(1)
        work.send_signal(signal.SIGTERM)
        answer = json.loads(work.communicate()[0])
    faces = answer["faces"]
    is_ = (work.returncode, answer["label"], answer["stopped"],
           sum((-1) ** d * n for d, n in enumerate(faces)))
    checks.add("a signal", "" if is_ == (4, "lower", "interrupt", 1) else
               f"{is_}, {faces}")


def check_files(program, checks):
    """The three kinds of graph files say the same."""
    path = random_net(1).save(program.place / "net.onnx")
    flags = ("complex", path, "--box", "-1,1", "--graph")
    for end in ("json", "graphml", "edges"):
        checks.add(f"a graph as {end}", ended(program(
            *flags, program.place / f"graph.{end}"), 0))
    graph = json.loads((program.place / "graph.json").read_text())
    edges = [(e["from"], e["to"], e["units"]) for e in graph["edges"]]
    lines = [line.split(" ") for line in (
        program.place / "graph.edges").read_text().splitlines()]
    listed = [(int(a), int(b), [int(u) for u in units.split(",")])
              for a, b, units in lines]
    name = "{http://graphml.graphdrawing.org/xmlns}"
    tree = ElementTree.parse(program.place / "graph.graphml").getroot()
    data = [{d.get("key"): d.text for d in n.findall(f"{name}data")}
            for n in tree.iter(f"{name}node")]
    drawn = [(int(e.get("source")[1:]), int(e.get("target")[1:]),
              [int(u) for u in e.find(f"{name}data").text.split()])
             for e in tree.iter(f"{name}edge")]
    checks.add("edges are the same", "" if edges == listed == drawn and edges
               else f"{edges}, {listed}, {drawn}")
    same = [{"pieces": list(map(int, d["pieces"].split())),
             "point": list(map(float, d["point"].split())),
             **{key: int(d[key]) for key in ("vertices", "facets", "sides")}}
            for d in data]
    checks.add("nodes are the same", "" if same == [
        {k: v for k, v in n.items() if k != "id"} for n in graph["nodes"]]
        else f"{same}")
    result = program(*flags, "-")
    checks.add("to standard output", "" if result.stdout.splitlines() ==
               [" ".join(line) for line in lines] else result.stdout)


# ---- the parts ----

def make(options, checks, work):
    return (Program(pathlib.Path(options.pleats).resolve(), pathlib.Path(work)),
            checks)


def part_shapes(state):
    check_shapes(*state)
    check_touching(*state)
    check_four(*state)
    check_scales(*state)
    check_maxima(*state)
    check_thin(*state)


def part_kinds(state):
    check_kinds(*state)
    check_stopped(*state)
    check_signal(*state)
    check_files(*state)


def part_few(state):
    check_nets(*state, range(15))


def part_nets(state):
    check_nets(*state, range(15, 102))


if __name__ == "__main__":
    run_parts(globals(), make)
