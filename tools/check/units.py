"""Operators with units: functions of one scalar, maxima and minima of several.  What
the units of each are, and in which order, docs/certificates.md says."""
import itertools
import math
from fractions import Fraction

import numpy as np

from sums import ONE, each, gemm, reduce_sum, reduced
from tensors import (Bent, Extremum, Refused, Scalar, axis_of, integers,
                     is_constant, is_whole, real, shaped, single, whole)
from windows import Windows, behind_channels, conv, pool

FLOAT_MAX = Fraction(float(np.finfo(np.float32).max))
ZERO = Fraction(0)


def bent(net, x, pieces_of):
    """A unit for each element; pieces_of(i): breakpoints, slopes, intercepts.
    Of constants it is the values."""
    real(x)
    flat = list(x.flat)
    if not is_constant(x):
        return net.units(x.shape, [
            lambda i=i, e=e: Bent(net.number(e), *pieces_of(i))
            for i, e in enumerate(flat)])
    cells = []
    for i, e in enumerate(flat):
        at, slope, intercept = pieces_of(i)
        p = sum(b < e for b in at)
        cells.append(net.sum([(e, slope[p])], intercept[p]))
    return shaped(cells, x.shape)


def bend(net, x, below, above=ONE):
    """Slope `below` below 0, `above` above."""
    return bent(net, x, lambda i: ([ZERO], [below, above], [ZERO, ZERO]))


def extremum(net, rows, shape, is_min=False):
    """The largest or smallest element of each row; minus infinity is never the
    largest one."""
    rows = [[e for e in row if is_min or not (isinstance(e, float) and
                                             e == -math.inf)] for row in rows]
    if not all(rows):
        raise Refused("a maximum of nothing")
    if any(isinstance(e, Scalar) for row in rows for e in row):
        return net.units(shape, [
            lambda row=row: Extremum([net.number(e) for e in row], is_min)
            for row in rows])
    return shaped([min(row) if is_min else max(row) for row in rows], shape)


def largest(is_min):
    def run(net, at, *operands):
        kinds = {is_whole(o) for o in operands}
        if len(kinds) > 1:
            raise Refused("integers and reals together")
        spread = np.broadcast_arrays(*operands)
        if len(spread) == 1:
            return operands[0]
        rows = list(zip(*(o.flat for o in spread)))
        if kinds == {True}:
            best = min if is_min else max
            return whole([int(best(row)) for row in rows], spread[0].shape,
                         operands[0].dtype)
        return extremum(net, rows, spread[0].shape, is_min)
    return run


def reduce_extremum(is_min):
    def run(net, at, x, axes=None):
        rows, shape = reduced(at, x, axes)
        if rows is None:
            return x
        if is_whole(x):
            return (rows.min(1) if is_min else rows.max(1)).reshape(shape)
        return extremum(net, rows, shape, is_min)
    return run


def max_pool(net, at, x):
    real(x)
    at.get("storage_order")     # is of the indices, which are not known here
    windows = Windows(at, x.shape[2:], at.need("kernel_shape"))
    taps = windows.every()
    rows = [[plane[to] for _, to in places]
            for plane in x.reshape(-1, *x.shape[2:]) for places, _ in taps]
    return extremum(net, rows, (*x.shape[:2], *windows.out))


def global_max_pool(net, at, x):
    real(x)
    planes, shape = behind_channels(x)
    return extremum(net, planes.reshape(-1, planes.shape[2]), shape)


# ---- sums of absolute values


def absolute(net, at, x):
    if is_whole(x):
        return whole([abs(int(v)) for v in x.flat], x.shape, x.dtype)
    return bend(net, x, -ONE)


def reduce_l1(net, at, x, axes=None):
    return reduce_sum(net, at, absolute(net, at, x), axes)


def need_power_one(at):
    if at.get("p", 2) != 1:
        raise Refused("a norm with another p than 1")


