"""Runs the tests of the package that is imported as `pleats`.

Environment: PYTHONPATH, PLEATS_LIBRARY and PLEATS_PROGRAM where the package is
not installed as a wheel; PLEATS_SOURCE, the project's folder, and
PLEATS_BUILD_INCLUDE, the folder of the generated headers.  Exit code 77:
skipped."""
import importlib.util
import pathlib
import sys
import unittest

if importlib.util.find_spec("numpy") is None:
    print("skipped: numpy is not installed")
    sys.exit(77)

HERE = pathlib.Path(__file__).resolve().parent
unittest.main(module=None, argv=[
    sys.argv[0], *(sys.argv[1:] or ["discover", "-s", str(HERE)])])
