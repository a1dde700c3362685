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
from .census import Numbers, Survey, SurveyClass, SurveyLayer
from .comparison import Compared, Side, compare
from .domains import (All, Axes, Ball, Box, Domain, Line, Plane, Polytope,
                      Rows, Slice, Union, Vnnlib)
from .errors import (InputError, InternalError, Interrupted, LimitReached,
                     MissingModule, OutOfMemory, OutputError, PleatsError,
                     Undecided)
from .extremes import Extreme, Found, Lipschitz, Property, Range
from .loading import load
from .local import Facet, Halfspace, Region
from .net import Layer, Net
from .plane import Drawing, Polygon, Scene, film
from .plane import Plane as PlaneView
from .results import Count
from .statistics import (Density, DensityLayer, Estimate, HullLayer, Hulls,
                         Sample, Stable, StableLayer)
from .theory import (Bound, Bounds, Mean, Number, OneLayer, Search, Spec,
                     Trial, bound, layer, make, mean, search, spec)
from .topology import Complex, Component, ShapedSet
from .training import LinearRegionCallback
from .work import Work, merge_cells, merge_counts

__all__ = [
    "All", "Axes", "Ball", "Bound", "Bounds", "Box", "Cells", "Compared",
    "Complex", "Component", "Count", "Density", "DensityLayer", "Domain",
    "Drawing", "Estimate", "Extreme", "Facet", "Found", "Halfspace",
    "HullLayer", "Hulls", "InputError", "InternalError", "Interrupted",
    "Layer", "LimitReached", "Limits", "Line", "LinearRegionCallback",
    "Lipschitz", "Mean", "MissingModule", "Net", "Number", "Numbers",
    "OneLayer", "OutOfMemory", "OutputError", "Plane", "PlaneView",
    "PleatsError", "Polygon", "Polytope", "Property", "Range", "Region",
    "Rows", "Sample", "Scene", "Search", "ShapedSet", "Side", "Slice", "Spec",
    "Stable", "StableLayer", "Survey", "SurveyClass", "SurveyLayer", "Trial",
    "Undecided", "Union", "Vnnlib", "Work", "__version__", "bound", "compare",
    "film", "layer", "load", "make", "mean", "merge_cells", "merge_counts",
    "search", "spec"]
