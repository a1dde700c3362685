"""Finds and loads the C library, once; its functions with their types.

Looked for in this order: the file that the environment variable PLEATS_LIBRARY
names, the one that lies in this package (wheels), libpleats.so.0 where the
system's loader finds it."""
from __future__ import annotations

import ctypes
import importlib
import os
import pathlib
from types import ModuleType
from typing import Any

from . import _abi
from .errors import InputError, MissingModule

NAME = "libpleats.so.0"
BUNDLE = pathlib.Path(__file__).resolve().parent / "lib"


def _load() -> ctypes.CDLL:
    bundled = BUNDLE / NAME
    path = os.environ.get("PLEATS_LIBRARY") or (
        str(bundled) if bundled.exists() else NAME)
    try:
        loaded = ctypes.CDLL(path)
    except OSError as error:
        raise ImportError(
            f"the C library of pleats cannot be loaded ({error}); install it "
            "(cmake --install, libpleats0), or name the file in the "
            "environment variable PLEATS_LIBRARY") from None
    return loaded


def _typed(loaded: ctypes.CDLL) -> ctypes.CDLL:
    loaded.pleats_version.restype = ctypes.c_char_p
    version = loaded.pleats_version().decode()
    if version.split(".")[:2] != _abi.VERSION.split(".")[:2]:
        raise ImportError(f"the C library is pleats {version}, and this "
                          f"package needs {_abi.VERSION}")
    for name, (result, parameters) in _abi.FUNCTIONS.items():
        function = getattr(loaded, name)
        function.restype, function.argtypes = result, parameters
    return loaded


libpleats: Any = _typed(_load())


def constant(enum: str, prefix: str, word: str) -> int:
    """The constant of an enum that a user's word names: "by-vertices" of
    PLEATS_COUNT_BY_VERTICES.  InputError with the words that there are."""
    items = _abi.ENUMS[enum]
    name = prefix + word.upper().replace("-", "_")
    if name not in items:
        words = [key[len(prefix):].lower().replace("_", "-") for key in items
                 if key.startswith(prefix)]
        raise InputError(f"{word!r} is none of {', '.join(words)}")
    return items[name]


def word(enum: str, prefix: str, value: int) -> str:
    """The user's word for a constant of an enum."""
    name = next(key for key, n in _abi.ENUMS[enum].items() if n == value)
    return name[len(prefix):].lower().replace("_", "-")


def text(value: bytes | None) -> str | None:
    """A text of the library; None of NULL."""
    return None if value is None else value.decode(errors="replace")


def label(value: int) -> str | None:
    """"exact", "probable", "lower", "upper", "estimate", or None."""
    return text(libpleats.pleats_label_text(value))


def stopped(value: int) -> str | None:
    """"time limit", "interrupt", ..., or None of a call that ended itself."""
    return text(libpleats.pleats_stop_text(value))


def module(name: str, what: str) -> ModuleType:
    """Imports a module that only some functions need."""
    try:
        return importlib.import_module(name)
    except ImportError as error:
        raise MissingModule(f"{what} needs {name.split('.')[0]}, which cannot "
                            f"be imported ({error})") from None
