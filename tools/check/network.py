"""A network in an ONNX file as exact arithmetic: scalars that are sums of others,
piecewise-linear functions of one, or maxima of several.

Nothing here is shared with pleats; files are read by python3-onnx.  Numbers in a
file are taken as the rationals that they are, and the network computes with
rationals.  What is not listed in OPERATORS is refused.
"""
import hashlib
import math
from fractions import Fraction

import numpy as np
import onnx
from onnx import helper, numpy_helper

FLOAT_MAX = Fraction(float(np.finfo(np.float32).max))


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
    """An element of a tensor that depends on the input; constants are
    Fractions."""
    __slots__ = ("number",)

    def __init__(self, number):
        self.number = number


class Network:
    """Scalars 0 .. n_inputs - 1 are the input, the others have definitions
    rule[number - n_inputs].  steps: ranges of numbers that are units, one for
    each node of the graph that makes units, in the file's order."""

    def __init__(self, path):
        with open(path, "rb") as file:
            self.sha256 = hashlib.sha256(file.read()).hexdigest()
        self.rule, self.steps, self.n_inputs = [], [], 0
        try:
            graph = onnx.load(path).graph
        except Exception as error:
            raise Refused(f"{path}: no ONNX file: {error}") from error
        self.tensor = {t.name: exact(numpy_helper.to_array(t))
                       for t in graph.initializer}
        self.read_inputs(graph)
        for node in graph.node:
            self.run(node)

    @property
    def n_units(self):
        return sum(len(step) for step in self.steps)

    def read_inputs(self, graph):
        inputs = [i for i in graph.input if i.name not in self.tensor]
        for i in inputs:
            dims = [d.dim_value or 1 for d in i.type.tensor_type.shape.dim]
            if dims and dims[0] != 1:
                raise Refused(f"input {i.name}: a batch of {dims[0]}")
            n = math.prod(dims)
            cells = [Scalar(self.n_inputs + j) for j in range(n)]
            self.tensor[i.name] = shaped(cells, dims)
            self.n_inputs += n

    def run(self, node):
        if node.op_type not in OPERATORS or node.domain not in ("", "ai.onnx"):
            raise Refused(f"node {node.name}: operator {node.op_type} is not "
                          "known here")
        attributes = {a.name: helper.get_attribute_value(a)
                      for a in node.attribute}
        operands = [self.tensor[i] if i else None for i in node.input]
        result = OPERATORS[node.op_type](self, attributes, *operands)
        if not isinstance(result, (list, tuple)):
            result = [result]
        for name, value in zip(node.output, result):
            self.tensor[name] = value

    # ---- scalars

    def add(self, rule):
        self.rule.append(rule)
        return Scalar(self.n_inputs + len(self.rule) - 1)

    def sum(self, terms, bias=Fraction(0)):
        """The element bias + sum of weight * element."""
        sums = {}
        for element, weight in terms:
            if isinstance(element, Scalar):
                sums[element.number] = sums.get(element.number, 0) + weight
            else:
                bias += element * weight
        sums = [(i, w) for i, w in sums.items() if w]
        return self.add(Affine(sums, bias)) if sums else bias

    def number(self, element):
        """Number of the scalar that an element is; constants get one."""
        if not isinstance(element, Scalar):
            element = self.add(Affine([], element))
        return element.number

    def units(self, x, rule_of):
        """Units, one for each element of x: the rule of element i is
        rule_of(i)."""
        if not any(isinstance(e, Scalar) for e in x.flat):
            raise Refused("a piecewise-linear function of constants")
        rules = [rule_of(i) for i in range(x.size)]
        first = self.n_inputs + len(self.rule)
        cells = [self.add(rule) for rule in rules]
        self.steps.append(range(first, first + len(cells)))
        return shaped(cells, x.shape)

    def bent(self, x, at, slope, intercept):
        flat = list(x.flat)
        return self.units(x, lambda i: Bent(self.number(flat[i]), at, slope,
                                            intercept))


