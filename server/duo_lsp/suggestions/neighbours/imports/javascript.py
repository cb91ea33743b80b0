"""The imports of JavaScript and TypeScript that name files (ECMA-262, 16.2; TypeScript, "Module resolution")."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import Final

_IMPORT: Final = re.compile(
    r"""(?:\bfrom|\bimport|\brequire\s{0,20}\(|\bimport\s{0,20}\()\s{0,20}(?P<quote>["'`])(?P<path>(?:\.{1,2}|@)/[^"'`\n]{1,300})(?P=quote)"""
)
_ENDINGS: Final = (".ts", ".tsx", ".js", ".jsx", ".mts", ".mjs", ".cts", ".cjs", ".vue", ".svelte")
_INDEXES: Final = tuple(f"/index{ending}" for ending in _ENDINGS[:4])
_COMPILED: Final = {".js": (".ts", ".tsx"), ".jsx": (".tsx",), ".mjs": (".mts",), ".cjs": (".cts",)}
"""TypeScript imports what its files will be called."""


def wanted(text: str, name: str) -> Iterator[tuple[str, ...]]:
    """For every relative path, and every one that begins with `@/` as bundlers write `src`, the files it may mean."""
    folder = posixpath.dirname(name)
    for found in _IMPORT.finditer(text):
        path = found["path"]
        base = f"src{path[1:]}" if path.startswith("@") else posixpath.join(folder, path)
        yield tuple(_files(posixpath.normpath(base)))


def _files(base: str) -> Iterator[str]:
    stem, ending = posixpath.splitext(base)
    if ending in _ENDINGS:
        yield base
        yield from (stem + other for other in _COMPILED.get(ending, ()))
    else:
        yield from (base + other for other in (*_ENDINGS, *_INDEXES))
