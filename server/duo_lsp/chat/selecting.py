"""The code that a question is about, cut out of an open document."""

from __future__ import annotations

from typing import Final

from duo_lsp import languages, urls
from duo_lsp.chat import scope
from duo_lsp.chat.asked import Selection
from duo_lsp.chat.wish import Wish
from duo_lsp.protocol.documents import LineDocument

ABOVE: Final = 26_250
BELOW: Final = 8_750
"""Bytes of the file that go along around the selection, as for a suggestion."""
MARGIN: Final = 4_096
"""Bytes around that, which are looked at for secrets."""


def of_document(document: LineDocument, wish: Wish, folders: tuple[str, ...], *, function: bool) -> Selection | None:
    """What the wish says of a document; with `function`, the one around the cursor where nothing is selected.

    None when that is nothing but blanks.
    """
    start = document.place(*wish.start) if wish.start is not None else (0, 0)
    end = document.place(*wish.end) if wish.end is not None else start
    start, end = min(start, end), max(start, end)
    if start == end and function:
        start, end = _function(document, start[0])
    text = between(document, start, end) if wish.selection is None else wish.selection
    if not text.strip():
        return None
    above, below = document.before(*start, ABOVE), document.after(*end, BELOW)
    last = end[0] - (end[1] == 0 and end[0] > start[0])  # a selection of whole lines ends at the beginning of the next
    path = urls.document_path(document.uri)
    return Selection(
        document.uri,
        path,
        name(path, folders),
        text,
        start[0],
        last,
        above,
        below,
        before=_margin(document.before(*start, ABOVE + MARGIN), above),
        after=document.after(*end, BELOW + MARGIN)[len(below) :],
        language=languages.of(path, document.language_id).id or document.language_id,
    )


def of_text(wish: Wish, folders: tuple[str, ...]) -> Selection | None:
    """The same for a document that is not open, where the editor hands the code over itself."""
    if not (wish.selection or "").strip():
        return None
    path = urls.document_path(wish.uri)
    start = wish.start or (0, 0)
    end = wish.end or (start[0] + (wish.selection or "").rstrip("\n").count("\n"), 0)
    return Selection(
        wish.uri, path, name(path, folders) or "selection", wish.selection or "", start[0], max(start[0], end[0]),
        language=languages.of(path).id,
    )  # fmt: skip


def name(path: str, folders: tuple[str, ...]) -> str:
    """A file as others know it: relative to its workspace folder, else without any folder."""
    return urls.relative_to(path, folders) or path.rpartition("/")[2]


def _function(document: LineDocument, line: int) -> tuple[tuple[int, int], tuple[int, int]]:
    lines = [text.rstrip("\r\n") for text in document.lines]
    found = scope.around(lines, line)
    return ((found[0], 0), (found[1], len(lines[found[1]]))) if found is not None else ((line, 0), (line, 0))


def between(document: LineDocument, start: tuple[int, int], end: tuple[int, int]) -> str:
    """The text from one place of a document to a later one, both in lines and characters."""
    (top, left), (bottom, right) = start, end
    if top == bottom:
        return document.lines[top][left:right]
    return "".join([document.lines[top][left:], *document.lines[top + 1 : bottom], document.lines[bottom][:right]])


def _margin(wide: str, above: str) -> str:
    return wide[: len(wide) - len(above)] if wide.endswith(above) else ""
