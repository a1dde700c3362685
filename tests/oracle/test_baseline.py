#!/usr/bin/python3
"""The plain exact count against known answers about real networks.
Usage: test_baseline.py PLEATS BASELINE"""
import json
import pathlib
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "data"))
from harness import Checks, arguments, ended, run  # noqa
from networks import network, rows  # noqa

MAX_REGIONS = 2000


def main():
    options = arguments(baseline="the plain exact count")
    checks = Checks(verbose=True)
    with tempfile.TemporaryDirectory() as work:
        for path, domain, regions in known(pathlib.Path(work)):
            if regions > MAX_REGIONS:
                continue
            result = run([options.baseline, path, *domain])
            wrong = ended(result, 0)
            if not wrong:
                answer = json.loads(result.stdout)
                if not answer["complete"] or answer["regions"] != str(regions):
                    wrong = f"{answer} instead of {regions}"
            checks.add(f"{path.stem} {domain[0]}: {regions}", wrong)
    checks.finish()


def known(work):
    """(network, domain options, regions) of every known answer."""
    for i, row in enumerate(rows("ground_truth_2d.json")):
        plane = write(work / f"plane{i}.json",
                      {k: row[k] for k in ("origin", "u", "v", "box")})
        yield network(row["model"]), ["--plane", plane], row["cells"]
    for folder, name in (("nd/", "nd/truth.json"),
                         ("", "ext/acasxu_small_boxes.json")):
        for i, row in enumerate(rows(name)):
            domain = ["--all"]
            if row["domain"] != "all":
                box = write(work / f"box{len(folder)}{i}.json", row["domain"])
                domain = ["--box", f"@{box}"]
            yield network(folder + row["model"]), domain, row["regions"]


def write(path, content):
    path.write_text(json.dumps(content))
    return path


if __name__ == "__main__":
    main()
