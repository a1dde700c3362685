#!/usr/bin/python3
"""VNN-LIB files against the same sets written in other ways.
Usage: test_vnnlib.py PLEATS MODEL CASES

MODEL has two inputs.  Each text has as many regions as what `like` says: a box,
a line or a polytope from a JSON file, which another reader reads; {} is the
empty set.  CASES is a folder of published forms."""
import gzip
import json
import pathlib
import sys
import tempfile

from harness import Checks, arguments, ended, refused, run

ONE = "".join(f"(declare-const {v} Real)\n" for v in ("X_0", "X_1", "Y_0"))
TWO = ("(vnnlib-version <2.0>)\n(declare-network f ; one\n"
       "  (declare-input X float32 [1,2])\n"
       "  (declare-output Y float32 [1]))\n")


def box(a, b, c, d):
    return {"--box": {"lo": [a, c], "hi": [b, d]}}


def polytope(*rows):
    return {"--polytope": {"A": [r[:2] for r in rows],
                           "b": [r[2] for r in rows]}}


def line(origin, u, *bounds):
    return {"--line": {"origin": origin, "u": u, "range": list(bounds)}}


UNIT = box(0, 1, 0, 1)
SQUARE = "(and (>= X_0 0)(<= X_0 1)(>= X_1 0)(<= X_1 1))"


def a(*formulas):
    return "".join(f"(assert {f})\n" for f in formulas)


# (name, text, like); several in `like` are all of them together, disjoint.
CASES = [
    ("1.0", ONE + a(SQUARE), UNIT),
    ("mark and line ends", "\ufeff" + (ONE + a(SQUARE)).replace("\n", "\r\n"),
     UNIT),
    ("comments in UTF-8", "; \u00b5 \u202e (\n" + ONE + a(SQUARE) + ";\u00e9",
     UNIT),
    ("declare-fun", ONE.replace("const", "fun").replace(" Real", " () Real")
     + a(SQUARE), UNIT),
    ("SMT-LIB", "(set-logic QF_LRA)(set-info :status sat)" + ONE + a(SQUARE)
     + "(define-fun relu ((v Real)) Real v)(check-sat)(get-model)(exit)",
     UNIT),
    ("strict", ONE + a("(> X_0 0)", "(< X_0 1)", "(< 0 X_1)", "(> 1 X_1)"),
     UNIT),
    ("not", ONE + a("(not (or (< X_0 0) (> X_0 1)))",
                    "(not (not (and (>= X_1 0) (not (> X_1 1)))))"), UNIT),
    ("equation", ONE + a("(= X_1 0.5)", "(>= X_0 0)", "(<= X_0 1)"),
     line([0, 0.5], [1, 0], 0, 1)),
    ("equation of two", ONE + a("(== X_1 (* 2 X_0))", "(>= X_0 0)",
                                "(<= X_0 1)"), line([0, 0], [1, 2], 0, 1)),
    ("equation, negated twice", ONE + a(
        "(not (!= X_1 0.5))", "(>= X_0 0)", "(<= X_0 1)"),
     line([0, 0.5], [1, 0], 0, 1)),
    ("arithmetic", ONE + a("(<= (+ (* 2.0 X_0) (- X_1)) 1)", "(<= X_0 X_1)",
                           "(>= X_0 (- 1))", "(<= X_1 (/ 1 3))"),
     polytope([2, -1, 1], [1, -1, 0], [-1, 0, 1], [0, 1, "1/3"])),
    ("quotients", ONE + a("(<= (/ (+ X_0 X_1) 2 (- 4)) (/ 3 (+ 1 1) 4))",
                          "(<= X_0 1)", "(<= X_1 1)"),
     polytope(["-1/8", "-1/8", "3/8"], [1, 0, 1], [0, 1, 1])),
    ("outputs", ONE + a(SQUARE, "(< Y_0 0)", "(not (<= Y_0 1))",
                        "(or (= Y_0 3) (> Y_0 X_0))"), UNIT),
    ("constants", ONE + a(SQUARE, "(< 1 2)", "(!= 1 2)", "(not (= 1 2))"),
     UNIT),
    ("2.0", TWO + a("(and (>= X[0,0] 0) (<= X[0,0] 1))",
                    "(and (>= X [0, 1] 0) (<= X[ 0 ,1 ] 1))",
                    "(or (<= Y[0] -3.0) (>= Y[0] 0.0))"), UNIT),
    ("2.0, two inputs", TWO.replace("X float32 [1,2])", "X float32 [])\n"
                                    "  (declare-input Z real [1])")
     + a("(>= X 0)", "(< X 1)", "(>= Z[0] -1)", "(<= Z[0] 1/2)"),
     box(0, 1, -1, 0.5)),
    ("2.0, hidden", TWO.replace("(declare-output", "(declare-hidden H float32 "
                                "[7] \"relu\")\n  (declare-output")
     + a("(>= X[0,0] 0)", "(<= X[0,0] 1)", "(= X[0,1] 0.5)", "(> H[6] 0)"),
     line([0, 0.5], [1, 0], 0, 1)),
    # nothing is left
    ("empty bounds", ONE + a(SQUARE, "(> X_0 1)"), {}),
    ("empty, two bounds", ONE + a(SQUARE, "(< X_0 0)"), {}),
    ("empty, half open", ONE + a("(>= X_0 1)", "(< X_0 1)", "(= X_1 0)"), {}),
    ("empty, open at both", ONE + a("(> X_0 1)", "(< X_0 1)", "(= X_1 0)"),
     {}),
    ("empty by rows", ONE + a("(< (+ X_0 X_1) 0)", "(>= (+ X_0 X_1) 0)",
                              "(>= X_0 0)", "(<= X_0 1)"), {}),
    ("empty by a row and bounds", ONE + a(SQUARE, "(< (+ X_0 X_1) 0)"), {}),
    ("empty by a bound and rows", ONE + a("(> X_0 0)", "(<= (+ X_0 X_1) 0)",
                                          "(>= X_1 0)"), {}),
    ("empty by three", ONE + a("(< X_0 X_1)", "(<= X_1 (* 2 X_0))",
                               "(<= X_0 0)"), {}),
    ("empty constants", ONE + a(SQUARE, "(< 1 1)"), {}),
    ("empty, not of true", ONE + a(SQUARE, "(not (<= 1 2))"), {}),
    ("an open corner is left", ONE + a(SQUARE, "(< (+ X_0 X_1) 1)",
                                       "(> X_0 X_1)"),
     polytope([-1, 0, 0], [0, -1, 0], [1, 1, 1], [-1, 1, 0])),
    ("an open segment", ONE + a("(> X_0 0)", "(< X_0 1)", "(= X_1 X_0)"),
     line([0, 0], [1, 1], 0, 1)),
    ("a cut line", ONE + a(SQUARE, "(!= X_0 0.5)"), UNIT),
    ("a cut line of two", ONE + a(SQUARE, "(distinct X_0 X_1)"), UNIT),
    ("one of two is empty", ONE + a(
        f"(or (and {SQUARE} (< X_0 0)) {SQUARE})"), UNIT),
]
# What the files of the folder must give, as counts of sets like them.
PUBLISHED = {
    "arith": polytope([2, -1, 1], [1, -1, 0], [-1, 0, 1], [0, 1, "1/3"]),
    "bom": UNIT, "crlf": UNIT, "declfun": UNIT, "mixed_rel": UNIT,
    "strictnot": UNIT, "utf8comment": UNIT, "empty": {},
    "disj": box(-1, 1, -1, 1), "nospaces": box(-1, 1, -1, 1),
    "or_single": box(-1, 1, -1, 1), "numbers": box(-1, 1, -1, 0.5),
    "eq": line([0, 0.5], [1, 0], 0, 1), "smt": line([0, 0.5], [1, 0], 0, 1),
    "simplex": polytope([1, 1, 1], [-1, 0, 0], [0, -1, 0]),
    "unbounded": polytope([-1, 0, 0], [1, 0, 1]),
    "mixed_or": {"--all": None}, "toofew": None}


