"""What the engine sees before each token of some held-out lines, and what of it tells the token that follows."""

from __future__ import annotations

import random
from collections.abc import Iterator
from typing import Final, NamedTuple

from duo_lsp import wire
from duo_lsp.gateway.engines.builtin import evidence, lexer, suggestion
from duo_lsp.gateway.engines.builtin.corpus import Corpus
from duo_lsp.gateway.engines.builtin.foresight import Outlook
from duo_lsp.gateway.engines.builtin.words import NEWLINE_ID
from scripts.engine import cursors
from scripts.engine.projects import SEED, Project

LINES: Final = 150
"""In each project."""


class Piece(NamedTuple):
    """One piece of evidence, as `trust.Trust` sees it, and what came of it."""

    rank: int
    length: int
    features: tuple[float, float, float, float]
    """Count, variety and peak of the followers, and which part of them is what really follows."""


Sample = tuple[Piece, ...]
"""All there is for one token, what tells most first."""


def collect(project: Project, learnt: Corpus, lines: int = LINES) -> Iterator[Sample]:
    """The tokens of so many lines chosen by lot; with every other line, what stands below it is seen as well."""
    chance = random.Random(f"{SEED} samples {project.name}")  # noqa: S311 - a lot, no secret
    places = [
        (file, place) for file in project.held for place in cursors.code_lines(project.held[file], project.language)
    ]
    chance.shuffle(places)
    for number, (file, place) in enumerate(places[:lines]):
        text = project.held[file]
        line, end, below = text[place:].partition("\n")
        current = wire.CurrentFile(file, text[:place], end + below if number % 2 else "")
        yield from _line(suggestion.outlook(wire.SuggestionRequest(current), learnt), line)


def _line(outlook: Outlook, line: str) -> Iterator[Sample]:
    tokens = [mark >> 1 for mark in outlook.words.marks(outlook.cursor.tokens)]
    for mark in (*outlook.words.marks(lexer.read_line(line)[1]), 2 * NEWLINE_ID):
        yield tuple(_pieces(outlook, tokens, mark))
        tokens.append(mark >> 1)


def _pieces(outlook: Outlook, tokens: list[int], truth: int) -> Iterator[Piece]:
    context = outlook.context(tokens)
    for sighting in evidence.gather(outlook.levels, context):
        seen = sighting.followers(context)
        if seen.parts:
            part = seen.parts.get(truth, 0.0)
            yield Piece(sighting.rank, sighting.length, (seen.count, seen.variety, seen.peak, part))
