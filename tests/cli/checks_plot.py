"""Figures that `plot` draws: what lies where in the SVG, and what is refused."""
import contextlib
import json
import math
import pathlib
import re
import tempfile
import xml.etree.ElementTree as ElementTree
from fractions import Fraction

from harness import ended, refused

COMPARE = ["compare", "cnn:in=1x6x6/conv=2@3x3/relu/conv=2@3x3/relu/fc=3",
           "cnn:in=1x6x6/conv=6@3x3/relu/conv=4@3x3/relu/fc=3",
           "cnn:in=1x5/conv=6@3/relu", "mlp:784,300,300,300,10"]
LAYERS = ["cnn:in=1x3x3/conv=2@2x2/relu", "cnn:in=1x4x4/conv=2@2x2/relu",
          "cnn:in=1x5/conv=3@2/relu", "mlp:3,9,1"]
APART = 0.13  # between series at one depth
ROOM = 0.05   # around all values, as a share of their range


# ---- reading an SVG ----

class Figure:
    """Markers as (fill, stroke, middle), the plots, and all places of text."""

    def __init__(self, path):
        self.markers, self.plots, self.text = [], [], []
        root = ElementTree.parse(path).getroot()
        self.size = [float(v) for v in root.get("viewBox").split()[2:]]
        for item in root:
            if not item.tag.endswith("defs"):
                self.read(item)

    def read(self, item):
        if item.tag.endswith("use"):
            self.text.append((float(item.get("x")), float(item.get("y"))))
        if item.tag.endswith("path"):
            self.read_path(item)
        for child in item:
            self.read(child)

    def read_path(self, item):
        style = dict(s.split(":") for s in item.get("style").split(";") if s)
        points = [(float(x), float(y)) for x, y in
                  re.findall(r"([-.\d]+) ([-.\d]+) (?=[MLCZ]|$)",
                             item.get("d").strip() + " ")]
        xs, ys = [p[0] for p in points], [p[1] for p in points]
        if style["fill"] == "none":
            if "Z" in item.get("d") and max(xs) - min(xs) > 100:
                self.plots.append((min(xs), max(xs), min(ys), max(ys)))
        elif style.get("stroke", "none") != "none":
            self.markers.append((style["fill"], style["stroke"],
                                 middle(points)))

    def in_plot(self, number):
        """The markers of a plot, those of the key left out."""
        left, right, top, bottom = self.plots[number]
        return [m for m in self.markers if left <= m[2][0] <= right
                and top <= m[2][1] <= bottom]


def middle(points):
    """Of a marker's corners; the last one repeats the first.  A circle has
    four curves, whose ends alone are listed."""
    corners = sorted(set(points))
    return (sum(x for x, _ in corners) / len(corners),
            sum(y for _, y in corners) / len(corners))


def is_hollow(marker):
    return marker[0] == "rgb(100%,100%,100%)"


# ---- where numbers belong ----

def span(values):
    lo, hi = min(values), max(values)
    room = ROOM * (hi - lo)
    if not room > 1e-12 * (abs(lo) + abs(hi)):
        room = 0.5
    return lo - room, hi + room


def compare_places(plot, places, markers):
    """"" when the markers are at the places [(x, y, hollow)] of the plot."""
    left, right, top, bottom = plot
    x0, x1 = span([p[0] for p in places])
    y0, y1 = span([p[1] for p in places if p[1] is not None])
    want = sorted((hollow, left + (x - x0) / (x1 - x0) * (right - left),
                   bottom - (y - y0) / (y1 - y0) * (bottom - top))
                  for x, y, hollow in places if hollow is not None)
    got = sorted((is_hollow(m), *m[2]) for m in markers)
    if len(want) != len(got):
        return f"{len(got)} markers instead of {len(want)}"
    for hollow, x, y in want:
        if not any(h == hollow and abs(a - x) < 0.6 and abs(b - y) < 0.6
                   for h, a, b in got):
            return f"no {'hollow' if hollow else 'filled'} one at {x}, {y}"
    return ""


def log10(decimal):
    return math.log10(int(decimal))


def row_places(rows, x_of):
    """Exact numbers once, bounds at both ends."""
    places = []
    for row in rows:
        x = x_of(row)
        if row["exact"]:
            places.append((x, log10(row["lower"]["value"]), False))
            continue
        places += [(x, log10(row[side]["value"]), True)
                   for side in ("lower", "upper") if row[side]]
    return places


def series_of(row):
    role = row["role"]
    if role.startswith("fc, "):
        return role
    return "cnn" if "conv=" in row["spec"] else "fc"


# ---- checks ----

def check(program, checks):
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        reports = make_reports(program, checks, folder)
        parameters(program, checks, folder, reports)
        depths(program, checks, folder, reports)
        formula(program, checks, folder, reports)
        hand_made(program, checks, folder)
        formats(program, checks, folder)
        refusals(program, checks, folder)


