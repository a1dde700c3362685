"""An independent count of regions in the plane and on a line, for the golden
tests: cells are convex polygons (or segments) with rational corners, cut by
one unit after the other.  Slow and simple on purpose."""
from fractions import Fraction

import numpy as np
import onnx
from onnx import numpy_helper


def value(form, point):
    return form[0] + sum(c * p for c, p in zip(form[1:], point))


def minus(f, g):
    return tuple(a - b for a, b in zip(f, g))


def cut(corners, form):
    """The parts of a cell where the form is > 0 and < 0, None when empty."""
    values = [value(form, p) for p in corners]
    closed = len(corners) > 2
    parts = []
    for sign in (1, -1):
        if not any(v * sign > 0 for v in values):
            parts.append(None)
            continue
        part = []
        for i, (p, v) in enumerate(zip(corners, values)):
            if v * sign >= 0:
                part.append(p)
            if i + 1 == len(corners) and not closed:
                continue
            q, w = corners[(i + 1) % len(corners)], values[
                (i + 1) % len(corners)]
            if v * w < 0:
                t = v / (v - w)
                part.append(tuple(a + t * (b - a) for a, b in zip(p, q)))
        parts.append(part)
    return parts


def rectangle(s0, s1, t0, t1):
    s0, s1, t0, t1 = map(Fraction, (s0, s1, t0, t1))
    return [(s0, t0), (s1, t0), (s1, t1), (s0, t1)]


def segment(a, b):
    return [(Fraction(a),), (Fraction(b),)]


def coordinates(origin, *directions):
    """Affine forms of the inputs in the domain's coordinates."""
    columns = [origin, *directions]
    return [tuple(Fraction(c[i]) for c in columns)
            for i in range(len(origin))]


def affine(weight, bias):
    rows = [[Fraction(float(a)) for a in row] for row in weight]
    shift = [Fraction(float(b)) for b in bias]

    def step(cells):
        for corners, forms in cells:
            used = [[(a, f) for a, f in zip(row, forms) if a]
                    for row in rows]
            size = len(forms[0])
            yield corners, [
                tuple((b if k == 0 else 0) + sum(a * f[k] for a, f in terms)
                      for k in range(size)) for terms, b in zip(used, shift)]
    return step


def relu(cells):
    for corners, forms in cells:
        zero = tuple(Fraction(0) for _ in forms[0])
        parts = [(corners, [])]
        for form in forms:
            split = []
            for polygon, done in parts:
                up, down = cut(polygon, form)
                if up:
                    split.append((up, done + [form]))
                if down:
                    split.append((down, done + [zero]))
                if not up and not down:
                    split.append((polygon, done + [zero]))
            parts = split
        yield from parts


def winners(polygon, forms):
    """(part, form) for every form that is the maximum on an open part."""
    for i, top in enumerate(forms):
        if top in forms[:i]:
            continue
        part = polygon
        for other in forms:
            if part and other != top:
                part = cut(part, minus(top, other))[0]
        if part:
            yield part, top


def maximum(groups):
    """Cells in which the first winner of every group stays the same."""
    def step(cells):
        for corners, forms in cells:
            parts = [(corners, [])]
            for group in groups:
                parts = [(part, done + [top]) for polygon, done in parts
                         for part, top in winners(
                             polygon, [forms[i] for i in group])]
            yield from parts
    return step


def dense_layers(path):
    """The steps of a Gemm-Relu network as PyTorch exports it."""
    graph = onnx.load(path).graph
    init = {t.name: numpy_helper.to_array(t) for t in graph.initializer}
    steps = []
    for node in graph.node:
        if node.op_type == "Gemm":
            weight, bias = (init[n] for n in node.input[1:])
            steps.append(affine(weight, bias))
        else:
            assert node.op_type == "Relu"
            steps.append(relu)
    return steps


def bars_layers(path):
    """The steps of the network of examples/bars.onnx."""
    init = {t.name: numpy_helper.to_array(t)
            for t in onnx.load(path).graph.initializer}
    kernel, shift, last, last_shift = (init[n] for n in (
        "0.weight", "0.bias", "4.weight", "4.bias"))
    weight = np.zeros((48, 36), np.float32)
    for f in range(3):
        for r in range(4):
            for c in range(4):
                for i in range(3):
                    for j in range(3):
                        weight[16 * f + 4 * r + c, 6 * (r + i) + c + j] = \
                            kernel[f, 0, i, j]
    groups = [[16 * f + 4 * (2 * r + i) + 2 * c + j
               for i in range(2) for j in range(2)]
              for f in range(3) for r in range(2) for c in range(2)]
    return [affine(weight, np.repeat(shift, 16)), relu, maximum(groups),
            affine(last, last_shift)]


def count(steps, corners, inputs):
    """(regions, maps)."""
    cells = [(corners, inputs)]
    for step in steps:
        cells = step(cells)
    regions, maps = 0, set()
    for _, forms in cells:
        regions += 1
        maps.add(tuple(forms))
    return regions, len(maps)
