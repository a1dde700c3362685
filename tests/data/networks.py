"""Where networks with known answers lie: this project's own in tests/data/models;
other people's, which keep their own licences, in ../shared/models/ext beside the
checkout, where they may be missing.  Names of the latter begin with "ext/"."""
import json
import pathlib
import sys

from harness import SKIPPED

MODELS = pathlib.Path(__file__).resolve().parent / "models"
EXT = MODELS.parents[3] / "shared" / "models" / "ext"


def network(name):
    """The path of a file by its name."""
    if name.startswith("ext/"):
        return EXT / name[len("ext/"):]
    return MODELS / name


def rows(name):
    """The known answers of a file, without those on networks that are not
    here, of which a line tells."""
    path = network(name)
    known = json.loads(path.read_text()) if path.exists() else []
    here = [row for row in known if network(row["model"]).exists()
            or not row["model"].startswith("ext/")]
    if not known or len(here) < len(known):
        print(f"skip answers of {name} on other people's networks: no {EXT}",
              flush=True)
    return here


def need_ext():
    """Ends the test as skipped where other people's networks are missing."""
    if not EXT.is_dir():
        print(f"{EXT} is not there: these checks are skipped")
        sys.exit(SKIPPED)
