"""Operators that are sums of elements with constant weights: arithmetic, products
with constants, sums and means over axes."""
import itertools
import math
from fractions import Fraction

import numpy as np

from tensors import (Refused, Scalar, axis_of, integers, is_constant, is_whole,
                     number, real, shaped, whole)

ONE = Fraction(1)


def product(a, b):
    """(element, weight): what a * b is."""
    if isinstance(b, Scalar):
        a, b = b, a
    if isinstance(b, Scalar):
        raise Refused("a product of two variables")
    return a, b


def each(net, x, weight, bias=Fraction(0)):
    """weight * x + bias, element by element."""
    real(x)
    return shaped([net.sum([(e, weight)], bias) for e in x.flat], x.shape)


# ---- element by element


def both(of_reals, of_integers):
    """An operator of two operands: of_reals makes the pairs (element, weight) of
    a sum, of_integers an integer."""
    def run(net, at, a, b):
        a, b = np.broadcast_arrays(a, b)
        if a.dtype.kind in "iu" and a.dtype == b.dtype:
            cells = [of_integers(int(p), int(q)) for p, q in zip(a.flat, b.flat)]
            return whole(cells, a.shape, a.dtype)
        real(a, b)
        return shaped([net.sum(of_reals(p, q)) for p, q in zip(a.flat, b.flat)],
                      a.shape)
    return run


def quotient(a, b):
    if isinstance(b, Scalar) or b == 0:
        raise Refused("a division by a variable, or by 0")
    return [(a, 1 / b)]


def truncated(a, b):
    """The quotient of integers without its fraction."""
    if b == 0:
        raise Refused("a division by 0")
    return abs(a) // abs(b) * (1 if (a < 0) == (b < 0) else -1)


def negative(net, at, x):
    if is_whole(x):
        return whole([-int(v) for v in x.flat], x.shape, x.dtype)
    return each(net, x, -ONE)


def power(net, at, x, exponent):
    real(x)
    x, exponent = np.broadcast_arrays(x, exponent)
    if not is_constant(exponent) or any(e not in (0, 1) for e in exponent.flat):
        raise Refused("Pow with other exponents than 0 and 1")
    return shaped([v if e == 1 else ONE for v, e in
                   zip(x.flat, exponent.flat)], x.shape)


def sum_or_mean(is_mean):
    def run(net, at, *operands):
        real(*operands)
        weight = Fraction(1, len(operands)) if is_mean else ONE
        operands = np.broadcast_arrays(*operands)
        return shaped([net.sum([(e, weight) for e in cells])
                       for cells in zip(*(o.flat for o in operands))],
                      operands[0].shape)
    return run


def cum_sum(net, at, x, axis):
    real(x)
    axis = axis_of(x, integers(axis)[0])
    exclusive, reverse = at.get("exclusive", 0), at.get("reverse", 0)
    x = np.flip(x, axis) if reverse else x
    rows = np.moveaxis(x, axis, -1)
    cells = [net.sum([(e, ONE) for e in rows[p][:i + 1 - exclusive]])
             for p in np.ndindex(*rows.shape[:-1])
             for i in range(rows.shape[-1])]
    result = np.moveaxis(shaped(cells, rows.shape), -1, axis)
    return np.flip(result, axis) if reverse else result


def batch_normalization(net, at, x, scale, bias, mean, variance):
    """gamma / sqrt(variance + epsilon) may be irrational: it is the double
    nearest to that, and this double is then exact."""
    at.get("momentum")
    if at.get("training_mode") or at.get("spatial", 1) != 1 or (
            at.opset < 14 and at.n_outputs > 1):
        raise Refused("BatchNormalization in training mode, or not spatial")
    real(x, scale, bias, mean, variance)
    if not all(map(is_constant, (scale, bias, mean, variance))):
        raise Refused("parameters that depend on the input")
    epsilon = at.number("epsilon", float(np.float32(1e-5)))
    cells = np.empty(x.shape, object)
    for p in np.ndindex(*x.shape):
        c = p[1] if x.ndim > 1 else 0
        size = scale[c] ** 2 / (variance[c] + epsilon)
        factor = nearest_root(size) if size else Fraction(0)
        factor = -factor if scale[c] < 0 else factor
        cells[p] = net.sum([(x[p], factor)], bias[c] - mean[c] * factor)
    return cells


def nearest_root(value):
    """The double nearest to the root of a rational above 0."""
    low = float(math.sqrt(value))
    while Fraction(low) ** 2 > value:
        low = math.nextafter(low, 0)
    while Fraction(math.nextafter(low, math.inf)) ** 2 <= value:
        low = math.nextafter(low, math.inf)
    high = Fraction(math.nextafter(low, math.inf))
    middle = (Fraction(low) + high) / 2
    return Fraction(low) if middle ** 2 >= value else high


