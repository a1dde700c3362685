#!/usr/bin/python3
"""Makes tests/data/domains/: domain and data files with one defect each, and
expected.json with, for each file, the command line `args` after
`pleats count MODEL` (@ is the file) and `words` that the message must hold.
The model has two inputs.  Every run makes the same bytes.
"""
import io
import json
import pathlib
import zipfile

import numpy as np

MADE = {}


def add(name, content, args, *words):
    assert name not in MADE, name
    if isinstance(content, str):
        content = content.encode()
    MADE[name] = (content, {"args": args, "words": list(words)})


def json_files(kind, good, cases):
    """Each case: (tag, what replaces or extends `good` or is the text,
    words...); a key with value ... is left out."""
    for tag, change, *words in cases:
        if isinstance(change, dict):
            change = json.dumps({k: v for k, v in {**good, **change}.items()
                                 if v is not ...})
        add(f"{kind}_{tag}.json", change,
            [f"--{kind}", "@@" if kind == "box" else "@"], *words)


PLANE = {"origin": [0, 0], "u": [1, 0], "v": [0, 1], "box": [-1, 1, -1, 1]}


def planes():
    json_files("plane", PLANE, [
        ("no_origin", {"origin": ...}, "origin"),
        ("no_u", {"u": ...}, r"\bu\b"),
        ("no_v", {"v": ...}, r"\bv\b"),
        ("short_origin", {"origin": [0]}, "origin", "2"),
        ("long_u", {"u": [1, 0, 0]}, r"\bu\b", "2"),
        ("empty_v", {"v": []}, r"\bv\b", "2"),
        ("origin_number", {"origin": 0}, "origin"),
        ("origin_nested", {"origin": [[0, 0]]}, "origin"),
        ("origin_object", {"origin": {"0": 0, "1": 0}}, "origin"),
        ("origin_null", {"origin": [0, None]}, "origin"),
        ("origin_true", {"origin": [0, True]}, "origin"),
        ("origin_word", {"origin": [0, "zero"]}, "origin"),
        ("origin_blank", {"origin": [0, ""]}, "origin"),
        ("origin_nan_text", {"origin": [0, "nan"]}, "origin"),
        ("origin_inf_text", {"origin": [0, "inf"]}, "origin"),
        ("origin_hex_text", {"origin": [0, "0x10"]}, "origin"),
        ("origin_over_zero", {"origin": [0, "1/0"]}, "origin"),
        ("origin_half_fraction", {"origin": [0, "1/"]}, "origin"),
        ("origin_huge_exponent", {"origin": [0, "1e999999999"]}, "origin"),
        ("origin_huge_fraction", {"origin": [0, "1/1e999999999"]}, "origin"),
        ("origin_tiny_exponent", {"origin": [0, "1e-999999999"]}, "origin"),
        ("origin_overflowing_exponent",
         {"origin": [0, "1e99999999999999999999"]}, "origin"),
        ("box_short", {"box": [-1, 1, -1]}, "box"),
        ("box_crossed", {"box": [1, -1, -1, 1]}, "box"),
        ("box_crossed_t", {"box": [-1, 1, 1, -1]}, "box"),
        ("box_text", {"box": "-1,1"}, "box"),
        ("unknown_key", {"orgin": [0, 0]}, "orgin"),
        ("nan", '{"origin": [NaN, 0], "u": [1, 0], "v": [0, 1]}'),
        ("infinity", '{"origin": [Infinity, 0], "u": [1, 0], "v": [0, 1]}'),
        ("overflow", '{"origin": [1e999, 0], "u": [1, 0], "v": [0, 1]}'),
        ("twice", '{"origin": [0, 0], "origin": [1, 1], "u": [1, 0], '
         '"v": [0, 1]}', "origin|duplicate|twice"),
        ("list", "[[0, 0], [1, 0], [0, 1]]"),
        ("empty", ""),
        ("text", "origin 0 0"),
        ("cut", json.dumps(PLANE)[:40]),
        ("more", json.dumps(PLANE) + "{}"),
        ("bytes", b"\xff\xfe\0\1" * 20),
        ("control_characters", '{"origin": \x1b[31m}'),
        ("zero_byte", b'{"origin\0": [0, 0]}'),
    ])


