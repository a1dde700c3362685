"""Planes as arrays, as pictures and as pages; films."""
import html
import pathlib
import pickle
import re
import tempfile
import unittest

import numpy as np

import pleats
from support import MOONS, needs, random_layers


def size(corners):
    """By the shoelace formula; positive: counter-clockwise."""
    x, y = corners.T
    return (x @ np.roll(y, -1) - y @ np.roll(x, -1)) / 2


class Scene(unittest.TestCase):
    def setUp(self):
        self.net = pleats.load(MOONS)
        self.plane = self.net.plane(box=(-1, 1, -0.5, 1))
        self.scene = self.plane.scene()

    def test_fills_the_plane(self):
        scene = self.scene
        self.assertEqual((scene.regions, scene.label, scene.axes),
                         (int(self.net.count(self.plane.domain)), "exact",
                          ("x0", "x1")))
        areas = [size(scene.polygon(i)) for i in range(scene.regions)]
        self.assertGreater(min(areas), 0)
        self.assertAlmostEqual(sum(areas), 3, places=9)
        np.testing.assert_allclose(scene.area, areas, rtol=1e-3)

    def test_what_is_said_of_a_region(self):
        """In the middle of each, against the network's values there."""
        scene = self.scene
        for i in np.flatnonzero(scene.area > 1e-6):
            middle = scene.polygon(i).mean(axis=0)
            y, pieces = self.net.eval(middle, pieces=True)
            np.testing.assert_array_equal(scene.patterns[i], pieces)
            self.assertAlmostEqual(
                scene.maps[i, 0] @ [*middle, 1], y[0], places=9)
            self.assertEqual(scene.active[i], pieces.sum())
            self.assertAlmostEqual(
                scene.slope[i] / np.hypot(*scene.maps[i, 0, :2]), 1, places=6)

    def test_walls(self):
        """A unit's input is 0 at both ends of its wall; sides of the box are on
        the box."""
        scene, seen = self.scene, set()
        weights = {  # of the first layer
            h.unit: h for h in self.net.region([0.1, 0.2]).halfspaces
            if h.unit < 16}
        for i in range(scene.regions):
            ring = scene.polygon(i)
            for k, wall in enumerate(
                    scene.walls[scene.start[i]:scene.start[i + 1]]):
                ends = ring[[k, (k + 1) % len(ring)]]
                if wall < 0:
                    self.assertTrue(any(
                        (abs(ends[:, axis] - bound) < 1e-9).all()
                        for axis, bound in ((0, -1), (0, 1), (1, -0.5),
                                            (1, 1))))
                elif wall in weights:
                    h = weights[wall]
                    scale = sum(map(abs, h.a))
                    for end in ends:
                        self.assertLess(abs(h.at(end)), 1e-9 * scale)
                    seen.add(wall)
        self.assertGreater(len(seen), 3)

    def test_classes(self):
        """Parts and whole regions cover the plane; the level is met on the
        boundary, and signs in the middle of the rest are right."""
        scene = self.scene
        whole = scene.winner >= 0
        self.assertEqual(set(np.flatnonzero(~whole)),
                         {region for region, _, _ in scene.parts})
        parts = sum(abs(size(corners)) for _, _, corners in scene.parts)
        self.assertAlmostEqual(scene.area[whole].sum() + parts, 3, places=6)
        self.assertGreater(len(scene.boundary), 5)
        y = self.net.eval(scene.boundary.reshape(-1, 2))
        self.assertLess(abs(y).max(), 1e-9)
        for _, winner, corners in scene.parts:
            if abs(size(corners)) > 1e-9:
                value = self.net.eval(corners.mean(axis=0))[0]
                self.assertEqual(winner, value >= 0)
        self.assertEqual(len(self.plane.scene(level=1e9).boundary), 0)
        bare = self.plane.scene(boundary=False)
        self.assertEqual((len(bare.boundary), set(bare.winner)), (0, {-1}))

    def test_maxima(self):
        """Units of several pieces beside others."""
        net = pleats.make("cnn:in=1x4x4/conv=2@2x2/relu/maxpool=3/fc=2",
                          seed=3)
        rows = np.random.default_rng(2).uniform(-2, 2, (3, 16))
        scene = net.plane(rows, box=(-1, 2, -1, 2)).scene()
        for i in np.flatnonzero(scene.area > 1e-6):
            s, t = scene.polygon(i).mean(axis=0)
            x = rows[0] + s * (rows[1] - rows[0]) + t * (rows[2] - rows[0])
            np.testing.assert_array_equal(scene.patterns[i],
                                          net.eval(x, pieces=True)[1])
        self.assertGreater(scene.patterns.max(), 2)

    def test_limit(self):
        scene = self.net.plane(box=(-1, 1, -0.5, 1), cells=10).scene()
        self.assertEqual((scene.regions, scene.label, scene.stopped),
                         (10, "lower", "cell limit"))

    def test_polygons(self):
        polygons = list(self.plane.polygons())
        self.assertEqual(len(polygons), self.scene.regions)
        self.assertAlmostEqual(sum(size(p.corners) for p in polygons), 3,
                               places=9)

    def test_rows(self):
        """Three rows, in six dimensions; the plane's own coordinates."""
        net = pleats.load(random_layers(4, 6, 12, 8, 2))
        rows = np.random.default_rng(1).standard_normal((3, 6))
        plane = net.plane(rows, box=(0, 1, 0, 1))
        scene = plane.scene()
        self.assertEqual(scene.regions, int(net.count(plane.domain)))
        self.assertEqual(scene.axes, ("s", "t"))
        s, t = scene.corners[3]
        x = rows[0] + s * (rows[1] - rows[0]) + t * (rows[2] - rows[0])
        i = next(i for i in range(scene.regions)
                 if 3 in scene.sides[scene.start[i]:scene.start[i + 1]])
        np.testing.assert_allclose(scene.maps[i] @ [s, t, 1], net.eval(x),
                                   atol=1e-9)

    def test_input(self):
        net = pleats.load(random_layers(4, 6, 2, 2))
        with self.assertRaisesRegex(pleats.InputError, "three rows"):
            net.plane()
        with self.assertRaisesRegex(pleats.InputError, "dimension 2"):
            pleats.PlaneView(net, pleats.Box(-1, 1), pleats.Limits()).scene()
        with self.assertRaisesRegex(pleats.InputError, "none of pattern"):
            self.scene.values("heat")

    def test_pickle(self):
        again = pickle.loads(pickle.dumps(self.scene))
        np.testing.assert_array_equal(again.corners, self.scene.corners)

    @needs("matplotlib")
    def test_plot(self):
        import matplotlib
        matplotlib.use("Agg")
        from matplotlib import pyplot
        for color in pleats.plane.COLOURS:
            ax = self.plane.plot(pyplot.subplots()[1], color=color)
            drawn = ax.collections[0]
            n = self.scene.regions
            if color == "class":
                n += len(self.scene.parts) - (self.scene.winner < 0).sum()
            self.assertEqual(len(drawn.get_paths()), n)
            self.assertEqual(len(ax.collections), 3)  # and the boundary twice
            self.assertEqual(ax.get_title(),
                             f"{self.scene.regions} activation regions (exact)")
            pyplot.close(ax.figure)
        drawn = self.plane.plot(color="slope").collections[0]
        self.assertIsInstance(drawn.norm, matplotlib.colors.LogNorm)
        np.testing.assert_array_equal(drawn.get_array(), self.scene.slope)


