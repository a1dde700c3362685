"""The callback of training loops."""
import json
import pathlib
import tempfile
import unittest

import numpy as np

import pleats
from support import needs, random_layers


class Callback(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.path = pathlib.Path(folder.name)

    def test_loop(self):
        """Every second epoch, with lines as they come, and a film of all."""
        log = self.path / "counts.jsonl"
        callback = pleats.LinearRegionCallback(
            box=(-1, 1), every=2, plane=(-1, 1, -1, 1), log=log)
        layers = [random_layers(seed, 2, 6, 1) for seed in range(5)]
        answers = [callback(model, loss=np.float32(0.5) / (epoch + 1))
                   for epoch, model in enumerate(layers)]
        self.assertEqual([answer is None for answer in answers],
                         [False, True, False, True, False])
        wanted = [int(pleats.load(layers[i]).count(box=(-1, 1)))
                  for i in (0, 2, 4)]
        lines = [json.loads(line) for line in log.read_text().splitlines()]
        for records in (lines, callback.records):
            self.assertEqual([r["regions"] for r in records], wanted)
            self.assertEqual([r["epoch"] for r in records], [0, 2, 4])
            self.assertEqual({r["label"] for r in records}, {"exact"})
            self.assertAlmostEqual(records[2]["loss"], 0.1)
        shown = callback.film(self.path / "film.html")
        self.assertEqual([drawing.regions for drawing in shown], wanted)
        self.assertIn('"epoch 4"', (self.path / "film.html").read_text())

    def test_every(self):
        for every, wanted in ((1, range(7)), (3, (0, 3, 6)), (9, (0,))):
            callback = pleats.LinearRegionCallback(box=(-1, 1), every=every)
            for _ in range(7):
                callback(random_layers(0, 2, 3, 1))
            self.assertEqual([r["epoch"] for r in callback.records],
                             list(wanted))

    def test_limit(self):
        callback = pleats.LinearRegionCallback(box=(-1, 1), cells=3)
        record = callback(random_layers(0, 2, 9, 9, 1))
        self.assertEqual((record["regions"], record["label"],
                          record["stopped"]), (3, "lower", "cell limit"))

    def test_frameworks(self):
        """As Keras and Lightning call it."""
        callback = pleats.LinearRegionCallback(box=(-1, 1))
        callback.model = pleats.load(random_layers(0, 2, 3, 1))
        callback.on_epoch_end(7, {"loss": 0.25})

        class Trainer:
            current_epoch = 8
        callback.on_train_epoch_end(Trainer, random_layers(0, 2, 3, 1))
        self.assertEqual([(r["epoch"], r.get("loss"))
                          for r in callback.records], [(7, 0.25), (8, None)])
        self.assertEqual(callback.records[0]["regions"],
                         callback.records[1]["regions"])

    def test_input(self):
        for words in (dict(every=0), dict(plane=(1, 2)),
                      dict(picture="{epoch}.png"),
                      dict(picture="x.png", plane=(-1, 1, -1, 1))):
            with self.assertRaises(pleats.InputError):
                pleats.LinearRegionCallback(**words)
        with self.assertRaisesRegex(TypeError, "fish"):
            pleats.LinearRegionCallback(fish=1)
        with self.assertRaisesRegex(pleats.InputError, "a film needs"):
            pleats.LinearRegionCallback().film(self.path / "x.html")

    @needs("matplotlib")
    def test_pictures(self):
        import matplotlib
        matplotlib.use("Agg")
        for end in ("png", "html"):
            callback = pleats.LinearRegionCallback(
                box=(-1, 1), plane=(-1, 1, -1, 1), color="slope",
                picture=str(self.path / ("{epoch:02}." + end)))
            for seed in range(2):
                callback(random_layers(seed, 2, 6, 1))
            self.assertGreater((self.path / f"01.{end}").stat().st_size, 5000)
        ax = callback.plot()
        np.testing.assert_array_equal(
            ax.lines[0].get_ydata(), [r["regions"] for r in callback.records])
        callback = pleats.LinearRegionCallback(box=(-1, 1), cells=8)
        for width in (2, 9, 9):
            callback(random_layers(0, 2, width, 1))
        lines = callback.plot(matplotlib.pyplot.subplots()[1]).lines
        self.assertEqual([len(line.get_ydata()) for line in lines], [3, 1, 2])
        self.assertEqual(lines[2].get_markerfacecolor(), "white")

    @needs("pandas")
    def test_frame(self):
        callback = pleats.LinearRegionCallback(box=(-1, 1))
        callback(random_layers(0, 2, 3, 1), loss=1.0)
        frame = callback.to_pandas()
        self.assertEqual(list(frame.columns), ["epoch", "regions", "label",
                                               "stopped", "seconds", "loss"])
