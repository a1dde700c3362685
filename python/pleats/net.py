"""Networks, and what is asked of one."""
from __future__ import annotations

import dataclasses
import os
import weakref
from collections.abc import Sequence
from ctypes import byref, c_double, c_int32
from functools import cached_property
from typing import Any, NoReturn

import numpy as np

from . import (_abi, _library, census, domains, extremes, local, statistics,
               topology)
from ._call import Context, Limits, pointer, sized
from ._library import libpleats
from .cells import USUAL_FIELDS, Cells, Unpacker
from .census import Survey
from .domains import Domain
from .errors import InputError
from .extremes import Lipschitz, Property, Range
from .local import Region
from .plane import Plane
from .results import DEFINITIONS, Count
from .statistics import Density, Estimate, Hulls, Sample, Stable
from .topology import Complex


@dataclasses.dataclass(frozen=True)
class Layer:
    """One step of a network."""

    name: str
    op: str
    shape: tuple[int, ...]
    """of its result, batch axis left out"""
    parameters: int
    """numbers that the file stores for it"""
    units: int
    """piecewise-linear units, 0 of an affine step"""


class Net:
    """A piecewise-linear network; made by `load`, `make` and others.  It does
    not change, and may be used by several threads at once.

    Domains are given as a value (pleats.Box(-1, 1)) or by one keyword: box,
    line, plane, slice, polytope, ball, rows, axes (a tuple of that class's
    arguments, as box=(-1, 1)), vnnlib (a path); without one it is R^n.  Limits
    are keywords, too: seconds, cells, memory, threads, progress
    (pleats.Limits)."""

    def __init__(self, context: Context, handle: Any) -> None:
        context.is_kept = True
        self._handle = handle
        self._close = weakref.finalize(self, _free, context, handle)
        self.n_inputs: int = libpleats.pleats_net_n_inputs(handle)
        self.n_outputs: int = libpleats.pleats_net_n_outputs(handle)
        self.n_units: int = libpleats.pleats_net_n_units(handle)
        self.rounded: int = libpleats.pleats_net_n_rounded(handle)
        self.sha256: str = _library.text(
            libpleats.pleats_net_sha256(handle)) or ""
        self.remarks = context.remarks()

    def __repr__(self) -> str:
        return (f"<pleats.Net: {self.n_inputs} inputs, {self.n_units} units, "
                f"{self.n_outputs} outputs>")

    def __reduce__(self) -> NoReturn:
        raise TypeError("a pleats.Net cannot be pickled: it is a handle of the "
                        "C library; save it and load it where it is needed")

    @property
    def layers(self) -> tuple[Layer, ...]:
        """The steps of the network, in their order."""
        found = (libpleats.pleats_net_layer(self._handle, i)
                 for i in range(libpleats.pleats_net_n_layers(self._handle)))
        return tuple(Layer(_library.text(layer.name) or "",
                           _library.text(layer.op) or "",
                           tuple(layer.dims[:layer.n_dims]), layer.parameters,
                           layer.units) for layer in found)

    def save(self, path: Any) -> None:
        """Writes the network as an ONNX file; OutputError.

        >>> import pleats
        >>> pleats.make("mlp:2,8,1", seed=3).save("random.onnx")
        >>> pleats.load("random.onnx").n_units
        8"""
        with Context() as context:
            context.check(libpleats.pleats_net_save(
                context.pointer, self._handle, os.fsencode(path)))

    # ---- values ----------------------------------------------------------

    def eval(self, x: Any, pieces: bool = False) -> Any:
        """Outputs [..., n_outputs] at inputs x [..., n_inputs], in doubles;
        with `pieces` a pair of them and the piece of every unit
        [..., n_units] int32: the number of breakpoints strictly below its
        input, or the index of the first winner.

        >>> import pleats
        >>> net = pleats.load([([[1], [-1]], [0, 0]), ([[1, 1]], None)])
        >>> y, pieces = net.eval([[-2.0], [0.5]], pieces=True)
        >>> y.tolist(), pieces.tolist()
        ([[2.0], [0.5]], [[0, 1], [1, 0]])"""
        x = np.ascontiguousarray(x, dtype=np.float64)
        if x.ndim == 0 or x.shape[-1] != self.n_inputs:
            raise InputError(f"x has shape {x.shape}, and [..., "
                             f"{self.n_inputs}] is wanted")
        rows = x.reshape(-1, self.n_inputs)
        y = np.empty((len(rows), self.n_outputs))
        piece = np.empty((len(rows), self.n_units), dtype=np.int32)
        with Context() as context:
            for i in range(len(rows)):
                context.check(libpleats.pleats_net_eval(
                    context.pointer, self._handle, pointer(rows[i], c_double),
                    pointer(y[i], c_double), pointer(piece[i], c_int32)))
        y = y.reshape(*x.shape[:-1], self.n_outputs)
        piece = piece.reshape(*x.shape[:-1], self.n_units)
        return (y, piece) if pieces else y

    # ---- counts ----------------------------------------------------------

    def count(self, domain: Domain | None = None, *,
              what: str | Sequence[str] = "regions", paranoid: bool = False,
              engine: str = "auto", **words: Any) -> Count:
        """The exact number of activation regions on a domain.

        what      "regions", "pieces", "maps", or several of them: the first
                  is int(count)
        paranoid  decide everything by exact arithmetic
        engine    "auto", "by-vertices", "by-programmes": the answer does not
                  depend on it

        A limit is no failure: the number is then a proven lower bound.
        Interrupted (Ctrl-C) has the same in `partial`.

        >>> import pleats
        >>> net = pleats.load("examples/moons.onnx")
        >>> print(net.count(box=(-1, 1)))
        185 activation regions (exact)
        >>> print(net.count(box=(-1, 1), cells=100))
        at least 100 activation regions (cell limit)"""
        kinds = [what] if isinstance(what, str) else list(what)
        for kind in kinds or [""]:
            if kind not in DEFINITIONS:
                raise InputError(f"{kind!r} is none of "
                                 f"{', '.join(DEFINITIONS)}")
        options = sized(
            _abi.pleats_count_options, pieces="pieces" in kinds,
            maps="maps" in kinds, paranoid=paranoid, engine=_library.constant(
                "pleats_count_engine", "PLEATS_COUNT_", engine))
        domain, limits = self._taken(domain, words)
        with Context(limits) as context:
            made = domain._make(context, self.n_inputs)
            shown = _library.text(libpleats.pleats_domain_text(made)) or ""
            return context.long(
                "count", self._handle, made, byref(options),
                out=_abi.pleats_count_result(),
                convert=lambda out: Count._of(
                    out, what=kinds[0], domain=shown, rounded=self.rounded,
                    remarks=self.remarks + context.remarks()))

    def cells(self, domain: Domain | None = None, *,
              fields: Sequence[str] = USUAL_FIELDS, batch: int = 1024,
              paranoid: bool = False, engine: str = "auto",
              part: tuple[int, int] = (0, 0), **words: Any) -> Cells:
        """All activation regions on a domain, in batches of arrays (see
        Cells).  fields: of "pattern", "point", "map"; the fewer, the faster.
        part (i, n): those of part i of n, which have every region once between
        them.  Cost: that of `count`, an exact evaluation for a point,
        n_outputs passes over the weights for a map.

        >>> import pleats
        >>> net = pleats.load("examples/moons.onnx")
        >>> for batch in net.cells(box=(-1, 1), fields=("pattern", "map")):
        ...     print(batch["pattern"].shape, batch["A"].shape, batch["b"].shape)
        (185, 32) (185, 1, 2) (185, 1)"""
        domain, limits = self._taken(domain, words)
        return Cells(self, domain, fields, batch, paranoid, engine, part,
                     limits)

    def survey(self, domain: Domain | None = None, *, data: Any = None,
               exact_volumes: bool = False, paranoid: bool = False,
               **words: Any) -> Survey:
        """What all regions of one convex domain are like, in one pass: how
        many of each class and layer, the classes' shares of the volume, sizes
        and slopes, what units do, and which regions hold rows of `data`, an
        array [n_rows, n_inputs] or a file.  exact_volumes: those of the
        classes as fractions, for small domains.

        >>> import pleats
        >>> net = pleats.load([([[2, 0], [0, 1]], [-1, 0]), ([[1, -1]], None)])
        >>> survey = net.survey(box=(-1, 1), exact_volumes=True)
        >>> int(survey), [c.exact_volume for c in survey.classes]
        (4, [Fraction(7, 4), Fraction(9, 4)])"""
        domain, limits = self._taken(domain, words)
        with Context(limits) as context:
            return census.survey(context, self, domain, data, exact_volumes,
                                 paranoid)

    def complex(self, domain: Domain | None = None, *, level: Any = None,
                output: int = 0, classes: bool = False,
                exact_volumes: bool = False, graph: bool = False,
                **words: Any) -> Complex:
        """The faces of all dimensions on a bounded convex domain, and, when
        asked for, the topology of the sets where an output is at most, at
        least and just `level`, and of classes, with the components of these
        and their volumes; graph: regions and their common facets, by networkx.

        >>> import pleats
        >>> net = pleats.load([([[1], [-1]], [0, 0]), ([[1, 1]], None)])  # |x|
        >>> found = net.complex(box=(-1, 1), level="1/2")
        >>> found.faces, [(s.kind, s.betti) for s in found.sets]  # doctest: +NORMALIZE_WHITESPACE
        ((3, 2), [('sublevel', (1, 0)), ('superlevel', (2, 0)),
                  ('level', (2, 0))])"""
        domain, limits = self._taken(domain, words)
        with Context(limits) as context:
            return topology.complex_of(context, self, domain, level, output,
                                       classes, exact_volumes, graph)

    # ---- least and largest -----------------------------------------------

    def range(self, domain: Domain | None = None, *, output: int = 0,
              direction: Any = None, **words: Any) -> Range:
        """The least and the largest value of an output on a bounded domain,
        exactly, with points where it takes them; of a linear function of
        outputs with the coefficients `direction` [n_outputs].

        >>> import pleats
        >>> net = pleats.load([([[2, 0], [0, 1]], [-1, 0]), ([[1, -1]], None)])
        >>> found = net.range(box=(-1, "1/3"))
        >>> found.least.value, found.least.at.point[1], found.largest.exact
        (Fraction(-1, 3), Fraction(1, 3), True)"""
        domain, limits = self._taken(domain, words)
        with Context(limits) as context:
            return extremes.range_of(context, self, domain, output, direction)

    def check(self, vnnlib: Any, **limits: Any) -> Property:
        """Whether some point meets all constraints, of inputs and outputs, of a
        VNN-LIB file.

        >>> import pleats
        >>> with open("high.vnnlib", "w") as file:
        ...     _ = file.write("(declare-const X_0 Real)(declare-const Y_0 Real)"
        ...                    "(assert (and (>= X_0 -1) (<= X_0 1)))"
        ...                    "(assert (>= Y_0 2))")
        >>> net = pleats.load([([[1], [-1]], [0, 0]), ([[1, 1]], None)])  # |x|
        >>> net.check("high.vnnlib").verdict
        'holds'"""
        taken = self._taken(None, limits)[1]
        with Context(taken) as context:
            return extremes.check(context, self, vnnlib)

    def lipschitz(self, domain: Domain | None = None, *, norm: Any = "inf",
                  output: int | None = 0, **words: Any) -> Lipschitz:
        """How steep an output is at most on a bounded domain, exactly; output
        None: the map to all outputs.  norm: "inf", "1" or "2", of inputs and
        outputs; of "2" the square is exact, and of the map an interval.

        >>> import pleats
        >>> net = pleats.load([([[2, 0], [0, 1]], [-1, 0]), ([[1, -1]], None)])
        >>> [net.lipschitz(box=(-1, 1), norm=n).value for n in ("inf", 1, 2)]
        [Fraction(3, 1), Fraction(2, 1), Fraction(5, 1)]"""
        domain, limits = self._taken(domain, words)
        with Context(limits) as context:
            return extremes.lipschitz(context, self, domain, norm, output)

    # ---- around a point --------------------------------------------------

    def region(self, x: Any, domain: Domain | None = None, *,
               vertices: bool | None = None, halfspaces: bool | None = None,
               **words: Any) -> Region:
        """The region that holds the input x [n_inputs]: facets, neighbours,
        the affine map, the largest ball without a wall.  InputError where x is
        on walls or not in the domain.

        vertices    exact corners, in at most 8 dimensions; None: in at most 3
        halfspaces  exact inequalities; None: of at most 64 inputs.  Cost: an
                    exact form for each, n_inputs integers

        >>> import pleats
        >>> net = pleats.load([([[2, 0], [0, 1]], [-1, 0]), ([[1, 1]], None)])
        >>> region = net.region([1, 3])
        >>> [(h.a, h.b) for h in region.halfspaces]
        [((2, 0), -1), ((0, 1), 0)]
        >>> region.vertices
        ((Fraction(1, 2), Fraction(0, 1)),)
        >>> a, b = region.affine
        >>> a.tolist(), b.tolist()
        ([[2.0, 1.0]], [-1.0])"""
        domain, limits = self._taken(domain, words)
        if vertices is None:
            vertices = self.n_inputs <= 3
        if halfspaces is None:
            halfspaces = self.n_inputs <= 64
        with Context(limits) as context:
            return local.region_of(context, self, domain, x, vertices,
                                   halfspaces)

    def graph(self, x: Any, domain: Domain | None = None, *,
              radius: Any = None, **words: Any) -> Any:
        """The regions breadth first from the one that holds x, through facets,
        as a networkx.Graph; with `radius` those that meet the max-norm ball of
        that radius about x, with cells=N the first N.

        Nodes 0 (that of x), 1, ...: pattern [n_units], hash (SHA-256), depth
        (facets on a shortest way), expanded, exact, facets, sides.  Edges:
        units that change.  graph.graph: complete, stopped, seconds.

        >>> import pleats, networkx
        >>> net = pleats.load("examples/moons.onnx")
        >>> graph = net.graph([0.1, 0.2], radius="0.3")
        >>> len(graph) == net.count(ball=([0.1, 0.2], "0.3"))
        True
        >>> graph.graph["complete"], networkx.is_connected(graph)
        (True, True)"""
        if radius is not None:
            words["ball"] = (local.input_of(self, x), radius)
        domain, limits = self._taken(domain, words)
        with Context(limits) as context:
            return local.graph_of(context, self, domain, x)

    def plane(self, origin: Any = None, u: Any = None, v: Any = None, *,
              box: Any = (-1, 1, -1, 1), **limits: Any) -> Plane:
        """The bounded plane origin + s u + t v, with (s, t) in `box`
        (s0, s1, t0, t1), to be drawn; `origin` alone may be three data rows
        [3, n_inputs], of which the others end u and v.  A network of two
        inputs needs none of them.

        >>> import pleats
        >>> net = pleats.load("examples/moons.onnx")
        >>> net.plane(box=(-1, 1, -1, 1)).scene().regions
        185"""
        taken = self._taken(None, limits)[1]
        if origin is None and self.n_inputs == 2:
            return Plane(self, domains.Box([box[0], box[2]], [box[1], box[3]]),
                         taken)
        if u is None and np.shape(origin) == (3, self.n_inputs):
            rows = np.asarray(origin, dtype=np.float64)
            origin, u, v = rows[0], rows[1] - rows[0], rows[2] - rows[0]
        if origin is None or u is None or v is None:
            raise InputError("a plane has an origin, u and v, each "
                             f"[{self.n_inputs}], or three rows")
        return Plane(self, domains.Plane(origin, u, v, box), taken)

    # ---- where the exact count is out of reach ---------------------------

    def sample(self, domain: Domain | None = None, *, points: int = 0,
               source: str | None = None, data: Any = None, scale: float = 1,
               seed: int = 0, **words: Any) -> Sample:
        """Distinct patterns among many points, a lower bound of the regions.

        source  "uniform" or "sequence" (Halton's, shifted at random) in a box
                or a bounded line or plane, which is the default; "gaussian":
                independent normal inputs of deviation `scale`; "rows": those
                in `data`, an array [n_rows, n_inputs] or a file
        points  0: 100,000, or all rows

        >>> import pleats
        >>> net = pleats.load("examples/moons.onnx")
        >>> 100 < int(net.sample(box=(-1, 1), points=20000)) <= 185
        True"""
        is_given = domain is not None or bool(
            set(words) - set(Limits.NAMES))
        source = source or ("rows" if data is not None else
                            "uniform" if is_given else "gaussian")
        domain, limits = self._taken(domain, words)
        with Context(limits) as context:
            return statistics.sample(
                context, self, domain if is_given else None, source, data,
                points, scale, seed)

    def estimate(self, domain: Domain | None = None, *, seed: int = 0,
                 level: float = 0.95, rel_error: float = 0.05,
                 sweeps: int = 0, exact_time: float | None = None,
                 checkpoint: Any = None, every: float = 60,
                 **words: Any) -> Estimate:
        """The exact count if it ends within `exact_time` seconds (None: a
        tenth of `seconds`, or 1; 0: it is not tried); else an unbiased
        estimate by random sweeps over the tree of cells [Knuth 1975; Chen
        1992] with Student's interval at `level`, until half of that is
        `rel_error` of the mean, or after `sweeps` (0: 100,000).  The domain is
        one polytope.  With few sweeps the interval may be too short.
        checkpoint: a file to go on from, where it is there; it is written
        every so many seconds and at the end.

        >>> import pleats
        >>> net = pleats.load("examples/moons.onnx")
        >>> estimate = net.estimate(box=(-1, 1), exact_time=0, sweeps=100)
        >>> estimate.label, estimate.lo <= estimate.mean <= estimate.hi
        ('estimate', True)"""
        domain, limits = self._taken(domain, words)
        with Context(limits) as context:
            return statistics.estimate(context, self, domain, seed, level,
                                       rel_error, sweeps, exact_time,
                                       checkpoint, every)

    def stable(self, domain: Domain | None = None, *,
               effort: str = "usual", checkpoint: Any = None,
               every: float = 60, **words: Any) -> Stable:
        """Which units keep one piece on a bounded box.  effort:
        "by-intervals", "by-forms", "by-programmes" (the usual one), "exact"
        (and the regions of the box, one by one).  checkpoint, of "exact": as
        of estimate.

        >>> import pleats
        >>> net = pleats.load("examples/moons.onnx")
        >>> net.stable(box=(-0.1, 0.1), effort="exact").count("changes")
        7"""
        domain, limits = self._taken(domain, words)
        with Context(limits) as context:
            return statistics.stable(context, self, domain, effort,
                                     checkpoint, every)

    def density(self, data: Any, *, radius: Any = None, n: int = 0,
                seed: int = 0, level: float = 0.95, most: int = 0,
                **words: Any) -> Density:
        """Exact numbers of regions near data rows, layer by layer: of max-norm
        balls of a radius about the first n rows; without one, breakpoints on
        segments between n pairs of rows (0: 20).  data: an array
        [n_rows, n_inputs] or a file; most: regions of one ball that are
        counted (0: 100,000).  LimitReached when there was not time for two.

        >>> import pleats
        >>> net = pleats.load("examples/moons.onnx")
        >>> rows = [[0.0, 0.5], [0.5, 0.0], [1.0, 1.0]]
        >>> density = net.density(rows, radius="0.1")
        >>> counts = [net.count(ball=(row, "0.1")) for row in rows]
        >>> density.n, density.whole.mean == sum(map(int, counts)) / 3
        (3, True)"""
        limits = self._taken(None, words)[1]
        with Context(limits) as context:
            return statistics.density(context, self, data, radius, n, seed,
                                      level, most)

    def hulls(self, data: Any, radius: Any, *, directions: int = 0,
              n: int = 0, seed: int = 0, cuts: bool = False, most: int = 0,
              **words: Any) -> Hulls:
        """How many units of each layer change on the cross-polytope about
        each of the first n rows (0: all) in random orthogonal directions (0:
        20, or all inputs where they are fewer), whose vertices have that
        distance from the row: between two proved bounds.  cuts: exactly, too,
        on the plane of the first two; most: regions of a cut that are gone
        through (0: 100,000).

        >>> import pleats
        >>> net = pleats.load("examples/moons.onnx")
        >>> hulls = net.hulls([[0.0, 0.5], [0.5, 0.0]], "0.1", cuts=True)
        >>> hulls.lower.shape, bool((hulls.cut <= hulls.upper).all())
        ((2, 2), True)"""
        limits = self._taken(None, words)[1]
        with Context(limits) as context:
            return statistics.hulls(context, self, data, radius, directions, n,
                                    seed, cuts, most)

    # ---- for the modules beside this one ---------------------------------

    @cached_property
    def _unpacker(self) -> Unpacker:
        return Unpacker(self._handle, self.n_units)

    @staticmethod
    def _taken(domain: Domain | None, words: dict[str, Any]
               ) -> tuple[Domain, Limits]:
        """The domain and the limits that a call names."""
        limits = Limits._taken(words)
        domain = domains.taken(domain, words)
        if words:
            raise TypeError(f"{', '.join(words)}: there is no such argument")
        return domain, limits


def _free(context: Context, handle: Any) -> None:
    libpleats.pleats_net_free(context.pointer, handle)
    context.close()
