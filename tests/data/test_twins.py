#!/usr/bin/python3
"""Networks with sorts, recurrences and comparisons have as many regions as a
formula or as a network of plain operators says, with doubles and without
(--paranoid).  Usage: test_twins.py PLEATS TWINS_FOLDER"""
import json
import pathlib

from harness import Checks, arguments, ended, run


def main():
    options = arguments(twins="folder with expected.json")
    folder = pathlib.Path(options.twins)
    expected = json.loads((folder / "expected.json").read_text())

    def count(name, *args):
        result = run([options.pleats, "count", folder / f"{name}.onnx",
                      "--all", "--json", *args])
        wrong = ended(result, 0)
        answer = {} if wrong else json.loads(result.stdout)
        if not wrong and answer["label"] != "exact":
            wrong = f"label {answer['label']}"
        return wrong, answer.get("regions")

    def check(item):
        name, want = item
        other = ""
        if isinstance(want, str):
            other, want = count(want)
        wrong, got = count(name)
        second, paranoid = count(name, "--paranoid")
        if not (other or wrong or second) and not (
                int(got) == int(paranoid) == int(want) > 1):
            wrong = f"{got} regions, {paranoid} with --paranoid, not {want}"
        return name, other or wrong or second

    checks = Checks()
    checks.each(check, [item for item in expected.items()
                        if item[1] is not None and options.only in item[0]])
    checks.finish()


if __name__ == "__main__":
    main()
