#!/usr/bin/python3
"""Builds the package with the C library in it, by CMake [PEP 517].
Usage: cmake_backend.py FOLDER   writes the archive of sources there

The environment may name
PLEATS_BUILD       a folder for CMake's build, which is kept; else a temporary one
PLEATS_CMAKE_ARGS  further arguments for CMake
PLEATS_BUNDLE      not empty: put the libraries that it needs into the wheel, too,
                   with their licences (Debian's), for other machines; else the
                   wheel is for this machine"""
import contextlib
import os
import pathlib
import shlex
import subprocess
import sys
import tarfile
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent
sys.path.insert(0, str(HERE))

from bundle import lay_out  # noqa: E402

# What a build needs.
PARTS = ("CMakeLists.txt", "CMakePresets.json", "LICENSE", "README.md", "cli",
         "cmake", "include", "packaging", "pyproject.toml", "python", "src",
         "third_party", "examples/moons.onnx", "docs/python.md")


def sources():
    """The files of PARTS, without what lies among them by chance."""
    if (ROOT / ".git").exists():
        listed = subprocess.run(["git", "ls-files", "--", *PARTS], cwd=ROOT,
                                check=True, capture_output=True, text=True)
        return [ROOT / name for name in listed.stdout.splitlines()]
    found = []
    for part in PARTS:
        path = ROOT / part
        found += [path] if path.is_file() else [
            file for file in path.rglob("*") if file.is_file()
            and "__pycache__" not in file.parts]
    return sorted(found)


def version():
    """Of the package."""
    text = (HERE / "pleats" / "_abi.py").read_text()
    return text.split('VERSION = "')[1].split('"')[0]


def build_sdist(sdist_directory, config_settings=None):
    name = f"pleats-{version()}"
    path = pathlib.Path(sdist_directory, f"{name}.tar.gz")
    info = f"Metadata-Version: 2.1\nName: pleats\nVersion: {version()}\n"
    with tempfile.TemporaryDirectory() as folder:
        (pathlib.Path(folder) / "PKG-INFO").write_text(info)
        with tarfile.open(path, "w:gz", format=tarfile.PAX_FORMAT) as archive:
            archive.add(pathlib.Path(folder, "PKG-INFO"), f"{name}/PKG-INFO")
            for file in sources():
                archive.add(file, f"{name}/{file.relative_to(ROOT)}")
    return path.name


@contextlib.contextmanager
def folder_of_build():
    given = os.environ.get("PLEATS_BUILD")
    if given:
        yield pathlib.Path(given).resolve()
        return
    with tempfile.TemporaryDirectory() as folder:
        yield pathlib.Path(folder)


def build(folder):
    """The installed tree, without cairo, whose parts find one another wherever
    it lies."""
    def run(*command):
        subprocess.run(command, check=True, stdout=sys.stderr)
    links = "-Wl,--disable-new-dtags"
    run("cmake", "-S", ROOT, "-B", folder, "-G", "Ninja",
        "-DCMAKE_BUILD_TYPE=Release", "-DPLEATS_DRAW=OFF",
        "-DPLEATS_TESTS=OFF", "-DCMAKE_INSTALL_RPATH=$ORIGIN",
        f"-DCMAKE_SHARED_LINKER_FLAGS={links}",
        f"-DCMAKE_EXE_LINKER_FLAGS={links}",
        *shlex.split(os.environ.get("PLEATS_CMAKE_ARGS", "")))
    run("cmake", "--build", folder)
    run("cmake", "--install", folder, "--prefix", folder / "prefix",
        "--strip")
    return folder / "prefix"


def build_wheel(wheel_directory, config_settings=None,
                metadata_directory=None):
    from setuptools import build_meta
    wheels, here = pathlib.Path(wheel_directory).resolve(), os.getcwd()
    with folder_of_build() as folder:
        stage = folder / "stage"
        lay_out(build(folder), stage, bool(os.environ.get("PLEATS_BUNDLE")))
        try:
            os.chdir(stage)
            return build_meta.build_wheel(str(wheels))
        finally:
            os.chdir(here)


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    print(build_sdist(sys.argv[1]))
