"""Rust's modules (The Rust Reference, "Modules" and "Use declarations")."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import Final

from duo_lsp.suggestions.neighbours.imports import above

_MODULE: Final = re.compile(r"^[ \t]*(?:pub(?:\([^)\n]*\))?[ \t]+)?mod[ \t]+(?P<name>\w+)[ \t]*;", re.MULTILINE)
_USE: Final = re.compile(
    r"^[ \t]*(?:pub(?:\([^)\n]*\))?[ \t]+)?use[ \t]+(?P<from>crate|super|self)::(?P<path>\w+(?:::\w+)*)", re.MULTILINE
)
_ROOTS: Final = ("mod.rs", "lib.rs", "main.rs")


def wanted(text: str, name: str) -> Iterator[tuple[str, ...]]:
    """The file of every module that is declared or used, the deepest that a path can mean first."""
    folder, _, file = name.rpartition("/")
    own = folder if file in _ROOTS else posixpath.join(folder, file.removesuffix(".rs"))
    for found in _MODULE.finditer(text):
        yield above.under([own], _files(found["name"]))
    starts = {"crate": _crate(folder), "self": own, "super": posixpath.dirname(own)}
    for found in _USE.finditer(text):
        steps = found["path"].split("::")
        depths = ("/".join(steps[:depth]) for depth in range(len(steps), 0, -1))
        yield above.under([starts[found["from"]]], [file for path in depths for file in _files(path)])


def _crate(folder: str) -> str:
    steps = folder.split("/")
    return "/".join(steps[: len(steps) - steps[::-1].index("src")]) if "src" in steps else "src"


def _files(path: str) -> list[str]:
    return [f"{path}.rs", f"{path}/mod.rs"]
