"""Colours of quantities on planes, sheets of several networks, and networks along
lines: what is drawn is compared with what `eval` says at the same points."""
import json
import math
import pathlib
import random
import tempfile

import numpy

from checks_draw import LAYERS, MODELS, Plane, around, distance
from harness import ended
from picture import Picture, depth, middle, png_pixels

# From dark to light, the same steps between.
SCALE = [(0.27, 0.00, 0.33), (0.28, 0.20, 0.48), (0.19, 0.41, 0.56),
         (0.13, 0.57, 0.55), (0.21, 0.72, 0.47), (0.57, 0.84, 0.27),
         (0.99, 0.91, 0.14)]
GREY = (115, 115, 115)
CURVE, TICK = 1.2, 0.9  # points: widths of lines
SURE = 0.05    # points: what is deeper in a cell than this is in that cell
CLEAR = 2      # pixels: the same where cells are pixels
PIXELS = 200
NAMED = 60     # pixels: from a data row to the end of its name
FEW_LEVELS = 3  # of 255: what blending colours along a cell may be off
NEAR = 0.1     # points: as curves are steep, and their corners rounded


def colour_of(share):
    place = min(max(share, 0), 1) * (len(SCALE) - 1)
    i = min(int(place), len(SCALE) - 2)
    return tuple(round(255 * (a + (place - i) * (b - a)))
                 for a, b in zip(SCALE[i], SCALE[i + 1]))


def differ(one, other):
    return max(abs(a - b) for a, b in zip(one, other))


def shares(values):
    """Between the least and the greatest finite one; 1/2 where all agree."""
    finite = [v for v in values if math.isfinite(v)]
    lo, hi = min(finite, default=0), max(finite, default=0)
    return [(v - lo) / (hi - lo) if hi > lo else 0.5 for v in values]


# ---- what the quantities are ----

def triangle(corners):
    """The middle of a cell, and two points on the way to two corners."""
    centre = middle(corners)

    def wide(pair):
        (ax, ay), (bx, by) = pair
        return abs((ax - centre[0]) * (by - centre[1]) -
                   (bx - centre[0]) * (ay - centre[1]))
    pair = max(((p, q) for p in corners for q in corners), key=wide)
    return [centre] + [middle([centre, p]) for p in pair]


def gradients(plane, picture):
    """For each cell log10 of the norm of all outputs' derivatives along the
    plane's axes, from three points in it."""
    points = [p for _, corners in picture.cells for p in triangle(corners)]
    outputs, _ = plane.eval(picture, points)
    found = []
    for i in range(len(picture.cells)):
        at = numpy.array([picture.plane(plane.box, p)
                          for p in points[3 * i:3 * i + 3]])
        value = numpy.array(outputs[3 * i:3 * i + 3])
        slope = numpy.linalg.solve(at[1:] - at[0], value[1:] - value[0])
        size = numpy.sqrt((slope ** 2).sum())
        found.append(math.log10(size) if size > 1e-9 else -math.inf)
    return found


def active(plane, picture):
    """For each cell how many units, all of them ReLUs, are on their slope."""
    _, patterns = plane.eval(picture, [middle(c) for _, c in picture.cells])
    return [sum(pattern) for pattern in patterns]


def depths(plane, picture):
    """For each cell the last layer of which a unit changes at a side."""
    layer_of, found = plane.layer_of(), []
    for _, corners in picture.cells:
        sides = [(None, p, q) for p, q in
                 zip(corners, corners[1:] + corners[:1])]
        found.append(max((layer_of[u] + 1
                          for *_, (_, one), (_, other), _ in around(
                              plane, picture, sides)
                          for u in range(len(one)) if one[u] != other[u]),
                         default=0))
    return found


QUANTITIES = {"gradient": gradients, "active": active, "depth": depths}


def quantity(plane, what):
    """The colour of each cell is that of its place among all."""
    path, wrong = plane.draw("--colour", what, "--no-boundary")
    if wrong:
        return wrong
    picture = Picture(path)
    return compare(picture.cells, QUANTITIES[what](plane, picture))


def compare(cells, values):
    if not all(depth(c, p) > SURE for _, c in cells for p in triangle(c)):
        return "a cell is too small to be sure of"
    for (colour, corners), value, share in zip(cells, values, shares(values)):
        if differ(colour, colour_of(share)) > 1:
            return (f"{colour} instead of {colour_of(share)} at "
                    f"{middle(corners)}, for {value}")
    return "" if cells else "no cells"


