#!/usr/bin/python3
"""The table of the most regions known: at least 60 architectures, and every
witness has what the table says.  Usage: test_maxima.py PLEATS FOLDER"""
import pathlib
import subprocess
import sys

LEAST_ROWS = 60

folder = pathlib.Path(sys.argv[2])
result = subprocess.run(["/usr/bin/python3", "-B", folder / "verify.py",
                         pathlib.Path(sys.argv[1]).resolve()],
                        capture_output=True, text=True, check=False)
sys.stdout.write(result.stdout)
sys.stderr.write(result.stderr)
rows = len((folder / "maxima.csv").read_text().splitlines()) - 1
if rows < LEAST_ROWS:
    print(f"{rows} rows, not {LEAST_ROWS}")
sys.exit(result.returncode or rows < LEAST_ROWS)
