"""Operators that move, repeat and choose elements, whatever they are, or say how
many there are.  Each is (network, attributes, operands ...) -> a tensor, a list of
tensors (a sequence), or a tuple, one for each output."""
import math
from fractions import Fraction

import numpy as np

from tensors import Refused, axis_of, integers, is_whole

LOWEST = -Fraction(float(np.finfo(np.float32).max))


def joined(operands, join):
    """join(operands), which are all integers or all reals."""
    if len({is_whole(o) for o in operands}) > 1:
        raise Refused("integers and reals together")
    return join(operands)


def inside(places, sizes):
    """Indices, of which negative ones count from the end."""
    if not is_whole(places):
        raise Refused("indices that are no integers")
    places, sizes = np.asarray(places, object), np.asarray(sizes, object)
    if not ((-sizes <= places) & (places < sizes)).all():
        raise Refused("an index is out of range")
    return np.where(places < 0, places + sizes, places).astype(int)


def reshape(net, at, x, shape):
    shape = integers(shape)
    if min(shape, default=0) < -1:
        raise Refused("a size below -1")
    if not at.get("allowzero"):
        shape = [x.shape[i] if s == 0 else s for i, s in enumerate(shape)]
    elif 0 in shape and -1 in shape:
        raise Refused("a shape with 0 and -1")
    return x.reshape(shape)


def flatten(net, at, x):
    axis = at.get("axis", 1)
    if not -x.ndim <= axis <= x.ndim:
        raise Refused(f"axis {axis} of a tensor of {x.ndim} axes")
    axis = axis + x.ndim if axis < 0 else axis
    return x.reshape(math.prod(x.shape[:axis]), math.prod(x.shape[axis:]))


def transpose(net, at, x):
    return x.transpose(at.get("perm"))


def squeeze(net, at, x, axes=None):
    axes = at.integers("axes", axes)
    if axes is None:
        axes = [a for a, s in enumerate(x.shape) if s == 1]
    return x.squeeze(tuple(axes))


def unsqueeze(net, at, x, axes=None):
    return np.expand_dims(x, tuple(at.integers("axes", axes)))


def concat(net, at, *operands):
    axis = at.need("axis")
    return joined(operands, lambda all: np.concatenate(all, axis))


def slices(net, at, x, starts=None, ends=None, axes=None, steps=None):
    starts, ends = at.integers("starts", starts), at.integers("ends", ends)
    axes = at.integers("axes", axes) or list(range(len(starts)))
    steps = integers(steps) if steps is not None else [1] * len(starts)
    if not len(starts) == len(ends) == len(axes) == len(steps):
        raise Refused("starts, ends, axes and steps differ in length")
    chosen = [slice(None)] * x.ndim
    for start, end, axis, step in zip(starts, ends, axes, steps):
        axis = axis_of(x, axis)
        if chosen[axis] != slice(None):
            raise Refused("an axis is named twice")
        n = x.shape[axis]
        if step < 0:
            # Python's slices say with None that a falling one ends at entry 0.
            start = max(start + n if start < 0 else start, -1)
            end = end + n if end < 0 else end
            start, end = (start, None if end < 0 else end) if start >= 0 else \
                (0, 0)
        chosen[axis] = slice(start, end, step)
    return x[tuple(chosen)]


