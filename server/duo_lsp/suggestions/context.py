"""The cursor and what surrounds it, and the request made of it."""

from __future__ import annotations

from typing import Final

import attrs

from duo_lsp import languages, urls, wire
from duo_lsp.languages import Language
from duo_lsp.privacy import private_keys, redaction
from duo_lsp.privacy.next_line import MOST_FIELDS
from duo_lsp.privacy.redactor import Redactor
from duo_lsp.protocol.documents import LineDocument
from duo_lsp.protocol.text_units import split_lines, utf8_width

MAX_BYTES: Final = 35_000
"""Of a file, in UTF-8."""
BELOW_BYTES: Final = 8_750
"""A quarter is for what follows the cursor; room that one side does not need goes to the other.

Most code is written at the end of a file, where nothing follows.
"""

MARGIN: Final = 4_096
"""Characters of a line, too long to be sent whole, that are looked at on either side of what is sent of it."""

_CELL_FILE: Final = ".ipynb"


@attrs.frozen
class Here:
    """One cursor in one version of a document. Text is only what may be sent: near lines, whole ones."""

    uri: str
    version: int | None
    file_name: str
    language: Language
    language_id: str
    above: str
    below: str
    line: int
    character: int
    """Both from 0; the character counts Unicode characters, not client units."""
    folders: tuple[str, ...] = ()
    """The workspace's, as paths."""
    lines: tuple[str, ...] = attrs.field(default=(), repr=False, eq=False)
    """The text as the document's own lines, where that is what it is made of: what is known of them is found faster."""
    before: str = ""
    after: str = ""
    """What stands around the text where a secret may reach into it; looked at, never sent."""

    @property
    def path(self) -> str:
        """The path on this machine, which is never sent; privacy is decided by it."""
        return urls.document_path(self.uri)

    @property
    def is_cut(self) -> bool:
        """Whether the document begins before the text above."""
        return self.line > line_ends(self.above)

    @property
    def line_above(self) -> str:
        """The line of the cursor, up to it."""
        return self.above[last_line_start(self.above) :]

    @property
    def line_below(self) -> str:
        """The line of the cursor, from there on, without its end."""
        return self.below.partition("\n")[0].partition("\r")[0]

    @property
    def new_line(self) -> str:
        """How lines end in this document."""
        for text in (self.above, self.below):
            for end in ("\r\n", "\n", "\r"):
                if end in text:
                    return end
        return "\n"


def last_line_start(text: str, end: int | None = None) -> int:
    """Where the last line of a text, or of so much of it, begins."""
    return max(text.rfind("\n", 0, end), text.rfind("\r", 0, end)) + 1


def at(
    document: LineDocument,
    line: int,
    character: int,
    folders: tuple[str, ...],
    *,
    room: int = MAX_BYTES,
    room_below: int = BELOW_BYTES,
) -> Here:
    """Take one snapshot of a document; `line` and `character` from 0, in characters, within the document.

    `room` is for the bytes of its text, `room_below` for those of them that follow the cursor.
    """
    above, below = _window(document, line, character, room, room_below)
    before, after = _around(document, line, character, above, below)
    return Here(
        uri=document.uri,
        version=document.version,
        file_name=file_name(document.uri, document.language_id, folders),
        language=languages.of(urls.document_path(document.uri), document.language_id),
        language_id=document.language_id,
        above=above,
        below=below,
        line=line,
        character=character,
        folders=folders,
        lines=() if before or after else _lines(document, line, above, below),
        before=before,
        after=after,
    )


def redacted(here: Here, redactor: Redactor) -> Here:
    """The same place as it may be sent: stars instead of secrets, each text as long as it was."""
    whole = f"{here.before}{here.above}{here.below}{here.after}"
    start, cursor = len(here.before), len(here.before) + len(here.above)
    bare = redaction.needs_no_quotes(here.language.id, here.language_id, languages.extension_of(here.file_name))
    text = redactor.window(here.uri, here.lines or split_lines(whole), whole, cursor, bare=bare)
    above, below = text[start:cursor], text[cursor : cursor + len(here.below)]
    return attrs.evolve(here, above=above, below=below, file_name=redaction.name(here.file_name))


def _around(document: LineDocument, line: int, character: int, above: str, below: str) -> tuple[str, str]:
    """What may belong to a secret that reaches into the window: of a line that is cut, or of a private key above."""
    text, start, end = document.lines[line], character - len(above), character + len(below)
    after = text[end : end + MARGIN] if end < len(text) else ""
    if start > 0 and document.lines[line].startswith(above, start):
        return text[max(0, start - MARGIN) : start], after
    first = line - line_ends(above)
    opened = private_keys.opened(document.before(first, 0, private_keys.LONGEST))
    return opened or redaction.announcing(document.lines[max(0, first - MOST_FIELDS) : first]), after


def _lines(document: LineDocument, line: int, above: str, below: str) -> tuple[str, ...]:
    """The document's lines that the window is made of, none of which is cut."""
    end = line + line_ends(below) + (not below.endswith(("\n", "\r")))
    return tuple(document.lines[line - line_ends(above) : end])


def line_ends(text: str) -> int:
    """How many lines end in a text."""
    ends = text.count("\n")
    return ends + text.count("\r") - text.count("\r\n") if "\r" in text else ends


def _window(document: LineDocument, line: int, character: int, room: int, room_below: int) -> tuple[str, str]:
    below = document.after(line, character, room_below)
    above = document.before(line, character, room - utf8_width(below))
    left = room - utf8_width(above)
    return above, document.after(line, character, left) if left > room_below else below


def file_name(uri: str, language_id: str, folders: tuple[str, ...]) -> str:
    """The name GitLab is told: inside the workspace folder, else the bare name; never a path of this machine.

    Its extension decides the language there, so one is added from the language when there is none,
    and to a notebook's cell, which is in the language of the cell.
    """
    path = urls.document_path(uri)
    name = urls.relative_to(path, folders) or path.rstrip("/").rpartition("/")[2] or "untitled"
    if languages.extension_of(name) in ("", _CELL_FILE):
        name += languages.of("", language_id).extension
    return short_name(name)


def short_name(name: str) -> str:
    """The name of a file, no longer than GitLab takes it: its end says more than its beginning."""
    return wellformed(name if len(name) <= wire.MAX_FILE_NAME else name[-wire.MAX_FILE_NAME :].lstrip("/"))


def wellformed(text: str) -> str:
    """The text without lone surrogates, which have no UTF-8 form."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace") if not text.isascii() else text


def request(here: Here, project_path: str, items: tuple[wire.ContextItem, ...] = ()) -> wire.SuggestionRequest:
    """The request for this place, its intent still open; `items` go along."""
    return wire.SuggestionRequest(
        current_file=wire.CurrentFile(
            file_name=here.file_name,
            content_above_cursor=wellformed(here.above),
            content_below_cursor=wellformed(here.below),
            language_identifier=wellformed(here.language.id or here.language_id)[: wire.MAX_FILE_NAME] or None,
        ),
        project_path=wellformed(project_path) or None,
        context=items,
    )
