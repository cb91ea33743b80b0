"""The conversation as a Markdown file, newest at the end."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final
from urllib.parse import quote

from duo_lsp.chat.asked import Asked, Selection
from duo_lsp.chat.conversation import Exchange
from duo_lsp.chat.safe_markdown import safe
from duo_lsp.privacy import hidden

TITLE: Final = "# GitLab Duo Chat\n"
MAX_BYTES: Final = 512 * 1024
"""Of the file; the oldest questions make room."""
MARK: Final = "## Asked on "
"""How every question begins, and nothing else."""
_MARKS: Final = re.compile(rf"^{MARK}", re.MULTILINE)
_LEFT_OUT: Final = "\n*Older questions were left out.*\n"
_MARKUP: Final = re.compile(r"[\\`\[\]<>&$|~!]")


def exchange(one: Exchange) -> str:
    """A question and its answer; in neither can a line look like the beginning of another question."""
    parts = [heading(one.asked, one.at), *(f"*{safe(warning)}*" for warning in one.warnings)]
    parts.append(_MARKS.sub(f" {MARK}", one.shown.strip("\n")))
    return "\n\n".join(parts) + "\n"


def heading(asked: Asked, at: datetime) -> str:
    """What stands above the answer."""
    parts = [f"{MARK}{at:%Y-%m-%d at %H:%M}", _quoted(asked.question)]
    if asked.selection is not None:
        parts.append(link(asked.selection))
    return "\n\n".join(parts)


def link(selection: Selection) -> str:
    """Back to the file and its lines, where the editor can follow that."""
    words = " ".join(hidden.without(selection.place).split())
    place = _MARKUP.sub(lambda found: f"&#{ord(found[0])};", words)
    if not selection.uri.startswith("file:"):
        return place
    address = quote(selection.uri, safe="/:%")
    return f"[{place}]({address}#L{selection.first_line + 1}-L{selection.last_line + 1})"


def appended(page: str, one: Exchange) -> str:
    """The page with one more at its end; what is too much goes from its beginning, whole questions only."""
    if not page.startswith(TITLE):
        page = TITLE
    new = f"\n{exchange(one)}"
    room = MAX_BYTES - _size(new)
    return (page if _size(page) <= room else _shortened(page, room - len(TITLE) - len(_LEFT_OUT))) + new


def _shortened(page: str, room: int) -> str:
    left = _size(page)
    kept, at = "", 0
    for found in _MARKS.finditer(page):
        left -= _size(page[at : found.start()])
        at = found.start()
        if left <= room:
            kept = f"\n{page[at:]}"
            break
    return f"{TITLE}{_LEFT_OUT}{kept}"


def _size(text: str) -> int:
    return len(text.encode("utf-8", "replace"))


def _quoted(question: str) -> str:
    return "\n".join(f"> {line}".rstrip() for line in safe(question).strip("\n").split("\n"))
