#!/usr/bin/python3
"""Certificates in several files: what they prove together, and what does not go
together.  Usage: test_shards.py PLEATS CHECKER PART"""
import json
import pathlib
import re
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
from certificates import FEW, ROOT, Checkers, certify  # noqa: E402
from harness import Checks, arguments, refused, run  # noqa: E402
from test_forged import LINE, certificate, save  # noqa: E402

EXAMPLES = ROOT / "examples"
WITNESSES = EXAMPLES / "maxima" / "witnesses"
EXT = ROOT.parent / "shared" / "models" / "ext"

# (name, bodies of the files, in their order; what is proved by both, or the word
# of a refusal), of relu(x) on [-1, 1].
FORGED = [
    ("the root is dealt out", ["P 0;S 0 0;W 2 -1;W 2 1;E 2", "P 0;E 0"], 2),
    ("a cell is dealt out", ["S 0 0;P 1;P 0;W 2 1;E 1",
                             "S 0 0;P 1;W 2 -1;P 0;E 1"], 2),
    ("facts in front", ["S 0 0;P 1;W 2 1;E 1", "S 0 0;P 1;W 2 -1;W 2 1;E 1"],
     2),
    ("nothing is dealt out", ["S 0 0;W 2 -1;W 2 1;E 2",
                              "S 0 0;W 2 -1;W 2 1;E 0"], 2),
    ("what all have counts twice", ["S 0 0;W 2 -1;W 2 1;E 2",
                                    "S 0 0;W 2 -1;W 2 1;E 2"], "claimed"),
    ("a cell is nobody's", ["P 1;E 0", "P 0;E 0"], "other cells"),
    ("a cell is everybody's", ["P 0;S 0 0;W 2 -1;W 2 1;E 2",
                               "P 1;S 0 0;W 2 -1;W 2 1;E 2"], "other cells"),
    ("other points above", ["S 0 0;W 2 -1;W 2 1;E 2",
                            "S 0 0;W 4 -1;W 2 1;E 0"], "other cells"),
    ("a cell within one", ["P 0;S 0 0;P 0;W 2 -1;W 2 1;E 2", "P 0;E 0"],
     "dealt out"),
    ("a cell of a third", ["P 2;E 0", "P 2;E 0"], "dealt out"),
    ("another number", ["P 0;S 0 0;W 2 -1;W 2 1;E 3", "P 0;E 0"], "claimed"),
    ("no number", ["P 0;S 0 0;W 2 -1;W 2 1;E", "P 0;E 0"], "'E'"),
    ("half of it", ["S 0 0;P 0;W 2 -1;P 1;E 1"], (1, "1 of 2 parts")),
]


