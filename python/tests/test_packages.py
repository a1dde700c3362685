"""The wheel that is installed, where one is, and the recipe for conda."""
import importlib.metadata
import importlib.util
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time
import unittest

import pleats
from pleats.__main__ import BUNDLED
from support import MOONS, ROOT

HERE = pathlib.Path(pleats.__file__).resolve().parent
IS_WHEEL = BUNDLED.exists()


def platform_tag():
    """The module that the wheel was tagged by, of the sources."""
    spec = importlib.util.spec_from_file_location(
        "platform_tag", ROOT / "python" / "platform_tag.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def newest(path):
    """The newest version of glibc that a file needs, by readelf."""
    shown = subprocess.run(["readelf", "--version-info", "--wide", path],
                           check=True, capture_output=True, text=True).stdout
    wanted = shown[shown.index("'.gnu.version_r'"):] if (
        "'.gnu.version_r'" in shown) else ""
    return max([tuple(map(int, found.split(".")[:2])) for found in re.findall(
        r"Name: GLIBC_([0-9.]+)", wanted)], default=(2, 0))


@unittest.skipUnless(IS_WHEEL, "the package is no wheel")
class Wheel(unittest.TestCase):
    def files(self):
        return [*(HERE / "lib").iterdir(), HERE / "bin" / "pleats"]

    def test_tag(self):
        """It names the newest glibc that any of its files needs."""
        wheel = importlib.metadata.distribution("pleats").read_text("WHEEL")
        tag = re.search(r"^Tag: (.*)$", wheel, re.MULTILINE)[1]
        major, minor = max(map(newest, self.files()))
        self.assertRegex(tag, rf"^py3-none-manylinux_{major}_{minor}_\w+$")

    def test_it_needs_nothing_else(self):
        """But glibc, and what lies in it."""
        here = {path.name for path in self.files()}
        tagging = platform_tag()
        for path in self.files():
            for name in tagging.needed_by(path) - here:
                self.assertRegex(name, r"^(libc|libm|ld-linux-.*)\.so\.\d$")

    def test_licences(self):
        """A notice for each library, the texts that they name, and what the
        LGPL asks for."""
        folder = HERE / "licences"
        notice = (folder / "NOTICE").read_text()
        for path in (HERE / "lib").iterdir():
            if path.name == "libpleats.so.0":
                continue
            row = re.search(rf"{re.escape(path.name)} +(\S+) \(source: ",
                            notice)
            self.assertTrue((folder / row[1]).exists(), path.name)
        for words in ("Lesser General", "libgmp.so.10", "without any warranty",
                      "other versions"):
            self.assertIn(words, re.sub(r"\s+", " ", notice))
        for text in folder.iterdir():
            for name in re.findall(r"common-licenses/([\w.-]*\w)",
                                   text.read_text(errors="replace")):
                self.assertTrue((folder / name).exists(), name)
        self.assertIn("GNU LESSER GENERAL PUBLIC LICENSE",
                      (folder / "LGPL-3").read_text())

    def test_size(self):
        total = sum(path.stat().st_size for path in HERE.rglob("*")
                    if path.is_file())
        self.assertLess(total, 16 << 20)  # a third of it when packed

    def test_first_count(self):
        """From the import to the first count: 0.2 s are promised, of the
        processor, which others may keep busy meanwhile."""
        text = ("import time; begin = time.process_time(); import pleats; "
                f"pleats.load({str(MOONS)!r}).count(box=(-1, 1)); "
                "print(time.process_time() - begin)")
        best = 9.0
        for _ in range(8):
            done = subprocess.run([sys.executable, "-c", text], check=True,
                                  capture_output=True, text=True)
            best = min(best, float(done.stdout))
            if best < 0.2:
                break
            time.sleep(0.5)
        self.assertLess(best, 0.2)


@unittest.skipUnless(shutil.which("objdump") and shutil.which("cc"),
                     "there is no objdump, or no compiler")
class Tag(unittest.TestCase):
    def built(self, folder, text, *words):
        path = pathlib.Path(folder, "libx.so")
        subprocess.run(["cc", "-x", "c", "-", "-shared", "-fPIC", "-o", path,
                        *words], input=text, text=True, check=True)
        return path

    def test_versions(self):
        """Of files made for the purpose: the newest one counts, what they
        define themselves does not."""
        tagging = platform_tag()
        with tempfile.TemporaryDirectory() as folder:
            for text, wanted in (
                    ("int f(void) { return 1; }", None),
                    ("char *getenv(const char *); void *f(void)"
                     "{ return getenv(\"x\"); }", None),
                    ("long getrandom(void *, long, int);"
                     "int close_range(int, int, int);"
                     "void f(void) { getrandom(0, 0, 0);"
                     "close_range(0, 0, 0); }", (2, 34))):
                path = self.built(folder, text)
                found = tagging.glibc_of(path)
                self.assertEqual(found, newest(path))
                if wanted:
                    self.assertEqual(found, wanted)
                    self.assertRegex(tagging.tag_of([path]),
                                     r"^manylinux_2_34_\w+$")

    def test_strange_libraries(self):
        tagging = platform_tag()
        with tempfile.TemporaryDirectory() as folder:
            self.built(folder, "int x(void) { return 1; }")
            other = pathlib.Path(folder, "libother.so")
            pathlib.Path(folder, "libx.so").rename(other)
            path = self.built(folder, "int x(void); int f(void)"
                              "{ return x(); }", f"-L{folder}", "-lother")
            with self.assertRaisesRegex(ValueError, "libx.so needs libother"):
                tagging.tag_of([path])
            tagging.tag_of([path, other])


@unittest.skipUnless(importlib.util.find_spec("yaml"),
                     "there is no reader of YAML")
class Conda(unittest.TestCase):
    def test_recipe(self):
        """It is YAML, of this version, and names what CMake looks for."""
        import yaml
        text = (ROOT / "packaging" / "conda" / "meta.yaml").read_text()
        version = re.search(r'\{% set version = "([^"]*)" %\}', text)[1]
        self.assertEqual(version, pleats.__version__)
        plain = re.sub(r"^\{%.*%\}$", "", text, flags=re.MULTILINE)
        plain = plain.replace("{{ version }}", version)
        plain = re.sub(r"\{\{ compiler\(.(\w+).\) \}\}", r"compiler_\1", plain)
        self.assertNotIn("{{", plain)
        recipe = yaml.safe_load(plain)
        self.assertEqual(
            set(recipe), {"package", "source", "build", "requirements", "test",
                          "about", "extra"})
        host = {word.split()[0] for word in recipe["requirements"]["host"]}
        wanted = set(re.findall(
            r"pkg_check_modules\(\w+ REQUIRED IMPORTED_TARGET ([a-z][\w-]*)",
            (ROOT / "CMakeLists.txt").read_text()))
        names = {"libprotobuf-c": "protobuf-c", "libxxhash": "xxhash",
                 "libzip": "libzip", "libzstd": "zstd",
                 "nettle": "nettle"}
        self.assertGreater(len(wanted), 3)
        self.assertEqual({names.get(name, name) for name in wanted} - host,
                         set())
        for path in recipe["about"]["license_file"]:
            self.assertTrue((ROOT / path).exists(), path)
        for path in recipe["test"]["source_files"]:
            self.assertTrue((ROOT / path).exists(), path)
