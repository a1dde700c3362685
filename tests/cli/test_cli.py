#!/usr/bin/python3
"""Golden tests of the command line.  Usage: test_cli.py PLEATS EXAMPLES

cases/NAME.case holds one call and all that it prints: the first line is the
command line (EXAMPLES stands for the folder of examples), then come `exit N`,
`stdout:` with its lines and `stderr:` with its lines.  What varies from run to
run is written as T (seconds), N (bytes, verdicts, per cent), V (version),
SHA256 and EXAMPLES.  With --bless the
cases are rewritten from what the program does now.
"""
import json
import os
import pathlib
import re
import shlex
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "data"))
from harness import Checks, arguments, ended, run  # noqa: E402
import checks_balls  # noqa: E402
import checks_bounds  # noqa: E402
import checks_counts  # noqa: E402
import checks_density  # noqa: E402
import checks_estimate  # noqa: E402
import checks_json  # noqa: E402
import checks_layer  # noqa: E402
import checks_limits  # noqa: E402
import checks_local  # noqa: E402
import checks_make  # noqa: E402
import checks_plot  # noqa: E402
import checks_sample  # noqa: E402
import checks_scaled  # noqa: E402
import checks_stable  # noqa: E402


class Program:
    """The program under test, run in this folder."""

    def __init__(self, options):
        self.path = pathlib.Path(options.pleats).resolve()
        self.examples = pathlib.Path(options.examples).resolve()
        self.is_slow = (options.no_memory_limit or
                        "PLEATS_TEST_PERTURBED" in os.environ)
        self.environment = {**os.environ, "COLUMNS": "80", "LC_ALL": "C",
                            "ARGP_HELP_FMT": "rmargin=79"}

    def command(self, *args):
        """The arguments with the folder of examples filled in."""
        return [self.path] + [str(a).replace("EXAMPLES", str(self.examples))
                              for a in args]

    def __call__(self, *args, seconds=60, memory=None):
        return run(self.command(*args), seconds, memory, cwd=HERE,
                   env=self.environment)

    def json(self, *args, code=0, memory=None):
        """(answer, "") or (None, what was wrong)."""
        result = self(*args, "--json", memory=memory)
        wrong = ended(result, code)
        if wrong:
            return None, wrong
        try:
            return json.loads(result.stdout), ""
        except ValueError:
            return None, f"no JSON: {result.stdout[:200]!r}"

    def canonical(self, text):
        text = text.replace(str(self.examples), "EXAMPLES")
        text = text.replace(str(self.path), "pleats")
        text = re.sub(r"\b\d+(\.\d+)?(e-?\d+)?( s\b| seconds\b)", r"T\3", text)
        text = re.sub(r'"seconds": [-+.e\d]+', '"seconds": T', text)
        text = re.sub(r'"memory": \d+', '"memory": N', text)
        text = re.sub(r"\b\d+ (verdicts? by|by exact)", r"N \1", text)
        text = re.sub(r"\b\d+(\.\d+)?(e-?\d+)? ([KMG]i)?B\b", "N B", text)
        text = re.sub(r"~?\d+(\.\d+)?%", "N%", text)
        text = re.sub(r"sha256 [0-9a-f]{8}\.\.\.", "sha256 SHA256", text)
        text = re.sub(r"\b[0-9a-f]{64}\b", "SHA256", text)
        return re.sub(r"\b\d+\.\d+\.\d+\b", "V", text)


def answers(text):
    """What the perturbation build must print as well: all but how it was
    proved, and the digits of doubles, which are moved within their errors."""
    if "PLEATS_TEST_PERTURBED" not in os.environ:
        return text
    text = re.sub(r"(?m)^proof .*$", "proof", text)
    text = re.sub(r"\b\d+ parts of the domain, \d+", "N parts, N", text)
    text = re.sub(r'"(parts|leaves)": \d+', r'"\1": N', text)
    text = re.sub(r"\b\d+ points decided exactly", "N points decided", text)
    text = re.sub(r"at least \d+ affine", "at least N affine", text)
    text = re.sub(r"\((ray|programme|exact)\)", "(proof)", text)
    text = re.sub(r'("(by|decided)_[a-z_]+"): \d+', r"\1: N", text)
    text = re.sub(r'"(bounds|exact)": \d+', r'"\1": N', text)
    return re.sub(r"\b\d+\.\d+(e[-+]?\d+)?", "X", text)


def case_text(program, line):
    result = program(*shlex.split(line))
    parts = [f"exit {result.returncode}"]
    for name, text in (("stdout", result.stdout), ("stderr", result.stderr)):
        parts += [f"{name}:", program.canonical(text).rstrip("\n")]
    return "\n".join([line, *filter(None, parts)]) + "\n"


def check_cases(program, checks, only, bless):
    for path in sorted((HERE / "cases").glob("*.case")):
        if only not in path.stem:
            continue
        want = path.read_text()
        if "PLEATS_PERTURB" in os.environ and want.startswith(
                ("local ", "survey ", "complex ")):
            checks.skip(f"case {path.stem}", "prints bounds in doubles, which "
                        "are moved")
            continue
        got = case_text(program, want.split("\n", 1)[0])
        if bless:
            path.write_text(got)
        same = answers(got) == answers(want)
        wrong = "" if same or bless else f"printed\n{got}"
        checks.add(f"case {path.stem}", wrong)


def main():
    bless = "--bless" in sys.argv
    sys.argv = [a for a in sys.argv if a != "--bless"]
    options = arguments(examples="folder of the example networks")
    program, checks = Program(options), Checks()
    check_cases(program, checks, options.only, bless)
    if not bless:
        for part in (checks_balls, checks_bounds, checks_counts,
                     checks_density, checks_estimate, checks_json, checks_layer, checks_limits,
                     checks_local, checks_make, checks_plot, checks_sample,
                     checks_scaled, checks_stable):
            part.check(program, checks)
    checks.finish()


if __name__ == "__main__":
    main()
