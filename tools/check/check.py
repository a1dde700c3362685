#!/usr/bin/python3
"""Checks a certificate of a region count, pleats-cert/1 (docs/certificates.md).

It shares no code with the program that wrote it.  What it says is proved from
the file of the network by rational arithmetic alone; this file, those beside
it and python3-onnx are what is trusted.

usage: check.py [--points] CERTIFICATE ... MODEL.onnx
       check.py --dump MODEL.onnx        the network as text, for check.c
Several certificates are files that prove a number together.  With --points it is
proved that there are at least so many regions: each point proves one.
Exit code: 0 verified, 1 refused, 2 wrong usage.
"""
import sys

from certificate import Header, Lines
from network import Bent, Network, Refused, dump
from rules import Rules

# Of multipliers, so that a short line cannot ask for long numbers.
MOST_EXPONENT = 1 << 20


# ---- the proof


class Cell:
    """An open polyhedron: where the part's sides and the walls are positive.
    form: of the scalars so far; piece: of the units so far; open: of the step's
    units that may still change piece, unit -> [lo, hi] or a list of candidates;
    is_own: of several files this one has its proof."""

    def __init__(self, step, walls, form, piece, open_units, is_own=False):
        self.step, self.walls, self.form = step, walls, form
        self.piece, self.open, self.is_own = piece, open_units, is_own
        self.last = None    # the fact before, for their order

    def part(self, walls):
        opened = {u: list(o) for u, o in self.open.items()}
        return Cell(self.step, self.walls + walls, list(self.form),
                    dict(self.piece), opened, self.is_own)


class Tree:
    """Follows the lines of one part."""

    def __init__(self, rules, lines, shard):
        self.rules, self.part, self.lines = rules, rules.part, lines
        self.n_sides = len(self.part.sides)
        self.shard = shard      # (which, of) of one of several files, or None
        self.common = []        # lines that all files must have

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

    def dealt_out(self, cell, numbers):
        """P: the cell's proof is in one of several files; whether in this."""
        if self.shard is None or cell.is_own or len(numbers) != 1 or not (
                0 <= numbers[0] < self.shard[1]):
            raise Refused("a cell that cannot be dealt out so")
        cell.is_own = numbers[0] == self.shard[0]
        return cell.is_own

    def next_line(self, cell):
        line = self.lines.next()
        if self.shard is not None and not cell.is_own:
            self.common.append(line)
        return line

    def counts(self, cell):
        """Whether a region is one of this file: regions above the cells that are
        dealt out are those of the first."""
        return self.shard is None or cell.is_own or self.shard[0] == 0

    def follow(self):
        """Yields the cell and the point of every region that counts."""
        common = self.rules.common
        walls = [[common * c for c in side] for side in self.part.sides]
        todo = [Cell(0, walls, list(self.rules.first), {}, {})]
        while todo:
            cell, is_closed = todo.pop(), False
            while not is_closed:
                is_region = self.go_on(cell)
                letter, numbers, multipliers = self.next_line(cell)
                is_closed = letter in "SWX"
                if letter == "P":
                    is_closed = not self.dealt_out(cell, numbers)
                elif letter == "X":
                    self.need_empty(cell, multipliers)
                elif letter == "W" and is_region:
                    point = self.point(cell, numbers)
                    if self.counts(cell):
                        yield cell, point
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


class Points(Tree):
    """The same without the proofs of facts: what they say is seen at the points
    themselves, which prove at least so many regions."""

    def need_nowhere_positive(self, cell, form, multipliers):
        pass

    def need_empty(self, cell, multipliers):
        pass

    def point(self, cell, numbers):
        """Around the point all units have the pieces of the cell: those of the
        units before make the forms of the next one right."""
        p = super().point(cell, numbers)
        for unit, piece in sorted(cell.piece.items()):
            rule = self.rules.rule_of(unit)
            if isinstance(rule, Bent):
                above = [self.rules.plane(cell.form, unit, at)
                         for at in range(piece)]
                below = [self.rules.plane(cell.form, unit, at)
                         for at in range(piece, len(rule.at))]
                forms = above + [[-c for c in form] for form in below]
            else:
                forms = [self.rules.duel(cell.form, unit, piece, j)
                         for j in range(len(rule.scalars)) if j != piece]
            for form in forms:
                value = sum(c * x for c, x in zip(form, p))
                # 0 all over is 0 around the point, too.
                if value < 0 or (value == 0 and any(form)):
                    raise Refused(
                        f"the point is not inside the piece of unit {unit}")
        return p