def lp_pool(net, at, x):
    need_power_one(at)
    return pool(net, at, bend(net, x, -ONE), lambda n, padded: ONE)


def global_lp_pool(net, at, x):
    need_power_one(at)
    planes, shape = behind_channels(bend(net, x, -ONE))
    return shaped([net.sum([(e, ONE) for e in plane])
                   for row in planes for plane in row], shape)


# ---- functions of one scalar


def leaky_relu(net, at, x):
    return bend(net, x, at.number("alpha", single("0.01")))


def prelu(net, at, x, slope):
    real(slope)
    if not is_constant(slope):
        raise Refused("slopes that depend on the input")
    slopes = list(np.broadcast_to(slope, x.shape).flat)
    return bent(net, x, lambda i: ([ZERO], [slopes[i], ONE], [ZERO, ZERO]))


def between(net, x, lo, hi):
    """min(max(x, lo), hi), where a bound is None for none."""
    if lo is not None and hi is not None and lo >= hi:
        return shaped([hi] * x.size, x.shape)
    at, slope, intercept = [], [ONE], [ZERO]
    if lo is not None:
        at, slope, intercept = [lo], [ZERO, ONE], [lo, ZERO]
    if hi is not None:
        at, slope, intercept = at + [hi], slope + [ZERO], intercept + [hi]
    return bent(net, x, lambda i: (at, slope, intercept)) if at else x


def clip(net, at, x, lo=None, hi=None):
    def bound(operand, name):
        value = operand.flat[0] if operand is not None else at.get(name)
        if isinstance(value, Scalar) or value != value:
            raise Refused("a bound that depends on the input, or is no number")
        # No float lies beyond: exporters write that for no bound.
        return None if value is None or abs(value) >= FLOAT_MAX else \
            Fraction(value)
    if is_whole(x):
        cells = [int(v) for v in x.flat]
        lo = cells if lo is None else [max(v, integers(lo)[0]) for v in cells]
        return whole(lo if hi is None else [min(v, integers(hi)[0])
                                            for v in lo], x.shape, x.dtype)
    real(lo, hi)
    return between(net, x, bound(lo, "min"), bound(hi, "max"))


def hard_sigmoid(net, at, x):
    """A falling line is read the other way round, so that pieces are numbered
    as what is read grows."""
    return hard_line(net, x, at.number("alpha", single("0.2")),
                     at.number("beta", 0.5))


def hard_line(net, x, alpha, beta):
    if alpha < 0:
        return bent(net, each(net, x, -alpha, -beta), lambda i: (
            [-ONE, ZERO], [ZERO, -ONE, ZERO], [ONE, ZERO, ZERO]))
    return between(net, each(net, x, alpha, beta), ZERO, ONE)


def shrink(net, at, x):
    lambd, bias = at.number("lambd", 0.5), at.number("bias", 0.0)
    if bias != (lambd if lambd >= 0 else 0):
        raise Refused("Shrink with a jump")
    if lambd <= 0:
        return x
    return bent(net, x, lambda i: ([-lambd, lambd], [ONE, ZERO, ONE],
                                   [lambd, ZERO, -lambd]))


def thresholded_relu(net, at, x):
    if at.number("alpha", 1.0) != 0:
        raise Refused("ThresholdedRelu with a jump")
    return bend(net, x, ZERO)


# ---- com.microsoft: an activation behind a product


def activated(net, x, name, numbers):
    """numbers: of the activation, None for those that are not stated."""
    a, b = (None if v is None else Fraction(float(v)) for v in numbers)
    if name == "Relu":
        return bend(net, x, ZERO)
    if name == "LeakyRelu":
        return bend(net, x, Fraction(single("0.01")) if a is None else a)
    if name == "HardSigmoid":
        return hard_line(net, x, Fraction(single("0.2")) if a is None else a,
                         Fraction(1, 2) if b is None else b)
    if name == "Clip" and None not in (a, b):
        return between(net, x, a, b)
    if name:
        raise Refused(f"the activation {name}")
    return x


