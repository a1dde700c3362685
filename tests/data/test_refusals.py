#!/usr/bin/python3
"""Every network of the refusal corpus must be refused: exit code 3, one line
that names the cause, no crash, under 20 seconds and 1 GiB.
Usage: test_refusals.py PLEATS REFUSE_FOLDER"""
import json
import pathlib
import shutil
import tempfile

from harness import Checks, arguments, ended, refused, run

GIB = 1 << 30


def main():
    options = arguments(refuse="folder with expected.json")
    folder = pathlib.Path(options.refuse)
    memory = None if options.no_memory_limit else GIB
    seconds = 60 if options.no_memory_limit else 20

    def info(path, *args):
        return run([options.pleats, "info", path, *args], seconds, memory)

    def check(item):
        name, entry = item
        path = folder / f"{name}.onnx"
        result = info(path, *entry["args"])
        # The words must be the message's own, not those of the file's name.
        result.stderr = result.stderr.replace(str(path), "FILE")
        wrong = refused(result, entry["words"])
        if not wrong and "accepted_with" in entry:
            wrong = ended(info(path, *entry["accepted_with"]), 0)
        return name, wrong

    checks = Checks()
    expected = json.loads((folder / "expected.json").read_text())
    checks.each(check, [item for item in expected.items()
                        if options.only in item[0]])
    listed = {f"{name}.onnx" for name in expected}
    found = {path.name for path in folder.glob("*.onnx")}
    checks.add("every file is listed", ", ".join(sorted(listed ^ found)))
    check_links(checks, info, folder)
    checks.add("missing file", refused(info(folder / "never.onnx"),
                                       ["never.onnx"]))
    checks.add("folder as file", refused(info(folder), []))
    checks.finish()


def check_links(checks, info, folder):
    """External data reached through links that lead out of the model's
    folder; the same file without links is accepted."""
    source = folder.parent / "ops"
    name = "file_external_whole"
    with tempfile.TemporaryDirectory() as top:
        top = pathlib.Path(top)
        for place in ("plain", "link", "folder"):
            (top / place).mkdir()
            shutil.copy(source / f"{name}.onnx", top / place)
        shutil.copy(source / f"{name}.bin", top / "plain")
        checks.add("external data without links",
                   ended(info(top / "plain" / f"{name}.onnx"), 0))
        (top / "link" / f"{name}.bin").symlink_to(
            top / "plain" / f"{name}.bin")
        checks.add("external data is a link", refused(
            info(top / "link" / f"{name}.onnx"), ["link|outside|folder"]))
        data = (top / "folder" / f"{name}.onnx").read_bytes()
        where = f"{name}.bin".encode()
        inside = b"d/" + where[2:]
        assert data.count(where) == 1
        (top / "folder" / f"{name}.onnx").write_bytes(
            data.replace(where, inside))
        (top / "plain" / inside[2:].decode()).write_bytes(
            (top / "plain" / f"{name}.bin").read_bytes())
        (top / "folder" / "d").symlink_to(top / "plain")
        checks.add("external data behind a linked folder", refused(
            info(top / "folder" / f"{name}.onnx"), ["link|outside|folder"]))
        (top / "folder" / "d").unlink()
        (top / "folder" / "d").mkdir()
        shutil.copy(top / "plain" / inside[2:].decode(),
                    top / "folder" / "d")
        checks.add("external data in a folder below",
                   ended(info(top / "folder" / f"{name}.onnx"), 0))


if __name__ == "__main__":
    main()
