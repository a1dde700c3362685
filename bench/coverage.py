#!/usr/bin/python3
"""How often the intervals of `pleats estimate` hold the exact count.

usage: coverage.py PLEATS [--seeds N] [--rel-error X] [--only NAME]

For every known answer in tests/data/models with at most --most regions: the share
of seeds whose 95 % interval holds it, the mean of the estimates over the truth,
sweeps and seconds of one.
"""
import argparse
import json
import pathlib
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] /
                       "tests/data"))
from networks import network, rows  # noqa: E402


def estimate(pleats, call, seed, rel_error):
    out = subprocess.run(
        [pleats, "estimate", *call, "--exact-time", "0", "--seed", str(seed),
         "--rel-error", str(rel_error), "--threads", "1", "--json"],
        stdout=subprocess.PIPE, check=False, text=True).stdout
    return json.loads(out)


def truths(work):
    """(name, arguments, count)"""
    for i, row in enumerate(rows("ground_truth_2d.json")):
        plane = work / f"plane{i}.json"
        plane.write_text(json.dumps({k: row[k] for k in
                                     ("origin", "u", "v", "box")}))
        yield (row["model"], [network(row["model"]), "--plane", plane],
               row["cells"])
    for row in rows("nd/truth.json"):
        name, domain = f"{row['model']} all", ["--all"]
        if row["domain"] != "all":
            box = work / f"{pathlib.Path(row['model']).stem}.json"
            box.write_text(json.dumps(row["domain"]))
            name, domain = f"{row['model']} box", ["--box", f"@{box}"]
        yield name, [network(f"nd/{row['model']}"), *domain], row["regions"]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("pleats")
    parser.add_argument("--seeds", type=int, default=200)
    parser.add_argument("--rel-error", type=float, default=0.1)
    parser.add_argument("--most", type=int, default=50000)
    parser.add_argument("--only", default="")
    args = parser.parse_args()
    print("| network | regions | held | mean / truth | sweeps | s |")
    print("| --- | --- | --- | --- | --- | --- |")
    with tempfile.TemporaryDirectory() as work:
        for name, call, truth in truths(pathlib.Path(work)):
            if args.only not in name or truth > args.most:
                continue
            found = [estimate(args.pleats, call, seed, args.rel_error)
                     for seed in range(args.seeds)]
            held = sum(float(f["interval"]["lo"]) <= truth * (1 + 1e-5) and
                       float(f["interval"]["hi"]) >= truth * (1 - 1e-5)
                       for f in found)
            mean = sum(float(f["regions"]) for f in found) / len(found)
            constant = all(f["constant"] for f in found)
            print(f"| {name} | {truth} | "
                  f"{'always the count' if constant else f'{held / len(found):.1%}'} "
                  f"| {mean / truth:.4f} "
                  f"| {sum(f['sweeps'] for f in found) / len(found):.0f} "
                  f"| {sum(f['seconds'] for f in found) / len(found):.2g} |",
                  flush=True)


if __name__ == "__main__":
    main()
