#!/usr/bin/python3
"""Makes counts.json and domains/: the domains of the golden tests over the
example networks, with the counts that polygons.py finds on them; and
outputs.json, rows/: what PyTorch computes for their data rows.

Needs python3-onnx and python3-torch of Debian 12.
"""
import json
import pathlib
from fractions import Fraction

import numpy as np
import onnx
import torch
from onnx import numpy_helper

from polygons import (bars_layers, coordinates, count, dense_layers,
                      rectangle, segment)

HERE = pathlib.Path(__file__).resolve().parent
EXAMPLES = HERE.parent.parent / "examples"
FAR = 10 ** 6  # stands for infinity; FARTHER must give the same count
FARTHER = 10 ** 8
COUNTS = []


def domain(name, content):
    (HERE / "domains").mkdir(exist_ok=True)
    (HERE / "domains" / name).write_text(json.dumps(content) + "\n")
    return f"domains/{name}"


def add(model, args, steps, corners, inputs):
    regions, maps = count(steps, corners, inputs)
    COUNTS.append({"model": model, "args": args, "regions": str(regions),
                   "maps": str(maps)})
    print(model, *args, regions, maps)


def exact(rows):
    return [[Fraction(float(v)) for v in np.ravel(row)] for row in rows]


def towards(origin, end):
    return [b - a for a, b in zip(origin, end)]


def moons():
    net = dense_layers(EXAMPLES / "moons.onnx")
    space = coordinates([0, 0], [1, 0], [0, 1])

    def on(args, corners, inputs=space):
        add("moons", args, net, corners, inputs)
    on(["--box", "-1,1"], rectangle(-1, 1, -1, 1))
    on(["--box", "-1/3,0.1"], rectangle("-1/3", "0.1", "-1/3", "0.1"))
    on(["--box", "-0.05,0.05"], rectangle("-0.05", "0.05", "-0.05", "0.05"))
    box = {"lo": [-0.5, "-1/7"], "hi": ["0.3", 1]}
    on(["--box", "@" + domain("box.json", box)],
       rectangle(-0.5, "0.3", "-1/7", 1))
    for far in (FAR, FARTHER):
        on(["--all"], rectangle(-far, far, -far, far))
    assert COUNTS[-1] == COUNTS[-2]
    COUNTS.pop()
    plane = {"origin": [0.25, -0.5], "u": [1, 2], "v": [-1, 1],
             "box": [-1, 1, 0, "1/2"]}
    turned = coordinates([Fraction(1, 4), Fraction(-1, 2)], [1, 2], [-1, 1])
    on(["--plane", domain("plane.json", plane)],
       rectangle(-1, 1, 0, "1/2"), turned)
    del plane["box"]
    on(["--plane", domain("whole_plane.json", plane)],
       rectangle(-FAR, FAR, -FAR, FAR), turned)
    line = {"origin": [0, "0.1"], "u": [1, 1], "range": [-2, "2.5"]}
    diagonal = coordinates([0, Fraction(1, 10)], [1, 1])
    on(["--line", domain("line.json", line)], segment(-2, "2.5"), diagonal)
    del line["range"]
    on(["--line", domain("whole_line.json", line)], segment(-FAR, FAR),
       diagonal)
    triangle = [tuple(map(Fraction, p)) for p in ((-1, -1), (1, -1),
                                                  (-1, 1))]
    on(["--polytope", domain("triangle.json", {
        "A": [[-1, 0], [0, -1], [1, 1]], "b": [1, 1, 0]})], triangle)
    on(["--box", "@" + domain("flat.json", {"lo": [-1, 0.25],
                                            "hi": [1, 0.25]})],
       segment(-1, 1), coordinates([0, Fraction(1, 4)], [1, 0]))
    data = exact(np.load(EXAMPLES / "rows.npz")["x"])
    for i, j, args, ends in ((0, 1, [], ("-0.5", "1.5")),
                             (2, 3, ["--range", "0,1"], (0, 1))):
        on(["--rows", f"EXAMPLES/rows.npz:{i},{j}", *args], segment(*ends),
           coordinates(data[i], towards(data[i], data[j])))
    a = data[0]
    on(["--rows", "EXAMPLES/rows.npz:0,1,2"],
       rectangle("-0.5", "1.5", "-0.5", "1.5"),
       coordinates(a, towards(a, data[1]), towards(a, data[2])))
    e = Fraction("0.1")
    on(["--ball", "0.1", "--at", "EXAMPLES/rows.npz:3"],
       rectangle(*(c + s for c in data[3] for s in (-e, e))))
    declared = "".join(f"(declare-const {v} Real)\n"
                       for v in ("X_0", "X_1", "Y_0"))

    def boxes(name, *lists):
        parts = [" ".join(f"({r} X_{i} {v})" for i in (0, 1) for r, v in
                          ((">=", box[2 * i]), ("<=", box[2 * i + 1])))
                 for box in lists]
        text = declared + "(assert (or {}))\n(assert (<= Y_0 0))\n".format(
            " ".join(f"(and {p})" for p in parts))
        (HERE / "domains" / name).write_text(text)
        return ["--vnnlib", f"domains/{name}"]
    square = rectangle(-1, 1, -1, 1)
    on(boxes("one_box.vnnlib", (-1, 1, -1, 1)), square)
    on(boxes("overlap.vnnlib", (-1, 0.25, -1, 1), (-0.25, 1, -1, 1)), square)
    on(boxes("touching.vnnlib", (-1, 0.125, -1, 1), (0.125, 1, -1, 1)),
       square)
    on(boxes("nested.vnnlib", (-0.5, 0.5, -0.5, 0.5), (-1, 1, -1, 1),
             (-1, 1, -1, 0)), square)
    text = declared + "".join(
        f"(assert ({r} X_{i} {v}))\n" for i in (0, 1)
        for r, v in ((">=", "-1.0"), ("<=", "1.0")))
    text += "(assert (<= (+ X_0 X_1) 0.0)) ; a corner is cut off\n"
    (HERE / "domains" / "triangle.vnnlib").write_text(text)
    on(["--vnnlib", "domains/triangle.vnnlib"], triangle)


