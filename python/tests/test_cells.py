"""Regions one by one, against numpy and against the count."""
import unittest
from fractions import Fraction

import numpy as np

import pleats
from support import MOONS, long_work, needs, random_layers


def pattern_of(layers, x):
    """The pieces of all units by numpy: whether their inputs are above 0."""
    found = []
    for weight, bias in layers[:-1]:
        z = x @ weight.T.astype(float) + bias
        found.append(z > 0)
        x = np.maximum(z, 0)
    return np.concatenate(found, axis=-1).astype(np.int32)


class Cells(unittest.TestCase):
    def joined(self, cells):
        batches = list(cells)
        return {name: np.concatenate([batch[name] for batch in batches])
                for name in batches[0]}

    def test_patterns_and_maps(self):
        layers = random_layers(5, 3, 9, 8, 2)
        net = pleats.load(layers)
        for threads in (1, 3):
            cells = net.cells(box=(-1, 1), batch=50, threads=threads)
            all = self.joined(cells)
            n = int(net.count(box=(-1, 1)))
            self.assertEqual((cells.regions, cells.label, cells.stopped),
                             (n, "exact", None))
            self.assertEqual(len(np.unique(all["pattern"], axis=0)), n)
            inside = all["is_inside"]
            self.assertGreater(inside.mean(), 0.9)
            x = all["point"][inside]
            np.testing.assert_array_equal(all["pattern"][inside],
                                          pattern_of(layers, x))
            y = np.einsum("nij,nj->ni", all["A"][inside], x) + all["b"][inside]
            np.testing.assert_allclose(y, net.eval(x), rtol=1e-9, atol=1e-9)

    def test_units_of_many_pieces(self):
        """Maxima of three: patterns of two bits, beside those of one."""
        import glob
        from support import ROOT
        checked = 0
        for path in sorted(glob.glob(str(ROOT / "tests/data/ops/*max*.onnx"))):
            net = pleats.load(path, logits=True)
            for batch in net.cells(box=(-1, 1), cells=500):
                inside = batch["is_inside"]
                _, pieces = net.eval(batch["point"][inside], pieces=True)
                np.testing.assert_array_equal(pieces, batch["pattern"][inside])
                checked = max(checked, batch["pattern"].max(initial=0))
        self.assertGreater(checked, 1)

    def test_fields(self):
        net = pleats.load(MOONS)
        batch = next(iter(net.cells(box=(-1, 1), fields=["point"])))
        self.assertEqual(set(batch), {"point", "is_inside"})
        with self.assertRaisesRegex(pleats.InputError, "pattern, point, map"):
            net.cells(fields=["colour"])

    def test_quantities(self):
        """Volumes sum to the box's, and those in doubles are within their
        errors; classes and slopes are those of the maps."""
        net = pleats.load(MOONS)
        found = self.joined(net.cells(box=(-1, 1), fields=[
            "map", "volume", "exact_volume", "bounded", "class", "slope"]))
        self.assertEqual(sum(found["exact_volume"]), 4)
        for value, error, exact in zip(found["volume"], found["volume_error"],
                                       found["exact_volume"]):
            self.assertLessEqual(abs(Fraction(value) - exact), Fraction(error))
        self.assertTrue(found["bounded"].all())
        self.assertEqual({tuple(row) for row in found["class"].tolist()},
                         {(2, 0), (0, 2), (1, 1)})
        a = np.abs(found["A"])
        np.testing.assert_allclose(found["slope"], np.stack(
            [a.sum(2), np.sqrt((a ** 2).sum(2)), a.max(2)], axis=2))
        whole = self.joined(net.cells(fields=["exact_volume", "volume",
                                              "bounded"]))
        far = ~whole["bounded"]
        self.assertEqual(set(whole["exact_volume"][far]), {None})
        self.assertTrue(np.isinf(whole["volume"][far]).all())

    def test_left_early(self):
        """Work that nobody waits for ends."""
        for batch in long_work().cells(box=(-1, 1), batch=10):
            self.assertEqual(len(batch["pattern"]), 10)
            break

    def test_limit(self):
        cells = pleats.load(MOONS).cells(box=(-1, 1), cells=20)
        self.assertEqual(len(self.joined(cells)["pattern"]), 20)
        self.assertEqual((cells.label, cells.stopped), ("lower", "cell limit"))

    def test_errors_reach_the_caller(self):
        with self.assertRaisesRegex(pleats.InputError, "not a number"):
            list(pleats.load(MOONS).cells(box=("low", 1)))

    @needs("pandas")
    def test_pandas(self):
        frame = pleats.load(MOONS).cells(box=(-1, 1)).to_pandas()
        self.assertEqual(len(frame), 185)
        self.assertEqual(list(frame.columns),
                         ["pattern", "x0", "x1", "is_inside", "A[0,0]",
                          "A[0,1]", "b[0]"])
        self.assertEqual(frame.pattern.nunique(), 185)
