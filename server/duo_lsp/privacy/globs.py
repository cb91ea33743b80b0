"""Patterns with many stars, matched in a time that their length bounds (gitignore(5), "PATTERN FORMAT").

A regular expression for them goes back over what it has read, again and again, and holds up the whole process.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cached_property
from typing import Final, Self

import attrs

_ATOM: Final = re.compile(r"\\(.)|(\*+)|(\?)|(\[[!^]?\]?(?:\\.|\[:\w+:\]|[^\]\\])*\])|(.)", re.DOTALL)
_RANGE: Final = re.compile(r"\[:(\w+):\]|\\?(.)-\\?(.)|\\?(.)", re.DOTALL)
_NEVER: Final = "(?!)"
_CLASSES: Final = {
    "alpha": "A-Za-z",
    "digit": "0-9",
    "alnum": "A-Za-z0-9",
    "upper": "A-Z",
    "lower": "a-z",
    "space": r"\s",
    "xdigit": "0-9A-Fa-f",
    "punct": r"!-/:-@\[-`{-~",
}


@attrs.frozen
class Name:
    """A pattern for one name: what stands between its stars, each piece of which always has the same length."""

    pieces: tuple[tuple[int, str], ...]
    """How many characters each takes, and its expression."""

    @classmethod
    def read(cls, text: str) -> Self:
        """What a pattern without slashes says."""
        pieces: list[tuple[int, str]] = [(0, "")]
        for quoted, stars, any_, set_, plain in _ATOM.findall(text):
            if stars:
                pieces.append((0, ""))
                continue
            length, before = pieces[-1]
            one = "." if any_ else _set(set_) if set_ else re.escape(quoted or plain)
            pieces[-1] = length + 1, before + one
        return cls(tuple(pieces))

    @cached_property
    def _expressions(self) -> tuple[re.Pattern[str], ...]:
        return tuple(re.compile(expression, re.DOTALL) for _, expression in self.pieces)

    def fits(self, name: str) -> bool:
        """Whether it means this name: every piece is found as early as can be, the last one at the end."""
        first, *between = self._expressions
        if not between:
            return bool(first.fullmatch(name))
        last = between.pop()
        end = len(name) - self.pieces[-1][0]
        at = self.pieces[0][0]
        if at > end or not first.match(name) or not last.fullmatch(name, end):
            return False
        for piece in between:
            found = piece.search(name, at, end)
            if found is None:
                return False
            at = found.end()
        return True


@attrs.frozen
class Glob:
    """A whole pattern, name by name; None stands for any number of names."""

    names: tuple[Name | None, ...]
    for_folders: bool
    anywhere: bool

    @classmethod
    def read(cls, text: str) -> Self:
        """What a pattern says, which begins with no `!` and has no blanks at its end."""
        for_folders = text.endswith("/")
        inner = text.removesuffix("/")
        names = [None if name == "**" else Name.read(name) for name in inner.removeprefix("/").split("/")]
        anywhere = "/" not in inner
        return cls((Name.read("*"),) if anywhere and names == [None] else tuple(names), for_folders, anywhere)

    def fits(self, path: str) -> bool:
        """Whether it means this very path, and not only something that the path is inside of; folders end in `/`."""
        if self.for_folders and not path.endswith("/"):
            return False
        steps = path.removesuffix("/").split("/")
        return self._along(steps[-1:] if self.anywhere else steps)

    def _along(self, steps: Sequence[str]) -> bool:
        end = len(self.names)
        reached = self._skipped({0})
        for step in steps:
            here = {at + 1 for at in reached if at < end and ((name := self.names[at]) is None or name.fits(step))}
            here |= {at for at in reached if at < end and self.names[at] is None}
            reached = self._skipped(here)
        return end in reached

    def _skipped(self, reached: set[int]) -> set[int]:
        """Those places too that are reached because `**` may stand for nothing; at the end it stands for something."""
        for at, name in enumerate(self.names[:-1]):
            if at in reached and name is None:
                reached.add(at + 1)
        return reached


def _set(text: str) -> str:
    """The expression for `[a-z]` or `[!a-z]`, which never means a slash."""
    body = text[1:-1]
    negative = body[:1] in ("!", "^")
    parts = [_part(*found) for found in _RANGE.findall(body[1:] if negative else body)]
    if None in parts:
        return _NEVER + "."
    inside = "".join(filter(None, parts))
    return f"[{'^' if negative else ''}{inside}]" if inside else ("." if negative else _NEVER + ".")


def _part(named: str, low: str, high: str, one: str) -> str | None:
    if named:
        return _CLASSES.get(named)
    if one:
        return re.escape(one)
    return f"{re.escape(low)}-{re.escape(high)}" if low <= high else ""