def shaped(cells, shape):
    result = np.empty(len(cells), object)
    result[:] = cells
    return result.reshape(shape)


def exact(array):
    """An array of numbers as Fractions; of integers as they are."""
    if array.dtype.kind in "iub":
        return array
    if not np.isfinite(array).all():
        raise Refused("a parameter is not finite")
    return shaped([Fraction(float(v)) for v in array.flat], array.shape)


def is_constant(x):
    return x.dtype.kind in "iub" or not any(isinstance(e, Scalar)
                                            for e in x.flat)


def integers(x):
    return [int(v) for v in np.asarray(x).flat]


# ---- operators: (network, attributes, operands...) -> tensor or tensors


def both(combine):
    """An operator of two operands, element by element."""
    def run(net, attributes, a, b):
        if a.dtype.kind in "iub" and b.dtype.kind in "iub":
            raise Refused("arithmetic of integers")
        a, b = np.broadcast_arrays(a, b)
        return shaped([combine(net, p, q) for p, q in zip(a.flat, b.flat)],
                      a.shape)
    return run


def times(net, a, b):
    if isinstance(a, Scalar):
        a, b = b, a
    if isinstance(a, Scalar):
        raise Refused("a product of two variables")
    return net.sum([(b, Fraction(a))])


def quotient(net, a, b):
    if isinstance(b, Scalar) or b == 0:
        raise Refused("a division by a variable, or by 0")
    return net.sum([(a, 1 / Fraction(b))])


def matmul(net, attributes, a, b):
    if a.ndim < 1 or b.ndim != 2:
        raise Refused("MatMul with a batch of matrices")
    rows = a.reshape(-1, a.shape[-1])
    if not is_constant(b):
        raise Refused("MatMul of two variables, or with a constant first")
    cells = [net.sum(list(zip(row, column))) for row in rows for column in b.T]
    return shaped(cells, a.shape[:-1] + (b.shape[1],))


def gemm(net, attributes, a, b, c=None):
    alpha = Fraction(attributes.get("alpha", 1.0))
    beta = Fraction(attributes.get("beta", 1.0))
    a = a.T if attributes.get("transA") else a
    b = b.T if attributes.get("transB") else b
    shape = (a.shape[0], b.shape[1])
    c = np.broadcast_to(shaped([Fraction(0)], (1,)) if c is None else c, shape)
    cells = [net.sum([(x, alpha * w) for x, w in zip(a[i], b[:, j])] +
                     [(c[i, j], beta)])
             for i in range(shape[0]) for j in range(shape[1])]
    return shaped(cells, shape)


def window(attributes, sizes, kernel):
    """(padding in front of each axis, steps, dilations, outputs)."""
    n = len(sizes)
    if attributes.get("auto_pad", b"NOTSET") not in (b"NOTSET", b"VALID") or \
            attributes.get("ceil_mode"):
        raise Refused("auto_pad or ceil_mode")
    pads = list(attributes.get("pads", [0] * 2 * n))
    step = list(attributes.get("strides", [1] * n))
    apart = list(attributes.get("dilations", [1] * n))
    out = [(sizes[k] + pads[k] + pads[n + k] - apart[k] * (kernel[k] - 1) - 1) //
           step[k] + 1 for k in range(n)]
    return pads[:n], step, apart, out


def taps(position, pads, step, apart, kernel, sizes):
    """[(place in the kernel, place in the input)] of a window."""
    found = []
    for k in np.ndindex(*kernel):
        x = tuple(position[i] * step[i] - pads[i] + k[i] * apart[i]
                  for i in range(len(k)))
        if all(0 <= x[i] < sizes[i] for i in range(len(x))):
            found.append((k, x))
    return found


