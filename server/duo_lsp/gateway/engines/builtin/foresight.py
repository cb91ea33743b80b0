"""Writes on from the cursor, token by token, always the likeliest one."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence

import attrs

from duo_lsp.gateway.engines.builtin import evidence
from duo_lsp.gateway.engines.builtin.confidence import Step
from duo_lsp.gateway.engines.builtin.cursor import Cursor
from duo_lsp.gateway.engines.builtin.evidence import Context, Here, Level
from duo_lsp.gateway.engines.builtin.occurrences import DEPTH
from duo_lsp.gateway.engines.builtin.patterns import BACK, Patterns
from duo_lsp.gateway.engines.builtin.trust import LEARNT, Trust
from duo_lsp.gateway.engines.builtin.words import DEDENT_ID, EDGE_ID, INDENT_ID, NEWLINE_ID, Words

TOKENS = 60
LINES = 6

_INDENTED = re.compile(r"^(\t| {2,8})(?=\S)", re.MULTILINE)


@attrs.frozen
class Outlook:
    """All there is to look at."""

    cursor: Cursor
    words: Words
    patterns: Patterns
    levels: Sequence[Level]
    names: dict[str, float] = attrs.field(factory=dict)
    """Names that begin as typed."""
    trust: Trust = LEARNT

    def steps(self, line: str, unit: str) -> Iterator[Step]:
        """The suggestion as it grows, on a line that begins so; `unit` indents a deeper one."""
        context = [mark >> 1 for mark in self.words.marks(self.cursor.tokens[-DEPTH - BACK :])]
        page = _Page(line, unit)
        belief = 0.0
        for count in range(1, TOKENS):
            mark, likelihood = self._next(context, first=count == 1)
            belief += math.log(max(likelihood, 1e-9))
            number = mark >> 1
            if number in (DEDENT_ID, EDGE_ID) or page.lines == LINES or (number == NEWLINE_ID and count == 1):
                return
            self._put(page, mark, first=count == 1)
            if page.goes_in_circles:
                return
            context.append(number)
            yield Step(page.text, belief, count, page.at_end, len(self.cursor.typed))

    def context(self, tokens: Sequence[int]) -> Context:
        """The last tokens, as they are and as a pattern."""
        last = tokens[-DEPTH - BACK :]
        return Context(last, self.patterns.read(last))

    @property
    def _here(self) -> Here:
        cursor, words = self.cursor, self.words
        known = {2 * words.number(name) + cursor.spaced: part for name, part in self.names.items()}
        return Here(lambda mark: cursor.fits(words.lexeme(mark >> 1), bool(mark & 1)), len(cursor.typed), known)

    def _next(self, tokens: list[int], *, first: bool) -> tuple[int, float]:
        context = self.context(tokens)
        total = evidence.belief(self.levels, context, self._here if first else None, self.trust)
        best = max(total, key=lambda mark: (total[mark], -mark), default=2 * EDGE_ID)
        return best, min(total.get(best, 0.0), 1.0)

    def _put(self, page: _Page, mark: int, *, first: bool) -> None:
        number, spaced = mark >> 1, bool(mark & 1)
        if number == NEWLINE_ID:
            page.end_line()
        elif number == INDENT_ID:
            page.indent()
        elif first:
            page.write(self.cursor.begins(self.words.lexeme(number), spaced), spaced=False)
        else:
            page.write(self.words.lexeme(number), spaced=spaced)


class _Page:
    """The text as written so far; a new line is begun only with its first word."""

    def __init__(self, line: str, unit: str) -> None:
        self.text = ""
        self.lines = 0
        self.at_end = False
        self._line = line
        self._margin = line[: len(line) - len(line.lstrip())]
        self._unit = unit

    @property
    def goes_in_circles(self) -> bool:
        """Whether a line just ended that is one of those before it."""
        *before, last = (self._line + self.text).split("\n")
        return self.at_end and last in before

    def end_line(self) -> None:
        self.at_end = True

    def indent(self) -> None:
        self._margin += self._unit

    def write(self, lexeme: str, *, spaced: bool) -> None:
        if self.at_end:
            self.text += "\n" + self._margin
            self.lines += 1
            self.at_end = spaced = False
        self.text += " " * spaced + lexeme


def unit_of(text: str) -> str:
    """What one step of indentation is in this text."""
    found = _INDENTED.search(text)
    return found[1] if found else "    "
