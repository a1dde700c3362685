"""Modules of torch, as they come from torchvision and from papers: each is
exported, and has its values, its units and (where it is small) its regions.

Without torch this is one plain line."""
import unittest
import warnings

import numpy as np

import pleats

try:
    import torch
    from torch import nn
    from torch.nn import functional as F
except ImportError as error:
    raise unittest.SkipTest("torch is not installed") from error

from torch_models import MODELS, example_of


def loaded(model, example):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.filterwarnings("error", "the module is in training mode")
        return pleats.load(model.eval(), example=example)


class Corpus(unittest.TestCase):
    def test_there_are_many(self):
        self.assertGreaterEqual(len(MODELS), 40)

    def test_values(self):
        """At random inputs, in single precision."""
        for name, (make, shape) in MODELS.items():
            with self.subTest(name=name):
                torch.manual_seed(len(name))
                model = make()
                net = loaded(model, example_of(shape))
                x = torch.randn(3, *shape)
                with torch.no_grad():
                    y = model(x).reshape(3, -1).double().numpy()
                found = net.eval(x.reshape(3, -1).double().numpy())
                self.assertEqual(found.shape, y.shape)
                np.testing.assert_allclose(found, y, rtol=1e-3, atol=1e-4)
                self.assertGreater(net.n_units, 0)

    def test_planes(self):
        """On a random plane: pieces of the network are flat between walls, so
        that the values of torch at the middle of large regions are those of
        the region's map."""
        for name, (make, shape) in MODELS.items():
            with self.subTest(name=name):
                torch.manual_seed(len(name))
                model = make()
                net = loaded(model, example_of(shape))
                rows = np.random.default_rng(1).standard_normal(
                    (3, net.n_inputs))
                scene = net.plane(rows, box=(0, 1, 0, 1), cells=3000).scene(
                    boundary=False)
                self.assertGreaterEqual(scene.regions, 1)
                for i in np.argsort(scene.area)[-3:]:
                    s, t = scene.polygon(i).mean(axis=0)
                    x = rows[0] + s * (rows[1] - rows[0]) + t * (
                        rows[2] - rows[0])
                    with torch.no_grad():
                        y = model(torch.tensor(x).float().reshape(1, *shape))
                    np.testing.assert_allclose(
                        scene.maps[i] @ [s, t, 1], y.double().numpy().ravel(),
                        rtol=1e-3, atol=1e-3)


