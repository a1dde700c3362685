"""The published formula by `pleats layer --what formula`, against values of a
separate prototype, the small ones also of the plain sum of docs/theory.md 3.1;
and which keys each word of --what brings."""
import os

# Spec of the layer, and R_N.
FORMULA = [
    ("cnn:in=1x6x6/conv=4@3x3/relu", 15732401019738085837),
    ("cnn:in=1x6x6/conv=8@3x3/relu", 93255314642045210638718519936000),
    ("cnn:in=3x6x6/conv=8@3x3/relu", 340282366920938436888993055758036220955),
    ("cnn:in=1x6x6/conv=2@3x3,p=1/relu", 2565688064889598940902),
    ("cnn:in=1x7x7/conv=8@3x3/relu",
     103661177375738009907568042731418904324880722253),
    ("cnn:in=1x8x8/conv=8@2x2/relu",
     901243637012001750926666713599113514497176183310341647413129427511333923),
    ("cnn:in=3x8x8/conv=16@3x3,s=2/relu",
     22300745198530623141535718272648361505980416),
]
# The largest one: its first digits, and how many it has.
LARGE = ("cnn:in=1x8x8/conv=8@3x3/relu", "41334046609309480632", 65)
LARGE_MEMORY = 2 << 30
ALL = {"formula": ["formula"], "generic": ["generic", "sentence"],
       "no-bias": ["no_bias", "nonzero_breaks"], "bounded": ["bounded"],
       "slice": ["slice"],
       "independent": ["independent", "independent_label", "characteristic"],
       "polynomial": ["polynomial", "monomial", "polynomial_label",
                      "leading"]}


def check(program, checks):
    for spec, value in FORMULA:
        answer, wrong = program.json("layer", spec, "--what", "formula")
        if not wrong and answer["formula"]["value"] != str(value):
            wrong = f"{answer['formula']['value']}, not {value}"
        checks.add(f"formula of {spec}", wrong)
    if int(os.environ.get("PLEATS_TEST_MULTIPLIER", "1")) > 1:
        large(program, checks)
    keys(program, checks)


def large(program, checks):
    spec, first, digits = LARGE
    memory = None if program.is_slow else LARGE_MEMORY
    answer, wrong = program.json("layer", spec, "--what", "formula",
                                 memory=memory)
    value = "" if wrong else answer["formula"]["value"]
    if not wrong and (value[:len(first)], len(value)) != (first, digits):
        wrong = value
    checks.add(f"formula of {spec}", wrong)


def keys(program, checks):
    """Each word fills its keys; those of other words are null."""
    for word, own in ALL.items():
        answer, wrong = program.json(
            "layer", "cnn:in=1x4/conv=2@2/relu", "--what", word,
            *(["--slice", "2"] if word == "slice" else []))
        found = [] if wrong else [k for keys in ALL.values() for k in keys
                                  if answer.get(k, 0) is not None]
        if not wrong and found != own:
            wrong = f"has {found}"
        checks.add(f"keys of layer --what {word}", wrong)
