"""Building blocks of the ONNX corpora: small files that are the same bytes on
every run.

A case of the operator corpus is `case(name, nodes, reference, x=shape, ...)`.
Its reference is computed with PyTorch or NumPy in float64; parameters and
input rows are small multiples of 1/8, so that nearly all results are exact.
"""
import json
import zlib

import numpy as np
import torch
from onnx import TensorProto, helper, numpy_helper

FLOAT, DOUBLE = TensorProto.FLOAT, TensorProto.DOUBLE
CASES = {}


def w(*shape, seed=0, low=-16, high=17):
    """Multiples of 1/8 in [-2, 2] that depend on shape and seed only."""
    text = repr((shape, seed, low, high)).encode()
    rng = np.random.default_rng(zlib.crc32(text))
    return rng.integers(low, high, shape) / 8.0


def f32(value):
    """The float32 next to a number, as the number that it is."""
    return float(np.float32(value))


def ints(*values):
    return np.array(values, np.int64)


def N(op, inputs, outputs="y", **attributes):
    """A node; names are separated by blanks, `_` is a missing one."""
    split = lambda names: ["" if n == "_" else n for n in names.split()]
    return helper.make_node(op, split(inputs), split(outputs), **attributes)


def tensor(name, array, double=False):
    array = np.asarray(array)
    if array.dtype == np.float64 and not double:
        array = array.astype(np.float32)
    return numpy_helper.from_array(np.ascontiguousarray(array).reshape(
        array.shape), name)


def ir_version(opset):
    """The oldest IR version that goes with an opset, at least 3."""
    for ir, newest in ((3, 8), (4, 9), (5, 10), (6, 11), (7, 14), (8, 18),
                       (9, 20), (10, 22)):
        if opset <= newest:
            return ir
    return 11


def model(nodes, inputs, outputs, init=(), *, opset=13, ir=None, double=False,
          functions=(), domains=(), name_nodes=True):
    """A ModelProto.  inputs, outputs: {name: shape}; init: {name: array} or
    TensorProtos; domains: further (domain, version) pairs."""
    kind = DOUBLE if double else FLOAT
    if isinstance(init, dict):
        init = [tensor(name, array, double) for name, array in init.items()]
    values = [[helper.make_tensor_value_info(name, kind, shape)
               for name, shape in side.items()] for side in (inputs, outputs)]
    if name_nodes:
        for i, node in enumerate(nodes):
            node.name = node.name or f"{node.op_type}_{i}"
    graph = helper.make_graph(nodes, "graph", values[0], values[1], list(init))
    stamps = [helper.make_opsetid("", opset)]
    stamps += [helper.make_opsetid(*pair) for pair in domains]
    made = helper.make_model(graph, opset_imports=stamps,
                             functions=list(functions))
    made.ir_version = ir or ir_version(opset)
    made.producer_name = "pleats"
    made.producer_version = ""
    return made


def rows_of(reference, x_shape, rows):
    x = [w(*[d if isinstance(d, int) else 1 for d in x_shape], seed=1000 + r,
           low=-24, high=25) for r in range(rows)]
    y = []
    for row in x:
        result = reference(torch.from_numpy(row))
        results = result if isinstance(result, (list, tuple)) else [result]
        y.append(np.concatenate([np.asarray(r, np.float64).ravel()
                                 for r in results]))
    shapes = [list(np.asarray(r).shape) for r in results]
    return x, y, shapes


def case(name, nodes, reference, *, x, rows=3, init=None, outputs=("y",),
         y_shape="known", tolerance=1e-12, args=(), made=None, files=None,
         rounded=None, **keywords):
    """Registers one file of the corpus: `reference` maps a float64 torch
    tensor of shape x (symbolic axes: 1) to the result or a list of them;
    `made` is a finished model instead of nodes; `files` are extra files
    {name: bytes}; `rounded` says how many parameters are rounded."""
    assert name not in CASES, name
    data, y, shapes = rows_of(reference, x, rows)
    if made is None:
        shapes = dict(zip(outputs, shapes))
        if y_shape == "unknown":
            shapes = {k: None for k in shapes}
        made = model(nodes, {"x": list(x)}, shapes, init or {}, **keywords)
    expected = {"x": [r.ravel().tolist() for r in data],
                "y": [r.tolist() for r in y], "tolerance": tolerance}
    if args:
        expected["args"] = list(args)
    if rounded is not None:
        expected["rounded"] = rounded
    CASES[name] = (made.SerializeToString(), expected, files or {})


def write_cases(folder):
    folder.mkdir(exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    for name, (data, expected, files) in CASES.items():
        (folder / f"{name}.onnx").write_bytes(data)
        text = json.dumps(expected).replace("], ", "],\n ")
        (folder / f"{name}.json").write_text(text + "\n")
        for extra, content in files.items():
            (folder / extra).write_bytes(content)
