"""Architectures without weights: counts of one layer, bounds of many, networks
of a shape, means over initialisations, searches for many regions.

A *spec* is a text as "mlp:2,32,32,1" or "cnn:in=1x8x8/conv=4@3x3/relu/fc=10"
(docs/specs.md has the grammar), or a path to its JSON form (an os.PathLike, or
a text that ends with .json), or a Net, whose shape is meant."""
from __future__ import annotations

import dataclasses
import os
from ctypes import POINTER, byref, cast
from fractions import Fraction
from typing import Any

from . import _abi, _library, domains
from ._call import Context, Limits, sized
from ._exact import fraction, integer, number
from ._library import libpleats
from ._record import kept
from .domains import Domain
from .net import Net
from .statistics import fields


@dataclasses.dataclass(frozen=True)
class Spec:
    """An architecture in figures; `text` may be given wherever a spec is."""

    text: str
    n_inputs: int
    n_outputs: int
    n_parameters: int
    n_units: int
    n_unit_layers: int
    is_chain: bool
    """of layers, not units that read anything before them"""
    is_relu: bool
    """no unit is anything else"""


@dataclasses.dataclass(frozen=True)
class Number:
    """A number with its label; `value` is None where it is out of reach or was
    not asked for."""

    value: int | None
    label: str | None
    error: float
    """at most the probability that a probable value is wrong"""
    reason: str

    def __int__(self) -> int:
        if self.value is None:
            raise ValueError(f"there is no number: {self.reason}")
        return self.value


@dataclasses.dataclass(frozen=True)
class OneLayer:
    """How many regions the shape of one layer allows."""

    layer: str
    input: str | None
    """None of a layer that reads the network's input; else a sentence"""
    formula: Number
    """R_N [Xiong2020, Thm 2]"""
    generic: Number
    """regions for generic shared filters and biases: maximum and average"""
    generic_interval: tuple[int | float | None, int | float | None]
    """of an estimate, with the probability `level`"""
    generic_bounds: tuple[int | None, int | None]
    """certain ones, where generic is not exact"""
    level: float
    no_bias: Number
    """with all biases 0"""
    no_bias_upper: int | None
    nonzero_breaks: Number
    bounded: Number
    """bounded regions"""
    slice: Number
    """regions that a generic affine slice meets"""
    independent: tuple[int, ...]
    """independent sets of units by size; () where out of reach"""
    independent_label: str | None
    independent_error: float
    characteristic: tuple[int, ...]
    """coefficients of x^n_inputs, x^(n_inputs - 1), ..."""
    binomial: tuple[int, ...]
    """the formula in d filters, in the basis C(d, k)"""
    monomial: tuple[Fraction, ...]
    """in the basis d^k"""
    polynomial_label: str | None
    polynomial_reason: str | None
    leading: Fraction | None
    """of leading d^degree"""
    degree: int
    sentence: str | None
    complete: bool
    stopped: str | None
    seconds: float


@dataclasses.dataclass(frozen=True)
class Bound:
    """One bound of the number of activation regions."""

    name: str
    side: str
    """"upper" or "lower" """
    label: str
    """the same, or "exact" where both sides meet"""
    source: str
    of: str
    """the counts that it is proved for"""
    applies: bool
    why: str
    """the hypotheses that hold, or the one that does not"""
    value: int | None
    log10: float


@dataclasses.dataclass(frozen=True)
class Bounds:
    """All bounds of an architecture: the best upper one, the best lower one,
    the others from good to bad, then those that do not apply."""

    bounds: tuple[Bound, ...]
    best_upper: int | None
    best_lower: int | None
    growth_upper: tuple[int, ...]
    """exponents of the layers' filters or units, as all of these grow"""
    growth_lower: tuple[int, ...] | None
    stopped: str | None
    seconds: float


@dataclasses.dataclass(frozen=True)
class Trial:
    """One random network of a mean: `make` with its seed makes it."""

    number: int
    seed: int
    exact: bool
    regions: int


