"""A project in two parts: what the engine may learn from, and files it never sees."""

from __future__ import annotations

import random
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import attrs

from duo_lsp.gateway.engines.builtin import files
from scripts.engine.packages import Language

SUFFIXES: Final[Mapping[Language, tuple[str, ...]]] = {"Python": (".py",), "JavaScript": (".js", ".mjs", ".cjs")}
SHORTEST: Final = 1_500
"""Characters of a file worth holding out."""
DATA: Final = frozenset({"data", "cases", "fixtures"})
"""Folders of what is no code of the project."""
COPIED: Final = 0.4
"""What part of a file may stand elsewhere in the project; a copy would be no test."""
SHINGLE: Final = 3
SEED: Final = 7


@attrs.frozen
class Project:
    """Texts by their paths."""

    name: str
    language: Language
    known: Mapping[str, str]
    held: Mapping[str, str]

    @property
    def size(self) -> int:
        """Characters to learn from."""
        return sum(map(len, self.known.values()))


def read(name: str, language: Language, folder: Path) -> Project:
    """A project as the engine itself would read it; the same files are held out every time."""
    texts = dict(files.texts(folder, Path("/")))
    return split(name, language, {Path(file).relative_to(folder).as_posix(): text for file, text in texts.items()})


def split(name: str, language: Language, texts: Mapping[str, str]) -> Project:
    """Hold out a fifth of the files in this language, two at least, by lot; near copies count as neither."""
    fitting = sorted(file for file in texts if is_worth_it(file, texts[file], SUFFIXES[language]))
    chance = random.Random(f"{SEED} {name}")  # noqa: S311 - a lot, no secret
    held = set(chance.sample(fitting, min(len(fitting), max(2, len(fitting) // 5))))
    known = {file: text for file, text in texts.items() if file not in held}
    elsewhere = {shingle for text in known.values() for shingle in shingles(text)}
    return Project(
        name, language, known, {file: texts[file] for file in sorted(held) if not is_copy(texts[file], elsewhere)}
    )


def is_worth_it(file: str, text: str, suffixes: tuple[str, ...]) -> bool:
    """Whether a file is code of the project: what tests feed to it is not."""
    return file.endswith(suffixes) and len(text) >= SHORTEST and DATA.isdisjoint(file.split("/"))


def shingles(text: str) -> set[tuple[str, ...]]:
    """Every few lines in a row."""
    lines = [line.strip() for line in text.split("\n") if line.strip()]
    return {tuple(lines[place : place + SHINGLE]) for place in range(len(lines) - SHINGLE + 1)}


def is_copy(text: str, elsewhere: set[tuple[str, ...]]) -> bool:
    """Whether much of a text stands in other files."""
    own = shingles(text)
    return len(own & elsewhere) > COPIED * len(own)
