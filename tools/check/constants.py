"""Operators that make constants, or are known here of constants alone; and the types
of numbers."""
import math
from fractions import Fraction

import numpy as np
from onnx import TensorProto, numpy_helper

from sums import nearest_root
from tensors import (Refused, Scalar, exact, exact_number, is_constant, is_whole,
                     shaped, whole)

# Bits and the exponents of the least and the largest normal number.
FLOATS = {TensorProto.FLOAT: (24, -126, 127), TensorProto.DOUBLE:
          (53, -1022, 1023), TensorProto.FLOAT16: (11, -14, 15),
          TensorProto.BFLOAT16: (8, -126, 127)}
WHOLES = {TensorProto.BOOL: "bool", TensorProto.INT8: "int8",
          TensorProto.INT16: "int16", TensorProto.INT32: "int32",
          TensorProto.INT64: "int64", TensorProto.UINT8: "uint8",
          TensorProto.UINT16: "uint16", TensorProto.UINT32: "uint32",
          TensorProto.UINT64: "uint64"}


def rounded(value, bits, least, most):
    """The nearest float with so many bits, of two the even one."""
    if isinstance(value, float) or value == 0:
        return value
    exponent = value.numerator.bit_length() - value.denominator.bit_length()
    if abs(value) < Fraction(2) ** exponent:
        exponent -= 1
    unit = Fraction(2) ** (max(exponent, least) - bits + 1)
    result = round(value / unit) * unit
    if abs(result) >= Fraction(2) ** (most + 1):
        raise Refused("a constant is too large for its type")
    return result


def cast(net, at, x):
    at.get("saturate")      # is of types that are not known here
    return as_type(x, at.need("to"))


def as_type(x, to):
    """Constants are rounded; what depends on the input is not, since the network
    computes with reals."""
    if to in FLOATS:
        cells = [e if isinstance(e, Scalar) else
                 rounded(Fraction(int(e)) if is_whole(x) else e, *FLOATS[to])
                 for e in x.flat]
        return shaped(cells, x.shape)
    if to not in WHOLES or not is_constant(x):
        raise Refused(f"Cast to the type {to}, or of a variable to integers")
    if any(isinstance(e, float) for e in x.flat):
        raise Refused("Cast of what is not finite to integers")
    dtype = np.dtype(WHOLES[to])
    return whole([e != 0 if dtype.kind == "b" else math.trunc(int(e) if
                  is_whole(x) else e) for e in x.flat], x.shape, dtype)


def cast_like(net, at, x, like):
    """Which reals a tensor has is not kept: constants must be numbers that no
    type rounds."""
    at.get("saturate")
    if is_whole(like):
        return as_type(x, {v: k for k, v in WHOLES.items()}[like.dtype.name])
    result = as_type(x, TensorProto.DOUBLE)
    for kind in FLOATS:
        if list(as_type(x, kind).flat) != list(result.flat):
            raise Refused("CastLike of constants that floats of 16 bits lack")
    return result


def compared(holds):
    def run(net, at, a, b):
        if not (is_constant(a) and is_constant(b)):
            raise Refused("a comparison of what depends on the input")
        if is_whole(a) != is_whole(b):
            raise Refused("integers and reals together")
        a, b = np.broadcast_arrays(a, b)
        return np.array([holds(p, q) for p, q in zip(a.flat, b.flat)],
                        bool).reshape(a.shape)
    return run


def logical(holds):
    def run(net, at, *operands):
        if any(o.dtype.kind != "b" for o in operands):
            raise Refused("truth values are wanted")
        return holds(*operands)
    return run


def of_constants(function, of_integers=None):
    """An operator of constant elements; of_integers None: the same number."""
    def run(net, at, x):
        if not is_constant(x):
            raise Refused("it is known of constants alone")
        if is_whole(x):
            return x if of_integers is None else whole(
                [of_integers(int(e)) for e in x.flat], x.shape, x.dtype)
        if any(isinstance(e, float) for e in x.flat):
            raise Refused("a number that is not finite")
        return shaped([Fraction(function(e)) for e in x.flat], x.shape)
    return run


def sign(value):
    return (value > 0) - (value < 0)


def root(value):
    if value < 0:
        raise Refused("a root of a number below 0")
    return nearest_root(value) if value else value