def bars():
    net = bars_layers(EXAMPLES / "bars.onnx")
    data = exact(np.load(EXAMPLES / "bars.npz")["x"])
    a = data[0]
    add("bars", ["--rows", "EXAMPLES/bars.npz:0,1,2"], net,
        rectangle("-0.5", "1.5", "-0.5", "1.5"),
        coordinates(a, towards(a, data[1]), towards(a, data[2])))
    add("bars", ["--rows", "EXAMPLES/bars.npz:3,4"], net,
        segment("-0.5", "1.5"),
        coordinates(data[3], towards(data[3], data[4])))
    add("bars", ["--rows", "EXAMPLES/bars.npz:0,5,6", "--range", "0,1"], net,
        rectangle(0, 1, 0, 1),
        coordinates(a, towards(a, data[5]), towards(a, data[6])))


def outputs():
    """Outputs and pieces of the units in float64."""
    F, found = torch.nn.functional, {}
    for name, rows in (("moons", "rows"), ("bars", "bars")):
        graph = onnx.load(EXAMPLES / f"{name}.onnx").graph
        p = {t.name: torch.from_numpy(numpy_helper.to_array(t)).double()
             for t in graph.initializer}
        x = torch.from_numpy(np.load(EXAMPLES / f"{rows}.npz")["x"]).double()
        if name == "moons":
            a = F.linear(x, p["0.weight"], p["0.bias"])
            b = F.linear(a.relu(), p["2.weight"], p["2.bias"])
            y = F.linear(b.relu(), p["4.weight"], p["4.bias"])
            pieces = torch.cat([a > 0, b > 0], 1)
        else:
            a = F.conv2d(x, p["0.weight"], p["0.bias"])
            h = F.max_pool2d(a.relu(), 2).flatten(1)
            y = F.linear(h, p["4.weight"], p["4.bias"])
            pieces = torch.cat([(a > 0).flatten(1), first_winners(a)], 1)
        found[name] = {"x": x.flatten(1).tolist(), "outputs": y.tolist(),
                       "pieces": pieces.int().tolist()}
    text = json.dumps(found).replace("], ", "],\n ")
    (HERE / "outputs.json").write_text(text + "\n")
    moons, bars = (found[name]["x"][:2] for name in ("moons", "bars"))
    images = [[[row[i:i + 6] for i in range(0, 36, 6)]] for row in bars]
    (HERE / "rows").mkdir(exist_ok=True)
    for name, content in (("list", moons), ("object", {"x": moons}),
                          ("nested", {"x": images})):
        (HERE / "rows" / f"{name}.json").write_text(
            json.dumps(content) + "\n")


def first_winners(a):
    """Of every 2x2 window of relu(a), the index of the first maximum."""
    a = a.relu()
    windows = [a[:, :, i::2, j::2] for i in range(2) for j in range(2)]
    stack = np.stack([w.numpy() for w in windows])
    return torch.from_numpy(stack.argmax(0)).flatten(1)


if __name__ == "__main__":
    moons()
    bars()
    outputs()
    lines = ",\n".join(f" {json.dumps(c)}" for c in COUNTS)
    (HERE / "counts.json").write_text(f"[\n{lines}\n]\n")