def others():
    json_files("box", {"lo": [-1, -1], "hi": [1, 1]}, [
        ("no_lo", {"lo": ...}, r"\blo\b"),
        ("no_hi", {"hi": ...}, r"\bhi\b"),
        ("short_lo", {"lo": [-1]}, r"\blo\b", "2"),
        ("long_hi", {"hi": [1, 1, 1]}, r"\bhi\b", "2"),
        ("crossed", {"lo": [-1, 2]}),
        ("number", {"lo": -1}, r"\blo\b"),
        ("null", {"lo": [None, -1]}, r"\blo\b"),
        ("unknown_key", {"low": [-1, -1]}, "low"),
    ])
    json_files("line", {"origin": [0, 0], "u": [1, 0], "range": [-1, 1]}, [
        ("no_origin", {"origin": ...}, "origin"),
        ("no_u", {"u": ...}, r"\bu\b"),
        ("short_u", {"u": [1]}, r"\bu\b"),
        ("crossed", {"range": [1, -1]}, "range|interval"),
        ("range_short", {"range": [1]}, "range"),
        ("unknown_key", {"v": [0, 1]}, r"\bv\b"),
    ])
    json_files("polytope", {"A": [[1, 0], [0, 1]], "b": [1, 1]}, [
        ("no_a", {"A": ...}, r"\bA\b"),
        ("no_b", {"b": ...}, r"\bb\b"),
        ("few_b", {"b": [1]}, r"\bb\b|rows"),
        ("wide_rows", {"A": [[1, 0, 0], [0, 1, 0]]}, r"\bA\b"),
        ("ragged", {"A": [[1, 0], [0]]}, r"\bA\b"),
        ("flat", {"A": [1, 0, 0, 1]}, r"\bA\b"),
        ("word", {"b": [1, "x"]}, r"\bb\b"),
        ("unknown_key", {"c": [1]}, r"\bc\b"),
    ])


DECLARED = "".join(f"(declare-const {v} Real)\n"
                   for v in ("X_0", "X_1", "Y_0"))
BOXED = ("(assert (>= X_0 -1))\n(assert (<= X_0 1))\n"
         "(assert (>= X_1 -1))\n(assert (<= X_1 1))\n")


