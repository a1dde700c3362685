#!/usr/bin/python3
"""Numbers with a decimal point are printed and read by base/text alone, so that
no host's locale is in them.  Usage: test_numbers.py PLEATS SRC"""
import pathlib
import re
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "data"))
from harness import Checks, arguments  # noqa: E402

PRINTS = re.compile(r"\b((?:gmp_)?v?[fs]n?printf|v?dprintf|v?asprintf)\s*\(")
READS = re.compile(r"\b(strto[dfl]d?|ato[f]|sscanf|fscanf|setlocale)\s*\(")
DECIMAL = re.compile(r"%[-+ #0]*[\d*]*(\.[\d*]+)?(l|L)?[aAeEfFgG]")


def call_of(text, start):
    """The arguments of the call whose bracket opens before `start`."""
    depth, at, quoted = 1, start, False
    while depth and at < len(text):
        c = text[at]
        if quoted:
            at += c == "\\"
            quoted = c != '"'
        elif c == '"':
            quoted = True
        else:
            depth += (c == "(") - (c == ")")
        at += 1
    return text[start:at]


def main():
    options = arguments(src="folder of the library's sources")
    checks = Checks()
    for path in sorted(pathlib.Path(options.src).rglob("*.c")):
        if path.name == "text.c" and path.parent.name == "base":
            continue
        text = path.read_text()
        wrong = []
        for found in PRINTS.finditer(text):
            call = call_of(text, found.end())
            if DECIMAL.search(call) and "pleats_locale_enter" not in text[
                    max(0, found.start() - 120):found.start()]:
                wrong.append(f"{found.group(1)}({call[:60]}")
            if found.group(1).startswith("v"):
                wrong.append(found.group(1))
        wrong += [m.group(1) for m in READS.finditer(text)
                  if m.group(1) != "strtol"]
        checks.add(f"{path.name}", ", ".join(wrong))
    checks.finish()


if __name__ == "__main__":
    main()
