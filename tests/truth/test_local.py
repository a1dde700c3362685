#!/usr/bin/python3
"""`pleats local` on real networks, against linear programmes of another solver
(HiGHS) over half-spaces worked out here from the file's weights, one programme
for each half-space: a facet is one that can be left alone.  Nothing is taken
from pleats but the point's pattern, which is compared with `eval --pieces`.
Usage: test_local.py PLEATS PART"""
import pathlib
import resource
import sys

import numpy as np

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "data"))
from harness import SKIPPED, answered, run, run_parts  # noqa: E402
from networks import need_ext, network  # noqa: E402

try:
    import onnx
    from onnx import numpy_helper
    from scipy.optimize import linprog
    from scipy.sparse import csr_matrix
except ImportError:
    print("onnx or scipy is not there: these checks are skipped")
    sys.exit(SKIPPED)

ROWS = 20
# Of the processor, for one region of a real network: 0.1 to 0.5 on a quiet
# machine, and several times that where other work shares its caches.
SECONDS = 10.0
# Maxima nearer to 0 than this, relative to the rows, are nobody's to decide
# in doubles.
UNSURE = 1e-7


def processor_time():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def windows(shape, weight, stride, pad):
    """A convolution without bias as a matrix."""
    channels, height, width = shape
    filters, _, kh, kw = weight.shape
    oh = (height + 2 * pad - kh) // stride + 1
    ow = (width + 2 * pad - kw) // stride + 1
    matrix = np.zeros((filters, oh, ow, channels, height, width))
    for i in range(oh):
        for j in range(ow):
            for a in range(kh):
                for b in range(kw):
                    y, x = i * stride + a - pad, j * stride + b - pad
                    if 0 <= y < height and 0 <= x < width:
                        matrix[:, i, j, :, y, x] = weight[:, :, a, b]
    return (filters, oh, ow), matrix.reshape(filters * oh * ow, -1)


def attribute(node, name, otherwise):
    for a in node.attribute:
        if a.name == name:
            return list(a.ints)[0] if a.ints else a.i
    return otherwise


def affine_layers(path):
    """[(matrix, bias)] between the ReLUs, in float64."""
    graph = onnx.load(path).graph
    known = {t.name: numpy_helper.to_array(t).astype(np.float64)
             for t in graph.initializer}
    known.update({n.output[0]: numpy_helper.to_array(n.attribute[0].t)
                  .astype(np.float64) for n in graph.node
                  if n.op_type == "Constant"})
    value = {i.name: i for i in graph.input if i.name not in known}
    dims = [d.dim_value or 1 for d in
            next(iter(value.values())).type.tensor_type.shape.dim][1:]
    size = int(np.prod(dims))
    shape, m, b, layers = tuple(dims), np.eye(size), np.zeros(size), []
    for node in graph.node:
        weights = [known[i] for i in node.input if i in known]
        if node.op_type == "Relu":
            layers.append((m, b))
            m, b = np.eye(len(b)), np.zeros(len(b))
        elif node.op_type == "Conv":
            shape, w = windows(shape, weights[0],
                               attribute(node, "strides", 1),
                               attribute(node, "pads", 0))
            bias = np.repeat(weights[1], shape[1] * shape[2])
            m, b = w @ m, w @ b + bias
        elif node.op_type == "Gemm":
            w = weights[0] if attribute(node, "transB", 0) else weights[0].T
            m, b = w @ m, w @ b + weights[1]
        elif node.op_type == "MatMul":
            w = weights[0].T if node.input[1] in known else weights[0]
            m, b = w @ m, w @ b
        elif node.op_type == "Add":
            b = b + weights[0].ravel()
        elif node.op_type == "Sub":
            b = b - weights[0].ravel()
        elif node.op_type not in ("Flatten", "Reshape", "Constant"):
            raise ValueError(f"{path}: {node.op_type}")
    return layers