def dequantize(net, at, x, scale, zero=None):
    """(x - zero point) * scale: one of them, one for each entry of an axis, or
    one for each block of entries."""
    axis, block = at.get("axis", 1), at.get("block_size", 0)
    at.get("output_dtype")
    real(scale)
    if zero is not None and zero.shape != scale.shape or not is_constant(scale):
        raise Refused("zero points that do not fit the scales")
    if scale.size > 1 or scale.ndim > 1 or block:
        axis = axis_of(x, axis)
    places = np.arange(scale.size).reshape(scale.shape)
    if block:
        places = places.repeat(block, axis).take(range(x.shape[axis]), axis)
    elif scale.ndim == 1 and scale.size > 1:
        places = places.reshape([-1 if a == axis else 1 for a in range(x.ndim)])
    elif scale.size == 1:
        places = places.reshape(())
    if block and places.shape != x.shape:
        raise Refused("scales that do not fit the tensor")
    cells = []
    for e, p in zip(x.flat, np.broadcast_to(places, x.shape).flat):
        e = e if isinstance(e, Scalar) else Fraction(e if is_whole(x) is False
                                                     else int(e))
        shift = zero.flat[p] if zero is not None else 0
        shift = Fraction(int(shift)) if not isinstance(shift, Fraction) else shift
        cells.append(net.sum([(e, scale.flat[p])], -shift * scale.flat[p]))
    return shaped(cells, x.shape)


# ---- products


def matmul(net, at, a, b):
    """Stacks of matrices; an operand of one axis is a row, or a column."""
    real(a, b)
    rows = a[None] if a.ndim == 1 else a
    columns = (b[:, None] if b.ndim == 1 else b).swapaxes(-1, -2)
    if rows.shape[-1] != columns.shape[-1]:
        raise Refused("matrices that do not fit")
    lead = np.broadcast_shapes(rows.shape[:-2], columns.shape[:-2])
    rows = np.broadcast_to(rows, lead + rows.shape[-2:])
    columns = np.broadcast_to(columns, lead + columns.shape[-2:])
    cells = [net.sum([product(p, q) for p, q in zip(row, column)])
             for k in np.ndindex(*lead) for row in rows[k]
             for column in columns[k]]
    shape = lead + (rows.shape[-2],) * (a.ndim > 1) + \
        (columns.shape[-2],) * (b.ndim > 1)
    return shaped(cells, shape)


def gemm(net, at, a, b, c=None):
    alpha, beta = at.number("alpha", 1.0), at.number("beta", 1.0)
    a = a.T if at.get("transA") else a
    b = b.T if at.get("transB") else b
    real(a, b, c)
    if a.ndim != 2 or b.ndim != 2 or a.shape[1] != b.shape[0]:
        raise Refused("matrices that do not fit")
    shape = (a.shape[0], b.shape[1])
    c = np.broadcast_to(shaped([Fraction(0)], (1,)) if c is None else c, shape)
    cells = []
    for i, j in np.ndindex(*shape):
        pairs = [product(p, q) for p, q in zip(a[i], b[:, j])]
        cells.append(net.sum([(e, alpha * w) for e, w in pairs] +
                             [(c[i, j], beta)]))
    return shaped(cells, shape)


def fused_matmul(net, at, a, b):
    """com.microsoft: a and b turned first, their product times alpha."""
    alpha = at.number("alpha", 1.0)
    turned = []
    for x, letter in ((a, "A"), (b, "B")):
        if at.get("transBatch" + letter):
            if a.ndim != b.ndim or x.ndim < 3:
                raise Refused("transBatch of other than stacks of as many axes")
            x = np.moveaxis(x, 0, -2)
        turned.append(x.swapaxes(-1, -2) if at.get("trans" + letter) and
                      x.ndim > 1 else x)
    a, b = turned
    return each(net, matmul(net, at, a, b), alpha)


def einsum(net, at, *operands):
    real(*operands)
    equation = at.need("equation").replace(" ", "")
    left, arrow, right = equation.partition("->")
    words = left.split(",")
    if len(words) != len(operands):
        raise Refused("Einsum with another number of operands")
    # Axes of an ellipsis are upper-case Greek letters, the last one Omega.
    named = [len(w.replace("...", "")) for w in words]
    wide = max([x.ndim - n for w, n, x in zip(words, named, operands)
                if "..." in w], default=0)
    dots = "".join(chr(0x3a9 - i) for i in reversed(range(wide)))
    size = {}
    for k, (word, n, x) in enumerate(zip(words, named, operands)):
        words[k] = word = word.replace("...", dots[wide - (x.ndim - n):])
        if len(word) != x.ndim:
            raise Refused(f"Einsum {equation}: axes that do not fit")
        for letter, n in zip(word, x.shape):
            if n not in (1, size.get(letter, n)) and size[letter] != 1 or \
                    letter not in dots and size.get(letter, n) != n:
                raise Refused(f"Einsum {equation}: sizes that do not fit")
            size[letter] = max(n, size.get(letter, n))
    once = [c for c in sorted(size) if "".join(words).count(c) == 1
            and c not in dots]
    right = right.replace("...", dots) if arrow else dots + "".join(once)
    summed = [c for c in size if c not in right]

    def pair(place):
        """The product of one element of each operand, as element and weight."""
        element, weight = ONE, ONE
        for word, x in zip(words, operands):
            e = x[tuple(place[c] if n > 1 else 0
                        for c, n in zip(word, x.shape))]
            element, other = product(element, e)
            weight *= other
        return element, weight

    cells = []
    for out in itertools.product(*(range(size[c]) for c in right)):
        place = dict(zip(right, out))
        cells.append(net.sum([pair({**place, **dict(zip(summed, k))}) for k in
                              itertools.product(*(range(size[c])
                                                  for c in summed))]))
    return shaped(cells, [size[c] for c in right])


