"""Files that `draw` writes: forms, what is written below a picture, a golden
structure, one colour for a pattern in all pictures, and failures that leave no
file."""
import os
import pathlib
import resource
import signal
import subprocess

from onnx import helper

import checks_json
from harness import await_work, ended, refused
from picture import Picture, middle

HERE = pathlib.Path(__file__).resolve().parent
BOX = ["EXAMPLES/moons.onnx", "--box", "-1,1"]
ENDS = ["svg", "pdf", "png", "html"]
SMALL = 1000  # bytes: no picture is smaller
LEGEND = ["185 activation regions (exact)", "on box [-1, 1]^2",
          "of moons.onnx, 32 units", "a colour for each activation pattern",
          "layer 1", "layer 2", "boundary"]


def check(program, checks, folder):
    for end in ENDS:
        checks.add(f"draw a file: {end}", form(program, folder, end))
        checks.add(f"draw on a full disk: {end}", full(program, folder, end))
        checks.add(f"draw a file that grows too large: {end}",
                   too_large(program, folder, end))
        checks.add(f"draw, interrupted: {end}",
                   interrupted(program, folder, end))
    checks.add("draw: the legend's letters", legend(program, folder))
    checks.add("draw: structure", structure(program, folder))
    checks.add("draw: a network without units", no_units(program, folder))
    checks.add("draw: a pattern has one colour in all pictures",
               one_colour(program, folder))
    refusals(program, checks, folder)


# ---- what is in a file ----

def whole(data, end):
    """What is wrong with the ends of a file, or nothing."""
    starts = {"svg": b"<?xml", "pdf": b"%PDF-", "png": b"\x89PNG\r\n\x1a\n",
              "html": b"<!DOCTYPE html>"}
    ends = {"svg": b"</svg>", "pdf": b"%%EOF", "png": b"IEND\xaeB`\x82",
            "html": b"</html>"}
    if not (data.startswith(starts[end]) and
            data.rstrip(b"\n").endswith(ends[end])):
        return f"from {data[:20]} to {data[-20:]}"
    return ""


def form(program, folder, end):
    path = folder / f"form.{end}"
    wrong = ended(program("draw", *BOX, "-o", path), 0)
    if wrong:
        return wrong
    data = path.read_bytes()
    wrong = whole(data, end)
    if wrong:
        return wrong
    again = folder / f"again.{end}"
    program("draw", *BOX, "-o", again)
    if end != "pdf" and again.read_bytes() != data:  # a PDF has its date
        return "not the same file when drawn again"
    return ""


def drawn(program, folder, *flags):
    path = folder / "drawn.svg"
    result = program("draw", *flags, "-o", path)
    if ended(result, 0):
        raise ValueError(ended(result, 0))
    return Picture(path)


def lines_of(letters, empty):
    """Names of the symbols, a list for each line of text."""
    lines = {}
    for symbol, _, y in letters:
        lines.setdefault(y, [])
        if symbol not in empty:
            lines[y].append(symbol)
    return [line for _, line in sorted(lines.items())]


def legend(program, folder):
    """Letters are shapes; a shape is to stand for one character throughout."""
    picture = drawn(program, folder, *BOX)
    below = [letter for letter in picture.letters
             if letter[2] > picture.frame[3] + 30]
    lines = lines_of(below, picture.empty)
    text = "".join(LEGEND).replace(" ", "")
    shapes = [symbol for line in lines for symbol in line]
    if len(shapes) != len(text):
        return f"{len(shapes)} letters instead of {len(text)}"
    pairs = set(zip(shapes, text))
    if not len(pairs) == len(set(shapes)) == len(set(text)):
        return f"not these words: {LEGEND}"
    return ""


def structure(program, folder):
    """How many outlines there are of every colour, against a file."""
    picture = drawn(program, folder, *BOX, "--colour", "class")
    kinds = {}
    for colour, _ in picture.cells:
        key = f"cells {colour}"
        kinds[key] = kinds.get(key, 0) + 1
    for colour, width, points in picture.lines:
        if len(points) > 1:
            key = f"lines {colour} {width:g}"
            kinds[key] = kinds.get(key, 0) + 1
    got = "".join(f"{key}: {n}\n" for key, n in sorted(kinds.items()))
    want = (HERE / "moons_class.txt").read_text()
    return "" if got == want else f"not as in moons_class.txt:\n{got}"