def fused_gemm(net, at, a, b, c=None):
    name = at.get("activation", "")
    numbers = [at.get("activation_" + n) for n in ("alpha", "beta")]
    return activated(net, gemm(net, at, a, b, c), name, numbers)


def fused_conv(net, at, x, w, b=None, z=None):
    name, numbers = at.get("activation", ""), at.get("activation_params") or []
    if len(numbers) != {"": 0, "Relu": 0, "LeakyRelu": 1}.get(name, 2):
        raise Refused("another number of activation_params")
    result = conv(net, at, x, w, b)
    if z is not None:
        real(z)
        if z.shape != result.shape:
            raise Refused("a summand that does not fit")
        result = shaped([net.sum([(p, ONE), (q, ONE)])
                         for p, q in zip(result.flat, z.flat)], result.shape)
    return activated(net, result, name, [*numbers, None, None][:2])


# ---- sorts


def top_k(net, at, x, k=None):
    """The first k values in their order.  Of all n, or all but one: Batcher's
    network of maxima of two.  Of fewer: the differences of the largest sums of
    1, 2, ... k values."""
    real(x)
    k = at.get("k") if k is None else integers(k)[0]
    axis = axis_of(x, at.get("axis", -1))
    least = not at.get("largest", 1)
    at.get("sorted")        # in the order of the values, which no order allows
    rows = x.swapaxes(axis, -1)
    n, lead = rows.shape[-1], rows.shape[:-1]
    if not 1 <= k <= n:
        raise Refused(f"{k} of {n} values")
    rows = [list(row) for row in rows.reshape(-1, n)]
    if is_constant(x):
        return sorted_constants(x, rows, lead, k, axis, least)
    made = first_values(net, rows, k, least) if k + 1 < n else \
        all_values(net, rows, least)
    cells = [e for row in made for e in row[:k]]
    return shaped(cells, lead + (k,)).swapaxes(axis, -1)


def sorted_constants(x, rows, lead, k, axis, least):
    """(values, places); of equal ones the first comes first."""
    places = [sorted(range(len(row)), key=lambda i: row[i] if least else -row[i])
              for row in rows]
    values = [row[i] for row, order in zip(rows, places) for i in order[:k]]
    places = np.array([order[:k] for order in places], np.int64)
    return (shaped(values, lead + (k,)).swapaxes(axis, -1),
            places.reshape(lead + (k,)).swapaxes(axis, -1))


def first_values(net, rows, k, least):
    sums = [[net.sum([(e, ONE) for e in chosen]) if j > 1 else chosen[0]
             for chosen in itertools.combinations(row, j)]
            for row in rows for j in range(1, k + 1)]
    best = extremum(net, sums, (len(rows), k), least)
    return [[net.sum([(e, ONE)] + [(row[j - 1], -ONE)] * (j > 0))
             for j, e in enumerate(row)] for row in best]


