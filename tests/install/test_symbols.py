#!/usr/bin/python3
"""The symbols of both libraries are those that the headers declare, and those
that are written down: who links the library finds these, and nothing else can
clash with a name of the host.  Usage: test_symbols.py SHARED STATIC INCLUDE LIST

A new public function is a line more in LIST; one that goes breaks programs."""
import pathlib
import re
import subprocess
import sys

COMMENT = re.compile(r"/\*.*?\*/|^#define[^\n]*(?:\\\n[^\n]*)*", re.S | re.M)
DECLARATION = re.compile(r"\bPLEATS_API\b([^;{]*)")
NAME = re.compile(r"\b(pleats_\w+)\s*[(\[;]|\b(pleats_\w+)\s*$")


def declared(include):
    names = []
    for header in sorted(pathlib.Path(include).glob("pleats/*.h")):
        text = COMMENT.sub("", header.read_text())
        for declaration in DECLARATION.findall(text):
            name = NAME.search(declaration)
            if not name:
                sys.exit(f"{header}: no name in {declaration!r}")
            names.append(name[1] or name[2])
    return names


def defined(library, *options):
    out = subprocess.run(["nm", "--defined-only", *options, library],
                         check=True, text=True, stdout=subprocess.PIPE).stdout
    lines = [line.split() for line in out.splitlines()]
    return [words[-1] for words in lines if len(words) == 3]


def main():
    shared, static, include, listed = sys.argv[1:]
    want = pathlib.Path(listed).read_text().split()
    sets = {include: declared(include), shared: defined(shared, "-D"),
            static: defined(static, "-g")}
    failed = not want
    if want != sorted(set(want)):
        print(f"{listed}: not sorted, or a name is there twice")
        failed = True
    for place, names in sets.items():
        for name in sorted(set(names) - set(want)):
            print(f"{name} is in {place} and not in {listed}")
        for name in sorted(set(want) - set(names)):
            print(f"{name} is in {listed} and not in {place}")
        if len(names) != len(set(names)):
            print(f"{place}: a name is there twice")
        failed |= sorted(names) != sorted(set(want))
    print(f"{len(want)} public symbols")
    sys.exit(1 if failed else 0)


main()