def sizes_of_parts(n, parts):
    """n entries in so many parts, all alike but a smaller last one."""
    each = -(-n // parts)
    sizes = [each] * (n // each) if each else [0] * parts
    sizes += [n - sum(sizes)] if sum(sizes) < n else []
    return sizes


def split(net, at, x, sizes=None):
    axis, sizes = axis_of(x, at.get("axis", 0)), at.integers("split", sizes)
    n, parts = x.shape[axis], at.get("num_outputs", at.n_outputs)
    if sizes is None:
        if at.opset < 18 and n % parts:
            raise Refused(f"{n} entries are no {parts} equal parts")
        sizes = sizes_of_parts(n, parts)
    if len(sizes) != parts or sum(sizes) != n or min(sizes) < 0:
        raise Refused(f"{n} entries are not split into {sizes}")
    return tuple(np.split(x, np.cumsum(sizes)[:-1], axis))


SOURCE = {      # which of n entries stands at place j outside of them
    "edge": lambda j, n: min(max(j, 0), n - 1),
    "wrap": lambda j, n: j % n,
    "reflect": lambda j, n: (n - 1 - abs(j % (2 * n - 2) - (n - 1)))
               if n > 1 else 0,
}


def pad(net, at, x, pads=None, value=None, axes=None):
    mode = at.choose("mode", "constant", "reflect", "edge", "wrap")
    pads = at.integers("pads", pads)
    axes = range(x.ndim) if axes is None else [axis_of(x, a)
                                               for a in integers(axes)]
    default = at.get("value", 0.0)
    if len(pads) != 2 * len(axes) or len(set(axes)) < len(axes):
        raise Refused("pads do not fit the axes")
    result = x
    for axis, lo, hi in zip(axes, pads, pads[len(axes):]):
        n = x.shape[axis]
        if mode == "reflect" and max(lo, hi) >= max(n, 1):
            raise Refused("an axis is too short to be reflected")
        kept = np.arange(max(-lo, 0), n - max(-hi, 0))
        if mode == "constant":
            fill = filling(x, default, value)
            shape = list(result.shape)
            ends = []
            for size in (lo, hi):
                shape[axis] = max(size, 0)
                ends.append(np.full(shape, fill, x.dtype))
            result = np.concatenate(
                [ends[0], result.take(kept, axis), ends[1]], axis)
        else:
            result = result.take([SOURCE[mode](j, n)
                                  for j in range(-lo, n + hi)], axis)
    return result


def filling(x, default, value):
    """The constant around a tensor.  Exporters write the least float for minus
    infinity."""
    if value is not None and value.size:
        if is_whole(value) != is_whole(x):
            raise Refused("integers are padded with reals, or reals with "
                          "integers")
        value = value.flat[0]
    elif is_whole(x):
        value = 0
    else:
        value = Fraction(default) if math.isfinite(default) else default
    if not is_whole(x) and value <= LOWEST:
        return -math.inf
    return value


def expand(net, at, x, shape):
    return np.broadcast_to(x, np.broadcast_shapes(x.shape,
                                                  tuple(integers(shape))))


def tile(net, at, x, repeats):
    repeats = integers(repeats)
    if len(repeats) != x.ndim:
        raise Refused("repeats do not fit the axes")
    return np.tile(x, repeats)


def gather(net, at, x, places):
    axis = axis_of(x, at.get("axis", 0))
    return np.take(x, inside(places, x.shape[axis]), axis)


def gather_elements(net, at, x, places):
    axis = axis_of(x, at.get("axis", 0))
    if places.ndim != x.ndim:
        raise Refused("indices do not fit the axes")
    at_all = list(np.indices(places.shape))
    at_all[axis] = inside(places, x.shape[axis])
    return x[tuple(at_all)]


def gather_nd(net, at, x, places):
    batch, q = at.get("batch_dims", 0), places.shape[-1]
    if q < 1 or batch + q > x.ndim or x.shape[:batch] != places.shape[:batch]:
        raise Refused("indices do not fit the tensor")
    places = inside(places, x.shape[batch:batch + q])
    lead = np.indices(places.shape[:-1])[:batch]
    return x[tuple(lead) + tuple(np.moveaxis(places, -1, 0))]


def compress(net, at, x, condition):
    axis = at.get("axis")
    if axis is None:
        x, axis = x.reshape(-1), 0
    axis = axis_of(x, axis)
    chosen = [i for i, c in enumerate(integers(condition)) if c]
    return np.take(x, inside(np.array(chosen, int), x.shape[axis]), axis)


def reverse_sequence(net, at, x, lengths):
    batch, time = at.get("batch_axis", 1), at.get("time_axis", 0)
    if {batch, time} != {0, 1}:
        raise Refused("axes other than 0 and 1")
    lengths = integers(lengths)
    if len(lengths) != x.shape[batch] or any(
            not 0 <= n <= x.shape[time] for n in lengths):
        raise Refused("lengths do not fit the tensor")
    x = x.swapaxes(0, time)
    order = np.array([[n - 1 - t if t < n else t for n in lengths]
                      for t in range(len(x))], int)
    return x[order, np.arange(len(lengths))].swapaxes(0, time)


def zero_of(x):
    return x.dtype.type(0) if is_whole(x) else Fraction(0)


def trilu(net, at, x, k=None):
    k = integers(k)[0] if k is not None else 0
    rows, columns = np.indices(x.shape[-2:])
    kept = columns - rows >= k if at.get("upper", 1) else columns - rows <= k
    return np.where(kept, x, zero_of(x))


def one_hot(net, at, places, depth, values):
    depth, axis = integers(depth)[0], at.get("axis", -1)
    if not is_whole(places) or depth < 1 or not -places.ndim - 1 <= axis <= \
            places.ndim:
        raise Refused("depth or axis out of range, or indices that are reals")
    off, on = values.flat
    axis = axis % (places.ndim + 1)
    places = np.expand_dims(places.astype(object), axis)
    here = np.expand_dims(np.arange(depth), tuple(
        a for a in range(places.ndim) if a != axis))
    # An index outside of -depth .. depth - 1 is off everywhere.
    is_on = (places == here) | (places + depth == here)
    result = np.full(is_on.shape, off, values.dtype)
    result[is_on] = on
    return result


def depth_to_space(net, at, x):
    b = at.need("blocksize")
    n, c, h, w = x.shape
    if at.choose("mode", "DCR", "CRD") == "DCR":
        x = x.reshape(n, b, b, c // (b * b), h, w).transpose(0, 3, 4, 1, 5, 2)
    else:
        x = x.reshape(n, c // (b * b), b, b, h, w).transpose(0, 1, 4, 2, 5, 3)
    return x.reshape(n, c // (b * b), h * b, w * b)


def space_to_depth(net, at, x):
    b = at.need("blocksize")
    n, c, h, w = x.shape
    x = x.reshape(n, c, h // b, b, w // b, b).transpose(0, 3, 5, 1, 2, 4)
    return x.reshape(n, c * b * b, h // b, w // b)


def center_crop_pad(net, at, x, sizes):
    axes, sizes = at.get("axes", list(range(x.ndim))), integers(sizes)
    if len(axes) != len(sizes):
        raise Refused("sizes do not fit the axes")
    for axis, size in zip(axes, sizes):
        axis = axis_of(x, axis)
        more = x.shape[axis] - size
        if more >= 0:
            x = x.take(range(more // 2, more // 2 + size), axis)
        else:
            width = [(0, 0)] * x.ndim
            width[axis] = (-more // 2, -more - -more // 2)
            x = np.pad(x, width, constant_values=zero_of(x))
    return x


def array_feature_extractor(net, at, x, places):
    """ai.onnx.ml: entries of the last axis."""
    x = x[None] if x.ndim == 1 else x
    return x.take(inside(places.reshape(-1), x.shape[-1]), -1)


def where(net, at, condition, a, b):
    if condition.dtype.kind != "b":
        raise Refused("a condition that depends on the input")
    return joined((a, b), lambda pair: np.where(condition, *pair))


def dropout(net, at, x, ratio=None, training=None):
    at.get("ratio"), at.get("seed")
    if training is not None and integers(training)[0]:
        raise Refused("Dropout in training mode")
    return x


# ---- sequences


def place_in(sequence, place, last):
    place = len(sequence) if place is None else integers(place)[0]
    if not -len(sequence) <= place <= last:
        raise Refused("a place outside of the sequence")
    return place + len(sequence) if place < 0 else place


def sequence_at(net, at, sequence, place):
    return sequence[place_in(sequence, place, len(sequence) - 1)]


def sequence_insert(net, at, sequence, x, place=None):
    place = place_in(sequence, place, len(sequence))
    return sequence[:place] + [x] + sequence[place:]


def sequence_erase(net, at, sequence, place=None):
    last = len(sequence) - 1
    place = last if place is None else place_in(sequence, place, last)
    return sequence[:place] + sequence[place + 1:]


def split_to_sequence(net, at, x, sizes=None):
    axis, keep = axis_of(x, at.get("axis", 0)), at.get("keepdims", 1)
    n = x.shape[axis]
    if sizes is None:
        parts = np.split(x, n, axis)
        return parts if keep else [p.squeeze(axis) for p in parts]
    counts = integers(sizes)
    if sizes.ndim == 0:
        each = counts[0]
        counts = [min(each, n - first) for first in range(0, n, each)]
    if sum(counts) != n or min(counts) < 0:
        raise Refused(f"{n} entries are not split into {counts}")
    return np.split(x, np.cumsum(counts)[:-1], axis)


def concat_from_sequence(net, at, sequence):
    join = np.stack if at.get("new_axis", 0) else np.concatenate
    axis = at.need("axis")
    return joined(sequence, lambda all: join(all, axis))


OPERATORS = {
    "CenterCropPad": center_crop_pad,
    "Compress": compress,
    "Concat": concat,
    "ConcatFromSequence": concat_from_sequence,
    "DepthToSpace": depth_to_space,
    "Dropout": dropout,
    "Expand": expand,
    "Flatten": flatten,
    "Gather": gather,
    "GatherElements": gather_elements,
    "GatherND": gather_nd,
    "Identity": lambda net, at, x: x,
    "OneHot": one_hot,
    "Pad": pad,
    "Reshape": reshape,
    "ReverseSequence": reverse_sequence,
    "SequenceAt": sequence_at,
    "SequenceConstruct": lambda net, at, *tensors: list(tensors),
    "SequenceErase": sequence_erase,
    "SequenceInsert": sequence_insert,
    "SequenceLength": lambda net, at, sequence: np.array(len(sequence)),
    "Shape": lambda net, at, x: np.array(
        x.shape[at.get("start", 0):at.get("end")], np.int64),
    "Size": lambda net, at, x: np.array(x.size, np.int64),
    "Slice": slices,
    "SpaceToDepth": space_to_depth,
    "Split": split,
    "SplitToSequence": split_to_sequence,
    "Squeeze": squeeze,
    "Tile": tile,
    "Transpose": transpose,
    "Trilu": trilu,
    "Unsqueeze": unsqueeze,
    "Where": where,
    "ai.onnx.ml.ArrayFeatureExtractor": array_feature_extractor,
}

