#!/usr/bin/python3
"""Train and export the example networks of this folder.

    moons.onnx   2-16-16-1 ReLU network that separates two noisy half moons
    bars.onnx    1x6x6 image -> conv 3x3 (3 filters), ReLU, max pool 2, linear:
                 horizontal, vertical or diagonal bar?
    rows.npz     rows of the moons data for moons.onnx (array x, float32)
    bars.npz     rows of the bars data for bars.onnx (array x, float32)

Needs python3-torch of Debian 12.  Fixed seeds; another version of PyTorch may
train slightly other weights, so the results are committed.
"""
import io
import pathlib
import zipfile

import numpy as np
import torch
from torch import nn

HERE = pathlib.Path(__file__).resolve().parent


def save_npz(path, **arrays):
    """np.savez with a fixed time stamp, so that files are reproducible."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, array in arrays.items():
            data = io.BytesIO()
            np.lib.format.write_array(data, np.ascontiguousarray(array))
            archive.writestr(zipfile.ZipInfo(name + ".npy"), data.getvalue())


def moons_data(rng, n):
    """Two half moons in about [-1, 2] x [-0.5, 1], moved and scaled into
    [-1, 1]^2."""
    angle = rng.uniform(0, np.pi, n)
    label = rng.integers(0, 2, n)
    upper = np.stack([np.cos(angle), np.sin(angle)], 1)
    lower = np.stack([1 - np.cos(angle), 0.5 - np.sin(angle)], 1)
    x = np.where(label[:, None] == 0, upper, lower)
    x = x + rng.normal(0, 0.1, x.shape)
    x = (x - [0.5, 0.25]) / [1.75, 1.0]
    return x.astype(np.float32), label


def bars_data(rng, n):
    """Noisy 6x6 images of one horizontal, vertical or diagonal bar."""
    label = rng.integers(0, 3, n)
    x = rng.uniform(0, 0.3, (n, 1, 6, 6))
    for image, kind in zip(x, label):
        at, start = rng.integers(1, 5), rng.integers(0, 2)
        for step in range(start, start + 5):
            row, column = ((at, step), (step, at), (step, step))[kind]
            image[0, row, column] += 0.7
    return x.astype(np.float32), label


def train(net, x, y, loss, steps):
    x, y = torch.from_numpy(x), torch.from_numpy(y)
    optimiser = torch.optim.Adam(net.parameters(), lr=0.01)
    for _ in range(steps):
        optimiser.zero_grad()
        loss(net(x), y).backward()
        optimiser.step()


def export(net, shape, path):
    torch.onnx.export(
        net.eval(), torch.zeros(1, *shape), path, opset_version=13,
        input_names=["x"], output_names=["y"],
        dynamic_axes={"x": {0: "batch"}, "y": {0: "batch"}})


def moons():
    torch.manual_seed(1)
    rng = np.random.default_rng(1)
    x, label = moons_data(rng, 1000)
    net = nn.Sequential(nn.Linear(2, 16), nn.ReLU(), nn.Linear(16, 16),
                        nn.ReLU(), nn.Linear(16, 1))
    train(net, x, label[:, None].astype(np.float32),
          nn.BCEWithLogitsLoss(), 1000)
    x, label = moons_data(rng, 1000)
    right = ((net(torch.from_numpy(x))[:, 0] > 0).numpy() == label).mean()
    print(f"moons: {right:.1%} of fresh points right")
    export(net, (2,), HERE / "moons.onnx")
    save_npz(HERE / "rows.npz", x=x[:8])


def bars():
    torch.manual_seed(2)
    rng = np.random.default_rng(2)
    x, label = bars_data(rng, 600)
    net = nn.Sequential(nn.Conv2d(1, 3, 3), nn.ReLU(), nn.MaxPool2d(2),
                        nn.Flatten(), nn.Linear(12, 3))
    train(net, x, label, nn.CrossEntropyLoss(), 400)
    x, label = bars_data(rng, 600)
    right = (net(torch.from_numpy(x)).argmax(1).numpy() == label).mean()
    print(f"bars: {right:.1%} of fresh images right")
    export(net, (1, 6, 6), HERE / "bars.onnx")
    save_npz(HERE / "bars.npz", x=x[:8])


if __name__ == "__main__":
    torch.set_num_threads(1)
    moons()
    bars()
