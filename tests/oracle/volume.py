"""Volumes of polytopes over the rationals, by Lasserre's recursion: the volume of
{x : a x <= b} in n dimensions is 1/n sum_i b_i / |a_ij| times that of the facet
on row i, seen along axis j [Lasserre 1983].  No vertices, no triangulation."""
import itertools
from fractions import Fraction


def _reduced(rows):
    """Rows scaled so that those with one normal are one, the tightest; None: no
    point satisfies them."""
    tightest = {}
    for *a, b in rows:
        scale = next((abs(v) for v in a if v), None)
        if scale is None:
            if b < 0:
                return None
            continue
        key = tuple(v / scale for v in a)
        tightest[key] = min(b / scale, tightest.get(key, b / scale))
    return [(*a, b) for a, b in tightest.items()]


def facet(rows, i, n):
    """The volume of the facet on row i, seen along an axis; 0: it is none."""
    *a, b = rows[i]
    j = next((j for j in range(n) if a[j]), None)
    if j is None:
        return Fraction(0)
    others = []
    for *c, d in rows:
        by = c[j] / a[j]
        others.append([c[m] - by * a[m] for m in range(n) if m != j] +
                      [d - by * b])
    return volume(others, n - 1)


def solve(rows, n):
    """The only point with a x = b for n rows, or None."""
    rows = [list(row) for row in rows]
    for c in range(n):
        pivot = next((r for r in range(c, n) if rows[r][c]), None)
        if pivot is None:
            return None
        rows[c], rows[pivot] = rows[pivot], rows[c]
        rows[c] = [v / rows[c][c] for v in rows[c]]
        for r in range(n):
            if r != c:
                rows[r] = [v - rows[r][c] * w for v, w in zip(rows[r], rows[c])]
    return tuple(row[n] for row in rows)


def vertices(rows, n):
    """All vertices, by trying any n rows."""
    found = set()
    for chosen in itertools.combinations(rows, n):
        x = solve(chosen, n)
        if x and all(sum(v * y for v, y in zip(row, x)) <= row[n]
                     for row in rows):
            found.add(x)
    return found


def volume(rows, n):
    """Of a bounded polytope: rows (a_1, .., a_n, b) of fractions say a x <= b."""
    rows = _reduced(rows)
    if rows is None:
        return Fraction(0)
    if n == 0:
        return Fraction(1)
    if n == 1:
        high = min(b for a, b in rows if a > 0)
        low = max(-b for a, b in rows if a < 0)
        return max(high - low, Fraction(0))
    total = Fraction(0)
    for i, (*a, b) in enumerate(rows):
        if b == 0:
            continue
        j = next(j for j in range(n) if a[j])
        others = []
        for o, (*c, d) in enumerate(rows):
            if o != i:
                by = c[j] / a[j]
                others.append([c[m] - by * a[m] for m in range(n) if m != j] +
                              [d - by * b])
        total += b / abs(a[j]) * volume(others, n - 1)
    return total / n
