"""The share of a call's work that is done, as a bar of tqdm."""
from __future__ import annotations

from typing import Any

from ._library import module


class Bar:
    """What `progress=True` stands for; it ends when all is done, or nobody
    calls it any more."""

    def __init__(self) -> None:
        self._bar: Any = module("tqdm.auto", "progress=True").tqdm(
            total=100, unit="%", bar_format="{percentage:3.0f}%|{bar}| "
            "{postfix} [{elapsed}<{remaining}]")

    def __call__(self, found: int, share: float) -> None:
        self._bar.n = 100 * share
        self._bar.set_postfix_str(f"{found:,} regions")

    def __del__(self) -> None:
        if hasattr(self, "_bar"):
            self._bar.close()
