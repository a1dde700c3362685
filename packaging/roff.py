"""Lines of --help as the source of a man page (man(7))."""
import re

WORDS = re.compile(r"(?:`pleats(?: \w+)?(?: --help)?')"
                   r"|(?<![\w-])--?[a-z][\w-]*")
QUOTES = "`'"


def literal(text):
    """Text that means itself, to be copied from the page."""
    for sign, name in (("\\", r"\(rs"), ("-", r"\-"), ("^", r"\(ha"),
                       ("~", r"\(ti"), ("`", r"\(ga"), ("'", r"\(aq")):
        text = text.replace(sign, name)
    return guarded(text)


def guarded(line):
    return r"\&" + line if line[:1] in (".", "'") else line


def prose(text):
    """Text with the options in it set bold."""
    parts, end = [], 0

    def plain(piece):
        for sign, name in (("\\", r"\(rs"), ("^", r"\(ha"), ("~", r"\(ti")):
            piece = piece.replace(sign, name)
        return piece

    for match in WORDS.finditer(text):
        parts.append(plain(text[end:match.start()]))
        parts.append(rf"\fB{literal(match[0].strip(QUOTES))}\fP")
        end = match.end()
    parts.append(plain(text[end:]))
    return guarded("".join(parts))


def synopsis(usage):
    def word(match):
        font = "B" if re.match(r"[a-z-]", match[0]) else "I"
        return rf"\f{font}{literal(match[0])}\fP"
    return re.sub(r"--?\w+|[A-Za-z]\w*(?::\w+)?", word, usage)


def items(lines):
    """Rows of two columns, with the lines that go on; None if these are not."""
    found = []
    for line in lines:
        match = re.match(r"^  (\S(?:.*?\S)?)  +(\S.*)$", line)
        # A row begins in the third column, what goes on in a later one.
        if match and not line.startswith("   "):
            found.append([match[1], match[2]])
        elif found and line.startswith("   "):
            found[-1][1] += " " + line.strip()
        else:
            return None
    return found


def listing(lines):
    """Indented lines: a list of terms where they are one, else as they stand."""
    rows = items(lines)
    if rows:
        return [part for term, text in rows
                for part in (".TP", rf"\fB{literal(term)}\fP", prose(text))]
    return [".PP", ".EX", *(literal(line) for line in lines), ".EE"]


def blocks(lines):
    """(is_indented, lines) of each run between blank lines and changes of
    indentation."""
    found = []
    for line in [*lines, ""]:
        indented = line.startswith("  ")
        if not line:
            found.append((None, []))
        elif found and found[-1][0] == indented:
            found[-1][1].append(line)
        else:
            found.append((indented, [line]))
    return [block for block in found if block[1]]


def text_of(lines):
    """The source of lines that have no headings."""
    out = []
    for indented, block in blocks(lines):
        out += listing(block) if indented else [".PP", *map(prose, block)]
    return out


def sections(lines):
    """{heading: lines} for the two that --help ends with, and "" for the rest."""
    found, heading = {"": []}, ""
    for line in lines:
        if line in ("Examples:", "Exit codes:"):
            heading = line[:-1]
        found.setdefault(heading, [])
        if line != f"{heading}:":
            found[heading].append(line)
    return found


def page(lines):
    """The whole source: no paragraph begins where a heading just began one."""
    kept = [line for before, line in zip(["", *lines], lines)
            if line != ".PP" or not before.startswith(".S")]
    return "\n".join(kept) + "\n"