def reciprocal(value):
    if value == 0:
        raise Refused("a division by 0")
    return 1 / value


def remainder(net, at, a, b):
    if not (is_constant(a) and is_constant(b)) or is_whole(a) != is_whole(b):
        raise Refused("Mod is known of constants of one type alone")
    by_dividend = at.get("fmod", 0)
    if not is_whole(a) and not by_dividend:
        raise Refused("Mod of reals without fmod")
    shape, dtype = np.broadcast_shapes(a.shape, b.shape), a.dtype
    a, b = np.broadcast_arrays(a.astype(object), b.astype(object))
    if any(q == 0 for q in b.flat):
        raise Refused("a division by 0")
    cells = [p - q * math.trunc(Fraction(p) / q) if by_dividend else p % q
             for p, q in zip(a.flat, b.flat)]
    return whole(cells, shape, dtype) if dtype.kind in "iu" else \
        shaped(cells, shape)


def constant(net, at):
    value = at.get("value")
    if value is not None:
        return exact(numpy_helper.to_array(value))
    for name, many in (("value_float", False), ("value_floats", True)):
        value = at.get(name)
        if value is not None:
            return shaped([exact_number(v) for v in (value if many else [value])],
                          (len(value),) if many else ())
    value = at.get("value_int")
    return np.array(at.need("value_ints") if value is None else value, np.int64)


def constant_of_shape(net, at, shape):
    value = at.get("value")
    value = shaped([Fraction(0)], (1,)) if value is None else \
        exact(numpy_helper.to_array(value))
    return np.full([int(s) for s in shape], value.flat[0], value.dtype)


def ramp(net, at, start, limit, delta):
    first, last, step = (x.flat[0] for x in (start, limit, delta))
    if not is_constant(start) or step == 0:
        raise Refused("a range that depends on the input, or a step of 0")
    first, last, step = (Fraction(v if isinstance(v, Fraction) else int(v))
                         for v in (first, last, step))
    cells = [first + i * step
             for i in range(max(0, math.ceil((last - first) / step)))]
    if is_whole(start):
        return whole([int(c) for c in cells], (len(cells),), start.dtype)
    return shaped(cells, (len(cells),))


def eye_like(net, at, x):
    kind, k = at.get("dtype"), at.get("k", 0)
    ones = np.eye(*x.shape, k=k, dtype=np.int64)
    if kind is None and is_whole(x):
        return ones.astype(x.dtype)
    return as_type(ones, TensorProto.FLOAT if kind is None else kind)


def non_zero(net, at, x):
    if not is_constant(x):
        raise Refused("it is known of constants alone")
    return np.array(np.nonzero(x), np.int64)


def unique(net, at, x):
    """(values, first places, which value each element is, how often)."""
    if not is_constant(x):
        raise Refused("it is known of constants alone")
    flat = list(x.flat)
    values = sorted(set(flat)) if at.get("sorted", 1) else \
        list(dict.fromkeys(flat))
    result = np.array(values, x.dtype) if is_whole(x) else \
        shaped(values, (len(values),))
    lists = ([flat.index(v) for v in values], [values.index(e) for e in flat],
             [flat.count(v) for v in values])
    return (result, *(np.array(v, np.int64) for v in lists))


OPERATORS = {
    "And": logical(np.logical_and),
    "Cast": cast,
    "CastLike": cast_like,
    "Ceil": of_constants(math.ceil),
    "Constant": constant,
    "ConstantOfShape": constant_of_shape,
    "Equal": compared(lambda a, b: a == b),
    "EyeLike": eye_like,
    "Floor": of_constants(math.floor),
    "Greater": compared(lambda a, b: a > b),
    "GreaterOrEqual": compared(lambda a, b: a >= b),
    "Less": compared(lambda a, b: a < b),
    "LessOrEqual": compared(lambda a, b: a <= b),
    "Mod": remainder,
    "NonZero": non_zero,
    "Not": logical(np.logical_not),
    "Or": logical(np.logical_or),
    "Range": ramp,
    "Reciprocal": of_constants(reciprocal),
    "Round": of_constants(round),
    "Sign": of_constants(sign, sign),
    "Sqrt": of_constants(root),
    "Unique": unique,
    "Xor": logical(np.logical_xor),
}
