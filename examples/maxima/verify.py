#!/usr/bin/python3
"""Counts every witness of maxima.csv anew and works out its upper bound.

    verify.py PLEATS

Says what does not agree; exit code 1 if anything does not."""
import json
import subprocess
import sys

import table


def count(pleats, row):
    """The witness's exact number of what the row is about."""
    answer = subprocess.run(
        [pleats, "count", table.HERE / "witnesses" / row["witness"], "--what",
         row["what"], "--json"], capture_output=True, text=True, check=True)
    result = json.loads(answer.stdout)
    return result["label"], str(result[row["what"]])


def differences(pleats, row):
    """What the row says wrongly."""
    witness = str(table.HERE / "witnesses" / row["witness"])
    # `bound' refuses a witness of another architecture.
    upper = table.bounds(pleats, row["spec"], "--witness",
                         witness)["best_upper"]
    label, number = count(pleats, row)
    if label != "exact":
        yield f"its count is {label}"
    if number != row["number"]:
        yield f"the witness has {number}, not {row['number']}"
    if upper != row["upper"]:
        yield f"the best upper bound is {upper}, not {row['upper']}"
    if (number == upper) != (row["label"] == "exact"):
        yield f"it is not {row['label']}"


def main():
    rows = table.read()
    wrong = 0
    for row in rows.values():
        for difference in differences(sys.argv[1], row):
            print(f"{row['spec']}, {row['what']}: {difference}")
            wrong += 1
    print(f"{len(rows)} rows, {wrong} differences")
    sys.exit(1 if wrong or not rows else 0)


if __name__ == "__main__":
    main()
