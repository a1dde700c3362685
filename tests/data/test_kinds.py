#!/usr/bin/python3
"""Files that are something else than they should be are refused by one line
that says what they are; what gzip packed, standard input and .nnet are read.
Usage: test_kinds.py PLEATS EXAMPLES SHARED

The files are made here by the tools that make such files, or by the first
bytes that their formats prescribe."""
import bz2
import gzip
import io
import json
import lzma
import pathlib
import pickle
import struct
import subprocess
import sys
import tarfile
import tempfile
import zipfile

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

from harness import Checks, arguments, ended, refused, run
from networks import EXT

BOX = '{"lo": [-1, -1], "hi": [1, 1]}'
VNNLIB = ("(declare-const X_0 Real)(declare-const X_1 Real)"
          "(assert (and (>= X_0 -1)(<= X_0 1)(>= X_1 -1)(<= X_1 1)))\n")
MOONS = "185 activation regions"


def archive(*names, text="x" * 200):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as z:
        for name in names:
            z.writestr(name, text)
    return out.getvalue()


def tar(name, data):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as t:
        info = tarfile.TarInfo(name)
        info.size = len(data)
        t.addfile(info, io.BytesIO(data))
    return out.getvalue()


def npz(**arrays):
    out = io.BytesIO()
    np.savez(out, **arrays)
    return out.getvalue()


def message(number, *parts):
    """A field of a protocol buffer that holds bytes."""
    data = b"".join(parts)
    size, length = b"", len(data)
    while True:
        size += bytes([length & 127 | (128 if length > 127 else 0)])
        length >>= 7
        if not length:
            return bytes([number << 3 | 2]) + size + data


def kinds(model):
    """(name, bytes, words)"""
    header = b'{"w":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}'
    node = message(1, message(1, b"x"), message(2, b"Placeholder"))
    pointer = (b"version https://git-lfs.github.com/spec/v1\noid sha256:"
               + b"a" * 64 + b"\nsize 123456\n")
    yield "lfs", pointer, ["Git LFS", "git lfs pull"]
    yield "bzip2", bz2.compress(model), ["bzip2"]
    yield "xz", lzma.compress(model), [r"\bxz\b"]
    yield "zstd", b"\x28\xb5\x2f\xfd" + bytes(40), ["zstd"]
    yield "zip", archive("net.onnx"), ["zip archive", "unpack"]
    yield "empty_zip", archive(), ["zip archive|npz"]
    yield "tar", tar("net.onnx", model), [r"\btar\b", "unpack"]
    yield "pth", archive("archive/data.pkl", "archive/data/0",
                         "archive/version"), ["PyTorch", "torch.onnx.export"]
    yield "torchscript", archive("m/code/__torch__.py", "m/data.pkl",
                                 "m/constants.pkl"), ["PyTorch"]
    yield "pt2", archive("serialized_exported_program.json",
                         "serialized_state_dict.pt"), ["PyTorch", "pt2"]
    yield "pt2_new", archive("a/archive_format", "a/models/model.json",
                             "a/data/weights/w_0"), ["PyTorch", "pt2"]
    yield "old_pth", (pickle.dumps(0x1950a86a20f9469cfc6c, 2)
                      + pickle.dumps(1001, 2) + bytes(99)), ["pickle"]
    yield "pickle", pickle.dumps({"a": [1.5]}, 4), ["pickle"]
    yield "joblib", pickle.dumps([np.zeros(3)], 5), ["pickle"]
    yield "h5", b"\x89HDF\r\n\x1a\n" + bytes(99), ["HDF5", "Keras"]
    yield "keras", archive("metadata.json", "config.json",
                           "model.weights.h5"), ["Keras"]
    yield "npy", b"\x93NUMPY\1\0" + bytes(99), ["NumPy"]
    yield "safetensors", (struct.pack("<Q", len(header)) + header
                          + bytes(4)), ["safetensors"]
    yield "tflite", struct.pack("<I", 28) + b"TFL3" + bytes(99), [
        "TensorFlow Lite"]
    yield "gguf", b"GGUF" + struct.pack("<I", 3) + bytes(99), ["GGUF"]
    yield "saved_model", b"\x08\x01" + message(
        2, message(1, message(1, b"")), message(2, node)), ["TensorFlow"]
    yield "graph_def", node + message(1, message(1, b"y"),
                                      message(2, b"Relu")), ["TensorFlow"]
    yield "html", b"\n<!DOCTYPE html>\n<html><body>404</body></html>", ["HTML"]
    yield "html_bare", b"<HTML><head></head></HTML>", ["HTML"]
    yield "openvino", b'<?xml version="1.0"?><net name="m"></net>', ["XML"]
    yield "engine", b"ptrt" + bytes(99), ["TensorRT"]
    yield "pdf", b"%PDF-1.7\n" + bytes(99), ["PDF"]
    yield "empty", b"", ["empty"]


