"""The text of a certificate, pleats-cert/1 (docs/certificates.md): its header, and
the lines of its body one by one, whichever form they have."""
import math
import re
import subprocess
from fractions import Fraction

from network import Refused

# ---- the header


class Part:
    """A polyhedron in coordinates t, and x = origin + sum of t_j direction_j.

    Its lines are over the coordinates s in which it is full-dimensional: t_j is
    fixed where both bounds are equal, else centre + radius * s_j with s_j in
    [-1, 1] where there are two, else s_j.  A line is a list of numbers, one for
    each s_j and a constant; sides are lines that are >= 0, primitive integers."""

    def __init__(self, n_inputs, is_slice, origin, direction, bounds, rows):
        k = len(bounds)
        self.text = describe(is_slice, origin, direction, bounds, rows)
        self.fills = not is_slice and all(
            lo is None or hi is None or lo < hi for lo, hi in bounds)
        fixed = [lo is not None and lo == hi for lo, hi in bounds]
        self.boxed = [None not in b for b, f in zip(bounds, fixed) if not f]
        self.empty = any(None not in b and b[0] > b[1] for b in bounds)
        self.k = len(self.boxed)

        def line(coefficients, constant):
            """The line of sum c_j t_j + constant."""
            result = []
            for c, (lo, hi), is_fixed in zip(coefficients, bounds, fixed):
                if lo is not None and hi is not None:
                    constant += c * (lo + hi) / 2
                    c = c * (hi - lo) / 2
                if not is_fixed:
                    result.append(c)
            return result + [constant]

        unit = [[Fraction(int(i == j)) for i in range(k)] for j in range(k)]
        if not is_slice:
            origin, direction = [Fraction(0)] * n_inputs, unit
        self.inputs = [line([d[i] for d in direction], origin[i])
                       for i in range(n_inputs)]
        sides = []
        for j, (lo, hi) in enumerate(bounds):
            if lo is not None and hi is None:
                sides.append(line(unit[j], -lo))
            if lo is None and hi is not None:
                sides.append(line([-c for c in unit[j]], hi))
        sides += [line([-a for a in row[:-1]], row[-1]) for row in rows]
        self.empty = self.empty or any(not any(s[:-1]) and s[-1] < 0
                                       for s in sides)
        self.sides = [primitive(s) for s in sides if any(s[:-1])]


