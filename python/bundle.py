"""Lays out the sources of a wheel that holds the C library and the program,
and, for other machines, the shared libraries that these need, with their
licences."""
import pathlib
import re
import shutil
import subprocess
import sys

from platform_tag import SYSTEM, tag_of

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent

COMMON = pathlib.Path("/usr/share/common-licenses")
NOTICE = """\
This package holds pleats, under the MIT licence (file pleats), with the ONNX
project's description of its files, under the Apache License 2.0 (file onnx),
and these shared libraries, as Debian builds them, in the folder lib beside:

{rows}

The notice of each is in the file of its package's name, the texts of licences
that these name are in files of their own (LGPL-3, GPL-2, ...).

GMP (libgmp) and nettle (libnettle) are free software: you can
redistribute them and modify them under the terms of the GNU Lesser General
Public License, version 3, or of the GNU General Public License, version 2, each
at your option in any later version.  They come without any warranty.  pleats
uses them as shared libraries: you may put other versions of the same interface
in the place of those in lib.  Their sources are those of the Debian source
packages above (https://snapshot.debian.org has each version).
"""


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


def package_of(library):
    """The Debian package of a library; its source package and version."""
    for path in (library, pathlib.Path("/usr") / library.relative_to("/"),
                 pathlib.Path("/", *library.parts[2:])):
        shown = subprocess.run(["dpkg-query", "-S", path], text=True,
                               capture_output=True).stdout
        if shown:
            package = shown.split(":")[0]
            source = subprocess.run(
                ["dpkg-query", "-W", "-f", "${source:Package} "
                 "${source:Version}\n", package], check=True, text=True,
                capture_output=True).stdout.splitlines()[0]
            return package, source
    sys.exit(f"no package has {library}: where is its licence?")


def take_licences(libraries, folder):
    """The notices of the libraries, what these name, and one of all."""
    rows, named = [], set()
    for name, path in sorted(libraries.items()):
        package, source = package_of(path)
        notice = pathlib.Path("/usr/share/doc", package, "copyright")
        shutil.copy(notice, folder / package)
        named |= set(re.findall(rf"{COMMON}/([\w.-]*\w)", notice.read_text(
            encoding="utf-8", errors="replace")))
        rows.append(f"    {name:24} {package} (source: {source})")
    for name in named:
        shutil.copy((COMMON / name).resolve(), folder / name)
    (folder / "NOTICE").write_text(NOTICE.format(rows="\n".join(rows)))


def lay_out(prefix, stage, is_for_others):
    """From PREFIX, an installed tree (cmake --install) whose library and program
    look for others in $ORIGIN and $ORIGIN/../lib by DT_RPATH, which holds for
    what these need in turn; STAGE is written anew.  A wheel for other machines
    has all that it needs beside it but the C library, and a file `platform`
    with its tag (platform_tag.py)."""
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
    if not is_for_others:
        return
    libraries = {name: path for name, path in needed([library, program]).items()
                 if name != "libpleats.so.0"}
    for name, path in libraries.items():
        shutil.copy(path, package / "lib" / name)
    take_licences(libraries, package / "licences")
    (stage / "platform").write_text(tag_of(
        [*(package / "lib").iterdir(), *(package / "bin").iterdir()]))
