"""Ruby's `require` and `require_relative` (Ruby documentation, Kernel)."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from typing import Final

from duo_lsp.suggestions.neighbours.imports import above

_REQUIRE: Final = re.compile(
    r"^[ \t]*require(?P<relative>_relative)?[ \t(]+[\"'](?P<path>[\w./-]{1,300})[\"']", re.MULTILINE
)


def wanted(text: str, name: str) -> Iterator[tuple[str, ...]]:
    """The file of each."""
    for found in _REQUIRE.finditer(text):
        path = f"{found['path'].removesuffix('.rb')}.rb"
        folders = [posixpath.dirname(name)] if found["relative"] else above.folders(name)
        yield above.under(folders, [path])