def primitive(line):
    den = math.lcm(*(c.denominator for c in line))
    whole = [int(c * den) for c in line]
    return [c // math.gcd(*whole) for c in whole]


def describe(is_slice, origin, direction, bounds, rows):
    """The part in words."""
    name = "t" if is_slice else "x"
    text = []
    if is_slice:
        text = ["x = (" + ", ".join(map(str, origin)) + ")" + "".join(
            f" + t_{j} (" + ", ".join(map(str, d)) + ")"
            for j, d in enumerate(direction))]
    for j, (lo, hi) in enumerate(bounds):
        if lo is not None or hi is not None:
            text.append((f"{lo} <= " if lo is not None else "") + f"{name}_{j}" +
                        (f" <= {hi}" if hi is not None else ""))
    for row in rows:
        text.append(" + ".join(f"{a} {name}_{j}" for j, a in enumerate(row[:-1])
                               if a) + f" <= {row[-1]}")
    return "; ".join(text) or "all of the input space"


class Header:
    def __init__(self, data):
        self.data, self.at, self.line = data, 0, 0
        self.expect("pleats-cert/1")
        self.model = self.word("model", "[0-9a-f]{64}")
        self.expect("definition activation regions")
        self.n_inputs = self.natural("inputs")
        self.n_units = self.natural("units")
        self.regions, self.shard = self.claim()
        self.parts = [self.part() for _ in range(self.natural("parts"))]
        if self.shard and len(self.parts) != 1:
            raise Refused("one of several files is of a domain of one part")
        self.body = self.word("body", "text|zstd")

    def next(self):
        end = self.data.find(b"\n", self.at)
        self.line += 1
        if end < 0:
            raise Refused(f"line {self.line}: the header ends here")
        text = self.data[self.at:end].decode("ascii", "replace")
        self.at = end + 1
        return text

    def expect(self, text):
        line = self.next()
        if line != text:
            raise Refused(f"line {self.line}: '{line[:60]}' instead of '{text}'")

    def word(self, name, pattern):
        line = self.next()
        found = re.fullmatch(f"{name} ({pattern})", line)
        if not found:
            raise Refused(f"line {self.line}: '{line[:60]}' instead of '{name} "
                          "...'")
        return found[1]

    def natural(self, name):
        return int(self.word(name, "0|[1-9][0-9]*"))

    def claim(self):
        """(regions, None), or of one of several files (None, (which, of))."""
        line, number = self.next(), "(0|[1-9][0-9]*)"
        found = re.fullmatch(f"regions {number}|shard {number} {number}", line)
        if not found:
            raise Refused(f"line {self.line}: '{line[:60]}' instead of "
                          "'regions ...' or 'shard ...'")
        if found[1]:
            return int(found[1]), None
        which, of = int(found[2]), int(found[3])
        if of < 2 or which >= of:
            raise Refused(f"line {self.line}: file {which} of {of}")
        return None, (which, of)

    def numbers(self, name, n):
        """n rationals; None where a bound is none."""
        number = "-?[0-9]+(?:/[1-9][0-9]*)?"
        if name == "bounds":
            number = f"{number}|-"
        line = self.word(name, f"(?:{number})(?: (?:{number}))*") if n else \
            self.expect(name) or ""
        found = [None if w == "-" else Fraction(w) for w in line.split()]
        if len(found) != n:
            raise Refused(f"line {self.line}: {len(found)} numbers instead of "
                          f"{n}")
        return found

    def part(self):
        sort, k, m = self.word("part", "(?:inputs|slice) [0-9]+ [0-9]+").split()
        is_slice, k, m = sort == "slice", int(k), int(m)
        if not is_slice and k != self.n_inputs:
            raise Refused(f"line {self.line}: {k} coordinates instead of "
                          f"{self.n_inputs}")
        origin = self.numbers("origin", self.n_inputs) if is_slice else None
        direction = [self.numbers("direction", self.n_inputs)
                     for _ in range(k if is_slice else 0)]
        bounds = [self.numbers("bounds", 2) for _ in range(k)]
        rows = [self.numbers("row", k + 1) for _ in range(m)]
        return Part(self.n_inputs, is_slice, origin, direction, bounds, rows)


# ---- the body: one tuple for each line, whichever form it has

LETTERS = "BAMSWXEP"


def text_lines(data):
    """(letter, numbers, multipliers) of each line of the text form."""
    number = re.compile("0|-?[1-9][0-9]*")
    factor = re.compile("(?:(0|[1-9][0-9]*):)?([1-9][0-9]*)(?:p(-?[1-9][0-9]*))?")
    lines = data.split(b"\n")
    if lines.pop():
        raise Refused("the last line has no end")
    for line in lines:
        words = line.decode("ascii", "replace").split(" ")
        letter, rest = words[0], words[1:]
        plain = {"B": 2, "A": 2, "M": 3, "X": 0}.get(letter, len(rest))
        if letter not in LETTERS or not letter or not all(
                number.fullmatch(w) for w in rest[:plain]):
            yield "?", [], []
            return
        found = [factor.fullmatch(w) for w in rest[plain:]]
        if not all(found):
            yield "?", [], []
            return
        yield letter, [int(w) for w in rest[:plain]], [
            (None if f[1] is None else int(f[1]), int(f[2]), int(f[3] or 0))
            for f in found]


def binary_lines(data, part_of):
    """The same of the binary form; part_of() is the part at hand."""
    at = 0

    def natural():
        nonlocal at
        value = shift = 0
        while True:
            if at == len(data):
                raise Refused("the body ends within a line")
            byte = data[at]
            at += 1
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                if byte == 0 and shift > 7:
                    raise Refused("a number is longer than it need be")
                return value

    def integer():
        value = natural()
        return -(value + 1) // 2 if value & 1 else value // 2

    def multipliers(has_form):
        n = natural()
        return [(None if has_form and i == 0 else natural(), natural(),
                 integer()) for i in range(n)]

    while at < len(data):
        letter = LETTERS[data[at]] if data[at] < len(LETTERS) else "?"
        at += 1
        if letter in "BA":
            yield letter, [natural(), natural()], multipliers(True)
        elif letter == "M":
            yield letter, [natural(), natural(), natural()], multipliers(True)
        elif letter == "S":
            unit = natural()
            yield letter, [unit] + ([] if part_of.is_extremum(unit) else
                                    [natural()]), []
        elif letter == "W":
            yield letter, [natural()] + [integer() for _ in
                                         range(part_of.part.k)], []
        elif letter == "X":
            yield letter, [], multipliers(False)
        elif letter == "P" or (letter == "E" and part_of.is_shard):
            yield letter, [natural()], []
        else:
            yield letter, [], []
            if letter == "?":
                return


class Lines:
    """The lines of the body one by one, and where they are."""

    def __init__(self, header, data):
        self.number, self.rules = 0, None
        self.is_shard = header.shard is not None
        body = data[header.at:]
        if header.body == "zstd":
            done = subprocess.run(["zstd", "-dc"], input=body,
                                  stdout=subprocess.PIPE,
                                  stderr=subprocess.DEVNULL, check=False)
            if done.returncode:
                raise Refused("the body is no whole zstd stream")
            self.lines = binary_lines(done.stdout, self)
        else:
            self.lines = text_lines(body)

    # What the binary form has to know: the part and its units, is_shard.
    @property
    def part(self):
        return self.rules.part

    def is_extremum(self, unit):
        return self.rules.is_extremum(unit)

    def next(self):
        self.number += 1
        line = next(self.lines, None)
        if line is None:
            raise Refused("the body ends here")
        return line

    def is_over(self):
        return next(self.lines, None) is None
