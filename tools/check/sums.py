"""Operators that are sums of elements with constant weights: arithmetic, products
with constants, convolutions, means, interpolations (resample.py)."""
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
        kind = {is_whole(a), is_whole(b)}
        a, b = np.broadcast_arrays(a, b)
        if kind == {True}:
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


# ---- windows


class Windows:
    """Windows that slide over the axes behind the first two: padding in front
    and behind, steps, dilations, and how many windows there are."""

    def __init__(self, at, sizes, kernel):
        n = len(sizes)
        self.sizes, self.kernel = list(sizes), list(kernel)
        self.step = list(at.get("strides") or [1] * n)
        self.apart = list(at.get("dilations") or [1] * n)
        how = at.choose("auto_pad", "NOTSET", "VALID", "SAME_UPPER", "SAME_LOWER")
        pads = list(at.get("pads") or [0] * 2 * n)
        if how == "VALID":
            pads = [0] * 2 * n
        self.front, self.back = pads[:n], pads[n:]
        if not n == len(self.kernel) == len(self.step) == len(self.apart) == \
                len(self.back) or min(pads) < 0:
            raise Refused("a window that does not fit the axes")
        self.reach = [d * (k - 1) + 1 for d, k in zip(self.apart, self.kernel)]
        ceil = at.get("ceil_mode", 0) and not how.startswith("SAME")
        if how.startswith("SAME"):
            self.pad_alike(how)
        self.out = [self.count(i, ceil) for i in range(n)]

    def pad_alike(self, how):
        """So that there are ceil(size / step) windows."""
        for i, size in enumerate(self.sizes):
            total = (-(-size // self.step[i]) - 1) * self.step[i] + \
                self.reach[i] - size
            if total < 0:
                raise Refused("auto_pad with a stride above the window")
            less, more = total // 2, total - total // 2
            self.front[i], self.back[i] = \
                (less, more) if how == "SAME_UPPER" else (more, less)

    def count(self, i, ceil):
        room = self.sizes[i] + self.front[i] + self.back[i] - self.reach[i]
        n = (-(-room // self.step[i]) if ceil else room // self.step[i]) + 1
        # A window begins in front of the padding that is behind.
        if ceil and (n - 1) * self.step[i] >= self.sizes[i] + self.front[i]:
            n -= 1
        if n < 1 or room < 0:
            raise Refused("a window larger than the axis")
        return n

    def taps(self, position):
        """([(place in the kernel, place in the input)], how many places the
        window has in the input and its padding)."""
        found, padded = [], 0
        for k in np.ndindex(*self.kernel):
            x = tuple(position[i] * self.step[i] - self.front[i] +
                      k[i] * self.apart[i] for i in range(len(k)))
            padded += all(c < n + b for c, n, b in
                          zip(x, self.sizes, self.back))
            if all(0 <= c < n for c, n in zip(x, self.sizes)):
                found.append((k, x))
        return found, padded


def weights_of(at, w):
    """The kernel's sizes, which kernel_shape repeats."""
    stated = at.get("kernel_shape")
    if stated is not None and list(stated) != list(w.shape[2:]):
        raise Refused("kernel_shape is not that of the weights")
    return w.shape[2:]


def conv(net, at, x, w, b=None):
    real(x, w, b)
    groups = at.get("group", 1)
    windows = Windows(at, x.shape[2:], weights_of(at, w))
    inner, per = w.shape[1], w.shape[0] // groups
    if x.shape[1] != groups * inner or w.shape[0] % groups or (
            b is not None and b.shape != w.shape[:1]):
        raise Refused("channels that do not fit the weights")
    cells = []
    for row in x:
        for f in range(w.shape[0]):
            for p in np.ndindex(*windows.out):
                places, _ = windows.taps(p)
                terms = [product(row[(f // per * inner + c,) + to],
                                 w[(f, c) + k])
                         for c in range(inner) for k, to in places]
                cells.append(net.sum(terms, Fraction(0) if b is None else b[f]))
    return shaped(cells, (len(x), w.shape[0], *windows.out))


def conv_transpose(net, at, x, w, b=None):
    """Entry i of the input adds to entries i * step + k * dilation, of which
    the padding is cut off."""
    real(x, w, b)
    n, groups = x.ndim - 2, at.get("group", 1)
    kernel, step = weights_of(at, w), at.get("strides") or [1] * n
    apart, more = at.get("dilations") or [1] * n, at.get("output_padding") or \
        [0] * n
    full = [(x.shape[2 + i] - 1) * step[i] + (kernel[i] - 1) * apart[i] + 1 +
            more[i] for i in range(n)]
    front, out = cut_of(at, x, step, full)
    per, inner = w.shape[1], w.shape[0] // groups
    if x.shape[1] != w.shape[0] or w.shape[0] % groups:
        raise Refused("channels that do not fit the weights")
    shape = (len(x), per * groups, *out)
    terms = {p: [] for p in np.ndindex(*shape)}
    for p in np.ndindex(*x.shape):
        for k in np.ndindex(per, *kernel):
            to = tuple(p[2 + i] * step[i] + k[1 + i] * apart[i] - front[i]
                       for i in range(n))
            place = (p[0], p[1] // inner * per + k[0], *to)
            if place in terms:
                terms[place].append(product(x[p], w[(p[1],) + k]))
    cells = [net.sum(t, Fraction(0) if b is None else b[p[1]])
             for p, t in terms.items()]
    return shaped(cells, shape)


def cut_of(at, x, step, full):
    """(what is cut off in front, sizes) of a transposed convolution; an odd
    total is not shared, since versions of the standard differ on the side."""
    n = len(full)
    how = at.choose("auto_pad", "NOTSET", "VALID", "SAME_UPPER", "SAME_LOWER")
    pads, wanted = at.get("pads") or [0] * 2 * n, at.get("output_shape")
    pads = [0] * 2 * n if how == "VALID" else pads
    if wanted is None and how.startswith("SAME"):
        wanted = [s * k for s, k in zip(x.shape[2:], step)]
    if wanted is None:
        return pads[:n], [f - a - b for f, a, b in zip(full, pads, pads[n:])]
    wanted = list(wanted)[-n:]
    total = [f - w for f, w in zip(full, wanted)]
    if any(t < 0 or t % 2 for t in total):
        raise Refused("output_shape or auto_pad that cuts off an odd number")
    return [t // 2 for t in total], wanted


def pool(net, at, x, weight_of):
    """Sums over windows, weight_of(entries, entries with padding) each."""
    real(x)
    windows = Windows(at, x.shape[2:], at.need("kernel_shape"))
    cells = []
    for plane in x.reshape(-1, *x.shape[2:]):
        for p in np.ndindex(*windows.out):
            places, padded = windows.taps(p)
            if not places:
                raise Refused("a window that lies in the padding")
            weight = weight_of(len(places), padded)
            cells.append(net.sum([(plane[to], weight) for _, to in places]))
    return shaped(cells, (*x.shape[:2], *windows.out))


def average_pool(net, at, x):
    with_pads = at.get("count_include_pad")
    return pool(net, at, x, lambda n, padded:
                Fraction(1, padded if with_pads else n))


def col2im(net, at, x, image, block):
    """Columns [N, C * places in a block, windows] added up to an image."""
    real(x)
    image, block = integers(image), integers(block)
    windows = Windows(at, image, block)
    if x.shape[1] % math.prod(block) or x.shape[2] != math.prod(windows.out):
        raise Refused("columns that do not fit the image")
    shape = (len(x), x.shape[1] // math.prod(block), *image)
    columns = x.reshape(*shape[:2], *block, *windows.out)
    terms = {p: [] for p in np.ndindex(*shape)}
    for p in np.ndindex(*windows.out):
        for k, to in windows.taps(p)[0]:
            for c in np.ndindex(*shape[:2]):
                terms[c + to].append((columns[c + k + p], ONE))
    return shaped([net.sum(t) for t in terms.values()], shape)


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


def behind_channels(x):
    """Axes behind the first two as one."""
    return x.reshape(*x.shape[:2], -1), x.shape[:2] + (1,) * (x.ndim - 2)


def global_average_pool(net, at, x):
    real(x)
    planes, shape = behind_channels(x)
    weight = Fraction(1, planes.shape[2])
    return shaped([net.sum([(e, weight) for e in plane])
                   for row in planes for plane in row], shape)


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
    "AveragePool": average_pool,
    "BatchNormalization": batch_normalization,
    "Col2Im": col2im,
    "Conv": conv,
    "ConvTranspose": conv_transpose,
    "CumSum": cum_sum,
    "DequantizeLinear": dequantize,
    "Div": both(quotient, truncated),
    "Einsum": einsum,
    "Gemm": gemm,
    "GlobalAveragePool": global_average_pool,
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
