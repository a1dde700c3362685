"""What a count answers."""
from __future__ import annotations

import dataclasses
import html
from typing import Any

from . import _library
from ._exact import integer

DEFINITIONS = {
    "regions": "activation regions: non-empty open sets of inputs on which "
               "every unit keeps one piece",
    "pieces": "affine pieces: connected unions of neighbouring regions on "
              "which the network is one affine map",
    "maps": "affine maps: distinct affine maps of the network",
}


@dataclasses.dataclass(frozen=True)
class Count:
    """How many regions (pieces, maps) a network has on a domain.

    `int(count)` is the number that was asked for first; it also compares with
    an int.  An answer that a limit or Ctrl-C ended is a proven lower bound."""

    what: str
    regions: int
    pieces: int | None
    maps: int | None
    label: str
    """"exact" or "lower", of all three numbers"""
    domain: str
    """in words"""
    dimension: int
    """of the domain's largest part; -1: it is empty, or was not reached"""
    stopped: str | None
    """which limit ended the count; None: it came to its end"""
    seconds: float
    rounded: int
    """parameters that had to be rounded: exact is then for the rounded ones"""
    by_bounds: int
    """verdicts settled by rounding bounds"""
    by_exact: int
    """verdicts settled by exact arithmetic"""
    remarks: tuple[str, ...]

    @classmethod
    def _of(cls, out: Any, **known: Any) -> "Count":
        regions = integer(out.regions)
        return cls(regions=0 if regions is None else regions,
                   pieces=integer(out.pieces),
                   maps=integer(out.maps),
                   label=_library.label(out.label) or "lower",
                   dimension=out.dimension,
                   stopped=_library.stopped(out.stopped), seconds=out.seconds,
                   by_bounds=out.by_bounds, by_exact=out.by_exact, **known)

    @property
    def exact(self) -> bool:
        """Whether the number is exact."""
        return self.label == "exact"

    @property
    def complete(self) -> bool:
        """Whether no limit ended the count."""
        return self.stopped is None

    @property
    def lower(self) -> int:
        """What the truth is certainly not below."""
        return int(self)

    @property
    def definition(self) -> str:
        """What was counted, in words."""
        return DEFINITIONS[self.what]

    def __int__(self) -> int:
        value = getattr(self, self.what)
        assert isinstance(value, int)
        return value

    def __index__(self) -> int:
        return int(self)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, int):
            return int(self) == other
        if not isinstance(other, Count):
            return NotImplemented
        return dataclasses.astuple(self) == dataclasses.astuple(other)

    def __hash__(self) -> int:
        return hash(int(self))

    def __str__(self) -> str:
        name = self.definition.split(":")[0]
        number = f"{getattr(self, self.what):,} {name}"
        rounded = " for the rounded parameters" if self.rounded else ""
        return (f"{number} (exact{rounded})" if self.exact
                else f"at least {number} ({self.stopped})")

    def _repr_html_(self) -> str:
        """A table for notebooks."""
        rows = [(name, getattr(self, name)) for name in DEFINITIONS]
        rows += [("label", self.label), ("domain", self.domain),
                 ("stopped", self.stopped), ("seconds", f"{self.seconds:.3g}")]
        body = "".join(
            f"<tr><th>{name}</th><td>{html.escape(_shown(value))}</td></tr>"
            for name, value in rows if value is not None)
        return f"<table><caption>{self}</caption>{body}</table>"


def _shown(value: Any) -> str:
    return f"{value:,}" if isinstance(value, int) else str(value)
