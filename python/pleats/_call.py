"""Calls of the C library: contexts, limits, errors, Ctrl-C.

Each call has a context of its own, so that several threads may use one
network at once; a context is some hundred bytes.

Ctrl-C.  Python runs its signal handlers in the main thread, between two
instructions of its own; in a call of C it runs none.  So the main thread lets
another one make the call, and waits; the wait ends when a handler raises
something, KeyboardInterrupt or any other.  The flag of the context is then
set, which ends the call soon, with what it has.  No handler is replaced, and
handlers of others keep working.  Another thread than the main one gets no
signals, and makes its calls itself."""
from __future__ import annotations

import _thread
import dataclasses
import os
import threading
from collections.abc import Callable
from ctypes import byref, c_char_p, c_double, cast, POINTER, sizeof
from typing import Any, TypeVar

import numpy as np

from . import _abi, errors
from ._bar import Bar
from ._exact import as_doubles, as_texts
from ._library import libpleats, stopped, text

Result = TypeVar("Result")

_CLASSES = {
    "PLEATS_INVALID": errors.InputError,
    "PLEATS_UNDECIDED": errors.Undecided,
    "PLEATS_NOMEM": errors.OutOfMemory,
    "PLEATS_INTERNAL": errors.InternalError,
    "PLEATS_IO": errors.OutputError,
}
_STATUS = {value: name for name, value in _abi.ENUMS["pleats_status"].items()}


@dataclasses.dataclass(frozen=True)
class Limits:
    """What a call may use; 0 or None: no limit.

    seconds   by the clock
    cells     regions that are gone through
    memory    bytes
    threads   at most so many work; 0: as many as there are processors
    progress  called a few times a second with (found, share): regions so far,
              and the share of the work that is done, from 0 to 1; as a keyword
              of a call also True: a bar of tqdm"""

    seconds: float | None = None
    cells: int | None = None
    memory: int | None = None
    threads: int | None = None
    progress: Callable[[int, float], Any] | None = None

    NAMES = ("seconds", "cells", "memory", "threads", "progress")

    @classmethod
    def _taken(cls, words: dict[str, Any]) -> "Limits":
        """The limits among keyword arguments, which are taken out of them."""
        found = {name: words.pop(name) for name in cls.NAMES if name in words}
        if found.get("progress") is True:
            found["progress"] = Bar()
        return cls(**found)


class Task:
    """One call, made by another thread, which may be waited for more than
    once: with a bare lock, since waits of threading.Event and Condition are
    not made for signals."""

    def __init__(self, call: Callable[[], int]) -> None:
        self._call, self._status = call, 0
        self._failure: BaseException | None = None
        self._has_begun, self._is_over = False, False
        self._wake = _thread.allocate_lock()
        self._wake.acquire()

    def begin(self) -> None:
        """Hands it to a thread that waits for work."""
        (_Worker.idle.pop() if _Worker.idle else _Worker()).take(self)

    def make(self, then: Callable[[], Any] = lambda: None) -> None:
        """Makes the call, in the thread that took it; those who wait go on
        behind `then`."""
        self._has_begun = True
        try:
            self._status = self._call()
        except BaseException as failure:
            self._failure = failure
        then()
        self._is_over = True
        self._wake.release()

    def wait(self) -> None:
        """Until the call has ended.  A signal may have come before a thread
        took it: then there is nothing to wait for."""
        tries = 0
        while not self._is_over and (self._has_begun or tries < 5):
            self._wake.acquire(timeout=1)
            tries += 1

    def settle(self) -> None:
        """Waits for what is sure to end soon, whatever signals come: for while
        another exception is on its way."""
        while True:
            try:
                return self.wait()
            except BaseException:
                continue

    def answer(self) -> int:
        """What the call returned, or raised."""
        if self._failure is not None:
            raise self._failure
        return self._status


class _Worker:
    """A thread for one task after the other: to make one takes longer than a
    small call.  There is one, and one more for each call that a signal handler
    makes meanwhile; they sleep at the end of the process."""

    idle: list["_Worker"] = []

    def __init__(self) -> None:
        self._task: Task | None = None
        self._has_task = _thread.allocate_lock()
        self._has_task.acquire()
        _thread.start_new_thread(self._run, ())

    def take(self, task: Task) -> None:
        self._task = task
        self._has_task.release()

    def _run(self) -> None:
        while True:
            self._has_task.acquire()
            task, self._task = self._task, None
            assert task is not None
            task.make(then=lambda: self.idle.append(self))
            del task


os.register_at_fork(after_in_child=_Worker.idle.clear)


