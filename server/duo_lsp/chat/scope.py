"""The function around a line, guessed from how the code is set in: good enough to ask about."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

_MODIFIERS: Final = (
    r"(?:(?:pub(?:\([^)]*\))?|export|default|async|static|public|private|protected|internal|final|override|abstract|"
    r"virtual|inline|unsafe|extern|const|suspend|open|local|partial|sealed|data)\s+)*"
)
_NAMED: Final = re.compile(
    rf"\s*{_MODIFIERS}(?:def|defp|defmodule|fn|func|function|fun|sub|proc|class|interface|struct|enum|trait|impl|"
    r"module|namespace|object|record|protocol|extension|type|macro_rules!)\b"
)
_TYPED: Final = re.compile(r"\s*(?!.*[;=])(?:[\w:<>,*&~@\[\].?]+\s+)*[\w:~]+\s*\([^;]*\Z")
"""`int main(void) {` and `void Foo::bar(`: names, then a bracket, and nothing that ends a statement."""
_ARROW: Final = re.compile(rf"\s*{_MODIFIERS}(?:const|let|var)\s+\w+\s*=\s*(?:async\s*)?(?:\([^)]*\)|\w+|function\b).*")
_SHELL: Final = re.compile(r"\s*[\w:.-]+\s*\(\)\s*\{?\s*\Z")
_CONTROL: Final = re.compile(
    r"[\s}]*(?:if|else|elif|for|foreach|while|switch|case|catch|try|with|do|return|await|yield|assert|print|raise|"
    r"throw|del|not|and|or|lock|using|match|when|unless|until|new|delete|sizeof)\b"
)
_LEADS: Final = ("@", "#[")
"""What stands above a function and belongs to it."""
_GOES_ON: Final = ("{", ")", "]")
_ENDS: Final = ("}", "end")
_TAB: Final = 4
_LONGEST: Final = 400
"""Characters of a line that may begin a function."""


def around(lines: Sequence[str], line: int) -> tuple[int, int] | None:
    """The first and the last line (from 0) of the innermost function or class that `line` stands in; None in none."""
    if not lines:
        return None
    line = min(line, len(lines) - 1)
    for start in _openers(lines, line):
        end = _end(lines, start)
        if end >= line:
            return _first(lines, start), end
    return None


def _first(lines: Sequence[str], start: int) -> int:
    """Where what leads to it begins."""
    while start and lines[start - 1].lstrip().startswith(_LEADS):
        start -= 1
    return start


def _openers(lines: Sequence[str], line: int) -> Iterator[int]:
    """Where a function may begin, nearest first: the lines above that stand further out than all between."""
    at = line
    while lines[at].lstrip().startswith(_LEADS) and at + 1 < len(lines):
        at += 1  # what leads belongs to what follows
    least = _indent(lines[at]) + 1 if lines[at].strip() else 1 << 30
    for above in range(at, -1, -1):
        text = lines[above]
        if text.strip() and _indent(text) < least:
            if not text.lstrip().startswith((*_GOES_ON, *_ENDS)):
                least = _indent(text)
            if _opens(text, lines[above + 1] if above + 1 < len(lines) else ""):
                yield above


def _opens(text: str, next_line: str) -> bool:
    text = text.rstrip()
    if len(text) > _LONGEST:
        return False
    if _NAMED.match(text) or _SHELL.fullmatch(text):
        return True
    if text.endswith(")") and next_line.strip() == "{":
        text += " {"
    if _ARROW.fullmatch(text):
        return text.endswith(("{", "(", "=>"))
    return text.endswith(("{", "(")) and not _CONTROL.match(text) and bool(_TYPED.match(text))


def _end(lines: Sequence[str], start: int) -> int:
    """The last line of what begins at `start`: all that stands further in, and the bracket that closes it."""
    own, last = _indent(lines[start]), start
    for at in range(start + 1, len(lines)):
        text = lines[at]
        if not text.strip():
            continue
        bare = text.lstrip()
        if _indent(text) > own or (_indent(text) == own and bare.startswith(_GOES_ON)):
            last = at
            continue
        return at if _indent(text) == own and bare.startswith(_ENDS) else last
    return last


def _indent(text: str) -> int:
    return len(text[: len(text) - len(text.lstrip())].expandtabs(_TAB))
