"""The headers that C and C++ include in quotes (ISO C, 6.10.2)."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import Final

from duo_lsp.suggestions.neighbours.imports import above

_INCLUDE: Final = re.compile(r"^[ \t]*#[ \t]*(?:include|import)[ \t]*\"(?P<path>[^\"\n]{1,300})\"", re.MULTILINE)


def wanted(text: str, name: str) -> Iterator[tuple[str, ...]]:
    """Each beside the file, and where projects keep their headers."""
    folders = dict.fromkeys((posixpath.dirname(name), *above.folders(name), "include"))
    for found in _INCLUDE.finditer(text):
        yield above.under(folders, [found["path"]])
