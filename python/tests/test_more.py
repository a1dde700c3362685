"""Regions around a point, estimates, architectures without weights."""
import json
import math
import pickle
import subprocess
import unittest
from fractions import Fraction

import numpy as np

import pleats
from support import MOONS, PROGRAM, needs, random_layers

# Units x > 0, x > 2, y > 0, y > 3 and x + y > 100: boxes with exact corners.
GRID = [([[1, 0], [1, 0], [0, 1], [0, 1], [1, 1]], [0, -2, 0, -3, -100]),
        ([[1, 1, 1, 1, 1]], [0.5])]


class Region(unittest.TestCase):
    def setUp(self):
        self.net = pleats.load(GRID)

    def test_box(self):
        region = self.net.region([1, 1])
        self.assertTrue(region.exact and region.bounded)
        self.assertEqual(sorted(region.vertices),
                         [(0, 0), (0, 3), (2, 0), (2, 3)])
        self.assertEqual(sorted(f.units[0] for f in region.facets),
                         [0, 1, 2, 3])
        self.assertEqual(region.pattern.tolist(), [1, 0, 1, 0, 0])
        self.assertEqual(sorted(p.tolist() for p in region.neighbours),
                         [[0, 0, 1, 0, 0], [1, 0, 0, 0, 0], [1, 0, 1, 1, 0],
                          [1, 1, 1, 0, 0]])
        self.assertEqual(sum(region.proofs.values()), 5)
        self.assertEqual(len(region.halfspaces), 5)
        self.assertEqual(region.ball, 1)
        self.assertLessEqual(region.distance, 1)
        self.assertGreater(region.distance, 0.999)
        a, b = region.affine
        self.assertEqual((a.tolist(), b.tolist()), ([[1, 1]], [0.5]))
        again = pickle.loads(pickle.dumps(region))
        self.assertEqual(again.facets, region.facets)

    def test_sides_and_exact_corners(self):
        region = self.net.region([0.25, 0.25], box=("-1", "1/3"))
        self.assertEqual(max(region.vertices), (Fraction(1, 3),) * 2)
        sides = sorted(f.side for f in region.facets if f.side is not None)
        self.assertEqual(sides, [1, 3])
        self.assertEqual(len(region.neighbours), 2)

    def test_on_a_wall(self):
        with self.assertRaisesRegex(pleats.InputError, "unit"):
            self.net.region([0, 1])
        with self.assertRaisesRegex(pleats.InputError, "3 numbers"):
            self.net.region([0, 1, 2])

    @needs("networkx")
    def test_graph(self):
        graph = self.net.graph([1, 1], box=(-1, 4))
        self.assertEqual((len(graph), graph.number_of_edges()), (9, 12))
        self.assertTrue(graph.graph["complete"])
        depths = sorted(depth for _, depth in graph.nodes(data="depth"))
        self.assertEqual(depths, [0, 1, 1, 1, 1, 2, 2, 2, 2])
        for i, j, units in graph.edges(data="units"):
            differ = np.flatnonzero(graph.nodes[i]["pattern"]
                                    != graph.nodes[j]["pattern"])
            self.assertEqual(tuple(differ), units)
        near = self.net.graph([1, 1], radius="1.5")
        self.assertEqual(len(near), self.net.count(ball=([1, 1], "1.5")))
        self.assertEqual(len(self.net.graph([1, 1], cells=2)), 2)


