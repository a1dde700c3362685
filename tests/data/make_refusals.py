#!/usr/bin/python3
"""Makes tests/data/refuse/: NAME.onnx with one defect each, and expected.json
with, for each NAME, `words` (regular expressions that the message must hold),
`args` (further arguments) and perhaps `accepted_with` (arguments with which
the file is accepted).

Needs python3-onnx of Debian 12; every run makes the same bytes.
"""
import json
import pathlib

import refuse_files
import refuse_operators
import refuse_piecewise

if __name__ == "__main__":
    refuse_operators.make()
    refuse_files.make()
    refuse_piecewise.make()
    folder = pathlib.Path(__file__).resolve().parent / "refuse"
    folder.mkdir(exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    for name, (data, _, files) in refuse_operators.REFUSED.items():
        (folder / f"{name}.onnx").write_bytes(data)
        for extra, content in files.items():
            (folder / extra).write_bytes(content)
    expected = {name: entry for name, (_, entry, _)
                in sorted(refuse_operators.REFUSED.items())}
    lines = [f" {json.dumps(k)}: {json.dumps(v)}"
             for k, v in expected.items()]
    (folder / "expected.json").write_text("{\n" + ",\n".join(lines) + "\n}\n")
    print(len(expected), "refusals")
