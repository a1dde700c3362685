"""Properties of random networks and domains, by hypothesis: against fractions,
against points, and against one another.

Skipped where hypothesis is not installed."""
import os
import pickle
import unittest
from fractions import Fraction

import numpy as np

import pleats
from exact import forms, primitive

try:
    from hypothesis import HealthCheck, given, settings, strategies as st
except ImportError as error:
    raise unittest.SkipTest("hypothesis is not installed") from error

CASES = 25 * int(os.environ.get("PLEATS_TEST_MULTIPLIER", "1"))
quick = settings(max_examples=CASES, deadline=None, derandomize=True,
                 suppress_health_check=[HealthCheck.too_slow])

# Numbers that make parallel, equal and dead units likely.
weights = st.one_of(st.integers(-2, 2).map(float),
                    st.floats(-2, 2, width=16))
rationals = st.fractions(min_value=-3, max_value=3, max_denominator=7)


@st.composite
def networks(draw, n_inputs=None, least=1):
    """Layers of a small network of 1 to 3 inputs."""
    n = draw(st.integers(1, 3)) if n_inputs is None else n_inputs
    widths = [n, *draw(st.lists(st.integers(least, 5), min_size=1,
                                max_size=2)), 1]
    layers = []
    for n, m in zip(widths, widths[1:]):
        rows = draw(st.lists(st.lists(weights, min_size=n, max_size=n),
                             min_size=m, max_size=m))
        layers.append((rows, draw(st.lists(weights, min_size=m, max_size=m))))
    return layers


@st.composite
def boxes(draw, n):
    ends = [sorted(draw(st.tuples(rationals, rationals))) for _ in range(n)]
    return pleats.Box([lo for lo, _ in ends], [hi for _, hi in ends])


def pattern_of(layers, x):
    """Which units are above 0 at an exact point."""
    found = []
    for weight, bias in layers[:-1]:
        z = [sum(Fraction(w) * v for w, v in zip(row, x)) + Fraction(b)
             for row, b in zip(weight, bias)]
        found += [int(v > 0) for v in z]
        x = [max(v, Fraction(0)) for v in z]
    return tuple(found)


