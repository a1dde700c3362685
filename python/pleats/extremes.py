"""The least and the largest of a network on a domain: of its values, and of its
slopes; properties of VNN-LIB files.  Points are exact."""
from __future__ import annotations

import dataclasses
import os
from ctypes import byref, c_double, c_int32
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from . import _abi, _library
from ._call import Context, copied, sized, values
from ._exact import fraction
from .domains import Domain

if TYPE_CHECKING:
    from .net import Net


@dataclasses.dataclass(frozen=True, eq=False)
class Found:
    """A point and what is there."""

    point: tuple[Fraction, ...]
    """[n_inputs] exact"""
    input: np.ndarray
    """[n_inputs] the same, rounded"""
    output: tuple[Fraction, ...] | None
    """[n_outputs] the network there; None: not told"""
    pattern: np.ndarray | None
    """[n_units] pieces of a region whose closure holds the point"""


@dataclasses.dataclass(frozen=True, eq=False)
class Extreme:
    """The least or the largest value; float(extreme) is it, rounded."""

    label: str | None
    """"exact"; else a limit ended the search: "upper" of a least value, "lower"
    of a largest one, None where no point was found"""
    value: Fraction | None
    """the value at `at`"""
    lower: float
    """the truth is between these two"""
    upper: float
    at: Found | None
    nodes: int
    """parts of the domain that were looked at"""
    leaves: int
    """and solved exactly"""
    stopped: str | None

    @property
    def exact(self) -> bool:
        """Whether the value is it."""
        return self.label == "exact"

    def __float__(self) -> float:
        return float("nan") if self.value is None else float(self.value)


@dataclasses.dataclass(frozen=True, eq=False)
class Range:
    """What values an output, or a function of outputs, takes on a domain."""

    least: Extreme
    largest: Extreme
    empty: bool
    """the domain has no points"""
    stopped: str | None
    seconds: float


@dataclasses.dataclass(frozen=True, eq=False)
class Property:
    """Whether some point meets all constraints of a VNN-LIB file."""

    verdict: str
    """"holds": none does ("unsat"); "violated": `counterexample` does ("sat");
    "open": a limit ended the search, or the file compares no outputs"""
    counterexample: Found | None
    cases: int
    """of the file's constraints, those of `or` being taken apart"""
    settled: int
    """of them, how many no point meets"""
    open_share: float
    """what is left of the open cases' domains, their volumes taken alike"""
    nodes: int
    leaves: int
    stopped: str | None
    seconds: float


@dataclasses.dataclass(frozen=True, eq=False)
class Lipschitz:
    """How steep a network is at most on a domain; float(lipschitz) is the
    constant, rounded."""

    norm: str
    label: str | None
    """"exact"; "lower": some region is so steep; None: an interval alone"""
    value: Fraction | None
    """the constant; of norm "2" its square"""
    lower: float
    """the constant is between these two"""
    upper: float
    at: Found | None
    """of a region that attains the value"""
    nodes: int
    leaves: int
    stopped: str | None
    seconds: float

    @property
    def exact(self) -> bool:
        """Whether the value is exact."""
        return self.label == "exact"

    def __float__(self) -> float:
        if self.value is None:
            return float("nan")
        return float(self.value) ** (0.5 if self.norm == "2" else 1)


def range_of(context: Context, net: "Net", domain: Domain, output: int,
             direction: Any) -> Range:
    """See Net.range."""
    numbers = values(direction)
    options = sized(_abi.pleats_range_options, output=output,
                    direction=numbers)
    options.keep = numbers
    return context.long(
        "range_find", net._handle, domain._make(context, net.n_inputs),
        byref(options), out=_abi.pleats_range_result(), convert=lambda out:
        Range(least=_extreme(out.least, out), largest=_extreme(out.largest, out),
              empty=out.is_empty, stopped=_library.stopped(out.stopped),
              seconds=out.seconds))


def check(context: Context, net: "Net", path: Any) -> Property:
    """See Net.check."""
    return context.long(
        "property_check", net._handle, os.fsencode(path),
        out=_abi.pleats_property_result(), convert=lambda out: Property(
            verdict=_library.word("pleats_verdict", "PLEATS_PROPERTY_",
                                  out.verdict),
            counterexample=_found(out, out), cases=out.cases,
            settled=out.settled, open_share=out.share, nodes=out.nodes,
            leaves=out.leaves, stopped=_library.stopped(out.stopped),
            seconds=out.seconds))


def lipschitz(context: Context, net: "Net", domain: Domain, norm: Any,
              output: int | None) -> Lipschitz:
    """See Net.lipschitz."""
    options = sized(
        _abi.pleats_lipschitz_options, output=output or 0, map=output is None,
        norm=_library.constant("pleats_norm", "PLEATS_NORM_", str(norm)))
    return context.long(
        "lipschitz_find", net._handle, domain._make(context, net.n_inputs),
        byref(options), out=_abi.pleats_lipschitz_result(), convert=lambda out:
        Lipschitz(norm=str(norm), **_extreme_fields(out), at=_found(out, out),
                  seconds=out.seconds))


def _extreme(out: Any, whole: Any) -> Extreme:
    return Extreme(**_extreme_fields(out), at=_found(out, whole))


def _extreme_fields(out: Any) -> dict[str, Any]:
    return {"label": _library.label(out.label),
            "value": None if out.value is None else fraction(out.value),
            "lower": out.lower, "upper": out.upper, "nodes": out.nodes,
            "leaves": out.leaves, "stopped": _library.stopped(out.stopped)}


def _found(out: Any, whole: Any) -> Found | None:
    """The point of `out`, of which `whole` says how many numbers it has."""
    if not out.point:
        return None
    output = getattr(out, "output", None)
    return Found(
        point=_fractions(out.point, whole.n_inputs),
        input=copied(out.input, (whole.n_inputs,), c_double),
        output=_fractions(output, whole.n_outputs) if output else None,
        pattern=(copied(out.pattern, (whole.n_units,), c_int32)
                 if out.pattern else None))


def _fractions(texts: Any, n: int) -> tuple[Fraction, ...]:
    return tuple(fraction(texts[i]) for i in range(n))
