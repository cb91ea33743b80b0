"""The workspace as it is now: what was learnt of it in one go, and the files that have changed since."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Final, Self

import attrs

from duo_lsp.gateway.engines.builtin import corpus, evidence, lexer
from duo_lsp.gateway.engines.builtin.corpus import Corpus
from duo_lsp.gateway.engines.builtin.evidence import Level
from duo_lsp.gateway.engines.builtin.words import Words

WORN: Final = 60_000
"""Tokens that have changed, about 250 kB: with more of them every further change would take too long."""


@attrs.frozen
class Present:
    """Changed files count as they are now, in place of what was learnt of them; it never changes itself."""

    learnt: Corpus = attrs.field(factory=Corpus)
    since: Corpus = attrs.field(factory=Corpus)
    """The files that have changed."""
    hidden: bytes = b""
    """1 for each place of `learnt` that is no longer so; empty where all still are."""
    gone: Counter[str] = attrs.field(factory=Counter)
    """The lexemes there."""
    changed: Mapping[str, array[int]] = attrs.field(factory=dict)
    """The marks of each file that has changed; of one that is left out now, none."""
    read: Callable[[str], array[int]] = attrs.field()
    """Gives the marks of a text, in the numbers of what was learnt."""

    @read.default
    def _plainly(self) -> Callable[[str], array[int]]:
        return lambda text: self.learnt.words.marks(lexer.lex(text))

    @property
    def words(self) -> Words:
        """The numbers of all lexemes."""
        return self.learnt.words

    @property
    def is_worn(self) -> bool:
        """Whether so much has changed that it is time to learn everything afresh."""
        return len(self.since.occurrences) + self.hidden.count(1) > WORN

    @property
    def files(self) -> set[str]:
        """All that is known."""
        return {*self.since.files, *self.learnt.files} - {name for name, marks in self.changed.items() if not marks}

    def levels(self, file_name: str) -> tuple[Level, ...]:
        """All that stands in it, but for the saved copy of this open file."""
        if not self.changed:
            return self.learnt.levels(file_name)
        before = [name for name in self.learnt.fitting(file_name) if name not in self.changed]
        after = self.since.fitting(file_name)
        only = len(before) + len(after) == 1
        return (
            Level(
                evidence.WORKSPACE,
                self.learnt.occurrences,
                self.learnt.places(before[0]) if only and before else range(0),
                self.hidden,
            ),
            Level(
                evidence.WORKSPACE,
                self.since.occurrences,
                self.since.places(after[0]) if only and after else range(0),
            ),
            *self.learnt.patterns(file_name),
        )

    def beginning(self, typed: str) -> Counter[str]:
        """The names in it that begin so, and how often they occur."""
        counts = self.learnt.beginning(typed)
        if self.gone:
            counts -= Counter({name: self.gone[name] for name in counts})
        return counts + self.since.beginning(typed)

    def with_texts(self, texts: Mapping[str, str | None]) -> Self:
        """The same with these files as they are now; None for one that is gone, or is to be left out.

        Gives new numbers to new lexemes: for one thread at a time.
        """
        marks = {name: array("I") if text is None else self.read(text) for name, text in texts.items()}
        changed = {**self.changed, **marks}
        since = corpus.laid_together(self.words, {name: each for name, each in changed.items() if each})
        stale = [self.learnt.places(name) for name in texts if name in self.learnt.files and name not in self.changed]
        if not stale:
            return attrs.evolve(self, since=since, changed=changed)
        hidden, marks_gone = bytearray(self.hidden or len(self.learnt.occurrences)), Counter[int]()
        for places in stale:
            hidden[places.start : places.stop] = b"\1" * len(places)
            marks_gone.update(self.learnt.occurrences.marks(places))
        gone = self.gone + corpus.lexemes(self.words, marks_gone)
        return attrs.evolve(self, since=since, hidden=bytes(hidden), gone=gone, changed=changed)
