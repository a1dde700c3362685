"""Networks from files and from other packages' models."""
from __future__ import annotations

from typing import Any

from ._call import Context
from ._sources import handle_of
from .net import Net


def load(source: Any, *, example: Any = None, shape: str | None = None,
         logits: bool = False, output: str | None = None) -> Net:
    """A network from

    a path        an ONNX file, or .nnet of ACAS Xu, perhaps packed by gzip
    bytes         of such a file
    [(W, b), ..]  fully connected layers with ReLU after all but the last; W
                  [outputs, inputs], b [outputs] or None, taken exactly
    a fitted MLPClassifier or MLPRegressor of sklearn, up to its logits
    a torch.nn.Module, exported by torch, with an example input

    shape, logits, output: as the options of `pleats count`: symbolic axes
    ("1,1,28,28"), whether a monotone end (Softmax) is skipped, the outputs to
    keep by name or number.  InputError names every node that is not piecewise
    linear.

    >>> import pleats
    >>> pleats.load("examples/moons.onnx")
    <pleats.Net: 2 inputs, 32 units, 1 outputs>
    >>> pleats.load([([[1], [-1]], [0, 0]), ([[1, 1]], None)]).eval([-2.0])
    array([2.])"""
    with Context() as context:
        handle = handle_of(context, source, example, {
            "shape": shape, "logits": logits, "output": output})
        return Net(context, handle)
