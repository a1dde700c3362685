"""What calls raise: one class for each status of the C library."""
from __future__ import annotations

from typing import Any


class PleatsError(Exception):
    """Something went wrong; the text is the library's own line, which says
    what, where, and what would be right."""


class InputError(PleatsError, ValueError):
    """The input is refused: a file, a number, a network, an option."""


class LimitReached(PleatsError):
    """A limit left no answer at all.  `stopped`: which one, in words."""

    def __init__(self, message: str, stopped: str | None = None) -> None:
        super().__init__(message)
        self.stopped = stopped

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (str(self), self.stopped)


class Undecided(PleatsError):
    """No certificate could be found."""


class OutOfMemory(PleatsError, MemoryError):
    """There is no memory left."""


class InternalError(PleatsError):
    """A broken invariant: a defect in pleats."""


class OutputError(PleatsError, OSError):
    """A file could not be written."""


class MissingModule(PleatsError, ImportError):
    """A module that a function works with is not installed."""


class Interrupted(KeyboardInterrupt):
    """Ctrl-C ended a call.  `partial`: the result as it was then, labelled a
    lower bound; None where the call had nothing yet."""

    def __init__(self, partial: Any = None) -> None:
        super().__init__("interrupted" if partial is None else
                         f"interrupted; .partial is {partial}")
        self.partial = partial

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.partial,)
