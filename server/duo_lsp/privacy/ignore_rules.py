"""What ignore files say about a path, as git reads them (gitignore(5)); nothing is read from the disk here."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final, Protocol, Self

import attrs

from duo_lsp.privacy.globs import Glob

MOST_STARS: Final = 2
"""In a pattern, `**` being one; with more of them an expression could take for ever, so that none is made."""

_LINE_END: Final = re.compile(r"\r?\n")
_STARS: Final = re.compile(r"\*+")
_BLANKS: Final = re.compile(r"(?<!\\) +\Z")


class Matcher(Protocol):
    """What a pattern means."""

    def fits(self, path: str) -> bool:
        """Whether it means this very path, and not only something that the path is inside of; folders end in `/`."""


@attrs.frozen
class Pattern:
    """One line of an ignore file."""

    line: str
    excludes: bool
    matcher: Matcher

    def fits(self, path: str) -> bool:
        """Whether it means this very path, and not only something that the path is inside of; folders end in `/`."""
        return self.matcher.fits(path)


@attrs.frozen
class _Expression:
    """A pattern with few stars, as pathspec reads it."""

    expression: re.Pattern[str]

    def fits(self, path: str) -> bool:
        """Whether it means this very path, and not only something that the path is inside of; folders end in `/`."""
        for_folders = "ps_d" in self.expression.groupindex
        if not self.expression.pattern.startswith("^"):  # it has stars only, and means all or all folders
            return path.endswith("/") or not for_folders
        found = self.expression.match(path)
        if found is None:
            return False
        if not for_folders:
            return found.end() < len(path)
        return found.end("ps_d") in {-1, len(path)}


@attrs.frozen
class Patterns:
    """One ignore file; of its lines the last that fits decides."""

    patterns: tuple[Pattern, ...] = ()

    @classmethod
    def read(cls, text: str) -> Self:
        """The patterns in a text; lines that are none are left out, as git does."""
        return cls(tuple(filter(None, map(_pattern, _LINE_END.split(text.removeprefix("\ufeff"))))))

    def deciding(self, path: str) -> Pattern | None:
        """The pattern that decides about a path, which is relative to the file's folder; None when none does."""
        return next((pattern for pattern in reversed(self.patterns) if pattern.fits(path)), None)


def excluding(steps: Sequence[str], load: Callable[[Sequence[str]], Patterns]) -> Pattern | None:
    """The pattern that excludes a path, or a folder it is in; None when none does.

    `steps` are the names from the workspace down, `load` gives the ignore file of each folder on the way. What is in
    an excluded folder cannot be taken back, and a folder's own file is stronger than those above it.
    """
    files: list[Patterns] = []
    for depth in range(len(steps)):
        files.append(load(steps[:depth]))
        end = "/" if depth < len(steps) - 1 else ""
        for above in range(depth, -1, -1):
            pattern = files[above].deciding("/".join(steps[above : depth + 1]) + end)
            if pattern is not None:
                break
        else:
            continue
        if pattern.excludes:
            return pattern
    return None


def _pattern(line: str) -> Pattern | None:
    if len(_STARS.findall(line)) > MOST_STARS and not line.startswith("#"):
        bare = _BLANKS.sub("", line)
        return Pattern(line.strip(), not bare.startswith("!"), Glob.read(bare.removeprefix("!")))
    from pathspec.patterns.gitignore import GitIgnorePatternError  # most folders have no such file
    from pathspec.patterns.gitignore.spec import GitIgnoreSpecPattern

    try:
        read = GitIgnoreSpecPattern(line)
    except GitIgnorePatternError:
        return None
    if read.include is None or read.regex is None:
        return None
    return Pattern(line.strip(), read.include, _Expression(read.regex))


NOTHING: Final = Patterns()
EVERYTHING: Final = Patterns((Pattern("*", excludes=True, matcher=Glob.read("*")),))
"""For a file that is there but cannot be read: nobody knows what it excludes."""
