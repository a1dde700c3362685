"""The C interface as _abi.py has it, against the compiler and the headers."""
import ctypes
import importlib.util
import os
import shutil
import subprocess
import sys
import tempfile
import unittest

from pleats import _abi
from support import ROOT

INCLUDES = [ROOT / "include", os.environ.get(
    "PLEATS_BUILD_INCLUDE", ROOT / "build" / "include")]


def structs():
    return {name: kind for name, kind in vars(_abi).items()
            if name.startswith("pleats_") and isinstance(kind, type)
            and issubclass(kind, ctypes.Structure) and hasattr(kind, "_fields_")}


def of_c():
    """What a C program says of sizes, offsets and constants."""
    lines = []
    for name, kind in structs().items():
        lines.append(f'printf("{name} %zu\\n", sizeof({name}));')
        lines += [f'printf("{name}.{field[0]} %zu %zu\\n", offsetof({name}, '
                  f'{field[0]}), sizeof((({name} *)0)->{field[0]}));'
                  for field in kind._fields_]
    for items in _abi.ENUMS.values():
        lines += [f'printf("{item} %d\\n", (int){item});' for item in items]
    text = ("#include <pleats/pleats.h>\n#include <stdio.h>\n"
            f"int main(void) {{ {' '.join(lines)} return 0; }}\n")
    with tempfile.TemporaryDirectory() as folder:
        program = os.path.join(folder, "abi")
        subprocess.run(["cc", "-x", "c", "-", "-o", program,
                        *(f"-I{path}" for path in INCLUDES)],
                       input=text, text=True, check=True)
        return subprocess.run([program], capture_output=True, text=True,
                              check=True).stdout.splitlines()


def of_python():
    lines = []
    for name, kind in structs().items():
        lines.append(f"{name} {ctypes.sizeof(kind)}")
        for field in kind._fields_:
            at = getattr(kind, field[0])
            lines.append(f"{name}.{field[0]} {at.offset} {at.size}")
    for items in _abi.ENUMS.values():
        lines += [f"{item} {value}" for item, value in items.items()]
    return lines


class Abi(unittest.TestCase):
    @unittest.skipUnless(shutil.which("cc"), "there is no C compiler")
    def test_layout(self):
        self.assertGreater(len(structs()), 40)
        self.assertEqual(of_python(), of_c())

    def test_functions(self):
        symbols = (ROOT / "src" / "pleats.symbols").read_text().split()
        self.assertEqual(sorted(_abi.FUNCTIONS), sorted(symbols))

    @unittest.skipUnless(importlib.util.find_spec("pycparser")
                         and shutil.which("cc"), "there is no pycparser")
    def test_is_what_the_headers_say(self):
        subprocess.run([sys.executable, "-B", ROOT / "python" / "generate.py",
                        "--check"], check=True)