def make_reports(program, checks, folder):
    """The answers, which also are in files of their names."""
    calls = {"parameters": [COMPARE + ["--match", "fc"]],
             "depths": [["compare", "cnn:in=1x9x9/conv=4@3x3/relu/fc=2",
                         "mlp:81,16,2", "--depths", "1-4", "--budget", "900"]],
             "formula": [["layer", s, "--what", "formula,generic"]
                         for s in LAYERS]}
    reports = {}
    for name, commands in calls.items():
        answers = []
        for command in commands:
            answer, wrong = program.json(*command)
            checks.add(f"report for a figure: {command[:2]}", wrong)
            answers.append(answer)
        reports[name] = answers
        (folder / f"{name}.json").write_text(
            "\n".join(json.dumps(a) for a in answers))
    return reports


def draw(program, folder, name, *flags):
    """(figure, answer, "") or what was wrong."""
    answer, wrong = program.json("plot", folder / f"{name}.json", "-o",
                                 folder / f"{name}.svg", *flags)
    if wrong:
        return None, None, wrong
    figure = Figure(folder / f"{name}.svg")
    outside = [p for p in figure.text if not (
        0 <= p[0] <= figure.size[0] and 0 <= p[1] <= figure.size[1])]
    return figure, answer, f"text at {outside[0]}" if outside else ""


def parameters(program, checks, folder, reports):
    rows = reports["parameters"][0]["rows"]
    figure, answer, wrong = draw(program, folder, "parameters")
    if not wrong:
        exact = sum(r["exact"] for r in rows)
        if (answer["kind"], answer["exact"], answer["between"]) != (
                "parameters", exact, len(rows) - exact):
            wrong = f"{answer}"
    if not wrong:
        places = row_places(rows, lambda r: math.log10(r["parameters"]))
        wrong = compare_places(figure.plots[0], places, figure.in_plot(0))
    if not wrong and len({m[1] for m in figure.in_plot(0)}) != len(
            {series_of(r) for r in rows}):
        wrong = "not a colour for each series"
    checks.add("figure of parameters: markers are where numbers belong", wrong)


def depths(program, checks, folder, reports):
    rows = reports["depths"][0]["rows"]
    figure, answer, wrong = draw(program, folder, "depths", "--title",
                                 "words " * 60)
    if not wrong and answer["kind"] != "depth":
        wrong = f"{answer}"
    if not wrong:
        series = list(dict.fromkeys(series_of(r) for r in rows))
        places = row_places(rows, lambda r: r["depth"] + APART * (
            series.index(series_of(r)) - (len(series) - 1) / 2))
        wrong = compare_places(figure.plots[0], places, figure.in_plot(0))
    checks.add("figure of depths: markers are where numbers belong", wrong)


def formula(program, checks, folder, reports):
    pairs = [(int(a["formula"]["value"]), int(a["generic"]["value"]))
             for a in reports["formula"]]
    probable = [a["generic"]["label"] != "exact" for a in reports["formula"]]
    ends_of = [[int(a["generic"]["certain_" + side]) if unsure
                else int(a["generic"]["value"])
                for side in (("lower", "upper") if unsure else ("lower",))]
               for a, unsure in zip(reports["formula"], probable)]
    figure, answer, wrong = draw(program, folder, "formula")
    if not wrong and (answer["kind"], answer["exact"], answer["between"]) != (
            "formula", probable.count(False), probable.count(True)):
        wrong = f"{answer}"
    if not wrong and len(figure.plots) != 2:
        wrong = f"{len(figure.plots)} plots"
    if not wrong:
        ends = [min(pairs)[0], max(pairs)[0]]  # of the line of agreement
        known = [(f, c, unsure) for (f, _), ends, unsure
                 in zip(pairs, ends_of, probable) for c in ends]
        counts = [(log10(f), log10(c), unsure) for f, c, unsure in known]
        counts += [(log10(f), log10(f), None) for f in ends]
        shares = [(log10(f), float(Fraction(c, f)), unsure)
                  for f, c, unsure in known]
        shares += [(log10(f), 1, None) for f in ends]
        wrong = (compare_places(figure.plots[0], counts, figure.in_plot(0))
                 or compare_places(figure.plots[1], shares, figure.in_plot(1)))
    checks.add("figure of the formula: markers are where numbers belong", wrong)