class Context:
    """A context of the library, for one call: `with Context(limits) as c`."""

    def __init__(self, limits: Limits = Limits()) -> None:
        self.limits = limits
        self.interrupt: BaseException | None = None
        self.is_kept = False  # by a network, which closes it
        self.is_busy = False  # another thread may be using it
        self._task: Task | None = None
        self.pointer = POINTER(_abi.pleats_ctx)()
        if libpleats.pleats_ctx_new(None, byref(self.pointer)):
            raise errors.OutOfMemory("there is no memory for a context")
        self._releases: list[Callable[[], None]] = []

    def __enter__(self) -> "Context":
        return self

    def __exit__(self, *_: object) -> None:
        """One that signals on signals tore away from a call is left to it."""
        if self.is_busy:
            return
        for release in reversed(self._releases):
            release()
        if not self.is_kept:
            self.close()

    def close(self) -> None:
        """Frees the context; all that was made with it is gone."""
        libpleats.pleats_ctx_free(self.pointer)

    # ---- calls -----------------------------------------------------------

    def check(self, status: int) -> None:
        """Raises what a status means."""
        if status == 0:
            return
        message = text(libpleats.pleats_ctx_message(self.pointer)) or (
            text(libpleats.pleats_status_text(status)) or "")
        name = _STATUS.get(status, "PLEATS_INTERNAL")
        if name == "PLEATS_LIMIT":
            why = stopped(libpleats.pleats_ctx_limit(self.pointer))
            raise errors.LimitReached(message, why)
        raise _CLASSES[name](message)

    def made(self, kind: str, function: str, *arguments: Any) -> Any:
        """The handle of `kind` that a function makes; it is freed with the
        context."""
        handle = self.kept(kind, function, *arguments)
        free = getattr(libpleats, f"pleats_{kind}_free")
        self._releases.append(lambda: free(self.pointer, handle))
        return handle

    def kept(self, kind: str, function: str, *arguments: Any) -> Any:
        """The same, for the caller to free."""
        handle = POINTER(getattr(_abi, f"pleats_{kind}"))()
        self.check(getattr(libpleats, function)(self.pointer, *arguments,
                                                byref(handle)))
        return handle

    def long(self, name: str, *arguments: Any, out: Any,
             convert: Callable[[Any], Result],
             behind: tuple[Any, ...] = ()) -> Result:
        """pleats_NAME(ctx, arguments ..., limits, behind ..., &out); what
        `convert` makes of the result, which is cleared.  out None: a call
        without one.  Raises Interrupted."""
        function = getattr(libpleats, f"pleats_{name}")
        rest = (byref(self._limits()), *behind,
                *([] if out is None else [byref(out)]))
        clear = type(out).__name__ + "_clear"
        has_ended, self.is_busy = False, True
        try:
            status = self._wait(
                lambda: function(self.pointer, *arguments, *rest))
            has_ended = True
            if self.interrupt is not None and status != 0:
                raise self._interruption(None)
            self.check(status)
            result = convert(out)
        finally:
            if not has_ended:  # a signal came when no handler of ours waited
                self.cancel()
                self._settle()
            if clear in _abi.FUNCTIONS:
                getattr(libpleats, clear)(self.pointer, byref(out))
            self.is_busy = False
        if self.interrupt is not None:
            raise self._interruption(result)
        return result

    def _interruption(self, partial: Any) -> BaseException:
        reason = self.interrupt
        assert reason is not None
        if type(reason) is not KeyboardInterrupt:
            return reason
        ending = errors.Interrupted(partial)
        ending.__suppress_context__ = True
        return ending

    def _wait(self, call: Callable[[], int]) -> int:
        """Makes the call such that a signal can end it."""
        if threading.current_thread() is not threading.main_thread():
            return call()
        self._task = Task(call)
        self._task.begin()
        self._settle()
        return self._task.answer()

    def _settle(self) -> None:
        """Waits until no call is under way, whatever signals come."""
        while self._task is not None:
            try:
                self._task.wait()
                break
            except BaseException as reason:  # of any signal handler
                self.stop(reason)

    def stop(self, reason: BaseException) -> None:
        """Ends the call under way; `reason` is what is raised for it.  From
        any thread."""
        self.interrupt = self.interrupt or reason
        self.cancel()

    def cancel(self) -> None:
        """Ends the call under way, or all that come."""
        libpleats.pleats_ctx_cancel(self.pointer)

    def resume(self, limits: Limits) -> None:
        """Makes it ready for one more call, with limits of its own."""
        self.limits, self.interrupt, self._task = limits, None, None
        libpleats.pleats_ctx_resume(self.pointer)

    def _limits(self) -> Any:
        given = self.limits
        limits = sized(_abi.pleats_limits, seconds=given.seconds or 0,
                       cells=given.cells or 0, bytes=given.memory or 0,
                       threads=given.threads or 0)
        if given.progress is not None:
            limits.progress = _abi.pleats_progress_fn(self._progress)
        return limits

    def _progress(self, _: Any, now: Any) -> None:
        assert self.limits.progress is not None
        try:
            self.limits.progress(now[0].found, now[0].share)
        except BaseException as reason:
            self.stop(reason)

    # ---- what calls leave behind -----------------------------------------

    def remarks(self) -> tuple[str, ...]:
        """Remarks of the calls so far: skipped ends, rounded parameters."""
        n = libpleats.pleats_ctx_n_remarks(self.pointer)
        return tuple(text(libpleats.pleats_ctx_remark(self.pointer, i)) or ""
                     for i in range(n))


def sized(kind: Any, **fields: Any) -> Any:
    """A struct of options with its size set."""
    return kind(size=sizeof(kind), **fields)


def values(numbers: Any) -> Any:
    """pleats_values of numbers in any shape: doubles where all are floats,
    else exact texts.  None: no array."""
    if numbers is None:
        return _abi.pleats_values()
    doubles = as_doubles(numbers)
    if doubles is not None:
        found = _abi.pleats_values(number=pointer(doubles, c_double))
        found.keep = doubles
    else:
        texts = [item.encode() for item in as_texts(numbers)]
        array = (c_char_p * len(texts))(*texts)
        found = _abi.pleats_values(text=cast(array, POINTER(c_char_p)))
        found.keep = array, texts
    return found


def pointer(array: np.ndarray, kind: Any) -> Any:
    """To the numbers of an array, which must live on."""
    return array.ctypes.data_as(POINTER(kind))


def copied(address: Any, shape: tuple[int, ...], kind: Any) -> np.ndarray:
    """An array of its own of what the library holds; empty of NULL."""
    size = int(np.prod(shape, dtype=np.int64))
    if not address or size == 0:
        return np.zeros(shape, dtype=np.dtype(kind))
    return np.ctypeslib.as_array(address, shape).copy()
