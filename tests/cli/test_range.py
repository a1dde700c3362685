#!/usr/bin/python3
"""Extreme values, properties and Lipschitz constants of the program.
Usage: test_range.py PLEATS EXAMPLES"""
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "data"))
from harness import Checks, arguments  # noqa: E402
import checks_lipschitz  # noqa: E402
import checks_range  # noqa: E402
from test_cli import Program  # noqa: E402


def main():
    options = arguments(examples="folder of the example networks")
    program, checks = Program(options), Checks()
    for part in (checks_range, checks_lipschitz):
        part.check(program, checks)
    checks.finish()


if __name__ == "__main__":
    main()
