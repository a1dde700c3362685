"""Regions while a network is trained."""
from __future__ import annotations

import json
import os
import warnings
from collections.abc import Sequence
from typing import Any

from . import _library, domains
from ._call import Limits
from .domains import Domain
from .errors import InputError, LimitReached
from .loading import load
from .net import Net
from .plane import Drawing, Plane, film
from .results import Count


class LinearRegionCallback:
    """Counts the regions of a model every so many epochs, writes a line of JSON
    for each count, and keeps the networks for a film.

    It is called once an epoch, in a loop of one's own (`callback(model,
    loss=...)`), or by a framework: `on_epoch_end(epoch, logs)` with the model
    in `callback.model`, as Keras and skorch do, or `on_train_epoch_end(trainer,
    module)`, as Lightning does.

    every     epochs from one count to the next; the first epoch has one
    domain    where regions are counted: a Domain, or a keyword of Net.count
              (box=(-1, 1)); limits (seconds=...) hold for each count, which is
              then a lower bound, and says so
    plane     a Domain that is one bounded plane, or (x0, x1, y0, y1) of a
              network of two inputs: networks are kept for `film`
    picture   a file's name with {epoch} in it, drawn for each count: .html by
              the library, others by matplotlib
    log       a file to which lines are added, flushed at once
    example   an example input of a torch.nn.Module

    >>> import pleats
    >>> callback = pleats.LinearRegionCallback(box=(-1, 1), log="counts.jsonl")
    >>> for epoch in range(3):
    ...     layers = [([[1.0]] * (epoch + 1), [0.25 * i for i in
    ...                range(epoch + 1)]), ([[1.0] * (epoch + 1)], None)]
    ...     record = callback(layers, loss=1 / (epoch + 1))
    >>> [record["regions"] for record in callback.records]
    [2, 3, 4]"""

    def __init__(self, domain: Domain | None = None, *, every: int = 1,
                 plane: Domain | Sequence[Any] | None = None,
                 picture: str | None = None, log: Any = None,
                 example: Any = None, what: str | Sequence[str] = "regions",
                 color: str = "pattern", **words: Any) -> None:
        if every < 1:
            raise InputError("every is at least 1 epoch")
        self._words = words
        self._limits = Limits._taken(dict(words))
        checked = {key: value for key, value in words.items()
                   if key not in Limits.NAMES}
        domains.taken(domain, checked)
        if checked:
            raise TypeError(f"{', '.join(checked)}: there is no such argument")
        if picture is not None and (
                plane is None or "{epoch" not in picture):
            raise InputError("a picture needs a plane, and a name with "
                             "{epoch} in it")
        self.domain, self.every, self.example = domain, every, example
        self.model: Any = None
        self.records: list[dict[str, Any]] = []
        """one for each count: epoch, regions (pieces, maps), label, seconds,
        and what was said with the call"""
        self.nets: list[Net] = []
        """of the counts, where there is a plane"""
        self._plane = _plane(plane)
        self._what, self._picture, self._log = what, picture, log
        self._color, self._calls = color, 0

    def __call__(self, model: Any, epoch: int | None = None,
                 **said: Any) -> dict[str, Any] | None:
        """At the end of an epoch (None: the one after the last): the record of
        a count, or None where it is not time for one.  said: numbers to stand
        in the record, as loss=0.1."""
        epoch = self._calls if epoch is None else epoch
        self._calls = epoch + 1
        if epoch % self.every:
            return None
        net = self._net(model)
        record = {"epoch": epoch, **self._counted(net), **said}
        self.records.append(record)
        if self._plane is not None:
            self.nets.append(net)
            self._draw(net, epoch)
        if self._log is not None:
            with open(self._log, "a", encoding="utf-8") as stream:
                stream.write(json.dumps(record, default=float) + "\n")
        return record

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None
                     ) -> None:
        """As Keras calls it, with the model in `self.model`.

        >>> import pleats
        >>> callback = pleats.LinearRegionCallback(box=(-1, 1))
        >>> callback.model = pleats.make("mlp:2,6,1")
        >>> callback.on_epoch_end(3, {"loss": 0.5})
        >>> callback.records[0]["epoch"], callback.records[0]["loss"]
        (3, 0.5)"""
        self(self.model, epoch, **(logs or {}))

    def on_train_epoch_end(self, trainer: Any, module: Any) -> None:
        """As Lightning calls it.

        >>> import pleats, types
        >>> callback = pleats.LinearRegionCallback(box=(-1, 1))
        >>> trainer = types.SimpleNamespace(current_epoch=3)
        >>> callback.on_train_epoch_end(trainer, pleats.make("mlp:2,6,1"))
        >>> callback.records[0]["epoch"]
        3"""
        self(module, trainer.current_epoch)

    def film(self, path: Any, **options: Any) -> list[Drawing]:
        """All networks so far on the plane, in one .html file with a slider;
        options as of pleats.film.

        >>> import pleats
        >>> callback = pleats.LinearRegionCallback(plane=(-1, 1, -1, 1))
        >>> for seed in range(3):
        ...     record = callback(pleats.make("mlp:2,6,1", seed=seed))
        >>> len(callback.film("film.html"))
        3"""
        if self._plane is None or not self.nets:
            raise InputError("a film needs a plane, and a count")
        names = [f"epoch {record['epoch']}" for record in self.records]
        return film(self.nets, path, self._plane, names=names,
                    color=options.pop("color", self._color), **options)

    def plot(self, ax: Any = None, key: str = "regions") -> Any:
        """The counts against the epochs, by matplotlib; returns the axes.
        Lower bounds are hollow.

        >>> import pleats, matplotlib
        >>> matplotlib.use("Agg")
        >>> callback = pleats.LinearRegionCallback(box=(-1, 1))
        >>> for seed in range(3):
        ...     record = callback(pleats.make("mlp:2,6,1", seed=seed))
        >>> callback.plot().get_xlabel()
        'epoch'"""
        if ax is None:
            ax = _library.module("matplotlib.pyplot", "plot").gca()
        epochs = [record["epoch"] for record in self.records]
        values = [record[key] for record in self.records]
        line, = ax.plot(epochs, values)
        for exact, fill in ((True, line.get_color()), (False, "white")):
            at = [i for i, record in enumerate(self.records)
                  if (record["label"] == "exact") == exact]
            ax.plot([epochs[i] for i in at], [values[i] for i in at], "o",
                    color=line.get_color(), markerfacecolor=fill)
        ax.set_xlabel("epoch")
        ax.set_ylabel(key)
        return ax

    def to_pandas(self) -> Any:
        """The records as a pandas.DataFrame.

        >>> import pleats
        >>> callback = pleats.LinearRegionCallback(box=(-1, 1))
        >>> record = callback(pleats.make("mlp:2,6,1"), loss=0.5)
        >>> list(callback.to_pandas().columns)
        ['epoch', 'regions', 'label', 'stopped', 'seconds', 'loss']"""
        return _library.module("pandas", "to_pandas").DataFrame(self.records)

    def _net(self, model: Any) -> Net:
        if isinstance(model, Net):
            return model
        with warnings.catch_warnings():  # in a loop it is in training mode
            warnings.filterwarnings("ignore", "the module is in training mode")
            return load(model, example=self.example)

    def _counted(self, net: Net) -> dict[str, Any]:
        try:
            count = net.count(self.domain, what=self._what, **self._words)
        except LimitReached as error:
            return {"regions": None, "label": "lower",
                    "stopped": error.stopped, "seconds": None}
        return _record(count)

    def _draw(self, net: Net, epoch: int) -> None:
        if self._picture is None:
            return
        assert self._plane is not None
        path = self._picture.format(epoch=epoch)
        view = Plane(net, self._plane, self._limits)
        if os.fspath(path).endswith(".html"):
            view.save(path, color=self._color)
            return
        pyplot = _library.module("matplotlib.pyplot", "a picture")
        figure, ax = pyplot.subplots()
        view.plot(ax, color=self._color)
        figure.savefig(path)
        pyplot.close(figure)


def _record(count: Count) -> dict[str, Any]:
    numbers = {name: getattr(count, name)
               for name in ("regions", "pieces", "maps")
               if getattr(count, name) is not None}
    return {**numbers, "label": count.label, "stopped": count.stopped,
            "seconds": count.seconds}


def _plane(plane: Any) -> Domain | None:
    if plane is None or isinstance(plane, Domain):
        return plane
    if len(plane) != 4:
        raise InputError("a plane is a Domain, or (x0, x1, y0, y1)")
    return domains.Box([plane[0], plane[2]], [plane[1], plane[3]])
