"""What already stands right of the cursor is not written again."""

from __future__ import annotations

import re
from typing import Final

from duo_lsp.protocol.text_units import split_lines
from duo_lsp.suggestions import comments
from duo_lsp.suggestions.context import Here
from duo_lsp.suggestions.postprocess import brackets
from duo_lsp.suggestions.postprocess.brackets import Open

_SEEN_ABOVE: Final = 4_000
"""Characters in which brackets that are open at the cursor are looked for."""
_BRACKETS: Final = " \t\r\n)]}"
_CLOSER: Final = re.compile(r"[)\]}\"'`]")
_PUNCTUATION: Final = ";,:>"
_WORD: Final = re.compile(r"\w")
_MOST_ROUNDS: Final = 8


def cut(text: str, here: Here) -> str:
    """Cut a text before what follows the cursor anyway: lines, the rest of this line, closers.

    One that has to be cut over and over only repeats itself, and is nothing.
    """
    for _ in range(_MOST_ROUNDS):
        before = text
        for step in _STEPS:
            text = step(text, here)
        if text == before:
            return text
    return ""


def _without_lines(text: str, here: Here) -> str:
    """Without last lines that stand, indentation and all, on the next lines already."""
    first, *following = _lines(here.below)
    following = _trimmed(following)
    if first.strip() or not following:
        return text
    lines = _lines(text)
    if _repeats([here.line_above + lines[0], *lines[1:]], following):
        return ""
    for start in range(1, len(lines)):
        if lines[start].rstrip() == following[0] and _repeats(lines[start:], following):
            return here.new_line.join(lines[:start])
    return text


def _repeats(lines: list[str], following: list[str]) -> bool:
    """Whether these lines, the last perhaps not finished, say something and are the next ones."""
    part = _trimmed(lines)
    whole = part == following[: len(part)]
    begun = len(part) > 1 and part[:-1] == following[: len(part) - 1] and _starts(following, len(part) - 1, part[-1])
    return (whole or begun) and any(map(_WORD.search, part))


def _starts(lines: list[str], number: int, beginning: str) -> bool:
    return number < len(lines) and lines[number].startswith(beginning)


def _without_rest_of_line(text: str, here: Here) -> str:
    """Before the rest of the cursor's line, where the text comes to it: `x, y)` before `y)` becomes `x, `."""
    rest = here.line_below.strip()
    if not _WORD.search(rest):
        return text
    for end in (len(_lines(text)[0]), len(text.rstrip())):
        at = end - len(rest)
        if at >= 0 and text.startswith(rest, at) and not _splits_word(text, at):
            return text[:at]
    return text


def _splits_word(text: str, at: int) -> bool:
    return at > 0 and bool(_WORD.match(text[at - 1]) and _WORD.match(text[at]))


def _without_closers(text: str, here: Here) -> str:
    """As long as the closers right of the cursor still close what they close now: `a, b)` before `)` is `a, b`.

    What the text itself opens it may close, and it may close and open again (`} else {` before `}`).
    """
    on_this_line = bool(here.line_below.strip())
    ahead = here.line_below if on_this_line else _leading_closers(here.below)
    if not _CLOSER.search(ahead) or not _CLOSER.search(text) or brackets.balanced(text, here.language):
        return text
    spans = comments.find(here.above, here.language, is_cut=here.is_cut)
    code = comments.without(here.above, spans, texts=True)[-_SEEN_ABOVE:]
    is_open = brackets.after(code, here.language)
    # a quote does not reach over the line end: one that begins the next line closes nothing
    reaching = is_open if on_this_line else brackets.after("\n", here.language, is_open)
    kept = brackets.closed_by(ahead, here.language, reaching)
    return text[: _longest(text, here, is_open, kept)] if kept else text


def _leading_closers(text: str) -> str:
    return text[: len(text) - len(text.lstrip(_BRACKETS))]


def _longest(text: str, here: Here, is_open: Open, kept: Open) -> int:
    """How much of the text leaves open what has to stay open."""
    outer, longest, fits = is_open, 0, True
    for before, after, now in brackets.read(text, here.language, is_open):
        longest = before if fits else longest
        outer = outer if len(outer) <= len(now) else now
        fits = now[-len(kept) :] == kept or outer[-len(kept) :] == kept
        longest = after if fits else longest
    return len(text) if fits else longest


def _without_punctuation(text: str, here: Here) -> str:
    """Without a last mark that stands right of the cursor: `1;` before `;` is `1`."""
    mark = here.line_below.lstrip()[:1]
    bare = text.rstrip()
    if not mark or mark not in _PUNCTUATION or not bare.endswith(mark):
        return text
    if mark == ">" and (bare.endswith(("->", "=>")) or bare.count("<") >= bare.count(">")):
        return text
    return bare.rstrip(mark)


def _without_last_blanks(text: str, here: Here) -> str:
    """Without line ends at its end where the cursor's line ends anyway."""
    return text if here.line_below.strip() else text.rstrip()


def _lines(text: str) -> list[str]:
    return [line.rstrip("\r\n") for line in split_lines(text)]


def _trimmed(lines: list[str]) -> list[str]:
    """Without blank lines at either end, nor blanks at the ends of lines."""
    filled = [number for number, line in enumerate(lines) if line.strip()]
    return [line.rstrip() for line in lines[filled[0] : filled[-1] + 1]] if filled else []


_STEPS: Final = (_without_lines, _without_rest_of_line, _without_closers, _without_punctuation, _without_last_blanks)
