"""Cells on disk as h5py and numpy read them, and networks whose patterns and values are
known by fractions."""
import fractions
import json
import os
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "data"))
from harness import ended, run  # noqa: E402
import h5py  # noqa: E402
import numpy as np  # noqa: E402
import onnx  # noqa: E402
from onnx import TensorProto, helper, numpy_helper  # noqa: E402

ALL = "pattern,point,map"
COLUMNS = ("pattern", "point", "is_inside", "a", "b")
PERTURBED = "PLEATS_TEST_PERTURBED" in os.environ


class Network:
    """Layers (W, b) in float64 with an activation between two of them, whose
    breakpoints are `at`; as a file, and by itself."""

    def __init__(self, layers, at=(0,)):
        self.layers = [(np.array(w, float), np.array(b, float))
                       for w, b in layers]
        self.at = at
        self.n_inputs = self.layers[0][0].shape[1]
        self.n_outputs = self.layers[-1][0].shape[0]
        self.n_units = sum(len(b) for _, b in self.layers[:-1])

    def save(self, path):
        nodes, weights, name = [], [], "x"
        for i, (w, b) in enumerate(self.layers):
            weights += [numpy_helper.from_array(w, f"w{i}"),
                        numpy_helper.from_array(b, f"b{i}")]
            last = i == len(self.layers) - 1
            nodes.append(helper.make_node("Gemm", [name, f"w{i}", f"b{i}"],
                                          ["y" if last else f"z{i}"],
                                          transB=1))
            name = f"h{i}"
            if not last and len(self.at) == 1:
                nodes.append(helper.make_node("Relu", [f"z{i}"], [name]))
            elif not last:
                ends = [f"lo{i}", f"hi{i}"]
                weights += [numpy_helper.from_array(np.array(float(v)), end)
                            for v, end in zip(self.at, ends)]
                nodes.append(helper.make_node("Clip", [f"z{i}", *ends], [name]))
        graph = helper.make_graph(
            nodes, "g",
            [helper.make_tensor_value_info("x", TensorProto.DOUBLE,
                                           [1, self.n_inputs])],
            [helper.make_tensor_value_info("y", TensorProto.DOUBLE,
                                           [1, self.n_outputs])], weights)
        onnx.save(helper.make_model(
            graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8),
            str(path))

    def pattern(self, x):
        """The piece of each unit at x, by fractions; None on a wall."""
        value, pieces = [fractions.Fraction(float(v)) for v in x], []
        for w, b in self.layers[:-1]:
            z = [sum((fractions.Fraction(float(v)) * y
                      for v, y in zip(row, value)), fractions.Fraction(float(c)))
                 for row, c in zip(w, b)]
            value = []
            for v, row in zip(z, w):
                if v in self.at and row.any():
                    return None
                pieces.append(sum(v > t for t in self.at))
                v = max(v, fractions.Fraction(self.at[0]))
                value.append(v if len(self.at) == 1 else
                             min(v, fractions.Fraction(self.at[1])))
        return pieces

    def values(self, x):
        """Outputs of rows x, in doubles."""
        for w, b in self.layers[:-1]:
            x = np.maximum(x @ w.T + b, self.at[0])
            x = np.minimum(x, self.at[1]) if len(self.at) > 1 else x
        w, b = self.layers[-1]
        return x @ w.T + b


def unpacked(pattern, n_pieces):
    """Rows of packed patterns as pieces, as docs/formats.md tells."""
    bits = np.unpackbits(pattern, axis=1, bitorder="little")
    width = [int(n - 1).bit_length() for n in n_pieces]
    ends = np.cumsum(width)
    return np.array([[sum(int(row[end - w + j]) << j for j in range(w))
                      for end, w in zip(ends, width)] for row in bits],
                    int).reshape(len(pattern), len(n_pieces))


class Cells:
    """A file, whatever its kind."""

    def __init__(self, path):
        if path.suffix == ".h5":
            with h5py.File(path, "r") as file:
                self.facts = {k: v.item() if hasattr(v, "item") else v
                              for k, v in file.attrs.items()}
                self.columns = {k: v[()] for k, v in file.items()}
                self.chunks = {k: (v.chunks, v.compression)
                               for k, v in file.items()}
        elif path.suffix == ".npz":
            with np.load(path) as file:
                self.columns = {k: file[k] for k in file}
            self.facts = json.loads(self.columns.pop("attributes").item())
        else:
            self.read_lines([json.loads(s) for s in
                             path.read_text().splitlines()])
        self.n_pieces = self.columns.pop("n_pieces")

    def read_lines(self, lines):
        head, *cells, tail = lines
        self.facts = {**head, **tail}
        self.columns = {k: np.array([c[k] for c in cells])
                        for k in (cells[0] if cells else {})}
        self.columns["n_pieces"] = np.array(self.facts.pop("n_pieces"), int)

    def __len__(self):
        return self.facts["regions"]

    def pieces(self):
        pattern = self.columns["pattern"]
        return (pattern if pattern.dtype != np.uint8 else
                unpacked(pattern, self.n_pieces))


class Place:
    def __init__(self, options, folder):
        self.pleats = pathlib.Path(options.pleats).resolve()
        self.examples = pathlib.Path(options.examples).resolve()
        self.is_sanitized = options.no_memory_limit
        self.folder = folder
        self.work = folder / "work"
        self.work.mkdir()

    def __call__(self, *args, seconds=100, **how):
        return run([self.pleats, *args], seconds, **how)

    def cells(self, model, *args, code=0, end=".h5"):
        """(cells, what was wrong)."""
        path = self.work / f"cells{end}"
        wrong = ended(self("cells", model, *args, "-o", path), code)
        return (None, wrong) if wrong else (Cells(path), "")

    def left(self):
        return sorted(p.name for p in self.work.iterdir())

    def clean(self):
        for path in self.work.iterdir():
            path.unlink()


# ---- networks ----

def random_network(seed, sizes, at=(0,), integers=False):
    draw = np.random.default_rng(seed)

    def number(*shape):
        return draw.integers(-2, 3, shape) if integers else \
            draw.standard_normal(shape)

    return Network([(number(m, n), number(m)) for n, m in
                    zip(sizes, sizes[1:])], at)


def degenerate_network():
    """Units that are dead, doubled, opposite and scaled, and biases of 0."""
    return Network([([[1, 2], [1, 2], [-1, -2], [2, 4], [0, 0], [0, 0],
                      [1, 0], [1e-300, 0]], [0, 0, 0, 0, 1, 0, 0.5, 0]),
                    ([[1, -1, 1, 0.5, 1, 1, -1, 0], [0] * 8, [1] * 8],
                     [0, 0, -2]), ([[1, 0, -1], [2, 1, 1]], [0, 1])])


def thin_network(seed):
    """Pairs of breakpoints between which there is no double, or a few."""
    draw = np.random.default_rng(seed)
    w = draw.uniform(0.1, 3, 60)
    b = -w * draw.uniform(-1, 1, 60)
    step = b * 2.0 ** -53 * draw.integers(1, 5, 60)
    return Network([(np.concatenate([w, w])[:, None],
                     np.concatenate([b, b + step])), (np.ones((1, 120)), [0])])
