"""Asks the engine, or a plainer one in its place, for the rest of a line."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator, Mapping
from typing import Final

import attrs

from duo_lsp import wire
from duo_lsp.gateway.engines.builtin import confidence, corpus, evidence, lexer, suggestion
from duo_lsp.gateway.engines.builtin.confidence import Step
from duo_lsp.gateway.engines.builtin.corpus import Corpus
from duo_lsp.gateway.engines.builtin.lines import Lines
from duo_lsp.gateway.engines.builtin.occurrences import DEPTH
from duo_lsp.gateway.engines.builtin.trust import LEARNT, Followers, Trust
from scripts.engine import cursors
from scripts.engine.cursors import Cursor
from scripts.engine.projects import Project

EVERYWHERE: Final = frozenset({evidence.WORKSPACE, evidence.GIVEN, evidence.FILE, evidence.NEAR})


@attrs.frozen
class Constant:
    """Trusts all evidence it looks at alike."""

    part: float
    longest: int
    ranks: frozenset[int] = EVERYWHERE

    def share(self, rank: int, length: int, followers: Followers) -> float:  # noqa: ARG002 - the protocol's shape
        """The constant, or nothing for evidence that is not looked at."""
        return self.part if rank in self.ranks and length <= self.longest else 0.0


OURS: Final = "builtin"
ENGINES: Final[Mapping[str, Trust]] = {
    OURS: LEARNT,
    "6-gram": Constant(0.5, 5, frozenset({evidence.WORKSPACE})),
    "nested cache": Constant(0.5, 5),
    "longest match": Constant(0.999, DEPTH),
}
"""The plainer three are textbook: Jelinek-Mercer's halves over five words before, and the longest context alone."""


@attrs.frozen
class Answer:
    """What one engine said at one cursor."""

    cursor: Cursor
    line: str
    """The rest of the line with silence off."""
    shown: str
    """What a person would see at `normal`."""
    seconds: float = math.nan
    """Of processor time until something was shown or not."""

    @property
    def is_right(self) -> bool:
        """Whether what is shown is what really follows."""
        return self.shown != "" and self.cursor.text.startswith(self.shown, self.cursor.place)


def answers(project: Project, count: int, *, below: bool) -> Iterator[tuple[str, Answer]]:
    """What every engine says at the same cursors; `below` shows them what stands under the line as well."""
    learnt = corpus.learn(project.known.items())
    for cursor in cursors.sample(project, count):
        for name, trust in ENGINES.items():
            yield name, (_ours if name == OURS else _plain)(cursor, asked(cursor, below=below), learnt, trust)


def asked(cursor: Cursor, *, below: bool) -> wire.SuggestionRequest:
    """The request an editor would send."""
    return wire.SuggestionRequest(wire.CurrentFile(cursor.file, cursor.above, cursor.below if below else ""))


def _ours(cursor: Cursor, request: wire.SuggestionRequest, learnt: Corpus, trust: Trust) -> Answer:
    began = time.process_time()
    shown = suggestion.suggest(request, learnt, Lines(lexer.read_line).read).text
    seconds = time.process_time() - began
    return Answer(cursor, line_of(grown(request, learnt, trust)), shown, seconds)


def _plain(cursor: Cursor, request: wire.SuggestionRequest, learnt: Corpus, trust: Trust) -> Answer:
    steps = grown(request, learnt, trust)
    return Answer(cursor, line_of(steps), believed(steps))


def grown(request: wire.SuggestionRequest, learnt: Corpus, trust: Trust) -> list[Step]:
    """The suggestion as it grows, to the end of the line."""
    found = list[Step]()
    for step in suggestion.steps(request, learnt, trust=trust):
        if "\n" in step.text:
            break
        found.append(step)
        if step.ends_line:
            break
    return found


def line_of(steps: list[Step]) -> str:
    """All of it."""
    return steps[-1].text if steps else ""


def believed(steps: list[Step]) -> str:
    """The longest beginning an engine believes in as much as ours must at `normal`; nobody calibrated it."""
    least = math.log(confidence.SURE["normal"])
    sure = [step.text for step in steps if step.belief >= least and len(step.text) >= confidence.SHORTEST]
    return sure[-1] if sure else ""
