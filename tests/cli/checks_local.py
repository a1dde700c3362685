"""`pleats local` and `pleats walk`: their JSON and files, against the other
verbs; limits and interrupts."""
import json
import pathlib
import re
import signal
import subprocess
import tempfile
import time
import xml.etree.ElementTree

import numpy as np

import checks_json
from harness import ended

MOONS, ROWS = "EXAMPLES/moons.onnx", "EXAMPLES/rows.npz"
LOCAL = {"label": str, "domain": str, "definition": str, "point": str,
         "dimension": int, "on_side": bool, "pieces": list, "halfspaces": int,
         "proofs": dict, "facets": list, "layers": list, "ball": dict,
         "distance": float, "map": dict, "verdicts": dict, "shape": str}
WALK = {"label": str, "domain": str, "definition": str, "point": str,
        "regions": int, "edges_found": int, "graph": dict}
# A walk that no machine finishes.
LONG = ("walk", "EXAMPLES/bars.onnx", "--at", "EXAMPLES/bars.npz:0",
        "--max-regions", "0")


def check(program, checks):
    with tempfile.TemporaryDirectory() as folder:
        place = pathlib.Path(folder)
        local(program, checks, place)
        walk(program, checks, place)
        neighbours(program, checks, place)
    limits(program, checks)


def local(program, checks, place):
    """Pattern and map against eval, on every row."""
    known, wrong = program.json("eval", MOONS, "--input", ROWS, "--pieces")
    x = np.load(program.examples / "rows.npz")["x"]
    for i, row in enumerate(x):
        if wrong:
            break
        path = place / "map.npz"
        answer, wrong = program.json("local", MOONS, "--at", f"{ROWS}:{i}",
                                     "--map", path)
        wrong = wrong or checks_json.common(program, answer, "local", "moons")
        wrong = wrong or checks_json.wrong_types(answer, LOCAL)
        if wrong:
            break
        data = np.load(path)
        y = data["A"] @ row.ravel().astype(float) + data["b"]
        if sum(answer["pieces"], []) != known["pieces"][i]:
            wrong = f"row {i}: other pieces than eval's"
        elif np.abs(y - known["outputs"][i]).max() > 1e-12:
            wrong = f"row {i}: A x + b is {y}"
        elif (data["A"].tolist(), data["b"].tolist()) != (
                answer["map"]["A"], answer["map"]["b"]):
            wrong = "the file has another map than the answer"
        elif not np.allclose(answer["map"]["slope"],
                             [[np.linalg.norm(a, p) for p in (1, 2, np.inf)]
                              for a in data["A"]], rtol=1e-12):
            wrong = f"slope {answer['map']['slope']}"
        elif sum(answer["proofs"].values()) != answer["halfspaces"]:
            wrong = f"proofs {answer['proofs']}"
    checks.add("local on all rows: pieces and map", wrong)
    result = program("local", MOONS, "--at", f"{ROWS}:0", "--map", path)
    slope = [float(text) for text in re.findall(r" ~(\S+) \(", result.stdout)]
    first = np.load(path)["A"][0]
    checks.add("local: slopes in words", ended(result, 0) or (
        "" if np.allclose(slope, [np.linalg.norm(first, p) for p in (
            1, 2, np.inf)], rtol=1e-5) and len(slope) == 3 else str(slope)))
    result = program("local", MOONS, "--at", f"{ROWS}:0", "--map",
                     place / "none" / "map.npz")
    wrong = ended(result, 1) or ("" if "map.npz" in result.stderr else
                                 f"it says {result.stderr!r}")
    checks.add("a map that cannot be written", wrong)


def neighbours(program, checks, place):
    """Just across every facet eval finds the pattern that local says."""
    answer, wrong = program.json("local", MOONS, "--at", f"{ROWS}:2",
                                 "--box", "-4,4", "--vertices")
    if wrong:
        checks.add("neighbours", wrong)
        return
    flat = sum(answer["pieces"], [])
    vertex = np.array([[eval_fraction(t) for t in v]
                       for v in answer["vertices"]])
    middle = vertex.mean(axis=0)
    ends = [(vertex[i] + vertex[j]) / 2 for i in range(len(vertex))
            for j in range(i)]
    beyond = np.array([middle + (e - middle) * (1 + 1e-7) for e in ends])
    np.savez(place / "beyond.npz", x=beyond)
    seen, wrong = program.json("eval", MOONS, "--input", place / "beyond.npz",
                               "--pieces")
    found = {tuple(p) for p in seen["pieces"]} - {tuple(flat)}
    said = set()
    for facet in answer["facets"]:
        piece = list(flat)
        for change in facet["neighbour"]:
            piece[change["unit"]] = change["to"]
        said.add(tuple(piece))
    said -= {tuple(flat)}
    if not wrong and found != said:
        wrong = f"{len(found)} found, {len(said)} said"
    checks.add(f"{len(said)} neighbours found by eval just across", wrong)
    np.savez(place / "inside.npz",
             x=vertex * (1 - 1e-9) + middle * 1e-9)
    seen, wrong = program.json("eval", MOONS, "--input", place / "inside.npz",
                               "--pieces")
    if not wrong and any(p != flat for p in seen["pieces"]):
        wrong = "another pattern just inside a vertex"
    checks.add("vertices, a little drawn in, have the pattern", wrong)


