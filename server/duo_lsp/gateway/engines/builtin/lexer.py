"""Cuts any language into names, numbers, operators and the shape of its lines."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

NEWLINE = "\n"
INDENT = "\n+"
DEDENT = "\n-"
EDGE = "\n#"
"""Where one text ends and another begins; like the three above it can be no part of a text."""

TAB = 4

_LEXEME = re.compile(
    r"(\s*)([^\W\d]\w*|\d[\w.]*|->|=>|===|!==|==|!=|<=|>=|:=|\*\*|//|&&|\|\||\+=|-=|::|\"\"\"|'''|\.\.\.|\S)"
)

Token = tuple[str, bool]
"""A lexeme and whether a blank stood before it."""
Line = tuple[int, tuple[Token, ...]]
"""How far a line is indented and what it holds."""
Read = Callable[[str], Line]
"""Gives the tokens of a line."""


def read_line(line: str) -> Line:
    """The tokens of one line; the first has its blanks counted as indentation."""
    found = _LEXEME.findall(line.rstrip())  # blanks at the end would be tried again from each of them
    if not found:
        return 0, ()
    rest = [(lexeme, gap != "") for gap, lexeme in found[1:]]
    return width(found[0][0]), ((found[0][1], False), *rest)


def width(blanks: str) -> int:
    """How far these blanks indent."""
    return len(blanks.expandtabs(TAB))


def lex(text: str, read: Read = read_line) -> list[Token]:
    """The tokens of a text; blank lines vanish, a change of indentation becomes a token."""
    tokens: list[Token] = []
    shape = Shape()
    for line in text.split("\n"):
        indented, lexemes = read(line)
        if lexemes:
            tokens += shape.next(indented)
            tokens += lexemes
    return tokens


class Shape:
    """The indentation so far."""

    def __init__(self) -> None:
        self._stack: list[int] = []

    def next(self, indented: int) -> Iterable[Token]:
        """The tokens between the lines above and one that is so far indented."""
        stack = self._stack
        if not stack:
            stack.append(indented)
            return ()
        shape = [(NEWLINE, False)]
        while len(stack) > 1 and stack[-2] >= indented:
            stack.pop()
            shape.append((DEDENT, False))
        if stack[-1] < indented:
            stack.append(indented)
            shape.append((INDENT, False))
        stack[-1] = indented  # less, where a line goes back only half way
        return shape


def write(tokens: Iterable[Token], unit: str = " " * TAB) -> str:
    """A text with these tokens, its blanks made plain."""
    text, depth, fresh = "", 0, True
    for lexeme, spaced in tokens:
        if lexeme == NEWLINE:
            text, fresh = text + "\n", True
        elif lexeme in (INDENT, DEDENT):
            depth += 1 if lexeme == INDENT else -1
        else:
            text += (unit * depth if fresh else " " * spaced) + lexeme
            fresh = False
    return text
