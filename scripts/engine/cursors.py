"""Places in held-out files where the engine is asked for the rest of a line."""

from __future__ import annotations

import random
import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping
from typing import Final, Literal, NamedTuple

import attrs

from scripts.engine.packages import Language
from scripts.engine.projects import SEED, Project

Kind = Literal["line start", "boundary", "in a word"]
KINDS: Final[tuple[Kind, ...]] = ("line start", "boundary", "in a word")
SHORTEST_LINE: Final = 8
SHORTEST_REST: Final = 3
LONG_WORD: Final = 4
TYPED: Final = 3

_INERT: Final[Mapping[Language, re.Pattern[str]]] = {
    "Python": re.compile(
        r"(?P<inert>(?P<quotes>\"{3}|'{3})[\s\S]*?(?P=quotes)|#.*)|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'"
    ),
    "JavaScript": re.compile(
        r"(?P<inert>/\*[\s\S]*?\*/|//.*|`(?:\\[\s\S]|[^`\\])*`)|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'"
    ),
}
_LINE: Final = re.compile(rf"^[ \t]*(?=\S.{{{SHORTEST_LINE - 1},}}$)", re.MULTILINE)
_WORD: Final = re.compile(r"[^\W\d]\w*")
_PIECE: Final = re.compile(r"\w+|[^\w\s]| ")


@attrs.frozen
class Cursor:
    """A place in a file, and the rest of the line that really follows."""

    file: str
    text: str
    place: int
    kind: Kind

    @property
    def above(self) -> str:
        """The text up to the cursor."""
        return self.text[: self.place]

    @property
    def below(self) -> str:
        """The text from the next line on, with the line break that stands before it."""
        _, lines_end, rest = self.text[self.place :].partition("\n")
        return lines_end + rest

    @property
    def rest(self) -> str:
        """What a person wrote there, without blanks at the end."""
        return self.text[self.place :].partition("\n")[0].rstrip()


def sample(project: Project, count: int, typed: int = TYPED) -> list[Cursor]:
    """So many cursors of a project, of every kind as many, by lot but always the same ones.

    `typed` is how many characters of a word may stand before the cursor.
    """
    chance = random.Random(f"{SEED} cursors {project.name}")  # noqa: S311 - a lot, no secret
    lines = [(file, start) for file, text in project.held.items() for start in code_lines(text, project.language)]
    chance.shuffle(lines)
    wanted = {kind: count // len(KINDS) for kind in KINDS}
    found = list[Cursor]()
    for file, start in lines:
        kinds = [kind for kind in KINDS if wanted[kind]]
        if not kinds:
            break
        cursor = _cursor(file, project.held[file], start, chance.choice(kinds), Lot(chance, typed))
        if cursor and len(cursor.rest) >= SHORTEST_REST:
            wanted[cursor.kind] -= 1
            found.append(cursor)
    return found


def code_lines(text: str, language: Language) -> Iterator[int]:
    """Where each line of code begins, its indentation skipped; lines of comments and long strings are none."""
    inert = [found.span("inert") for found in _INERT[language].finditer(text) if found["inert"]]
    ends = [end for _, end in inert]
    for line in _LINE.finditer(text):
        start = line.end()
        here = bisect_right(ends, start)
        if here == len(inert) or inert[here][0] > start:
            yield start


class Lot(NamedTuple):
    """Chance, and how many characters of a word it may take."""

    chance: random.Random
    typed: int


def _cursor(file: str, text: str, start: int, kind: Kind, lot: Lot) -> Cursor | None:
    columns = list(_columns(text[start:].partition("\n")[0], kind, lot))
    return Cursor(file, text, start + lot.chance.choice(columns), kind) if columns else None


def _columns(line: str, kind: Kind, lot: Lot) -> Iterator[int]:
    """Where in a line a cursor of this kind may stand."""
    if kind == "line start":
        yield 0
    elif kind == "boundary":
        ends = (piece.end() for piece in _PIECE.finditer(line.rstrip()))
        yield from (end for end in ends if end < len(line) and not _is_word(line[end - 1]))
    else:
        for word in _WORD.finditer(line):
            if len(word[0]) >= LONG_WORD:
                yield word.start() + lot.chance.randint(1, min(lot.typed, len(word[0]) - 1))


def _is_word(character: str) -> bool:
    return character.isalnum() or character == "_"
