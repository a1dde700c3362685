"""All regions of a network on a domain, as batches of arrays."""
from __future__ import annotations

import dataclasses
import queue
import threading
from collections.abc import Callable, Iterator, Sequence
from ctypes import c_bool, c_double, c_ubyte
from typing import TYPE_CHECKING, Any

import numpy as np

from . import _abi, _library
from ._call import Context, Limits, copied, join, sized
from ._exact import integer
from ._library import library
from .domains import Domain
from .errors import InputError

if TYPE_CHECKING:
    from .net import Net

FIELDS = ("pattern", "point", "map")
_NO_MORE = None


class Cells:
    """Iterates over the regions, in batches: dicts of arrays, each with the
    region as its first axis.

    "pattern"    [n, n_units] int32: the piece of every unit, as of Net.eval
    "point"      [n, n_inputs] a point of the region, rounded to doubles
    "is_inside"  [n] bool: it was proved that the doubles are in the region
    "A", "b"     [n, n_outputs, n_inputs], [n, n_outputs]: y = A x + b there

    Each iteration starts anew; one that is left early stops the work.  With
    one thread, which is the default, the order is the same each time.  Behind
    the last batch `regions`, `label`, `stopped` and `seconds` say what came of
    it."""

    def __init__(self, net: "Net", domain: Domain, fields: Sequence[str],
                 batch: int, paranoid: bool, engine: str,
                 limits: Limits) -> None:
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
                                     engine))
        self.regions: int | None = None
        self.label: str | None = None
        self.stopped: str | None = None
        self.seconds: float | None = None

    def __iter__(self) -> Iterator[dict[str, np.ndarray]]:
        """Another thread visits the regions, a few batches ahead."""
        ready: queue.Queue[Any] = queue.Queue(maxsize=4)
        is_left = _Left()
        with Context(self._limits) as context:
            context.limits = dataclasses.replace(
                self._limits, progress=is_left.watch(context))
            worker = threading.Thread(
                target=self._work, args=(context, ready, is_left),
                name="pleats")
            worker.start()
            try:
                while (batch := ready.get()) is not _NO_MORE:
                    if isinstance(batch, BaseException):
                        raise batch
                    if "pattern" in batch:  # while the other goes on
                        batch["pattern"] = self._net._unpacker(
                            batch["pattern"])
                    yield batch
            finally:
                is_left.set()
                context.cancel()
                join(worker)

    def to_pandas(self) -> Any:
        """One row for each region, as a pandas.DataFrame: pattern (a text with
        a digit or number for each unit), x0, x1, ..., is_inside, A[0,0], ...,
        b[0], ... for the fields that were asked for."""
        pandas = _library.module("pandas", "to_pandas")
        frames = [pandas.DataFrame(_columns(batch)) for batch in self]
        return (pandas.concat(frames, ignore_index=True) if frames
                else pandas.DataFrame())

    def _work(self, context: Context, ready: "queue.Queue[Any]",
              is_left: "_Left") -> None:
        """The whole call, in the thread that makes it."""
        last: Any = _NO_MORE
        visit = _abi.pleats_region_batch_fn(
            lambda _, batch: self._visit(context, ready, is_left, batch[0]))
        try:
            context.long("regions", self._net._handle,
                         self._domain._make(context, self._net.n_inputs),
                         self._options, out=_abi.pleats_regions_result(),
                         convert=self._end, behind=(visit, None))
        except BaseException as error:
            last = error
        while not is_left.is_set():
            try:
                ready.put(last, timeout=0.1)
                break
            except queue.Full:
                pass

    def _visit(self, context: Context, ready: "queue.Queue[Any]",
               is_left: "_Left", batch: Any) -> bool:
        try:
            arrays = self._arrays(batch)
        except BaseException as error:
            context.stop(error)
            return False
        while not is_left.is_set():
            try:
                ready.put(arrays, timeout=0.1)
                return True
            except queue.Full:
                pass
        return False

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
        return found

    def _end(self, out: Any) -> None:
        self.regions = integer(out.regions)
        self.label = _library.label(out.label)
        self.stopped = _library.stopped(out.stopped)
        self.seconds = out.seconds


class _Left(threading.Event):
    """Set when nobody waits for batches any more, as at the end of the main
    thread with an iteration half done."""

    def is_set(self) -> bool:
        return super().is_set() or not threading.main_thread().is_alive()

    def watch(self, context: Context) -> Callable[[int, float], None]:
        """What looks at that while the work goes on, beside the caller's own
        progress."""
        given = context.limits.progress

        def progress(found: int, share: float) -> None:
            if self.is_set():
                context.cancel()
            elif given is not None:
                given(found, share)
        return progress


class Unpacker:
    """Packed patterns [n, bytes] to pieces [n, n_units], by numpy."""

    def __init__(self, handle: Any, n_units: int) -> None:
        pieces = np.array([library.pleats_net_unit_pieces(handle, unit)
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
    return columns
