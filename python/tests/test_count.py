"""Counts against the command line program and against published truths."""
import io
import json
import pickle
import tempfile
import unittest
import unittest.mock
from fractions import Fraction

import numpy as np

import pleats
from pleats._exact import fraction, integer, number
from support import ACAS, MODELS, MOONS, command, needs, random_layers


class Count(unittest.TestCase):
    def setUp(self):
        self.moons = pleats.load(MOONS)

    def test_equals_the_program(self):
        for domain, options in (
                (dict(), []), (dict(box=(-1, 1)), ["--box", "-1,1"]),
                (dict(box=("-0.1", "1/3")), ["--box", "-0.1,1/3"])):
            self.assertEqual(int(self.moons.count(**domain)),
                             command("count", MOONS, *options))

    def test_words(self):
        count = self.moons.count(what=("maps", "regions", "pieces"))
        self.assertEqual(int(count), count.maps)
        self.assertTrue(count.maps <= count.pieces <= count.regions == 609)
        self.assertTrue(count.exact and count.complete)
        self.assertEqual(count.lower, count.maps)
        self.assertEqual((count.label, count.stopped, count.domain),
                         ("exact", None, "R^2"))
        self.assertTrue(count.definition.startswith("affine maps: "))
        self.assertIn("609", count._repr_html_())
        self.assertGreater(count.seconds, 0)

    def test_limit_is_a_lower_bound(self):
        count = self.moons.count(cells=10)
        self.assertEqual((int(count), count.label, count.stopped),
                         (10, "lower", "cell limit"))
        self.assertFalse(count.exact or count.complete)
        self.assertEqual(str(count),
                         "at least 10 activation regions (cell limit)")

    def test_pickle(self):
        count = self.moons.count(box=(-1, 1))
        again = pickle.loads(pickle.dumps(count))
        self.assertEqual(again, count)
        self.assertEqual(hash(again), hash(185))
        with self.assertRaisesRegex(TypeError, "handle"):
            pickle.dumps(self.moons)

    def test_engines_agree(self):
        for engine in ("by-vertices", "by-programmes"):
            self.assertEqual(self.moons.count(box=(-1, 1), engine=engine), 185)
        self.assertEqual(self.moons.count(box=(-1, 1), paranoid=True), 185)

    def test_progress(self):
        shares = []
        net = pleats.load(random_layers(3, 6, 40, 40, 1))
        net.count(box=(-1, 1), seconds=1.5,
                  progress=lambda found, share: shares.append(share))
        self.assertTrue(shares and all(0 <= share <= 1 for share in shares))

    @needs("tqdm")
    def test_bar(self):
        """Of tqdm; it says how many regions there are so far."""
        net = pleats.load(random_layers(3, 6, 40, 40, 1))
        with unittest.mock.patch("sys.stderr", io.StringIO()) as shown:
            net.count(box=(-1, 1), seconds=1.2, progress=True)
        self.assertRegex(shown.getvalue(), r"%\|.*[\d,]+ regions")
        with unittest.mock.patch.dict("sys.modules", {"tqdm.auto": None}):
            with self.assertRaisesRegex(pleats.MissingModule, "needs tqdm"):
                net.count(box=(-1, 1), progress=True)

    def test_error_of_progress(self):
        net = pleats.load(random_layers(3, 6, 40, 40, 1))

        def broken(found, share):
            raise LookupError("mine")
        with self.assertRaisesRegex(LookupError, "mine"):
            net.count(box=(-1, 1), seconds=30, progress=broken)

    @unittest.skipUnless(MODELS.is_dir(), "there are no real networks")
    def test_truths(self):
        """Planes of real networks, counted by another program."""
        truth = json.loads((MODELS / "ground_truth_2d.json").read_text())
        small = [row for row in truth if row["cells"] and row["cells"] < 9000
                 and (MODELS / row["model"]).exists()]
        self.assertGreater(len(small), 10)
        for row in small:
            net = pleats.load(MODELS / row["model"], logits=True)
            origin, u, v = (np.ravel(np.array(row[key], dtype=float))
                            for key in ("origin", "u", "v"))
            count = net.count(plane=(origin, u, v, row["box"]),
                              what=("regions", "pieces", "maps"))
            with self.subTest(model=row["model"]):
                self.assertEqual(
                    (count.regions, count.pieces, count.maps),
                    (row["cells"], row["pieces"], row["maps"]))

    @unittest.skipUnless(ACAS.exists(), "there is no network of ACAS Xu")
    def test_vnnlib(self):
        """Property 3 of ACAS Xu."""
        path = ACAS.parent / "acasxu_prop_3.vnnlib"
        count = pleats.load(ACAS).count(vnnlib=path)
        self.assertEqual(int(count), command("count", ACAS, "--vnnlib", path))
        self.assertTrue(count.exact)


