"""Least and largest values, slopes, properties, surveys, complexes."""
import json
import pathlib
import pickle
import subprocess
import tempfile
import unittest
from fractions import Fraction

import numpy as np

import pleats
from support import MOONS, PROGRAM, long_work, needs

# Outputs relu(2 x - 1) - relu(y), relu(y) and 0.
STEPS = [([[2, 0], [0, 1]], [-1, 0]),
         ([[1, -1], [0, 1], [0, 0]], None)]


def answer(*arguments):
    """The program's JSON."""
    return json.loads(subprocess.run(
        [PROGRAM, *map(str, arguments), "--json"], check=True,
        capture_output=True, text=True).stdout)


class Range(unittest.TestCase):
    def setUp(self):
        self.net = pleats.load(STEPS)

    def test_output(self):
        found = self.net.range(box=(-1, "1/3"))
        self.assertEqual((found.least.value, found.largest.value),
                         (Fraction(-1, 3), 0))
        self.assertTrue(found.least.exact and found.largest.exact)
        self.assertLessEqual(found.least.lower, -1 / 3)
        self.assertGreaterEqual(found.least.upper, -1 / 3)
        at = found.least.at
        self.assertEqual(at.point[1], Fraction(1, 3))
        self.assertEqual(at.output, (Fraction(-1, 3), Fraction(1, 3), 0))
        np.testing.assert_allclose(at.input, [float(x) for x in at.point])
        self.assertEqual(at.pattern[1], 1)
        again = pickle.loads(pickle.dumps(found))
        self.assertEqual(again.least.at.point, at.point)

    def test_direction(self):
        """3 relu(2 x - 1) - relu(y), of exact numbers and of doubles."""
        for direction in ([3, 2, 7], [3.0, 2.0, 7.0],
                          ["3", Fraction(2), "14/2"]):
            found = self.net.range(box=(-1, 1), direction=direction)
            self.assertEqual((found.least.value, found.largest.value), (-1, 3))
            self.assertEqual(float(found.largest), 3)
        self.assertEqual(self.net.range(box=(0, 1), output=2).largest.value, 0)

    def test_refused(self):
        with self.assertRaisesRegex(pleats.InputError, "output"):
            self.net.range(box=(-1, 1), output=3)
        with self.assertRaisesRegex(pleats.InputError, "bounded"):
            self.net.range()

    def test_empty(self):
        found = self.net.range(polytope=([[1, 0], [-1, 0]], [-1, -1]))
        self.assertTrue(found.empty)
        self.assertIsNone(found.least.value)
        self.assertTrue(np.isnan(float(found.least)))

    def test_limit(self):
        found = long_work().range(box=(-1, 1), cells=3)
        self.assertIn(found.least.label, ("upper", None))
        self.assertLessEqual(found.least.lower, found.least.upper)
        self.assertIsNotNone(found.stopped)

    def test_as_the_program(self):
        shown = answer("range", MOONS, "--box", "-1,1")
        found = pleats.load(MOONS).range(box=(-1, 1))
        self.assertEqual(
            [str(found.least.value), str(found.largest.value)],
            [shown["ranges"][0][name]["value"] for name in ("least", "largest")])


class Property(unittest.TestCase):
    def check(self, text, **limits):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "property.vnnlib"
            path.write_text(
                "".join(f"(declare-const {v} Real)"
                        for v in ("X_0", "X_1", "Y_0", "Y_1", "Y_2")) +
                "(assert (and (>= X_0 0) (<= X_0 1) (>= X_1 0) (<= X_1 1)))" +
                text)
            return pleats.load(STEPS).check(path, **limits)

    def test_violated(self):
        found = self.check("(assert (>= Y_0 1))")
        self.assertEqual(found.verdict, "violated")
        self.assertEqual(found.counterexample.point, (1, 0))
        self.assertEqual(found.counterexample.output, (1, 0, 0))

    def test_holds(self):
        found = self.check("(assert (or (> Y_0 1) (>= Y_1 1.25)))")
        self.assertEqual((found.verdict, found.counterexample, found.cases,
                          found.settled), ("holds", None, 2, 2))
        self.assertEqual(found.open_share, 0)

    def test_open(self):
        self.assertEqual(self.check("").verdict, "open")
        with self.assertRaises(pleats.InputError):
            self.check("(assert (>= Y_9 1))")


