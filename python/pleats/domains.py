"""Domains: the sets of inputs on which regions are counted.

They are small values without handles: they may be pickled, and used
with any network of the right number of inputs; `a | b` is the union.  Numbers
are int, float, Fraction or exact texts ("-0.1", "1/3"); a float is the exact
number that the double is, so that Box("-0.1", "0.1") and Box(-0.1, 0.1) are
two domains."""
from __future__ import annotations

import dataclasses
import os
from collections.abc import Sequence
from typing import Any

from ctypes import c_double, c_int32, c_int64, POINTER

import numpy as np

from . import _abi, _library
from ._call import Context, pointer, values
from ._exact import as_text, as_texts, Number, shape
from .errors import InputError

Path = Any  # str or os.PathLike


class Domain:
    """What all domains are."""

    def __or__(self, other: "Domain") -> "Domain":
        return Union((*_parts(self), *_parts(other)))

    def _make(self, context: Context, n_inputs: int) -> Any:
        """A handle, for as long as the context."""
        raise NotImplementedError


def _parts(domain: Domain) -> tuple[Domain, ...]:
    return domain.parts if isinstance(domain, Union) else (domain,)


@dataclasses.dataclass(frozen=True)
class All(Domain):
    """R^n, as where no domain is given."""

    def _make(self, context: Context, n_inputs: int) -> Any:
        return context.made("domain", "pleats_domain_all", n_inputs)


@dataclasses.dataclass(frozen=True)
class Box(Domain):
    """lo <= x <= hi: numbers for all inputs, or arrays [n_inputs].  Entries
    may be infinite."""

    lo: Any
    hi: Any

    def _make(self, context: Context, n_inputs: int) -> Any:
        if not shape(self.lo) and not shape(self.hi):
            return context.made("domain", "pleats_domain_cube", n_inputs,
                                as_text(self.lo).encode(),
                                as_text(self.hi).encode())
        lo, hi = (_filled("box", side, n_inputs) for side in (self.lo, self.hi))
        return context.made("domain", "pleats_domain_box", n_inputs, lo, hi)


@dataclasses.dataclass(frozen=True)
class Slice(Domain):
    """The points origin + sum_j t_j directions[j], lo <= t <= hi.

    origin [n_inputs]; directions [k, n_inputs], independent; lo, hi [k], or
    None where there is no bound."""

    origin: Any
    directions: Any
    lo: Any = None
    hi: Any = None

    def _make(self, context: Context, n_inputs: int) -> Any:
        k = len(self.directions)
        for name, array, wanted in (
                ("origin", self.origin, (n_inputs,)),
                ("directions", self.directions, (k, n_inputs)),
                ("lo", self.lo, (k,)), ("hi", self.hi, (k,))):
            if array is not None:
                _expect(name, array, wanted)
        return context.made("domain", "pleats_domain_slice", n_inputs, k,
                            values(self.origin), values(self.directions),
                            values(self.lo), values(self.hi))


def Line(origin: Any, u: Any, range: Sequence[Number] | None = None) -> Slice:
    """The line origin + t u, with t in `range` (t0, t1) or free.

    >>> import pleats
    >>> net = pleats.load([([[1, 0], [0, 1]], [0, -5]), ([[1, 1]], None)])
    >>> int(net.count(pleats.Line([0, 0], [1, 1], range=(-1, "1/3"))))
    2"""
    lo, hi = ([range[0]], [range[1]]) if range is not None else (None, None)
    return Slice(origin, [u], lo, hi)


def Plane(origin: Any, u: Any, v: Any,
          box: Sequence[Number] | None = None) -> Slice:
    """The plane origin + s u + t v, with s and t in `box` (s0, s1, t0, t1) or
    free.

    >>> import pleats
    >>> net = pleats.load("examples/moons.onnx")
    >>> int(net.count(pleats.Plane([0, 0], [1, 0], [0, 1], (-1, 1, -1, 1))))
    185"""
    lo, hi = (([box[0], box[2]], [box[1], box[3]]) if box is not None
              else (None, None))
    return Slice(origin, [u, v], lo, hi)


@dataclasses.dataclass(frozen=True)
class Polytope(Domain):
    """a x <= b: a [n_rows, n_inputs], b [n_rows]."""

    a: Any
    b: Any

    def _make(self, context: Context, n_inputs: int) -> Any:
        n_rows = len(self.b)
        _expect("a", self.a, (n_rows, n_inputs))
        return context.made("domain", "pleats_domain_polytope", n_inputs,
                            n_rows, values(self.a), values(self.b))


