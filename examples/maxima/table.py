"""The table maxima.csv and the files beside it."""
import csv
import json
import pathlib
import re
import shutil
import subprocess

HERE = pathlib.Path(__file__).resolve().parent
COLUMNS = ["spec", "what", "number", "upper", "label", "witness"]


def read():
    """Rows by (spec, what)."""
    path = HERE / "maxima.csv"
    if not path.exists():
        return {}
    with open(path, newline="", encoding="utf-8") as file:
        return {(row["spec"], row["what"]): row for row in csv.DictReader(file)}


def write(rows):
    with open(HERE / "maxima.csv", "w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows[key] for key in sorted(rows))


def all_specs(rows):
    """Those of the table and of specs.txt, each once."""
    listed = (HERE / "specs.txt").read_text(encoding="utf-8").split()
    return list(dict.fromkeys(listed + [spec for spec, _ in rows]))


def bounds(pleats, spec, *options):
    answer = subprocess.run([pleats, "bound", spec, "--json", *options],
                            capture_output=True, text=True, check=True)
    return json.loads(answer.stdout)


def refresh(pleats, rows):
    """Takes in what upper bounds have become since."""
    for row in rows.values():
        row["upper"] = bounds(pleats, row["spec"])["best_upper"]
        row["label"] = "exact" if row["number"] == row["upper"] else "lower"


def take(pleats, spec, what, number, witness):
    """A row for a witness, which is copied into the folder."""
    name = re.sub(r"[^A-Za-z0-9=]+", "_", spec).strip("_")
    name += ".onnx" if what == "regions" else "_pieces.onnx"
    shutil.copyfile(witness, HERE / "witnesses" / name)
    upper = bounds(pleats, spec)["best_upper"]
    return {"spec": spec, "what": what, "number": str(number), "upper": upper,
            "label": "exact" if str(number) == upper else "lower",
            "witness": name}