def shaded(plane, output, rows_at=()):
    """Pixels have the colour of the output there, but for the places of data
    rows and their names."""
    look = ["--no-walls", "--no-boundary", "--width", "600", "--colour",
            "output", "--output", output]
    path, wrong = plane.draw(*look)
    other, wrong_png = plane.draw(*look, end="png")
    if wrong or wrong_png:
        return wrong or wrong_png
    picture, pixels = Picture(path), png_pixels(other.read_bytes())
    corners = [p for _, cell in picture.cells for p in cell]
    left, right, top, bottom = picture.frame
    s0, s1, t0, t1 = plane.box
    marked = [(left + (s - s0) / (s1 - s0) * (right - left),
               bottom - (t - t0) / (t1 - t0) * (bottom - top))
              for s, t in rows_at]
    rng, places = random.Random(7), []
    for _ in range(PIXELS):
        x, y = rng.uniform(left, right), rng.uniform(top, bottom)
        at = int(x) + 0.5, int(y) + 0.5
        near = any(distance(at, place) < NAMED for place in marked)
        if not near and any(depth(cell, at) > CLEAR
                            for _, cell in picture.cells):
            places.append(at)
    said = [row[int(output)] for row in
            plane.eval(picture, corners + places)[0]]
    lo, hi = min(said[:len(corners)]), max(said[:len(corners)])
    for (x, y), value in zip(places, said[len(corners):]):
        want = colour_of((value - lo) / (hi - lo) if hi > lo else 0.5)
        if differ(pixels[int(y)][int(x)], want) > FEW_LEVELS:
            return (f"{pixels[int(y)][int(x)]} instead of {want} at {x}, {y}, "
                    f"where the output is {value} of {lo} to {hi}")
    return "" if len(places) > PIXELS // 4 else "too few places are sure"


# ---- several networks ----

def sheet(program, folder, nets):
    """A plane for each network, all with one scale, and their counts."""
    path = folder / "sheet.svg"
    result = program("draw", *nets, "--box", "-1,1", "--colour", "gradient",
                     "-o", path)
    if ended(result, 0):
        return ended(result, 0)
    picture = Picture(path)
    panels = picture.panels()
    if len(panels) != len(nets) + 1:
        return f"{len(panels)} frames for {len(nets)} networks and a curve"
    cells, values, counts = [], [], []
    for net, panel in zip(nets, panels):
        plane = Plane(program, folder, net.stem, net, ["--box", "-1,1"],
                      (-1, 1, -1, 1))
        counts.append(plane.regions())
        if len(panel.cells) != counts[-1]:
            return f"{len(panel.cells)} cells of {net.stem}, not {counts[-1]}"
        cells += panel.cells
        values += gradients(plane, panel)
    return compare(cells, values) or curve_of_counts(panels[-1], counts)


def curve_of_counts(panel, counts):
    """Points side by side, as high as the counts; higher is less in y."""
    curves = [points for colour, width, points in panel.lines
              if (colour, width) == (LAYERS[0], CURVE)
              and panel.inside(points)]
    if len(curves) != 1 or len(curves[0]) != len(counts):
        return f"{len(counts)} counts, drawn as {curves}"
    xs, ys = zip(*curves[0])
    steps = {round(b - a, 1) for a, b in zip(xs, xs[1:])}
    if len(steps) != 1 or not min(steps) > 0:
        return f"counts at {xs}"
    return affine(counts, ys)


def affine(values, ys):
    """"" when y falls evenly from the least of the values to the greatest."""
    lo, hi = numpy.argmin(values), numpy.argmax(values)
    if not values[lo] < values[hi] or not ys[lo] > ys[hi]:
        return f"{values} are drawn at {ys}"
    for value, y, share in zip(values, ys, shares(values)):
        if abs(ys[lo] + share * (ys[hi] - ys[lo]) - y) > NEAR:
            return f"{value} is drawn at y = {y}"
    return ""


# ---- lines ----

class Line:
    """A network on origin + s u, lo <= s <= hi."""

    def __init__(self, program, folder, model, flags, origin, u, ends):
        self.program, self.folder, self.model = program, folder, model
        self.flags, self.ends = flags, ends
        self.origin, self.u = numpy.array(origin), numpy.array(u)

    def eval(self, s):
        path = self.folder / "points.json"
        path.write_text(json.dumps([list(self.origin + t * self.u)
                                    for t in s]))
        answer, wrong = self.program.json("eval", self.model, "--input", path,
                                          "--pieces")
        if wrong:
            raise ValueError(wrong)
        return answer["outputs"], answer["pieces"]

    def draw(self, *flags):
        path = self.folder / "line.svg"
        wrong = ended(self.program("draw", self.model, *self.flags, *flags,
                                   "-o", path), 0)
        return (None, wrong) if wrong else (Picture(path), "")

    def place(self, panel, x):
        left, right = panel.frame[:2]
        lo, hi = self.ends
        return lo + (x - left) / (right - left) * (hi - lo)


