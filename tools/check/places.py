"""Operators whose weights come from places: interpolation between entries, and
entries that are written to."""
import itertools
import math
from fractions import Fraction

import numpy as np

from moves import inside
from sums import ONE, product
from tensors import (Refused, axis_of, integers, is_constant, is_whole, real,
                     shaped)
from units import extremum

HALF = Fraction(1, 2)
ROUNDINGS = {
    "round_prefer_floor": lambda x: math.ceil(x - HALF),
    "round_prefer_ceil": lambda x: math.floor(x + HALF),
    "floor": math.floor,
    "ceil": math.ceil,
    "even": round,
}


def kernel(mode, a, x):
    """The weight of an entry at distance x."""
    x = abs(x)
    if mode == "linear":
        return max(1 - x, Fraction(0))
    if x <= 1:
        return (a + 2) * x ** 3 - (a + 3) * x ** 2 + 1
    return a * (x ** 3 - 5 * x ** 2 + 8 * x - 4) if x < 2 else Fraction(0)


def around(mode, a, x, squeeze=ONE):
    """[(entry, weight)] of position x; entries may be outside of the axis."""
    wide = (1 if mode == "linear" else 2) / squeeze
    return [(i, kernel(mode, a, (i - x) * squeeze)) for i in
            range(math.ceil(x - wide), math.floor(x + wide) + 1)]


def mixed(net, x, taps, lead):
    """The sum over one [(entry, weight)] for each axis behind `lead`; entry None
    is 0."""
    terms = []
    for chosen in itertools.product(*taps):
        places = tuple(i for i, _ in chosen)
        if None not in places:
            terms.append((x[lead + places], math.prod(w for _, w in chosen)))
    return net.sum(terms)


# ---- Resize


def position(how, j, n, out, scale, roi):
    """Where entry j of the result lies on an axis of n entries."""
    half = (j + HALF) / scale - HALF
    if how == "half_pixel" or how == "pytorch_half_pixel" and out > 1:
        return half
    if how == "half_pixel_symmetric":
        return half + Fraction(n, 2) * (1 - out / (n * scale))
    if how == "tf_half_pixel_for_nn":
        return (j + HALF) / scale
    if how == "asymmetric":
        return j / scale
    if how == "align_corners":
        return Fraction(j * (n - 1), out - 1) if out > 1 else Fraction(0)
    if how == "tf_crop_and_resize":
        part = Fraction(j, out - 1) if out > 1 else HALF
        return (n - 1) * (roi[0] + part * (roi[1] - roi[0]))
    return Fraction(0)      # pytorch_half_pixel of one entry


class Resampling:
    def __init__(self, at):
        old = at.opset < 11
        self.mode = at.choose("mode", "nearest", "linear", "cubic")
        self.how = at.choose(
            "coordinate_transformation_mode",
            *(["asymmetric"] if old else []), "half_pixel", "asymmetric",
            "pytorch_half_pixel", "half_pixel_symmetric",
            "tf_half_pixel_for_nn", "align_corners", "tf_crop_and_resize")
        self.rounding = at.choose(
            "nearest_mode", *(["floor"] if old else []), "round_prefer_floor",
            "round_prefer_ceil", "floor", "ceil")
        self.antialias = at.get("antialias", 0)
        self.exclude = at.get("exclude_outside", 0)
        self.a = at.number("cubic_coeff_a", -0.75)
        self.beyond = at.number("extrapolation_value", 0.0)

    def taps(self, j, n, out, scale, roi):
        """[(entry, weight)] of entry j; None: the extrapolation value."""
        if out == n and scale == 1 and self.how != "tf_crop_and_resize":
            return [(j, ONE)]
        x = position(self.how, j, n, out, scale, roi)
        if self.how == "tf_crop_and_resize" and not 0 <= x <= n - 1:
            return None
        if self.mode == "nearest":
            return [(min(max(ROUNDINGS[self.rounding](x), 0), n - 1), ONE)]
        smooth = self.antialias and scale < 1
        found = around(self.mode, self.a, x, scale if smooth else ONE)
        if self.exclude:
            found = [(i, w) for i, w in found if 0 <= i < n]
        total = sum(w for _, w in found)
        if total == 0:
            raise Refused("weights that add up to 0")
        if not smooth and not self.exclude:
            total = ONE
        return [(min(max(i, 0), n - 1), w / total) for i, w in found]


