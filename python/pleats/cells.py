"""All regions of a network on a domain, as batches of arrays."""
from __future__ import annotations

import dataclasses
import json
import os
import queue
import threading
from collections.abc import Callable, Iterator, Sequence
from ctypes import byref, c_bool, c_double, c_ubyte
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from . import _abi, _library
from ._call import Context, Limits, Task, copied, sized
from ._exact import fraction, integer
from ._library import libpleats
from .domains import Domain
from .errors import InputError

if TYPE_CHECKING:
    from .net import Net

FIELDS = ("pattern", "point", "map", "volume", "exact_volume", "bounded",
          "class", "slope", "vertices", "facets", "neighbours",
          "centre")
USUAL_FIELDS = FIELDS[:3]
_NO_MORE = None


class Cells:
    """Iterates over the regions, in batches: dicts of arrays, each with the
    region as its first axis.

    "pattern"    [n, n_units] int32: the piece of every unit, as of Net.eval
    "point"      [n, n_inputs] a point of the region, rounded to doubles
    "is_inside"  [n] bool: it was proved that the doubles are in the region
    "A", "b"     [n, n_outputs, n_inputs], [n, n_outputs]: y = A x + b there
    "volume", "volume_error"  [n] in the domain's own coordinates, and how far
                 that is off at most
    "exact_volume"  [n] the same as fractions.Fraction; None: infinite
    "bounded"    [n] bool
    "class"      [n, classes] whether an output is the largest one nowhere in
                 the region (0), somewhere (1) or everywhere (2); of one output
                 of class 0, where it is below 0, and class 1
    "slope"      [n, n_outputs, 3] 1-norm, 2-norm and max norm of gradients
    "vertices"   [n] lists of points, tuples of fractions.Fraction
    "facets"     [n] lists: of each facet the unit on whose wall it lies, -1: a
                 side of the domain
    "neighbours"  [n] lists: of each facet, in the same order, the pairs (unit,
                 piece) that are other in the region behind it; None: a side
    "centre", "radius"  [n, n_inputs], [n] of a ball about as large as can be:
                 the domain's points nearer than the radius, which is proved,
                 are in the region; NaN and 0 where no ball was proved

    Each iteration starts anew; one that is left early stops the work.  With
    one thread, which is the default, the order is the same each time.  Behind
    the last batch `regions`, `label`, `stopped` and `seconds` say what came of
    it."""

    def __init__(self, net: "Net", domain: Domain, fields: Sequence[str],
                 batch: int, paranoid: bool, engine: str,
                 part: tuple[int, int], limits: Limits) -> None:
        for field in fields:
            if field not in FIELDS:
                raise InputError(f"{field!r} is none of {', '.join(FIELDS)}")
        if batch < 1:
            raise InputError("a batch has at least one region")
        self._net, self._domain, self._fields = net, domain, tuple(fields)
        self._limits = limits
        want = sum(1 << FIELDS.index(field) for field in set(fields))
        self._options = sized(
            _abi.pleats_regions_options, want=want, batch=batch,
            any_thread=limits.threads not in (None, 1), paranoid=paranoid,
            engine=_library.constant("pleats_count_engine", "PLEATS_COUNT_",
                                     engine), part=part[0], of=part[1])
        self.regions: int | None = None
        self.label: str | None = None
        self.stopped: str | None = None
        self.seconds: float | None = None

    def __iter__(self) -> Iterator[dict[str, np.ndarray]]:
        """Another thread visits the regions, a few batches ahead."""
        line = _Line()
        with Context(self._limits) as context:
            context.limits = dataclasses.replace(
                self._limits, progress=line.watch(context))
            task = Task(lambda: self._work(context, line))
            context.is_busy = True
            try:  # a thread that the interpreter waits for at its end
                threading.Thread(target=task.make, name="pleats").start()
                while (batch := line.get()) is not _NO_MORE:
                    if isinstance(batch, BaseException):
                        raise batch
                    if "pattern" in batch:  # while the other goes on
                        batch["pattern"] = self._net._unpacker(
                            batch["pattern"])
                    yield batch
            finally:
                line.is_left = True
                context.cancel()
                task.settle()

    def save(self, path: Any, *, format: str = "auto") -> "Cells":
        """Writes the regions to a file, by the C library: .h5 or .hdf5 (which
        needs libhdf5), .npz, .jsonl; docs/formats.md says what stands where.
        Returns itself, with `regions`, `label`, `stopped` and `seconds`.

        A limit and Ctrl-C end with a whole file that says that it is not
        complete.  The default of fields is what `cells` has.  While an HDF5
        file is written no other thread may use libhdf5 (h5py), which holds no
        lock.

        >>> import pleats
        >>> net = pleats.load("examples/moons.onnx")
        >>> net.cells(box=(-1, 1)).save("cells.npz").regions
        185"""
        options = sized(
            _abi.pleats_cells_options, fields=self._options.want,
            paranoid=self._options.paranoid, engine=self._options.engine,
            part=self._options.part, of=self._options.of,
            format=_library.constant("pleats_cells_format", "PLEATS_CELLS_",
                                     format))
        with Context(self._limits) as context:
            file = context.made("output", "pleats_output_open_kept",
                                os.fsencode(path))

            def commit(out: Any) -> None:
                context.check(libpleats.pleats_output_commit(context.pointer,
                                                             file))
                self._end(out)
            context.long("cells_save", self._net._handle,
                         self._domain._make(context, self._net.n_inputs),
                         byref(options), out=_abi.pleats_cells_result(),
                         convert=commit, behind=(file,))
        return self

    def to_pandas(self) -> Any:
        """One row for each region, as a pandas.DataFrame: pattern (a text with
        a digit or number for each unit), x0, x1, ..., is_inside, A[0,0], ...,
        b[0], ..., volume, class[0], ..., slope1[0], slope2[0], slopeinf[0],
        ... for the fields that were asked for.

        >>> import pleats
        >>> net = pleats.load("examples/moons.onnx")
        >>> net.cells(box=(-1, 1)).to_pandas().shape
        (185, 7)"""
        pandas = _library.module("pandas", "to_pandas")
        frames = [pandas.DataFrame(_columns(batch)) for batch in self]
        return (pandas.concat(frames, ignore_index=True) if frames
                else pandas.DataFrame())

    def _work(self, context: Context, line: "_Line") -> int:
        """The whole call, in the thread that makes it."""
        last: Any = _NO_MORE
        visit = _abi.pleats_region_batch_fn(
            lambda _, batch: self._visit(context, line, batch[0]))
        try:
            context.long("regions", self._net._handle,
                         self._domain._make(context, self._net.n_inputs),
                         self._options, out=_abi.pleats_regions_result(),
                         convert=self._end, behind=(visit, None))
        except BaseException as error:
            last = error
        finally:
            context.is_busy = False
        line.put(last)
        return 0

    def _visit(self, context: Context, line: "_Line", batch: Any) -> bool:
        try:
            arrays = self._arrays(batch)
        except BaseException as error:
            context.stop(error)
            return False
        return line.put(arrays)

    def _arrays(self, batch: Any) -> dict[str, np.ndarray]:
        """Copies of what is lent; patterns are still packed."""
        n, net = batch.n, self._net
        found: dict[str, np.ndarray] = {}
        if "pattern" in self._fields:
            found["pattern"] = copied(batch.pattern, (n, batch.pattern_bytes),
                                      c_ubyte)
        if "point" in self._fields:
            found["point"] = copied(batch.point, (n, net.n_inputs), c_double)
            found["is_inside"] = copied(batch.is_inside, (n,), c_bool)
        if "map" in self._fields:
            found["A"] = copied(batch.a, (n, net.n_outputs, net.n_inputs),
                                c_double)
            found["b"] = copied(batch.b, (n, net.n_outputs), c_double)
        found.update(self._quantities(batch))
        return found

    def _quantities(self, batch: Any) -> dict[str, np.ndarray]:
        n, outputs = batch.n, self._net.n_outputs
        found: dict[str, np.ndarray] = {}
        if "volume" in self._fields:
            found["volume"] = copied(batch.volume, (n,), c_double)
            found["volume_error"] = copied(batch.volume_error, (n,), c_double)
        if "exact_volume" in self._fields:
            found["exact_volume"] = np.array(
                [None if text is None else fraction(text)
                 for text in batch.exact_volume[:n]], object)
        if "bounded" in self._fields:
            found["bounded"] = copied(batch.is_bounded, (n,), c_bool)
        if "class" in self._fields:
            found["class"] = copied(batch.standing, (n, max(outputs, 2)),
                                    c_ubyte)
        if "slope" in self._fields:
            found["slope"] = copied(batch.slope, (n, outputs, 3), c_double)
        if "centre" in self._fields:
            found["centre"] = copied(batch.centre, (n, batch.n_inputs),
                                     c_double)
            found["radius"] = copied(batch.radius, (n,), c_double)
        readers: dict[str, Callable[[Any], Any]] = {
            "vertices": _points, "facets": list, "neighbours": _changes}
        for name, read in readers.items():
            if name in self._fields:
                found[name] = np.empty(n, object)
                for i, text in enumerate(getattr(batch, name)[:n]):
                    found[name][i] = read(json.loads(text))
        return found

    def _end(self, out: Any) -> None:
        self.regions = integer(out.regions)
        self.label = _library.label(out.label)
        self.stopped = _library.stopped(out.stopped)
        self.seconds = out.seconds


