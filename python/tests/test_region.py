"""Exact half-spaces against forms worked out in fractions."""
import pickle
import unittest
from fractions import Fraction

import numpy as np

import pleats
from exact import forms, primitive
from support import random_layers


def integer_layers(seed, *widths):
    """Small integers: many planes go through one point, many are parallel."""
    numbers = np.random.default_rng(seed)
    return [(numbers.integers(-2, 3, (m, n)).astype(float),
             numbers.integers(-2, 3, m).astype(float))
            for n, m in zip(widths, widths[1:])]


def of_units(region):
    return [h for h in region.halfspaces if h.unit is not None]


class Halfspaces(unittest.TestCase):
    def wanted(self, layers, region):
        """Of every unit whose form is not constant in the region: the side of
        its plane on which the region is, in the inputs."""
        found = []
        for unit, (a, b) in enumerate(forms(layers, region.pattern)[0]):
            sign = 1 if region.pattern[unit] else -1
            if any(a):
                found.append((unit, primitive([sign * x for x in (*a, b)])))
        return found

    def test_on_all_of_space(self):
        """Rows are those of the units' forms, in their order."""
        seen = 0
        for seed in range(12):
            make = integer_layers if seed % 2 else random_layers
            layers = make(seed, 3, 6, 5, 1)
            net = pleats.load(layers)
            x = np.random.default_rng(seed).uniform(-2, 2, 3)
            region = net.region(x)
            self.assertEqual([(h.unit, [*h.a, h.b]) for h in of_units(region)],
                             self.wanted(layers, region))
            self.assertEqual(len(of_units(region)), len(region.halfspaces))
            seen += len(region.halfspaces)
        self.assertGreater(seen, 80)

    def test_in_a_box(self):
        """The frame of a box has other coordinates than the inputs, and the
        box itself is there."""
        layers = random_layers(3, 2, 5, 4, 1)
        region = pleats.load(layers).region(
            [0.25, 0.5], box=(["-1/3", "0"], ["1", "6/7"]))
        self.assertEqual([(h.unit, [*h.a, h.b]) for h in of_units(region)],
                         self.wanted(layers, region))
        self.assertEqual([(h.side, h.a, h.b) for h in region.halfspaces
                          if h.unit is None],
                         [(0, (3, 0), 1), (1, (-1, 0), 1), (2, (0, 1), 0),
                          (3, (0, -7), 6)])

    def test_sides_of_a_polytope(self):
        layers = random_layers(4, 2, 3, 1)
        region = pleats.load(layers).region(
            [0.25, 0.25], polytope=([[-1, 0], [0, -3], [2, 1]],
                                    [0, "1/2", 5]))
        rows = [h for h in region.halfspaces
                if h.side is not None and h.side >= 4]
        self.assertEqual([(*h.a, h.b) for h in rows],
                         [(1, 0, 0), (0, 6, 1), (-2, -1, 5)])
        box = [h for h in region.halfspaces if h.side is not None
               and h.side < 4]  # about the polytope
        self.assertEqual([h.facet for h in box], [None] * 4)

    def test_on_planes(self):
        """On the plane the values are those of the units' forms up to a
        positive factor, at exact points; only two inputs have weights."""
        layers = random_layers(8, 4, 7, 5, 1)
        net = pleats.load(layers)
        origin, u, v = [1, 0, 0.5, 0], [0.5, 1, 0, 2], [0.25, 2, 1, -1]
        plane = pleats.Plane(origin, u, v)
        x = np.array(origin) + 0.5 * np.array(u) - 0.25 * np.array(v)
        region = net.region(x, plane)
        units = forms(layers, region.pattern)[0]
        points = [[Fraction(o) + s * Fraction(a) + t * Fraction(b)
                   for o, a, b in zip(origin, u, v)]
                  for s, t in ((0, 0), (1, 0), (0, 1), (Fraction(1, 3), -2))]
        self.assertGreater(len(of_units(region)), 8)
        for h in of_units(region):
            a, b = units[h.unit]
            sign = 1 if region.pattern[h.unit] else -1
            pairs = [(h.at(p), sign * (sum(map(lambda w, y: w * y, a, p)) + b))
                     for p in points]
            first = next(got / want for got, want in pairs if want)
            self.assertGreater(first, 0)
            for got, want in pairs:
                self.assertEqual(got, first * want)
            self.assertLessEqual(sum(map(bool, h.a)), 2)

    def test_facets(self):
        """Each facet is on the planes of its units, and corners of the region
        on it."""
        net = pleats.load(random_layers(5, 2, 9, 8, 1))
        region = net.region([0.1, 0.2], box=(-3, 3))
        for number, facet in enumerate(region.facets):
            here = [h for h in region.halfspaces if h.facet == number]
            self.assertEqual({h.unit for h in here if h.unit is not None},
                             set(facet.units))
            for h in here:
                on = [v for v in region.vertices if h.at(v) == 0]
                self.assertEqual(len(on), 2)
        for h in region.halfspaces:
            self.assertTrue(all(h.at(v) >= 0 for v in region.vertices))
            self.assertGreater(h.at([0.1, 0.2]), 0)
            if h.facet is None:
                self.assertLess(sum(h.at(v) == 0 for v in region.vertices), 2)

    def test_asked_for(self):
        net = pleats.load(random_layers(1, 70, 3, 1))
        x = np.linspace(-1, 1, 70)
        self.assertIsNone(net.region(x).halfspaces)
        found = net.region(x, halfspaces=True).halfspaces
        self.assertEqual((len(found), len(found[0].a)), (3, 70))
        again = pickle.loads(pickle.dumps(found))
        self.assertEqual(again, found)
        with self.assertRaises(ValueError):
            found[0].at([1, 2])
