"""pleats: into how many linear regions a piecewise-linear network cuts its
input space, exactly.

    net = pleats.load("net.onnx")
    net.count(box=(-1, 1))

Words, as in the C library: an *activation region* is a non-empty open set of
inputs on which every unit keeps one piece; *affine pieces* are connected
unions of regions on which the network is one affine map; *affine maps* are the
distinct maps.  *Exact* means decided over the rationals, the parameters being
taken as the numbers that they are."""
from __future__ import annotations

from ._abi import VERSION as __version__
from ._call import Limits
from .cells import Cells
from .domains import (All, Axes, Ball, Box, Domain, Line, Plane, Polytope,
                      Rows, Slice, Union, Vnnlib)
from .errors import (InputError, InternalError, Interrupted, LimitReached,
                     MissingModule, OutOfMemory, OutputError, PleatsError,
                     Undecided)
from .net import Layer, Net, load
from .results import Count

__all__ = [
    "All", "Axes", "Ball", "Box", "Cells", "Count", "Domain", "InputError",
    "InternalError", "Interrupted", "Layer", "LimitReached", "Limits", "Line",
    "MissingModule", "Net", "OutOfMemory", "OutputError", "Plane",
    "PleatsError", "Polytope", "Rows", "Slice", "Undecided", "Union", "Vnnlib",
    "__version__", "load"]
