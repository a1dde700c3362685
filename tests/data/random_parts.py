"""What random networks of one operator are made of."""
import dataclasses

import numpy as np


@dataclasses.dataclass
class Made:
    nodes: list
    shape: tuple
    init: dict = dataclasses.field(default_factory=dict)
    opset: int = 17
    domain: str = ""


def i64(*values):
    return np.array(values, np.int64)


def floats(r, *shape):
    return r.normal(size=shape).astype(np.float32)


def dims(r, rank, low=1, high=5):
    return tuple(int(v) for v in r.integers(low, high + 1, rank))


def pick(r, *choices):
    return choices[int(r.integers(len(choices)))]


def coin(r):
    return int(r.integers(2))


def broadcastable(r, shape):
    tail = shape[int(r.integers(len(shape))):]
    return tuple(d if coin(r) else 1 for d in tail)