class Random(unittest.TestCase):
    @quick
    @given(st.data())
    def test_counts(self, data):
        """Engines agree; regions are at least pieces, these at least maps;
        each region is visited once; no exact point has another pattern."""
        layers = data.draw(networks())
        n = len(layers[0][0][0])
        box = data.draw(boxes(n))
        net = pleats.load(layers)
        count = net.count(box, what=("regions", "pieces", "maps"), threads=1)
        self.assertTrue(count.exact)
        self.assertTrue(count.maps <= count.pieces <= count.regions)
        self.assertEqual(count.regions, int(net.count(
            box, engine="by-programmes", paranoid=True, threads=1)))
        patterns = {tuple(row) for batch in net.cells(box)
                    for row in batch["pattern"].tolist()}
        self.assertEqual(len(patterns), count.regions)
        if all(lo < hi for lo, hi in zip(box.lo, box.hi)):
            shares = data.draw(st.lists(st.fractions(
                0, 1, max_denominator=997), min_size=n, max_size=n))
            x = [lo + s * (hi - lo)
                 for lo, hi, s in zip(box.lo, box.hi, shares)]
            near = [v + (mid - v) / 10 ** 9 * (1 + i / Fraction(7))
                    for i, (v, mid) in enumerate(zip(x, [
                        (lo + hi) / 2 for lo, hi in zip(box.lo, box.hi)]))]
            # a point on a wall has no region
            units = forms(layers, pattern_of(layers, near))[0]
            if all(sum(map(lambda w, v: w * v, a, near)) + b
                   for a, b in units if any(a)):
                self.assertIn(pattern_of(layers, near), patterns)

    @quick
    @given(st.data())
    def test_unions(self, data):
        """A box cut in two is the same box; order does not matter."""
        layers = data.draw(networks(2))
        net = pleats.load(layers)
        a, b = data.draw(boxes(2)), data.draw(boxes(2))
        both = int(net.count(a | b, threads=1))
        self.assertEqual(both, int(net.count(b | a, threads=1)))
        patterns = {tuple(row) for box in (a, b) for batch in net.cells(box)
                    for row in batch["pattern"].tolist()}
        if all(lo < hi for box in (a, b) for lo, hi in zip(box.lo, box.hi)):
            self.assertEqual(both, len(patterns))
        middle = (a.lo[0] + a.hi[0]) / 2
        left = pleats.Box(a.lo, [middle, a.hi[1]])
        right = pleats.Box([middle, a.lo[1]], a.hi)
        self.assertEqual(int(net.count(left | right, threads=1)),
                         int(net.count(a, threads=1)))

    @quick
    @given(st.data())
    def test_regions(self, data):
        """Half-spaces are the units' forms; pickles are what they were."""
        layers = data.draw(networks())
        n = len(layers[0][0][0])
        x = data.draw(st.lists(st.floats(-2, 2, width=32), min_size=n,
                               max_size=n))
        try:
            region = pleats.load(layers).region(x)
        except pleats.InputError as error:
            self.assertIn("wall", str(error))
            return
        units = forms(layers, region.pattern)[0]
        wanted = [(i, primitive([v if region.pattern[i] else -v
                                 for v in (*a, b)]))
                  for i, (a, b) in enumerate(units) if any(a)]
        self.assertEqual([(h.unit, [*h.a, h.b]) for h in region.halfspaces],
                         wanted)
        again = pickle.loads(pickle.dumps(region))
        self.assertEqual((again.halfspaces, again.vertices, again.facets),
                         (region.halfspaces, region.vertices, region.facets))

    @quick
    @given(st.data())
    def test_planes(self, data):
        """Polygons fill the box, one for each region."""
        layers = data.draw(networks(2))
        net = pleats.load(layers)
        box = data.draw(st.tuples(rationals, rationals, rationals, rationals))
        s0, s1, t0, t1 = box
        if not (s0 < s1 and t0 < t1):
            return
        scene = net.plane(box=box).scene()
        self.assertEqual(scene.regions, int(net.count(
            box=([s0, t0], [s1, t1]), threads=1)))
        area = float((s1 - s0) * (t1 - t0))
        self.assertLess(abs(scene.area.sum() - area), 1e-2 * area)
        for i in np.flatnonzero(scene.area > 1e-6 * area):
            middle = scene.polygon(i).mean(axis=0)
            _, pieces = net.eval(middle, pieces=True)
            changed = np.flatnonzero(pieces != scene.patterns[i])
            # units that are 0 on a whole region have no sign there
            units = forms(layers, scene.patterns[i])[0]
            self.assertFalse([u for u in changed if any(units[u][0])])
            self.assertAlmostEqual(scene.maps[i, 0] @ [*middle, 1],
                                   net.eval(middle)[0], places=6)

    @quick
    @given(st.data())
    def test_works(self, data):
        """In steps of any length, and in parts, the count is the same."""
        net = pleats.load(data.draw(networks()))
        whole = net.count(box=(-2, 2), what=("regions", "maps"), threads=1)
        work = pleats.Work(net, box=(-2, 2), what=("regions", "maps"),
                           threads=1)
        steps = 0
        while not work.done and steps < 500:
            work.run(cells=data.draw(st.integers(1, 5)))
            steps += 1
        count = work.result()
        self.assertEqual((count.regions, count.maps, count.exact),
                         (whole.regions, whole.maps, True))
        n = data.draw(st.integers(2, 4))
        parts = [pleats.Work(net, box=(-2, 2), part=(i, n), threads=1).run()
                 for i in range(n)]
        self.assertEqual(sum(map(int, parts)), whole.regions)
