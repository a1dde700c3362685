"""What the tests of certificates share: writing one, and asking both checkers."""
import os
import pathlib
import re
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
CHECK = ROOT / "tools" / "check" / "check.py"
sys.path.insert(0, str(HERE.parent / "data"))
sys.path.insert(0, str(ROOT / "tools" / "check"))
from harness import answered, run  # noqa: E402

PYTHON = "/usr/bin/python3"
FEW = 500  # regions whose points are proved twice by the slow checker


class Checkers:
    """Both checkers, and the texts of networks that the one in C reads."""

    def __init__(self, checker, work):
        self.checker, self.work = checker, pathlib.Path(work)
        self.texts = {}

    def text(self, model):
        """The network as text."""
        model = str(model)
        if model not in self.texts:
            result = run([PYTHON, "-B", CHECK, "--dump", model])
            path = self.work / f"network{len(self.texts)}.txt"
            path.write_text(result.stdout)
            self.texts[model] = path
        return self.texts[model]

    def ask_c(self, certificates, model, *flags):
        """It ends with all the memory that it has: in builds that look for
        leaks, not for these."""
        return run([self.checker, *flags, *certificates, self.text(model)],
                   120, env={**os.environ, "ASAN_OPTIONS": "detect_leaks=0"})

    def ask_python(self, certificates, model, *flags):
        return run([PYTHON, "-B", CHECK, *flags, *certificates, model], 300)

    def verified(self, certificate, model, regions, slow=True):
        """"" when both checkers prove just so many regions, and by their points
        alone at least so many."""
        asked = [("check.c", self.ask_c, "exactly", ()),
                 ("check.c", self.ask_c, "at least", ("--points",))]
        if slow:
            asked.append(("check.py", self.ask_python, "exactly", ()))
        if slow and regions <= FEW:
            asked.append(("check.py", self.ask_python, "at least",
                          ("--points",)))
        for name, ask, how_many, flags in asked:
            result = ask([certificate], model, *flags)
            found = re.match(rf"VERIFIED: .*\n?has {how_many} (\d+) activation "
                             "region", result.stdout)
            if result.returncode or not found:
                return f"{name}: {(result.stdout + result.stderr)[:300]}"
            if int(found[1]) != regions:
                return f"{name}: {found[1]} regions instead of {regions}"
        return ""


def certify(pleats, model, domain, path, *flags):
    """(answer of count --json, what went wrong)."""
    result = run([pleats, "count", model, *domain, "--json", "--certificate",
                  path, *flags], 200)
    return answered(result)
