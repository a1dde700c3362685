#!/usr/bin/python3
"""Certificates of counts, proved by both checkers, in parts.
Usage: test_certificates.py PLEATS CHECKER PART"""
import json
import pathlib
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
from certificates import Checkers, certify  # noqa: E402
from harness import Checks, arguments, ended, refused, run  # noqa: E402
from networks import MODELS, need_ext, network, rows  # noqa: E402

# All truths below are checked by both; larger ones by check.c alone.
SLOW_BELOW = 6000


class Certificates:
    def __init__(self, options, checks, work):
        self.pleats, self.checks = options.pleats, checks
        self.work = pathlib.Path(work)
        self.checkers = Checkers(options.checker, work)

    def file(self, name, content):
        path = self.work / name
        path.write_text(content if isinstance(content, str) else
                        json.dumps(content))
        return path

    def prove(self, name, model, domain, regions=None, forms=("binary",)):
        """Writes certificates and has them proved; regions: how many there
        are, where that is known."""
        for form in forms:
            path = self.work / "certificate"
            answer, wrong = certify(self.pleats, model, domain, path,
                                    f"--certificate-form={form}")
            found = int(answer["regions"]) if answer else 0
            if not wrong and regions is not None and found != regions:
                wrong = f"{found} regions instead of {regions}"
            wrong = wrong or self.checkers.verified(path, model, found,
                                                    found < SLOW_BELOW)
            self.checks.add(f"{name}, {form}: {found}", wrong)

    def refuse(self, name, model, domain, words):
        path = self.work / "none"
        result = run([self.pleats, "count", model, *domain, "--certificate",
                      path])
        wrong = refused(result, words) or (
            "there is a file" if path.exists() else "")
        self.checks.add(f"refuse {name}", wrong)


def planes(test, is_big):
    for i, row in enumerate(rows("ground_truth_2d.json")):
        if (row["cells"] > 10000) != is_big:
            continue
        plane = test.file(f"plane{i}.json",
                          {k: row[k] for k in ("origin", "u", "v", "box")})
        test.prove(f"{row['model']} on its plane", network(row["model"]),
                   ["--plane", plane], row["cells"])


def boxes(test, name, folder, wanted):
    for i, row in enumerate(rows(name)):
        domain = ["--all"]
        if row["domain"] != "all":
            domain = ["--box", f"@{test.file(f'box{i}.json', row['domain'])}"]
        if (domain[0] == "--all") == (wanted == "all"):
            test.prove(f"{folder}{row['model']}, {wanted}",
                       network(folder + row["model"]), domain, row["regions"])


def part_planes(test):
    planes(test, False)


def part_nd_box(test):
    boxes(test, "nd/truth.json", "nd/", "box")


def part_nd_all(test):
    boxes(test, "nd/truth.json", "nd/", "all")


def part_acas(test):
    need_ext()
    planes(test, True)
    boxes(test, "ext/acasxu_small_boxes.json", "", "box")
    test.prove("ACAS Xu 1_1, property 3",
               network("ext/ACASXU_run2a_1_1_batch_2000.onnx"),
               ["--vnnlib", network("ext/acasxu_prop_3.vnnlib")], 71930)


if __name__ == "__main__":
    parts = {name[5:]: f for name, f in globals().items()
             if name.startswith("part_")}
    given = arguments(checker="the checker in C",
                      part="one of " + ", ".join(parts))
    made = Checks(verbose=True)
    with tempfile.TemporaryDirectory() as folder:
        parts[given.part](Certificates(given, made, folder))
    made.finish()
