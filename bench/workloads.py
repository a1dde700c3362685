"""What is measured: networks made with fixed seeds, and where they are counted.

Each workload has a name, its group, the arguments of `pleats`, the number that
must come out where it is known from elsewhere, and how it is run."""
import dataclasses
import hashlib
import itertools
import json
import random
import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] /
                       "tests/data"))
from networks import network, rows  # noqa: E402
from onnx_file import write_mlp

# Filters and input of layers, and the published formula's value; the last two are
# those of version 0.1 and of a sum over plain states.
FORMULAS = [
    ("1x6x6/conv=4@3x3", "15732401019738085837"),
    ("1x6x6/conv=8@3x3", "93255314642045210638718519936000"),
    ("3x6x6/conv=8@3x3", "340282366920938436888993055758036220955"),
    ("3x8x8/conv=16@3x3,s=2", "22300745198530623141535718272648361505980416"),
    ("1x7x7/conv=8@3x3", "103661177375738009907568042731418904324880722253"),
    ("1x8x8/conv=8@2x2", "90124363701200175092666671359911351449717618331034"
                         "1647413129427511333923"),
    ("1x8x8/conv=8@3x3", "41334046609309480632272954556947544219825898069254"
                         "770164669896223"),
    ("1x9x9/conv=8@3x3", "62538559080194166778634089033617657221353670814843"
                         "05394704110392378602446125574351306"),
]
LONG_FORMULAS = ["1x9x9/conv=8@3x3"]
RESONANCE = {4: 370, 5: 11292, 6: 1066044, 7: 347326352}
ACAS = "ext/ACASXU_run2a_1_1_batch_2000.onnx"


@dataclasses.dataclass
class Workload:
    name: str
    group: str
    arguments: list  # of pleats, the verb first
    known: str = None  # the answer, from elsewhere than this program
    baseline: bool = True  # whether the plain exact count is run too
    beside: str = None  # the generic workload of the same size
    quick: bool = True  # part of --quick
    long: bool = False  # only when named or with --long
    series: str = None  # --scaling: what grows, and how far it is
    x: float = None


class Maker:
    """Makes networks and domains in a folder, each once."""

    def __init__(self, pleats, folder):
        self.pleats, self.folder = pleats, folder

    def spec(self, spec, seed=0, *options):
        name = "_".join([spec, str(seed), *options])
        for mark in ":,/=@":
            name = name.replace(mark, "-")
        if len(name) > 200:
            name = hashlib.sha256(name.encode()).hexdigest()
        path = self.folder / f"{name}.onnx"
        if not path.exists():
            subprocess.run([self.pleats, "make", spec, "--seed", str(seed),
                            *options, "-o", path], check=True,
                           stdout=subprocess.DEVNULL)
        return path

    def rows(self, name, layers):
        path = self.folder / f"{name}.onnx"
        write_mlp(path, layers)
        return path

    def json(self, name, content):
        path = self.folder / f"{name}.json"
        path.write_text(json.dumps(content))
        return path


def count(name, group, model, domain, **how):
    return Workload(name, group, ["count", model, *domain], **how)


UNIT_BOX = ["--box", "-1,1"]


def workloads(make):
    """The fixed set."""
    return [*planar(make), *deep(make), *spatial(make), *acas(make),
            *many_inputs(make), *maps(make), *pools(make), *residual(make),
            *degenerate(make), *arrangements(make), *formulas(), *start_up(make)]


def planar(make):
    yield count("2-64-64-64-1", "2-D", make.spec("mlp:2,64,64,64,1", 4),
                UNIT_BOX)
    yield count("cnn-plane", "2-D", make.spec(
        "cnn:in=1x8x8/conv=8@3x3,p=1/relu/conv=8@3x3,p=1/relu/flatten/fc=1",
        1), ["--plane", random_plane(make, 64, 1)])
    yield count("2-256-256-256-1", "2-D",
                make.spec("mlp:2,256,256,256,1", 1), UNIT_BOX, quick=False)


# Width of every layer, and numbers of layers, each with one less and one more.
DEPTHS = [(16, (12, 30, 45)), (32, (6, 20, 25, 30)), (64, (20,)), (128, (16,))]


def deep(make):
    """Deep networks whose values keep their size, while bounds of rounding
    errors grow from layer to layer."""
    for width, middle in DEPTHS:
        for depth in (n + step for n in middle for step in (-1, 0, 1)):
            spec = "mlp:2" + f",{width}" * depth + ",1"
            yield count(f"{width}x{depth}", "deep",
                        make.spec(spec, 1, "--init", "he-normal"), UNIT_BOX,
                        baseline=depth in middle, quick=(width, depth) in
                        ((16, 30), (16, 45), (32, 20)))


