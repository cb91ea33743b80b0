"""The classes that Java, Kotlin and Scala import, one a file (The Java Language Specification, 7.5)."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import Final

from duo_lsp.suggestions.neighbours.imports import above

_IMPORT: Final = re.compile(r"^[ \t]*import[ \t]+(?P<static>static[ \t]+)?(?P<name>\w+(?:\.\w+)+)", re.MULTILINE)
_ENDINGS: Final = (".java", ".kt", ".scala")
_ROOTS: Final = ("src/main/java", "src/main/kotlin", "src/main/scala")


def wanted(text: str, name: str) -> Iterator[tuple[str, ...]]:
    """The file of each, in the language of the file that imports it first."""
    own = posixpath.splitext(name)[1]
    endings = dict.fromkeys((own, *_ENDINGS)) if own in _ENDINGS else _ENDINGS
    folders = [*above.folders(name), *_ROOTS]
    for found in _IMPORT.finditer(text):
        steps = found["name"].split(".")
        path = "/".join(steps[:-1] if found["static"] and len(steps) > 2 else steps)
        yield above.under(folders, [path + ending for ending in endings])
