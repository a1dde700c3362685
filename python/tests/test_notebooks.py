"""The notebooks of docs/notebooks, run as they are.

PLEATS_NOTEBOOKS names a folder where they are written with what they show, and
their pictures; without it they are left out, since they take half a minute."""
import importlib.util
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest

from support import ROOT

OUT = os.environ.get("PLEATS_NOTEBOOKS")
SCRIPTS = sorted((ROOT / "docs" / "notebooks").glob("*.py"))
WANTED = {"quickstart": ("185", "441"), "cnn_digits": ("exact",),
          "training": ('"label": "exact"',), "talk": ("256 - generic 255",)}


def missing(script):
    """Modules that a script imports and nobody has installed."""
    names = re.findall(r"^(?:import|from) (\w+)", script.read_text(),
                       re.MULTILINE)
    return [name for name in names if importlib.util.find_spec(name) is None]


@unittest.skipUnless(OUT, "PLEATS_NOTEBOOKS is not set")
class Notebooks(unittest.TestCase):
    def test_all(self):
        self.assertEqual({script.stem for script in SCRIPTS}, set(WANTED))
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        for name in ("examples", "tests"):
            os.symlink(ROOT / name, pathlib.Path(folder.name, name))
        out = pathlib.Path(OUT).resolve()
        out.mkdir(parents=True, exist_ok=True)
        for script in SCRIPTS:
            with self.subTest(notebook=script.stem):
                if missing(script):
                    self.skipTest(f"{script.stem} needs "
                                  f"{', '.join(missing(script))}")
                self.run_one(script, out / f"{script.stem}.ipynb", folder.name)

    def run_one(self, script, path, folder):
        for old in path.parent.glob(f"{script.stem}-*.png"):
            old.unlink()
        done = subprocess.run(
            [sys.executable, "-B", ROOT / "python" / "notebook.py", script,
             path], cwd=folder, capture_output=True, text=True, timeout=600)
        self.assertEqual((done.returncode, done.stdout), (0, ""), done.stderr)
        notebook = json.loads(path.read_text())
        shown = json.dumps([cell.get("outputs")
                            for cell in notebook["cells"]])
        for words in WANTED[script.stem]:
            self.assertIn(words, shown.replace('\\"', '"').replace('\\\\"', '"'))
        pictures = list(path.parent.glob(f"{script.stem}-*.png"))
        self.assertEqual(len(pictures), shown.count("image/png"))
        self.assertGreater(len(pictures), 0)
        for picture in pictures:
            self.assertGreater(picture.stat().st_size, 2000, picture)
        try:
            import nbformat
        except ImportError:
            return
        nbformat.validate(nbformat.from_dict(notebook))


class Executor(unittest.TestCase):
    """Of a script made for the purpose."""

    def test_cells(self):
        if importlib.util.find_spec("matplotlib") is None:
            self.skipTest("matplotlib is not installed")
        with tempfile.TemporaryDirectory() as folder:
            script, out = (pathlib.Path(folder, name)
                           for name in ("x.py", "x.ipynb"))

            def run(text):
                script.write_text(text)
                return subprocess.run(
                    [sys.executable, "-B", ROOT / "python" / "notebook.py",
                     script, out], capture_output=True, text=True)
            done = run("# %% [markdown]\n# # A title\n#\n# More.\n\n# %%\n"
                       "print(3)\nx = 4\nx + 1\n")
            self.assertEqual(done.returncode, 0, done.stderr)
            text, code = json.loads(out.read_text())["cells"]
            self.assertEqual(text["source"], "# A title\n\nMore.")
            self.assertEqual([output.get("text") or output["data"]["text/plain"]
                              for output in code["outputs"]], ["3\n", "5"])
            done = run("# %%\n1 / 0\n")
            self.assertEqual(done.returncode, 1)
            self.assertIn("ZeroDivisionError", done.stderr)
