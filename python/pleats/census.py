"""What all regions on a domain are like, in one pass."""
from __future__ import annotations

import dataclasses
from ctypes import byref, c_int64, c_uint, c_uint64
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from . import _abi, _library
from ._call import Context, copied, sized
from ._exact import fraction, integer
from .domains import Domain, rows_handle
from .statistics import StableLayer, fields, layer_of, states_of

if TYPE_CHECKING:
    from .net import Net


@dataclasses.dataclass(frozen=True)
class SurveyClass:
    """Where one output is the largest."""

    somewhere: int
    """regions that have some of it in them"""
    everywhere: int
    """regions that it has to itself"""
    volume: float
    volume_error: float
    """abs(volume - true) is at most this"""
    share_lo: float
    """of the domain's volume, proved"""
    share_hi: float
    exact_volume: Fraction | None
    """None: not asked for"""


@dataclasses.dataclass(frozen=True)
class SurveyLayer:
    """A layer of units, and what it cuts."""

    units: StableLayer
    last: int
    """regions whose last wall is of this layer"""


@dataclasses.dataclass(frozen=True, eq=False)
class Numbers:
    """A histogram of one number a region; bins are powers of two."""

    edges: np.ndarray
    """[n + 1]"""
    bins: np.ndarray
    """[n] regions with edges[i] <= number < edges[i + 1]"""
    zeros: int
    infinite: int
    least: float
    most: float
    mean: float
    """of the finite ones"""


@dataclasses.dataclass(frozen=True, eq=False)
class Survey:
    """What all regions on a domain are like; int(survey) is their number."""

    regions: int
    label: str
    """"exact", or "lower": of the regions that were seen"""
    dimension: int
    classes: tuple[SurveyClass, ...]
    mixed: int
    """regions with more than one class"""
    layers: tuple[SurveyLayer, ...]
    uncut: int
    """regions without a wall: 1 or 0"""
    state: np.ndarray
    """[n_units] of texts: "off", "on", "changes", "undecided" """
    active: np.ndarray
    """[i] regions in which i units have a slope"""
    domain_volume: Fraction | None
    """in the domain's own coordinates; None: it has none"""
    volume: Numbers | None
    diameter: Numbers | None
    slope: Numbers | None
    """the largest of an output, along the domain"""
    distance: Numbers | None
    """of the mean of the vertices from the nearest side"""
    rows: int
    """data rows"""
    rows_outside: int
    rows_on_walls: int
    in_region: np.ndarray
    """[regions with data rows] rows in each, the most first"""
    stopped: str | None
    seconds: float

    @property
    def exact(self) -> bool:
        """Whether it is of all regions."""
        return self.label == "exact"

    def __int__(self) -> int:
        return self.regions


def survey(context: Context, net: "Net", domain: Domain, data: Any,
           exact_volumes: bool, paranoid: bool) -> Survey:
    """See Net.survey."""
    options = sized(_abi.pleats_survey_options, paranoid=paranoid,
                    exact_volumes=exact_volumes)
    if data is not None:
        options.rows = rows_handle(context, data, net.n_inputs)
    return context.long(
        "survey", net._handle, domain._make(context, net.n_inputs),
        byref(options), out=_abi.pleats_survey_result(), convert=_survey)


def _survey(out: Any) -> Survey:
    has = out.has_volumes
    return Survey(
        regions=integer(out.regions) or 0,
        label=_library.label(out.label) or "lower",
        **fields(out, "dimension", "mixed", "uncut", "rows_outside",
                 "rows_on_walls", "seconds"),
        classes=tuple(_class(out.classes[i]) for i in range(out.n_classes)),
        layers=tuple(SurveyLayer(layer_of(out.layer[i].units),
                                 out.layer[i].last)
                     for i in range(out.n_layers)),
        state=states_of(copied(out.state, (out.n_units,), c_uint)),
        active=copied(out.active, (out.n_active,), c_uint64),
        domain_volume=fraction(out.domain_volume) if has else None,
        **fields(out, "volume", "diameter", "slope", "distance",
                 read=lambda numbers: _numbers(numbers) if has else None),
        rows=out.n_rows,
        in_region=copied(out.in_region, (out.n_used,), c_int64),
        stopped=_library.stopped(out.stopped))


def _class(out: Any) -> SurveyClass:
    return SurveyClass(
        **fields(out, "somewhere", "everywhere", "volume", "volume_error",
                 "share_lo", "share_hi"),
        exact_volume=None if out.exact_volume is None
        else fraction(out.exact_volume))


def _numbers(out: Any) -> Numbers:
    return Numbers(
        edges=np.ldexp(1.0, np.arange(out.first, out.first + out.n + 1)),
        bins=copied(out.bin, (out.n,), c_uint64),
        **fields(out, "zeros", "infinite", "least", "most", "mean"))
