"""The widest balls in cells: proved again in fractions, and compared with a linear
programme of scipy's."""
import os
import pathlib
import sys
from fractions import Fraction

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "oracle"))
from volume import solve  # noqa: E402
import numpy as np  # noqa: E402
from scipy.optimize import linprog  # noqa: E402


# Where all errors are said to be larger than they are, balls are smaller.
ARE_LARGE = os.environ.get("PLEATS_PERTURB") != "inflate"


def dot(a, b):
    return sum(v * w for v, w in zip(a, b))


class Lengths:
    """Of steps in coordinates t of a domain, x = inputs (t, 1)."""

    def __init__(self, domain):
        self.k = domain.k
        self.linear = [row[:-1] for row in domain.inputs]
        self.origin = [row[-1] for row in domain.inputs]
        self.gram = [[sum(row[a] * row[b] for row in self.linear)
                      for b in range(self.k)] for a in range(self.k)]

    def over_gram(self, y):
        """gram^-1 y"""
        return solve([[*row, v] for row, v in zip(self.gram, y)], self.k)

    def nearest(self, x):
        """The t of the domain's point nearest to x, and the square of how far it is."""
        away = [v - o for v, o in zip(x, self.origin)]
        t = self.over_gram([sum(row[a] * v for row, v in zip(self.linear, away))
                            for a in range(self.k)])
        rest = [v - dot(row, t) for row, v in zip(self.linear, away)]
        return t, dot(rest, rest)

    def norm2(self, a):
        """The square of how fast a t grows at most in a step of length 1."""
        return dot(a, self.over_gram(a))


def check_ball(rows, domain, cell):
    """All points of the domain nearer to the centre than the radius keep the rows
    a t <= b: exactly."""
    lengths = Lengths(domain)
    t, off = lengths.nearest([Fraction(v) for v in cell["centre"]])
    square = Fraction(cell["radius"]) ** 2 - off
    for *a, b in rows:
        slack = b - dot(a, t)
        if slack < 0 or slack ** 2 < square * lengths.norm2(a):
            return (f"the ball of {cell['centre']} {cell['radius']} leaves "
                    f"{cell['pattern']}")
    return ""


def widest(rows, domain):
    """The largest radius, about."""
    lengths = Lengths(domain)
    kept = [[v / max(map(abs, r[:-1])) for v in r] for r in rows if any(r[:-1])]
    a = np.array([[float(v) for v in r[:-1]] for r in kept])
    norm = np.sqrt([float(lengths.norm2(r[:-1])) for r in kept])
    b = np.array([float(r[-1]) for r in kept])
    found = linprog([0] * domain.k + [-1], np.column_stack([a, norm]), b,
                    bounds=[(None, None)] * domain.k + [(0, None)])
    return found.x[-1]


def check_centre(rows, domain, cell):
    """Of a bounded cell: there is a ball, and hardly a larger one."""
    if not ARE_LARGE:
        return check_ball(rows, domain, cell) if cell["radius"] else ""
    if not cell["radius"] > 0:
        return f"no ball in {cell['pattern']}"
    most = widest(rows, domain)
    if not 0.99999 * most <= cell["radius"] <= 1.00001 * most:
        return f"a ball of {cell['radius']} in {cell['pattern']}, not {most}"
    return check_ball(rows, domain, cell)