def hand_made(program, checks, folder):
    """Numbers as no network has them: 1, 0, one bound, thousands of digits."""
    def row(number, lower, upper):
        return {"spec": f"mlp:1,{number},1", "role": "given",
                "parameters": 10 ** number, "units": 1, "depth": 1,
                "exact": lower is not None and lower == upper,
                "lower": lower and {"value": lower},
                "upper": upper and {"value": upper}}
    rows = [row(1, "1", "1"), row(2, "0", "0"), row(3, None, None),
            row(4, None, "7" * 4000), row(5, "3", None),
            row(6, "1" + "0" * 2000, "1" + "0" * 3999)]
    (folder / "hand.json").write_text(json.dumps(
        {"schema": "pleats/1", "verb": "compare", "rows": rows + rows[:1]}))
    figure, answer, wrong = draw(program, folder, "hand")
    if not wrong:
        got = [answer[k] for k in ("exact", "between", "estimates",
                                   "left_out")]
        if got != [1, 3, 0, 2]:
            wrong = f"{got}"
    if not wrong:
        shown = [rows[0]] + rows[3:]
        places = row_places(shown, lambda r: math.log10(r["parameters"]))
        wrong = compare_places(figure.plots[0], places, figure.in_plot(0))
    checks.add("figure of 0, 1, single bounds and 4000 digits", wrong)


def formats(program, checks, folder):
    starts = {"png": b"\x89PNG\r\n", "pdf": b"%PDF-", "svg": b"<?xml"}
    for end, start in starts.items():
        path = folder / f"out.{end}"
        result = program("plot", folder / "formula.json", "-o", path,
                         "--width", "300")
        wrong = ended(result, 0)
        if not wrong and not path.read_bytes().startswith(start):
            wrong = f"starts with {path.read_bytes()[:8]}"
        if not wrong and end == "png" and int.from_bytes(
                path.read_bytes()[16:20], "big") != 300:
            wrong = "is not as wide as was asked for"
        checks.add(f"figure as {end}", wrong)


def refusals(program, checks, folder):
    """Each with its file's name and what is wrong; the figure that was there
    stays."""
    head = {"schema": "pleats/1", "verb": "compare"}
    good = json.loads((folder / "hand.json").read_text())["rows"][0]
    cases = {
        "no JSON": ("nothing", ["line 1", "JSON"]),
        "empty": ("", ["JSON"]),
        "cut off": ('{"schema": "pleats/1",\n', ["line 2", "JSON"]),
        "a list": ("[1, 2]", ["no report", "compare, bound or layer"]),
        "other JSON": ('{"a": 1}', ["no report"]),
        "another verb": (json.dumps({**head, "verb": "count"}),
                         ["report of pleats count", "compare, bound"]),
        "no rows": (json.dumps(head), ["rows"]),
        "row of words": (json.dumps({**head, "rows": ["x"]}), ["spec"]),
        "no parameters": (json.dumps({**head, "rows": [
            {k: v for k, v in good.items() if k != "parameters"}]}),
            ["parameters", "number"]),
        "negative depth": (json.dumps({**head, "rows": [
            {**good, "depth": -1}]}), ["depth"]),
        "not decimal": (json.dumps({**head, "rows": [
            {**good, "upper": {"value": "1e5"}}]}), ["value", "decimal"]),
        "number for text": (json.dumps({**head, "rows": [
            {**good, "lower": {"value": 5}}]}), ["value", "decimal"]),
        "nothing known": (json.dumps({**head, "rows": [
            {**good, "lower": None, "upper": None, "exact": False}]}),
            ["no number"]),
        "layer without formula": (json.dumps({**head, "verb": "layer"}),
                                  ["formula", "--what formula,generic"]),
    }
    out = folder / "kept.svg"
    out.write_text("before")
    for name, (text, words) in cases.items():
        path = folder / "bad.json"
        path.write_text(text)
        result = program("plot", path, "-o", out)
        if name != "nothing known":
            words = words + ["bad\\.json"]
        wrong = refused(result, words)
        if not wrong and out.read_text() != "before":
            wrong = "the figure that was there is gone"
        checks.add(f"figure refused: {name}", wrong)
    mixed(program, checks, folder)
    with contextlib.suppress(FileNotFoundError):
        checks.add("figure refused: leaves nothing behind",
                   "".join(str(p) for p in folder.glob("kept.svg?*")))


def mixed(program, checks, folder):
    calls = [
        (["parameters.json", "formula.json"], [], ["formula\\.json", "layer"]),
        (["formula.json"], ["--kind", "depth"], ["layer"]),
        (["parameters.json"], ["--kind", "formula"], ["compare", "layer"]),
        (["nonesuch.json"], [], ["nonesuch\\.json", "open"]),
    ]
    for files, flags, words in calls:
        result = program("plot", *[folder / f for f in files], *flags, "-o",
                         folder / "kept.svg")
        checks.add(f"figure refused: {files} {flags}", refused(result, words))
    for out, words, code in (("x.gif", ["\\.svg"], 3),
                             ("none/x.svg", ["cannot write"], 1)):
        result = program("plot", folder / "hand.json", "-o", folder / out)
        checks.add(f"figure refused: {out}", refused(result, words, code))
