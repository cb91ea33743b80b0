"""Imported files on the disk. Not for the event loop: it takes as long as the disk does."""

from __future__ import annotations

import codecs
import os
import stat
from pathlib import Path
from typing import Final

from duo_lsp import languages
from duo_lsp.privacy import excluded, redaction
from duo_lsp.protocol.text_units import split_lines
from duo_lsp.suggestions import context
from duo_lsp.suggestions.neighbours import imports
from duo_lsp.suggestions.neighbours.opened import is_help
from duo_lsp.suggestions.neighbours.piece import Piece
from duo_lsp.suggestions.neighbours.shelf import Found, Importer
from duo_lsp.suggestions.neighbours.trimming import MAX_BYTES

MOST_LOOKS: Final = 600
"""Paths that are tried at most for one file."""
MOST_FOUND: Final = 12
LARGEST: Final = 256 << 10
"""Bytes of a file that is taken; a larger one was not written by hand."""


def look(importer: Importer) -> tuple[Found, ...]:
    """The files that it imports from its folder, in the order of the imports; none outside, wherever links lead."""
    found: dict[str, Found] = {}
    left, root = MOST_LOOKS, os.path.realpath(importer.folder)
    for wanted in imports.wanted(importer.language_id, importer.head, importer.name):
        tried = wanted[:left]
        left -= len(tried)
        file = next(filter(None, (_file(importer.folder, root, name) for name in tried)), None)
        if file is not None:
            found.setdefault(file.path, file)
        if not left or len(found) == MOST_FOUND:
            break
    return tuple(found.values())


def read(found: Found, *, redacts: bool) -> Piece | None:
    """The beginning of a file, secrets as stars; None when it cannot be read or is no help to anybody."""
    try:
        with Path(found.path).open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError:
        return None
    is_whole = len(data) <= MAX_BYTES
    text = _text(data[:MAX_BYTES], is_whole=is_whole)
    if not is_whole:
        text = text[: max(text.rfind("\n"), text.rfind("\r")) + 1]
    if not is_help(found.name, text, text):
        return None
    name = context.short_name(found.name)
    if redacts:
        bare = redaction.needs_no_quotes(languages.of(name).id, languages.extension_of(name))
        text, name = redaction.redacted(text, bare=bare), redaction.name(name)
    return Piece(name, tuple(split_lines(text)), is_whole=is_whole)


def _file(folder: str, root: str, name: str) -> Found | None:
    try:
        about = os.stat(f"{folder}/{name}")  # noqa: PTH116 - hundreds of them, most of which are not there
        path = os.path.realpath(f"{folder}/{name}")
    except (OSError, ValueError):
        return None
    top = root.rstrip(os.sep) + os.sep
    inside = path[len(top) :].replace(os.sep, "/")
    is_ours = stat.S_ISREG(about.st_mode) and path.startswith(top)
    if not is_ours or about.st_size > LARGEST or excluded.excluded_by(inside) or excluded.excluded_by(name):
        return None
    return Found(path, name, inside, (about.st_mtime_ns, about.st_size, about.st_ino))


def _text(data: bytes, *, is_whole: bool) -> str:
    """What stands in it; nothing when it is no UTF-8, of which the last character may be cut."""
    try:
        return codecs.getincrementaldecoder("utf-8-sig")().decode(data, final=is_whole)
    except UnicodeDecodeError:
        return ""