def no_units(program, folder):
    net = folder / "affine.onnx"
    checks_json.write_net(net, [helper.make_node("Gemm", ["x", "w"], ["y"],
                                                 transB=1)], (2, 1),
                          [("w", [[1.0, 2.0]])])
    for end in ENDS:
        answer, wrong = program.json("draw", net, "--box", "-1,1", "-o",
                                     folder / f"affine.{end}")
        if wrong or answer["regions"] != "1":
            return wrong or str(answer)
    return ""


def one_colour(program, folder):
    """On a box and on a part of it."""
    colour_of = {}
    for half in (1, 0.5):
        flags = ["EXAMPLES/moons.onnx", "--box", f"-{half},{half}"]
        picture = drawn(program, folder, *flags)
        points = [picture.plane((-half, half, -half, half), middle(corners))
                  for _, corners in picture.cells]
        (folder / "points.json").write_text(str([list(p) for p in points]))
        answer, wrong = program.json("eval", flags[0], "--input",
                                     folder / "points.json", "--pieces")
        if wrong:
            return wrong
        seen = dict(zip(map(tuple, answer["pieces"]),
                        (colour for colour, _ in picture.cells)))
        shared = colour_of.keys() & seen.keys()
        if half < 1 and len(shared) < 20:
            return f"only {len(shared)} patterns in both"
        for pattern in shared:
            if colour_of[pattern] != seen[pattern]:
                return f"{colour_of[pattern]} and {seen[pattern]}"
        colour_of.update(seen)
    if len(set(colour_of.values())) < 40:
        return f"only {len(set(colour_of.values()))} colours"
    return ""


# ---- what is not written ----

def left(folder, name):
    return ", ".join(p.name for p in folder.glob(f"{name}*"))


def full(program, folder, end):
    path = folder / f"full.{end}"
    path.symlink_to("/dev/full")
    result = program("draw", *BOX, "-o", path)
    path.unlink()
    return refused(result, ["cannot write", "space"], 1) or left(folder, "full")


def too_large(program, folder, end):
    """The limit stands for a disk that fills up; what was there stays."""
    path = folder / f"large.{end}"
    path.write_text("before")

    def limit():
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (SMALL, SMALL))
    result = subprocess.run(
        [str(c) for c in program.command("draw", *BOX, "-o", path)],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True, env=program.environment, cwd=HERE,
        preexec_fn=limit, restore_signals=False)
    wrong = refused(result, ["cannot write", "large"], 1)
    if not wrong and path.read_text() != "before":
        wrong = "what was there is gone"
    path.unlink()
    return wrong or left(folder, "large")


def interrupted(program, folder, end):
    """A network that takes some seconds is stopped after some tenths: what was
    found until then is drawn."""
    model = folder / "slow.onnx"
    if not model.exists():
        program("make", "mlp:2,400,400,400,3", "-o", model)
    path = folder / f"stopped.{end}"
    process = subprocess.Popen(
        program.command("draw", model, "--box", "-9,9", "-o", path),
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        env=program.environment)
    await_work(process, 4 if program.is_slow else 1)
    process.send_signal(signal.SIGINT)
    try:
        out, err = process.communicate(timeout=30)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        return "goes on"
    if process.returncode != 4 or not out.startswith("at least ") or (
            "stopped by the interrupt" not in out):
        return f"exit {process.returncode}: {out[:200]}{err[:200]}"
    wrong = whole(path.read_bytes(), end)
    path.unlink()
    return wrong or left(folder, "stopped")


def refusals(program, checks, folder):
    """What the golden cases cannot show: nothing is left behind."""
    out = folder / "refused.svg"
    for name, flags in {
            "no plane": ["--range", "0,1", "--axes", "0,1,2", "--at",
                         "EXAMPLES/bars.npz:0"],
            "no output": ["--rows", "EXAMPLES/bars.npz:0,1,2", "--colour",
                          "output", "--output", "3"]}.items():
        result = program("draw", "EXAMPLES/bars.onnx", *flags, "-o", out)
        wrong = "" if result.returncode and result.stderr.count("\n") == 1 else (
            f"exit {result.returncode}: {result.stderr}")
        checks.add(f"draw refused: {name}", wrong or left(folder, "refused"))
    result = program("draw", *BOX, "-o", folder / "none/x.svg")
    checks.add("draw refused: no such folder", refused(result, ["none/x.svg"], 1))
    locked = folder / "locked"
    locked.mkdir()
    locked.chmod(0o555)
    if os.geteuid() != 0:
        result = program("draw", *BOX, "-o", locked / "x.svg")
        checks.add("draw refused: a folder that is read-only",
                   refused(result, ["x.svg"], 1))
    locked.chmod(0o755)