@dataclasses.dataclass(frozen=True)
class Ball(Domain):
    """Ball of a radius about centre [n_inputs] in norm "inf" or 1; with more than
    six inputs only counts can be made in norm 1."""

    centre: Any
    radius: Number
    norm: int | str = "inf"

    def _make(self, context: Context, n_inputs: int) -> Any:
        _expect("centre", self.centre, (n_inputs,))
        norm = _library.constant("pleats_norm", "PLEATS_NORM_", str(self.norm))
        return context.made("domain", "pleats_domain_ball_in", n_inputs,
                            values(self.centre), as_text(self.radius).encode(),
                            norm)


@dataclasses.dataclass(frozen=True)
class Rows(Domain):
    """Line or plane through two or three data rows: the first is the origin,
    the others end the directions, and coordinates along these are in `range`:
    (0, 1) is from the one row to the other.

    rows: an array [n_rows, n_inputs], or an .npz or .json file."""

    rows: Any
    index: Sequence[int]
    range: Sequence[Number]

    def _make(self, context: Context, n_inputs: int) -> Any:
        index = np.ascontiguousarray(self.index, dtype=np.int64)
        return context.made(
            "domain", "pleats_domain_rows",
            rows_handle(context, self.rows, n_inputs), len(index),
            pointer(index, c_int64), *(as_text(t).encode() for t in self.range))


@dataclasses.dataclass(frozen=True)
class Axes(Domain):
    """One to three inputs, `axes`, each in `range`; the others are as in a data
    row.  rows as of Rows."""

    rows: Any
    index: int
    axes: Sequence[int]
    range: Sequence[Number]

    def _make(self, context: Context, n_inputs: int) -> Any:
        axes = np.ascontiguousarray(self.axes, dtype=np.int32)
        return context.made(
            "domain", "pleats_domain_axes",
            rows_handle(context, self.rows, n_inputs), self.index, len(axes),
            pointer(axes, c_int32), *(as_text(t).encode() for t in self.range))


@dataclasses.dataclass(frozen=True)
class Vnnlib(Domain):
    """The input constraints of a VNN-LIB file, 1.0 or 2.0."""

    path: Path

    def _make(self, context: Context, n_inputs: int) -> Any:
        return context.made("domain", "pleats_domain_vnnlib_file", n_inputs,
                            os.fsencode(self.path))


@dataclasses.dataclass(frozen=True)
class Union(Domain):
    """All points of the parts, which may overlap: `a | b`."""

    parts: tuple[Domain, ...]

    def _make(self, context: Context, n_inputs: int) -> Any:
        made = [part._make(context, n_inputs) for part in self.parts]
        array = (POINTER(_abi.pleats_domain) * len(made))(*made)
        return context.made("domain", "pleats_domain_union", len(made), array)


# ---- what callers say -----------------------------------------------------

_KEYWORDS: dict[str, Any] = {
    "box": Box, "line": Line, "plane": Plane, "slice": Slice,
    "polytope": Polytope, "ball": Ball, "rows": Rows, "axes": Axes}


def taken(domain: Domain | None, words: dict[str, Any]) -> Domain:
    """The domain that is given, or that one of the keyword arguments makes
    (box=(-1, 1), ball=(centre, radius), vnnlib=path), which is taken out of
    them; else R^n."""
    found = [domain] if domain is not None else []
    for name, kind in _KEYWORDS.items():
        if name in words:
            given = words.pop(name)
            found.append(given if isinstance(given, Domain) else kind(*given))
    if "vnnlib" in words:
        found.append(Vnnlib(words.pop("vnnlib")))
    if len(found) > 1:
        raise TypeError("one domain, please; a | b is the union of two")
    if found and not isinstance(found[0], Domain):
        raise TypeError(f"a domain is wanted, as pleats.Box(-1, 1), and not "
                        f"{found[0]!r}")
    return found[0] if found else All()


def rows_handle(context: Context, rows: Any, n_inputs: int) -> Any:
    """Data rows of an array or a file."""
    if isinstance(rows, (str, os.PathLike)):
        return context.made("rows", "pleats_rows_read", os.fsencode(rows),
                            n_inputs)
    array = np.ascontiguousarray(rows, dtype=np.float64)
    array = array.reshape(len(array), -1)
    _expect("rows", array, (len(array), n_inputs))
    return context.made("rows", "pleats_rows_from_array", len(array), n_inputs,
                        pointer(array, c_double), None)


def _filled(name: str, side: Any, n_inputs: int) -> Any:
    if not shape(side):
        return values([as_text(side)] * n_inputs)
    _expect(name, side, (n_inputs,))
    return values(side)


def _expect(name: str, array: Any, wanted: tuple[int, ...]) -> None:
    """Lists that have more than one length in a row are told by their number
    of entries."""
    found = shape(array)
    n_wanted = int(np.prod(wanted))
    if found != wanted or (not isinstance(array, np.ndarray)
                           and len(as_texts(array)) != n_wanted):
        raise InputError(f"{name} has shape {found}, and {wanted} is wanted")