def vnnlib():
    def v(tag, text, *words):
        add(f"vnnlib_{tag}.vnnlib", text, ["--vnnlib", "@"], *words)
    v("empty", "")
    v("comment_only", "; nothing here\n")
    v("unclosed", DECLARED + BOXED[:-2])
    v("closed_twice", DECLARED + BOXED + ")")
    v("bare_word", DECLARED + BOXED + "X_0")
    v("unknown_input", DECLARED + BOXED + "(assert (<= X_7 1))", "X_7")
    v("unknown_variable", DECLARED + BOXED + "(assert (<= Z_0 1))", "Z_0")
    v("undeclared", BOXED, "X_0")
    v("third_input", "(declare-const X_2 Real)" + DECLARED + BOXED
      + "(assert (<= X_2 1))", "X_2|3|input")
    two = ("(vnnlib-version <2.0>)\n(declare-network N\n"
           "(declare-input X float32 [1,2])\n"
           "(declare-output Y float32 [1,1]))\n")
    v("2_version_3", two.replace("2.0", "3.0"), r"2\.0|vnnlib-version")
    v("2_past_end", two + "(assert (<= X[0,2] 1))", r"X\[0,2\]")
    v("2_few_indices", two + "(assert (<= X[0] 1))", r"X\[0\]")
    v("2_no_index", two + "(assert (<= X 1))", "X")
    v("2_output_past_end", two + "(assert (<= Y[1,0] 1))", r"Y\[1,0\]")
    v("2_huge_index", two + "(assert (<= X[0,99999999999] 1))", "X")
    v("2_open_bracket", two + "(assert (<= X[0,1 1))", r"\[|\]")
    v("2_word_index", two + "(assert (<= X[0,i] 1))", r"\[|\]")
    v("2_blank_index", two + "(assert (<= X[0,1 2] 1))", "X")
    v("2_bare_bracket", two + "(assert (<= [0,1] 1))")
    v("2_other_name", two + "(assert (<= Z[0,0] 1))", "Z")
    v("2_one_name", two + "(assert (<= X_0 1))", "X_0")
    v("2_three_inputs", two.replace("[1,2]", "[1,3]"), "X", "2")
    v("2_one_input", two.replace("[1,2]", "[1,1]"), "1 inputs", "2")
    v("2_overflow", two.replace("[1,2]", "[99999999,99999999,99999999]"), "X")
    v("2_no_shape", two.replace(" [1,2]", ""), "declare-input")
    v("2_twice", two + two, "one network")
    v("2_name_twice", two.replace("-output Y", "-output X"), "X", "twice")
    v("2_both", two + "(declare-const X_0 Real)", "1.0", "2.0")
    v("2_isomorphic", two.replace("network N", "network N (isomorphic-to M)"),
      "network")
    v("product", DECLARED + BOXED + "(assert (<= (* X_0 X_1) 1))",
      r"\*|linear")
    v("quotient", DECLARED + BOXED + "(assert (<= (/ 1 X_1) 1))")
    v("unknown_command", DECLARED + BOXED + "(frobnicate X_0)",
      "frobnicate")
    v("unknown_relation", DECLARED + BOXED + "(assert (~ X_0 1))", "~")
    v("one_sided", DECLARED + BOXED + "(assert (<= X_0))")
    v("no_relation", DECLARED + BOXED + "(assert X_0)")
    v("empty_assert", DECLARED + BOXED + "(assert)")
    v("bad_number", DECLARED + BOXED + "(assert (<= X_0 1.2.3))", "1.2.3")
    v("nan", DECLARED + BOXED + "(assert (<= X_0 nan))", "nan")
    v("huge_exponent", DECLARED + BOXED + "(assert (<= X_0 1e999999999))")
    v("not_real", "(declare-const X_0 String)" + BOXED, "String|Real")
    v("negation", DECLARED + BOXED + "(assert (not (<= X_0 0) (<= X_1 0)))",
      "not")
    v("divided_by_0", DECLARED + BOXED + "(assert (<= (/ X_0 (- 1 1)) 1))",
      "divisor")
    v("no_divisor", DECLARED + BOXED + "(assert (<= (/ X_0) 1))", "divisor")
    v("indexed", DECLARED + BOXED + "(assert (<= X_0[0] 1))", "X_0")
    v("indexed_number", DECLARED + BOXED + "(assert (<= X_0 1[0]))")
    v("indexed_type", DECLARED.replace("Real", "Real[1]") + BOXED)
    v("function", DECLARED + "(declare-fun f (Real) Real)" + BOXED)
    v("defined", DECLARED + BOXED + "(define-fun r ((a Real)) Real a)"
      "(assert (<= (r X_0) 1))", r"\+")
    v("implication", DECLARED + BOXED + "(assert (=> (<= X_0 1) (<= X_1 1)))",
      "=>")
    halves = "(assert (or (<= X_0 {0}) (>= X_0 {0})))\n"
    v("many_disjunctions", DECLARED + BOXED + "".join(
        halves.format(i / 64) for i in range(60)))
    v("bytes", b"\x80\x81\0\xff" * 30)


def npy(array, **header):
    """The bytes of an .npy file, with header entries replaced."""
    out = io.BytesIO()
    np.lib.format.write_array(out, array)
    data = out.getvalue()
    if not header:
        return data
    fields = {"descr": array.dtype.str, "fortran_order": False,
              "shape": array.shape, **header}
    text = "{" + ", ".join(f"'{k}': {v!r}" for k, v in fields.items()) + "}"
    return old_header(text) + data[128:]


