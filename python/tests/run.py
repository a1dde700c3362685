"""Runs the tests of the package that is imported as `pleats`.
Usage: run.py [FILE.py | arguments of unittest]

Environment: PYTHONPATH, PLEATS_LIBRARY and PLEATS_PROGRAM where the package is
not installed as a wheel; PLEATS_SOURCE, the project's folder, and
PLEATS_BUILD_INCLUDE, the folder of the generated headers.  Exit code 77: all
were skipped, and lines say why."""
import importlib.util
import pathlib
import signal
import sys
import unittest

HERE = pathlib.Path(__file__).resolve().parent


def arguments(words):
    """Of unittest: one file is looked for as such, since it may be skipped
    when it is read."""
    found = ["discover", "-s", str(HERE)]
    if len(words) == 1 and words[0].endswith(".py"):
        return [*found, "-p", words[0]]
    return words or found


def main():
    if importlib.util.find_spec("numpy") is None:
        print("skipped: numpy is not installed")
        return 77
    # What a script runs in the background ignores it from its birth.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    result = unittest.main(module=None, exit=False, argv=[
        sys.argv[0], *arguments(sys.argv[1:])]).result
    for reason in sorted({reason for _, reason in result.skipped}):
        print("skipped:", reason)
    if not result.wasSuccessful() or result.testsRun == 0:
        return 1
    return 77 if len(result.skipped) == result.testsRun else 0


sys.exit(main())
