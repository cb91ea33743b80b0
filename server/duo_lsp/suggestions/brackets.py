"""Brackets and quotes that are open, read from left to right."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from typing import Final

from duo_lsp.languages import Language
from duo_lsp.suggestions.comments import SLASHED

Open = tuple[str, ...]
"""What is open, the innermost last; a quote is open like a bracket."""

PAIRS: Final = {"(": ")", "[": "]", "{": "}"}
_DEEPEST: Final = 100
_QUOTES: Final = "\"'`"
_UP_TO_QUOTE: Final = {
    '"': re.compile(r'(?:[^"\\\n]|\\.)*(["\n])', re.DOTALL),
    "'": re.compile(r"(?:[^'\\\n]|\\.)*(['\n])", re.DOTALL),
    "`": re.compile(r"(?:[^`\\]|\\.)*(`)", re.DOTALL),
}


def read(text: str, language: Language, is_open: Open = ()) -> Iterator[tuple[int, int, Open]]:
    """Each place where something closes or opens: before it, after it, and what is open from there on."""
    pattern, at = _pattern(language), 0
    while True:
        quoted = bool(is_open) and is_open[-1] in _QUOTES
        found = (_UP_TO_QUOTE[is_open[-1]] if quoted else pattern).match(text, at)
        if found is None or found.lastgroup == "end":
            return
        at = found.end()
        is_open = is_open[:-1] if quoted else _after(found[1], is_open)
        yield at - 1, at, is_open


def after(text: str, language: Language, is_open: Open = ()) -> Open:
    """What is open behind this text."""
    for _, _, now in read(text, language, is_open):
        is_open = now
    return is_open


def closed_by(text: str, language: Language, is_open: Open) -> Open:
    """What of all that is open this text closes; what it leaves out in between is left open."""
    lowest, closed = len(is_open), []
    for _, _, now in read(text, language, is_open):
        if len(now) < lowest:
            lowest = len(now)
            closed.append(is_open[lowest])
    return tuple(reversed(closed))


def balanced(text: str, language: Language) -> bool:
    """Whether this text closes only what it opens itself, whatever is open around it, and no quote stays open."""
    around: Open = ("(", "[", "{")
    is_open = after(text, language, around)
    return not closed_by(text, language, around) and is_open[-1] not in _QUOTES


def _after(mark: str, is_open: Open) -> Open:
    if mark in PAIRS or mark in _QUOTES:
        return (*is_open[-_DEEPEST:], mark)
    for depth in range(len(is_open) - 1, -1, -1):
        if PAIRS.get(is_open[depth]) == mark:
            return is_open[:depth]
    return is_open  # it closes nothing: a `)` of a shell's case, a smile


@functools.cache
def _pattern(language: Language) -> re.Pattern[str]:
    """Up to the next bracket or quote, past line comments; an apostrophe in a word is no quote."""
    marks = "|".join(rf"(?<![:\w]){re.escape(mark)}" for mark in language.line_comments) or "(?!)"
    skipped = rf"(?:[^\[\](){{}}\"'`\\/#;%!-]|\\.|(?:{marks})[^\n]*|(?!{marks})[\\/#;%!-]|(?<=[^\W\d_]{{3}})')*"
    if language.slashes:
        skipped = f"(?:{SLASHED}|{skipped.removeprefix('(?:')}"
    quotes = language.quotes + "`"
    other = "".join(set(_QUOTES) - set(quotes))
    if other:
        skipped = rf"{skipped[:-2]}|[{other}])*"
    return re.compile(rf"{skipped}(?:([\[\](){{}}{quotes}])|(?P<end>\Z))", re.DOTALL)