def random_plane(make, n, seed):
    """A square of the plane through three points of the unit box: half as wide
    as the parallelogram that they span, and in its middle."""
    draw = random.Random(seed)
    points = [[draw.uniform(-1, 1) for _ in range(n)] for _ in range(3)]
    u, v = ([a - b for a, b in zip(p, points[0])] for p in points[1:])
    return make.json(f"plane-{n}-{seed}", {"origin": points[0], "u": u, "v": v,
                                           "box": [0.25, 0.75, 0.25, 0.75]})


def spatial(make):
    nets = {"3-32-32-1": make.spec("mlp:3,32,32,1", 2),
            "4-16-16-1": make.spec("mlp:4,16,16,1", 5),
            "6-12-12-1": make.spec("mlp:6,12,12,1", 3)}
    for name, net in nets.items():
        yield count(name, "box", net, UNIT_BOX)
    for name in ("3-32-32-1", "6-12-12-1"):
        yield count(f"{name}-all", "whole space", nets[name], ["--all"],
                    quick=False)


def acas_plane(make):
    """The file of the plane with a known count, and that count."""
    row = [row for row in rows("ground_truth_2d.json")
           if row["model"] == ACAS][0]
    return make.json("acas-plane", {k: row[k] for k in (
        "origin", "u", "v", "box")}), row["cells"]


def acas(make):
    """Real networks with known answers, where their folder is there."""
    if not network(ACAS).exists():
        return
    plane, cells = acas_plane(make)
    yield count("acas-plane", "2-D", network(ACAS), ["--plane", plane],
                known=str(cells))
    for row in rows("ext/acasxu_small_boxes.json"):
        name = f"acas-box-{row['regions']}"
        yield count(name, "box", network(row["model"]), [
            "--box", f"@{make.json(name, row['domain'])}"],
                    known=str(row["regions"]))
    boxes = json.loads(network("ext/acasxu_boxes.json").read_text())
    box = make.json("acas-property-3", {
        k: boxes["properties"]["3"]["boxes"][0][k] for k in ("lo", "hi")})
    yield count("acas-property-3", "box", network(ACAS),
                ["--box", f"@{box}"], quick=False)


# Of counts that do not come to their end: so many regions are made.
INPUTS = {"8-16-16-1": 200000, "16-16-16-1": 100000, "32-16-16-1": 50000,
          "64-12-12-1": 20000, "128-16-16-1": 8000}
REAL = {"digits_mlp_32x2": ("digits", 20000),
        "fashion28_mlp_24x2": ("fashion", 400)}


def many_inputs(make):
    """Cells by linear programmes: a ladder of inputs, real networks in the box
    of their data, and the whole space of ten dimensions."""
    def begin(name, net, box, regions):
        return count(name, "programmes", net,
                     ["--box", box, "--max-cells", regions], baseline=False,
                     quick=False)
    for name, regions in INPUTS.items():
        yield begin(name, make.spec("mlp:" + name.replace("-", ","), 1),
                    "-1,1", regions)
    for model, (name, regions) in REAL.items():
        yield begin(name, network(f"{model}.onnx"), "0,1", regions)
    yield count("10-10-10-1-all", "programmes", make.spec("mlp:10,10,10,1", 1),
                ["--all"], baseline=False, quick=False)


def degenerate(make):
    """Networks that are not in general position, each next to a random one of
    the same size."""
    for widths, seed in ((2, 12, 12, 1), 1), ((3, 24, 24, 1), 1):
        size = "-".join(map(str, widths))
        spec = "mlp:" + ",".join(map(str, widths))
        yield count(f"{size}-generic", "degenerate", make.spec(spec, seed),
                    ["--all"])
        special = {
            "integer": make.rows(f"{size}-integer",
                                 integer_layers(widths, seed)),
            "duplicate": make.rows(f"{size}-duplicate",
                                   duplicate_layers(widths, seed)),
            "zero-bias": make.spec(spec, seed, "--bias", "zero")}
        for name, net in special.items():
            yield count(f"{size}-{name}", "degenerate", net, ["--all"],
                        beside=f"{size}-generic")
    spec = "mlp:2,16,16,1"
    yield count("2-16-16-1-generic", "degenerate", make.spec(spec, 1),
                ["--all"])
    yield count("2-16-16-1-folds", "degenerate",
                make.spec(spec, 0, "--construction", "montufar"),
                ["--box", "0,1"], known="8768", beside="2-16-16-1-generic")


def maps(make):
    """Regions of the function beside those of the pattern."""
    yield count("2-256-256-256-1-maps", "maps",
                make.spec("mlp:2,256,256,256,1", 1),
                [*UNIT_BOX, "--what", "regions,maps"], baseline=False,
                beside="2-256-256-256-1", quick=False)
    if network(ACAS).exists():
        yield count("acas-plane-maps", "maps", network(ACAS), [
            "--plane", acas_plane(make)[0], "--what", "regions,maps"], baseline=False, beside="acas-plane")


def pools(make):
    """Pooling: a square of a plane of inputs, the first regions."""
    for model in "Convnet_maxpool", "Convnet_avgpool":
        net = network(f"ext/{model}.onnx")
        if net.exists():
            yield count(model, "pools", net, [
                "--plane", random_plane(make, 784, 2), "--max-cells", 20000],
                        baseline=False, quick=False)