@dataclasses.dataclass(frozen=True)
class Mean:
    """Regions of random networks of an architecture."""

    trials: tuple[Trial, ...]
    n_exact: int
    mean: float
    deviation: float
    lo: float
    """Student's interval for the mean of all networks"""
    hi: float
    quantiles: tuple[int | float | None, ...]
    """least, 5 %, 25 %, median, 75 %, 95 %, greatest"""
    constant: bool
    stopped: str | None
    seconds: float


@dataclasses.dataclass(frozen=True, eq=False)
class Search:
    """What a search for many regions found."""

    best: int | None
    """some weights have so many"""
    upper: int | None
    """the best upper bound"""
    exact: bool
    """both are equal: the maximum"""
    net: Net | None
    """the witness"""
    start: int
    """the climb that found it"""
    starts: int
    counts: int
    """networks that were counted exactly"""
    complete: bool
    stopped: str | None
    seconds: float


# ---- specs --------------------------------------------------------------------

def _handle(context: Context, spec: Any) -> Any:
    if isinstance(spec, Net):
        return context.made("spec", "pleats_spec_of_net", spec._handle)
    if isinstance(spec, Spec):
        spec = spec.text
    if isinstance(spec, os.PathLike) or spec.endswith(".json"):
        return context.made("spec", "pleats_spec_read", os.fsencode(spec))
    return context.made("spec", "pleats_spec_parse", spec.encode())


def spec(spec: Any) -> Spec:
    """What an architecture is made of.  InputError says at which character
    what would be right.

    >>> import pleats
    >>> spec = pleats.spec("cnn:in=1x3x3/conv=2@2x2/relu/fc=1")
    >>> spec.n_inputs, spec.n_units, spec.n_parameters
    (9, 8, 19)"""
    with Context() as context:
        handle = _handle(context, spec)

        def of(name: str) -> Any:
            return getattr(libpleats, f"pleats_spec_{name}")(handle)
        return Spec(_library.text(of("text")) or "", **{
            name: of(name) for name in (
                "n_inputs", "n_outputs", "n_parameters", "n_units",
                "n_unit_layers", "is_chain", "is_relu")})


def _limits(words: dict[str, Any]) -> Limits:
    limits = Limits._taken(words)
    if words:
        raise TypeError(f"{', '.join(words)}: there is no such argument")
    return limits


# ---- one layer ----------------------------------------------------------------

def layer(spec: Any, *, layer: int = 0, want: tuple[str, ...] = (),
          slice: int | None = None, budget: int = 0, samples: int = 0,
          max_states: int = 0, level: float = 0.95, seed: int = 0,
          **words: Any) -> OneLayer:
    """How many regions one layer of units allows, by its shape alone.

    layer   which activation of the spec, 0 the first
    want    of "formula", "generic", "no-bias", "bounded", "slice",
            "independent", "polynomial"; (): all
    slice   dimension of an affine slice
    budget, samples, max_states: how much may be tried (pleats/layer.h)

    >>> import pleats
    >>> layer = pleats.layer("mlp:2,5,1")
    >>> int(layer.generic), layer.bounded.value
    (16, 6)"""
    options = sized(
        _abi.pleats_one_layer_options, layer=layer, budget=budget,
        samples=samples, max_states=max_states, level=level, seed=seed,
        want=sum(_library.constant("", "PLEATS_WANT_", name)
                 for name in set(want)),
        slice=slice or 0, has_slice=slice is not None)
    with Context(_limits(words)) as context:
        return context.long("count_one_layer", _handle(context, spec),
                            byref(options), out=_abi.pleats_one_layer_result(),
                            convert=_one_layer)


def _one_layer(out: Any) -> OneLayer:
    return OneLayer(
        **fields(out, "formula", "generic", "no_bias", "nonzero_breaks",
                 "bounded", "slice", read=_number),
        **fields(out, "input", "polynomial_reason", "sentence",
                 read=_library.text),
        **fields(out, "level", "independent_error", "degree", "complete",
                 "seconds"),
        layer=_library.text(out.layer) or "",
        generic_interval=(number(out.generic_low),
                          number(out.generic_high)),
        generic_bounds=(integer(out.generic_lower),
                        integer(out.generic_upper)),
        no_bias_upper=integer(out.no_bias_upper),
        independent=_integers(out.independent),
        independent_label=_library.label(out.independent_label),
        characteristic=_integers(out.characteristic),
        binomial=_integers(out.binomial),
        monomial=tuple(fraction(out.monomial.at[i])
                       for i in range(out.monomial.n)),
        polynomial_label=_library.label(out.polynomial_label),
        leading=None if out.leading is None else fraction(out.leading),
        stopped=_library.stopped(out.stopped))