def constant_reals(x):
    if is_whole(x) or not is_constant(x) or any(isinstance(e, float)
                                                for e in x.flat):
        raise Refused("scales or places that are no constant numbers")
    return list(x.flat)


def size_of(n, scale):
    """floor(n * scale); where floats make it another number it is not clear."""
    out = math.floor(n * scale)
    if out != math.floor(np.float32(n) * np.float32(float(scale))) or out < 1:
        raise Refused("a size that depends on how scales are rounded, or 0")
    return out


def kept_aspect(policy, sizes, scales):
    if policy == "stretch":
        return sizes, scales
    scale = (min if policy == "not_larger" else max)(scales)
    return [math.floor(scale * n / s + HALF) for n, s in
            zip(sizes, scales)], [scale] * len(sizes)


def resize(net, at, x, *operands):
    """Operands: scales until opset 10, then roi, scales, sizes."""
    operands = list(operands) + [None] * 3
    roi, scales, sizes = (None, operands[0], None) if at.opset < 11 else \
        operands[:3]
    how = Resampling(at)
    axes = [axis_of(x, a) for a in at.get("axes") or range(x.ndim)]
    policy = at.choose("keep_aspect_ratio_policy", "stretch", "not_larger",
                       "not_smaller")
    n = [x.shape[a] for a in axes]
    if sizes is not None and sizes.size:
        out = integers(sizes)
        scales = [Fraction(o, k) for o, k in zip(out, n)]
        if policy != "stretch":
            out, scales = kept_aspect(policy, out, scales)
    else:
        scales = [Fraction(s) for s in at.need("scales")] if at.opset < 9 else \
            constant_reals(scales)
        if how.how == "tf_crop_and_resize":
            raise Refused("tf_crop_and_resize with scales")
        out = [size_of(k, s) for k, s in zip(n, scales)]
    if len(out) != len(axes) or len(scales) != len(axes) or min(out) < 1:
        raise Refused("sizes or scales that do not fit the axes")
    ends = [None] * len(axes)
    if how.how == "tf_crop_and_resize":
        roi = constant_reals(roi)
        ends = list(zip(roi[:len(axes)], roi[len(axes):]))
    of_axis = dict(zip(axes, zip(n, out, scales, ends)))
    taps = [[how.taps(j, *of_axis[a]) for j in range(of_axis[a][1])]
            if a in of_axis else [[(j, ONE)] for j in range(x.shape[a])]
            for a in range(x.ndim)]
    if how.mode == "nearest" and how.how != "tf_crop_and_resize":
        for a, chosen in enumerate(taps):
            x = x.take([t[0][0] for t in chosen], a)
        return x
    real(x)
    cells = [how.beyond if None in chosen else mixed(net, x, chosen, ())
             for chosen in itertools.product(*taps)]
    return shaped(cells, [len(t) for t in taps])


# ---- GridSample, AffineGrid


def sampled(at):
    """(mode, padding, whether -1 and 1 are the middles of the last pixels)."""
    words = ("linear", "nearest", "cubic", "bilinear", "bicubic")
    mode = at.choose("mode", *words).removeprefix("bi")
    return mode, at.choose("padding_mode", "zeros", "border", "reflection"), \
        at.get("align_corners", 0)


def reflected(x, low, high):
    """x between low and high, reflected there."""
    if low == high:
        return low
    turns, rest = divmod(x - low, high - low)
    return low + (high - low - rest if turns % 2 else rest)


def sample_taps(mode, padding, corners, g, n):
    """[(entry, weight)] of the grid's number g on an axis of n pixels."""
    x = (g + 1) * Fraction(n - 1 if corners else n, 2) - (0 if corners else HALF)
    low, high = (Fraction(0), Fraction(n - 1)) if corners else \
        (-HALF, n - HALF)
    if padding == "reflection" and mode != "cubic":
        x = reflected(x, low, high)
    if padding == "border" and mode != "cubic":
        x = min(max(x, Fraction(0)), Fraction(n - 1))
    found = [(round(x), ONE)] if mode == "nearest" else \
        around(mode, Fraction(-3, 4), x)

    def entry(i):
        if 0 <= i < n:
            return i
        if padding == "reflection":
            i = math.floor(reflected(Fraction(i), low, high))
        return None if padding == "zeros" else min(max(i, 0), n - 1)
    return [(entry(i), w) for i, w in found]


