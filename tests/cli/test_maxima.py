#!/usr/bin/python3
"""The table of the most regions known: at least 60 architectures, and every
witness has what the table says.  Usage: test_maxima.py PLEATS FOLDER"""
import csv
import pathlib
import subprocess
import sys

LEAST_ROWS = 60

# What others found by climbing or by sampling, which the table is not below.
LEAST = {"cnn:in=1x4/conv=2@2/relu/conv=1@2/relu": 199,
         "cnn:in=1x4/conv=2@2/relu/conv=2@2/relu": 568,
         "cnn:in=1x4/conv=2@2/relu/conv=3@2/relu": 1255,
         "cnn:in=1x6/conv=1@2/relu/conv=1@2/relu/conv=1@2/relu/"
         "conv=1@2/relu": 1565,
         "cnn:in=1x5/conv=1@2/relu/conv=4@2/relu": 1243,
         "cnn:in=1x4/conv=1@2/relu/conv=1@2/relu/conv=1@2/relu": 36,
         "cnn:in=1x3/conv=1@3,p=1/relu/conv=1@3,p=1/relu": 37,
         "cnn:in=1x6/conv=2@3/relu/maxpool=2": 603,
         "cnn:in=1x5/conv=2@2/relu/maxpool=2": 505,
         "cnn:in=1x4/conv=2@3,p=1/relu/maxpool=2": 384,
         "cnn:in=1x5/conv=1@3,p=1/relu/maxpool=5": 81,
         "mlp:3,3,3,1:hardtanh": 119}

folder = pathlib.Path(sys.argv[2])
result = subprocess.run(["/usr/bin/python3", "-B", folder / "verify.py",
                         pathlib.Path(sys.argv[1]).resolve()],
                        capture_output=True, text=True, check=False)
sys.stdout.write(result.stdout)
sys.stderr.write(result.stderr)
with open(folder / "maxima.csv", newline="", encoding="utf-8") as file:
    rows = list(csv.DictReader(file))
regions = {row["spec"]: int(row["number"]) for row in rows
           if row["what"] == "regions"}
low = [spec for spec, least in LEAST.items() if regions.get(spec, 0) < least]
if len(regions) < LEAST_ROWS or low:
    print(f"{len(regions)} architectures, {LEAST_ROWS} are wanted; "
          f"too low: {low}")
sys.exit(bool(result.returncode or len(regions) < LEAST_ROWS or low))
