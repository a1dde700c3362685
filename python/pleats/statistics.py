"""Numbers where the exact count is out of reach: samples, estimates, stable
units, densities near data."""
from __future__ import annotations

import dataclasses
from collections.abc import Callable
from ctypes import byref, c_bool, c_int32, c_uint, c_uint64
from typing import TYPE_CHECKING, Any

import numpy as np

from . import _abi, _library
from ._call import Context, copied, sized
from ._exact import as_text, integer, number
from ._record import kept
from .domains import Domain, rows_handle
from .errors import InputError

if TYPE_CHECKING:
    from .net import Net


@dataclasses.dataclass(frozen=True)
class Sample:
    """Distinct activation patterns among many points; int(sample) is their
    number, a lower bound of the regions."""

    points: int
    """whose patterns are counted"""
    patterns: int
    singletons: int
    """patterns of one point"""
    doubletons: int
    """of two"""
    coverage: float
    """probability that a further point has a pattern that was seen: 1 -
    singletons / points [Good 1953]"""
    richness: float
    """Chao1, of the patterns that such points can have [Chao 1984]"""
    saturated: bool
    """patterns exceed half the points: these limit the answer"""
    by_exact: int
    on_walls: int
    """points left out: on a wall"""
    undecided: int
    """or too near to one to be told"""
    stopped: str | None
    seconds: float

    def __int__(self) -> int:
        return self.patterns


@dataclasses.dataclass(frozen=True)
class Estimate:
    """The number of regions as random sweeps tell it, or exactly."""

    label: str
    """"exact"; "estimate", the mean of the sweeps; "lower", there was not time
    for two"""
    regions: int | float | None
    """an estimate has six digits"""
    lo: int | float | None
    """of the interval; None where there is none"""
    hi: int | float | None
    lower: int | None
    """certain: what the exact count found"""
    mean: float
    rel_error: float
    deviation: float
    """of one sweep's result over the mean"""
    sweeps: int
    constant: bool
    """all sweeps gave the same number"""
    stopped: str | None
    seconds: float

    @property
    def exact(self) -> bool:
        """Whether the number is exact."""
        return self.label == "exact"


@dataclasses.dataclass(frozen=True)
class StableLayer:
    """How many units of a layer keep one piece."""

    name: str
    op: str
    first_unit: int
    units: int
    off: int
    on: int
    changes: int
    undecided: int


@dataclasses.dataclass(frozen=True, eq=False)
class Stable:
    """Which units keep one piece on a box; what is said is proved."""

    layers: tuple[StableLayer, ...]
    state: np.ndarray
    """[n_units] of texts: "off", "on", "changes", "undecided" """
    regions: int | None
    """that were gone through; None: none"""
    complete: bool
    stopped: str | None
    seconds: float

    def count(self, state: str) -> int:
        """How many units are "off", "on", "changes" or "undecided".

        >>> import pleats
        >>> net = pleats.load([([[1], [1]], [0, -5]), ([[1, 1]], None)])
        >>> stable = net.stable(box=(-1, 1), effort="exact")
        >>> stable.count("changes"), stable.count("off")
        (1, 1)"""
        return int(np.count_nonzero(self.state == state))


@dataclasses.dataclass(frozen=True)
class DensityLayer:
    """Regions of a ball, or breakpoints for a unit of length."""

    mean: float
    lo: float
    """Student's interval for the mean"""
    hi: float
    least: float
    greatest: float


@dataclasses.dataclass(frozen=True)
class Density:
    """Exact numbers of regions near data rows, layer by layer."""

    n: int
    """balls or segments that were counted"""
    over: int
    """balls with more than `most` regions: means are then lower bounds"""
    layers: tuple[DensityLayer, ...]
    """of the network up to each layer of units"""
    whole: DensityLayer
    stopped: str | None
    seconds: float


@dataclasses.dataclass(frozen=True)
class HullLayer:
    """A layer of units, of which hulls make some change."""

    name: str
    op: str
    first_unit: int
    units: int


@dataclasses.dataclass(frozen=True, eq=False)
class Hulls:
    """Units that change on cross-polytopes about data rows: bounds, proved."""

    layers: tuple[HullLayer, ...]
    lower: np.ndarray
    """[n_rows, n_layers]: so many units of the layer certainly change"""
    upper: np.ndarray
    """[n_rows, n_layers]: no more than so many do"""
    cut: np.ndarray | None
    """[n_rows, n_layers]: so many change on the plane of the first two
    directions; None: not asked for"""
    cut_regions: np.ndarray | None
    """[n_rows] activation regions of the cut"""
    cut_exact: np.ndarray | None
    """[n_rows]: they are all of it; else `cut` is a lower bound"""
    directions: int
    stopped: str | None
    seconds: float


def sample(context: Context, net: "Net", domain: Domain | None, source: str,
           rows: Any, points: int, scale: float, seed: int) -> Sample:
    """See Net.sample."""
    options = sized(
        _abi.pleats_sample_options, points=points, scale=scale, seed=seed,
        source=_library.constant("pleats_sample_source", "PLEATS_SAMPLE_",
                                 source))
    if rows is not None:
        options.rows = rows_handle(context, rows, net.n_inputs)
    made = None if domain is None else domain._make(context, net.n_inputs)
    return context.long(
        "sample", net._handle, made, byref(options),
        out=_abi.pleats_sample_result(), convert=lambda out: Sample(
            **fields(out, "points", "patterns", "singletons", "doubletons",
                     "coverage", "richness", "by_exact", "on_walls",
                     "undecided", "seconds"),
            saturated=out.is_saturated,
            stopped=_library.stopped(out.stopped)))


