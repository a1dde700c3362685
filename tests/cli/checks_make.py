"""Networks that `make` writes: seeds, constructions, the JSON answer."""
import hashlib
import pathlib
import tempfile

# Spec, construction, the lower bound that it proves (published, or by hand).
CONSTRUCTIONS = [
    ("mlp:2,6,6,1", "montufar", "198"),
    ("mlp:2,6,6,1", "serra", "352"),
    ("mlp:1,3,3,3,1", "serra", "64"),
    ("cnn:in=1x4/conv=2@2/relu/conv=3@2/relu/flatten/fc=1", "xiong", "320"),
]


def check(program, checks):
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "net.onnx"
        checks.each(lambda row: construction(program, path, *row),
                    CONSTRUCTIONS)
        checks.add("make with a seed", seeds(program, path))
        checks.add("make from a network", architecture(program, path))
        left = sorted(p.name for p in pathlib.Path(folder).iterdir()
                      if p.suffix != ".onnx")
        checks.add("make leaves only its files", "" if not left else f"{left}")


def construction(program, path, spec, name, bound):
    path = path.with_name(f"{name}_{bound}.onnx")
    label = f"make {spec} {name}"
    made, wrong = program.json("make", spec, "-o", path, "--construction",
                               name)
    if wrong:
        return label, wrong
    if (made["construction"], made["init"], made["bias"]) != (name, None,
                                                              None):
        return label, f"{made}"
    count, wrong = program.json("count", path, "--box", "0,1")
    if wrong:
        return label, wrong
    if count["model"]["sha256"] != made["model"]["sha256"]:
        return label, "another file was counted"
    return label, "" if count["regions"] == bound else (
        f"{count['regions']} regions instead of {bound}")


def seeds(program, path):
    """The same seed gives the same bytes, another one others."""
    digests = []
    for seed in (7, 7, 8):
        answer, wrong = program.json(
            "make", "cnn:in=1x5x5/conv=2@3/bn/relu/fc=2", "-o", path,
            "--seed", seed, "--init", "he-normal", "--bias", "normal:0.5")
        if wrong:
            return wrong
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        if (answer["seed"], answer["init"], answer["bias"],
                answer["model"]["sha256"]) != (seed, "he-normal",
                                               "normal:0.5", digest):
            return f"{answer}"
        digests.append(digest)
    if digests[0] != digests[1] or digests[0] == digests[2]:
        return f"digests {digests}"
    return ""


def architecture(program, path):
    """A network's architecture with other weights."""
    _, wrong = program.json("make", "EXAMPLES/moons.onnx", "-o", path)
    if wrong:
        return wrong
    old, _ = program.json("info", "EXAMPLES/moons.onnx")
    new, wrong = program.json("info", path)
    if wrong:
        return wrong
    for key in ("inputs", "outputs", "units", "parameters"):
        if old[key] != new[key]:
            return f"{key}: {new[key]} instead of {old[key]}"
    return "" if old["model"]["sha256"] != new["model"]["sha256"] else "copied"