class Lipschitz(unittest.TestCase):
    def test_norms(self):
        net = pleats.load(STEPS)
        for norm, output, value in (("inf", 0, 3), (1, 0, 2), ("2", 0, 5),
                                    ("inf", 1, 1), ("inf", None, 3),
                                    ("1", None, 2)):
            found = net.lipschitz(box=(-1, 1), norm=norm, output=output)
            with self.subTest(norm=norm, output=output):
                self.assertEqual((found.value, found.exact), (value, True))
        self.assertAlmostEqual(float(net.lipschitz(box=(-1, 1), norm=2)),
                               5 ** 0.5)
        steepest = net.lipschitz(box=(-1, 1)).at
        self.assertEqual(steepest.pattern.tolist(), [1, 1])
        self.assertIsNone(steepest.output)

    def test_interval(self):
        found = pleats.load(STEPS).lipschitz(box=(-1, 1), norm=2, output=None)
        self.assertIsNone(found.value)
        self.assertLessEqual(found.lower, 6 ** 0.5)  # of [[2, -1], [0, 1]]
        self.assertGreaterEqual(found.upper, 5 ** 0.5)
        self.assertTrue(np.isnan(float(found)))

    def test_refused(self):
        with self.assertRaisesRegex(pleats.InputError, "'3' is none of"):
            pleats.load(STEPS).lipschitz(box=(-1, 1), norm=3)


class Survey(unittest.TestCase):
    def test_boxes(self):
        """Regions of volumes 3/2, 3/2, 3 and 3; classes cut some of them."""
        survey = pleats.load(STEPS).survey(
            box=(-1, "2"), exact_volumes=True,
            data=np.array([[1.0, 1.0], [0.0, 1.5], [0.0, 0.5], [9, 9],
                           [0.5, 1]]))
        self.assertEqual((int(survey), survey.exact, survey.domain_volume),
                         (4, True, 9))
        self.assertEqual(sum(c.exact_volume for c in survey.classes), 9)
        self.assertEqual(survey.active.tolist(), [1, 2, 1])
        self.assertEqual(survey.state.tolist(), ["changes", "changes"])
        self.assertEqual((survey.layers[0].units.changes,
                          survey.layers[0].last, survey.uncut), (2, 4, 0))
        self.assertEqual((survey.rows, survey.rows_outside,
                          survey.rows_on_walls, survey.in_region.tolist()),
                         (5, 1, 1, [2, 1]))
        self.assertEqual((survey.volume.bins.tolist(),
                          survey.volume.edges.tolist()), ([2, 2], [1, 2, 4]))
        self.assertAlmostEqual(survey.volume.least, 1.5)
        self.assertAlmostEqual(survey.volume.most, 3)

    def test_as_the_program(self):
        shown = answer("survey", MOONS, "--box", "-1,1")
        survey = pleats.load(MOONS).survey(box=(-1, 1))
        self.assertEqual(
            [(c.somewhere, c.everywhere) for c in survey.classes],
            [(int(c["regions"]), int(c["alone"])) for c in shown["classes"]])
        self.assertEqual(
            [c.share_lo for c in survey.classes],
            [c["share"][0] for c in shown["classes"]])

    def test_without_volumes(self):
        survey = pleats.load(STEPS).survey()
        self.assertEqual((int(survey), survey.volume, survey.domain_volume),
                         (4, None, None))

    def test_limit(self):
        survey = pleats.load(MOONS).survey(box=(-1, 1), cells=20)
        self.assertEqual((survey.label, survey.stopped is None),
                         ("lower", False))
        self.assertTrue(1 <= survey.regions < 185)


class Complex(unittest.TestCase):
    def test_boxes(self):
        """Four boxes in a square: 9 vertices, 12 edges."""
        found = pleats.load(STEPS[:1] + [([[1, -1]], None)]).complex(
            box=(-1, 1), classes=True, exact_volumes=True)
        self.assertEqual((found.faces, found.inside, found.euler,
                          found.regions, found.exact),
                         ((9, 12, 4), (1, 4, 4), 1, 4, True))
        self.assertEqual([(s.kind, s.number, s.betti, s.rational_betti)
                          for s in found.sets],
                         [("class", 0, (1, 0, 0), (1, 0, 0)),
                          ("class", 1, (1, 0, 0), (1, 0, 0)),
                          ("boundary", -1, (1, 0, 0), (1, 0, 0))])
        self.assertEqual([(c.number, c.exact_volume)
                          for c in found.components],
                         [(0, Fraction(7, 4)), (1, Fraction(9, 4))])
        self.assertIsNone(found.graph)

    @needs("networkx")
    def test_graph(self):
        graph = pleats.load(STEPS).complex(box=(-1, 1), graph=True).graph
        self.assertEqual((len(graph), graph.number_of_edges()), (4, 4))
        for a, b, units in graph.edges(data="units"):
            patterns = graph.nodes[a]["pattern"], graph.nodes[b]["pattern"]
            self.assertEqual(list(units), np.flatnonzero(
                np.not_equal(*patterns)).tolist())
        self.assertEqual({(node["facets"], node["sides"], node["vertices"])
                          for _, node in graph.nodes(data=True)}, {(4, 2, 4)})

    def test_limits_and_refusals(self):
        net = pleats.load(MOONS)
        part = net.complex(box=(-1, 1), cells=20)
        self.assertEqual((part.label, part.exact), ("lower", False))
        self.assertTrue(1 <= part.regions <= 185)
        with self.assertRaisesRegex(pleats.InputError, "bounded"):
            net.complex()


if __name__ == "__main__":
    unittest.main()
