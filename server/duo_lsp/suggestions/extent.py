"""Whether one line is right at a cursor, or several: told from indentation and brackets around it."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from typing import Final

import attrs

from duo_lsp.languages import Language
from duo_lsp.suggestions import around, brackets, comments, lines
from duo_lsp.suggestions.brackets import Open
from duo_lsp.suggestions.context import Here

_CLOSERS: Final = re.compile(r"[\s)\]}>\"'`;,:]*")
_OPENS: Final = re.compile(r"(?:[{(\[]|[=-]>|\|[^|\n]*\||\b(?:do|then|else|begin|try|loop))\s*\Z")
_OPENS_WITH_COLON: Final = re.compile(r"[:{(\[]\s*\Z")
_QUOTES: Final = "\"'`"
_SEEN_ABOVE: Final = 4_000
"""Characters in which open brackets are looked for."""
_SEEN_BELOW: Final = 2_000
"""Characters in which the next filled line is looked for."""


@attrs.frozen
class Surroundings:
    """What counts of the text around a cursor."""

    line: str
    """The cursor's, up to it, without comments."""
    above: tuple[str, ...]
    """Those above it that are neither blank nor comments, the nearest first."""
    below: str
    """The nearest below it that is not blank; nothing at the end of a file."""
    indent: int
    """Columns before the cursor's line begins; the cursor's own on a fresh line."""
    is_open: Open
    opened_here: int
    """How many of these were opened on the cursor's line."""
    closed_behind: int
    """How many of these are closed right of the cursor, or where the next filled line begins."""

    @property
    def fresh(self) -> bool:
        """Whether nothing but blanks stands left of the cursor."""
        return not self.line.strip()

    @property
    def body_below(self) -> bool:
        """Whether what the cursor's line opens has a body already."""
        return bool(self.below) and lines.indent(self.below) > self.indent


@functools.lru_cache(maxsize=2)  # several steps ask, for each of an answer's texts
def read(here: Here) -> Surroundings:
    """What the decisions about an answer's size are made of."""
    *above, line = lines.of(around.code(here)[-_SEEN_ABOVE:])
    before = brackets.after("\n".join([*above, ""]), here.language)
    is_open, lowest = before, len(before)
    for _, _, is_open in brackets.read(line, here.language, before):
        lowest = min(lowest, len(is_open))
    closers = here.line_below if here.line_below.strip() else around.leading_closers(here.below)
    return Surroundings(
        line=line,
        above=tuple(lines.filled(above)[::-1]),
        below=next(iter(lines.filled(lines.of(here.below[:_SEEN_BELOW])[1:])), ""),
        indent=lines.indent(here.line_above + "x"),
        is_open=is_open,
        opened_here=len(is_open) - lowest,
        closed_behind=len(brackets.closed_by(closers, here.language, is_open)),
    )


def several(here: Here, seen: Surroundings) -> bool:
    """Whether several lines are right; else one statement is, which may need more of them for its brackets.

    They are right after the start of a block or bracket whose next line does not stand deeper (Cody's rule), at the
    end of a block, in a paragraph of its own, below a comment and in a text of many lines; never in the middle of a
    call, of a text, of a line comment or of a line.
    """
    found = around.spans(here)
    if not _CLOSERS.fullmatch(here.line_below):
        return False
    if found and found[-1].is_open:
        return found[-1].kind != "line"
    if seen.is_open and seen.is_open[-1] in _QUOTES:
        return False
    if seen.fresh:
        return _several_on_a_fresh_line(here, seen)
    in_call = bool(seen.is_open) and seen.is_open[-1] == "(" and bool(here.line_below.strip())
    return opens(seen.line, here.language) and not in_call and not seen.body_below


def opens(line: str, language: Language) -> bool:
    """Whether a line of code opens a block or a bracket that goes on below."""
    if not line or len(line) > lines.LONGEST:
        return False
    pattern = _OPENS if language.body_end else _OPENS_WITH_COLON
    return bool(pattern.search(line) or (language.header and language.header.match(line)))


def opened_above(seen: Surroundings, language: Language, indent: int) -> bool:
    """Whether a line that stands so deep is the first of what the line above it opens."""
    return bool(seen.above) and opens(seen.above[0], language) and lines.indent(seen.above[0]) < max(indent, 1)


def _several_on_a_fresh_line(here: Here, seen: Surroundings) -> bool:
    if opened_above(seen, here.language, seen.indent):
        return not seen.below or lines.indent(seen.below) <= lines.indent(seen.above[0])
    if seen.is_open and seen.is_open[-1] == "(":
        return False
    next_line = here.below.partition("\n")[2].partition("\n")[0]
    ends = not seen.below or lines.indent(seen.below) < seen.indent
    return ends or not next_line.strip() or bool(around.comment_above(here))


@attrs.frozen
class Break:
    """A line end of an answer that may be the end of a statement."""

    at: int
    """Where the line end's last character is."""
    depth: int
    """How many brackets are open there, those of the code above among them."""
    line: str
    """The line that follows."""
    in_list: bool = False
    """Whether that goes on with what a round or square bracket holds, and stands as deep as it likes."""


def breaks(text: str, here: Here, seen: Surroundings) -> Iterator[Break]:
    """The line ends of an answer, but for those inside of its own comments and long texts."""
    inside = _inside(text, here.language)
    is_open, at = seen.is_open, text.find("\n")
    for before, _, now in [*brackets.read(text, here.language, seen.is_open), (len(text), 0, seen.is_open)]:
        while 0 <= at < before:
            if at not in inside and not (is_open and is_open[-1] == "`"):
                in_list = bool(is_open) and is_open[-1] in "(["
                yield Break(at, len(is_open), _line_at(text, at + 1), in_list)
            at = text.find("\n", at + 1)
        is_open = now


def _line_at(text: str, start: int) -> str:
    end = text.find("\n", start)
    return text[start:] if end < 0 else text[start:end].rstrip("\r")


def _inside(text: str, language: Language) -> set[int]:
    return {at for start, end in _spans(text, language) for at in _line_ends(text, start, end)}


def _spans(text: str, language: Language) -> Iterator[tuple[int, int]]:
    """Where the comments and long texts stand; backticks are seen by who reads brackets."""
    yield from ((span.start, span.end) for span in comments.find(text, language))
    for quote in () if language.docstrings else language.texts:
        start = text.find(quote) if len(quote) > 1 else -1
        while start >= 0:
            end = text.find(quote, start + len(quote))
            yield start, end if end >= 0 else len(text)
            start = text.find(quote, end + len(quote)) if end >= 0 else -1


def _line_ends(text: str, start: int, end: int) -> Iterator[int]:
    at = text.find("\n", start, end)
    while at >= 0:
        yield at
        at = text.find("\n", at + 1, end)
