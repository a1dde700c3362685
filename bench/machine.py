"""What a measurement was made on and with."""
import datetime
import os
import pathlib
import platform
import re
import subprocess


def describe(pleats):
    """`pleats` is the program, in its build folder."""
    return {
        "date": datetime.datetime.now(datetime.timezone.utc).strftime(
            "%Y-%m-%d %H:%M UTC"),
        "processor": processor(), "cores": os.cpu_count(),
        "memory_mib": os.sysconf("SC_PAGE_SIZE") *
        os.sysconf("SC_PHYS_PAGES") >> 20,
        "system": platform.platform(), "load": list(os.getloadavg()),
        "compiler": compiler(pleats), "flags": flags(pleats),
        "commit": commit(), "program": output([pleats, "--version"])}


def output(command):
    """The first line that a command prints, "" when it cannot be run."""
    try:
        text = subprocess.run([str(c) for c in command], text=True,
                              stdout=subprocess.PIPE,
                              stderr=subprocess.DEVNULL).stdout
    except OSError:
        return ""
    return text.strip().split("\n")[0]


def processor():
    try:
        text = pathlib.Path("/proc/cpuinfo").read_text()
    except OSError:
        return platform.processor()
    found = re.search(r"^model name\s*: (.*)$", text, re.M)
    return found.group(1) if found else platform.machine()


def cached(pleats, name):
    """A variable of the build's CMake cache."""
    try:
        cache = (pathlib.Path(pleats).resolve().parent /
                 "CMakeCache.txt").read_text()
    except OSError:
        return ""
    found = re.search(rf"^{name}:\w+=(.*)$", cache, re.M)
    return found.group(1) if found else ""


def compiler(pleats):
    path = cached(pleats, "CMAKE_C_COMPILER")
    return output([path, "--version"]) if path else ""


def flags(pleats):
    kind = cached(pleats, "CMAKE_BUILD_TYPE")
    parts = [kind, cached(pleats, "CMAKE_C_FLAGS"),
             cached(pleats, f"CMAKE_C_FLAGS_{kind.upper()}")]
    return " ".join(p for p in parts if p)


def commit():
    here = pathlib.Path(__file__).resolve().parent
    name = output(["git", "-C", here, "rev-parse", "--short=12", "HEAD"])
    changed = output(["git", "-C", here, "status", "--porcelain"])
    return name + (" with changes" if changed else "")
