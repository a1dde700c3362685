"""Numbers on their way to the library: as doubles, or as exact texts.

An int, a Fraction and a text ("-0.1", "1e-3", "1/3") are the numbers that
they say; a float is the exact number that the double is."""
from __future__ import annotations

from fractions import Fraction
from numbers import Integral, Rational
from typing import Any

import math

import numpy as np

from .errors import InputError

_DIGITS = 4000  # int() and str() take 4300

Number = Any  # int, float, Fraction, or an exact text


def as_text(number: Number) -> str:
    """One number as an exact text."""
    if isinstance(number, str):
        return number.strip()
    if isinstance(number, Integral):
        return str(int(number))
    if isinstance(number, Rational):
        return f"{number.numerator}/{number.denominator}"
    value = float(number)
    if math.isnan(value):
        raise InputError("a number is NaN")
    if math.isinf(value):
        return "inf" if value > 0 else "-inf"
    return str(Fraction(value))


def as_texts(numbers: Any) -> list[str]:
    """Numbers of an array or nested lists, row-major."""
    if isinstance(numbers, np.ndarray):
        numbers = numbers.tolist()
    if isinstance(numbers, (list, tuple)):
        return [item for part in numbers for item in as_texts(part)]
    return [as_text(numbers)]


def as_doubles(numbers: Any) -> np.ndarray | None:
    """The same as doubles, flat and of one piece; None where that could lose
    something: texts, ints and fractions."""
    array = np.asarray(numbers)
    if array.dtype.kind != "f" or array.dtype.itemsize > 8:
        return None
    if _holds_others(numbers):
        return None
    return np.ascontiguousarray(array, dtype=np.float64).ravel()


def _holds_others(numbers: Any) -> bool:
    """Whether lists hold what numpy would turn into floats, with a loss: an
    int above 2^53."""
    if isinstance(numbers, (list, tuple)):
        return any(_holds_others(part) for part in numbers)
    return isinstance(numbers, int) and abs(numbers) > 2 ** 53


def shape(numbers: Any) -> tuple[int, ...]:
    """Of an array or nested lists; () of one number."""
    if isinstance(numbers, (list, tuple)):
        return (len(numbers), *(shape(numbers[0]) if numbers else ()))
    return tuple(np.shape(numbers)) if not isinstance(numbers, str) else ()


class Large(int):
    """An int that is too long to be written out: it is shown as a power of
    ten, and reckons as any other."""

    def __repr__(self) -> str:
        bits = int.bit_length(self) - 53
        about = math.log10(abs(int(self)) >> bits) + bits * math.log10(2)
        return f"{'-' * (self < 0)}about 10^{about:.3f}"

    __str__ = __repr__

    def __format__(self, form: str) -> str:
        return repr(self)


def integer(text: bytes | None) -> int | None:
    """A decimal text of any length; None of NULL.  Long ones are read in
    parts: int() takes some thousand digits only."""
    if text is None:
        return None
    sign, digits = (-1, text[1:]) if text[:1] == b"-" else (1, text)
    value = sign * _unsigned(digits)
    return Large(value) if len(digits) > _DIGITS else value


def _unsigned(digits: bytes) -> int:
    if len(digits) <= _DIGITS:
        return int(digits)
    low = len(digits) // 2
    return _unsigned(digits[:-low]) * 10 ** low + _unsigned(digits[-low:])


def fraction(text: bytes) -> Fraction:
    """An exact text of the library: an integer, or one over another."""
    above, _, below = text.partition(b"/")
    return Fraction(integer(above) or 0, integer(below or b"1"))


def number(text: bytes | None) -> int | float | None:
    """A decimal text: an int where it is one, or too large for a float."""
    if text is None or text.lstrip(b"-").isdigit():
        return integer(text)
    exact = Fraction(text.decode())
    return float(exact) if abs(exact) < 2 ** 1000 else Large(exact)
