#!/usr/bin/python3
"""The plain exact count against known answers about real networks.
Usage: test_baseline.py PLEATS BASELINE MODELS"""
import json
import pathlib
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "data"))
from harness import SKIPPED, Checks, arguments, ended, run  # noqa

MAX_REGIONS = 2000


def main():
    options = arguments(baseline="the plain exact count",
                        models="folder of networks")
    models = pathlib.Path(options.models)
    if not (models / "MANIFEST.md").exists():
        print(f"{models} is not there: these checks are skipped")
        sys.exit(SKIPPED)
    checks = Checks(verbose=True)
    with tempfile.TemporaryDirectory() as work:
        for path, domain, regions in rows(models, pathlib.Path(work)):
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


def rows(models, work):
    """(network, domain options, regions) of every known answer."""
    for i, row in enumerate(read(models / "ground_truth_2d.json")):
        plane = write(work / f"plane{i}.json",
                      {k: row[k] for k in ("origin", "u", "v", "box")})
        yield models / row["model"], ["--plane", plane], row["cells"]
    for folder in ("nd", ""):
        name = "truth.json" if folder else "ext/acasxu_small_boxes.json"
        for i, row in enumerate(read(models / folder / name)):
            domain = ["--all"]
            if row["domain"] != "all":
                box = write(work / f"box{folder}{i}.json", row["domain"])
                domain = ["--box", f"@{box}"]
            yield models / folder / row["model"], domain, row["regions"]


def read(path):
    return json.loads(path.read_text())


def write(path, content):
    path.write_text(json.dumps(content))
    return path


if __name__ == "__main__":
    main()