def grid_sample(net, at, x, grid):
    real(x)
    how, n = sampled(at), x.ndim - 2
    constant_reals(grid)
    if grid.ndim != n + 2 or grid.shape[-1] != n or len(grid) != len(x):
        raise Refused("a grid that does not fit")
    shape = (*x.shape[:2], *grid.shape[1:-1])
    cells = []
    for p in np.ndindex(*shape):
        g = grid[(p[0],) + p[2:]]   # x, y, z: the last axis first
        taps = [sample_taps(*how, g[n - 1 - k], x.shape[2 + k])
                for k in range(n)]
        cells.append(mixed(net, x, taps, p[:2]))
    return shaped(cells, shape)


def affine_grid(net, at, theta, size):
    """Rows of matrices times (x, y, 1) or (x, y, z, 1) of each pixel."""
    real(theta)
    size, corners = integers(size), at.get("align_corners", 0)
    n = len(size) - 2
    if theta.shape != (size[0], n, n + 1) or corners and 1 in size[2:]:
        raise Refused("matrices that do not fit, or one pixel between corners")

    def place(i, m):
        return Fraction(2 * i - m + 1, m - 1 if corners else m)
    cells = []
    shape = (size[0], *size[2:], n)
    for p in np.ndindex(*shape):
        at_pixel = [place(p[1 + k], size[2 + k]) for k in reversed(range(n))]
        cells.append(net.sum(list(zip(theta[p[0], p[-1]], at_pixel + [ONE]))))
    return shaped(cells, shape)


# ---- writing to places


def scatter(net, at, x, places, updates):
    """places: the element of x that each update is written to; several are
    combined, and the last one is the first candidate of an extremum."""
    how = at.choose("reduction", "none", "add", "mul", "max", "min")
    if is_whole(x) != is_whole(updates):
        raise Refused("integers and reals together")
    groups = {}
    for p, u in zip(places, updates.flat):
        groups.setdefault(p, []).insert(0, u)
    result = x.copy()
    if how == "none":
        if any(len(g) > 1 for g in groups.values()):
            raise Refused("two updates of one place")
        for p, group in groups.items():
            result[p] = group[0]
        return result
    real(x)
    order = sorted(groups)
    if how in ("max", "min"):
        made = extremum(net, [[x[p], *groups[p]] for p in order],
                        (len(order),), how == "min")
        for p, e in zip(order, made):
            result[p] = e
        return result
    for p in order:
        if how == "add":
            result[p] = net.sum([(e, ONE) for e in [x[p], *groups[p]]])
        for u in groups[p] if how == "mul" else []:
            result[p] = net.sum([product(result[p], u)])
    return result


def scatter_elements(net, at, x, places, updates):
    axis = axis_of(x, at.get("axis", 0))
    if places.shape != updates.shape or places.ndim != x.ndim:
        raise Refused("indices that do not fit the updates")
    along = list(np.indices(places.shape))
    along[axis] = inside(places, x.shape[axis])
    return scatter(net, at, x, list(zip(*(a.flat for a in along))), updates)


def scatter_nd(net, at, x, places, updates):
    q = places.shape[-1]
    if q < 1 or updates.shape != places.shape[:-1] + x.shape[q:]:
        raise Refused("indices that do not fit the updates")
    starts = inside(places, x.shape[:q]).reshape(-1, q)
    found = [tuple(s) + rest for s in starts
             for rest in np.ndindex(*x.shape[q:])]
    return scatter(net, at, x, found, updates)


OPERATORS = {
    "AffineGrid": affine_grid,
    "GridSample": grid_sample,
    "Resize": resize,
    "Scatter": scatter_elements,
    "ScatterElements": scatter_elements,
    "ScatterND": scatter_nd,
    "Upsample": resize,
}
