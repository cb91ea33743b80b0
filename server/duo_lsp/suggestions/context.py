"""The cursor and what surrounds it, and the request made of it."""

from __future__ import annotations

from typing import Final

import attrs

from duo_lsp import languages, urls, wire
from duo_lsp.languages import Language
from duo_lsp.protocol.documents import LineDocument

ABOVE_BYTES: Final = 26_250
BELOW_BYTES: Final = 8_750
"""35,000 bytes of a file are sent at most, three parts before the cursor to one after it."""

_ANCHOR: Final = 1_000
_BELOW_HEAD: Final = 200


@attrs.frozen
class Place:
    """Where a suggestion was asked for, small enough to remember: the text right before and right after the cursor."""

    uri: str
    anchor: str
    from_start: bool
    """The anchor is all there is above, from the start of what was seen."""
    below: str


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

    @property
    def place(self) -> Place:
        """What to remember of it."""
        return Place(self.uri, self.above[-_ANCHOR:], len(self.above) <= _ANCHOR, self.below[:_BELOW_HEAD])

    @property
    def line_above(self) -> str:
        """The line of the cursor, up to it."""
        return self.above[max(self.above.rfind("\n"), self.above.rfind("\r")) + 1 :]

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

    def typed_since(self, earlier: Place) -> str | None:
        """What was typed since the cursor stood there; None when more than that has changed."""
        if earlier.uri != self.uri or earlier.below != self.below[:_BELOW_HEAD]:
            return None
        if earlier.from_start:
            return self.above[len(earlier.anchor) :] if self.above.startswith(earlier.anchor) else None
        at = self.above.rfind(earlier.anchor)
        return None if at < 0 else self.above[at + len(earlier.anchor) :]


def at(document: LineDocument, line: int, character: int, folders: tuple[str, ...]) -> Here:
    """Take one snapshot of a document; `line` and `character` from 0, in characters, within the document."""
    return Here(
        uri=document.uri,
        version=document.version,
        file_name=file_name(document.uri, document.language_id, folders),
        language=languages.of(urls.document_path(document.uri), document.language_id),
        language_id=document.language_id,
        above=document.before(line, character, ABOVE_BYTES),
        below=document.after(line, character, BELOW_BYTES),
        line=line,
        character=character,
    )


def file_name(uri: str, language_id: str, folders: tuple[str, ...]) -> str:
    """The name GitLab is told: inside the workspace folder, else the bare name; never a path of this machine.

    Its extension decides the language there, so one is added from the language when there is none.
    """
    path = urls.document_path(uri)
    name = urls.relative_to(path, folders) or path.rstrip("/").rpartition("/")[2] or "untitled"
    extension = languages.extension_of(name)
    if not extension:
        extension = languages.of("", language_id).extension
        name += extension
    if len(name) <= wire.MAX_FILE_NAME:
        return wellformed(name)
    return wellformed(
        name[: len(name) - len(extension)][-(wire.MAX_FILE_NAME - len(extension)) :].lstrip("/") + extension
    )


def wellformed(text: str) -> str:
    """The text without lone surrogates, which have no UTF-8 form."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace") if not text.isascii() else text


def request(here: Here, project_path: str) -> wire.SuggestionRequest:
    """The request for this place, its intent still open."""
    return wire.SuggestionRequest(
        current_file=wire.CurrentFile(
            file_name=here.file_name,
            content_above_cursor=wellformed(here.above),
            content_below_cursor=wellformed(here.below),
            language_identifier=here.language_id or None,
        ),
        project_path=project_path or None,
    )
