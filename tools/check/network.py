"""A network in an ONNX file as exact arithmetic: scalars that are sums of others,
piecewise-linear functions of one, or maxima of several.

Nothing here is shared with pleats; files are read by python3-onnx.  Numbers in a
file are taken as the rationals that they are, and the network computes with
rationals.  What is not listed in OPERATORS is refused, and so is an attribute that
an operator does not ask for.
"""
import hashlib
from fractions import Fraction

import onnx
from onnx import helper, numpy_helper

import constants
import moves
import places
import sums
import units
import windows
from tensors import (Affine, Attributes, Bent, Refused, Scalar, Smooth, exact,
                     is_whole, shaped)


def smooth(net, at, x):
    """Of what depends on the input: nothing is known but that it bends nowhere.
    Attributes do not change that."""
    at.unread.clear()
    if is_whole(x) or not any(isinstance(e, Scalar) for e in x.flat):
        raise Refused("a smooth function of constants")
    return shaped([Smooth() for _ in x.flat], x.shape)


SMOOTH = ("Atan", "Erf", "Exp", "LogSoftmax", "Sigmoid", "Sinh", "Softmax",
          "Softplus", "Softsign", "Tanh")
# By name, with the domain in front where it is not ONNX's own.
OPERATORS = {**moves.OPERATORS, **sums.OPERATORS, **windows.OPERATORS,
             **units.OPERATORS, **places.OPERATORS, **constants.OPERATORS,
             **{name: smooth for name in SMOOTH}}
OPSETS = range(7, 27)   # of ONNX's own
FLOATS = {onnx.TensorProto.FLOAT, onnx.TensorProto.DOUBLE,
          onnx.TensorProto.FLOAT16, onnx.TensorProto.BFLOAT16}


class Network:
    """Scalars 0 .. n_inputs - 1 are the input, the others have definitions
    rule[number - n_inputs].  steps: ranges of numbers that are units, in the
    order in which nodes are computed; tensor: by name; outputs: names."""

    def __init__(self, path):
        with open(path, "rb") as file:
            self.sha256 = hashlib.sha256(file.read()).hexdigest()
        self.rule, self.steps, self.n_inputs = [], [], 0
        try:
            model = onnx.load(str(path))
        except Exception as error:
            raise Refused(f"{path}: no ONNX file: {error}") from error
        graph = model.graph
        self.opset = max([o.version for o in model.opset_import
                          if o.domain in ("", "ai.onnx")], default=1)
        if self.opset not in OPSETS or graph.sparse_initializer:
            raise Refused(f"opset {self.opset}, or sparse parameters")
        made = [t.name for t in graph.initializer] + [
            o for node in graph.node for o in node.output if o]
        if len(set(made)) < len(made):
            raise Refused("two tensors of one name")
        if any(key(f.domain, f.name) in OPERATORS for f in model.functions):
            raise Refused("a function that takes the place of an operator")
        self.tensor = {t.name: stored(t) for t in graph.initializer}
        self.outputs = [o.name for o in graph.output]
        order, read = in_order(graph, set(self.tensor))
        self.read_inputs(graph, read)
        for node in order:
            self.run(node)
        for name in self.outputs:
            self.look_up(name)

    @property
    def n_units(self):
        return sum(len(step) for step in self.steps)

    def read_inputs(self, graph, read):
        """The inputs that are read, one after the other."""
        for i in graph.input:
            if i.name in self.tensor or i.name not in read:
                continue
            kind = i.type.tensor_type
            dims = [d.dim_value for d in kind.shape.dim]
            # The batch may have no size; it is of one.
            if len(dims) > 1 or dims == [0]:
                dims[0] = max(dims[0], 1)
            if kind.elem_type not in FLOATS or min(dims, default=1) < 1 or \
                    not kind.HasField("shape"):
                raise Refused(f"input {i.name}: no floats, or of no known size")
            cells = 1
            for d in dims:
                cells *= d
            self.tensor[i.name] = shaped(
                [Scalar(self.n_inputs + j) for j in range(cells)], dims)
            self.n_inputs += cells

    def look_up(self, name):
        if name not in self.tensor:
            raise Refused(f"tensor {name} is not there, or not known here")
        return self.tensor[name]

    def run(self, node):
        operator = key(node.domain, node.op_type)
        where = f"node {node.name or node.output[0]} ({node.op_type})"
        if operator not in OPERATORS:
            raise Refused(f"{where}: the operator is not known here")
        at = Attributes({a.name: helper.get_attribute_value(a)
                         for a in node.attribute}, self.opset,
                        sum(bool(o) for o in node.output))
        operands = [self.look_up(i) if i else None for i in node.input]
        try:
            result = OPERATORS[operator](self, at, *operands)
        except Refused as error:
            raise Refused(f"{where}: {error}") from None
        except Exception as error:  # of Python or numpy, by what does not fit
            why = " ".join(str(error).split())
            raise Refused(f"{where}: cannot be read: {why}") from error
        if at.unread:
            raise Refused(f"{where}: the attribute {min(at.unread)} is not "
                          "known here")
        result = result if isinstance(result, tuple) else (result,)
        for name, value in zip(node.output, result):
            if name:
                self.tensor[name] = value

    # ---- scalars

    def add(self, rule):
        self.rule.append(rule)
        return Scalar(self.n_inputs + len(self.rule) - 1)

    def sum(self, terms, bias=Fraction(0)):
        """The element bias + sum of weight * element: a Scalar when one of them
        is, even with the weight 0."""
        sums_of, constant = {}, True
        terms = list(terms)
        if any(isinstance(element, Smooth) for element, _ in terms):
            return Smooth()
        for element, weight in terms:
            if isinstance(element, Scalar):
                constant = False
                sums_of[element.number] = sums_of.get(element.number, 0) + weight
            else:
                element = element * weight
                bias = bias + element
            if isinstance(element, float):
                raise Refused("a number that is not finite")
        if constant:
            return bias
        return self.add(Affine([(i, w) for i, w in sums_of.items() if w], bias))

    def number(self, element):
        """Number of the scalar that an element is; constants get one."""
        if isinstance(element, Smooth):
            raise Refused("a unit behind a smooth function")
        if isinstance(element, float):
            raise Refused("a number that is not finite")
        if not isinstance(element, Scalar):
            element = self.add(Affine([], element))
        return element.number

    def units(self, shape, make):
        """A step of units: make holds for each a function that makes its rule
        and may add scalars before."""
        rules = [one() for one in make]
        first = self.n_inputs + len(self.rule)
        cells = [self.add(rule) for rule in rules]
        self.steps.append(range(first, first + len(cells)))
        return shaped(cells, shape)


