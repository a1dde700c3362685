#!/usr/bin/python3
"""Writes a hyperplane arrangement with a known number of regions as a network
of one hidden layer of ReLUs, with integer weights:

    make_arrangement.py KIND N [M] OUT.onnx

KIND is a row of the table below; its hyperplanes are in N dimensions
(threshold: N + 1).  `generic` are M random ones in R^N, with entries up to
1000 and a seed that depends on N and M only; `generic-float` the same with
float32 weights as networks have them.  The number of regions, where a formula
or a table gives it, goes to stdout.  The regions of the network on all of R^N
are those of the arrangement.
"""
import itertools
import math
import random
import sys

import numpy as np
from onnx import save

from corpus import N, model


def pairs(n, constants, signs=(-1,)):
    for i, j in itertools.combinations(range(n), 2):
        for sign in signs:
            row = [0] * n
            row[i], row[j] = 1, sign
            yield from (row + [-c] for c in constants)


def units(n):
    return [[int(i == j) for j in range(n)] + [0] for i in range(n)]


def binary(n):
    return [list(row) for row in itertools.product((0, 1), repeat=n)]


def generic(n, m):
    rng = random.Random(1000 * n + m)
    return [[rng.randint(-1000, 1000) for _ in range(n + 1)]
            for _ in range(m)]


def generic_float(n, m):
    rng = random.Random(1000 * n + m)
    return [[float(np.float32(rng.uniform(-1, 1))) for _ in range(n + 1)]
            for _ in range(m)]


def general_position(n, m):
    return sum(math.comb(m, i) for i in range(n + 1))


RESONANCE = [1, 2, 6, 32, 370, 11292, 1066044, 347326352, 419172756930]
THRESHOLD = [2, 4, 14, 104, 1882, 94572, 15028134]
KINDS = {  # the rows (normal, constant), the number of regions
    "braid": (lambda n: pairs(n, [0]), math.factorial),
    "shi": (lambda n: pairs(n, [0, 1]), lambda n: (n + 1) ** (n - 1)),
    "catalan": (lambda n: pairs(n, [-1, 0, 1]),
                lambda n: math.factorial(2 * n) // math.factorial(n + 1)),
    "type-b": (lambda n: itertools.chain(units(n), pairs(n, [0], (-1, 1))),
               lambda n: 2 ** n * math.factorial(n)),
    "resonance": (lambda n: [row + [0] for row in binary(n)[1:]],
                  lambda n: RESONANCE[n]),
    "threshold": (lambda n: [[1] + row + [0] for row in binary(n)],
                  lambda n: THRESHOLD[n]),
    "generic": (generic, general_position),
    "generic-float": (generic_float, general_position),
}


def network(rows):
    rows = np.array(rows, dtype=float)
    init = {"W": rows[:, :-1].T, "b": rows[:, -1],
            "V": np.ones((len(rows), 1))}
    nodes = [N("Gemm", "x W b", "h"), N("Relu", "h", "r"),
             N("MatMul", "r V")]
    return model(nodes, {"x": [1, rows.shape[1] - 1]}, {"y": [1, 1]}, init)


def main(kind, *words):
    rows, formula = KINDS[kind]
    numbers = [int(word) for word in words[:-1]]
    save(network(list(rows(*numbers))), words[-1])
    print(formula(*numbers))


if __name__ == "__main__":
    if len(sys.argv) < 4 or sys.argv[1] not in KINDS:
        sys.exit(__doc__)
    main(*sys.argv[1:])