def along(line, outputs, *flags):
    """Curves with the outputs' values, a corner for each breakpoint; below, a
    tick for each layer that has one there; upright lines at the rows."""
    picture, wrong = line.draw(*flags)
    if wrong:
        return wrong
    panel, below = picture.panels()[:2]
    curves = {colour: points for colour, width, points in panel.lines
              if width == CURVE and colour != GREY and panel.inside(points)}
    if set(curves) != {LAYERS[o] for o in outputs}:
        return f"curves of the colours {set(curves)}"
    xs = [x for x, _ in curves[LAYERS[outputs[0]]]]
    corners = [line.place(panel, x) for x in xs]
    answer, _ = line.program.json("count", line.model, *line.flags)
    if len(corners) != int(answer["regions"]) + 1:
        return f"{len(corners) - 1} cells of {answer['regions']}"
    between = [(a + b) / 2 for a, b in zip(corners, corners[1:])]
    values, patterns = line.eval(corners + between)
    for o in outputs:
        if [x for x, _ in curves[LAYERS[o]]] != xs:
            return f"output {o} has other corners than output {outputs[0]}"
    drawn = [y for o in outputs for _, y in curves[LAYERS[o]]]
    drawn += [(p[1] + q[1]) / 2 for o in outputs
              for p, q in zip(curves[LAYERS[o]], curves[LAYERS[o]][1:])]
    n = len(corners)
    said = [row[o] for o in outputs for row in values[:n]]
    said += [row[o] for o in outputs for row in values[n:]]
    return affine(said, drawn) or ticks(line, below, xs, patterns[n:])


def ticks(line, below, xs, patterns):
    layers = Plane(line.program, line.folder, "", line.model, [],
                   None).layer_of()
    want = sorted((layer, x) for x, one, other in zip(
        xs[1:], patterns, patterns[1:])
        for layer in {layers[u] for u in range(len(one))
                      if one[u] != other[u]})
    got = sorted((LAYERS.index(colour), points[0][0])
                 for colour, width, points in below.lines
                 if width == TICK and below.inside(points))
    return "" if got == want else f"ticks {got} instead of {want}"


def marks(line, at):
    picture, wrong = line.draw()
    if wrong:
        return wrong
    panel = picture.panels()[0]
    found = sorted(line.place(panel, points[0][0])
                   for colour, _, points in panel.lines
                   if colour == GREY and panel.inside(points))
    near = len(found) == len(at) and all(
        abs(a - b) < 0.01 for a, b in zip(found, at))
    return "" if near else f"rows at {found} instead of {at}"


# ---- all of them ----

def lines(program, checks, folder):
    moons, bars = "EXAMPLES/moons.onnx", "EXAMPLES/bars.onnx"
    row = numpy.load(program.examples / "rows.npz")["x"][0].astype(float)
    axis = Line(program, folder, moons, ["--axes", "0", "--at",
                "EXAMPLES/rows.npz:0", "--range", "-1,1"], [0, row[1]], [1, 0],
                (-1, 1))
    checks.add("draw: along an input", along(axis, [0]))
    checks.add("draw: along an input, its row", marks(axis, [row[0]]))
    slanted = folder / "slanted.json"
    slanted.write_text(json.dumps({"origin": [0.25, -1], "u": [1, 2],
                                   "range": [-1, 2]}))
    checks.add("draw: along a line", along(Line(
        program, folder, moons, ["--line", slanted], [0.25, -1], [1, 2],
        (-1, 2)), [0]))
    x = numpy.load(program.examples / "bars.npz")["x"]
    a, b = (x[i].reshape(-1).astype(float) for i in (0, 1))
    rows = Line(program, folder, bars, ["--rows", "EXAMPLES/bars.npz:0,1"], a,
                b - a, (-0.5, 1.5))
    checks.add("draw: between rows", along(rows, [0, 1, 2]))
    checks.add("draw: between rows, output 1",
               along(rows, [1], "--output", "1"))
    checks.add("draw: between rows, the rows", marks(rows, [0, 1]))


def networks(program, folder):
    """Few units, so that no cell is small."""
    nets = []
    for seed in (1, 2, 5):
        path = folder / f"net{seed}.onnx"
        wrong = ended(program("make", "mlp:2,3,3,2", "--seed", str(seed), "-o",
                              path), 0)
        if wrong:
            raise ValueError(wrong)
        nets.append(path)
    return nets


def check(program, checks):
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        nets = networks(program, folder)
        zoo = [MODELS / f"zoo/degen_{n}.onnx" for n in (
            "central_8", "parallel_grid", "all_dead")]
        for net in nets + zoo:
            plane = Plane(program, folder, net.stem, net, ["--box", "-1,1"],
                          (-1, 1, -1, 1))
            for what in QUANTITIES:
                checks.add(f"draw {net.stem}: {what}", quantity(plane, what))
            checks.add(f"draw {net.stem}: output 0", shaded(plane, "0"))
        moons = Plane(program, folder, "moons", "EXAMPLES/moons.onnx",
                      ["--box", "-1,1"], (-1, 1, -1, 1))
        checks.add("draw moons: output 0", shaded(moons, "0"))
        data = program.examples / "bars.npz"
        bars = Plane(program, folder, "bars", "EXAMPLES/bars.onnx",
                     ["--rows", f"{data}:0,1,2"],
                     (-0.5, 1.5, -0.5, 1.5)).through_rows(data)
        checks.add("draw bars: output 2", shaded(bars, "2", [
            (0, 0), (1, 0), (0, 1)]))
        checks.add("draw: a sheet", sheet(program, folder, nets))
        lines(program, checks, folder)