# ---- over axes


def reduced(at, x, axes=None):
    """(rows [n, entries] over the axes, the shape of the result); None: all
    entries stay what they are."""
    axes = at.integers("axes", axes)
    keep, noop = at.get("keepdims", 1), at.get("noop_with_empty_axes", 0)
    if not axes and noop:
        return None, x.shape
    axes = [axis_of(x, a) for a in axes or range(x.ndim)]
    kept = [a for a in range(x.ndim) if a not in axes]
    rows = x.transpose(kept + sorted(set(axes))).reshape(
        math.prod(x.shape[a] for a in kept),
        math.prod(x.shape[a] for a in set(axes)))
    if rows.shape[1] == 0:
        raise Refused("it reduces an empty axis")
    return rows, [x.shape[a] if a in kept else 1 for a in range(x.ndim)
                  if keep or a in kept]


def reduce_sum(net, at, x, axes=None, is_mean=False):
    rows, shape = reduced(at, x, axes)
    if rows is None:
        return x
    if is_whole(x):
        if is_mean:
            raise Refused("a mean of integers")
        return whole([sum(int(v) for v in row) for row in rows], shape, x.dtype)
    weight = Fraction(1, rows.shape[1]) if is_mean else ONE
    return shaped([net.sum([(e, weight) for e in row]) for row in rows], shape)


def reduce_mean(net, at, x, axes=None):
    return reduce_sum(net, at, x, axes, True)


def reduce_product(net, at, x, axes=None):
    if not is_constant(x):
        raise Refused("a product of variables")
    rows, shape = reduced(at, x, axes)
    if rows is None:
        return x
    if is_whole(x):
        return whole([math.prod(int(v) for v in row) for row in rows], shape,
                     x.dtype)
    return shaped([math.prod(row) for row in rows], shape)


# ---- ai.onnx.ml


def scaler(net, at, x):
    """(x - offset) * scale, one of all or one for each entry of the last axis."""
    real(x)
    offset, scale = ([number(v) for v in at.need(name)]
                     for name in ("offset", "scale"))
    n = x.shape[-1]
    if {len(offset), len(scale)} - {1, n}:
        raise Refused("offsets and scales that do not fit")
    offset, scale = (v * (n // len(v)) for v in (offset, scale))
    return shaped([net.sum([(e, scale[i % n])], -offset[i % n] * scale[i % n])
                   for i, e in enumerate(x.flat)], x.shape)


def linear_regressor(net, at, x):
    real(x)
    at.choose("post_transform", "NONE")
    n = at.get("targets", 1)
    w = shaped([number(v) for v in at.need("coefficients")], (n, x.shape[-1]))
    b = [number(v) for v in at.get("intercepts") or [0.0] * n]
    return shaped([net.sum(list(zip(row, w[t])), b[t])
                   for row in x.reshape(-1, x.shape[-1]) for t in range(n)],
                  (-1, n))


OPERATORS = {
    "Add": both(lambda a, b: [(a, ONE), (b, ONE)], lambda a, b: a + b),
    "BatchNormalization": batch_normalization,
    "CumSum": cum_sum,
    "DequantizeLinear": dequantize,
    "Div": both(quotient, truncated),
    "Einsum": einsum,
    "Gemm": gemm,
    "MatMul": matmul,
    "Mean": sum_or_mean(True),
    "Mul": both(lambda a, b: [product(a, b)], lambda a, b: a * b),
    "Neg": negative,
    "Pow": power,
    "ReduceMean": reduce_mean,
    "ReduceProd": reduce_product,
    "ReduceSum": reduce_sum,
    "Sub": both(lambda a, b: [(a, ONE), (b, -ONE)], lambda a, b: a - b),
    "Sum": sum_or_mean(False),
    "ai.onnx.ml.LinearRegressor": linear_regressor,
    "ai.onnx.ml.Scaler": scaler,
    "com.microsoft.FusedMatMul": fused_matmul,
}