def _number(out: Any) -> Number:
    return Number(integer(out.value), _library.label(out.label),
                  out.error, _library.text(out.reason) or "")


def _integers(out: Any) -> tuple[int, ...]:
    return tuple(integer(out.at[i]) or 0 for i in range(out.n))


# ---- many layers ----------------------------------------------------------------

def bound(spec: Any, domain: Domain | None = None, *, budget: int = 0,
          witness: Net | None = None, **words: Any) -> Bounds:
    """Upper and lower bounds of the number of regions of an architecture, each
    with its source and hypotheses.  With a Net and a box (box=(-1, 1)): upper
    bounds of that network there.

    budget   steps of about a nanosecond that each form of active-sets may take
             (0: half a second's)
    witness  a Net of the architecture, whose exact count is a lower bound

    >>> import pleats
    >>> bounds = pleats.bound("mlp:2,4,4,1")
    >>> bounds.best_lower, bounds.best_upper
    (44, 109)"""
    options = sized(_abi.pleats_bounds_options, budget=budget)
    if witness is not None:
        options.witness = witness._handle
    limits = Limits._taken(words)
    box = domains.taken(domain, words)
    _limits(words)
    with Context(limits) as context:
        if isinstance(spec, Net) and not isinstance(box, domains.All):
            return context.long(
                "bounds_on_box", spec._handle,
                box._make(context, spec.n_inputs),
                out=_abi.pleats_bounds_result(), convert=_bounds)
        return context.long("bounds_of", _handle(context, spec),
                            byref(options), out=_abi.pleats_bounds_result(),
                            convert=_bounds)


def _bounds(out: Any) -> Bounds:
    n = out.n_growth
    return Bounds(
        tuple(_bound(out.bound[i]) for i in range(out.n)),
        best_upper=integer(out.best_upper),
        best_lower=integer(out.best_lower),
        growth_upper=tuple(out.growth_upper[:n]) if n else (),
        growth_lower=tuple(out.growth_lower[:n]) if out.growth_lower else None,
        stopped=_library.stopped(out.stopped), seconds=out.seconds)


def _bound(out: Any) -> Bound:
    return Bound(
        **fields(out, "name", "source", "of", "why", read=_library.text),
        side=_library.label(out.side) or "",
        label=_library.label(out.label) or "", applies=out.applies,
        value=integer(out.value), log10=out.log10)


# ---- networks of a shape ----------------------------------------------------------

def make(spec: Any, *, seed: int = 0, weights: str = "torch",
         bias: str = "torch", deviation: float = 0,
         construct: str | None = None) -> Net:
    """A network of an architecture.

    weights    "torch", "he-normal", "he-uniform", "xavier-normal",
               "xavier-uniform"
    bias       "torch", "zero", "normal" (of a deviation)
    construct  None: random, with float32 values that are the same on every
               machine; else the network behind a lower bound: "montufar"
               [Montufar2014, Thm 4], "serra" [Serra2018, Thm 7], "xiong"
               [Xiong2020, Thm 5], "folds" (docs/theory.md 5.2)

        >>> import pleats
        >>> print(pleats.make("mlp:2,4,4,1", construct="montufar").count(box=(0, 1)))
        44 activation regions (exact)"""
    with Context() as context:
        handle = _handle(context, spec)
        init = _init(weights, bias, deviation, seed)
        return Net(context, _made(context, handle, init, construct, seed))


