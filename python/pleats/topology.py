"""The polyhedral complex of a network: faces, shapes of sets, the dual graph."""
from __future__ import annotations

import dataclasses
from ctypes import byref, c_double, c_int32
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from . import _abi, _library
from ._call import Context, copied, sized
from ._exact import as_text, fraction
from .domains import Domain
from .statistics import fields

if TYPE_CHECKING:
    from .net import Net


@dataclasses.dataclass(frozen=True)
class ShapedSet:
    """A closed set that is a union of faces, and its homology."""

    kind: str
    """"sublevel", "superlevel", "level", "class" or "boundary" """
    number: int
    """of the class, else of the output; -1: the boundary"""
    faces: tuple[int, ...]
    """[dimension + 1] by their dimension"""
    euler: int
    betti: tuple[int, ...]
    """[dimension + 1] over the field of two elements"""
    rational_betti: tuple[int, ...] | None
    """over the rationals; None: numbers beyond 64 bits came up"""


@dataclasses.dataclass(frozen=True)
class Component:
    """A connected part of the inside of a class."""

    number: int
    """of the class"""
    parts: int
    """of regions"""
    volume: float
    volume_error: float
    """abs(volume - true) is at most this"""
    exact_volume: Fraction | None
    """None: not asked for"""


@dataclasses.dataclass(frozen=True, eq=False)
class Complex:
    """The faces of a network on a domain; all numbers are exact where `label`
    is, else at least so many faces were found and nothing more is told."""

    label: str
    dimension: int
    """-1: the domain is empty"""
    faces: tuple[int, ...]
    """[dimension + 1] from vertices to regions"""
    inside: tuple[int, ...]
    """those that are not in the domain's boundary"""
    euler: int
    sets: tuple[ShapedSet, ...]
    components: tuple[Component, ...]
    graph: Any
    """networkx.Graph of the regions and their common facets, when asked for:
    nodes have pattern, point, facets, sides, vertices; edges have units"""
    stopped: str | None
    seconds: float

    @property
    def exact(self) -> bool:
        """Whether the numbers are exact."""
        return self.label == "exact"

    @property
    def regions(self) -> int:
        """Faces of the domain's own dimension."""
        return self.faces[-1] if self.faces else 0


def complex_of(context: Context, net: "Net", domain: Domain, level: Any,
               output: int, classes: bool, exact_volumes: bool, graph: bool
               ) -> Complex:
    """See Net.complex."""
    options = sized(
        _abi.pleats_complex_options, output=output, classes=classes,
        exact_volumes=exact_volumes, graph=graph,
        level=None if level is None else as_text(level).encode())
    made = domain._make(context, net.n_inputs)
    return context.long("complex", net._handle, made, byref(options),
                        out=_abi.pleats_complex_result(),
                        convert=lambda out: _complex(out, graph))


def _complex(out: Any, has_graph: bool) -> Complex:
    n = out.dimension + 1
    return Complex(
        label=_library.label(out.label) or "lower",
        **fields(out, "dimension", "euler", "seconds"),
        faces=tuple(out.faces[:n]), inside=tuple(out.inside[:n]),
        sets=tuple(_set(out.set[i], n) for i in range(out.n_sets)),
        components=tuple(_component(out.component[i])
                         for i in range(out.n_components)),
        graph=_graph(out) if has_graph else None,
        stopped=_library.stopped(out.stopped))


def _set(out: Any, n: int) -> ShapedSet:
    return ShapedSet(
        kind=_library.word("pleats_set_kind", "PLEATS_SET_", out.kind),
        **fields(out, "number", "euler"), faces=tuple(out.faces[:n]),
        betti=tuple(out.betti[:n]),
        rational_betti=tuple(out.rational[:n]) if out.has_rational else None)


def _component(out: Any) -> Component:
    return Component(
        **fields(out, "number", "parts", "volume", "volume_error"),
        exact_volume=None if out.exact_volume is None
        else fraction(out.exact_volume))


def _graph(out: Any) -> Any:
    networkx = _library.module("networkx", "the graph of a complex")
    graph = networkx.Graph()
    pieces = copied(out.piece, (out.n_nodes, out.n_units), c_int32)
    points = copied(out.point, (out.n_nodes, out.n_inputs), c_double)
    for i in range(out.n_nodes):
        graph.add_node(i, pattern=pieces[i], point=points[i],
                       **fields(out.node[i], "facets", "sides", "vertices"))
    for i in range(out.n_edges):
        edge = out.edge[i]
        graph.add_edge(getattr(edge, "from"), edge.to,
                       units=tuple(edge.unit[:edge.n_units]))
    return graph
