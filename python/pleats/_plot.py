"""Scenes drawn by matplotlib."""
from __future__ import annotations

from typing import Any

import numpy as np

from . import _library
from .plane import Scene

_MAPS = {"pattern": "tab20", "class": "tab10", "depth": "viridis",
         "active": "viridis", "slope": "magma", "output": "coolwarm"}
MOST_STRETCH = 3  # of one axis against the other


def plot(scene: Scene, ax: Any, color: str, output: int, boundary: bool,
         style: dict[str, Any]) -> Any:
    """See Plane.plot."""
    collections = _library.module("matplotlib.collections", "plot")
    values, polygons = _coloured(scene, color, output)
    if ax is None:
        ax = _library.module("matplotlib.pyplot", "plot").gca()
    style = {"cmap": _MAPS[color], "norm": _norm(color, values),
             "edgecolor": "white",
             "linewidth": min(0.5, 12 / np.sqrt(scene.regions)), **style}
    ax.add_collection(collections.PolyCollection(polygons, array=values,
                                                 **style))
    if boundary and len(scene.boundary):
        for width, shade in ((2.4, "white"), (1.2, "black")):
            ax.add_collection(collections.LineCollection(
                scene.boundary, linewidth=width, color=shade))
    _frame(scene, ax)
    return ax


def _coloured(scene: Scene, color: str, output: int
              ) -> tuple[np.ndarray, list[np.ndarray]]:
    """A number for each polygon; of classes, the parts are polygons, too."""
    values = scene.values(color, output)
    listed = range(scene.regions)
    if color == "class":
        whole = np.flatnonzero(values >= 0)
        shown = [scene.polygon(i) for i in whole]
        shown += [corners for _, _, corners in scene.parts]
        return np.concatenate([
            values[whole], [winner for _, winner, _ in scene.parts]]), shown
    return np.asarray(values, dtype=float), [scene.polygon(i) for i in listed]


def _norm(color: str, values: np.ndarray) -> Any:
    """Of slopes a logarithm, where some are above 0; those that are 0 have the
    lowest colour."""
    colors = _library.module("matplotlib.colors", "plot")
    above = values[values > 0]
    if color != "slope" or not len(above) or above.min() == above.max():
        return None
    norm = colors.LogNorm(above.min(), above.max(), clip=True)
    return norm


def _frame(scene: Scene, ax: Any) -> None:
    low, high = scene.corners.min(axis=0), scene.corners.max(axis=0)
    ax.set_xlim(low[0], high[0])
    ax.set_ylim(low[1], high[1])
    ax.set_xlabel(scene.axes[0])
    ax.set_ylabel(scene.axes[1])
    stretch = (high[1] - low[1]) / (high[0] - low[0])
    if 1 / MOST_STRETCH <= stretch <= MOST_STRETCH:
        ax.set_aspect("equal")
    ax.set_title(
        f"{scene.regions:,} activation regions (exact)"
        if scene.label == "exact" else
        f"at least {scene.regions:,} activation regions ({scene.stopped})")