class Statistics(unittest.TestCase):
    def setUp(self):
        self.net = pleats.load(MOONS)
        self.rows = np.random.default_rng(0).standard_normal((25, 2))

    def test_sample(self):
        for words in (dict(box=(-1, 1)), dict(box=(-1, 1), source="sequence")):
            sample = self.net.sample(points=20000, **words)
            self.assertEqual(sample.points + sample.on_walls
                             + sample.undecided, 20000)
            self.assertTrue(100 < int(sample) <= 185)
        patterns = {tuple(p) for p in
                    self.net.eval(self.rows, pieces=True)[1].tolist()}
        self.assertEqual(int(self.net.sample(data=self.rows)), len(patterns))
        with self.assertRaises(pleats.InputError):
            self.net.sample(box=(-1, 1), source="thin air")

    def test_estimate(self):
        exact = self.net.estimate(box=(-1, 1))
        self.assertEqual((exact.exact, exact.regions), (True, 185))
        estimate = self.net.estimate(box=(-1, 1), exact_time=0, seed=3)
        self.assertEqual((estimate.label, estimate.lower), ("estimate", None))
        self.assertTrue(estimate.lo <= estimate.mean <= estimate.hi)
        self.assertLess(abs(estimate.mean / 185 - 1), 0.2)

    def test_progress(self):
        """Of what is made of trials: told now and then, and ever more."""
        net = pleats.load(random_layers(3, 5, 40, 40, 1))
        rows = np.random.default_rng(1).standard_normal((4000, 5))
        for call in (
                lambda **words: pleats.mean("mlp:2,30,30,1", box=(-1, 1),
                                            trials=10 ** 6, **words),
                lambda **words: pleats.search("mlp:2,4,4,1", starts=10 ** 6,
                                              patience=20, **words),
                lambda **words: net.density(rows, radius="0.2", n=4000,
                                            **words)):
            told = []
            call(seconds=2, progress=lambda *now: told.append(now))
            self.assertGreater(len(told), 1)
            self.assertEqual(told, sorted(told))
            self.assertGreater(told[-1], told[0])
            self.assertTrue(all(0 <= share <= 1 for _, share in told))

    def test_stable(self):
        """Units of the first layer, by the signs at the corners."""
        net = pleats.load(GRID)
        stable = net.stable(box=([0.5, 0.5], [1.5, 5]), effort="exact")
        self.assertEqual(stable.state.tolist(),
                         ["on", "off", "on", "changes", "off"])
        self.assertEqual((stable.count("on"), stable.layers[0].off), (2, 2))
        self.assertEqual(net.stable(box=(-1, 4), effort="exact").regions, 9)

    def test_density(self):
        balls = self.net.density(self.rows, radius="0.1", n=5)
        counts = [int(self.net.count(ball=(row, "0.1")))
                  for row in self.rows[:5]]
        self.assertAlmostEqual(balls.whole.mean, np.mean(counts))
        self.assertEqual((balls.n, balls.whole.least, balls.whole.greatest),
                         (5, min(counts), max(counts)))
        self.assertGreater(self.net.density(self.rows).whole.mean, 0)

    def test_hulls(self):
        """In two directions of the plane the cut is the hull; all units of the
        first layer change on a large one."""
        hulls = self.net.hulls(self.rows, "0.5", n=5, cuts=True)
        self.assertEqual(hulls.lower.shape, (5, len(hulls.layers)))
        self.assertTrue((hulls.lower <= hulls.cut).all())
        self.assertTrue((hulls.cut <= hulls.upper).all())
        self.assertTrue(hulls.cut_exact.all())
        self.assertTrue((hulls.cut_regions > hulls.cut.max(axis=1)).all())
        large = self.net.hulls(self.rows, 1e9, directions=2, n=1)
        self.assertEqual((int(large.lower[0, 0]), large.cut),
                         (large.layers[0].units, None))
        with self.assertRaises(pleats.InputError):
            self.net.hulls(self.rows, 0)

    def test_neighbours(self):
        """Two units that cut a square in four: each region has two vertices of
        its own sides, the middle, and a neighbour behind each wall."""
        net = pleats.load([(np.eye(2), np.zeros(2)), (np.ones((1, 2)), None)])
        fields = ("pattern", "vertices", "facets", "neighbours")
        n = 0
        for batch in net.cells(box=(-1, 1), fields=fields):
            for own, corners, facets, beside in zip(*map(batch.get, fields)):
                x, y = (2 * own - 1).tolist()
                self.assertEqual(set(corners),
                                 {(0, 0), (x, 0), (0, y), (x, y)})
                self.assertEqual(sorted(facets), [-1, -1, 0, 1])
                for unit, changes in zip(facets, beside):
                    self.assertEqual(changes, None if unit < 0 else
                                     [(unit, 1 - own[unit])])
                n += 1
        self.assertEqual(n, 4)

    def test_centres(self):
        """Two units that cut a square in four smaller ones; in the plane no
        region has a largest ball."""
        net = pleats.load([(np.eye(2), np.zeros(2)), (np.ones((1, 2)), None)])
        fields = ("pattern", "centre")
        for batch in net.cells(box=(-1, 1), fields=fields):
            np.testing.assert_allclose(batch["centre"], batch["pattern"] - 0.5,
                                       atol=1e-9)
            self.assertTrue((batch["radius"] <= 0.5).all())
            np.testing.assert_allclose(batch["radius"], 0.5, rtol=1e-8)
        for batch in net.cells(fields=fields):
            self.assertTrue(np.isnan(batch["centre"]).all())
            self.assertFalse(batch["radius"].any())

    def test_balls(self):
        """Orthants that meet a ball in norm 1 about (c, .., c): those with m
        coordinates below 0, where m c is less than the radius."""
        for n in (5, 7, 60):
            net = pleats.load([(np.eye(n), np.zeros(n)), (np.ones((1, n)),
                                                          None)])
            for radius, most in (("1/20", 0), ("1/10", 1), ("11/100", 2)):
                ball = pleats.Ball(["1/20"] * n, radius, norm=1)
                want = sum(math.comb(n, m) for m in range(most + 1))
                count = net.count(ball, what=("regions", "pieces", "maps"))
                self.assertEqual((count.regions, count.pieces, count.maps,
                                  count.dimension), (want, want, want, n))
        with self.assertRaises(pleats.InputError):
            list(net.cells(ball))
        with self.assertRaises(pleats.InputError):
            net.count(ball | ball)
        with self.assertRaises(pleats.InputError):
            net.count(pleats.Ball([0] * n, 1, norm=2))

    def test_pickle(self):
        for result in (self.net.sample(points=100),
                       self.net.density(self.rows, n=3), pleats.Box(-1, "1/3"),
                       pleats.bound("mlp:2,3,1"),
                       pleats.layer("mlp:2,3,1")):
            again = pickle.loads(pickle.dumps(result))
            self.assertEqual(repr(again), repr(result))


