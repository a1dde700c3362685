#!/usr/bin/python3
"""Lays out the sources of a wheel that holds the C library, the program, and
the shared libraries that these need, with their licences.
Usage: bundle.py PREFIX STAGE

PREFIX is an installed tree (cmake --install) whose library and program look
for others in $ORIGIN and $ORIGIN/../lib by DT_RPATH, which holds for what
these need in turn; STAGE is written anew."""
import pathlib
import re
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent

# Part of the C library, which is the machine's own.
SYSTEM = re.compile(r"(ld-linux-.*|lib(c|m|pthread|dl|rt))\.so\.\d+$")


def needed(files):
    """The shared libraries that files need, directly or not: name to path."""
    shown = subprocess.run(["ldd", *files], check=True, capture_output=True,
                           text=True).stdout
    found = dict(re.findall(r"^\s*(\S+) => (/\S+)", shown, re.MULTILINE))
    missing = re.findall(r"^\s*(\S+) => not found", shown, re.MULTILINE)
    if missing:
        sys.exit(f"not found: {', '.join(missing)}")
    return {name: pathlib.Path(path).resolve()
            for name, path in found.items() if not SYSTEM.match(name)}


def copyright_of(library):
    """The licence notice that Debian's package of a library brings."""
    for path in (library, pathlib.Path("/usr") / library.relative_to("/"),
                 pathlib.Path("/", *library.parts[2:])):
        shown = subprocess.run(["dpkg-query", "-S", path], text=True,
                               capture_output=True).stdout
        if shown:
            package = shown.split(":")[0]
            return package, pathlib.Path("/usr/share/doc", package,
                                         "copyright")
    sys.exit(f"no package has {library}: where is its licence?")


def main(prefix, stage):
    shutil.rmtree(stage, ignore_errors=True)
    package = stage / "pleats"
    shutil.copytree(HERE / "pleats", package,
                    ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("pyproject.toml", "setup.py", "README.md"):
        shutil.copy(HERE / name, stage)
    for folder in ("lib", "bin", "licences"):
        (package / folder).mkdir()
    library = next(prefix.rglob("libpleats.so.0")).resolve()
    program = prefix / "bin" / "pleats"
    shutil.copy(library, package / "lib" / "libpleats.so.0")
    shutil.copy(program, package / "bin")
    shutil.copy(ROOT / "LICENSE", package / "licences" / "pleats")
    shutil.copy(ROOT / "third_party" / "onnx" / "LICENSE",
                package / "licences" / "onnx")
    for name, path in needed([library, program]).items():
        if name == "libpleats.so.0":
            continue
        shutil.copy(path, package / "lib" / name)
        source, notice = copyright_of(path)
        shutil.copy(notice, package / "licences" / source)


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*(pathlib.Path(word).resolve() for word in sys.argv[1:]))