class Region:
    """Half-spaces row . z + c >= 0 of the region of a point, z being what the
    first units read when `behind`, else the inputs."""

    def __init__(self, layers, x, behind):
        if behind:
            x = layers[0][0] @ x + layers[0][1]
            layers = [(np.eye(len(x)), np.zeros(len(x)))] + layers[1:]
        rows, constants = [], []
        m, b, on = np.eye(len(x)), np.zeros(len(x)), np.ones(len(x))
        self.pieces = []
        for w, bias in layers:
            m, b = w @ (on[:, None] * m), w @ (on * b) + bias
            value = m @ x + b
            on = (value > 0).astype(float)
            self.pieces += [int(p) for p in on]
            sign = np.where(on > 0, 1.0, -1.0)
            rows.append(sign[:, None] * m)
            constants.append(sign * value)
        self.rows = np.concatenate(rows)
        self.constants = np.concatenate(constants)
        size = np.abs(self.rows).max(axis=1)
        self.unit = np.flatnonzero(size > 0)
        self.rows = self.rows[self.unit] / size[self.unit, None]
        self.constants = self.constants[self.unit] / size[self.unit]

    def beyond(self, i, walls):
        """How far one can get beyond half-space i inside the others."""
        bound = self.constants.copy()
        bound[i] += 1
        result = linprog(self.rows[i], A_ub=-walls, b_ub=bound,
                         bounds=(None, None), method="highs")
        if result.status != 0:
            raise ValueError(result.message)
        return -(result.fun + self.constants[i])

    def check(self, claimed, numbers):
        """What is wrong with the claimed facets, for some half-spaces."""
        walls = csr_matrix(self.rows)
        for i in numbers:
            far = self.beyond(i, walls)
            if abs(far) > UNSURE and (far > 0) != (self.unit[i] in claimed):
                return (f"unit {self.unit[i]} is {'' if far > 0 else 'no '}"
                        f"facet by {far:.2e}")
        return ""


class Local:
    def __init__(self, options, checks, work):
        self.pleats, self.checks = options.pleats, checks
        self.work = work
        self.timed = not options.no_memory_limit

    def json(self, *args):
        before = processor_time()
        result = run([self.pleats, *args, "--json"], 120)
        self.spent = processor_time() - before
        return answered(result)

    def row(self, model, layers, data, i, behind, sampled):
        answer, wrong = self.json("local", model, "--at", f"{data}:{i}")
        if wrong:
            return wrong, 0
        region = Region(layers, self.x[i], behind)
        pieces = sum(answer["pieces"], [])
        if pieces != self.pieces[i] or pieces != region.pieces:
            wrong = "another pattern"
        elif answer["label"] != "exact":
            wrong = f"not exact: {answer['proofs']}"
        elif answer["halfspaces"] != len(region.unit) and not behind:
            wrong = f"{answer['halfspaces']} half-spaces"
        elif self.timed and self.spent > SECONDS:
            wrong = f"{self.spent:.2f} s of processor time"
        claimed = {f["units"][0]["unit"] for f in answer["facets"]}
        many = len(region.unit)
        numbers = range(many) if sampled >= many else np.random.default_rng(
            i).choice(many, sampled, replace=False)
        return wrong or region.check(claimed, numbers), answer["seconds"]

    def model(self, name, behind, sampled, extra=None):
        model = network(f"{name}.onnx")
        x = np.load(model.with_suffix(".npz"))["x"][:ROWS]
        self.x = np.concatenate([x.reshape(len(x), -1), *(extra or [])])[
            -ROWS:].astype(np.float64)
        data = pathlib.Path(self.work) / "rows.npz"
        np.savez(data, x=self.x)
        known, wrong = self.json("eval", model, "--input", data, "--pieces")
        self.checks.add(f"eval {name}", wrong)
        self.pieces = known["pieces"]
        layers, most = affine_layers(model), 0
        for i in range(len(self.x)):
            wrong, seconds = self.row(model, layers, data, i, behind, sampled)
            self.checks.add(f"local {name} row {i} ({seconds:.2f} s)", wrong)
            most = max(most, seconds)
        print(f"{name}: {len(self.x)} rows, at most {most:.2f} s")


def part_acas(local):
    """The file's 16 rows and 4 more."""
    need_ext()
    more = [np.random.default_rng(3).uniform(-0.5, 0.5, size=(4, 5))]
    for net in ("1_1", "1_9", "2_1", "3_3"):
        local.model(f"ext/ACASXU_run2a_{net}_batch_2000", False, 300, more)


def part_mnist(local):
    """The file's rows leave the first layer off; Gaussian ones do not."""
    need_ext()
    rng = np.random.default_rng(5)
    gauss = [rng.normal(size=(6, 784)) * s for s in (1, 0.2)]
    local.model("ext/mnist-net_256x2", True, 40, gauss)


def part_fashion(local):
    local.model("fashion28_cnn", True, 25)


if __name__ == "__main__":
    run_parts(globals(), Local)
