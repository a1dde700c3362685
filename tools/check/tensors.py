"""What the operators of ONNX are written in (docs/certificates.md): tensors, and the
rules that their elements follow.

A tensor is a numpy array.  One of integers or truth values is constant and has its
own type; one of reals has elements that are Fractions, Scalars, which depend on the
input, or floats, which are numbers that are not finite and may only be moved."""
import math
from fractions import Fraction

import numpy as np


class Refused(Exception):
    """What cannot be read, or is no proof; the message says what and where."""


class Affine:
    """bias + sum of weight * scalar, terms [(scalar, weight)]."""

    def __init__(self, terms, bias):
        self.terms, self.bias = terms, bias


class Bent:
    """A continuous function of one scalar: slope[p] * x + intercept[p] where
    exactly p of the increasing breakpoints `at` are below x."""

    def __init__(self, scalar, at, slope, intercept):
        keep = [i for i in range(len(at)) if slope[i] != slope[i + 1]]
        self.scalar, self.at = scalar, [at[i] for i in keep]
        ends = keep + [len(at)]
        self.slope = [slope[i] for i in ends]
        self.intercept = [intercept[i] for i in ends]


class Extremum:
    """The largest (smallest) of several scalars."""

    def __init__(self, scalars, is_min):
        self.scalars, self.is_min = scalars, is_min


class Scalar:
    """An element of a tensor that depends on the input."""
    __slots__ = ("number",)

    def __init__(self, number):
        self.number = number


class Smooth(Scalar):
    """An element behind a smooth function of the input: it has no rule, and no
    unit may read it."""

    def __init__(self):
        super().__init__(None)


def shaped(cells, shape):
    result = np.empty(len(cells), object)
    result[:] = cells
    return result.reshape(shape)


def exact(array):
    """An array of numbers as Fractions; of integers as they are."""
    if array.dtype.kind in "iub":
        return array
    if array.dtype.kind != "f":
        raise Refused(f"numbers of the type {array.dtype}")
    return shaped([exact_number(v) for v in array.flat], array.shape)


def exact_number(value):
    if math.isnan(value):
        raise Refused("what is no number")
    return Fraction(float(value)) if math.isfinite(value) else float(value)


def is_whole(x):
    """Integers or truth values."""
    return x.dtype.kind in "iub"


def is_constant(x):
    return is_whole(x) or not any(isinstance(e, Scalar) for e in x.flat)


def integers(x):
    """A constant's integers, as a list."""
    if not is_whole(x):
        raise Refused("integers are wanted")
    return [int(v) for v in x.flat]


def whole(cells, shape, dtype):
    """Integers as a tensor of that type; what would wrap around is refused."""
    if dtype.kind != "b" and any(not np.iinfo(dtype).min <= v <=
                                 np.iinfo(dtype).max for v in cells):
        raise Refused("an integer is out of range")
    return np.array(cells, dtype).reshape(shape)


def real(*operands):
    """Refuses operands that are not reals."""
    for x in operands:
        if x is not None and is_whole(x):
            raise Refused("arithmetic of integers")


def axis_of(x, axis):
    if not -x.ndim <= axis < x.ndim:
        raise Refused(f"axis {axis} of a tensor of {x.ndim} axes")
    return axis % x.ndim


def number(value):
    """A number of an attribute, exactly."""
    if not math.isfinite(value):
        raise Refused("an attribute is not finite")
    return Fraction(float(value))


def single(text):
    """The float32 nearest to a decimal, which a default in the standard is."""
    return float(np.float32(text))


class Attributes:
    """A node's attributes.  They are asked for by name, and what nobody asked
    for is not known: the node is refused.  opset: the version of the operators;
    n_outputs: how many outputs have a name."""

    def __init__(self, values, opset, n_outputs):
        self.values = {k: v.decode() if isinstance(v, bytes) else v
                       for k, v in values.items()}
        self.unread = set(self.values)
        self.opset, self.n_outputs = opset, n_outputs

    def get(self, name, default=None):
        self.unread.discard(name)
        return self.values.get(name, default)

    def number(self, name, default):
        return number(self.get(name, default))

    def need(self, name):
        if name not in self.values:
            raise Refused(f"no attribute {name}")
        return self.get(name)

    def choose(self, name, *known):
        """A word, by default the first."""
        word = self.get(name, known[0])
        if word not in known:
            raise Refused(f"{name} = {word} is not known here")
        return word

    def integers(self, name, operand):
        """Integers that are an attribute, or an input; None: neither."""
        if operand is not None:
            return integers(operand)
        found = self.get(name)
        return None if found is None else list(found)
