#!/usr/bin/python3
"""Man pages of the program and of each verb, made of what --help says and of the
parts below.  Usage: make_man.py PROGRAM VERSION FOLDER"""
import pathlib
import sys

import program_help
import roff

# Verbs to read on with, and pages of the documentation.
SEE_ALSO = {
    "info": (["eval", "count"], []),
    "eval": (["info", "local"], []),
    "count": (["merge", "estimate", "sample", "draw", "local"],
              ["performance", "certificates"]),
    "cells": (["count", "merge", "local", "walk"], ["formats"]),
    "survey": (["cells", "count", "stable"], ["survey", "formats"]),
    "complex": (["survey", "walk", "count"], ["complex", "formats"]),
    "merge": (["count", "cells"], ["formats"]),
    "estimate": (["count", "sample"], ["sampling"]),
    "sample": (["count", "estimate"], ["sampling"]),
    "local": (["walk", "stable", "density"], ["local"]),
    "walk": (["local", "count"], ["local"]),
    "layer": (["bound", "compare", "plot"], ["theory", "specs"]),
    "bound": (["layer", "compare", "make", "plot"], ["theory", "specs"]),
    "compare": (["bound", "plot"], ["theory", "specs"]),
    "make": (["bound", "search", "mean"], ["specs"]),
    "search": (["bound", "make"], ["theory", "specs"]),
    "mean": (["make", "estimate"], ["experiments", "specs"]),
    "stable": (["bound", "local"], []),
    "range": (["lipschitz", "stable", "local"], ["range"]),
    "lipschitz": (["range", "local"], ["range"]),
    "density": (["local", "stable", "mean"], ["density", "experiments"]),
    "draw": (["count", "plot"], ["pictures"]),
    "plot": (["compare", "bound", "layer"], ["pictures"]),
}
FILES = r"""
.SH FILES
Nothing is read or written but what the command line names; there is no file of
settings.
What a file is, its first bytes say; files may be packed with gzip, and \fB\-\fP is
standard input.
.TP
\fIMODEL\fP
A network: an ONNX file, also with external data beside it, or one of the .nnet
format.
.TP
\fIF\fP, data rows
An .npz file with an array x whose first axis is the row, or a .json file with a
list of rows.
.TP
\fIF\fP, domains
JSON objects, or the input constraints of a VNN\-LIB file; the page of each verb
that has a domain says what stands in them.
.TP
\fISPEC\fP
An architecture without weights: a text such as mlp:2,32,32,1, or the path of a
JSON spec.
"""


def head(title, name, summary, version):
    return [f'.TH {title} 1 "" "pleats {version}" "User Commands"', ".SH NAME",
            rf"{name} \- {roff.prose(summary)}"]


def options(groups):
    out = [".SH OPTIONS"]
    for title, found in groups:
        if title:
            out.append(f'.SS "{roff.prose(title)}"')
        for option in found:
            names = ", ".join(rf"\fB{roff.literal(name)}\fP"
                              for name in option.names)
            value = rf"=\fI{roff.literal(option.argument)}\fP"
            out += [".TP", names + (value if option.argument else ""),
                    roff.prose(option.text)]
    return out


def status(lines):
    return [".SH EXIT STATUS", *roff.text_of(lines)]


def references(pages, documents):
    out = [".SH SEE ALSO", ",\n".join(rf"\fB{roff.literal(page)}\fP(1)"
                                      for page in pages)]
    if documents:
        names = ", ".join(f"{name}.md" for name in documents)
        out += [".PP", f"In the documentation: {names}."]
    return out


def verb_page(verb, version):
    parts = roff.sections(verb.after)
    verbs, documents = SEE_ALSO[verb.name]
    out = head(f"PLEATS-{verb.name.upper()}", rf"pleats\-{verb.name}",
               verb.summary, version)
    out.append(".SH SYNOPSIS")
    for usage in verb.usage:
        out += [roff.synopsis(usage), ".br"]
    out[-1:] = [".SH DESCRIPTION", *roff.text_of(verb.about)]
    out += roff.text_of(parts[""]) + options(verb.groups)
    out += status(parts["Exit codes"])
    out += [".SH EXAMPLES", *roff.text_of(parts["Examples"])]
    return out + references(["pleats", *(f"pleats-{name}" for name in verbs)],
                            documents)


def program_page(lines, verbs, version):
    parts = roff.sections(lines)
    about = parts[""][1:parts[""].index("Verbs:")]
    out = head("PLEATS", "pleats",
               "count the linear regions of piecewise-linear networks exactly",
               version)
    out += [".SH SYNOPSIS", roff.synopsis(lines[0].split(": ", 1)[1]), ".br",
            r"\fBpleats\fP \fIVERB\fP \fB\-\-help\fP", ".br",
            r"\fBpleats \-\-version\fP",
            ".SH DESCRIPTION", *roff.text_of(about), ".SH VERBS"]
    for verb in verbs:
        out += [".TP", rf"\fBpleats\-{verb.name}\fP(1)",
                roff.prose(verb.summary)]
    out += FILES.strip().splitlines() + status(parts["Exit codes"])
    out += [".SH EXAMPLES", *roff.text_of(parts["Examples"])]
    return out + references([f"pleats-{verb.name}" for verb in verbs],
                            ["specs", "theory", "pictures", "glossary"])


def main(program, version, folder):
    lines, verbs = program_help.read_program(program)
    pages = {"pleats": program_page(lines, verbs, version)}
    for verb in verbs:
        pages[f"pleats-{verb.name}"] = verb_page(verb, version)
    for name, page in pages.items():
        path = pathlib.Path(folder, f"{name}.1")
        path.write_text(roff.page(page), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
