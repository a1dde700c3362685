"""Which machines a wheel is for: what its shared objects ask of the C library.

A wheel may call itself manylinux_2_N [PEP 600] when all that it asks of others
are versions of glibc up to 2.N."""
import re
import subprocess
import sysconfig

# The C library and its loader: what every machine of the kind has.
SYSTEM = re.compile(
    r"(ld-linux[-\w]*|ld64|lib(c|m|pthread|dl|rt|util))\.so\.\d+$")
VERSION = re.compile(r"\((\w+?)_([0-9.]+)\)")


def _shown(option, path):
    return subprocess.run(["objdump", option, path], check=True, text=True,
                          capture_output=True).stdout


def needed_by(path):
    """The names of the shared libraries that a file names."""
    return set(re.findall(r"^\s+NEEDED\s+(\S+)", _shown("-p", path),
                          re.MULTILINE))


def glibc_of(path):
    """The newest version of glibc of which a file wants a symbol, as a pair;
    (2, 0) where it wants none."""
    newest = (2, 0)
    for line in _shown("-T", path).splitlines():
        found = VERSION.search(line)
        if "*UND*" in line and found and found[1] == "GLIBC":
            newest = max(newest, tuple(map(int, found[2].split(".")[:2])))
    return newest


def tag_of(paths):
    """The tag of a wheel that holds these files; ValueError where one of them
    needs a library that is neither here nor glibc's."""
    here = {path.name for path in paths}
    for path in paths:
        for name in needed_by(path) - here:
            if not SYSTEM.match(name):
                raise ValueError(f"{path.name} needs {name}, which is not in "
                                 "the wheel")
    major, minor = max(glibc_of(path) for path in paths)
    machine = sysconfig.get_platform().partition("-")[2].replace("-", "_")
    return f"manylinux_{major}_{minor}_{machine}"
