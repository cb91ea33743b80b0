"""What already stands right of the cursor is not written again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from duo_lsp.suggestions import around, brackets, lines
from duo_lsp.suggestions.brackets import Open
from duo_lsp.suggestions.context import Here
from duo_lsp.suggestions.postprocess import next_lines

_SEEN_ABOVE: Final = 4_000
"""Characters in which brackets that are open at the cursor are looked for."""
_CLOSER: Final = re.compile(r"[)\]}\"'`]")
_PUNCTUATION: Final = ";,:>"
_WORD: Final = re.compile(r"\w")
_MOST_ROUNDS: Final = 8
_LEAST_BEHIND: Final = 15
"""Characters (minuet-ai's filter has the same)."""
_LONGEST_BEHIND: Final = 400


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


def _without_rest_of_line(text: str, here: Here) -> str:
    """Before the rest of the cursor's line, where the text comes to it: `x, y)` before `y)` becomes `x, `."""
    rest = here.line_below.strip()
    if not _WORD.search(rest):
        return text
    for end in (len(lines.of(text)[0]), len(text.rstrip())):
        at = end - len(rest)
        if at >= 0 and text.startswith(rest, at) and not _splits_word(text, at):
            return text[:at]
    return text


def _without_text_behind(text: str, here: Here) -> str:
    """Before a long last piece with which the text right of the cursor begins, whole lines or not."""
    bare = text.rstrip()
    last = bare[-_LONGEST_BEHIND:]
    for at in _places(last, here.below[:_LEAST_BEHIND]):
        if here.below.startswith(last[at:]) and not _splits_word(last, at):
            return bare[: len(bare) - len(last) + at]
    return text


def _places(text: str, begin: str) -> Iterator[int]:
    """Where this begins in the text, from the left, if it says something."""
    at = text.find(begin) if len(begin) == _LEAST_BEHIND and _WORD.search(begin) else -1
    while at >= 0:
        yield at
        at = text.find(begin, at + 1)


def _splits_word(text: str, at: int) -> bool:
    return at > 0 and bool(_WORD.match(text[at - 1]) and _WORD.match(text[at]))


def _without_closers(text: str, here: Here) -> str:
    """As long as the closers right of the cursor still close what they close now: `a, b)` before `)` is `a, b`.

    What the text itself opens it may close, and it may close and open again (`} else {` before `}`).
    """
    on_this_line = bool(here.line_below.strip())
    ahead = here.line_below if on_this_line else around.leading_closers(here.below)
    if not _CLOSER.search(ahead) or not _CLOSER.search(text) or brackets.balanced(text, here.language):
        return text
    is_open = brackets.after(around.code(here)[-_SEEN_ABOVE:], here.language)
    # a quote does not reach over the line end: one that begins the next line closes nothing
    reaching = is_open if on_this_line else brackets.after("\n", here.language, is_open)
    kept = brackets.closed_by(ahead, here.language, reaching)
    return text[: _longest(text, here, is_open, kept)] if kept else text


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


_STEPS: Final = (
    next_lines.leave_out,
    _without_rest_of_line,
    _without_text_behind,
    _without_closers,
    _without_punctuation,
    _without_last_blanks,
)