def _points(texts: list[list[str]]) -> list[tuple[Fraction, ...]]:
    return [tuple(map(Fraction, point)) for point in texts]


def _changes(facets: list[Any]) -> list[list[tuple[int, int]] | None]:
    return [None if facet is None else [(unit, piece) for unit, piece in facet]
            for facet in facets]


class _Line:
    """Batches on their way to who iterates, four at most.  Queues of C alone:
    those of threading do not bear a signal in the middle."""

    def __init__(self) -> None:
        self._ready: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._room: queue.SimpleQueue[None] = queue.SimpleQueue()
        for _ in range(4):
            self._room.put(None)
        self.is_left = False

    def get(self) -> Any:
        """The next one, waiting for it."""
        item = self._ready.get()
        self._room.put(None)
        return item

    def put(self, item: Any) -> bool:
        """Waits for room; whether somebody still waits for the item."""
        while not self.is_over():
            try:
                self._room.get(timeout=0.1)
            except queue.Empty:
                continue
            self._ready.put(item)
            return True
        return False

    def is_over(self) -> bool:
        """Nobody waits any more, or the main thread has ended with an
        iteration half done."""
        return self.is_left or not threading.main_thread().is_alive()

    def watch(self, context: Context) -> Callable[[int, float], None]:
        """What looks at that while the work goes on, beside the caller's own
        progress."""
        given = context.limits.progress

        def progress(found: int, share: float) -> None:
            if self.is_over():
                context.cancel()
            elif given is not None:
                given(found, share)
        return progress