class Domains(unittest.TestCase):
    """One line of units x = 1, ..., 9 in a plane: the count is the number of
    lines that meet the domain, and one."""

    def setUp(self):
        n = 9
        weights = np.zeros((n, 2))
        weights[:, 0] = 1
        self.net = pleats.load([(weights, -np.arange(1.0, n + 1)),
                                (np.ones((1, n)), None)])

    def count(self, domain=None, **words):
        return int(self.net.count(domain, **words))

    def test_kinds(self):
        half = Fraction(1, 2)
        for domain, expected in (
                (pleats.All(), 10),
                (pleats.Box(0, half), 1),
                (pleats.Box([0, 0], [3.5, 1.0]), 4),
                (pleats.Box(0, [3.5, float("inf")]), 4),
                (pleats.Line([0, 0], [1, 1]), 10),
                (pleats.Line([0, 0], [1, 1], range=(0, "3.5")), 4),
                (pleats.Line([0, 0], [0, 1]), 1),
                (pleats.Plane([0, 0], [1, 0], [0, 1], (0, 2.5, 0, 1)), 3),
                (pleats.Slice([0.5, 0], [[1, 0], [0, 1]]), 10),
                (pleats.Polytope([[1, 0], [-1, 0]], [half, half]), 1),
                (pleats.Ball([3, 0], "1.1"), 4),
                (pleats.Rows([[0, 0], [4.5, 0]], (0, 1), (0, 1)), 5),
                (pleats.Axes([[0.5, 0.5]], 0, [0], (0, 2.5)), 3),
                (pleats.Box(0, half) | pleats.Box(half, "5.5")
                 | pleats.Box(8.5, 9.5), 8)):
            with self.subTest(domain=domain):
                self.assertEqual(self.count(domain), expected)

    def test_keywords(self):
        self.assertEqual(self.count(box=(0, 2.5)), 3)
        self.assertEqual(self.count(ball=([3, 0], "1.1")), 4)
        self.assertEqual(self.count(line=([0, 0], [1, 0])), 10)
        self.assertEqual(self.count(box=pleats.Box(0, 2.5)), 3)
        with tempfile.NamedTemporaryFile("w", suffix=".vnnlib") as file:
            file.write("""(declare-const X_0 Real) (declare-const X_1 Real)
                (declare-const Y_0 Real) (assert (<= X_0 4.5))
                (assert (>= X_0 1.5)) (assert (<= X_1 1)) (assert (>= X_1 0))
                """)
            file.flush()
            self.assertEqual(self.count(vnnlib=file.name), 4)

    def test_floats_are_exact(self):
        """The double 0.1 is above 1/10: the wall at 1/10 meets the one box and
        not the other."""
        net = pleats.load([([[10.0]], [-1.0]), ([[1.0]], None)])
        self.assertEqual(net.count(box=(0, "0.1")), 1)
        self.assertEqual(net.count(box=(0, 0.1)), 2)
        self.assertEqual(net.count(box=([0.0], [0.1])), 2)
        self.assertEqual(net.count(box=([0], [Fraction(1, 10)])), 1)

    def test_large_integers(self):
        """2^53 + 1 is no double."""
        net = pleats.load([([[1.0]], [-(2.0 ** 53)]), ([[1.0]], None)])
        self.assertEqual(net.count(box=([0.5], [2 ** 53])), 1)
        self.assertEqual(net.count(box=([0.5], [2 ** 53 + 1])), 2)


