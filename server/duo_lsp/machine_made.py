"""Files that no person wrote: nobody learns from them, and they help nobody who writes."""

from __future__ import annotations

import re
from typing import Final

LONG_LINE: Final = 5000
LONG_LINES: Final = 200
"""Characters of the longest line and of the average one; what exceeds them was written by a machine."""

_FOLDERS: Final = frozenset(
    {"node_modules", "vendor", "_vendor", "third_party", "venv", "env", "virtualenv", "site-packages", "dist", "build"}
    | {"target", "out", "__pycache__", "bower_components"}
)
_LOCKS: Final = frozenset({"package-lock.json", "npm-shrinkwrap.json", "pnpm-lock.yaml", "go.sum"})
_DATA: Final = (".lock", ".csv", ".tsv", ".log", ".svg", ".map", ".ipynb", ".min.js", ".min.css", ".snap")
_GENERATED: Final = re.compile(
    r".*(?:_pb2(?:_grpc)?\.pyi?|\.pb(?:\.gw)?\.(?:go|h|cc)|_grpc\.pb\.go|\.(?:g|freezed)\.dart|\.designer\.cs|\.g\.cs"
    r"|[._-]generated\.\w+|[._]gen\.\w+|\.bundle\.js|-min\.js|_string\.go)",
    re.IGNORECASE,
)
_SAYS_SO: Final = re.compile(
    r"@generated\b|<auto-?generated|\bcode generated\b.{0,200}\bdo not edit\b"
    r"|\bauto(?:matically)?[- ]?generated\b|\A\W*generated (?:by|from|with)\b"
    r"|\bthis (?:file|code|source|module)\b.{0,40}\bgenerated (?:by|from|with|automatically)\b",
    re.IGNORECASE,
)
_MARKS: Final = ("#", "//", "/*", "*", "--", "<!--", ";", "%", '"""', "'''", "@generated")
HEAD: Final = 2_000
_HEAD_LINES: Final = 12
"""Characters and lines at the beginning, where a generator says that it was at work."""


def is_elsewhere(path: str) -> bool:
    """Whether a file (relative to its workspace folder) stands among hidden ones, packages or what was built."""
    return any(map(is_skipped_folder, path.replace("\\", "/").split("/")[:-1]))


def is_skipped_folder(name: str) -> bool:
    """Whether what is in a folder of this name was brought along or built, or is hidden."""
    return name.startswith(".") or name.lower() in _FOLDERS


def is_data(name: str) -> bool:
    """Whether a file of this name holds data, or what a program made of other files; a path will do."""
    bare = name.replace("\\", "/").rpartition("/")[2].lower()
    return bare in _LOCKS or bare.endswith(_DATA)


def is_packed(text: str) -> bool:
    """Whether it is binary, or has its lines as long as only machines write them."""
    lines = text.split("\n")
    return "\0" in text or max(map(len, lines)) > LONG_LINE or len(text) > LONG_LINES * len(lines)


def is_generated(name: str, text: str) -> bool:
    """Whether the name says that a generator made it, or a comment at the beginning of its text does."""
    if _GENERATED.fullmatch(name.replace("\\", "/").rpartition("/")[2]):
        return True
    lines = (line.lstrip() for line in text[:HEAD].split("\n")[:_HEAD_LINES])
    return any(line.startswith(_MARKS) and _SAYS_SO.search(line) for line in lines)
