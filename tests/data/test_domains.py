#!/usr/bin/python3
"""Every domain and data file with a defect must be refused: exit code 3, one
line that names the cause, no crash, under 5 seconds and 1 GiB.
Usage: test_domains.py PLEATS DOMAIN_FOLDER MODEL"""
import json
import pathlib
import tempfile

from harness import Checks, arguments, refused, run


def main():
    options = arguments(domains="folder with expected.json",
                        model="a network with two inputs")
    folder = pathlib.Path(options.domains)
    memory = None if options.no_memory_limit else 1 << 30
    seconds = 20 if options.no_memory_limit else 5

    def count(*args):
        return run([options.pleats, "count", options.model, *args], seconds,
                   memory)

    def check(item):
        name, entry = item
        path = str(folder / name)
        args = [path if a == "@" else f"@{path}" if a == "@@" else
                path + a[1:] if a.startswith("@:") else a
                for a in entry["args"]]
        return name, refused(count(*args), entry["words"])

    checks = Checks()
    expected = json.loads((folder / "expected.json").read_text())
    checks.each(check, [item for item in expected.items()
                        if options.only in item[0]])
    listed = set(expected) | {"expected.json"}
    found = {path.name for path in folder.iterdir()}
    checks.add("every file is listed", ", ".join(sorted(listed ^ found)))
    check_depth(checks, count)
    for flag in ("--plane", "--line", "--polytope", "--vnnlib"):
        checks.add(f"missing file after {flag}", refused(
            count(flag, folder / "never"), ["never"]))
    checks.finish()


def check_depth(checks, count):
    """Brackets a million deep."""
    depth = 1000000
    deep = {"--plane": ["[" * depth, '{"origin":' * depth,
                        '{"origin": ' + "[" * depth + "]" * depth + "}"],
            "--vnnlib": ["(" * depth, "(assert " + "(and " * depth
                         + "(<= X_0 1)" + ")" * (depth + 1)]}
    with tempfile.TemporaryDirectory() as top:
        for flag, texts in deep.items():
            for i, text in enumerate(texts):
                path = pathlib.Path(top) / f"deep{flag}{i}"
                path.write_text(text)
                checks.add(f"deep nesting {i} after {flag}",
                           refused(count(flag, path), []))


if __name__ == "__main__":
    main()