class Pages(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        self.plane = pleats.load(MOONS).plane()

    def test_page(self):
        path = self.folder / "x.html"
        drawing = self.plane.save(path, title="two moons")
        self.assertEqual((drawing.regions, drawing.label, drawing.drawn),
                         (185, "exact", True))
        self.assertIn("two moons", path.read_text())

    def test_in_a_notebook(self):
        """What a frame holds is the page, letter by letter."""
        shown = self.plane._repr_html_()
        page = html.unescape(re.search(r'srcdoc="([^"]*)"', shown)[1])
        self.plane.save(self.folder / "x.html")
        self.assertEqual(page, (self.folder / "x.html").read_text())

    def test_picture(self):
        """The library of a wheel has none, and says what it has."""
        path = self.folder / "x.svg"
        try:
            drawing = self.plane.save(path, color="depth")
        except pleats.InputError as error:
            self.assertIn("without pictures; write .html", str(error))
            self.assertFalse(path.exists())
            return
        self.assertEqual(drawing.regions, 185)
        self.assertIn("<svg", path.read_text()[:500])

    def test_options(self):
        with self.assertRaisesRegex(TypeError, "size: there is no such"):
            self.plane.save(self.folder / "x.html", size=3)
        with self.assertRaisesRegex(pleats.InputError, "gradient"):
            self.plane.save(self.folder / "x.html", color="heat")
        with self.assertRaisesRegex(pleats.InputError, "never reached"):
            self.plane.save(self.folder / "x.html", level=1e6)
        self.assertFalse((self.folder / "x.html").exists())

    def test_film(self):
        nets = [pleats.make("mlp:2,8,1", seed=seed) for seed in range(3)]
        path = self.folder / "film.html"
        shown = pleats.film(nets, path, pleats.Box(-1, 1),
                            names=["one", "two", "three"])
        self.assertEqual([drawing.regions for drawing in shown],
                         [int(net.count(box=(-1, 1))) for net in nets])
        self.assertIn('"three"', path.read_text())
        with self.assertRaisesRegex(pleats.InputError, "a name for each"):
            pleats.film(nets, path, pleats.Box(-1, 1), names=["one"])
        with self.assertRaisesRegex(pleats.InputError, "one architecture"):
            pleats.film([nets[0], pleats.make("mlp:2,9,1")], path,
                        pleats.Box(-1, 1))
