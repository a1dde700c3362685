"""Documents and docstrings: every public name has one, and what docs/python.md
and the README show is what comes out."""
import doctest
import importlib.util
import inspect
import os
import re
import tempfile
import unittest

import pleats
from support import ROOT, needs


def public():
    for name in pleats.__all__:
        value = getattr(pleats, name)
        yield name, value
        if inspect.isclass(value):
            for inner, member in vars(value).items():
                if not inner.startswith("_") and (
                        inspect.isfunction(member)
                        or isinstance(member, (property, classmethod))):
                    yield f"{name}.{inner}", member


class Words(unittest.TestCase):
    def test_docstrings(self):
        bare = [name for name, value in public()
                if callable(value) or isinstance(value, property)
                if not (inspect.getdoc(value) or "").strip()
                or str(getattr(value, "__doc__", "")).startswith(f"{name}(")]
        self.assertEqual(bare, [])

    def test_everything_is_listed(self):
        here = {name for name, value in vars(pleats).items()
                if not name.startswith("_") and not inspect.ismodule(value)
                and name != "annotations"}
        self.assertEqual(here | {"__version__"}, set(pleats.__all__))

    def test_files_are_small(self):
        made = ROOT / "python" / "pleats" / "_abi.py"  # by generate.py
        for path in set((ROOT / "python").rglob("*.py")) - {made}:
            self.assertLessEqual(len(path.read_text().splitlines()), 500, path)


    def test_ctypes_is_a_thin_layer(self):
        """What finds the library, calls it, and brings numbers there."""
        here = ROOT / "python" / "pleats"
        lines = sum(len((here / f"_{name}.py").read_text().splitlines())
                    for name in ("call", "library", "exact"))
        self.assertLess(lines, 600)

    def test_every_function_has_an_example(self):
        """That is run below."""
        texts = [inspect.getdoc(value) or "" for _, value in public()]
        texts += [(ROOT / "docs" / "python.md").read_text()]
        examples = "".join(
            example.source for text in texts
            for example in doctest.DocTestParser().get_examples(text))
        bare = [name for name, value in public() if inspect.isfunction(value)
                and not re.search(rf"\b{name.split('.')[-1]}\(", examples)]
        self.assertEqual(bare, [])


class Documents(unittest.TestCase):
    """Examples run in a folder that has examples/."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.addCleanup(os.chdir, os.getcwd())
        os.chdir(folder.name)
        os.symlink(ROOT / "examples", "examples")

    def check(self, text, name, least=3):
        """The indented >>> lines of a text, in one namespace."""
        test = doctest.DocTestParser().get_doctest(
            text, {}, name, str(ROOT / name), 0)
        self.assertGreaterEqual(len(test.examples), least)
        shown = []
        runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS)
        runner.run(test, out=shown.append)
        self.assertEqual(runner.failures, 0, "".join(shown))

    def test_docstrings(self):
        """Those that want a module that is not there are left out, and so are
        HDF5 files without libhdf5."""
        run = 0
        for name, value in public():
            text = inspect.getdoc(value) or ""
            needs = [module for module, sign in (
                ("matplotlib", "matplotlib"), ("pandas", "to_pandas"),
                ("networkx", "networkx"), ("h5py", ".h5")) if sign in text]
            if ">>>" in text and all(map(importlib.util.find_spec, needs)):
                with self.subTest(name=name):
                    self.check(text, name, least=1)
                run += 1
        self.assertGreater(run, 20)

    def test_guide(self):
        self.check((ROOT / "docs" / "python.md").read_text(), "docs/python.md")

    @needs("networkx")
    def test_migration(self):
        self.check((ROOT / "docs" / "migration.md").read_text(),
                   "docs/migration.md")

    def test_readme(self):
        text = (ROOT / "README.md").read_text()
        section = re.search(r"^## From Python\n(.*?)^## ", text + "\n## ",
                            re.MULTILINE | re.DOTALL)[1]
        self.check(section, "README.md")