def check_kinds(checks, program, folder, model):
    """Every reader says what the file is, not only that of models."""
    for name, data, words in kinds(model):
        path = folder / f"{name}.onnx"
        path.write_bytes(data)
        for reader, args in {
                "model": ["info", path],
                "spec": ["bound", path],
                "box": ["count", "MOONS", "--box", f"@{path}"],
                "vnnlib": ["count", "MOONS", "--vnnlib", path],
                "rows": ["count", "MOONS", "--ball", "1", "--at",
                         f"{path}:0"]}.items():
            wanted = words
            if reader == "rows" and name in ("zip", "empty_zip"):
                wanted = ["no array|npz"]  # numpy's archives are zip
            checks.add(f"{name} in place of a {reader}", refused(
                program(*args), [*wanted, path.name]))


def check_mistaken(checks, program, folder, model):
    """Files that are read, but given to another reader."""
    files = {"net.onnx": model, "data.npz": npz(x=np.zeros((1, 2))),
             "box.json": BOX.encode(), "p.vnnlib": VNNLIB.encode()}
    for name, data in files.items():
        (folder / name).write_bytes(data)
    for args, words in {
            ("info", "data.npz"): ["npz"],
            ("info", "box.json"): ["JSON"],
            ("info", "p.vnnlib"): ["VNN-LIB", "--vnnlib"],
            ("info", "."): ["directory"],
            ("info", "net.onnx/"): [],
            ("count", "MOONS", "--vnnlib", "box.json"): ["JSON", "VNN-LIB"],
            ("count", "MOONS", "--vnnlib", "."): ["directory"],
            ("count", "MOONS", "--box", "@p.vnnlib"): ["VNN-LIB", "JSON"],
            ("count", "MOONS", "--box", "@data.npz"): ["npz", "JSON"],
            ("count", "MOONS", "--vnnlib", "net.onnx"): [],
            ("count", "MOONS", "--box", "@net.onnx"): [],
            ("count", "MOONS", "--ball", "1", "--at", "net.onnx:0"): [],
            ("count", "MOONS", "--ball", "1", "--at", "p.vnnlib:0"): [
                "VNN-LIB"]}.items():
        checks.add(" ".join(args), refused(
            program(*args, cwd=folder), words))
    for part in (1, 2, len(model) // 2, len(model) - 1):
        (folder / "cut.onnx").write_bytes(model[:part])
        checks.add(f"a model of {part} bytes", refused(
            program("info", folder / "cut.onnx"), []))


# ---- gzip and standard input ----

def packed_inputs(model):
    """(what, arguments with @ for the file, its bytes, what comes)."""
    rows = np.array([[0.25, 0.5], [1, 1]])
    yield "model", ["count", "@", "--box", "-1,1"], model, MOONS
    yield "box", ["count", "MOONS", "--box", "@@"], BOX.encode(), MOONS
    yield "vnnlib", ["count", "MOONS", "--vnnlib", "@"], VNNLIB.encode(), MOONS
    yield "npz", ["eval", "MOONS", "--input", "@"], npz(x=rows), None
    yield "json rows", ["eval", "MOONS", "--input", "@"], json.dumps(
        rows.tolist()).encode(), None
    yield "spec", ["bound", "@"], json.dumps(
        {"input": [2], "layers": [{"fc": {"units": 5}}, "relu",
                                  {"fc": {"units": 1}}]}).encode(), "16"
    yield "model for a spec", ["bound", "@"], model, "moons|mlp:"


def check_inputs(checks, program, folder, model):
    for what, args, data, want in packed_inputs(model):
        plain = folder / "plain"
        plain.write_bytes(data)
        filled = [a.replace("@@", f"@{plain}") if a == "@@" else
                  str(plain) if a == "@" else a for a in args]
        first = program(*filled)
        wrong = ended(first, 0)
        if not wrong and want and not any(w in first.stdout
                                          for w in want.split("|")):
            wrong = first.stdout
        checks.add(f"{what}: as a file", wrong)
        # Two members, as `cat a.gz b.gz` makes them.
        half = len(data) // 2
        packed = gzip.compress(data[:half]) + gzip.compress(data[half:])
        answers = {"packed": (packed, str(plain)), "stdin": (data, "-"),
                   "packed, stdin": (packed, "-")}
        for how, (content, path) in answers.items():
            plain.write_bytes(content)
            call = [a.replace("@@", f"@{path}") if a == "@@" else
                    path if a == "@" else a for a in args]
            again = program(*call, stdin=content)
            wrong = ended(again, 0)
            if not wrong and essence(again) != essence(first):
                wrong = f"{again.stdout}\ninstead of\n{first.stdout}"
            checks.add(f"{what}: {how}", wrong)


def essence(result):
    """All lines but those with a name or a time."""
    return [line for line in result.stdout.splitlines()
            if not line.startswith(("model ", "domain ", "cost "))
            and "plain" not in line and " s" not in line]


def check_gzip(checks, program, folder, model):
    packed = gzip.compress(model)
    path = folder / "net.gz"
    for name, data, words in (
            ("cut", packed[:-20], ["gzip", "cut short"]),
            ("head only", packed[:10], ["gzip"]),
            ("damaged", packed[:30] + b"\0\0\0\0" + packed[34:], ["gzip"]),
            ("wrong sum", packed[:-8] + bytes(8), ["gzip"]),
            ("followed", packed + b"more", ["follows"]),
            ("twice", gzip.compress(packed), [])):
        path.write_bytes(data)
        checks.add(f"gzip {name}", refused(program("info", path), words))
    path.write_bytes(packed + bytes(512))  # as tapes pad it
    checks.add("gzip, padded", ended(program("info", path), 0))
    bomb = gzip.compress(bytes(64 << 20))
    path.write_bytes(bomb)
    checks.add("a bomb of 64 MiB as VNN-LIB", refused(program(
        "count", "MOONS", "--vnnlib", path, memory=512 << 20), ["32 MiB"]))
    checks.add("standard input twice", refused(program(
        "count", "-", "--vnnlib", "-", stdin=model), ["standard input"]))


# ---- .nnet ----

def write_nnet(path, weights, biases, comments=("a network",)):
    """As the format's description has it: a comma behind every number."""
    sizes = [weights[0].shape[1], *(len(b) for b in biases)]
    n_in, n_out = sizes[0], sizes[-1]
    lines = [f"// {c}" for c in comments]
    lines += [f"{len(weights)},{n_in},{n_out},{max(sizes)},",
              ",".join(map(str, sizes)) + ",", "0,",
              "-1.0," * n_in, "1.0," * n_in,
              "0.5," * n_in + "7.5,", "2.0," * n_in + "300.0,"]
    for w, b in zip(weights, biases):
        lines += [",".join(repr(float(x)) for x in row) + "," for row in w]
        lines += [repr(float(x)) + "," for x in b]
    path.write_text("\n".join(lines) + "\n")


def write_onnx(path, weights, biases):
    nodes, stored, name = [], [], "x"
    for i, (w, b) in enumerate(zip(weights, biases)):
        stored += [numpy_helper.from_array(w, f"w{i}"),
                   numpy_helper.from_array(b, f"b{i}")]
        nodes.append(helper.make_node("Gemm", [name, f"w{i}", f"b{i}"],
                                      [f"g{i}"], transB=1))
        name = f"g{i}"
        if i + 1 < len(weights):
            nodes.append(helper.make_node("Relu", [name], [f"r{i}"]))
            name = f"r{i}"
    kind = helper.np_dtype_to_tensor_dtype(weights[0].dtype) if hasattr(
        helper, "np_dtype_to_tensor_dtype") else TensorProto.DOUBLE
    graph = helper.make_graph(nodes, "g", [helper.make_tensor_value_info(
        "x", kind, [1, weights[0].shape[1]])], [helper.make_tensor_value_info(
            name, kind, [1, len(biases[-1])])], stored)
    onnx.save(helper.make_model(graph, opset_imports=[
        helper.make_opsetid("", 13)], ir_version=7), str(path))


def forward(weights, biases, x):
    for i, (w, b) in enumerate(zip(weights, biases)):
        x = w @ x + b
        if i + 1 < len(weights):
            x = np.maximum(x, 0)
    return x


def check_nnet(checks, program, folder):
    random = np.random.default_rng(5)
    for sizes in ([2, 9, 1], [3, 5, 4, 2], [1, 1], [2, 6, 6, 6, 3]):
        weights = [random.standard_normal((b, a)) for a, b in
                   zip(sizes, sizes[1:])]
        biases = [random.standard_normal(n) for n in sizes[1:]]
        path, same = folder / "a.nnet", folder / "same.onnx"
        write_nnet(path, weights, biases)
        write_onnx(same, weights, biases)
        name = "nnet " + ",".join(map(str, sizes))
        counts = [program("count", p, "--box", "-1,1", "--json")
                  for p in (path, same)]
        wrong = ended(counts[0], 0) or ended(counts[1], 0)
        if not wrong:
            got, want = (json.loads(c.stdout) for c in counts)
            if got["regions"] != want["regions"]:
                wrong = f"{got['regions']} instead of {want['regions']}"
            elif "normalised" not in " ".join(got["remarks"]):
                wrong = "nothing is said of normalisation"
        checks.add(f"{name}: count as in ONNX", wrong)
        x = random.standard_normal(sizes[0])
        (folder / "x.json").write_text(json.dumps([x.tolist()]))
        result = program("eval", path, "--input", folder / "x.json", "--json")
        wrong = ended(result, 0)
        if not wrong:
            got = np.ravel(json.loads(result.stdout)["outputs"]).astype(float)
            want = forward(weights, biases, x)
            if not np.allclose(got, want, rtol=1e-12, atol=1e-12):
                wrong = f"{got} instead of {want}"
        checks.add(f"{name}: eval", wrong)


def check_bad_nnet(checks, program, folder):
    path = folder / "bad.nnet"
    one = [np.array([[1.5, -2]])], [np.array([0.25])]
    write_nnet(path, *one)
    good = path.read_text()
    checks.add("nnet, good", ended(program("info", path), 0))
    for name, text, words in (
            ("cut", good[:-8], ["ends before"]),
            ("more", good + "1.0,\n", ["more numbers"]),
            ("a word", good.replace("0.25,", "zero,"), ["zero", "line"]),
            ("nan", good.replace("0.25,", "nan,"), ["nan"]),
            ("inf", good.replace("0.25,", "1e400,"), ["1e400|range|finite"]),
            ("sizes", good.replace("2,1,\n0", "3,1,\n0"), ["inputs"]),
            ("huge", good.replace("2,1,\n0", "2,16000000,\n0").replace(
                "1,2,1,2", "1,2,16000000,2"), ["more numbers than the file"]),
            ("no layers", good.replace("1,2,1,2", "0,2,1,2"), ["layers"])):
        path.write_text(text)
        checks.add(f"nnet, {name}", refused(program("info", path), words))
    path.write_text(good.replace("0.25,", "0.1,"))
    result = program("info", path, "--json")
    wrong = ended(result, 0)
    if not wrong and json.loads(result.stdout)["rounded_parameters"] != 1:
        wrong = "0.1 is no double, and nothing says so"
    checks.add("nnet, rounded", wrong)


def check_acas(checks, program, folder):
    """The published networks, written as .nnet."""
    found = sorted(EXT.glob("ACASXU*.onnx"))
    if not found:
        checks.skip("ACAS Xu networks", f"no {EXT}")
        return
    for path in found[:2]:
        stored = {t.name: numpy_helper.to_array(t).astype(float)
                  for t in onnx.load(str(path)).graph.initializer}
        weights = [w for w in stored.values() if w.ndim == 2]
        weights = [w.T if w.shape[0] != 5 or i == 0 else w
                   for i, w in enumerate(weights)]
        biases = [b for b in stored.values() if b.ndim == 1]
        weights = [w if len(w) == len(b) else w.T
                   for w, b in zip(weights, biases)]
        nnet = folder / "acas.nnet"
        write_nnet(nnet, weights, biases)
        answers = []
        for model in (path, nnet):
            result = program("count", model, "--ball", "0.02", "--at",
                             f"{path.with_suffix('.npz')}:0", "--json",
                             "--max-cells", "3000")
            wrong = "" if result.returncode in (0, 4) else ended(result, 0)
            answers.append(wrong or json.loads(result.stdout)["regions"])
        checks.add(f"{path.name} as .nnet", "" if answers[0] == answers[1]
                   else f"{answers[1]} instead of {answers[0]}")


def main():
    options = arguments(examples="folder of the example networks")
    moons = pathlib.Path(options.examples).resolve() / "moons.onnx"
    pleats = pathlib.Path(options.pleats).resolve()

    def program(*args, stdin=None, memory=None, cwd=None):
        command = [pleats, *(moons if a == "MOONS" else a for a in args)]
        if stdin is None:
            return run(command, 60, None if options.no_memory_limit
                       else memory, cwd=cwd)
        result = subprocess.run([str(c) for c in command], input=stdin,
                                capture_output=True, timeout=60, cwd=cwd)
        result.stdout = result.stdout.decode(errors="replace")
        result.stderr = result.stderr.decode(errors="replace")
        return result

    checks = Checks()
    with tempfile.TemporaryDirectory() as top:
        folder, model = pathlib.Path(top), moons.read_bytes()
        check_kinds(checks, program, folder, model)
        check_mistaken(checks, program, folder, model)
        check_inputs(checks, program, folder, model)
        check_gzip(checks, program, folder, model)
        check_nnet(checks, program, folder)
        check_bad_nnet(checks, program, folder)
        check_acas(checks, program, folder)
    checks.finish()


if __name__ == "__main__":
    sys.exit(main())