def old_header(text, version=b"\x01\x00"):
    text = text.ljust(117) + "\n"
    return b"\x93NUMPY" + version + len(text).to_bytes(2, "little") \
        + text.encode()


def npz(members):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name), data)
    return out.getvalue()


def npz_files():
    x = np.array([[0.5, 0.25], [-0.5, 0.75], [0.125, -1]], np.float32)

    def rows(tag, content, *words, args=("--rows", "@:0,1,2")):
        if isinstance(content, np.ndarray):
            content = npy(content)
        if isinstance(content, bytes) and content[:1] == b"\x93":
            content = npz({"x.npy": content})
        add(f"rows_{tag}.npz", content, list(args), *words)
    good = npz({"x.npy": npy(x)})
    rows("empty", b"")
    rows("cut", good[:-30])
    rows("cut_early", good[:60])
    rows("no_zip", b"not a zip archive" * 9)
    rows("bare_npy", b" " + npy(x))
    rows("other_array", npz({"z.npy": npy(x)}), r"\bx\b")
    rows("fortran", np.asfortranarray(x), "fortran|order")
    rows("object", npy(x, descr="|O"), "float|type|object")
    rows("integers", (8 * x).astype(np.int64), "float|type")
    rows("half", x.astype(np.float16), "float|type")
    rows("complex", x.astype(np.complex64), "float|type")
    rows("record", npy(x, descr=[("a", "<f4"), ("b", "<f4")]))
    rows("wide", np.zeros((3, 3), np.float32), "2|3")
    rows("narrow", np.zeros((3, 1), np.float32), "2|1")
    rows("no_rows", np.zeros((0, 2), np.float32))
    rows("no_axis", np.array(1, np.float32))
    rows("nan", np.array([[0, 0], [1, np.nan], [0, 1]], np.float32),
         "nan|finite")
    rows("infinite", np.array([[0, 0], [1, np.inf], [0, 1]]), "inf|finite")
    rows("short_data", npy(x)[:-4])
    rows("long_data", npy(x) + b"1234")
    rows("huge_shape", npy(x, shape=(2 ** 40, 2)))
    rows("overflowing_shape", npy(x, shape=(2 ** 63, 2)))
    rows("wrapping_shape", npy(x, shape=(2 ** 61 + 3, 2, 4)))
    rows("negative_shape", npy(x, shape=(-3, 2)))
    rows("shape_no_tuple", npy(x, shape=6))
    rows("no_shape", old_header("{'descr': '<f4', 'fortran_order': False}")
         + x.tobytes())
    rows("header_cut", npy(x)[:60])
    rows("header_length", npy(x)[:8] + b"\xff\xff" + npy(x)[10:])
    rows("header_text", old_header("import os") + x.tobytes())
    rows("header_deep", old_header(("{'shape': " + "(" * 100)[:117])
         + x.tobytes())
    rows("version_9", old_header("{}", b"\x09\x00") + x.tobytes())
    rows("no_magic", npz({"x.npy": b"NUMPY" * 40}))
    rows("index_past_end", good, "3", args=("--rows", "@:0,1,3"))
    rows("index_huge", good, str(2 ** 62),
         args=("--rows", f"@:0,1,{2 ** 62}"))
    rows("at_past_end", good, "5", args=("--ball", "0.1", "--at", "@:5"))


def write(folder):
    folder.mkdir(exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    for name, (content, _) in MADE.items():
        (folder / name).write_bytes(content)
    lines = [f" {json.dumps(k)}: {json.dumps(MADE[k][1])}"
             for k in sorted(MADE)]
    (folder / "expected.json").write_text("{\n" + ",\n".join(lines) + "\n}\n")


if __name__ == "__main__":
    planes()
    others()
    vnnlib()
    npz_files()
    write(pathlib.Path(__file__).resolve().parent / "domains")
    print(len(MADE), "domain files")