def resnet20():
    """The spec of a network with the shape of ResNet-20 on 32x32 pixels: 19
    convolutions, whose shortcuts are those between layers of one shape."""
    def block(n):
        return f"/res{{conv={n}@3x3,p=1/relu/conv={n}@3x3,p=1}}/relu"
    layers = "cnn:in=3x32x32/conv=16@3x3,p=1/relu" + 3 * block(16)
    for n in 32, 64:
        layers += f"/conv={n}@3x3,s=2,p=1/relu/conv={n}@3x3,p=1/relu"
        layers += 2 * block(n)
    return layers + "/gap/fc=10"


def residual(make):
    """A deep convolutional network: the first regions of a small square in the
    middle of a random plane, and of a line in it."""
    net = make.spec(resnet20(), 1, "--init", "he-normal")
    plane = json.loads(random_plane(make, 3 * 32 * 32, 1).read_text())
    square = make.json("resnet20-plane", plane | {
        "box": [0.499, 0.501, 0.499, 0.501]})
    line = make.json("resnet20-line", {
        "origin": plane["origin"], "u": plane["u"], "range": [0.49, 0.51]})
    for kind, domain in ("plane", square), ("line", line):
        yield count(f"resnet20-{kind}", "residual", net,
                    [f"--{kind}", domain, "--max-cells", 420], baseline=False,
                    quick=False)


def random_layers(widths, draw):
    return [([[draw() for _ in range(n)] for _ in range(m)],
             [draw() for _ in range(m)]) for n, m in itertools.pairwise(widths)]


def integer_layers(widths, seed):
    source = random.Random(seed)
    return random_layers(widths, lambda: float(source.randint(-3, 3)))


def duplicate_layers(widths, seed):
    """Of three units the second repeats the first and the third has its
    hyperplane from the other side."""
    source = random.Random(seed)
    layers = random_layers(widths, lambda: source.uniform(-1, 1))
    for weight, bias in layers[:-1]:
        for i in range(len(bias)):
            factor = (1, 1, -2)[i % 3]
            weight[i] = [factor * w for w in weight[i - i % 3]]
            bias[i] = factor * bias[i - i % 3]
    return layers


def one_layer(normals):
    """Central hyperplanes as a hidden layer whose units are added up."""
    return [(normals, [0.0] * len(normals)), ([[1.0] * len(normals)], [0.0])]


def arrangements(make):
    """One hidden layer on all of space: known numbers of regions."""
    for n, regions in RESONANCE.items():
        normals = [[float(i >> j & 1) for j in range(n)]
                   for i in range(1, 1 << n)]
        yield count(f"resonance-{n}", "one layer",
                    make.rows(f"resonance-{n}", one_layer(normals)),
                    ["--all"], known=str(regions), quick=n < 6, long=n > 6)
    for n, k, regions in ((20, 3, 1351), (30, 4, 31931), (25, 6, 245506)):
        yield count(f"generic-{n}-in-R{k}", "one layer",
                    make.spec(f"mlp:{k},{n},1", 1), ["--all"],
                    known=str(regions), quick=regions < 100000)
    for k, n in (2, 4000), (3, 120), (5, 30):
        yield count(f"{k}-{n}-in-a-box", "one layer",
                    make.spec(f"mlp:{k},{n},1", 1), UNIT_BOX, baseline=False,
                    quick=k > 2)


def formulas():
    for spec, value in FORMULAS:
        yield Workload(f"formula-{spec}", "formula",
                       ["layer", f"cnn:in={spec}/relu", "--what", "formula"],
                       known=value, baseline=False,
                       long=spec in LONG_FORMULAS)


def start_up(make):
    yield count("start-up", "start-up", make.spec("mlp:2,2,1", 1), UNIT_BOX)


def scaling(make, threads):
    """How cost grows: one series for each thing that grows."""
    def step(series, x, model, domain, *options):
        return count(f"{series}-{x}", "scaling", model, [*domain, *options],
                     baseline=False, series=series, x=x)
    for x in (0.125, 0.25, 0.5, 1, 2, 4):
        yield step("regions", x, make.spec("mlp:2,64,64,64,1", 4),
                   ["--box", f"-{x},{x}"])
    for x in (8, 16, 32, 64, 128, 256):
        yield step("units", x, make.spec(f"mlp:2,{x},{x},1", 1), UNIT_BOX)
    for x in range(1, 8):
        yield step("dimension", x, make.spec(f"mlp:{x},10,10,1", 1), UNIT_BOX)
    for x in range(1, 9):
        yield step("depth", x, make.spec("mlp:2" + ",24" * x + ",1", 1),
                   UNIT_BOX)
    for x in threads:
        yield step("threads", x, make.spec("mlp:6,12,12,1", 3), ["--all"],
                   "--threads", str(x))
