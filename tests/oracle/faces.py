"""All faces of a small network on a domain, by trying every sign of every unit at
every breakpoint, and every set of candidates that can lead in a maximum; whether
there are points is decided by elimination of variables over the fractions
[Fourier and Motzkin].  A face is a list of what holds on it; one lies in the
closure of another where all that holds there holds for it, or vanishes.  No
vertices, no cutting of faces."""
import itertools
from fractions import Fraction


# ---- open polyhedra: rows (a_1 .. a_k, c) with a s + c > 0 ----

def tightest(rows):
    """Rows of one normal become one; None: one of them cannot hold."""
    found = {}
    for *a, c in rows:
        scale = next((abs(v) for v in a if v), None)
        if scale is None:
            if c <= 0:
                return None
            continue
        key = tuple(v / scale for v in a)
        found[key] = min(c / scale, found.get(key, c / scale))
    return [(*a, c) for a, c in found.items()]


def has_points(rows, k):
    rows = tightest(rows)
    if rows is None or k == 0 or not rows:
        return rows is not None
    above = [r for r in rows if r[k - 1] > 0]
    below = [r for r in rows if r[k - 1] < 0]
    rest = [r[:k - 1] + r[k:] for r in rows if r[k - 1] == 0]
    for p, q in itertools.product(above, below):
        rest.append(tuple(p[j] * -q[k - 1] + q[j] * p[k - 1]
                          for j in range(k + 1) if j != k - 1))
    return has_points(rest, k - 1)


class Face:
    """Points s of dimension k with rows; signs so far; the scalars of the layer at
    hand as forms in s."""

    def __init__(self, k, rows, signs, forms):
        self.k, self.rows, self.signs, self.forms = k, rows, signs, forms

    def with_row(self, form, sign):
        return Face(self.k, self.rows + [tuple(sign * v for v in form)],
                    self.signs + (sign,), self.forms)

    def on(self, form):
        """Where the form, which is not constant, vanishes."""
        j = next(j for j in range(self.k) if form[j])

        def put(row):
            by = row[j] / form[j]
            return tuple(v - by * w for i, (v, w) in enumerate(zip(row, form))
                         if i != j)
        return Face(self.k - 1, [put(r) for r in self.rows], self.signs + (0,),
                    [put(f) for f in self.forms])

    def split(self, form):
        """The parts where the form is above, below and 0."""
        if not any(form[:-1]):
            sign = (form[-1] > 0) - (form[-1] < 0)
            return [Face(self.k, self.rows, self.signs + (sign,), self.forms)]
        parts = [self.with_row(form, sign) for sign in (1, -1)]
        parts = [p for p in parts if has_points(p.rows, p.k)]
        if len(parts) == 1:
            parts[0].rows = self.rows
        if len(parts) == 2 or self.touches(form):
            parts.append(self.on(form))
        return parts

    def touches(self, form):
        part = self.on(form)
        return has_points(part.rows, part.k)

    def lead(self, candidates, sign):
        """The parts by which forms (their numbers among the scalars) lead."""
        found = []
        for n in range(1, len(candidates) + 1):
            for chosen in itertools.combinations(range(len(candidates)), n):
                part = self.where_lead(candidates, chosen, sign)
                if part:
                    found.append(part)
        return found

    def where_lead(self, candidates, chosen, sign):
        part = Face(self.k, self.rows, (), self.forms)
        first = candidates[chosen[0]]
        for c, scalar in enumerate(candidates):
            form = tuple(sign * (v - w) for v, w in zip(
                part.forms[first], part.forms[scalar]))
            if c not in chosen:
                part = part.with_row(form, 1)
            elif any(form[:-1]):
                part = part.on(form)
            elif form[-1]:
                return None
        if not has_points(part.rows, part.k):
            return None
        return Face(part.k, part.rows, self.signs + (frozenset(chosen),),
                    part.forms)


# ---- a network ----