def _made(context: Context, handle: Any, init: Any, construct: str | None,
          seed: int) -> Any:
    if construct is None:
        return context.kept("net", "pleats_net_random", handle, byref(init))
    if construct == "folds":
        return context.kept("net", "pleats_net_folds", handle, seed)
    kind = _library.constant("pleats_construction", "PLEATS_FOLDS_", construct)
    return context.kept("net", "pleats_net_construct", handle, kind, seed)


def _init(weights: str, bias: str, deviation: float, seed: int) -> Any:
    return _abi.pleats_init(
        weights=_library.constant("pleats_weight_init", "PLEATS_WEIGHTS_",
                                  weights),
        bias=_library.constant("pleats_bias_init", "PLEATS_BIAS_", bias),
        deviation=deviation, seed=seed)


def mean(spec: Any, domain: Domain | None = None, *, trials: int = 0,
         weights: str = "torch", bias: str = "torch", deviation: float = 0,
         seed: int = 0, level: float = 0.95, most: int = 0, sweeps: int = 0,
         checkpoint: Any = None, every: float = 60, **words: Any) -> Mean:
    """The mean number of regions of random networks (`make`) on a domain that
    is one polytope.  trials: 0 is 100; a trial with more than `most` regions
    (0: a million) is estimated by `sweeps` (0: 200).  checkpoint: a file to go
    on from, where it is there; it is written every so many seconds and at the
    end.  LimitReached when there was not time for two.

    >>> import pleats
    >>> mean = pleats.mean("mlp:2,4,3,1", box=(-1, 1), trials=8, seed=5)
    >>> mean.n_exact, mean.lo < mean.mean < mean.hi
    (8, True)"""
    options = sized(_abi.pleats_mean_options, trials=trials, level=level,
                    most=most, sweeps=sweeps,
                    init=_init(weights, bias, deviation, seed))
    limits = Limits._taken(words)
    on = domains.taken(domain, words)
    _limits(words)
    with Context(limits) as context:
        handle = _handle(context, spec)
        domain_handle = on._make(context,
                                 libpleats.pleats_spec_n_inputs(handle))
        with kept(context, options, checkpoint, every):
            return context.long("mean_regions", handle, domain_handle,
                                byref(options), out=_abi.pleats_mean_result(),
                                convert=_mean)


def _mean(out: Any) -> Mean:
    rows = (out.row[i] for i in range(out.n))
    return Mean(
        tuple(Trial(row.number, row.seed, row.exact,
                    integer(row.regions) or 0) for row in rows),
        **fields(out, "n_exact", "mean", "deviation", "lo", "hi", "seconds"),
        quantiles=tuple(number(value) for value in out.quantile),
        constant=out.is_constant, stopped=_library.stopped(out.stopped))


def search(spec: Any, *, starts: int = 0, patience: int = 0, seed: int = 0,
           pieces: bool = False, most: int = 0, checkpoint: Any = None,
           every: float = 60, **words: Any) -> Search:
    """Looks for weights with many regions on all of space, by climbing from
    random ones: a lower bound of the maximum, with a witness.  starts: 0 is
    64; patience: moves without a higher number that end a climb; pieces:
    affine pieces in place of regions; checkpoint, every: as of `mean`.

    >>> import pleats
    >>> found = pleats.search("mlp:2,3,1", starts=4)
    >>> found.best, found.exact, int(found.net.count())
    (7, True, 7)"""
    options = sized(_abi.pleats_search_options, starts=starts, seed=seed,
                    patience=patience, pieces=pieces, most=most)
    with Context(_limits(words)) as context:
        handle = _handle(context, spec)
        with kept(context, options, checkpoint, every):
            return context.long(
                "search", handle, byref(options),
                out=_abi.pleats_search_result(),
                convert=lambda out: _search(context, out))


def _search(context: Context, out: Any) -> Search:
    """Takes the witness out of the result: a pointer of its own, since a field
    that is read stays part of the struct."""
    net = None
    if out.net:
        net = Net(context, cast(out.net, POINTER(_abi.pleats_net)))
        out.net = None
    return Search(
        best=integer(out.best), upper=integer(out.upper),
        exact=out.is_exact, net=net, stopped=_library.stopped(out.stopped),
        **fields(out, "start", "starts", "counts", "complete", "seconds"))
