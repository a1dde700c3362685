"""What the tests share: paths, the command line program, random networks."""
import os
import pathlib
import subprocess
import unittest

import numpy as np

import pleats
from pleats.__main__ import BUNDLED

ROOT = pathlib.Path(os.environ.get(
    "PLEATS_SOURCE", pathlib.Path(__file__).resolve().parents[2]))
PROGRAM = os.environ.get("PLEATS_PROGRAM", BUNDLED)
MOONS = ROOT / "examples" / "moons.onnx"
# Networks of others, beside the checkout; the project's own in it, or there too.
OTHERS = ROOT.parent / "shared" / "models"
MODELS = next((folder for folder in (ROOT / "tests" / "data" / "models", OTHERS)
               if (folder / "ground_truth_2d.json").exists()), OTHERS)
ACAS = OTHERS / "ext" / "ACASXU_run2a_2_1_batch_2000.onnx"


def command(*arguments):
    """The numbers that the program answers: what it prints first."""
    shown = subprocess.run([PROGRAM, *map(str, arguments)], check=True,
                           capture_output=True, text=True).stdout
    return int(shown.split()[0].replace(",", ""))


def random_layers(seed, *widths):
    """Fully connected layers of float32 weights."""
    numbers = np.random.default_rng(seed)
    return [(numbers.standard_normal((m, n)).astype(np.float32),
             numbers.standard_normal(m).astype(np.float32))
            for n, m in zip(widths, widths[1:])]


def long_work():
    """A network whose regions no machine counts in an hour."""
    return pleats.load(random_layers(7, 12, 60, 60, 1))


def needs(module):
    """A test that is skipped where a module is not installed."""
    try:
        __import__(module)
    except ImportError:
        return unittest.skip(f"{module} is not installed")
    return lambda test: test
