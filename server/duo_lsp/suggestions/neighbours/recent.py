"""Which documents somebody worked on last."""

from __future__ import annotations

from collections import OrderedDict
from typing import Final

from duo_lsp import urls

MOST: Final = 64
"""Documents that are remembered."""
_NOTEBOOK_CELL: Final = "vscode-notebook-cell:"


class Recent:
    """The open documents in the order in which they were opened, changed or asked about, and where that was."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._lines: OrderedDict[str, int] = OrderedDict()

    def touched(self, uri: str, line: int | None = None) -> None:
        """Somebody opened or shows it, or wrote in this line (from 0)."""
        known = self._lines.pop(uri, 0)
        self._lines[uri] = known if line is None else line
        if len(self._lines) > self._most:
            self._lines.popitem(last=False)

    def closed(self, uri: str) -> None:
        """It is open no more."""
        self._lines.pop(uri, None)

    def latest(self) -> list[str]:
        """All of them, the latest first."""
        return list(reversed(self._lines))

    def line(self, uri: str) -> int:
        """Where somebody wrote last in it; its beginning when nobody did."""
        return self._lines.get(uri, 0)

    def beside(self, uri: str, folders: tuple[str, ...]) -> list[str]:
        """The others in the same workspace folder, the latest first, each file once and never the current one."""
        folder, seen, found = folder_of(urls.document_path(uri), folders), {identity(uri)}, list[str]()
        if not folder:
            return found
        for other in reversed(self._lines):
            same = identity(other)
            if same and same not in seen and folder_of(urls.document_path(other), folders) == folder:
                seen.add(same)
                found.append(other)
        return found


def identity(uri: str) -> str:
    """The same for all ways to write the address of one text; empty for what is no file and no part of one.

    The cells of a notebook are texts of their own. Other schemes show old versions, or what lies elsewhere.
    """
    if uri.startswith(_NOTEBOOK_CELL):
        return uri
    path = urls.document_path(uri) if uri.startswith("file:") else ""
    return path.lower() if path[1:2] == ":" else path  # letters of either case are the same on Windows


def folder_of(path: str, folders: tuple[str, ...]) -> str:
    """The innermost workspace folder that a path is in, without a slash at its end; empty when it is in none."""
    inside = urls.relative_to(path, folders)
    return "" if inside is None else path[: len(path) - len(inside)].rstrip("/")