class Theory(unittest.TestCase):
    def test_layer(self):
        """Sum of C(5, i) for i <= 2 [Zaslavsky 1975]; C(4, 2) bounded."""
        layer = pleats.layer("mlp:2,5,1")
        self.assertEqual((int(layer.generic), layer.generic.label),
                         (1 + 5 + 10, "exact"))
        self.assertEqual((layer.bounded.value, layer.no_bias.value), (6, 10))
        self.assertEqual(layer.independent, (1, 5, 10))
        self.assertEqual(layer.binomial, (1, 1, 1))
        self.assertEqual(layer.leading, Fraction(1, 2))
        one = pleats.layer("mlp:2,5,1", want=("formula",))
        self.assertEqual(one.formula.value, 16)
        with self.assertRaisesRegex(ValueError, "no number"):
            int(one.bounded)

    def test_bound(self):
        """[Montufar2014, Thm 4] on 2 inputs and two layers of 4 units: each
        fold doubles both, 4 * (1 + 4 + 6)."""
        found = pleats.bound("mlp:2,4,4,1")
        self.assertEqual(found.best_lower, 44)
        self.assertTrue(44 <= found.best_upper <= 121)
        self.assertEqual({b.side for b in found.bounds}, {"upper", "lower"})
        net = pleats.make("mlp:2,4,4,1", construct="montufar")
        self.assertEqual(net.count(box=(0, 1)), 44)
        self.assertEqual(
            pleats.bound("mlp:2,4,4,1", witness=net).best_lower, net.count())
        self.assertLessEqual(int(net.count(box=(0, "0.1"))),
                             pleats.bound(net, box=(0, "0.1")).best_upper)

    def test_compare(self):
        """The numbers of the program."""
        specs = ["cnn:in=1x8/conv=4@3/relu/conv=4@3/relu", "mlp:2,9,1",
                 "mlp:3,4,4,1"]
        rows = pleats.compare(specs, match="fc")
        shown = json.loads(subprocess.run(
            [PROGRAM, "compare", *specs, "--match", "fc", "--json"],
            check=True, capture_output=True).stdout)["rows"]
        self.assertEqual(len(rows), len(shown))
        for row, wanted in zip(rows, shown):
            self.assertEqual(
                (row.spec.text, row.role, row.depth, row.exact,
                 row.spec.n_parameters),
                tuple(wanted[key] for key in ("spec", "role", "depth", "exact",
                                              "parameters")))
            for side in ("lower", "upper"):
                found = getattr(row, side)
                self.assertEqual((str(found.value), found.name, found.source),
                                 tuple(wanted[side][key] for key in
                                       ("value", "name", "source")))
                self.assertAlmostEqual(found.per_parameter,
                                       wanted[side]["log10_per_parameter"])
        self.assertTrue(rows[0].is_above(rows[1]))
        self.assertFalse(rows[0].is_above(rows[0]))
        with self.assertRaisesRegex(pleats.InputError, "'fc' or None"):
            pleats.compare(specs, match="cnn")

    def test_make_and_mean(self):
        mean = pleats.mean("mlp:2,4,3,1", box=(-1, 1), trials=8, seed=5)
        counts = [pleats.make("mlp:2,4,3,1", seed=trial.seed)
                  .count(box=(-1, 1)).regions for trial in mean.trials]
        self.assertEqual(counts, [trial.regions for trial in mean.trials])
        self.assertAlmostEqual(mean.mean, np.mean(counts))
        self.assertEqual((mean.quantiles[0], mean.quantiles[-1]),
                         (min(counts), max(counts)))
        self.assertRaises(pleats.LimitReached, pleats.mean, "mlp:2,4,1",
                          trials=1000, seconds=1e-9)

    def test_search(self):
        """Three lines: at most 7 regions, and these are found."""
        found = pleats.search("mlp:2,3,1", starts=4)
        self.assertEqual((found.best, found.upper, found.exact), (7, 7, True))
        self.assertEqual(found.net.count(), 7)

    def test_spec(self):
        spec = pleats.spec("cnn:in=1x3x3/conv=2@2x2/relu/fc=1")
        self.assertEqual((spec.n_inputs, spec.n_units, spec.n_parameters),
                         (9, 8, 2 * 4 + 2 + 8 + 1))
        self.assertEqual(pleats.spec(pleats.load(MOONS)).n_parameters,
                         2 * 16 + 16 + 16 * 16 + 16 + 16 + 1)
        with self.assertRaisesRegex(pleats.InputError, "character"):
            pleats.spec("mlp:2,x")