class Sources(unittest.TestCase):
    def test_bytes(self):
        net = pleats.load(MOONS.read_bytes())
        self.assertEqual(net.count(box=(-1, 1)), 185)
        self.assertEqual(net.sha256, pleats.load(str(MOONS)).sha256)
        self.assertEqual((net.n_inputs, net.n_units, net.n_outputs), (2, 32, 1))
        self.assertEqual(sum(layer.units for layer in net.layers), 32)

    def test_arrays(self):
        layers = random_layers(1, 2, 5, 4, 3)
        net = pleats.load(layers)
        x = np.random.default_rng(2).standard_normal((4, 7, 2))
        y = x
        for weight, bias in layers[:-1]:
            y = np.maximum(y @ weight.T.astype(float) + bias, 0)
        y = y @ layers[-1][0].T.astype(float) + layers[-1][1]
        np.testing.assert_allclose(net.eval(x), y, rtol=1e-12, atol=1e-12)

    @needs("sklearn")
    def test_sklearn(self):
        from sklearn.neural_network import MLPClassifier, MLPRegressor
        x = np.random.default_rng(0).standard_normal((40, 2))
        model = MLPRegressor((6, 5), max_iter=5, random_state=0)
        import warnings
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            model.fit(x, x[:, 0] * x[:, 1])
            wrong = MLPClassifier((3,), "tanh", max_iter=2).fit(x, x[:, 0] > 0)
            plain = MLPRegressor((4,), "identity", max_iter=5).fit(x, x)
            three = MLPClassifier((7, 4), max_iter=40, random_state=1).fit(
                x, np.digitize(x[:, 0], [-0.5, 0.5]))
            two = MLPClassifier((7,), max_iter=40, random_state=1).fit(
                x, x[:, 0] > x[:, 1])
        net = pleats.load(model)
        np.testing.assert_allclose(net.eval(x)[:, 0], model.predict(x))
        self.assertEqual(net.n_units, 11)
        linear = pleats.load(plain)
        np.testing.assert_allclose(linear.eval(x), plain.predict(x))
        self.assertEqual(linear.count(), 1)
        logits = pleats.load(three).eval(x)  # softmax does not move them
        np.testing.assert_array_equal(logits.argmax(axis=1), three.predict(x))
        np.testing.assert_allclose(
            logits - logits[:, :1],
            (lambda p: p - p[:, :1])(three.predict_log_proba(x)), atol=1e-9)
        np.testing.assert_array_equal(pleats.load(two).eval(x)[:, 0] > 0,
                                      two.predict(x))
        with self.assertRaisesRegex(pleats.InputError, "tanh"):
            pleats.load(wrong)

    @needs("torch")
    def test_torch(self):
        import torch
        model = torch.nn.Sequential(torch.nn.Linear(2, 6), torch.nn.ReLU(),
                                    torch.nn.Linear(6, 1))
        with self.assertRaisesRegex(pleats.InputError, "example"):
            pleats.load(model)
        with self.assertWarnsRegex(UserWarning, "training mode"):
            net = pleats.load(model, example=torch.zeros(1, 2))
        x = torch.randn(5, 2)
        np.testing.assert_allclose(net.eval(x.numpy()),
                                   model(x).detach().numpy(), rtol=1e-5,
                                   atol=1e-6)
        self.assertTrue(model.training)

    def test_big_integers(self):
        """2^40000 has 12042 digits; it can be shown, and reckoned with."""
        found = integer(decimal(2 ** 40000).encode())
        self.assertEqual(found, 2 ** 40000)
        self.assertEqual(integer(b"-" + decimal(10 ** 5000 + 3).encode()),
                         -(10 ** 5000) - 3)
        self.assertEqual(f"{found}", "about 10^12041.200")
        self.assertEqual(repr(pickle.loads(pickle.dumps(found))), repr(found))
        self.assertEqual((integer(b"12"), integer(None)), (12, None))
        self.assertEqual((number(b"182.35"), number(b"12")), (182.35, 12))
        self.assertEqual(number(b"1.5e5000"), 15 * 10 ** 4999)
        self.assertEqual(fraction(b"-3/4"), Fraction(-3, 4))
        bounds = pleats.bound("mlp:8000,8000,8000,8000")
        self.assertTrue(bounds.best_upper > 10 ** 4300)
        self.assertIn("about 10^", repr(bounds))


def decimal(value):
    """Digits of any number, which str() refuses."""
    digits = ""
    while value:
        value, low = divmod(value, 10 ** 1000)
        digits = f"{low:01000d}" + digits
    return digits.lstrip("0")