class Loading(unittest.TestCase):
    def test_modes(self):
        """Modes are as before, part by part; training is warned of."""
        model = nn.Sequential(nn.Linear(2, 4), nn.BatchNorm1d(4), nn.ReLU(),
                              nn.Dropout(), nn.Linear(4, 1))
        model[1].eval()
        with self.assertWarnsRegex(UserWarning, "training mode"):
            net = pleats.load(model, example=torch.zeros(1, 2))
        self.assertEqual([part.training for part in model],
                         [True, False, True, True, True])
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            again = pleats.load(model.eval(), example=torch.zeros(1, 2))
        self.assertEqual(net.sha256, again.sha256)
        self.assertEqual(net.n_units, 4)

    def test_batches(self):
        """The first axis of an example is left out, however long it is."""
        model = nn.Sequential(nn.Conv2d(1, 2, 3), nn.ReLU(), nn.Flatten(),
                              nn.Linear(8, 2)).eval()
        one = pleats.load(model, example=torch.zeros(1, 1, 4, 4))
        many = pleats.load(model, example=torch.zeros(7, 1, 4, 4))
        numbers = pleats.load(model, example=np.zeros((2, 1, 4, 4)))
        self.assertEqual((one.n_inputs, one.n_outputs), (16, 2))
        self.assertEqual(int(one.count(box=(-1, 1))),
                         int(many.count(box=(-1, 1))))
        self.assertEqual((many.n_inputs, numbers.n_inputs), (16, 16))

    def test_weights_are_as_they_are(self):
        """A BatchNorm is not multiplied into the weights before it, which would
        round them: its shift is exact, its scale a rounded root."""
        model = nn.Sequential(nn.Linear(2, 3), nn.BatchNorm1d(3), nn.ReLU(),
                              nn.Linear(3, 1)).eval()
        model[1].running_var += torch.tensor([3.0, 8.0, 15.0]) - 1e-5
        net = pleats.load(model, example=torch.zeros(1, 2))
        self.assertEqual([layer.op for layer in net.layers
                          if layer.op == "BatchNormalization"],
                         ["BatchNormalization"])

    def test_several_inputs(self):
        class Two(nn.Module):
            def forward(self, x, y):
                return F.relu(x - y) + F.relu(y)
        net = pleats.load(Two().eval(),
                          example=(torch.zeros(1, 2), torch.zeros(1, 2)))
        self.assertEqual(net.n_inputs, 4)
        np.testing.assert_allclose(net.eval([3, 0, 1, 2]), [3, 2])

    def test_refusals(self):
        with self.assertRaisesRegex(pleats.InputError, "an example input"):
            pleats.load(nn.Linear(2, 1).eval())
        with self.assertRaisesRegex(pleats.InputError, "fails at the example"):
            pleats.load(nn.Linear(2, 1).eval(), example=torch.zeros(1, 3))
        with self.assertRaisesRegex(pleats.InputError, "Tanh"):
            pleats.load(nn.Sequential(nn.Linear(2, 1), nn.Tanh()).eval(),
                        example=torch.zeros(1, 2))

        class Chance(nn.Module):
            def forward(self, x):
                return F.relu(x) + 3 * torch.rand(1).item()
        with self.assertRaisesRegex(pleats.InputError, "does not compute"):
            pleats.load(Chance().eval(), example=torch.zeros(1, 2))

    def test_wrong_exporters(self):
        """Torch 1.13 writes another function for padding around the edge; such
        a file is right or refused."""
        model = nn.Sequential(nn.Conv2d(1, 1, 3, padding=1,
                                        padding_mode="circular"),
                              nn.ReLU()).eval()
        x = torch.randn(1, 1, 6, 6)
        try:
            net = pleats.load(model, example=torch.zeros(1, 1, 6, 6))
        except pleats.InputError as error:
            self.assertIn("does not compute", str(error))
            return
        np.testing.assert_allclose(net.eval(x.numpy().ravel()),
                                   model(x).detach().numpy().ravel(),
                                   atol=1e-5)

    def test_dynamo(self):
        """A newer torch is asked for its other exporter first, and for the old
        one where that fails."""
        calls = []

        class Program:
            def __init__(self, data):
                self.model_proto = self
                self.SerializeToString = lambda: data
        old = torch.onnx.export

        def export(model, args, f=None, *, dynamo=None, fails=False, **words):
            calls.append(dynamo)
            if dynamo and broken:
                raise RuntimeError("no such operator")
            if not dynamo:
                return old(model, args, f, **words)
            import io
            stream = io.BytesIO()
            old(model, args, stream)
            return Program(stream.getvalue())
        model = nn.Sequential(nn.Linear(2, 3), nn.ReLU()).eval()
        torch.onnx.export = export
        try:
            for broken, wanted in ((False, [True]), (True, [True, False])):
                calls.clear()
                net = pleats.load(model, example=torch.zeros(1, 2))
                self.assertEqual((net.n_units, calls), (3, wanted))
        finally:
            torch.onnx.export = old

    def test_callback(self):
        """In a training loop: no warning, modes as before, regions as of the
        networks by themselves."""
        torch.manual_seed(0)
        model = nn.Sequential(nn.Linear(2, 8), nn.ReLU(), nn.Linear(8, 1))
        callback = pleats.LinearRegionCallback(box=(-1, 1),
                                               example=torch.zeros(1, 2))
        step = torch.optim.SGD(model.parameters(), lr=0.5)
        counts = []
        for _ in range(3):
            x = torch.randn(32, 2)
            step.zero_grad()
            loss = ((model(x)[:, 0] - x[:, 0] * x[:, 1]) ** 2).mean()
            loss.backward()
            step.step()
            with warnings.catch_warnings():
                warnings.simplefilter("error")
                callback(model, loss=loss.item())
            self.assertTrue(model.training)
            counts.append(int(pleats.load([
                (layer.weight.detach().numpy(), layer.bias.detach().numpy())
                for layer in (model[0], model[2])]).count(box=(-1, 1))))
        self.assertEqual([r["regions"] for r in callback.records], counts)