def key(domain, name):
    """An operator's name in OPERATORS."""
    return name if domain in ("", "ai.onnx") else f"{domain}.{name}"


def stored(tensor):
    try:
        return exact(numpy_helper.to_array(tensor))
    except Refused as error:
        raise Refused(f"parameter {tensor.name}: {error}") from None
    except Exception as error:
        raise Refused(f"parameter {tensor.name}: its type is not known "
                      "here") from error


def in_order(graph, known):
    """(the nodes that the outputs need, names that are read): depth first from
    the first output on, a node behind what it reads, in the order of its
    inputs."""
    maker = {o: node for node in graph.node for o in node.output if o}
    order, done, read = [], set(known), {o.name for o in graph.output}
    for output in graph.output:
        path = [output.name]
        while path:
            node = maker.get(path[-1])
            read.update(node.input if node else [])
            rest = [i for i in node.input if i in maker and i not in done] \
                if node and path[-1] not in done else []
            if rest and rest[0] in path:
                raise Refused(f"the graph has a cycle through {rest[0]}")
            if rest:
                path.append(rest[0])
                continue
            if node and path[-1] not in done:
                order.append(node)
                done.update(node.output)
            path.pop()
    return order, read


# ---- the plain text of a network, which the checker in C reads


def dump(net):
    """Lines of docs/certificates.md, "The network as text"."""
    lines = ["pleats-network/1", f"model {net.sha256}",
             f"inputs {net.n_inputs}", f"scalars {len(net.rule)}"]
    begins = {step.start: len(step) for step in net.steps}
    for i, rule in enumerate(net.rule):
        if net.n_inputs + i in begins:
            lines.append(f"units {begins[net.n_inputs + i]}")
        lines.append(rule_line(rule))
    return "\n".join(lines + ["end", ""])


def rule_line(rule):
    if isinstance(rule, Affine):
        terms = [f"{s} {w}" for s, w in rule.terms]
        return " ".join(["a", str(rule.bias), str(len(terms)), *terms])
    if isinstance(rule, Bent):
        pieces = [f"{s} {c}" for s, c in zip(rule.slope, rule.intercept)]
        return " ".join(["b", str(rule.scalar), str(len(rule.at)),
                         *map(str, rule.at), *pieces])
    return " ".join(["n" if rule.is_min else "m", str(len(rule.scalars)),
                     *map(str, rule.scalars)])
