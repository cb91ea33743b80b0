"""Where the comments of a text stand, found in one pass from its start."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, Literal

import attrs

from duo_lsp.languages import Language

_GUARDS: Final = {
    "//": r"(?<!:)//",  # not that of an address
    "%": r"(?<!\\)%",
    ";": r"(?<!\\);",
    "'": "'",
    "=begin": r"(?<![^\n])=begin",
}
"""Where a mark counts, when that is not after a blank."""
_ALONE: Final = re.compile(r"[ \t]*[rRbBuUfF]{0,2}\Z")
SLASHED: Final = (
    r"(?:(?<=[(,=:\[!&|?{};~\n])|(?<=[(,=:\[!&|?{};~>] )|(?<=\breturn )|(?<=\s\s)|(?<=\t)|\A(?=/[\[^\\(]))"
    r"/(?![/*\s>])(?:[^/\\\[\r\n]|\\[^\r\n]|\[(?:[^\]\\\r\n]|\\[^\r\n]){0,100}\]){1,200}/"
)
"""A regular expression between slashes, where something may be divided by nothing."""
_BETWEEN_APOSTROPHES: Final = r"(?<!\w)'(?:[^'\\\r\n]|\\.)*+'"
"""Where apostrophes also stand in words."""
_NEXT_LINE: Final = r"(?:\r\n|\r|\n)[ \t]*"
_QUOTES: Final = 3
_CODE: Final = re.compile(
    r"^[ \t]*+(?:(?:async )?(?:def|class|for|while|with|if|elif) .*:|(?:else|try|finally|except.*):|@\w.*|"
    r"return\b.*|raise\b.*|(?:from [\w.]+ )?import .*|[\w.]+(?:\[.*\]|: [\w.\[\]]+)? = .*|[\w.]+\(.*\))$",
    re.MULTILINE,
)
"""Lines of Python, the one language with docstrings here."""
_CONTINUED: Final = ("(", "[", "{", ",", "=", "\\", "+", "%")


@attrs.frozen
class Span:
    """One comment, or one text of many lines that is none, from `start` to before `end`.

    Line comments on neighbouring lines are one.
    """

    kind: Literal["line", "block", "text"]
    start: int
    end: int
    is_open: bool = False
    """Whether it goes on beyond what was seen."""


def find(text: str, language: Language, *, is_cut: bool = False) -> list[Span]:
    """All comments in order; `is_cut` when the text does not begin where the document does."""
    found = list(_spans(text, language, 0))
    if not is_cut or not language.docstrings:
        return found
    first = next((span for span in found if span.kind != "line"), None)
    if first is None:
        return found
    end = first.start + _QUOTES
    other = [Span("block", 0, end), *_spans(text, language, end)]
    return other if _code_in(text, other) < _code_in(text, found) else found


def without(text: str, spans: Sequence[Span], *, texts: bool = False) -> str:
    """The text with its comments taken out, and on demand its texts of many lines."""
    parts, at = [], 0
    for span in spans:
        if texts or span.kind != "text":
            parts.append(text[at : span.start])
            at = span.end
    return "".join([*parts, text[at:]])


def is_first(text: str, span: Span) -> bool:
    """Whether only blanks stand before it on its line."""
    line_start = max(text.rfind("\n", 0, span.start), text.rfind("\r", 0, span.start)) + 1
    return bool(_ALONE.match(text[line_start : span.start]))


def _spans(text: str, language: Language, at: int) -> Iterator[Span]:
    pattern = _pattern(language)
    while at < len(text):
        found = pattern.match(text, at)
        if found is None or found.lastgroup is None:
            return
        start, at = found.span(found.lastgroup)
        if found.lastgroup == "line":
            yield Span("line", start, at, is_open=at == len(text))
        else:
            is_text = found.lastgroup == "text" and not _is_statement(text, start)
            yield Span("text" if is_text else "block", start, at, _is_open(text[start:at], language))


def _is_open(text: str, language: Language) -> bool:
    pairs = (*language.blocks, *((quote, quote) for quote in language.texts))
    return not any(
        text.startswith(start) and text.endswith(end) and len(text) >= len(start) + len(end) for start, end in pairs
    )


def _is_statement(text: str, start: int) -> bool:
    line_start = max(text.rfind("\n", 0, start), text.rfind("\r", 0, start)) + 1
    if not _ALONE.match(text[line_start:start]):
        return False
    return not text[max(0, line_start - 200) : line_start].rstrip().endswith(_CONTINUED)


def _code_in(text: str, spans: Iterable[Span]) -> int:
    """How many lines of what is no code look like code: a text that begins inside a docstring reads inside out."""
    return sum(len(_CODE.findall(text, span.start, span.end)) for span in spans if span.kind != "line")


@functools.cache
def _pattern(language: Language) -> re.Pattern[str]:
    """Skips code and texts of one line up to the next comment, or to the end.

    No alternative can begin where another could, so that it never goes back over what it has read.
    """
    lines = _any(_line_mark(mark, language) for mark in language.line_comments)
    blocks = _any(_block_mark(start) for start, _ in language.blocks)
    quotes = _any(map(re.escape, language.texts))
    escape = "" if language.raw_texts else r"\\"
    texts = [_up_to(re.escape(quote), quote, escape) for quote in language.texts]
    marks = (*language.line_comments, *(start for start, _ in language.blocks))
    firsts = re.escape("".join(sorted({mark[0] for mark in marks} | set("`'\"/" if language.slashes else "`'\""))))
    skipped = [f"[^{firsts}]+", *_short_texts(language, quotes), *(() if language.docstrings else texts)]
    if language.slashes:
        skipped.append(SLASHED)
    skipped.append(f"(?!{lines}|{blocks}|{quotes})[{firsts}]")
    wanted = [
        f"(?P<block>{_any(_up_to(_block_mark(start), end) for start, end in language.blocks)})",
        rf"(?P<line>{lines}[^\r\n]*(?:{_NEXT_LINE}{lines}[^\r\n]*)*)",
        f"(?P<text>{_any(texts)})",
    ]
    return re.compile(f"{_any(skipped)}*(?:{'|'.join(wanted)}|\\Z)", re.DOTALL)


def _short_texts(language: Language, long_quotes: str) -> Iterator[str]:
    for quote in language.quotes:
        yield rf"(?!{long_quotes}){quote}(?:[^{quote}\\\r\n]+|\\.)*{quote}?"
    if language.quotes and "'" not in language.quotes:
        yield _BETWEEN_APOSTROPHES if language.slashes else r"'(?:[^'\\\r\n]|\\.)'"  # one character, as of Rust


def _line_mark(mark: str, language: Language) -> str:
    if mark == "#" and language.docstrings:
        return "#"
    if mark == "#" and language.id == "php":
        return r"#(?!\[)"  # not that of an attribute
    return _GUARDS.get(mark, rf"(?<!\S){re.escape(mark)}")


def _block_mark(mark: str) -> str:
    return _GUARDS.get(mark, re.escape(mark))


def _up_to(start: str, end: str, escape: str = "") -> str:
    if not escape:
        return rf"{start}.*?(?:{re.escape(end)}|\Z)"
    first, rest = re.escape(end[0]), re.escape(end[1:])
    partly = f"|{first}(?!{rest})" if rest else ""
    # one way only to read each character, and none to fail at: else a text cut behind its `\` is tried for ever
    return rf"{start}(?:[^{first}{escape}]+|{escape}(?:.|\Z){partly})*(?:{re.escape(end)}|\Z)"


def _any(patterns: Iterable[str]) -> str:
    """One of these; nothing matches none of them."""
    return f"(?:{'|'.join(patterns) or '(?!)'})"
