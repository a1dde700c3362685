#!/usr/bin/python3
"""Installs the built tree, then builds and runs what a stranger would against
it: with pkg-config, with the archive alone, by find_package, as C++; and every
header by itself.  Usage: test_install.py BUILD EXAMPLES CC CXX"""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

STRICT = ["-Wall", "-Wextra", "-Wpedantic", "-Werror", "-fsyntax-only"]
HERE = pathlib.Path(__file__).resolve().parent


def run(command, **options):
    """The standard output of a command that must succeed."""
    done = subprocess.run([str(word) for word in command], text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          **options)
    if done.returncode:
        sys.exit(f"{' '.join(map(str, command))}\nended with "
                 f"{done.returncode}:\n{done.stdout}")
    return done.stdout


class Installation:
    """A tree below `prefix`, and what is made with it in `work`."""

    def __init__(self, build, examples, work):
        self.examples, self.work = examples, work
        self.prefix = work / "prefix"
        run(["cmake", "--install", build, "--prefix", self.prefix])
        self.config = self.one("pleats.pc")
        self.libdir = self.config.parent.parent
        self.environment = dict(os.environ,
                                PKG_CONFIG_PATH=str(self.config.parent),
                                LD_LIBRARY_PATH=str(self.libdir))

    def one(self, name):
        found = list(self.prefix.rglob(name))
        if len(found) != 1:
            sys.exit(f"{name} is installed {len(found)} times")
        return found[0]

    def flags(self, *options):
        return run(["pkg-config", *options, "--cflags", "--libs", "pleats"],
                   env=self.environment).split()

    def answers(self, program):
        """Runs a built example and compares what it prints with the committed
        text, and the count in the network that it writes with the command."""
        folder = pathlib.Path(tempfile.mkdtemp(dir=self.work))
        shown = run([program], cwd=folder, env=self.environment)
        name = program.name.split("-")[0]
        want = (self.examples / f"{name}.txt").read_text()
        if shown != want:
            sys.exit(f"{program} printed\n{shown}and not\n{want}")
        for network in folder.glob("*.onnx"):
            counted = run([self.prefix / "bin" / "pleats", "count", network,
                           "--box", "-1,1"], env={})
            number = re.search(r"(\d+) are there", shown)[1]
            if counted.split()[0] != number:
                sys.exit(f"{program} counts {number}, the command {counted}")


def compile_headers(tree, cc, cxx):
    headers = sorted(tree.prefix.glob("include/pleats/*.h"))
    for header in headers:
        source = tree.work / "one.c"
        source.write_text(f"#include <pleats/{header.name}>\nint one;\n")
        include = f"-I{tree.prefix}/include"
        run([cc, "-std=c11", *STRICT, include, source])
        run([cxx, "-std=c++17", "-x", "c++", *STRICT, include, source])
    return len(headers)


def build_examples(tree, cc, suffix, flags):
    for source in sorted(tree.examples.glob("*.c")):
        program = tree.work / f"{source.stem}-{suffix}"
        run([cc, source, "-o", program, *flags])
        tree.answers(program)


def build_by_cmake(tree, targets):
    """A project of its own that finds the package."""
    folder = tree.work / "project"
    folder.mkdir()
    shutil.copy(HERE / "project.cmake", folder / "CMakeLists.txt")
    run(["cmake", "-S", folder, "-B", folder / "build", "-DCMAKE_BUILD_TYPE=",
         f"-DCMAKE_PREFIX_PATH={tree.prefix}", f"-DEXAMPLES={tree.examples}"])
    run(["cmake", "--build", folder / "build"])
    for source in sorted(tree.examples.glob("*.c")):
        for target in targets:
            tree.answers(folder / "build" / f"{source.stem}-{target}")


def check_destdir(build, work):
    """Packages are made with DESTDIR: nothing may name it."""
    root = work / "root"
    run(["cmake", "--install", build, "--prefix", "/usr"],
        env=dict(os.environ, DESTDIR=str(root)))
    if [path.name for path in root.iterdir()] != ["usr"]:
        sys.exit("DESTDIR: not all is below /usr")
    for path in [*root.rglob("*.pc"), *root.rglob("*.cmake"),
                 *root.rglob("*.h")]:
        text = path.read_text()
        if str(work) in text or str(build) in text:
            sys.exit(f"{path} names a folder of the build")


def check_papers(tree, build):
    """What packaging/ makes lies where man and the shells look for it."""
    for page in (build / "packaging").glob("*.1"):
        if tree.one(page.name).parent.name != "man1":
            sys.exit(f"{page.name} is not in man1")
    for path in ("bash-completion/completions/pleats",
                 "fish/vendor_completions.d/pleats.fish",
                 "zsh/site-functions/_pleats"):
        if not (tree.prefix / "share" / path).is_file():
            sys.exit(f"{path} is not installed")


def main():
    build, examples, cc, cxx = sys.argv[1:]
    build = pathlib.Path(build).resolve()
    examples = pathlib.Path(examples).resolve()
    with tempfile.TemporaryDirectory() as name:
        work = pathlib.Path(name)
        tree = Installation(build, examples, work)
        n = compile_headers(tree, cc, cxx)
        build_examples(tree, cc, "shared", tree.flags())
        build_by_cmake(tree, ["shared", "static", "cxx"])
        check_destdir(build, work)
        check_papers(tree, build)
        for library in tree.libdir.glob("libpleats.so*"):
            if not library.name.endswith(".0"):
                library.unlink()
        build_examples(tree, cc, "static", tree.flags("--static"))
        print(f"{n} headers, and the examples by pkg-config, its --static, "
              "CMake and C++")


main()
