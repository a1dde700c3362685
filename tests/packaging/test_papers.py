#!/usr/bin/python3
"""What is cited has an entry in docs/references.md or in section 7 of
docs/theory.md, and the other way round; papers that repeat the version or the list
of symbols agree.  Usage: test_papers.py PROGRAM SOURCES"""
import pathlib
import re
import subprocess
import sys

ENDS = (".c", ".h", ".md")
YEAR = r"(?:1[89]|20)\d\d[a-z]?"
BRACKETS = re.compile(r"\[([A-Z][^\[\]]{2,150}|von [^\[\]]{2,80})\]")
NAMES = re.compile(rf"^((?:von )?[A-Z][\w.]*(?:(?: and|,|, and) [A-Z]\w*)*"
                   rf"(?: et al\.)? ?{YEAR})\b")
BOOK = re.compile(r"^(Higham|Rump(?! et al)|Knuth, TAOCP)\b")
BETWEEN = re.compile(r"; |(?<=\d{4}), (?=[A-Z])")
KEY = re.compile(rf"\b((?:[A-Z][a-z]+){{1,4}}{YEAR})\b")


def text_of(path):
    """A file as one line, without what breaks the lines of comments."""
    return re.sub(r"\n\s*(?:\*|//|>)?\s*", " ", path.read_text())


def cited(sources):
    """{citation: a file that has it}"""
    found = {}
    for folder in ("src", "include", "cli", "docs", "tests"):
        for path in sorted((sources / folder).rglob("*")):
            if path.suffix not in ENDS or path.name == "references.md":
                continue
            text = text_of(path)
            # The table of sources is no citation of them.
            text = text.split("## 7. Sources")[0]
            for bracket in BRACKETS.findall(text):
                for part in BETWEEN.split(bracket):
                    match = BOOK.match(part) or NAMES.match(part)
                    if match:
                        found.setdefault(match[1], path)
            for key in KEY.findall(text):
                found.setdefault(key, path)
            for name, year in re.findall(rf"([A-Z]\w+) \[({YEAR})\]", text):
                found.setdefault(f"{name} {year}", path)
    return found


def entries(path):
    return set(re.findall(r"^\| ([^|]+?) \| [^|]{20,} \|$", path.read_text(),
                          re.M))


def squeezed(name):
    """Serra et al. 2018, as Serra2018."""
    return name.replace(" et al.", "").replace(" ", "")


def check_references(sources, faults):
    own = entries(sources / "docs/references.md")
    section = (sources / "docs/theory.md").read_text().split("## 7. Sources")[1]
    keys = set(re.findall(rf"^\| (\w+{YEAR}) \|", section, re.M))
    found = cited(sources)
    if len(found) < 40:
        faults.append(f"only {len(found)} citations were found: {sorted(found)}")
    for name, path in found.items():
        if name not in own and squeezed(name) not in keys:
            faults.append(f"{path}: {name} has no entry")
    faults += [f"references.md has {name}, which nothing cites"
               for name in sorted(own - set(found))]
    return len(found)


def check_versions(program, sources, faults):
    version = subprocess.run([program, "--version"], text=True, check=True,
                             stdout=subprocess.PIPE).stdout.split()[1]
    for name, pattern in (("CITATION.cff", r"^version: (\S+)$"),
                          ("CHANGELOG.md", r"^## (\d\S*?),"),
                          ("debian/changelog", r"^pleats \((\S+)-\d+\)")):
        match = re.search(pattern, (sources / name).read_text(), re.M)
        if not match or match[1] != version:
            faults.append(f"{name} is of version {match and match[1]}, the "
                          f"program of {version}")


def check_symbols(sources, faults):
    there = set((sources / "src/pleats.symbols").read_text().split())
    packaged = set(re.findall(r"^ (\w+)@Base ", (
        sources / "debian/libpleats0.symbols").read_text(), re.M))
    if there != packaged:
        faults.append("debian/libpleats0.symbols and src/pleats.symbols differ "
                      f"in {sorted(there ^ packaged)}")


def main(program, sources):
    faults = []
    sources = pathlib.Path(sources)
    n = check_references(sources, faults)
    check_versions(program, sources, faults)
    check_symbols(sources, faults)
    print("\n".join(faults) or f"{n} works cited")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