class Test:
    def __init__(self, options, work):
        self.pleats, self.work, self.checks = options.pleats, work, Checks()
        self.checkers = Checkers(options.checker, work)

    def answer(self, name, files, model, wanted, python=True, flags=()):
        """What both checkers say of files: a number (and a word), or a word of
        a refusal."""
        asked = [self.checkers.ask_c] + python * [self.checkers.ask_python]
        for ask in asked:
            result = ask(files, model, *flags)
            if isinstance(wanted, str):
                good = result.returncode == 1 and re.match(
                    f"REFUSED: .*{wanted}", result.stdout)
            else:
                number, word = wanted if isinstance(wanted, tuple) else (
                    wanted, "the set of all x")
                many = "at least" if flags else "exactly"
                good = result.returncode == 0 and re.search(
                    rf"has {many} {number} activation regions? .*{word}",
                    result.stdout)
            self.checks.add(f"{name} {' '.join(flags)} {ask.__name__}", "" if
                            good else f"exit {result.returncode}: "
                            f"{(result.stdout + result.stderr)[:200]}")

    def forged(self):
        model = self.work / "line.onnx"
        save(model, "relu", [(1, 0)])
        for name, bodies, wanted in FORGED:
            files = []
            for i, body in enumerate(bodies):
                text = certificate(model, ("relu", [(1, 0)]), LINE, 0, body)
                files.append(self.work / f"forged{i}.cert")
                files[-1].write_text(text.replace("regions 0",
                                                  f"shard {i} 2"))
            self.answer(name, files, model, wanted)
        whole = self.work / "forged0.cert"
        text = certificate(model, ("relu", [(1, 0)]), LINE, 2, "P 0;W 2 1;E")
        whole.write_text(text)
        self.answer("a whole one deals out", [whole], model, "dealt out")
        whole.write_text(text.replace("regions 2", "shard 2 2"))
        self.answer("file 2 of 2", [whole], model, "file 2 of 2")
        halves = certificate(model, ("relu", [(1, 0)]), LINE + LINE, 0, "E 0")
        whole.write_text(halves.replace("regions 0", "shard 0 2"))
        self.answer("a union", [whole], model, "domain of one part")

    def write(self, name, model, domain, of, form="binary"):
        """The files, and the numbers of regions that they are said to have."""
        files, numbers = [], []
        for i in range(of):
            files.append(self.work / f"{name}{i}.cert")
            answer, wrong = certify(self.pleats, model, domain, files[-1],
                                    "--shard", f"{i}/{of}",
                                    f"--certificate-form={form}")
            if wrong:
                self.checks.add(f"{name}: file {i}", wrong)
                return [], []
            numbers.append(int(answer["regions"]))
        return files, numbers

    def prove(self, name, model, domain, of, even=None):
        """Files that prove the count, in both forms; even: the largest is at
        most so many times the mean."""
        counted = json.loads(run([self.pleats, "count", model, *domain,
                                  "--json"], 200).stdout)
        regions = int(counted["regions"])
        for form in ("binary", "text"):
            files, numbers = self.write(name, model, domain, of, form)
            self.checks.add(f"{name}: the sum, {form}", "" if sum(
                numbers) == regions else f"{numbers}, not {regions}")
            for flags in ((), ("--points",)):
                self.answer(f"{name}, {form}", files[::-1], model, regions,
                            regions <= FEW, flags)
        if even:
            self.checks.add(f"{name}: even", "" if max(numbers) <= even * (
                regions / of) else str(numbers))
        return files, numbers

    def apart(self):
        """Files that do not go together."""
        moons = EXAMPLES / "moons.onnx"
        three, numbers = self.prove("moons", moons, ["--box", "-1,1"], 3)
        some = sum(numbers[::2])
        self.answer("two of three", three[::2], moons, (some, "2 of 3 parts"))
        self.answer("one twice", three[:2] + three[1:2], moons, "same part")
        other, _ = self.write("other", moons, ["--box", "-1,0.999"], 3)
        self.answer("another domain", [*three[:2], other[2]], moons,
                    "another domain")
        two, _ = self.write("two", moons, ["--box", "-1,1"], 2)
        self.answer("one of two", [*three, two[0]], moons, "no other part")
        whole = self.work / "whole.cert"
        certify(self.pleats, moons, ["--box", "-1,1"], whole)
        self.answer("a whole one", [*three, whole], moons, "no other part")
        self.answer("a whole one first", [whole, *three], moons,
                    "no other part")
        self.answer("a whole one twice", [whole, whole], moons,
                    "no other part")

    def refusals(self):
        moons = EXAMPLES / "moons.onnx"
        union = EXAMPLES / "certificates" / "overlap.vnnlib"
        place = self.work / "none.cert"
        for name, more, words, code in (
                ("a union", ["--vnnlib", union, "--shard", "0/2"],
                 ["of one part"], 3),
                ("digests", ["--digests", self.work / "digests", "--what",
                             "maps"], ["without digests"], 2),
                ("part 2 of 2", ["--shard", "2/2"], ["2/2"], 2)):
            result = run([self.pleats, "count", moons, "--certificate", place,
                          *more])
            self.checks.add(f"refused: {name}", refused(result, words, code))
        self.limits(moons, place)
        report = self.work / "report.json"
        answer, wrong = certify(self.pleats, moons, ["--box", "-1,1"],
                                self.work / "part.cert", "--shard", "0/2")
        report.write_text(json.dumps(answer))
        self.checks.add("refused: merging reports", wrong or refused(
            run([self.pleats, "merge", report]), ["no report of a part"]))
        self.checks.add("refused: no file is left",
                        "it is there" if place.exists() else "")

    def limits(self, moons, place):
        """A part that is ended has so many regions at least, and no file."""
        part, wrong = certify(self.pleats, moons, ["--box", "-1,1"], place,
                              "--shard", "1/4")
        whole = 0 if wrong else int(part["regions"])
        place.unlink()
        slow = self.work / "slow.onnx"
        run([self.pleats, "make", "mlp:6,20,20,20,1", "-o", slow])
        for name, model, domain, flag, least, most in (
                ("cells", moons, ["--box", "-1,1"], ["--max-cells", "3"], 3, 3),
                ("as many cells", moons, ["--box", "-1,1"],
                 ["--max-cells", whole], whole, whole),
                ("time", slow, ["--all"], ["--time-limit", "3"], 1, 10 ** 9)):
            result = run([self.pleats, "count", model, *domain, "--shard",
                          "1/4", "--certificate", place, "--json", *flag])
            ended = name == "as many cells"
            if wrong or result.returncode != (0 if ended else 4):
                wrong = wrong or f"exit {result.returncode}: {result.stderr}"
            answer = {} if wrong else json.loads(result.stdout)
            if not wrong and (answer["label"], answer["shard"]["part"],
                              least <= int(answer["regions"]) <= most,
                              place.exists()) != (
                    "exact" if ended else "lower", 1, True, ended):
                wrong = str(answer)[:300]
            self.checks.add(f"limits: {name}", wrong)
            place.unlink(missing_ok=True)

    def nets(self):
        """Networks and domains of several sorts."""
        self.prove("all of the plane", EXAMPLES / "moons.onnx", ["--all"], 2,
                   even=1.3)
        self.prove("a line", EXAMPLES / "moons.onnx",
                   ["--rows", f"{EXAMPLES / 'rows.npz'}:0,1"], 2)
        self.prove("one region", EXAMPLES / "moons.onnx",
                   ["--box", "0.25,0.25"], 3)
        self.prove("hardtanh", next(WITNESSES.glob("*hardtanh*")), ["--all"], 4)
        self.prove("maxima", next(WITNESSES.glob("*=1x6_*maxpool*")), ["--all"],
                   3)
        acas = EXT / "ACASXU_run2a_1_1_batch_2000.onnx"
        if not acas.exists():
            self.checks.skip("ACAS Xu", "it is not there")
            return
        domain = ["--vnnlib", EXT / "acasxu_prop_3.vnnlib"]
        files, numbers = self.write("acas", acas, domain, 16)
        self.answer("ACAS Xu 1_1, property 3", files, acas, 71930, False)
        self.answer("ACAS Xu, one part", files[7:8], acas,
                    (numbers[7], "1 of 16 parts"))
        self.checks.add("ACAS Xu: even", "" if max(
            numbers) <= 1.8 * 71930 / 16 else str(numbers))


def main():
    options = arguments(checker="the checker in C",
                        part="forged, apart, refusals or nets")
    with tempfile.TemporaryDirectory() as folder:
        test = Test(options, pathlib.Path(folder))
        getattr(test, options.part)()
        test.checks.finish()


if __name__ == "__main__":
    main()
