#!/usr/bin/python3
"""Makes tests/data/ops/: for every operator and variant that the reader
promises, a network NAME.onnx and NAME.json with input rows `x`, expected rows
`y` (float64, from PyTorch or NumPy), a relative `tolerance` and perhaps
further `args` of the command line.

Needs python3-onnx and python3-torch of Debian 12; every run makes the same
bytes.
"""
import pathlib

import cases_linear
import cases_units
import cases_pool
import cases_shape
import cases_sizes
import cases_select
import cases_domains
import cases_files
import cases_piecewise
import corpus

if __name__ == "__main__":
    for part in (cases_linear, cases_units, cases_pool, cases_shape, cases_sizes,
                 cases_select, cases_domains, cases_files, cases_piecewise):
        part.make()
    corpus.write_cases(pathlib.Path(__file__).resolve().parent / "ops")
    print(len(corpus.CASES), "cases")
