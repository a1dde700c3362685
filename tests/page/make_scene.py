#!/usr/bin/env python3
"""Writes a scene for the page: a random ReLU network with two hidden layers on a
square, cut into its cells in doubles.

usage: make_scene.py OUT.json [--units N1 N2] [--outputs K] [--scenes N] [--seed N]
"""
import argparse
import array
import json
import math
import random
import sys

FRAME = (-2.0, 2.0, -2.0, 2.0)
INPUTS_OF_A_UNIT = 3


def at(form, point):
    return form[0] * point[0] + form[1] * point[1] + form[2]


def plus(form, factor, other):
    return [a + factor * b for a, b in zip(form, other)]


def random_line(rng):
    angle = rng.uniform(0, 2 * math.pi)
    a, b = math.cos(angle), math.sin(angle)
    s, t = rng.uniform(-1.8, 1.8), rng.uniform(-1.8, 1.8)
    return [a, b, -a * s - b * t]


class Network:
    """Units of the second layer see the input and a few units of the first."""

    def __init__(self, units, outputs, rng):
        first, second = units
        self.first = [random_line(rng) for _ in range(first)]
        self.second = [(random_line(rng), self.some(rng, first))
                       for _ in range(second)]
        self.outputs = [self.some(rng, first + second) for _ in range(outputs)]

    @staticmethod
    def some(rng, units):
        chosen = rng.sample(range(units), min(INPUTS_OF_A_UNIT, units))
        return [(unit, rng.uniform(-0.6, 0.6)) for unit in chosen]


class Plane:
    """Corners, each once: a crossing is named by the ends of its edge and by the
    unit that cuts it."""

    def __init__(self):
        s0, s1, t0, t1 = FRAME
        self.point = [(s0, t0), (s1, t0), (s1, t1), (s0, t1)]
        self.crossing = {}

    def cut(self, a, b, value_a, value_b, unit):
        key = (min(a, b), max(a, b), unit)
        if key not in self.crossing:
            share = value_a / (value_a - value_b)
            p, q = self.point[a], self.point[b]
            self.crossing[key] = len(self.point)
            self.point.append((p[0] + share * (q[0] - p[0]),
                               p[1] + share * (q[1] - p[1])))
        return self.crossing[key]

    def halves(self, cell, form, unit):
        """The parts of a cell (corners, walls) where form < 0 and where form > 0;
        None for one that is empty."""
        corners, walls = cell
        value = [at(form, self.point[c]) for c in corners]
        if max(value) <= 0:
            return cell, None
        if min(value) >= 0:
            return None, cell
        parts = []
        for sign in (-1, 1):
            kept, kept_walls = [], []
            for i, corner in enumerate(corners):
                j = (i + 1) % len(corners)
                here, there = sign * value[i] > 0, sign * value[j] > 0
                if here:
                    kept.append(corner)
                    kept_walls.append(walls[i])
                if here != there:
                    kept.append(self.cut(corner, corners[j], value[i], value[j],
                                         unit))
                    kept_walls.append(unit if here else walls[i])
            parts.append((kept, kept_walls))
        return parts


def cut_by(plane, cells, form, unit):
    """cells: list of (polygon, pieces). Cells that are cut come twice."""
    out = []
    for polygon, pieces in cells:
        low, high = plane.halves(polygon, form, unit)
        if low:
            out.append((low, pieces + b"\0"))
        if high:
            out.append((high, pieces + b"\1"))
    return out


def second_form(network, unit, pieces):
    form, inputs = network.second[unit]
    for i, weight in inputs:
        if pieces[i]:
            form = plus(form, weight, network.first[i])
    return form


def cut_second_layer(plane, network, cell):
    """The forms are the same all over a cell of the first layer, so a unit that
    does not cut that cell cuts no part of it."""
    polygon, pieces = cell
    parts = [cell]
    forms = []
    for unit in range(len(network.second)):
        form = second_form(network, unit, pieces)
        forms.append(form)
        value = [at(form, plane.point[c]) for c in polygon[0]]
        if max(value) <= 0 or min(value) >= 0:
            bit = b"\0" if max(value) <= 0 else b"\1"
            parts = [(part, p + bit) for part, p in parts]
        else:
            parts = cut_by(plane, parts, form, len(network.first) + unit)
    return parts, forms


def output_forms(network, pieces, forms):
    first = len(network.first)
    out = []
    for inputs in network.outputs:
        form = [0.0, 0.0, 0.0]
        for unit, weight in inputs:
            if pieces[unit]:
                source = (network.first[unit] if unit < first
                          else forms[unit - first])
                form = plus(form, weight, source)
        out.append(form)
    return out