def main():
    options = arguments(model="a network with two inputs",
                        cases="folder of published forms")
    checks = Checks()

    def count(*args):
        return run([options.pleats, "count", options.model, "--json", *args],
                   30)

    def regions(folder, like):
        """What the same set has when it is written in another way."""
        if not like:
            return "0"
        (flag, content), = like.items()
        path = folder / "like.json"
        path.write_text(json.dumps(content))
        result = count(flag, *([] if content is None else
                               ["@" + str(path) if flag == "--box" else path]))
        return json.loads(result.stdout)["regions"]

    def check(folder, name, path, like):
        result = count("--vnnlib", path)
        if like is None:
            return checks.add(name, refused(result, []))
        wrong = ended(result, 0)
        if not wrong:
            got, want = json.loads(result.stdout)["regions"], regions(folder,
                                                                      like)
            wrong = "" if got == want else f"{got} instead of {want}"
        return checks.add(name, wrong)

    with tempfile.TemporaryDirectory() as top:
        folder = pathlib.Path(top)
        path = folder / "p.vnnlib"
        for name, text, like in CASES:
            path.write_bytes(text.encode())
            check(folder, name, path, like)
            path.write_bytes(gzip.compress(text.encode()))
            check(folder, f"{name}, packed", path, like)
        found = sorted(pathlib.Path(options.cases).glob("*.vnnlib"))
        checks.add("published forms",
                   "" if {p.stem for p in found} == set(PUBLISHED)
                   else f"found {found}")
        for case in found:
            check(folder, case.name, case, PUBLISHED[case.stem])
    checks.finish()


if __name__ == "__main__":
    sys.exit(main())
