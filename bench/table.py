#!/usr/bin/python3
"""The results as a table: table.py FILE.json shows a file again, with
--markdown as Markdown."""
import argparse
import json
import pathlib

HEAD = ["workload", "regions", "seconds", "regions/s", "baseline/s", "ratio",
        "2 threads", "per region", "MiB", "verdict"]


def show(report, markdown=False):
    machine = report["machine"]
    print(f"{machine['processor']}, {machine['cores']} cores, "
          f"{machine['memory_mib']} MiB, load {machine['load'][0]:.2f}; "
          f"{machine['compiler']}; {machine['flags']}; commit "
          f"{machine['commit']}; {machine['date']}; {report['threads']} "
          f"thread{'s' if report['threads'] > 1 else ''}\n")
    results = report["results"]
    by_name = {r["name"]: r for r in results}
    peers = report.get("peers", [])
    rows = [HEAD[:-1] + peers + HEAD[-1:]]
    for r in results:
        row = cells(r, by_name, report["resident_floor"])
        rows.append(row[:-1] + [times(r, p) for p in peers] + row[-1:])
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    for n, row in enumerate(rows):
        print(line(row, widths, markdown))
        if n == 0:
            rule = ["-" * w for w in widths]
            if markdown:
                rule = [r[1:] + (":" if 0 < i < len(rule) - 1 else "-")
                        for i, r in enumerate(rule)]
            print(line(rule, widths, markdown))


def line(row, widths, markdown):
    last = len(row) - 1
    text = [c.rjust(w) if 0 < i < last else c.ljust(w)
            for i, (c, w) in enumerate(zip(row, widths))]
    if markdown:
        return "| " + " | ".join(text) + " |"
    return "  ".join(text).rstrip()


def cells(result, by_name, floor):
    ours = result["ours"]
    if "failed" in ours:
        return [result["name"]] + [""] * 8 + [result["verdict"]]
    regions, seconds = ours["regions"], ours["seconds"]
    if not ours["complete"]:
        regions = ">= " + regions
    is_formula = result["group"] == "formula"
    return [
        result["name"],
        regions if len(regions) < 13 else f"{float(regions):.3e}",
        f"{ours['wall'] if result['group'] == 'start-up' else seconds:.4f}",
        "" if is_formula else per_second(ours),
        per_second(result.get("baseline")),
        f"{result['ratio']:.1f}" if result.get("ratio") else "",
        speed_up(result), per_region(result, by_name),
        memory(ours["resident"], floor), result["verdict"]]


def times(result, peer):
    """How many times as many regions a second as the peer."""
    ratio = result.get("peer_ratios", {}).get(peer)
    return f"{ratio:.1f} x" if ratio else ""


def memory(resident, floor):
    if resident <= 1.05 * floor:
        return f"< {1.05 * floor / 1024:.0f}"
    return f"{resident / 1024:.0f}"


def per_second(run):
    """Regions a second; with a "~" the rate of a run that was stopped."""
    if not run or "failed" in run or not run["seconds"] > 0:
        return ""
    rate = int(run["regions"]) / run["seconds"]
    return f"{'' if run['complete'] else '~'}{rate:.0f}"


def speed_up(result):
    two = result.get("two_threads")
    if not two or "failed" in two or not two["complete"]:
        return ""
    return f"{result['ours']['seconds'] / two['seconds']:.2f}"


def per_region(result, by_name):
    """Cost of a region relative to the generic network of the same size."""
    beside = by_name.get(result["beside"])
    if not beside or "failed" in beside["ours"]:
        return ""
    costs = [r["ours"]["seconds"] / int(r["ours"]["regions"])
             for r in (result, beside)]
    return f"{costs[0] / costs[1]:.2f}"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=pathlib.Path)
    parser.add_argument("--markdown", action="store_true")
    options = parser.parse_args()
    show(json.loads(options.file.read_text()), options.markdown)


if __name__ == "__main__":
    main()
