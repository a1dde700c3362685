#!/usr/bin/python3
"""Colours of quantities, sheets and lines.  Usage: test_shade.py PLEATS EXAMPLES"""
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "data"))
from harness import Checks, arguments  # noqa: E402
from test_cli import Program  # noqa: E402
import checks_shade  # noqa: E402


def main():
    options = arguments(examples="folder of the example networks")
    checks = Checks()
    checks_shade.check(Program(options), checks)
    checks.finish()


if __name__ == "__main__":
    main()