def affine(face, weights, biases):
    return [tuple(sum(Fraction(w) * f[c] for w, f in zip(row, face.forms)) +
                  (Fraction(b) if c == face.k else 0)
                  for c in range(face.k + 1)) for row, b in zip(weights, biases)]


def unit_value(form, pieces, signs):
    """pieces: (breakpoints, slopes, intercepts)."""
    piece = sum(s > 0 for s in signs)
    _, slopes, intercepts = pieces
    return tuple(slopes[piece] * v for v in form[:-1]) + (
        slopes[piece] * form[-1] + intercepts[piece],)


def after_units(face, pieces):
    """All parts of a face behind a layer of units of one scalar."""
    parts = [(face, [])]
    for u in range(len(face.forms)):
        for at in pieces[0]:
            parts = [(p, at_) for f, at_ in parts for p in f.split(
                f.forms[u][:-1] + (f.forms[u][-1] - at,))]
    n = len(pieces[0])
    found = []
    for p, _ in parts:
        own = p.signs[len(face.signs):]
        forms = [unit_value(f, pieces, own[u * n:(u + 1) * n])
                 for u, f in enumerate(p.forms)]
        found.append(Face(p.k, p.rows, p.signs, forms))
    return found


def after_maxima(face, groups, sign):
    parts = [face]
    for group in groups:
        parts = [p for f in parts for p in f.lead(group, sign)]
    return [Face(p.k, p.rows, p.signs,
                 [p.forms[group[min(s)]] for group, s in zip(
                     groups, p.signs[len(face.signs):])]) for p in parts]


def faces_of(layers, inputs, rows):
    """Layers are ("affine", weights, biases), ("units", pieces), ("max" or "min",
    groups); inputs are forms in the domain's coordinates, rows a t + c >= 0."""
    k = len(rows[0]) - 1 if rows else len(inputs[0]) - 1
    faces = [Face(k, [], (), [tuple(map(Fraction, f)) for f in inputs] +
                  [tuple(map(Fraction, r)) for r in rows])]
    for i in range(len(rows)):
        faces = [p for f in faces for p in f.split(f.forms[len(inputs) + i])
                 if p.signs[-1] >= 0]
    for f in faces:
        f.forms = f.forms[:len(inputs)]
    for kind, *what in layers:
        if kind == "affine":
            for f in faces:
                f.forms = affine(f, *what)
        elif kind == "units":
            faces = [p for f in faces for p in after_units(f, *what)]
        else:
            faces = [p for f in faces for p in after_maxima(
                f, what[0], 1 if kind == "max" else -1)]
    return faces


# ---- a complex ----

def is_below(low, high):
    """Whether a face with signs `low` lies in the closure of one with `high`."""
    return all(a >= b if isinstance(a, frozenset) else a in (0, b)
               for a, b in zip(low, high))


class Complex:
    def __init__(self, faces):
        self.faces = faces
        self.top = max(f.k for f in faces)
        self.facets = [[j for j, g in enumerate(faces) if g.k == f.k - 1 and
                        is_below(g.signs, f.signs)] for f in faces]

    def numbers(self, chosen=None):
        own = range(len(self.faces)) if chosen is None else chosen
        return [sum(self.faces[i].k == d for i in own)
                for d in range(self.top + 1)]

    def flags(self, i):
        """All chains of faces from vertices up to face i."""
        if not self.facets[i]:
            return [[i]]
        return [chain + [i] for j in self.facets[i] for chain in self.flags(j)]

    def parts(self, tops):
        """Components of faces of the greatest dimension, through facets."""
        up = {i: i for i in tops}

        def root(i):
            while up[i] != i:
                i = up[i]
            return i
        first = {}
        for i in tops:
            for j in self.facets[i]:
                if j in first:
                    up[root(i)] = root(first[j])
                first[j] = i
        found = {}
        for i in tops:
            found.setdefault(root(i), []).append(i)
        return list(found.values())
