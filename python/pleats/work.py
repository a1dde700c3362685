"""Counts that outlive a process: put down, taken up again, shared."""
from __future__ import annotations

import json
import os
import time
import weakref
from collections.abc import Sequence
from ctypes import POINTER, byref, c_char_p, c_uint64, cast, create_string_buffer
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from . import _abi, _library, domains
from ._call import Context, Limits, sized
from ._exact import integer
from ._library import libpleats
from .domains import Domain
from .errors import InputError, Interrupted
from .results import Count

if TYPE_CHECKING:
    from .net import Net


class Work:
    """A count of regions (and maps) of which a part is done: what was found so
    far, and what is left, as names of subtrees of the search, which mean the
    same in every process and on every machine.

    what      "regions" or "maps", or both: the first is int(count)
    part      (i, n): part i of n, which have every region once between them
    domain, paranoid, engine, threads: as of Net.count

    One thread at a time.  It cannot be pickled: `save` writes it.

    >>> import pleats
    >>> net = pleats.load("examples/moons.onnx")
    >>> work = pleats.Work(net, box=(-1, 1))
    >>> count = work.run(cells=50)
    >>> count.label, work.done
    ('lower', False)
    >>> work.save("moons.state")
    >>> again = pleats.Work(net, box=(-1, 1)).load("moons.state")
    >>> print(again.run(checkpoint="moons.state", every=10))
    185 activation regions (exact)
    >>> int(again.result()), again.tasks
    (185, 0)"""

    def __init__(self, net: "Net", domain: Domain | None = None, *,
                 what: str | Sequence[str] = "regions", paranoid: bool = False,
                 engine: str = "auto", part: tuple[int, int] | None = None,
                 threads: int | None = None, **words: Any) -> None:
        self._kinds = [what] if isinstance(what, str) else list(what)
        if not self._kinds or not set(self._kinds) <= {"regions", "maps"}:
            raise InputError("regions and maps are counted in parts, and not "
                             f"{', '.join(self._kinds)}")
        taken = domains.taken(domain, words)
        if words:
            raise TypeError(f"{', '.join(words)}: there is no such argument")
        self._net = net
        self._context = Context(Limits(threads=threads))
        self._close = weakref.finalize(self, self._context.__exit__)
        self._threads = threads
        made = taken._make(self._context, net.n_inputs)
        self._domain = _library.text(libpleats.pleats_domain_text(made)) or ""
        options = sized(
            _abi.pleats_count_options, maps="maps" in self._kinds,
            paranoid=paranoid, engine=_library.constant(
                "pleats_count_engine", "PLEATS_COUNT_", engine))
        self._handle = self._context.made(
            "work", "pleats_work_new", net._handle, made, byref(options),
            byref(self._context._limits()))
        if part is not None:
            self._context.long("work_shard", self._handle, *part, out=None,
                               convert=lambda _: None)

    def __repr__(self) -> str:
        return (f"<pleats.Work: {self.share:.1%} done, {self.tasks} subtrees "
                "left>")

    @property
    def done(self) -> bool:
        """Whether nothing is left."""
        return bool(libpleats.pleats_work_is_done(self._handle))

    @property
    def tasks(self) -> int:
        """Subtrees of the search that are left."""
        return int(libpleats.pleats_work_n_tasks(self._handle))

    @property
    def share(self) -> float:
        """Part of the search that is done, 0 to 1; of a part: of all."""
        return float(libpleats.pleats_work_share(self._handle))

    @property
    def part(self) -> tuple[int, int]:
        """Which part of how many it is: (0, 1) is the whole count."""
        part, of = c_uint64(), c_uint64()
        libpleats.pleats_work_part(self._handle, byref(part), byref(of))
        return part.value, of.value

    def run(self, *, checkpoint: Any = None, every: float = 60,
            **limits: Any) -> Count:
        """Goes on until all is done or a limit ends it: seconds, cells,
        memory, progress, as of Net.count, for this run.  checkpoint: a file
        that is written anew every so many seconds, and at the end; Ctrl-C
        (Interrupted) leaves it written."""
        given = Limits._taken(limits)
        if limits:
            raise TypeError(f"{', '.join(limits)}: there is no such argument")
        began, cells = time.monotonic(), self.result().regions
        stretch = float(every)
        while True:
            before = self.share, self.result().regions
            limited = _left(given, time.monotonic() - began,
                            before[1] - cells)
            is_last = checkpoint is None or self.tasks == 0 or (
                limited.seconds is not None and limited.seconds <= stretch)
            try:
                count = self._go(limited if is_last else
                                 replace(limited, seconds=stretch))
            finally:
                if checkpoint is not None:
                    self.save(checkpoint)
            if self.done or is_last or count.stopped != "time limit":
                return count
            if (self.share, count.regions) == before:  # too short for a step
                stretch *= 2

    def _go(self, limits: Limits) -> Count:
        self._context.resume(limits)
        try:
            self._context.long("work_run", self._handle, out=None,
                               convert=lambda _: None)
        except Interrupted:
            raise Interrupted(self.result()) from None
        finally:
            self._context.resume(Limits())
        return self.result()

    def result(self) -> Count:
        """What is known: exact when all is done, a lower bound before.  Of a
        part: of its own regions, and of the maps that these have."""
        out = _abi.pleats_count_result()
        try:
            self._context.check(libpleats.pleats_work_result(
                self._context.pointer, self._handle, byref(out)))
            return Count._of(out, what=self._kinds[0], domain=self._domain,
                             rounded=self._net.rounded,
                             remarks=self._net.remarks)
        finally:
            libpleats.pleats_count_result_clear(self._context.pointer,
                                                byref(out))

    def save(self, path: Any) -> None:
        """Writes all of it to a file, which appears whole or not at all."""
        self._context.check(libpleats.pleats_work_write(
            self._context.pointer, self._handle, os.fsencode(path)))

    def load(self, path: Any) -> "Work":
        """Becomes the work of a file, and returns itself.  InputError for a
        file of another network, domain, option or version; the work is then
        empty."""
        libpleats.pleats_work_clear(self._handle)
        self._context.check(libpleats.pleats_work_read(
            self._context.pointer, self._handle, os.fsencode(path)))
        return self

    def report(self, path: Any, digests: Any = None) -> None:
        """Writes what `pleats count --shard R/M --json` prints, for
        `merge_counts` and `pleats merge`.  digests: a file for those of the
        maps, by which these are told apart in all parts; the work is done
        then."""
        if digests is not None:
            file = self._context.kept("output", "pleats_output_open",
                                      os.fsencode(digests))
            try:
                self._context.resume(Limits())
                self._context.long("work_write_maps", self._handle, file,
                                   out=None, convert=lambda _: None)
                self._context.check(libpleats.pleats_output_commit(
                    self._context.pointer, file))
            finally:
                libpleats.pleats_output_free(self._context.pointer, file)
        with open(path, "w", encoding="utf-8") as stream:
            json.dump(self._report(digests), stream)

    def _report(self, digests: Any) -> dict[str, Any]:
        key = create_string_buffer(_abi.ENUMS[""]["PLEATS_WORK_KEY_BYTES"])
        self._context.check(libpleats.pleats_work_key(
            self._context.pointer, self._handle, key))
        count, (part, of) = self.result(), self.part
        shard: dict[str, Any] = {"part": part, "of": of,
                                 "count": key.value.decode()}
        if digests is not None:
            shard["digests"] = os.path.abspath(os.fsdecode(digests))
        return {
            "schema": "pleats/1", "verb": "count",
            "model": {"path": None, "sha256": self._net.sha256},
            "domain": self._domain, "definition": "activation regions",
            "label": count.label, "complete": count.complete and self.done,
            "seconds": count.seconds, "version": _abi.VERSION,
            "rounded_parameters": count.rounded,
            "regions": str(count.regions), "dimension": count.dimension,
            "verdicts": {"bounds": count.by_bounds, "exact": count.by_exact},
            "maps": None if count.maps is None else str(count.maps),
            "stopped": count.stopped, "shard": shard}


