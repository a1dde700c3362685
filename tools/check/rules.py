"""The network over the coordinates of a part of the domain, in integers."""
import math
from fractions import Fraction

from network import Affine, Bent, Refused


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
