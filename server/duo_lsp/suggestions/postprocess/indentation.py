"""A suggestion is indented as its file is, whatever its model is used to."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain, pairwise
from typing import Final

import attrs

from duo_lsp.languages import Language
from duo_lsp.suggestions import around, comments, extent, lines
from duo_lsp.suggestions.context import Here
from duo_lsp.suggestions.extent import Surroundings
from duo_lsp.suggestions.postprocess.scope import CLOSES

_WIDTHS: Final = (4, 2, 8, 3)
"""Blanks that people indent with, the most usual first."""
_AGREE: Final = 0.8
"""Of a file's steps that have to be the same; else it has no style."""
_FEWEST: Final = 2
_SEEN_BELOW: Final = 2_000
_HEAD: Final = re.compile(r"[ \t]*")


@attrs.frozen
class _Row:
    """A line of an answer that begins a statement."""

    number: int
    head: str
    is_first: bool
    """Whether it is the first of the block that the line before it opens."""
    closes: bool


def follow(text: str, here: Here) -> str:
    """Turn tabs into the file's blanks, blanks into its tabs, or steps of one width into the file's.

    Only when the lines make sense by that, each block one step deeper than what opens it, and do not as they stand.
    """
    if here.language.id in around.PROSE or around.in_text(here):
        return text
    seen = extent.read(here)
    text = _without_doubled_head(text, here, seen)
    if "\n" not in text:
        return text
    plain = text.replace("\r\n", "\n")
    rows, unit = list(_rows(plain, here, seen)), _unit(here)
    if not rows or not unit:
        return text
    level, odd = divmod(seen.indent, len(unit.expandtabs(lines.TAB)))
    levels = None if odd else _levels(rows, unit, level)
    return text if levels is None else _written(plain, here, rows, [unit * deep for deep in levels])


def _without_doubled_head(text: str, here: Here, seen: Surroundings) -> str:
    """Without the indentation that stands left of the cursor already, where no line can be so deep."""
    head = here.line_above
    if not head or head.strip() or not text.startswith(head) or not seen.above:
        return text
    above = lines.indent(seen.above[0])
    deepest = seen.indent if extent.opens(seen.above[0], here.language) and above < seen.indent else above
    total = lines.indent(text) + seen.indent
    first, *others = lines.filled(lines.of(text))
    if others and lines.indent(others[0]) >= total + extent.opens(first, here.language):
        return text  # the next line stands as deep: somebody has typed only a part of the indentation
    return text[len(head) :] if not seen.is_open and total > deepest else text


def _rows(text: str, here: Here, seen: Surroundings) -> Iterator[_Row]:
    starts = {each.at + 1: each for each in extent.breaks(text, here, seen)}
    before, start = here.line_above, 0
    for number, line in enumerate(text.split("\n")):
        each = starts.get(start)
        if line.strip() and each is not None and not each.in_list:
            yield _Row(number, _head(line), extent.opens(before, here.language), bool(CLOSES.match(line)))
        start += len(line) + 1
        before = before + line if not number else line if line.strip() else before


def _head(line: str) -> str:
    found = _HEAD.match(line)
    return found[0] if found else ""


def _unit(here: Here) -> str:
    """What the file's lines near the cursor are indented with, one step of it; nothing when they do not agree."""
    above = around.code(here) + ("x" if not here.line_above.strip() else "")
    below = here.below[:_SEEN_BELOW].partition("\n")[2].rpartition("\n")[0]
    some = [lines.filled(lines.of(text)) for text in (above, below)]
    marks = {line[0] for line in chain(*some) if line[0] in " \t"}
    steps = Counter(step for part in some for step in _steps(part, here.language))
    step, count = (steps.most_common(1) or [("", 0)])[0]
    usual = step == "\t" or (not step.strip(" ") and len(step) in _WIDTHS)
    return step if len(marks) == 1 and usual and count >= max(_FEWEST, _AGREE * steps.total()) else ""


def _steps(some: Sequence[str], language: Language) -> Iterator[str]:
    """What is added to the indentation where a block begins."""
    for last, line in pairwise(some):
        head = _head(last)
        if line.startswith(head) and line[len(head)] in " \t" and extent.opens(last, language):
            yield _head(line)[len(head) :]


def _levels(rows: Sequence[_Row], unit: str, level: int) -> list[int] | None:
    """How deep each row stands, in steps, when they have to be written anew for that; else None."""
    chars = {row.head[:1] for row in rows if row.head}
    if len(chars) != 1 or any(row.head.strip(row.head[:1]) for row in rows if row.head):
        return None
    mark = chars.pop()
    own = len(unit) if mark == unit[0] else 0
    if own and _sensible(rows, own, level, 0) is not None:
        return None
    widths = [1] if mark == "\t" else [width for width in _WIDTHS if width != own]
    for width in widths:
        for shift in (0, level - level * len(unit) / width if own else 0):
            levels = _sensible(rows, width, level, shift)
            if levels is not None and (not own or any(row.is_first and not row.closes for row in rows)):
                return levels
    return None


def _sensible(rows: Sequence[_Row], width: int, level: int, shift: float) -> list[int] | None:
    """The rows' levels when each is whole and follows from the one before; None when one does not."""
    levels = []
    for row in rows:
        deep = len(row.head) / width + shift
        fits = deep == level + 1 or (row.closes and deep == level) if row.is_first else deep <= level
        if not fits or deep < 0 or deep != int(deep):
            return None
        level = int(deep)
        levels.append(level)
    return levels


def _written(text: str, here: Here, rows: Sequence[_Row], heads: Sequence[str]) -> str:
    """The text with these rows' new heads; what goes on with a row moves along with it, but no long text does."""
    written, anew = (
        text.split("\n"),
        dict(zip((row.number for row in rows), zip(rows, heads, strict=True), strict=True)),
    )
    moving = _moving(text, here)
    old = new = ""
    for number, line in enumerate(written):
        if number in anew:
            old, new = anew[number][0].head, anew[number][1]
        if number in moving and line.startswith(old):
            written[number] = new + line[len(old) :] if line.strip() else ""
    return here.new_line.join(written)


def _moving(text: str, here: Here) -> set[int]:
    """The numbers of the lines that stand in no long text: statements, what goes on with them, comments."""
    ends = {each.at for each in extent.breaks(text, here, extent.read(here))}
    for span in comments.find(text, here.language):
        ends |= {at for at in range(span.start, span.end) if text[at] == "\n"} if span.kind != "text" else set()
    starts = {0} | {at + 1 for at in ends}
    found, at = set(), 0
    for number, line in enumerate(text.split("\n")):
        found |= {number} if number and at in starts else set()
        at += len(line) + 1
    return found
