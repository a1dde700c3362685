#!/usr/bin/python3
"""Checks a certificate of a region count, pleats-cert/1 (docs/certificates.md).

It shares no code with the program that wrote it.  What it says is proved from
the file of the network by rational arithmetic alone; this file, network.py and
python3-onnx are what is trusted.

usage: check.py CERTIFICATE MODEL.onnx
       check.py --dump MODEL.onnx        the network as text, for check.c
Exit code: 0 verified, 1 refused, 2 wrong usage.
"""
import math
import re
import subprocess
import sys
from fractions import Fraction

from network import Affine, Bent, Network, Refused, dump

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
        self.regions = self.natural("regions")
        self.parts = [self.part() for _ in range(self.natural("parts"))]
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

LETTERS = "BAMSWXE"
# Of multipliers, so that a short line cannot ask for long numbers.
MOST_EXPONENT = 1 << 20


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
        else:
            yield letter, [], []
            if letter == "?":
                return


# ---- the proof


class Rules:
    """The network on a part: every scalar is a form, a list of integers num over
    a denominator that does not change from cell to cell."""

    def __init__(self, net, part):
        self.net, self.part = net, part
        den, self.first = [], []
        for line in part.inputs:
            d = math.lcm(*(c.denominator for c in line))
            den.append(d)
            self.first.append([int(c * d) for c in line])
        self.rule = []
        for rule in net.rule:
            d, made = self.whole(rule, den)
            den.append(d)
            self.rule.append(made)
        self.den = den
        self.unit = [i for step in net.steps for i in step]
        # All planes over one denominator.
        common = [1]
        for i in self.unit:
            rule = net.rule[i - net.n_inputs]
            if isinstance(rule, Bent):
                common += [den[rule.scalar], *(a.denominator for a in rule.at)]
            else:
                common += [den[s] for s in rule.scalars]
        self.common = math.lcm(*common)

    def whole(self, rule, den):
        """A rule over integers: (denominator, what makes the numerator)."""
        if isinstance(rule, Affine):
            d = math.lcm(rule.bias.denominator,
                         *(w.denominator * den[s] for s, w in rule.terms))
            return d, ([(s, int(w * d) // den[s]) for s, w in rule.terms],
                       int(rule.bias * d))
        if isinstance(rule, Bent):
            pieces = [(Fraction(s), Fraction(c))
                      for s, c in zip(rule.slope, rule.intercept)]
            d = math.lcm(*(s.denominator * den[rule.scalar] for s, _ in pieces),
                         *(c.denominator for _, c in pieces))
            return d, [([(rule.scalar, int(s * d) // den[rule.scalar])],
                        int(c * d)) for s, c in pieces]
        d = math.lcm(*(den[s] for s in rule.scalars))
        return d, [([(s, d // den[s])], 0) for s in rule.scalars]

    def is_extremum(self, unit):
        if unit >= len(self.unit):
            raise Refused(f"there is no unit {unit}")
        return not isinstance(self.rule_of(unit), Bent)

    def rule_of(self, unit):
        return self.net.rule[self.unit[unit] - self.net.n_inputs]

    def combine(self, form, terms, constant):
        """The form constant + sum of weight * form."""
        result = [0] * self.part.k + [constant]
        for s, w in terms:
            if w:
                result = [r + w * c for r, c in zip(result, form[s])]
        return result

    def plane(self, form, unit, at):
        """The form  scalar - breakpoint  over the common denominator."""
        rule = self.rule_of(unit)
        factor = self.common // self.den[rule.scalar]
        result = [factor * c for c in form[rule.scalar]]
        result[-1] -= int(rule.at[at] * self.common)
        return result

    def duel(self, form, unit, i, j):
        """Positive where candidate i of a maximum exceeds candidate j."""
        rule = self.rule_of(unit)
        a, b = rule.scalars[i], rule.scalars[j]
        a, b = (b, a) if rule.is_min else (a, b)
        f, g = self.common // self.den[a], self.common // self.den[b]
        return [f * p - g * q for p, q in zip(form[a], form[b])]


class Cell:
    """An open polyhedron: where the part's sides and the walls are positive.
    form: of the scalars so far; piece: of the units so far; open: of the step's
    units that may still change piece, unit -> [lo, hi] or a list of candidates.
    """

    def __init__(self, step, walls, form, piece, open_units):
        self.step, self.walls, self.form = step, walls, form
        self.piece, self.open = piece, open_units
        self.last = None    # the fact before, for their order

    def part(self, walls):
        opened = {u: list(o) for u, o in self.open.items()}
        return Cell(self.step, self.walls + walls, list(self.form),
                    dict(self.piece), opened)


class Tree:
    """Follows the lines of one part."""

    def __init__(self, rules, lines):
        self.rules, self.part, self.lines = rules, rules.part, lines
        self.n_sides = len(self.part.sides)

    def largest(self, form):
        """The largest value of a form on the box; None: there is none."""
        if any(c for c, boxed in zip(form, self.part.boxed) if not boxed):
            return None
        return form[-1] + sum(abs(c) for c in form[:-1])

    def add_up(self, cell, form, multipliers):
        """form + sum of multiplier * wall, times a positive number; all over one
        denominator."""
        least = min((e for _, _, e in multipliers), default=0)
        total, before = [0] * (self.part.k + 1), -1
        for i, (wall, m, e) in enumerate(multipliers):
            if m % 2 == 0:
                raise Refused("a multiplier is 0, or its first number is even")
            if abs(e) > MOST_EXPONENT:
                raise Refused(f"an exponent is beyond {MOST_EXPONENT}")
            if wall is None:
                row = form
            elif not before < wall < len(cell.walls):
                raise Refused(f"wall {wall} is out of order, or there is none")
            else:
                row, before = cell.walls[wall], wall
            total = [t + (m << e - least) * c for t, c in zip(total, row)]
        return total if multipliers else form

    def need_nowhere_positive(self, cell, form, multipliers):
        """At a point of the cell walls are positive: where the sum is at most 0,
        so is the form."""
        if multipliers and (multipliers[0][0] is not None or any(
                y[0] is None for y in multipliers[1:])):
            raise Refused("the first multiplier, and only it, is the form's")
        if len(multipliers) == 1:
            raise Refused("a multiplier of the form alone is left out")
        most = self.largest(self.add_up(cell, form, multipliers))
        if most is None or most > 0:
            raise Refused("the sum of multiples is not at most 0 on the box")

    def need_empty(self, cell, multipliers):
        if not multipliers or any(y[0] is None for y in multipliers):
            raise Refused("an empty cell needs multipliers of walls")
        most = self.largest(self.add_up(cell, None, multipliers))
        if most is None or most > 0 or (
                most == 0 and all(y[0] < self.n_sides for y in multipliers)):
            raise Refused("the sum of multiples is not below 0 on the box")

    def need_order(self, cell, key):
        if cell.last is not None and key <= cell.last:
            raise Refused("the facts of a cell are not in order")
        cell.last = key

    def opened(self, cell, unit):
        if unit not in cell.open:
            raise Refused(f"unit {unit} is not open here")
        return cell.open[unit]

    def side(self, cell, letter, numbers, multipliers):
        """B: no point of the cell is below breakpoint `at`; A: above."""
        unit, at = numbers
        lo_hi = self.opened(cell, unit)
        if self.rules.is_extremum(unit) or not lo_hi[0] <= at < lo_hi[1]:
            raise Refused(f"breakpoint {at} of unit {unit} is not open here")
        self.need_order(cell, (unit, letter == "A", 0))
        form = self.rules.plane(cell.form, unit, at)
        if letter == "B":
            form = [-c for c in form]
        self.need_nowhere_positive(cell, form, multipliers)
        if letter == "B":
            lo_hi[0] = at + 1
        else:
            lo_hi[1] = at
        if lo_hi[0] == lo_hi[1]:
            self.settle(cell, unit, lo_hi[0])

    def beaten(self, cell, numbers, multipliers):
        """M: candidate i nowhere exceeds candidate j."""
        unit, i, j = numbers
        left = self.opened(cell, unit)
        if not self.rules.is_extremum(unit) or i == j or not (
                i in left and j in left):
            raise Refused(f"candidates {i}, {j} of unit {unit} are not both open")
        self.need_order(cell, (unit, False, i))
        self.need_nowhere_positive(
            cell, self.rules.duel(cell.form, unit, i, j), multipliers)
        left.remove(i)
        if len(left) == 1:
            self.settle(cell, unit, left[0])

    def settle(self, cell, unit, piece):
        cell.piece[unit] = piece
        del cell.open[unit]

    def go_on(self, cell):
        """Opens steps until one has open units; True: there is no more."""
        net, rules = self.rules.net, self.rules
        while not cell.open:
            if cell.step == len(net.steps):
                return True
            units = net.steps[cell.step]
            number = sum(len(s) for s in net.steps[:cell.step])
            self.run(cell, units.start)
            for unit in range(number, number + len(units)):
                rule = rules.rule_of(unit)
                count = len(rule.at) + 1 if isinstance(rule, Bent) else \
                    len(rule.scalars)
                cell.open[unit] = [0, count - 1] if isinstance(rule, Bent) \
                    else list(range(count))
                if count == 1:
                    self.settle(cell, unit, 0)
            cell.step += 1
        return False

    def run(self, cell, end):
        """Forms of the scalars before number `end`."""
        net, rules = self.rules.net, self.rules
        first = {i: u for u, i in enumerate(rules.unit)}
        while len(cell.form) < end:
            i = len(cell.form)
            rule = rules.rule[i - net.n_inputs]
            if i in first:
                rule = rule[cell.piece[first[i]]]
            cell.form.append(rules.combine(cell.form, *rule))

    def split(self, cell, numbers):
        """The parts of the cell that a split makes, in their order.  Together
        they are the cell but for hyperplanes: nowhere may a form be 0 all
        over."""
        unit = numbers[0]
        if unit != min(cell.open):
            raise Refused(f"unit {unit} is not the first that is open")
        left = cell.open[unit]
        if self.rules.is_extremum(unit):
            if len(numbers) != 1:
                raise Refused("the split of a maximum has no breakpoint")
            if any(not any(self.rules.duel(cell.form, unit, i, j))
                   for i in left for j in left if i < j):
                raise Refused(f"two candidates of unit {unit} are the same")
            return [self.winner(cell, unit, i, left) for i in left]
        if len(numbers) != 2 or not left[0] <= numbers[1] < left[1]:
            raise Refused(f"no open breakpoint of unit {unit}")
        at = numbers[1]
        form = self.rules.plane(cell.form, unit, at)
        if not any(form):
            raise Refused(f"unit {unit} is at its breakpoint everywhere")
        below, above = cell.part([[-c for c in form]]), cell.part([form])
        below.open[unit][1], above.open[unit][0] = at, at + 1
        for child in (below, above):
            if child.open[unit][0] == child.open[unit][1]:
                self.settle(child, unit, child.open[unit][0])
        return [below, above]

    def winner(self, cell, unit, i, left):
        child = cell.part([self.rules.duel(cell.form, unit, i, j)
                           for j in left if j != i])
        self.settle(child, unit, i)
        return child

    def point(self, cell, numbers):
        """W: the point is inside; the same over its denominator, that last."""
        if len(numbers) != self.part.k + 1 or numbers[0] < 1:
            raise Refused("a point needs a denominator and all coordinates")
        p = numbers[1:] + [numbers[0]]
        if any(boxed and abs(c) >= numbers[0]
               for c, boxed in zip(p, self.part.boxed)):
            raise Refused("the point is not inside the box")
        for i, wall in enumerate(cell.walls):
            if sum(c * x for c, x in zip(wall, p)) <= 0:
                raise Refused(f"the point is not inside wall {i}")
        return p

    def pattern(self, cell, p):
        """What the units' pieces are called at the point: breakpoints strictly
        below, the first of the largest candidates.  Units that are at a
        breakpoint in all of the cell are named alike in all parts."""
        def value(form):
            return sum(c * x for c, x in zip(form, p))
        pieces = []
        for unit in range(len(self.rules.unit)):
            rule = self.rules.rule_of(unit)
            best = 0
            if isinstance(rule, Bent):
                best = sum(value(self.rules.plane(cell.form, unit, at)) > 0
                           for at in range(len(rule.at)))
            else:
                for i in range(1, len(rule.scalars)):
                    if value(self.rules.duel(cell.form, unit, i, best)) > 0:
                        best = i
            pieces.append(best)
        return tuple(pieces)

    def follow(self):
        """Yields every region's cell and point."""
        common = self.rules.common
        walls = [[common * c for c in side] for side in self.part.sides]
        todo = [Cell(0, walls, list(self.rules.first), {}, {})]
        while todo:
            cell, is_closed = todo.pop(), False
            while not is_closed:
                is_region = self.go_on(cell)
                letter, numbers, multipliers = self.lines.next()
                is_closed = letter in "SWX"
                if letter == "X":
                    self.need_empty(cell, multipliers)
                elif letter == "W" and is_region:
                    yield cell, self.point(cell, numbers)
                elif is_region or letter == "W":
                    raise Refused(f"'{letter}' where " + (
                        "all units have a piece" if is_region else
                        f"unit {min(cell.open)} has none"))
                elif letter in "BA" and len(numbers) == 2:
                    self.side(cell, letter, numbers, multipliers)
                elif letter == "M" and len(numbers) == 3:
                    self.beaten(cell, numbers, multipliers)
                elif letter == "S" and numbers:
                    todo += reversed(self.split(cell, numbers))
                else:
                    raise Refused(f"'{letter}' is no line here")


class Lines:
    """The lines of the body one by one, and where they are."""

    def __init__(self, header, data):
        self.number, self.rules = 0, None
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

    # What the binary form has to know: the part and its units.
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


def count(net, header, lines):
    """How many regions the lines prove."""
    regions, seen = 0, set()
    several = len(header.parts) > 1
    for number, part in enumerate(header.parts):
        if part.empty:
            continue
        if several and not part.fills:
            raise Refused(f"part {number} of several has fewer dimensions than "
                          "the input")
        lines.rules = Rules(net, part)
        tree = Tree(lines.rules, lines)
        for cell, point in tree.follow():
            if several:
                pattern = tree.pattern(cell, point)
                regions += pattern not in seen
                seen.add(pattern)
            else:
                regions += 1
    if lines.next() != ("E", [], []):
        raise Refused("'E' should be here")
    if not lines.is_over():
        raise Refused("there is something behind the end")
    return regions


def prove(data, net):
    """The header of a certificate, all of which is proved."""
    header = Header(data)
    if net.sha256 != header.model:
        raise Refused("line 2: the certificate is of another file")
    if (net.n_inputs, net.n_units) != (header.n_inputs, header.n_units):
        raise Refused(f"lines 4 and 5: the network has {net.n_inputs} inputs "
                      f"and {net.n_units} units")
    lines = Lines(header, data)
    try:
        found = count(net, header, lines)
    except Refused as error:
        raise Refused(f"line {lines.number} of the body: {error}") from None
    if found != header.regions:
        raise Refused(f"line 6: {header.regions} regions are claimed, "
                      f"{found} are proved")
    return header


def check(certificate, model):
    with open(certificate, "rb") as file:
        header = prove(file.read(), Network(model))
    print(f"VERIFIED: the network in {model} (sha256 {header.model})\n"
          f"has exactly {header.regions} activation region"
          f"{'s' * (header.regions != 1)} on the set of all x with")
    print("\nor ".join(part.text for part in header.parts))


def main():
    if len(sys.argv) != 3:
        print(__doc__, file=sys.stderr)
        return 2
    try:
        if sys.argv[1] == "--dump":
            sys.stdout.write(dump(Network(sys.argv[2])))
        else:
            check(sys.argv[1], sys.argv[2])
    except (Refused, OSError) as error:
        print(f"REFUSED: {error}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