def count(net, header, lines, kind, seen):
    """How many regions the lines prove, and the lines that all files must
    have."""
    regions, common = 0, []
    several = len(header.parts) > 1
    for number, part in enumerate(header.parts):
        if part.empty:
            continue
        if several and not part.fills:
            raise Refused(f"part {number} of several has fewer dimensions than "
                          "the input")
        lines.rules = Rules(net, part)
        tree = kind(lines.rules, lines, header.shard)
        for cell, point in tree.follow():
            if several or kind is Points:
                pattern = tree.pattern(cell, point)
                regions += pattern not in seen
                seen.add(pattern)
            else:
                regions += 1
        common = tree.common
    letter, numbers, _ = lines.next()
    if letter != "E" or len(numbers) != (header.shard is not None):
        raise Refused("'E' should be here")
    if not lines.is_over():
        raise Refused("there is something behind the end")
    if numbers and numbers[0] != regions:
        raise Refused(f"{numbers[0]} regions are claimed, {regions} are proved")
    return regions, common


def prove(data, net, kind=Tree, seen=None):
    """The header of a certificate, all of which is proved; of Points, that
    there are at least so many regions.  header.found: how many; header.common:
    what all of several files must have.  seen: patterns that count no more."""
    header = Header(data)
    if net.sha256 != header.model:
        raise Refused("line 2: the certificate is of another file")
    if (net.n_inputs, net.n_units) != (header.n_inputs, header.n_units):
        raise Refused(f"lines 4 and 5: the network has {net.n_inputs} inputs "
                      f"and {net.n_units} units")
    lines = Lines(header, data)
    try:
        header.found, header.common = count(
            net, header, lines, kind, set() if seen is None else seen)
    except Refused as error:
        raise Refused(f"line {lines.number} of the body: {error}") from None
    if header.shard is None and header.found != header.regions:
        raise Refused(f"line 6: {header.regions} regions are claimed, "
                      f"{header.found} are proved")
    return header


def need_alike(headers):
    """That files are parts of one proof, all different."""
    first, which = headers[0], [h.shard and h.shard[0] for h in headers]
    for i, header in enumerate(headers[1:], 1):
        if header.shard is None or first.shard is None or (
                header.shard[1] != first.shard[1]):
            raise Refused(f"certificate {i} is no other part of the first one")
        if [p.text for p in header.parts] != [p.text for p in first.parts]:
            raise Refused(f"certificate {i} is of another domain than the first "
                          "one")
        if header.common != first.common:
            raise Refused(f"certificate {i} has other cells than the first one")
        if which[i] in which[:i]:
            raise Refused(f"certificates {which.index(which[i])} and {i} are "
                          "the same part")


def check(certificates, model, kind):
    net, headers, seen = Network(model), [], set()
    for path in certificates:
        with open(path, "rb") as file:
            headers.append(prove(file.read(), net, kind, seen))
    need_alike(headers)
    first, found = headers[0], sum(h.found for h in headers)
    where = ""
    if first.shard and len(headers) < first.shard[1]:
        where = f"in the cells of {len(headers)} of {first.shard[1]} parts of "
    print(f"VERIFIED: the network in {model} (sha256 {first.model})\n"
          f"has {'at least' if kind is Points else 'exactly'} {found} "
          f"activation region{'s' * (found != 1)} "
          f"{where or 'on '}the set of all x with")
    print("\nor ".join(part.text for part in first.parts))


def main():
    words = sys.argv[1:]
    try:
        if len(words) == 2 and words[0] == "--dump":
            sys.stdout.write(dump(Network(words[1])))
        elif len(words) > 2 and words[0] == "--points":
            check(words[1:-1], words[-1], Points)
        elif len(words) > 1 and not words[0].startswith("--"):
            check(words[:-1], words[-1], Tree)
        else:
            print(__doc__, file=sys.stderr)
            return 2
    except (Refused, OSError) as error:
        print(f"REFUSED: {error}")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