def estimate(context: Context, net: "Net", domain: Domain, seed: int,
             level: float, rel_error: float, sweeps: int,
             exact_time: float | None, checkpoint: Any, every: float
             ) -> Estimate:
    """See Net.estimate."""
    options = sized(
        _abi.pleats_estimate_options, seed=seed, level=level,
        rel_error=rel_error, sweeps=sweeps,
        exact_time=0 if exact_time is None else exact_time or -1)
    with kept(context, options, checkpoint, every):
        return context.long(
            "estimate_count", net._handle, domain._make(context, net.n_inputs),
            byref(options), out=_abi.pleats_estimate_result(),
            convert=lambda out: Estimate(
                label=_library.label(out.label) or "lower",
                **fields(out, "regions", "lo", "hi", read=number),
                lower=integer(out.lower),
                **fields(out, "mean", "rel_error", "deviation", "sweeps",
                         "seconds"),
                constant=out.is_constant, stopped=_library.stopped(out.stopped)))


def stable(context: Context, net: "Net", domain: Domain, effort: str,
           checkpoint: Any, every: float) -> Stable:
    """See Net.stable."""
    options = sized(_abi.pleats_stable_options, effort=_library.constant(
        "pleats_stable_effort", "PLEATS_STABLE_", effort))
    with kept(context, options, checkpoint, every):
        return context.long(
            "stable_units", net._handle, domain._make(context, net.n_inputs),
            byref(options), out=_abi.pleats_stable_result(), convert=_stable)


def _stable(out: Any) -> Stable:
    return Stable(
        layers=tuple(layer_of(out.layer[i]) for i in range(out.n_layers)),
        state=states_of(copied(out.state, (out.n_units,), c_uint)),
        regions=integer(out.regions), complete=out.complete,
        stopped=_library.stopped(out.stopped), seconds=out.seconds)


def layer_of(layer: Any) -> StableLayer:
    """Of a pleats_stable_layer."""
    return StableLayer(
        name=_library.text(layer.name) or "", op=_library.text(layer.op) or "",
        **fields(layer, "first_unit", "units", "off", "on", "changes",
                 "undecided"))


def states_of(numbers: np.ndarray) -> np.ndarray:
    """The words of units' states."""
    words = np.array([_library.word("pleats_unit_state", "PLEATS_UNIT_", i)
                      for i in range(4)])
    return words[numbers]


def density(context: Context, net: "Net", rows: Any, radius: Any, n: int,
            seed: int, level: float, most: int) -> Density:
    """See Net.density."""
    if rows is None:
        raise InputError("a density needs data rows")
    options = sized(
        _abi.pleats_density_options, n=n, seed=seed, level=level, most=most,
        radius=None if radius is None else as_text(radius).encode())
    return context.long(
        "density", net._handle, rows_handle(context, rows, net.n_inputs),
        byref(options), out=_abi.pleats_density_result(), convert=_density)


def _density(out: Any) -> Density:
    layers = [DensityLayer(**fields(out.layer[i], "mean", "lo", "hi", "least",
                                    "greatest"))
              for i in range(out.n_layers + 1)]
    return Density(n=out.n, over=out.over, layers=tuple(layers[:-1]),
                   whole=layers[-1], stopped=_library.stopped(out.stopped),
                   seconds=out.seconds)


def hulls(context: Context, net: "Net", rows: Any, radius: Any,
          directions: int, n: int, seed: int, cuts: bool, most: int) -> Hulls:
    """See Net.hulls."""
    if rows is None:
        raise InputError("hulls need data rows")
    options = sized(
        _abi.pleats_hull_options, n=n, seed=seed, most=most, cuts=cuts,
        directions=directions, radius=as_text(radius).encode())
    return context.long(
        "hull_units", net._handle, rows_handle(context, rows, net.n_inputs),
        byref(options), out=_abi.pleats_hull_result(), convert=_hulls)


def _hulls(out: Any) -> Hulls:
    shape = (out.n, out.n_layers)
    has_cuts = bool(out.cut_regions)
    return Hulls(
        layers=tuple(HullLayer(
            name=_library.text(layer.name) or "",
            op=_library.text(layer.op) or "",
            **fields(layer, "first_unit", "units"))
            for layer in (out.layer[i] for i in range(out.n_layers))),
        lower=copied(out.lower, shape, c_int32),
        upper=copied(out.upper, shape, c_int32),
        cut=copied(out.cut, shape, c_int32) if has_cuts else None,
        cut_regions=(copied(out.cut_regions, (out.n,), c_uint64)
                     if has_cuts else None),
        cut_exact=(copied(out.cut_is_whole, (out.n,), c_bool)
                   if has_cuts else None),
        directions=out.directions, stopped=_library.stopped(out.stopped),
        seconds=out.seconds)


def fields(out: Any, *names: str, read: Callable[[Any], Any] = lambda x: x
           ) -> dict[str, Any]:
    """Fields of a struct that have the same names in Python."""
    return {name: read(getattr(out, name)) for name in names}
