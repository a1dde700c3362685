"""Operators of windows that slide over an input, which are sums: convolutions, means,
and what adds columns up."""
import math
from fractions import Fraction

import numpy as np

from sums import ONE, product
from tensors import Refused, integers, real, shaped


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

    def every(self):
        """The taps of all windows, in their order."""
        return [self.taps(p) for p in np.ndindex(*self.out)]

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
    cells, taps = [], windows.every()
    for row in x:
        for f in range(w.shape[0]):
            for places, _ in taps:
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
    cells, taps = [], windows.every()
    for plane in x.reshape(-1, *x.shape[2:]):
        for places, padded in taps:
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


def behind_channels(x):
    """Axes behind the first two as one."""
    return x.reshape(*x.shape[:2], -1), x.shape[:2] + (1,) * (x.ndim - 2)


def global_average_pool(net, at, x):
    real(x)
    planes, shape = behind_channels(x)
    weight = Fraction(1, planes.shape[2])
    return shaped([net.sum([(e, weight) for e in plane])
                   for row in planes for plane in row], shape)


OPERATORS = {
    "AveragePool": average_pool,
    "Col2Im": col2im,
    "Conv": conv,
    "ConvTranspose": conv_transpose,
    "GlobalAveragePool": global_average_pool,
}