def eval_fraction(text):
    top, _, bottom = text.partition("/")
    return int(top) / int(bottom or "1")


def walk(program, checks, place):
    """As many nodes as count says, in every form of the graph."""
    box = ("--box", "-1,1")
    count, wrong = program.json("count", MOONS, *box)
    answer, other = program.json("walk", MOONS, "--point", "0.1,0.2", *box)
    wrong = wrong or other or checks_json.wrong_types(answer, WALK)
    if not wrong:
        nodes, edges = answer["graph"]["nodes"], answer["graph"]["edges"]
        if len(nodes) != int(count["regions"]) or not answer["complete"]:
            wrong = f"{len(nodes)} nodes"
        elif len({n["hash"] for n in nodes}) != len(nodes):
            wrong = "a region is there twice"
        elif any(n["facets"] != sum(i in (e["from"], e["to"]) for e in edges)
                 for i, n in enumerate(nodes)):
            wrong = "facets are not the edges of a node"
        elif any([u for u in range(32) if nodes[e["from"]]["pieces"][u] !=
                  nodes[e["to"]]["pieces"][u]] != e["units"] for e in edges):
            wrong = "an edge names other units than change"
    checks.add("the graph of a box has the count's regions", wrong)
    path = place / "graph.graphml"
    answer, wrong = program.json("walk", MOONS, "--point", "0.1,0.2", *box,
                                 "--out", path)
    if not wrong:
        space = "{http://graphml.graphdrawing.org/xmlns}"
        root = xml.etree.ElementTree.parse(path).getroot()
        found = (len(root.findall(f".//{space}node")),
                 len(root.findall(f".//{space}edge")))
        if found != (answer["regions"], answer["edges_found"]):
            wrong = f"{found} in the file"
    checks.add("the graph as GraphML", wrong)
    path = place / "graph.json"
    answer, wrong = program.json("walk", MOONS, "--point", "0.1,0.2", *box,
                                 "--out", path)
    if not wrong and len(json.loads(path.read_text())["edges"]) != (
            answer["edges_found"]):
        wrong = "other edges in the file"
    checks.add("the graph as JSON", wrong)
    answer, wrong = program.json("walk", MOONS, "--at", f"{ROWS}:0",
                                 "--radius", "1/10")
    ball, other = program.json("count", MOONS, "--ball", "1/10", "--at",
                               f"{ROWS}:0")
    if not (wrong or other) and answer["regions"] != int(ball["regions"]):
        wrong = f"{answer['regions']}, not {ball['regions']}"
    checks.add("--radius: the regions of the ball", wrong or other)
    result = program("walk", MOONS, "--at", f"{ROWS}:0", "--out",
                     place / "none" / "graph.json")
    checks.add("a graph that cannot be written", ended(result, 1))


def is_partial(text, reason):
    answer = json.loads(text)
    if answer["complete"] or answer["stopped"] != reason:
        return f"complete {answer['complete']}, {answer.get('stopped')}"
    return "" if answer["regions"] >= 1 else "no region"


def limits(program, checks):
    started = time.monotonic()
    result = program(*LONG, "--time-limit", "0.3", "--json")
    wrong = ended(result, 4) or is_partial(result.stdout, "time limit")
    if not wrong and time.monotonic() - started > 20:
        wrong = "took too long"
    checks.add("a walk with --time-limit", wrong)
    process = subprocess.Popen(program.command(*LONG, "--json"),
                               stdout=subprocess.PIPE,
                               stderr=subprocess.PIPE, text=True)
    time.sleep(1)
    process.send_signal(signal.SIGINT)
    out, _ = process.communicate(timeout=60)
    wrong = f"exit {process.returncode}" if process.returncode != 4 else (
        is_partial(out, "interrupt"))
    checks.add("a walk that is interrupted", wrong)
