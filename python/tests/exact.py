"""A second implementation, in fractions: forms of a network of fully connected
layers with ReLU, and the network's values."""
from fractions import Fraction
from math import gcd, lcm


def rows_of(array):
    """The exact numbers of an array [m, n]."""
    return [[Fraction(float(x)) for x in row] for row in array]


def forms(layers, pattern):
    """The affine forms (a, b) over the inputs of all units' inputs, and those of
    the outputs, where the units have the pieces of the pattern."""
    n = len(layers[0][0][0])
    scalars = [([Fraction(int(i == j)) for j in range(n)], Fraction(0))
               for i in range(n)]
    units = []
    for depth, (weight, bias) in enumerate(layers):
        made = []
        offsets = [0] * len(weight) if bias is None else bias
        for row, offset in zip(rows_of(weight), offsets):
            a = [sum(w * form[0][j] for w, form in zip(row, scalars))
                 for j in range(n)]
            b = sum((w * form[1] for w, form in zip(row, scalars)),
                    Fraction(float(offset)))
            made.append((a, b))
        if depth + 1 == len(layers):
            return units, made
        first = len(units)
        units += made
        scalars = [form if pattern[first + i] else ([Fraction(0)] * n,
                                                    Fraction(0))
                   for i, form in enumerate(made)]


def primitive(numbers):
    """The integers without a common divisor that are a positive multiple."""
    denominator = lcm(*(x.denominator for x in numbers))
    whole = [int(x * denominator) for x in numbers]
    divisor = gcd(*whole)
    return [x // divisor for x in whole] if divisor else whole
