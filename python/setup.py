"""What pyproject.toml cannot say: a package that holds the C library is for
one kind of machine, and for every Python 3."""
import pathlib

from setuptools import setup
from wheel.bdist_wheel import bdist_wheel

HERE = pathlib.Path(__file__).resolve().parent
HAS_LIBRARY = (HERE / "pleats" / "lib").is_dir()
TAG = HERE / "platform"  # by bundle.py


class Wheel(bdist_wheel):
    def finalize_options(self):
        super().finalize_options()
        self.root_is_pure = not HAS_LIBRARY

    def get_tag(self):
        platform = super().get_tag()[2]
        return "py3", "none", TAG.read_text() if TAG.exists() else platform


setup(cmdclass={"bdist_wheel": Wheel})