def _left(limits: Limits, seconds: float, cells: int) -> Limits:
    """What is left of limits of which so much is used; at least a little, as
    0 is no limit."""
    if limits.seconds is not None:
        limits = replace(limits, seconds=max(limits.seconds - seconds, 1e-9))
    if limits.cells is not None:
        limits = replace(limits, cells=max(limits.cells - cells, 1))
    return limits


def merge_counts(paths: Sequence[Any], **limits: Any) -> Count:
    """Adds up reports (Work.report, or what `pleats count --shard R/M --json`
    wrote) of all parts of one count, each finished and once, in any order.
    InputError says what is wrong with them.

    >>> import pleats
    >>> net = pleats.load("examples/moons.onnx")
    >>> for i in range(3):
    ...     work = pleats.Work(net, box=(-1, 1), part=(i, 3))
    ...     count = work.run()
    ...     work.report(f"part{i}.json")
    >>> print(pleats.merge_counts([f"part{i}.json" for i in range(3)]))
    185 activation regions (exact)"""
    given = Limits._taken(limits)
    if limits:
        raise TypeError(f"{', '.join(limits)}: there is no such argument")
    with Context(given) as context:
        return context.long("merge_counts", len(paths), _paths(paths),
                            out=_abi.pleats_merge_result(), convert=_merged)


def _merged(out: Any) -> Count:
    return Count(
        what="regions", regions=integer(out.regions) or 0, pieces=None,
        maps=integer(out.maps), label="exact",
        domain=_library.text(out.domain) or "", dimension=out.dimension,
        stopped=None, seconds=out.seconds, rounded=out.n_rounded,
        by_bounds=out.by_bounds, by_exact=out.by_exact, remarks=())


def merge_cells(paths: Sequence[Any], to: Any) -> int:
    """Makes an HDF5 file of all cells, whose columns show those of the HDF5
    files of all parts (Net.cells(part=(i, n)).save), which stay where they
    are; returns how many regions there are.  InputError says what is wrong
    with them, or that libhdf5 is missing.

    >>> import pleats
    >>> net = pleats.load("examples/moons.onnx")
    >>> names = [f"part{i}.h5" for i in range(2)]
    >>> for i, name in enumerate(names):
    ...     cells = net.cells(box=(-1, 1), part=(i, 2)).save(name)
    >>> pleats.merge_cells(names, "cells.h5")
    185"""
    found = c_uint64()
    with Context() as context:
        file = context.made("output", "pleats_output_open", os.fsencode(to))
        context.check(libpleats.pleats_cells_join(
            context.pointer, len(paths), _paths(paths), file, byref(found)))
        context.check(libpleats.pleats_output_commit(context.pointer, file))
    return found.value


def _paths(paths: Sequence[Any]) -> Any:
    array = (c_char_p * len(paths))(*map(os.fsencode, paths))
    return cast(array, POINTER(c_char_p))