def all_values(net, rows, least):
    n, p = len(rows[0]), 1
    while p < n:
        q = p
        while q >= 1:
            pairs = [(i, i + q) for j in range(q % p, n - q, 2 * q)
                     for i in range(j, min(j + q, n - q))
                     if i // (2 * p) == (i + q) // (2 * p)]
            duels = [[row[i], row[j]] for row in rows for i, j in pairs]
            if duels:
                won = list(extremum(net, duels, (len(duels),), least))
                for row, (i, j) in itertools.product(rows, pairs):
                    first = won.pop(0)
                    row[i], row[j] = first, net.sum(
                        [(row[i], ONE), (row[j], ONE), (first, -ONE)])
            q //= 2
        p *= 2
    return rows


# ---- recurrences


def rnn(net, at, x, w, r, b=None, lengths=None, start=None):
    """State t is f(W x_t + R state before + both biases); a step of units for
    each direction, row of the batch and entry of the sequence."""
    real(x, w, r, b, start)
    if not (is_constant(w) and is_constant(r) and
            (b is None or is_constant(b))):
        raise Refused("weights that depend on the input")
    batch_first, hidden = at.get("layout", 0), at.get("hidden_size")
    direction = at.choose("direction", "forward", "reverse", "bidirectional")
    n_ways = 2 if direction == "bidirectional" else 1
    x = x.swapaxes(0, 1) if batch_first else x
    start = start.swapaxes(0, 1) if batch_first and start is not None else start
    length, batch, _ = x.shape
    width = w.shape[1]
    steps = [length] * batch if lengths is None else integers(lengths)
    if hidden not in (None, width) or len(steps) != batch or \
            w.shape != (n_ways, width, x.shape[2]) or \
            r.shape != (n_ways, width, width) or \
            b is not None and b.shape != (n_ways, 2 * width) or \
            not all(0 <= s <= length for s in steps):
        raise Refused("sizes that do not fit")
    pieces = activations(at, n_ways)
    y = shaped([ZERO] * (length * n_ways * batch * width),
               (length, n_ways, batch, width))
    last = shaped([ZERO] * (n_ways * batch * width), (n_ways, batch, width))
    for d, row in itertools.product(range(n_ways), range(batch)):
        state = list(last[d, row] if start is None else start[d, row])
        order = list(range(steps[row]))
        if direction == "reverse" or d == 1:
            order.reverse()
        for t in order:
            lines = [net.sum([*zip(x[t, row], w[d, h]), *zip(state, r[d, h])],
                             ZERO if b is None else b[d, h] + b[d, width + h])
                     for h in range(width)]
            state = list(bent(net, shaped(lines, (width,)),
                              lambda i, d=d: pieces[d]))
            y[t, d, row] = state
        last[d, row] = state
    if batch_first:
        return y.transpose(2, 0, 1, 3), last.swapaxes(0, 1)
    return y, last


def activations(at, n_ways):
    """Breakpoints, slopes and intercepts for each direction."""
    names = [n.decode() for n in at.get("activations") or [b"Tanh"] * n_ways]
    alphas = [Fraction(float(a)) for a in at.get("activation_alpha") or []]
    most, found = at.number("clip", 0.0), []
    for name in names[:n_ways]:
        if name.lower() not in ("relu", "leakyrelu"):
            raise Refused(f"the activation {name}")
        slope = ZERO
        if name.lower() == "leakyrelu":
            slope = alphas.pop(0) if alphas else Fraction(single("0.01"))
        if most < 0 or len(names) < n_ways:
            raise Refused("a clip below 0, or an activation is missing")
        if most == 0:
            found.append(([ZERO], [slope, ONE], [ZERO, ZERO]))
        else:
            found.append(([-most, ZERO, most], [ZERO, slope, ONE, ZERO],
                          [-slope * most, ZERO, ZERO, most]))
    return found


OPERATORS = {
    "Abs": absolute,
    "Clip": clip,
    "GlobalLpPool": global_lp_pool,
    "GlobalMaxPool": global_max_pool,
    "HardSigmoid": hard_sigmoid,
    "LeakyRelu": leaky_relu,
    "LpPool": lp_pool,
    "Max": largest(False),
    "MaxPool": max_pool,
    "Min": largest(True),
    "PRelu": prelu,
    "RNN": rnn,
    "ReduceL1": reduce_l1,
    "ReduceMax": reduce_extremum(False),
    "ReduceMin": reduce_extremum(True),
    "Relu": lambda net, at, x: bend(net, x, ZERO),
    "Shrink": shrink,
    "ThresholdedRelu": thresholded_relu,
    "TopK": top_k,
    "com.microsoft.FusedConv": fused_conv,
    "com.microsoft.FusedGemm": fused_gemm,
}
