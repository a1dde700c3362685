#!/usr/bin/python3
"""Writes the certificates of this folder, and certificates.json, which says what
each is of.  Usage: make.py PLEATS"""
import json
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
WITNESS = "../maxima/witnesses/"
CERTIFICATES = [
    # (file, model, domain, form)
    ("moons_box.cert", "../moons.onnx", ["--box", "-1/3,0.1"], "text"),
    ("moons_plane.cert", "../moons.onnx",
     ["--rows", "../rows.npz:0,1,2"], "binary"),
    ("moons_line.cert", "../moons.onnx",
     ["--rows", "../rows.npz:0,1"], "text"),
    ("moons_triangle.cert", "../moons.onnx",
     ["--polytope", "triangle.json"], "binary"),
    ("moons_union.cert", "../moons.onnx",
     ["--vnnlib", "overlap.vnnlib"], "binary"),
    ("moons_all.cert", "../moons.onnx", ["--all"], "binary"),
    ("bars_plane.cert", "../bars.onnx",
     ["--rows", "../bars.npz:0,1,2"], "binary"),
    ("maxima_two_layers.cert", WITNESS +
     "cnn_in=1x3_conv=1_2_relu_conv=2_2_relu.onnx", ["--all"], "text"),
    ("maxima_residual.cert", WITNESS +
     "cnn_in=1x3_conv=1_3_p=1_relu_res_conv=1_3_p=1_relu_conv=1_1_relu.onnx",
     ["--all"], "text"),
    ("maxima_hardtanh.cert", WITNESS +
     "cnn_in=1x3_conv=2_2_hardtanh_conv=1_2_hardtanh.onnx", ["--all"],
     "binary"),
]


def main():
    pleats = pathlib.Path(sys.argv[1]).resolve()
    rows = []
    for name, model, domain, form in CERTIFICATES:
        answer = json.loads(subprocess.run(
            [pleats, "count", model, *domain, "--json", "--certificate", name,
             f"--certificate-form={form}"], cwd=HERE, check=True,
            stdout=subprocess.PIPE).stdout)
        rows.append({"certificate": name, "model": model, "domain": domain,
                     "regions": answer["regions"]})
    (HERE / "certificates.json").write_text(
        "[" + ",\n ".join(json.dumps(row) for row in rows) + "]\n")


if __name__ == "__main__":
    main()
