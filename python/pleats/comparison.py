"""Architectures side by side, for each parameter."""
from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from math import log10
from typing import Any

from . import _library
from ._call import Context
from ._library import libpleats
from .errors import InputError
from .theory import Bound, Bounds, Spec, _handle, bound, spec


@dataclasses.dataclass(frozen=True)
class Side:
    """A bound of the maximal number of regions."""

    value: int
    name: str
    source: str
    log10: float
    per_parameter: float | None
    """log10 over the number of parameters; None of none"""


@dataclasses.dataclass(frozen=True)
class Compared:
    """One architecture of a comparison."""

    spec: Spec
    role: str
    """"given", "fc, same depth" or "fc, one layer" """
    depth: int
    """layers of units, max pools not counted"""
    exact: bool
    """both bounds are equal: the maximum"""
    lower: Side | None
    """some weights reach it"""
    upper: Side | None
    """no weights exceed it"""

    def is_above(self, other: "Compared") -> bool:
        """Whether it is proved that its maximum is above the other's; where it
        is not, nothing is said.

        >>> import pleats
        >>> two, one = pleats.compare(["mlp:2,9,1", "mlp:2,3,1"])
        >>> two.is_above(one), one.is_above(two)
        (True, False)"""
        return (self.lower is not None and other.upper is not None
                and self.lower.value > other.upper.value)


def compare(specs: Sequence[Any], *, match: str | None = None,
            budget: int = 0, **limits: Any) -> list[Compared]:
    """Bounds of the maxima of several architectures (specs as of
    `pleats.bound`), beside their parameters.  match: "fc" adds the fully
    connected networks whose parameters come closest to those of each, of as
    many layers and of one.  Bounds speak of the best weights, not of trained
    ones.

    >>> import pleats
    >>> rows = pleats.compare(["cnn:in=1x8/conv=4@3,p=1/relu"], match="fc")
    >>> [(row.role, row.lower.value, row.exact) for row in rows]
    [('given', 9100193, True), ('fc, one layer', 4, True)]"""
    if match not in (None, "fc"):
        raise InputError(f"match is 'fc' or None, and not {match!r}")
    listed: list[tuple[Any, str]] = []
    for item in specs:
        listed.append((item, "given"))
        if match is not None:
            listed += _matches(item)
    return [_row(item, role, bound(item, budget=budget, **limits))
            for item, role in listed]


def _matches(given: Any) -> list[tuple[str, str]]:
    found = []
    with Context() as context:
        handle = _handle(context, given)
        itself = _library.text(libpleats.pleats_spec_text(handle))
        for depth, role in ((0, "fc, same depth"), (1, "fc, one layer")):
            if depth == 0 and libpleats.pleats_spec_depth(handle) <= 1:
                continue
            text = _library.text(libpleats.pleats_spec_text(context.made(
                "spec", "pleats_spec_match_fc", handle, depth))) or ""
            if text != itself:
                found.append((text, role))
    return found


def _row(given: Any, role: str, bounds: Bounds) -> Compared:
    with Context() as context:
        depth = libpleats.pleats_spec_depth(_handle(context, given))
    facts = spec(given)
    lower, upper = (_side(bounds.bounds, side, value, facts.n_parameters)
                    for side, value in (("lower", bounds.best_lower),
                                        ("upper", bounds.best_upper)))
    return Compared(facts, role, depth, lower is not None and upper is not None
                    and lower.value == upper.value, lower, upper)


def _side(bounds: Sequence[Bound], side: str, value: int | None,
          n_parameters: int) -> Side | None:
    if value is None:
        return None
    best = next(item for item in bounds if item.side == side and item.applies
                and item.value == value)
    return Side(value, best.name, best.source, log10(value),
                log10(value) / n_parameters if n_parameters else None)
