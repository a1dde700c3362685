"""Pictures of a network on a plane."""
from __future__ import annotations

import dataclasses
import html
import os
import pathlib
import tempfile
from collections.abc import Iterator, Sequence
from ctypes import (POINTER, byref, c_char_p, c_double, c_int32, c_int64,
                    c_ubyte, sizeof, string_at)
from typing import TYPE_CHECKING, Any

import numpy as np

from . import _abi, _library
from ._call import Context, Limits, copied, sized
from ._exact import integer
from ._library import libpleats
from .domains import Domain
from .errors import InputError

if TYPE_CHECKING:
    from .net import Net

COLOURS = ("pattern", "depth", "active", "slope", "output", "class")


@dataclasses.dataclass(frozen=True, eq=False)
class Polygon:
    """A region on a plane."""

    corners: np.ndarray
    """[n, 2] along the plane's axes, counter-clockwise: exact ones, rounded
    once"""
    pattern: np.ndarray
    """[n_units] int32"""
    map: np.ndarray
    """[n_outputs, 3]: output m . (s, t, 1)"""
    slope: float
    """Euclidean norm of the derivatives of all outputs along both axes"""
    area: float


@dataclasses.dataclass(frozen=True, eq=False)
class Scene:
    """A plane cut into the regions of a network, as arrays.  Which regions
    there are, and which meet in a corner, is decided exactly; places are
    rounded once."""

    regions: int
    label: str
    """"exact", or "lower" where a limit left a part"""
    stopped: str | None
    axes: tuple[str, str]
    """what the coordinates are called"""
    corners: np.ndarray
    """[n_corners, 2] each once"""
    start: np.ndarray
    """[regions + 1] the first side of each region"""
    sides: np.ndarray
    """[start[-1]] the corner where a side starts; counter-clockwise"""
    walls: np.ndarray
    """[start[-1]] the unit that makes the side, or -1 - number of a side of
    the domain"""
    patterns: np.ndarray
    """[regions, n_units] int32"""
    maps: np.ndarray
    """[regions, n_outputs, 3]: output m . (s, t, 1)"""
    slope: np.ndarray
    """[regions] Euclidean norm of the derivatives of all outputs along both
    axes"""
    area: np.ndarray
    """[regions]"""
    active: np.ndarray
    """[regions] units on a piece that is not constant"""
    depth: np.ndarray
    """[regions] layer of units, 1, 2, ..., of the last wall among the sides;
    0: none"""
    hash: np.ndarray
    """[regions] of the pattern"""
    winner: np.ndarray
    """[regions] the first of the greatest outputs; with one output whether it
    is below the level (0) or not (1); -1: the region has parts"""
    parts: tuple[tuple[int, int, np.ndarray], ...]
    """(region, winner, corners [n, 2]) of regions with several winners"""
    boundary: np.ndarray
    """[n, 2, 2] segments where the winner changes; some may be there twice"""
    seconds: float

    def polygon(self, i: int) -> np.ndarray:
        """The corners [n, 2] of region i, counter-clockwise.

        >>> import pleats
        >>> net = pleats.load("examples/moons.onnx")
        >>> scene = net.plane(box=(-1, 1, -1, 1)).scene()
        >>> scene.polygon(0).shape == (scene.start[1], 2)
        True"""
        found: np.ndarray = self.corners[
            self.sides[self.start[i]:self.start[i + 1]]]
        return found

    def values(self, color: str, output: int = 0) -> np.ndarray:
        """[regions] the numbers that stand for colours in `Plane.plot`.

        >>> import pleats
        >>> net = pleats.load("examples/moons.onnx")
        >>> scene = net.plane(box=(-1, 1, -1, 1)).scene()
        >>> scene.values("active").max() <= net.n_units
        True"""
        if color == "pattern":
            return self.hash % 20
        if color == "output":
            middles = np.array([self.polygon(i).mean(axis=0)
                                for i in range(self.regions)])
            m = self.maps[:, output]
            found: np.ndarray = (m[:, :2] * middles).sum(axis=1) + m[:, 2]
            return found
        if color not in COLOURS:
            raise InputError(f"{color!r} is none of {', '.join(COLOURS)}")
        named: np.ndarray = getattr(
            self, "winner" if color == "class" else color)
        return named


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
    domain: s and t of origin + s u + t v, or two inputs.  In a notebook it
    shows itself as a page to be explored."""

    def __init__(self, net: "Net", domain: Domain, limits: Limits) -> None:
        self.net, self.domain = net, domain
        self._limits = limits

    def __repr__(self) -> str:
        return f"<pleats.PlaneView: {self.net!r} on {self.domain!r}>"

    def save(self, path: Any, *, color: str = "pattern", **options: Any
             ) -> Drawing:
        """Draws to a .svg, .pdf, .png or .html file; which cells there are is
        decided exactly.  color: "pattern", "depth", "active", "slope",
        "output", "class"; other options as in pleats/draw.h: output, level,
        no_walls, no_boundary, width, title.  InputError where the library was
        built without pictures, as that of the wheels is: it has pages
        (.html), and `plot` draws with matplotlib.

        >>> import pleats
        >>> net = pleats.load("examples/moons.onnx")
        >>> net.plane(box=(-1, 1, -1, 1)).save("moons.html").regions
        185"""
        return film([self.net], path, self.domain, color=color,
                    names=[options.get("title") or "network"],
                    limits=self._limits, **options)[0]

    def scene(self, *, boundary: bool = True, level: float = 0) -> Scene:
        """The regions as arrays.  boundary: find classes and the decision
        boundary, too; level: where that of a network with one output is.

        >>> import pleats
        >>> net = pleats.load("examples/moons.onnx")
        >>> scene = net.plane(box=(-1, 1, -1, 1)).scene()
        >>> scene.regions, round(scene.area.sum(), 9)
        (185, 4.0)"""
        options = sized(_abi.pleats_plane_options, boundary=boundary,
                        level=level)
        with Context(self._limits) as context:
            return context.long(
                "plane_cells", self.net._handle,
                self.domain._make(context, self.net.n_inputs), byref(options),
                out=_abi.pleats_plane_result(), convert=self._scene)

    def _scene(self, out: Any) -> Scene:
        n, n_corners = out.n_cells, out.n_corners
        cells = _records(out.cell, n, _abi.pleats_plane_cell)
        start = copied(out.start, (n + 1,), c_int64)
        packed = copied(out.pattern, (n, out.pattern_bytes), c_ubyte)
        ends = copied(out.part_corner, (out.n_part_corners, 2), c_double)
        parts = _records(out.part, out.n_parts, _abi.pleats_plane_part)
        return Scene(
            regions=integer(out.regions) or 0,
            label=_library.label(out.label) or "lower",
            stopped=_library.stopped(out.stopped),
            axes=(out.axis[0].value.decode(), out.axis[1].value.decode()),
            corners=copied(out.corner, (n_corners, 2), c_double), start=start,
            sides=copied(out.side, (start[-1],), c_int64),
            walls=copied(out.wall, (start[-1],), c_int32),
            patterns=self.net._unpacker(packed),
            maps=copied(out.map, (n, out.n_outputs, 3), c_double),
            slope=cells["gradient"], area=cells["area"],
            active=cells["active"], depth=cells["depth"], hash=cells["hash"],
            winner=cells["winner"],
            parts=tuple((int(part["cell"]), int(part["winner"]),
                         ends[part["first"]:part["first"] + part["n"]])
                        for part in parts),
            boundary=copied(out.segment, (out.n_segments, 2, 2), c_double),
            seconds=out.seconds)

    def polygons(self) -> Iterator[Polygon]:
        """The regions, one by one.

        >>> import pleats
        >>> net = pleats.load("examples/moons.onnx")
        >>> plane = net.plane(box=(-1, 1, -1, 1))
        >>> max(len(polygon.corners) for polygon in plane.polygons())
        8"""
        scene = self.scene(boundary=False)
        for i in range(scene.regions):
            yield Polygon(scene.polygon(i), scene.patterns[i], scene.maps[i],
                          float(scene.slope[i]), float(scene.area[i]))

    def plot(self, ax: Any = None, *, color: str = "pattern", output: int = 0,
             boundary: bool = True, level: float = 0, **style: Any) -> Any:
        """Draws the regions with matplotlib, and returns the axes.

        color     "pattern" (one by its hash), "depth" (the layer of the last
                  wall), "active" (how many units are not on a constant piece),
                  "slope" (norm of the gradient, logarithmic), "output" (its
                  value in the middle), "class" (the greatest output; of one
                  output, whether it is below the level)
        boundary  the decision boundary on top, of networks with several
                  outputs, or where the only one has the level
        style     of matplotlib's PolyCollection

        >>> import pleats, matplotlib
        >>> matplotlib.use("Agg")
        >>> net = pleats.load("examples/moons.onnx")
        >>> ax = net.plane(box=(-1, 1, -1, 1)).plot(color="slope")
        >>> ax.get_title()
        '185 activation regions (exact)'"""
        from ._plot import plot
        return plot(self.scene(boundary=boundary or color == "class",
                               level=level),
                    ax, color, output, boundary, style)

    def _repr_html_(self) -> str:
        """The page of the library, in a frame of its own."""
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder, "plane.html")
            self.save(path)
            page = path.read_text(encoding="utf-8")
        return (f'<iframe srcdoc="{html.escape(page)}" width="100%" '
                'height="640" style="border: 0"></iframe>')


def _records(address: Any, n: int, kind: Any) -> np.ndarray:
    """An array of its own of n structs."""
    return np.frombuffer(string_at(address, n * sizeof(kind)) if n else b"",
                         dtype=np.dtype(kind)).copy()


def film(nets: Sequence["Net"], path: Any, domain: Domain, *,
         names: Sequence[str] | None = None, color: str = "pattern",
         limits: Limits = Limits(), **options: Any) -> list[Drawing]:
    """Several networks of one architecture on one bounded plane: an .html page
    with a slider, all in one file, or (where the library has pictures) a sheet
    of them with a curve of the counts.  names: one for each; color and options
    as of Plane.save.

    >>> import pleats
    >>> nets = [pleats.make("mlp:2,8,1", seed=i) for i in range(3)]
    >>> shown = pleats.film(nets, "film.html", pleats.Box(-1, 1),
    ...                     names=["first", "second", "third"])
    >>> [drawing.label for drawing in shown]
    ['exact', 'exact', 'exact']"""
    given = _draw_options(color, options)
    if names is None:
        names = [str(i) for i in range(len(nets))]
    if not nets or len(names) != len(nets):
        raise InputError("a film has at least one network, and a name for each")
    handles = (POINTER(_abi.pleats_net) * len(nets))(
        *(net._handle for net in nets))
    texts = (c_char_p * len(nets))(*(name.encode() for name in names))
    out = (_abi.pleats_draw_result * len(nets))()
    with Context(limits) as context:
        made = domain._make(context, nets[0].n_inputs)
        file = context.made("output", "pleats_output_open", os.fsencode(path))

        def commit(_: Any) -> list[Drawing]:
            if out[0].is_drawn:
                context.check(libpleats.pleats_output_commit(context.pointer,
                                                             file))
            return [_drawing(item, out[0]) for item in out]
        try:
            return context.long(
                "draw_strip", len(nets), handles, texts, made, byref(given),
                behind=(file, out), out=None, convert=commit)
        finally:
            for item in out:
                libpleats.pleats_draw_result_clear(context.pointer,
                                                   byref(item))


def _draw_options(color: str, options: dict[str, Any]) -> Any:
    given = sized(_abi.pleats_draw_options, colour=_library.constant(
        "pleats_draw_colour", "PLEATS_DRAW_",
        "gradient" if color == "slope" else color))
    names = {name for name, _ in _abi.pleats_draw_options._fields_}
    for name, value in options.items():
        if name not in names - {"size", "colour", "has_output", "has_level"}:
            raise TypeError(f"{name}: there is no such argument")
        if name in ("output", "level"):
            setattr(given, f"has_{name}", True)
        if name == "histogram":
            value = _library.constant("pleats_draw_histogram",
                                      "PLEATS_HISTOGRAM_", value)
        setattr(given, name,
                value.encode() if isinstance(value, str) else value)
    return given


def _drawing(out: Any, first: Any) -> Drawing:
    return Drawing(integer(out.regions) or 0,
                   _library.label(out.label) or "lower",
                   _library.stopped(out.stopped), first.is_drawn,
                   first.seconds)