class Unpacker:
    """Packed patterns [n, bytes] to pieces [n, n_units], by numpy."""

    def __init__(self, handle: Any, n_units: int) -> None:
        pieces = np.array([libpleats.pleats_net_unit_pieces(handle, unit)
                           for unit in range(n_units)], dtype=np.int64)
        self._bits = np.array([int(n - 1).bit_length() for n in pieces],
                              dtype=np.int64)
        self._first = np.cumsum(self._bits) - self._bits

    def __call__(self, packed: np.ndarray) -> np.ndarray:
        bits = np.unpackbits(packed, axis=1, bitorder="little")
        if np.all(self._bits == 1):
            return bits[:, :len(self._bits)].astype(np.int32)
        found = np.zeros((len(packed), len(self._bits)), dtype=np.int32)
        for k in range(int(self._bits.max(initial=0))):
            has = self._bits > k
            found[:, has] |= bits[:, self._first[has] + k].astype(
                np.int32) << k
        return found


def _columns(batch: dict[str, np.ndarray]) -> dict[str, Any]:
    columns: dict[str, Any] = {}
    if "pattern" in batch:
        pattern = batch["pattern"]
        between = "" if pattern.max(initial=0) < 10 else " "
        columns["pattern"] = [between.join(map(str, row.tolist()))
                              for row in pattern]
    if "point" in batch:
        columns.update((f"x{i}", column)
                       for i, column in enumerate(batch["point"].T))
        columns["is_inside"] = batch["is_inside"]
    if "A" in batch:
        a, b = batch["A"], batch["b"]
        columns.update((f"A[{i},{j}]", a[:, i, j])
                       for i, j in np.ndindex(a.shape[1:]))
        columns.update((f"b[{i}]", b[:, i]) for i in range(b.shape[1]))
    for name in ("volume", "volume_error", "exact_volume", "bounded",
                 "vertices", "facets", "neighbours", "radius"):
        if name in batch:
            columns[name] = batch[name]
    if "centre" in batch:
        columns.update((f"centre{i}", column)
                       for i, column in enumerate(batch["centre"].T))
    if "class" in batch:
        columns.update((f"class[{i}]", column)
                       for i, column in enumerate(batch["class"].T))
    if "slope" in batch:
        columns.update((f"slope{norm}[{i}]", batch["slope"][:, i, j])
                       for i in range(batch["slope"].shape[1])
                       for j, norm in enumerate(("1", "2", "inf")))
    return columns
