#!/usr/bin/python3
"""Writes pleats/_abi.py, the structs, enums and functions of the C library,
from the headers in include/pleats.  Usage: generate.py [--check]

With --check nothing is written, and the exit code is 1 when the file is not
what the headers say.  Needs a C compiler and pycparser (Debian:
python3-pycparser); the package itself needs neither."""
import pathlib
import re
import subprocess
import sys
import tempfile
import textwrap

from pycparser import c_ast, c_parser

ROOT = pathlib.Path(__file__).resolve().parent.parent
OUT = ROOT / "python" / "pleats" / "_abi.py"

# What the headers include, as far as they need it.
STANDARD = {
    "stdbool.h": "typedef _Bool bool;",
    "stddef.h": "typedef unsigned long size_t;",
    "stdint.h": "typedef int int32_t; typedef long int64_t;"
                "typedef unsigned uint32_t; typedef unsigned long uint64_t;",
    "string.h": "void *memset(void *, int, size_t);",
    "pleats/version.h": "",
}
PLAIN = {
    "void": "None", "char": "c_char", "unsigned char": "c_ubyte",
    "int": "c_int", "unsigned": "c_uint", "unsigned int": "c_uint",
    "double": "c_double", "bool": "c_bool", "size_t": "c_size_t",
    "int32_t": "c_int32", "int64_t": "c_int64", "uint32_t": "c_uint32",
    "uint64_t": "c_uint64",
}
HEAD = '''"""The C interface of pleats {version}: made by python/generate.py, not by hand.

Structs are classes of the same name, opaque ones without fields.  ENUMS has
the constants of each enum by its name ("" for those of enums without one), and
FUNCTIONS the result and the parameters of each function."""
from __future__ import annotations

from ctypes import *  # noqa: F403
from typing import Any

VERSION = "{version}"
S = Structure
P: Any = POINTER
V = c_void_p
T = c_char_p

'''


def preprocessed():
    """All headers as one text of plain C."""
    with tempfile.TemporaryDirectory() as folder:
        for name, text in STANDARD.items():
            path = pathlib.Path(folder, name)
            path.parent.mkdir(exist_ok=True)
            path.write_text(f"#pragma once\n{text}\n")
        command = ["cc", "-E", "-P", "-nostdinc", "-D__attribute__(x)=",
                   "-I", folder, "-I", ROOT / "include",
                   ROOT / "include" / "pleats" / "pleats.h"]
        text = subprocess.run(command, check=True, capture_output=True,
                              text=True).stdout
    return re.sub(r"^#.*$", "", text, flags=re.MULTILINE)


def version():
    text = (ROOT / "CMakeLists.txt").read_text()
    return re.search(r"project\(pleats VERSION ([0-9.]+)", text)[1]


class Abi:
    """What the headers declare, as lines of Python."""

    def __init__(self, tree):
        self.constants = {}
        self.enums = {}
        self.lines = []
        self.functions = {}
        self.known = set()
        for node in tree.ext:
            if isinstance(node, c_ast.Typedef):
                self.typedef(node)
            elif isinstance(getattr(node, "type", None),
                            c_ast.Enum):
                self.enum("", node.type)
            elif (isinstance(node, c_ast.Decl)
                  and isinstance(node.type, c_ast.FuncDecl)
                  and node.name.startswith("pleats_")):
                self.functions[node.name] = self.signature(node.type)

    def value(self, node):
        """Of a constant expression."""
        if isinstance(node, c_ast.Constant):
            return int(node.value, 0)
        if isinstance(node, c_ast.ID):
            return self.constants[node.name]
        left, right = self.value(node.left), self.value(node.right)
        return {"<<": left << right, "-": left - right,
                "+": left + right}[node.op]

    def enum(self, name, node):
        value = -1
        for item in node.values.enumerators:
            value = value + 1 if item.value is None else self.value(item.value)
            self.constants[item.name] = value
            self.enums.setdefault(name, {})[item.name] = value

    def typedef(self, node):
        if not node.name.startswith("pleats_"):
            return
        kind = node.type
        inner = getattr(kind, "type", None)
        if isinstance(kind, c_ast.PtrDecl):
            self.lines.append(f"{node.name} = {self.name_of(kind)}")
        elif isinstance(inner, c_ast.Enum):
            self.enum(node.name, inner)
            PLAIN[node.name] = "c_uint"
        elif isinstance(inner, c_ast.Struct):
            self.struct(node.name, inner)
        else:
            PLAIN[node.name] = self.name_of(kind)
            return
        self.known.add(node.name)

    def struct(self, name, node):
        if node.decls is None:
            self.lines.append(f"class {name}(S): pass")
            return
        fields = ", ".join(f'("{item.name}", {self.name_of(item.type)})'
                           for item in node.decls)
        self.lines.append(f"class {name}(S):")
        self.lines += textwrap.wrap(
            f"_fields_ = [{fields}]", 79, initial_indent="    ",
            subsequent_indent="        ", break_long_words=False)

    def name_of(self, node, parameter=False):
        """A type as a ctypes expression; as a parameter arrays are
        pointers."""
        if isinstance(node, c_ast.TypeDecl):
            word = " ".join(node.type.names)
            return PLAIN.get(word, word)
        if isinstance(node, c_ast.ArrayDecl) and not parameter:
            return f"{self.name_of(node.type)} * {self.value(node.dim)}"
        if isinstance(node.type, c_ast.FuncDecl):
            result, parameters = self.signature(node.type)
            return f"CFUNCTYPE({', '.join([result, *parameters])})"
        inner = self.name_of(node.type)
        is_text = inner == "c_char" and isinstance(node, c_ast.PtrDecl)
        return {"None": "V"}.get(inner, "T" if is_text else f"P({inner})")

    def signature(self, node):
        parameters = [self.name_of(item.type, parameter=True)
                      for item in node.args.params] if node.args else []
        parameters = [] if parameters == ["None"] else parameters
        return self.name_of(node.type), parameters

    def text(self):
        parts = [HEAD.format(version=version())]
        parts += [line + "\n" for line in self.lines]
        parts.append("\nENUMS: dict[str, dict[str, int]] = {\n")
        for name, items in self.enums.items():
            inner = ", ".join(f'"{key}": {n}' for key, n in items.items())
            parts.append(wrapped(f'"{name}": {{{inner}}},'))
        parts.append("}\n\nFUNCTIONS: dict[str, tuple[Any, tuple[Any, ...]]]"
                     " = {\n")
        for name, (result, parameters) in sorted(self.functions.items()):
            inner = ", ".join(parameters) + ("," * (len(parameters) == 1))
            parts.append(wrapped(f'"{name}": ({result}, ({inner})),'))
        parts.append("}\n")
        return "".join(parts)


def wrapped(text):
    return textwrap.fill(text, 79, initial_indent="    ",
                         subsequent_indent="        ",
                         break_long_words=False) + "\n"


def main():
    text = Abi(c_parser.CParser().parse(preprocessed())).text()
    if sys.argv[1:] == ["--check"]:
        if OUT.read_text() != text:
            sys.exit(f"{OUT} is not what the headers say; run {__file__}")
    else:
        OUT.write_text(text)


if __name__ == "__main__":
    main()