def area(points):
    return sum(p[0] * q[1] - p[1] * q[0]
               for p, q in zip(points, points[1:] + points[:1])) / 2


def tie(plane, polygon, form):
    """Where a form is zero in a cell: two points or nothing."""
    corners = polygon[0]
    found = []
    for i, corner in enumerate(corners):
        p, q = plane.point[corner], plane.point[corners[(i + 1) % len(corners)]]
        a, b = at(form, p), at(form, q)
        if (a > 0) != (b > 0):
            share = a / (a - b)
            found += [p[0] + share * (q[0] - p[0]), p[1] + share * (q[1] - p[1])]
    return found if len(found) == 4 else []


def middle_of(points):
    return (sum(p[0] for p in points) / len(points),
            sum(p[1] for p in points) / len(points))


def boundary_of(plane, polygon, maps):
    """Segments where the two largest outputs tie."""
    found = []
    for i in range(len(maps)):
        for j in range(i):
            segment = tie(plane, polygon, plus(maps[i], -1, maps[j]))
            if segment:
                middle = middle_of([segment[:2], segment[2:]])
                top = max(at(m, middle) for m in maps)
                if at(maps[i], middle) > top - 1e-9:
                    found += segment
    return found


def scene_of(name, network):
    plane = Plane()
    cells = [(([0, 1, 2, 3], [-1, -2, -3, -4]), b"")]
    for unit, form in enumerate(network.first):
        cells = cut_by(plane, cells, form, unit)
    out = {"name": name, "complete": True, "start": [0], "side": [], "wall": [],
           "active": [], "depth": [], "gradient": [], "area": [], "class": [],
           "boundary": [], "parts": {"cell": [], "class": [], "start": [0],
                                     "corner": []},
           "model": {"path": "moons.onnx", "sha256": "9f86d081884c7d65" * 4}}
    pieces, maps = bytearray(), array.array("f")
    for cell in cells:
        parts, forms = cut_second_layer(plane, network, cell)
        for part, bits in parts:
            found = output_forms(network, bits, forms)
            add_cell(out, plane, part, bits, found, len(network.first))
            pieces += bits
            for form in found:
                maps.extend(form)
    out["corner"] = [x for point in plane.point for x in point]
    out["regions"] = str(len(out["active"]))
    out["pieces"], out["map"] = list(pieces), list(maps)
    return out


def add_cell(out, plane, polygon, pieces, maps, first):
    corners, walls = polygon
    points = [plane.point[c] for c in corners]
    middle = middle_of(points)
    values = [at(form, middle) for form in maps]
    out["side"] += corners
    out["wall"] += walls
    out["start"].append(len(out["side"]))
    out["active"].append(sum(pieces))
    out["depth"].append(max(-1 if w < 0 else int(w >= first) for w in walls))
    out["gradient"].append(math.sqrt(sum(a * a + b * b for a, b, _ in maps)))
    out["area"].append(area(points))
    out["class"].append(values.index(max(values)))
    out["boundary"] += boundary_of(plane, polygon, maps)


def page_object(args):
    scenes = []
    for i in range(args.scenes):
        rng = random.Random(args.seed + i)
        scenes.append(scene_of(f"step {100 * i}",
                               Network(args.units, args.outputs, rng)))
    first, second = args.units
    return {
        "schema": "pleats/1", "title": "Two moons, random weights",
        "domain": "plane through rows 3, 14, 15 of moons.npz, box [-2,2]x[-2,2]",
        "definition": "activation regions: open sets of inputs on which every "
                      "unit keeps one piece",
        "label": "exact", "version": "0.1.0",
        "axes": ["s", "t"], "frame": list(FRAME),
        "layers": [{"name": "relu1", "units": first, "first": 0, "bits": 1},
                   {"name": "relu2", "units": second, "first": first,
                    "bits": 1}],
        "outputs": args.outputs,
        "rows": [{"name": "row 3", "at": [0, 0]}, {"name": "row 14", "at": [1, 0]},
                 {"name": "row 15", "at": [0, 1]}],
        "scenes": scenes}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("out")
    parser.add_argument("--units", type=int, nargs=2, default=[12, 10])
    parser.add_argument("--outputs", type=int, default=3)
    parser.add_argument("--scenes", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    data = page_object(args)
    with open(args.out, "w", encoding="ascii") as file:
        json.dump(data, file, separators=(",", ":"))
    print(" ".join(scene["regions"] for scene in data["scenes"]))


if __name__ == "__main__":
    main()
