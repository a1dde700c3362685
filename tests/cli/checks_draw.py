"""Pictures of planes that `draw` makes: what is drawn is compared with what
`eval` says at the same points, and with what `count` counts."""
import json
import pathlib
import random
import tempfile

import numpy

import checks_draw_files
from harness import ended
from picture import Picture, area, depth, middle, png_pixels, png_size

MODELS = pathlib.Path(__file__).resolve().parents[1] / "data/models"
ZOO = ["affine_only", "all_dead", "central_8", "duplicate_units",
       "parallel_grid", "same_affine_cells"]
CLASSES = [(89, 164, 205), (238, 189, 89), (89, 192, 164), (222, 156, 89),
           (222, 189, 205), (147, 205, 238), (247, 238, 131), (139, 139, 139)]
LAYERS = [(0, 86, 134), (172, 115, 0), (0, 119, 86), (153, 77, 0)]
BLACK = (0, 0, 0)
BOUNDARY = 1.2  # points: its width
BESIDE = 0.02  # points: a step off a line
SURE = 0.01    # points: what lies deeper in a cell than this is in that cell
RANDOM_POINTS = 200


class Plane:
    """A network on a plane, its pictures, and what `eval` says there."""

    def __init__(self, program, folder, name, model, flags, box):
        self.program, self.folder, self.name = program, folder, name
        self.model, self.flags, self.box = model, flags, box
        self.origin, self.u, self.v = (0, 0), (1, 0), (0, 1)

    def through_rows(self, path):
        rows = numpy.load(path)["x"][:3].reshape(3, -1).astype(float)
        self.origin, self.u, self.v = (rows[0], rows[1] - rows[0],
                                       rows[2] - rows[0])
        return self

    def draw(self, *flags, end="svg"):
        """(path, "") or (None, what was wrong)."""
        path = self.folder / f"picture.{end}"
        result = self.program("draw", self.model, *self.flags, *flags, "-o",
                              path)
        wrong = ended(result, 0)
        return (None, wrong) if wrong else (path, "")

    def eval(self, picture, points):
        """(outputs, pieces) at points of a picture."""
        rows = [[o + s * a + t * b for o, a, b in
                 zip(self.origin, self.u, self.v)]
                for s, t in (picture.plane(self.box, p) for p in points)]
        (self.folder / "points.json").write_text(json.dumps(rows))
        answer, wrong = self.program.json(
            "eval", self.model, "--input", self.folder / "points.json",
            "--pieces")
        if wrong:
            raise ValueError(wrong)
        return answer["outputs"], [tuple(p) for p in answer["pieces"]]

    def regions(self):
        answer, wrong = self.program.json("count", self.model, *self.flags)
        return wrong or int(answer["regions"])

    def layer_of(self):
        """For every unit the number of its layer of units."""
        answer, wrong = self.program.json("info", self.model)
        sizes = [n["units"] for n in answer["layers"] if n["units"]]
        return wrong or [i for i, n in enumerate(sizes) for _ in range(n)]


def class_of(outputs):
    if len(outputs) == 1:
        return int(outputs[0] >= 0)
    return outputs.index(max(outputs))


# ---- the pictures ----

def planes(program, checks, folder):
    example = Plane(program, folder, "moons", "EXAMPLES/moons.onnx",
                    ["--box", "-1,1"], (-1, 1, -1, 1))
    data = program.examples / "bars.npz"
    bars = Plane(program, folder, "bars", "EXAMPLES/bars.onnx",
                 ["--rows", f"{data}:0,1,2"],
                 (-0.5, 1.5, -0.5, 1.5)).through_rows(data)
    folds = folder / "folds.onnx"
    result = program("make", "mlp:2,4,6,1", "--construction", "montufar", "-o",
                     folds)
    checks.add("draw: a network that folds", ended(result, 0))
    found = [example, bars, Plane(program, folder, "folds", folds,
                                  ["--box", "0,1"], (0, 1, 0, 1))]
    return found + [
        Plane(program, folder, name, MODELS / f"zoo/degen_{name}.onnx",
              ["--box", "-1,1"], (-1, 1, -1, 1)) for name in ZOO]


def check(program, checks):
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        for plane in planes(program, checks, folder):
            for part in (cells, classes, walls, boundary, pixels):
                checks.add(f"draw {plane.name}: {part.__name__}", part(plane))
        checks_draw_files.check(program, checks, folder)


def cover(picture):
    """"" when the cells' areas sum to the frame's."""
    left, right, top, bottom = picture.frame
    signs = {area(points) < 0 for _, points in picture.cells
             if abs(area(points)) > SURE}
    if len(signs) > 1:
        return "cells go around both ways"
    share = abs(sum(area(p) for _, p in picture.cells)) / (
        (right - left) * (bottom - top))
    return "" if abs(share - 1) < 1e-4 else f"cells cover {share} of the plane"


def find(picture, at):
    """Numbers of the cells that a point is in; None where that is unsure."""
    depths = [depth(points, at) for _, points in picture.cells]
    if any(abs(d) < SURE for d in depths):
        return None
    return [i for i, d in enumerate(depths) if d > 0]


