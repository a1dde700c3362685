"""The geometry around a point: its region, and the graph of regions."""
from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from contextlib import contextmanager
from ctypes import byref, c_double, c_int32
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from . import _abi, _library
from ._call import Context, copied, pointer, sized
from ._exact import as_text, fraction, integer
from .domains import Domain
from .errors import InputError

if TYPE_CHECKING:
    from .net import Net


@dataclasses.dataclass(frozen=True)
class Facet:
    """A half-space of a region that the others do not imply."""

    units: tuple[int, ...]
    """whose planes it is on; none of a side of the domain"""
    changes: tuple[tuple[int, int, int], ...]
    """(unit, from, to): what is different in the neighbour's pattern"""
    side: int | None
    """of the domain: 2 j and 2 j + 1, lower and upper bound of coordinate j,
    from 2 dimension on: rows; None: a wall of units"""
    proof: str
    distance: float | None
    """Euclidean, of its plane from the point: a proven lower bound; None of a
    side, or where not known"""
    max_distance: float | None
    """the same in the max norm"""


@dataclasses.dataclass(frozen=True)
class Halfspace:
    """An inequality of a region, with exact coefficients: a . x + b >= 0 in it.
    Integers without a common divisor.  On a domain of lower dimension it is one
    of many that mean the same: a is 0 at inputs that others determine there."""

    a: tuple[int, ...]
    """[n_inputs]"""
    b: int
    unit: int | None
    """whose pieces meet on the plane; None: a side of the domain"""
    side: int | None
    """as of Facet"""
    proof: str
    """how it was proven to be on a facet, or not: see Region.proofs"""
    facet: int | None
    """its place in Region.facets; None: it is redundant, or undecided"""

    def at(self, x: Any) -> Fraction:
        """a . x + b, exactly, at numbers x [n_inputs]: floats are the numbers
        that they are.

        >>> import pleats
        >>> pleats.Halfspace((2, 0), -1, 0, None, "ray", 0).at([0.75, 3])
        Fraction(1, 2)"""
        total = Fraction(self.b)
        for weight, value in zip(self.a, x, strict=True):
            total += weight * Fraction(as_text(value))
        return total


@dataclasses.dataclass(frozen=True, eq=False)
class Region:
    """The activation region that holds a point.

    All verdicts are proven, but for half-spaces that are undecided: there are
    none where `exact` is true."""

    point: np.ndarray
    pattern: np.ndarray
    """[n_units] int32, as of Net.eval"""
    dimension: int
    on_side: bool
    """the point is on a side of the domain"""
    exact: bool
    stopped: str | None
    proofs: dict[str, int]
    """how many half-spaces there are, repeated ones included, by how facets
    ("ray", "programme", "exact-facet", "independent") and others ("sum",
    "exact-redundant", "repeated") were proven; "none": undecided"""
    facets: tuple[Facet, ...]
    halfspaces: tuple[Halfspace, ...] | None
    """all of them, those of units first; None: not asked for, or a limit ended
    the call"""
    ball: Fraction | None
    """radius of the largest max-norm ball about the point that no wall of a
    unit meets; None: no wall, or a domain without orthogonal axes"""
    ball_unit: int | None
    distance: float | None
    """Euclidean, of the nearest wall: a proven lower bound"""
    bounded: bool | None
    """None: too large to be decided"""
    centre: np.ndarray | None
    """[n_inputs] of a large ball inside; None of an unbounded region"""
    radius: float | None
    """of that ball, proven"""
    affine: tuple[np.ndarray, np.ndarray]
    """A [n_outputs, n_inputs] and b [n_outputs]: y = A x + b in the region, in
    doubles"""
    slope: np.ndarray
    """[n_outputs, 3]: 1-norm, 2-norm and max norm of each row of A"""
    vertices: tuple[tuple[Fraction, ...], ...] | None
    """exact corners, each with n_inputs numbers; None: not asked for"""
    n_rays: int | None
    """directions in which the region is unbounded; None: not asked for"""
    seconds: float

    @property
    def neighbours(self) -> tuple[np.ndarray, ...]:
        """The patterns [n_units] behind the facets that are walls."""
        found = []
        for facet in self.facets:
            if facet.side is None:
                pattern = self.pattern.copy()
                for unit, _, to in facet.changes:
                    pattern[unit] = to
                found.append(pattern)
        return tuple(found)


@contextmanager
def prepared(context: Context, net: "Net", domain: Domain) -> Iterator[Any]:
    """A network on a domain, prepared for points."""
    yield context.made("local", "pleats_local_new", net._handle,
                       domain._make(context, net.n_inputs))