def conv(net, attributes, x, w, b=None):
    groups = attributes.get("group", 1)
    sizes, kernel = x.shape[2:], w.shape[2:]
    pads, step, apart, out = window(attributes, sizes, kernel)
    inside, per = w.shape[1], w.shape[0] // groups
    cells = []
    for f in range(w.shape[0]):
        for p in np.ndindex(*out):
            places = taps(p, pads, step, apart, kernel, sizes)
            terms = [(x[(0, f // per * inside + c) + at], w[(f, c) + k])
                     for c in range(inside) for k, at in places]
            cells.append(net.sum(terms, b[f] if b is not None else Fraction(0)))
    return shaped(cells, (1, w.shape[0], *out))


def max_pool(net, attributes, x):
    kernel = list(attributes["kernel_shape"])
    pads, step, apart, out = window(attributes, x.shape[2:], kernel)
    windows = [[net.number(x[(0, c) + at]) for _, at in
                taps(p, pads, step, apart, kernel, x.shape[2:])]
               for c in range(x.shape[1]) for p in np.ndindex(*out)]
    shape = (1, x.shape[1], *out)
    like = shaped([Scalar(w[0]) for w in windows], shape)
    return net.units(like, lambda i: Extremum(windows[i], False))


def average_pool(net, attributes, x):
    kernel = list(attributes["kernel_shape"])
    pads, step, apart, out = window(attributes, x.shape[2:], kernel)
    cells = []
    for c in range(x.shape[1]):
        for p in np.ndindex(*out):
            places = taps(p, pads, step, apart, kernel, x.shape[2:])
            n = math.prod(kernel) if attributes.get("count_include_pad") else \
                len(places)
            cells.append(net.sum([(x[(0, c) + at], Fraction(1, n))
                                  for _, at in places]))
    return shaped(cells, (1, x.shape[1], *out))


def global_average_pool(net, attributes, x):
    return reduce_mean(net, {"axes": list(range(2, x.ndim))}, x)


def reduce_mean(net, attributes, x, axes=None):
    axes = [a % x.ndim for a in (attributes.get("axes") or (
        integers(axes) if axes is not None else range(x.ndim)))]
    kept = [a for a in range(x.ndim) if a not in axes]
    rows = x.transpose(kept + axes).reshape(
        math.prod(x.shape[a] for a in kept), -1)
    cells = [net.sum([(e, Fraction(1, len(row))) for e in row]) for row in rows]
    shape = [1 if a in axes else x.shape[a] for a in range(x.ndim)]
    if not attributes.get("keepdims", 1):
        shape = [x.shape[a] for a in kept]
    return shaped(cells, shape)


def extremum(is_min):
    def run(net, attributes, *operands):
        operands = np.broadcast_arrays(*operands)
        if len(operands) == 1:
            return operands[0]
        rows = [[net.number(x) for x in cells]
                for cells in zip(*(o.flat for o in operands))]
        like = shaped([Scalar(row[0]) for row in rows], operands[0].shape)
        return net.units(like, lambda i: Extremum(rows[i], is_min))
    return run


def relu(net, attributes, x):
    return net.bent(x, [Fraction(0)], [0, 1], [0, 0])


def absolute(net, attributes, x):
    return net.bent(x, [Fraction(0)], [-1, 1], [0, 0])


def leaky_relu(net, attributes, x):
    slope = Fraction(float(attributes.get("alpha", np.float32(0.01))))
    return net.bent(x, [Fraction(0)], [slope, 1], [0, 0])


def prelu(net, attributes, x, slope):
    slopes, flat = list(np.broadcast_to(slope, x.shape).flat), list(x.flat)
    return net.units(x, lambda i: Bent(net.number(flat[i]), [Fraction(0)],
                                       [slopes[i], 1], [0, 0]))


def between(net, x, lo, hi):
    """min(max(x, lo), hi), where a bound is None for none."""
    if lo is not None and hi is not None and lo >= hi:
        return shaped([hi] * x.size, x.shape)
    at, slope, intercept = [], [1], [0]
    if lo is not None:
        at, slope, intercept = [lo], [0, 1], [lo, 0]
    if hi is not None:
        at, slope = at + [hi], slope + [0]
        intercept = intercept + [hi]
    return net.bent(x, at, slope, intercept) if at else x


def clip(net, attributes, x, lo=None, hi=None):
    def bound(operand, name):
        value = operand.flat[0] if operand is not None else attributes.get(name)
        value = None if value is None else Fraction(value)
        return None if value is None or abs(value) >= FLOAT_MAX else value
    return between(net, x, bound(lo, "min"), bound(hi, "max"))


def hard_sigmoid(net, attributes, x):
    alpha = Fraction(float(attributes.get("alpha", np.float32(0.2))))
    beta = Fraction(float(attributes.get("beta", 0.5)))
    if alpha < 0:
        raise Refused("HardSigmoid with a falling line")
    cells = [net.sum([(e, alpha)], beta) for e in x.flat]
    return between(net, shaped(cells, x.shape), Fraction(0), Fraction(1))


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


def batch_normalization(net, attributes, x, scale, bias, mean, variance):
    """gamma / sqrt(variance + epsilon) may be irrational: it is the double
    nearest to that, and this double is then exact."""
    if attributes.get("training_mode"):
        raise Refused("BatchNormalization in training mode")
    epsilon = Fraction(float(attributes.get("epsilon", np.float32(1e-5))))
    cells = []
    for c, row in enumerate(x.reshape(x.shape[1], -1)):
        size = scale[c] ** 2 / (variance[c] + epsilon)
        factor = nearest_root(size) if size else Fraction(0)
        factor = -factor if scale[c] < 0 else factor
        cells += [net.sum([(e, factor)], bias[c] - mean[c] * factor)
                  for e in row]
    return shaped(cells, x.shape)


def reshape(net, attributes, x, shape=None):
    shape = integers(shape) if shape is not None else list(attributes["shape"])
    if not attributes.get("allowzero"):
        shape = [x.shape[i] if s == 0 else s for i, s in enumerate(shape)]
    return x.reshape(shape)


def flatten(net, attributes, x):
    axis = attributes.get("axis", 1) % (x.ndim + 1)
    return x.reshape(math.prod(x.shape[:axis]), -1)


def transpose(net, attributes, x):
    return x.transpose(attributes.get("perm") or None)


def squeeze(net, attributes, x, axes=None):
    axes = attributes.get("axes") or (
        integers(axes) if axes is not None else
        [a for a, s in enumerate(x.shape) if s == 1])
    return x.squeeze(tuple(axes))


def unsqueeze(net, attributes, x, axes=None):
    axes = attributes.get("axes") or integers(axes)
    return np.expand_dims(x, tuple(axes))


def concat(net, attributes, *operands):
    return np.concatenate([o.astype(object) for o in operands],
                          attributes["axis"])


def slices(net, attributes, x, starts=None, ends=None, axes=None, steps=None):
    starts = integers(starts) if starts is not None else attributes["starts"]
    ends = integers(ends) if ends is not None else attributes["ends"]
    axes = integers(axes) if axes is not None else attributes.get(
        "axes", range(len(starts)))
    steps = integers(steps) if steps is not None else [1] * len(starts)
    for start, end, axis, step in zip(starts, ends, axes, steps):
        if step < 0 and end < -x.shape[axis]:
            end = None
        x = x[(slice(None),) * (axis % x.ndim) + (slice(start, end, step),)]
    return x


def split(net, attributes, x, sizes=None):
    sizes = integers(sizes) if sizes is not None else attributes.get("split")
    if sizes is None:
        raise Refused("Split without sizes")
    return np.split(x, np.cumsum(sizes)[:-1], attributes.get("axis", 0))


def pad(net, attributes, x, pads=None, value=None):
    if attributes.get("mode", b"constant") != b"constant":
        raise Refused("Pad by other values than a constant")
    pads = integers(pads) if pads is not None else attributes["pads"]
    value = value.flat[0] if value is not None and value.size else \
        Fraction(float(attributes.get("value", 0.0)))
    if any(p < 0 for p in pads):
        raise Refused("Pad with a negative size")
    shape = [s + a + b for s, a, b in zip(x.shape, pads, pads[x.ndim:])]
    result = shaped([value] * math.prod(shape), shape)
    result[tuple(slice(a, a + s) for a, s in zip(pads, x.shape))] = x
    return result


def cast(net, attributes, x):
    """Between floats, or between integers; the network computes with reals, and
    constants must be of the wanted sort."""
    is_float = attributes["to"] in (1, 10, 11, 16)
    if is_float == (x.dtype.kind in "iub"):
        raise Refused("Cast between floats and integers")
    if attributes["to"] != 11 and is_constant(x) and is_float:
        raise Refused("Cast of constants to floats")
    return x


def constant_of_shape(net, attributes, shape):
    value = exact(numpy_helper.to_array(attributes["value"])) \
        if "value" in attributes else shaped([Fraction(0)], (1,))
    return np.full(integers(shape), value.flat[0], value.dtype)


def gather(net, attributes, x, places):
    return np.take(x, places, attributes.get("axis", 0))


def constant(net, attributes):
    if "value" not in attributes:
        raise Refused("Constant without a tensor")
    return exact(numpy_helper.to_array(attributes["value"]))


def same(net, attributes, x, *rest):
    return x


OPERATORS = {
    "Abs": absolute,
    "Add": both(lambda net, a, b: net.sum([(a, Fraction(1)), (b, Fraction(1))])),
    "AveragePool": average_pool,
    "BatchNormalization": batch_normalization,
    "Cast": cast,
    "Clip": clip,
    "Concat": concat,
    "Constant": constant,
    "ConstantOfShape": constant_of_shape,
    "Conv": conv,
    "Div": both(quotient),
    "Dropout": same,
    "Flatten": flatten,
    "Gather": gather,
    "Gemm": gemm,
    "GlobalAveragePool": global_average_pool,
    "HardSigmoid": hard_sigmoid,
    "Identity": same,
    "LeakyRelu": leaky_relu,
    "MatMul": matmul,
    "Max": extremum(False),
    "MaxPool": max_pool,
    "Min": extremum(True),
    "Mul": both(times),
    "Neg": lambda net, attributes, x: shaped(
        [net.sum([(e, Fraction(-1))]) for e in x.flat], x.shape),
    "PRelu": prelu,
    "Pad": pad,
    "ReduceMean": reduce_mean,
    "Relu": relu,
    "Reshape": reshape,
    "Shape": lambda net, attributes, x: np.array(x.shape, np.int64),
    "Slice": slices,
    "Split": split,
    "Squeeze": squeeze,
    "Sub": both(lambda net, a, b: net.sum([(a, Fraction(1)),
                                           (b, Fraction(-1))])),
    "Transpose": transpose,
    "Unsqueeze": unsqueeze,
}


# ---- the plain text of a network, which the checker in C reads


def dump(net):
    """Lines of docs/certificates.md, "The network as text"."""
    lines = ["pleats-network/1", f"model {net.sha256}",
             f"inputs {net.n_inputs}", f"scalars {len(net.rule)}"]
    begins = {step.start: len(step) for step in net.steps}
    for i, rule in enumerate(net.rule):
        if net.n_inputs + i in begins:
            lines.append(f"units {begins[net.n_inputs + i]}")
        lines.append(rule_line(rule))
    return "\n".join(lines + ["end", ""])


def rule_line(rule):
    if isinstance(rule, Affine):
        terms = [f"{s} {w}" for s, w in rule.terms]
        return " ".join(["a", str(rule.bias), str(len(terms)), *terms])
    if isinstance(rule, Bent):
        pieces = [f"{s} {c}" for s, c in zip(rule.slope, rule.intercept)]
        return " ".join(["b", str(rule.scalar), str(len(rule.at)),
                         *map(str, rule.at), *pieces])
    return " ".join(["n" if rule.is_min else "m", str(len(rule.scalars)),
                     *map(str, rule.scalars)])
