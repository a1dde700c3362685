#!/usr/bin/python3
"""Writes the certificates of this folder, the networks that stand beside them,
and certificates.json, which says what each is of.  Usage: make.py PLEATS"""
import json
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
WITNESS = "../maxima/witnesses/"
# Random weights: as many regions as almost all weights give, proved for these.
# The windows of the first overlap along two axes, where the published formula
# says 256 and no weights give more than 255.
GENERIC = [
    ("generic_conv", "cnn:in=1x3x3/conv=2@2x2/relu"),
    ("generic_line", "cnn:in=2x6/conv=2@3/relu"),
    ("generic_plane", "mlp:2,9,1"),
]
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
    *((f"{name}.cert", f"{name}.onnx", ["--all"], "text")
      for name, _ in GENERIC),
]


def main():
    pleats = pathlib.Path(sys.argv[1]).resolve()
    for name, spec in GENERIC:
        subprocess.run([pleats, "make", spec, "--seed", "1", "-o",
                        f"{name}.onnx"], cwd=HERE, check=True,
                       stdout=subprocess.DEVNULL)
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
