"""The page of a survey: files of the right kinds, and tables that say what the
survey says."""
import re
import struct
import xml.etree.ElementTree as xml

from harness import ended

TITLES = {"volume": "Volume of a region", "diameter": "Diameter of a region",
          "slope": "Steepest slope of an output",
          "distance": "From the middle to the nearest side"}


def tables(text):
    """Of each caption the rows of numbers, but for the first one, of names."""
    found = {}
    for part in text.split("<table><caption>")[1:]:
        title, rest = part.split("</caption>")
        rows = rest.split("</table>")[0].split("<tr>")[2:]
        found[title] = [[float(v) for v in re.findall(
            r"<t[hd]>([^<]*)</t[hd]>", row)] for row in rows]
    return found


def expected(answer):
    """The same tables, from the survey's JSON."""
    want = {
        "Regions by class": [[i, int(c["regions"]), int(c["alone"])]
                             for i, c in enumerate(answer["classes"])],
        "Units by layer": [[i + 1, c["changes"], c["on"], c["off"]]
                           for i, c in enumerate(answer["layers"])],
        "Layer of a region's last wall": [
            [i + 1, int(c["last"])] for i, c in enumerate(answer["layers"])]}
    # Of some regions, what is certain of a share is far from what is possible.
    shares = [c["share"] for c in answer["classes"]]
    if answer["stopped"]:
        want["Share of the domain by class, at least"] = [
            [i, lo] for i, (lo, _) in enumerate(shares)]
    else:
        want["Share of the domain by class"] = [
            [i, sum(share) / 2] for i, share in enumerate(shares)]
    active = [[i, int(n)] for i, n in enumerate(answer["active"])]
    while active and active[0][1] == 0:
        active.pop(0)
    while active and active[-1][1] == 0:
        active.pop()
    want["Active units of a region"] = active
    for key, title in TITLES.items():
        numbers = answer["numbers"][key]
        want[title] = [[2.0 ** (numbers["first"] + i), int(n)]
                       for i, n in enumerate(numbers["bins"])]
    return {title: rows for title, rows in want.items() if rows}


def near(found, want):
    return len(found) == len(want) and all(
        len(a) == len(b) and all(abs(x - y) <= 1e-9 * abs(y)
                                 for x, y in zip(a, b))
        for a, b in zip(found, want))


def page(program, place, answer, words):
    path = place / "page.html"
    result = program("survey", *words, "-o", path)
    wrong = ended(result, 4 if answer["stopped"] else 0)
    if wrong:
        return wrong
    text = path.read_text()
    found, want = tables(text), expected(answer)
    if set(found) != set(want):
        return f"{sorted(found)}, not {sorted(want)}"
    for title in want:
        if not near(found[title], want[title]):
            return f"{title}: {found[title]}, not {want[title]}"
    head = f"{answer['regions']} activation regions ("
    head = (f">at least {head}lower bound" if answer["stopped"] else
            f">{head}exact")
    if head not in text:
        return "the page does not say how many regions there are"
    svg = text[text.index("<svg"):text.index("</svg>") + 6]
    bars = len(xml.fromstring(svg).findall(
        ".//{http://www.w3.org/2000/svg}path"))
    return "" if bars >= sum(map(len, want.values())) else f"{bars} paths"


def kinds(program, place, words):
    for kind, start in (("png", b"\x89PNG\r\n\x1a\n"), ("pdf", b"%PDF-"),
                        ("svg", b"<?xml")):
        path = place / f"page.{kind}"
        wrong = ended(program("survey", *words, "-o", path, "--width", "640"),
                      0)
        if wrong:
            return wrong
        data = path.read_bytes()
        if not data.startswith(start):
            return f"{kind}: {data[:20]!r}"
        if kind == "png" and struct.unpack(">I", data[16:20]) != (640,):
            return f"{data[16:24]!r} is not 640 wide"
        if kind == "svg":
            xml.fromstring(data)
    result = program("survey", *words, "-o", place / "page.gif")
    if result.returncode != 3 or ".svg" not in result.stderr or (
            place / "page.gif").exists():
        return f"a .gif: {result.returncode} {result.stderr}"
    result = program("survey", *words, "-o", "-")
    return "" if result.stdout.startswith("<?xml") else result.stdout[:200]


def check(program, checks, place, model, words):
    """On a network's domain that has volumes; and cut short."""
    words = [model, *words]
    answer, wrong = program.json("survey", *words)
    checks.add("a page of numbers",
               wrong or page(program, place, answer, words))
    words += ["--max-cells", "7", "--threads", "1"]
    answer, wrong = program.json("survey", *words, code=4)
    checks.add("a page of some regions",
               wrong or page(program, place, answer, words))
    checks.add("pages of all kinds", kinds(program, place, words[:-4]))
