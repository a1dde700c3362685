"""`python -m pleats`: the command line program.

Looked for in this order: the file that the environment variable PLEATS_PROGRAM
names, the one that lies in this package (wheels), `pleats` in the path."""
from __future__ import annotations

import os
import pathlib
import shutil
import sys
from typing import NoReturn

BUNDLED = pathlib.Path(__file__).resolve().parent / "bin" / "pleats"


def main() -> NoReturn:
    """Becomes the program."""
    program = os.environ.get("PLEATS_PROGRAM") or (
        str(BUNDLED) if BUNDLED.exists() else shutil.which("pleats"))
    if program is None:
        sys.exit("pleats: the command line program is not installed; name it "
                 "in the environment variable PLEATS_PROGRAM")
    try:
        os.execv(program, ["pleats", *sys.argv[1:]])
    except OSError as error:
        sys.exit(f"pleats: {program}: {error.strerror}")


if __name__ == "__main__":
    main()