def cells(plane):
    """As many as are counted, without gaps, one for each pattern."""
    path, wrong = plane.draw("--no-boundary")
    if wrong:
        return wrong
    picture, count = Picture(path), plane.regions()
    if len(picture.cells) != count:
        return f"{len(picture.cells)} cells instead of {count}"
    rng = random.Random(5)
    left, right, top, bottom = picture.frame
    points = [(rng.uniform(left, right), rng.uniform(top, bottom))
              for _ in range(RANDOM_POINTS)]
    points += [middle(corners) for _, corners in picture.cells]
    found = [(p, n) for p, n in ((p, find(picture, p)) for p in points)
             if n is not None]
    if len(found) < min(len(points), RANDOM_POINTS) // 2:
        return f"only {len(found)} points are sure"
    _, patterns = plane.eval(picture, [p for p, _ in found])
    cell_of, pattern_of = {}, {}
    for (at, numbers), pattern in zip(found, patterns):
        if len(numbers) != 1:
            return f"{at} is in {len(numbers)} cells"
        if cell_of.setdefault(pattern, numbers[0]) != numbers[0]:
            return f"a pattern has two cells, at {at}"
        if pattern_of.setdefault(numbers[0], pattern) != pattern:
            return f"a cell has two patterns, at {at}"
    return cover(picture)


def classes(plane):
    """Everywhere the colour of the class, near all corners too."""
    path, wrong = plane.draw("--colour", "class", "--no-walls")
    if wrong:
        return wrong
    picture = Picture(path)
    places = []
    for colour, corners in picture.cells:
        centre = middle(corners)
        near = [(c[0] + 0.9 * (p[0] - c[0]), c[1] + 0.9 * (p[1] - c[1]))
                for c in [centre] for p in corners]
        places += [(colour, p) for p in near + [centre]
                   if depth(corners, p) > SURE]
    outputs, _ = plane.eval(picture, [p for _, p in places])
    for (colour, at), values in zip(places, outputs):
        if colour != CLASSES[class_of(values) % 8]:
            return f"{colour} at {at}, where the outputs are {values}"
    return cover(picture)


def beside(p, q):
    """Points on both sides of the middle of a line; None for a short one."""
    dx, dy = q[0] - p[0], q[1] - p[1]
    length = (dx * dx + dy * dy) ** 0.5
    if length < 1:
        return None
    x, y = middle([p, q])
    dx, dy = BESIDE * dx / length, BESIDE * dy / length
    return (x - dy, y + dx), (x + dy, y - dx)


def around(plane, picture, segments):
    """[(colour, p, q, what eval says on one side, on the other, between)]"""
    lines = [(c, p, q, beside(p, q)) for c, p, q in segments]
    lines = [line for line in lines if line[3]]
    points = [at for _, p, q, pair in lines for at in (*pair, middle([p, q]))]
    said = list(zip(*plane.eval(picture, points))) if lines else []
    return [(*line[:3], *said[3 * i:3 * i + 3])
            for i, line in enumerate(lines)]


def walls(plane):
    """A unit of the layer that the colour says changes its piece there; and
    they are as long as the cells' sides."""
    path, wrong = plane.draw("--no-boundary")
    if wrong:
        return wrong
    picture, layer_of = Picture(path), plane.layer_of()
    sides = around(plane, picture, picture.segments(LAYERS))
    for colour, p, q, (_, one), (_, other), _ in sides:
        layers = {layer_of[u] for u in range(len(one)) if one[u] != other[u]}
        if LAYERS.index(colour) not in layers:
            return (f"colour of layer {LAYERS.index(colour) + 1} from {p} to "
                    f"{q}, where layers {layers} change")
    drawn = sum(distance(p, q) for _, p, q in picture.segments(LAYERS))
    left, right, top, bottom = picture.frame
    whole = sum(distance(p, q) for _, c in picture.cells
                for p, q in zip(c, c[1:] + c[:1]))
    want = whole / 2 - (right - left) - (bottom - top)
    return "" if drawn > 0.999 * want - SURE else f"{drawn} of {want} points"


def distance(p, q):
    return ((p[0] - q[0]) ** 2 + (p[1] - q[1]) ** 2) ** 0.5


def gap(outputs):
    """Between the two greatest; of one output, from 0."""
    if len(outputs) == 1:
        return abs(outputs[0])
    second, first = sorted(outputs)[-2:]
    return first - second


def boundary(plane):
    """The two greatest outputs tie there, or the only one is 0; and where the
    class changes, there is a boundary."""
    path, wrong = plane.draw("--colour", "class", "--no-walls")
    if wrong:
        return wrong
    picture = Picture(path)
    lines = picture.segments([BLACK], BOUNDARY)
    for _, p, q, (one, _), (other, _), (on, _) in around(plane, picture,
                                                         lines):
        if not gap(on) < 0.5 * max(gap(one), gap(other)):
            return f"no tie from {p} to {q}: {one}, {on}, {other}"
    used = {colour for colour, _ in picture.cells}
    return "" if lines or len(used) < 2 else f"no boundary between {used}"


def pixels(plane):
    """A PNG has the colours of the SVG, at the same places."""
    look = ["--no-walls", "--no-boundary", "--width", "600"]
    path, wrong = plane.draw(*look)
    other, wrong_png = plane.draw(*look, end="png")
    if wrong or wrong_png:
        return wrong or wrong_png
    picture, data = Picture(path), other.read_bytes()
    if png_size(data) != tuple(picture.size):
        return f"{png_size(data)} pixels for {picture.size}"
    rows, compared = png_pixels(data), 0
    for colour, corners in picture.cells:
        x, y = middle(corners)
        if depth(corners, (x, y)) < 1.5:
            continue
        compared += 1
        if max(abs(a - b) for a, b in zip(rows[int(y)][int(x)], colour)) > 1:
            return f"{rows[int(y)][int(x)]} instead of {colour} at {x}, {y}"
    return "" if compared else "no cell is large enough"
