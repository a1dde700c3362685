"""The bounds of `pleats bound`, against numbers worked out elsewhere: printed
tables, or by hand as said at each.  Z(n, d) = sum of C(n, j), j <= d."""
import sys

# Bounds have as many digits as they have.
sys.set_int_max_str_digits(0)

# Arguments, and the value of each bound; None: it does not apply.
CASES = [
    # The 2-4-4 row of the table of fully connected networks.  From below:
    # 2^2 Z(4,2), 2 Z(4,2), 2 (C(1,0) + C(1,1)) w and the same with w + 1 = 5.
    (["mlp:2,4,4,1"],
     {"patterns": 256, "montufar-2017": 121, "serra-2018": 121,
      "hinz-2019-serra": 121, "hinz-2019-line": 115, "hinz-2021": 109,
      "montufar-2014": 44, "pascanu-2013": 22, "arora-2018": 16,
      "serra-2018-zonotope": 20, "first-layer": 11,
      "serra-2018-lower": None, "conv-aware": None}),
    # The row d_2 = 2 of docs/theory.md 4.1; 8 (d^3 + d^2 + d + 1) from below,
    # and 55 = R_N of 1x4 by two 1x2 filters.
    (["cnn:in=1x4/conv=2@2/relu/conv=2@2/relu"],
     {"conv-aware": 795, "hinz-2021": 805, "hinz-2019-line": 811,
      "serra-2018": 817, "xiong-2020-upper": 880, "montufar-2017": 912,
      "zaslavsky": 912, "patterns": 1024, "xiong-2020-lower": 120,
      "first-layer": 55}),
    # 3-3-3 as fully connected: sum over j <= 3 of C(3,j) Z(3, 3-j)
    # = 1*8 + 3*7 + 3*4 + 1*1; Theorem 5 says nothing about padded layers.
    (["cnn:in=1x3/conv=1@3,p=1/relu/conv=1@3,p=1/relu"],
     {"serra-2018": 42, "conv-aware": 42, "xiong-2020-upper": 64,
      "first-layer": 8, "xiong-2020-lower": None, "active-sets": 40}),
    # Sets of active units below a pool, the table of docs/theory.md 4.4; 161 is
    # the formula for the layer alone.
    (["cnn:in=1x4/conv=2@3,p=1/relu/maxpool=2"],
     {"active-sets": 496, "pooled-units": 504, "conv-aware": 2576,
      "folds": 161, "first-layer": 161, "flat-pieces": None}),
    # Hard tanh, docs/theory.md 4.3; from below 3^0 .. one fold of 2 * 3 - 1
    # pieces of one coordinate and a layer of 3 units: 5 (1 + 3 2).
    (["mlp:3,3,3,1:hardtanh"],
     {"flat-pieces": 233, "active-sets": 233, "montufar-2017": 729,
      "folds": 35, "serra-2018": None}),
    # Padded folds, docs/theory.md 5.2: 4^4 times 161.
    (["cnn:in=1x4/conv=4@3,p=1/relu/conv=2@3,p=1/relu"],
     {"folds": 41216, "first-layer": 2305, "xiong-2020-lower": None}),
    # No biases, on the plane: twice (4 + 1)^2, two parallel lines' numbers.
    (["cnn:in=2/fc=4,nobias/relu/fc=4,nobias/relu"],
     {"cones": 50, "first-layer": 8, "folds": None}),
    # A layer of n maxima of 3: sum over j <= 2 of C(3,j) 2^j = 19 and
    # Z(3 * 3, 2) = 46.
    (["mlp:2,3,3,1:maxout=3"],
     {"montufar-ren-zhang-2022": 361, "serra-2018-maxout": 2116,
      "goujon-2022": 361, "patterns": 729, "serra-2018": None}),
    # No piece is flat, so that only widths bound the rank: Z(3,2)^2; one fold
    # of each input from below: 1 * Z(3,2).
    (["mlp:2,3,3,1:leakyrelu"],
     {"montufar-2017": 49, "patterns": 64, "serra-2018": None, "pl-fold": 7,
      "montufar-2014": None}),
    # 2^4 in the branch, 2^2 maxima, and 4 units that read 2 numbers: Z(4,2).
    (["cnn:in=1x4/res{conv=1@3,p=1/relu}/maxpool=2/flatten/fc=4/relu"],
     {"goujon-2022": 704, "xie-2020": 704, "conv-aware": 704,
      "zaslavsky": 1024, "patterns": 1024, "montufar-2017": None,
      "first-layer": None}),
    # 2-16-16: Z(16,2) = 137; 9^2 Z(16,2) and 8^2 Z(16,2) from below.
    (["EXAMPLES/moons.onnx"],
     {"montufar-2017": 18769, "serra-2018": 18769, "hinz-2021": 18769,
      "serra-2018-lower": 11097, "montufar-2014": 8768}),
    # On this box two lines of the first layer pass, and no unit of the second
    # layer changes sign: Z(2,2) whatever the ranges are found by.
    (["EXAMPLES/moons.onnx", "--box", "0.1,0.3"],
     {"patterns": 4, "zaslavsky": 4, "serra-2018": 4, "hinz-2021": 4,
      "serra-2018-lower": None, "first-layer": None}),
    # One filter on one channel without padding: all normals independent.
    (["cnn:in=1x3000/conv=1@3/relu"],
     {"patterns": 2 ** 2998, "first-layer": 2 ** 2998}),
    # Numbers beyond ten million digits are left out, at once.
    (["mlp:1073741824,1073741824,1073741824,1"],
     {"patterns": None, "first-layer": None, "montufar-2014": None}),
    (["cnn:in=1x30000x30000/conv=1@3x3/relu/conv=1@3x3/relu"],
     {"patterns": None, "first-layer": None, "xiong-2020-lower": None}),
]


def check(program, checks):
    for arguments, want in CASES:
        answer, wrong = program.json("bound", *arguments)
        if not wrong:
            wrong = differences(answer, want)
        checks.add(f"bound {' '.join(arguments)}", wrong)


def differences(answer, want):
    found = {b["name"]: b["value"] and int(b["value"])
             for b in answer["bounds"]}
    for name, value in want.items():
        if found.get(name, "missing") != value:
            return f"{name} is {found.get(name, 'missing')}, not {value}"
    for side, best in ("upper", min), ("lower", max):
        values = [found[b["name"]] for b in answer["bounds"]
                  if b["applies"] and b["side"] == side]
        said = answer[f"best_{side}"] and int(answer[f"best_{side}"])
        if said != best(values, default=None):
            return f"best_{side} is {said}, of {values}"
    return ""