def input_of(net: "Net", x: Any) -> np.ndarray:
    """One input [n_inputs], whatever its shape was."""
    array = np.ascontiguousarray(x, dtype=np.float64).ravel()
    if len(array) != net.n_inputs:
        raise InputError(f"x has {len(array)} numbers, and {net.n_inputs} are "
                         "wanted")
    return array


def region_of(context: Context, net: "Net", domain: Domain, x: Any,
              vertices: bool, halfspaces: bool) -> Region:
    """See Net.region."""
    point = input_of(net, x)
    options = sized(_abi.pleats_local_options, map=True, vertices=vertices,
                    halfspaces=halfspaces)
    with prepared(context, net, domain) as local:
        return context.long(
            "local_at", local, pointer(point, c_double), byref(options),
            out=_abi.pleats_local_result(),
            convert=lambda out: _region(out, point, vertices, halfspaces))


def _region(out: Any, point: np.ndarray, vertices: bool, halfspaces: bool
            ) -> Region:
    n = out.n_inputs
    proofs = {_proof(i): count for i, count in enumerate(out.proofs) if count}
    return Region(
        point=point, pattern=copied(out.piece, (out.n_units,), c_int32),
        dimension=out.dimension, on_side=out.on_side, exact=out.exact,
        stopped=_library.stopped(out.stopped), proofs=proofs,
        facets=tuple(_facet(out.facet[i]) for i in range(out.n_facets)),
        halfspaces=tuple(_halfspace(out.halfspace[i])
                         for i in range(out.n_halfspaces))
        if halfspaces and (out.halfspace or out.n_halfspaces == 0) else None,
        ball=fraction(out.ball) if out.ball is not None else None,
        ball_unit=out.ball_unit if out.ball_unit >= 0 else None,
        distance=_known(out.distance),
        bounded=_shape(out.shape),
        centre=copied(out.centre, (n,), c_double) if out.centre else None,
        radius=_known(out.radius) if out.centre else None,
        affine=(copied(out.a, (out.n_outputs, n), c_double),
                copied(out.b, (out.n_outputs,), c_double)),
        slope=copied(out.slope, (out.n_outputs, 3), c_double),
        vertices=tuple(
            tuple(fraction(out.vertex[i * n + j]) for j in range(n))
            for i in range(out.n_vertices)) if vertices else None,
        n_rays=out.n_rays if vertices else None, seconds=out.seconds)


def _halfspace(row: Any) -> Halfspace:
    *a, b = (integer(word) or 0 for word in row.row.split())
    return Halfspace(
        a=tuple(a), b=b, unit=row.unit if row.unit >= 0 else None,
        side=row.side if row.side >= 0 else None, proof=_proof(row.proof),
        facet=row.facet if row.facet >= 0 else None)


def _proof(value: int) -> str:
    return _library.word("pleats_proof", "PLEATS_PROOF_", value)


def _facet(facet: Any) -> Facet:
    return Facet(
        units=tuple(facet.unit[:facet.n_units]),
        changes=tuple((change.unit, getattr(change, "from"), change.to)
                      for change in facet.change[:facet.n_changes]),
        side=facet.side if facet.side >= 0 else None,
        proof=_proof(facet.proof),
        distance=_known(facet.distance),
        max_distance=_known(facet.max_distance))


def _known(value: float) -> float | None:
    return float(value) if value >= 0 else None


def _shape(value: int) -> bool | None:
    names = _abi.ENUMS["pleats_region_shape"]
    if value == names["PLEATS_SHAPE_UNKNOWN"]:
        return None
    return bool(value == names["PLEATS_SHAPE_BOUNDED"])


def graph_of(context: Context, net: "Net", domain: Domain, x: Any) -> Any:
    """See Net.graph."""
    networkx = _library.module("networkx", "the graph of regions")
    point = input_of(net, x)
    with prepared(context, net, domain) as local:
        return context.long(
            "local_walk", local, pointer(point, c_double),
            out=_abi.pleats_walk_result(),
            convert=lambda out: _graph(networkx, out))


def _graph(networkx: Any, out: Any) -> Any:
    graph = networkx.Graph(complete=out.complete,
                           stopped=_library.stopped(out.stopped),
                           seconds=out.seconds)
    pieces = copied(out.piece, (out.n_nodes, out.n_units), c_int32)
    for i in range(out.n_nodes):
        node = out.node[i]
        graph.add_node(i, pattern=pieces[i], hash=node.hash.decode(),
                       depth=node.depth, expanded=node.expanded,
                       exact=node.exact, facets=node.facets, sides=node.sides)
    for i in range(out.n_edges):
        edge = out.edge[i]
        graph.add_edge(getattr(edge, "from"), edge.to,
                       units=tuple(edge.unit[:edge.n_units]))
    return graph
