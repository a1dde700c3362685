"""Pictures of a network on a plane."""
from __future__ import annotations

import dataclasses
import os
from collections.abc import Iterator
from ctypes import byref, c_double
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from . import _abi, _library
from ._call import Context, Limits, pointer, sized
from ._exact import integer
from .domains import Domain
from .errors import InputError
from .local import prepared

if TYPE_CHECKING:
    from .net import Net

COLOURS = ("pattern", "active", "output", "class")


@dataclasses.dataclass(frozen=True, eq=False)
class Polygon:
    """A region on a plane."""

    corners: np.ndarray
    """[n, 2] coordinates along the plane's axes, in order around it: exact
    ones, rounded once"""
    pattern: np.ndarray
    """[n_units]"""
    output: np.ndarray
    """[n_outputs] at a point inside"""


@dataclasses.dataclass(frozen=True)
class Drawing:
    """What a picture shows."""

    regions: int
    label: str
    """"exact", or "lower" where a limit left a part"""
    stopped: str | None
    drawn: bool
    seconds: float


class Plane:
    """A network on a bounded plane: Net.plane.  Its axes are those of the
    domain: s and t of origin + s u + t v, or two inputs."""

    def __init__(self, net: "Net", domain: Domain, origin: np.ndarray,
                 axes: np.ndarray, limits: Limits) -> None:
        self.net, self.domain = net, domain
        self._origin, self._axes, self._limits = origin, axes, limits
        self.missing = 0
        """regions that the last call of `polygons` left out"""

    def save(self, path: Any, *, colour: str = "pattern", **options: Any
             ) -> Drawing:
        """Draws to a .svg, .pdf, .png or .html file; which cells there are is
        decided exactly.  colour: "pattern", "depth", "active", "gradient",
        "output", "class"; other options as in pleats/draw.h: output, level,
        no_walls, no_boundary, width, title.  InputError where the library was
        built without pictures, as that of the wheels is."""
        given = sized(_abi.pleats_draw_options, colour=_library.constant(
            "pleats_draw_colour", "PLEATS_DRAW_", colour))
        names = {name for name, _ in _abi.pleats_draw_options._fields_}
        for name, value in options.items():
            if name not in names - {"size", "has_output", "has_level"}:
                raise TypeError(f"{name}: there is no such argument")
            if name in ("output", "level"):
                setattr(given, f"has_{name}", True)
            setattr(given, name,
                    value.encode() if isinstance(value, str) else value)
        with Context(self._limits) as context:
            made = self.domain._make(context, self.net.n_inputs)
            # the path stands behind the limits
            return context.long(
                "draw", self.net._handle, made, byref(given),
                behind=(os.fsencode(path),), out=_abi.pleats_draw_result(),
                convert=lambda out: Drawing(
                    integer(out.regions) or 0,
                    _library.label(out.label) or "lower",
                    _library.stopped(out.stopped), out.is_drawn, out.seconds))

    def polygons(self) -> Iterator[Polygon]:
        """The regions as polygons, with exact corners.  Cost: an exact local
        analysis a region, some thousand regions a second.

        A region is asked for by a point in doubles.  Where no double that was
        tried is in the plane and in the region, it is left out and counted in
        `missing`: on planes that are not parallel to axes, and whose
        directions are no short binary fractions, that may be many."""
        self.missing = 0
        options = sized(_abi.pleats_local_options, vertices=True)
        axes = _independent(self._axes)
        with Context() as context, prepared(context, self.net,
                                            self.domain) as local:
            for batch in self.net.cells(
                    self.domain, fields=("pattern", "point"),
                    **dataclasses.asdict(self._limits)):
                for pattern, point in zip(batch["pattern"], batch["point"]):
                    found = self._polygon(context, local, options, axes,
                                          pattern, point)
                    self.missing += found is None
                    if found is not None:
                        yield found

    def _polygon(self, context: Context, local: Any, options: Any, axes: Any,
                 pattern: np.ndarray, point: np.ndarray) -> Polygon | None:
        for x in self._candidates(point):
            output, pieces = self.net.eval(x, pieces=True)
            if not np.array_equal(pieces, pattern):
                continue
            try:
                corners = context.long(
                    "local_at", local, pointer(x, c_double), byref(options),
                    out=_abi.pleats_local_result(),
                    convert=lambda out: self._corners(out, axes))
            except InputError:
                continue
            return Polygon(corners, pattern, output)
        return None

    def _candidates(self, point: np.ndarray) -> Iterator[np.ndarray]:
        """The point, and others near it whose coordinates along the plane are
        shorter: these are more often exactly in the plane."""
        yield point
        along = np.linalg.lstsq(self._axes.T, point - self._origin,
                                rcond=None)[0]
        for bits in (26, 18, 12):
            short = np.round(along * 2.0 ** bits) / 2.0 ** bits
            yield np.ascontiguousarray(self._origin + short @ self._axes)

    def _corners(self, out: Any, axes: tuple[int, int]) -> np.ndarray:
        """Two inputs of each corner give its coordinates."""
        n = out.n_inputs
        exact = np.array([[Fraction(out.vertex[i * n + j].decode())
                           for j in axes] for i in range(out.n_vertices)])
        (a, b), (c, d) = [[Fraction(float(self._axes[k, j])) for k in (0, 1)]
                          for j in axes]
        exact = exact - [Fraction(float(self._origin[j])) for j in axes]
        det = a * d - b * c
        along = np.array([[(d * x - b * y) / det, (a * y - c * x) / det]
                          for x, y in exact], dtype=float).reshape(-1, 2)
        middle = along.mean(axis=0)
        around = np.arctan2(*(along - middle).T[::-1])
        return along[np.argsort(around)]

    def plot(self, ax: Any = None, *, color: str = "pattern", output: int = 0,
             **style: Any) -> Any:
        """Draws the regions with matplotlib, and returns the axes.  color:
        "pattern" (one by its hash), "active" (how many units are not on piece
        0), "output" (its value inside), "class" (the greatest output); style:
        of matplotlib's PolyCollection."""
        if color not in COLOURS:
            raise InputError(f"{color!r} is none of {', '.join(COLOURS)}")
        collections = _library.module("matplotlib.collections", "plot")
        if ax is None:
            ax = _library.module("matplotlib.pyplot", "plot").gca()
        polygons = list(self.polygons())
        style = {"cmap": "viridis" if color in ("active", "output")
                 else "tab20", "edgecolor": "white", "linewidth": 0.3, **style}
        drawn = collections.PolyCollection(
            [polygon.corners for polygon in polygons],
            array=np.array([_shade(polygon, color, output)
                            for polygon in polygons]), **style)
        ax.add_collection(drawn)
        ax.autoscale_view()
        if self.missing:
            ax.set_title(f"{self.missing} regions are not drawn")
        return ax


def _shade(polygon: Polygon, color: str, output: int) -> float:
    if color == "active":
        return float(np.count_nonzero(polygon.pattern))
    if color == "output":
        return float(polygon.output[output])
    if color == "class":
        single = len(polygon.output) == 1
        return float(polygon.output[0] > 0 if single
                     else np.argmax(polygon.output))
    weights = 2 * np.arange(len(polygon.pattern)) + 1
    return float((polygon.pattern * weights * 2654435761 % 1009).sum() % 20)


def _independent(axes: np.ndarray) -> tuple[int, int]:
    """Two inputs along which the directions [2, n_inputs] are independent."""
    first = int(np.argmax(np.abs(axes[0])))
    rest = axes[1] * axes[0, first] - axes[0] * axes[1, first]
    return first, int(np.argmax(np.abs(rest)))
