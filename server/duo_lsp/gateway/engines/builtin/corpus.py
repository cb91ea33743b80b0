"""What was learnt from a workspace; it never changes, a new one takes its place."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Protocol

import attrs

from duo_lsp.gateway.engines.builtin import evidence, lexer, patterns
from duo_lsp.gateway.engines.builtin.evidence import Level
from duo_lsp.gateway.engines.builtin.names import Names
from duo_lsp.gateway.engines.builtin.occurrences import Occurrences
from duo_lsp.gateway.engines.builtin.words import EDGE_ID, Words


class Knowledge(Protocol):
    """What one request may know of a workspace."""

    @property
    def words(self) -> Words:
        """The numbers of all lexemes in it."""

    def levels(self, file_name: str) -> tuple[Level, ...]:
        """All that stands in it, but for the saved copy of this open file."""

    def beginning(self, typed: str) -> Counter[str]:
        """The names in it that begin so, and how often they occur."""


@attrs.frozen
class Corpus:
    """The workspace's words, every place they stand, and which file is where."""

    words: Words = attrs.field(factory=Words)
    occurrences: Occurrences = attrs.field(factory=lambda: Occurrences(array("I")))
    names: Names = attrs.field(factory=lambda: Names({}))
    files: dict[str, tuple[int, int]] = attrs.field(factory=dict)
    kinds: Mapping[str, Occurrences] = attrs.field(factory=dict)
    """The patterns of some files of the most frequent kinds."""

    def levels(self, file_name: str) -> tuple[Level, ...]:
        """All that stands in it, but for the saved copy of this open file."""
        return (Level(evidence.WORKSPACE, self.occurrences, self.places_of(file_name)), *self.patterns(file_name))

    def patterns(self, file_name: str) -> tuple[Level, ...]:
        """The patterns of files of this kind; without a name in them, they give nobody away."""
        known = self.kinds.get(patterns.kind(file_name))
        return (Level(evidence.PATTERN, known),) if known else ()

    def beginning(self, typed: str) -> Counter[str]:
        """The names in it that begin so, and how often they occur."""
        return self.names.counted(typed)

    def places_of(self, file_name: str) -> range:
        """Where the saved copy of an open file stands; nothing when the name fits several files."""
        found = self.fitting(file_name)
        return self.places(found[0]) if len(found) == 1 else range(0)

    def fitting(self, file_name: str) -> list[str]:
        """The files that a request may mean by this name."""
        name = file_name.replace("\\", "/")
        end = "/" + name
        return [file for file in self.files if file == name or file.endswith(end)]

    def places(self, file: str) -> range:
        """Where a file stands."""
        return self.occurrences.reversed_range(*self.files[file])


class Reader:
    """Reads texts; what was read can be learnt at any time, and then more be read."""

    def __init__(self) -> None:
        self._words = Words()
        self._marks = array("I", [2 * EDGE_ID])
        self._files: dict[str, tuple[int, int]] = {}
        self._kinds: dict[str, Occurrences] = {}

    def read(self, texts: Iterable[tuple[str, str]]) -> None:
        """Read named texts."""
        for name, text in texts:
            start = len(self._marks) - 1
            self._marks.extend(self._words.marks(lexer.lex(text)))
            self._files[name] = (start, len(self._marks))
            self._marks.append(2 * EDGE_ID)

    def corpus(self, sorted_: Callable[[float], None] = lambda _: None) -> Corpus:
        """All that was read; `sorted_` is told how much of the work is done, up to 1."""
        names = Names(lexemes(self._words, Counter(self._marks)))
        occurrences = Occurrences(self._marks)
        occurrences.sort(sorted_)
        self._kinds = patterns.learn(self._words, self._marks, self._files, self._kinds)
        return Corpus(self._words, occurrences, names, dict(self._files), self._kinds)


def learn(texts: Iterable[tuple[str, str]]) -> Corpus:
    """Learn from named texts."""
    reader = Reader()
    reader.read(texts)
    return reader.corpus()


def laid_together(words: Words, texts: Mapping[str, array[int]]) -> Corpus:
    """What was read of a few texts already, in these numbers; it is sorted where it is asked for."""
    marks, files, counts = array("I"), dict[str, tuple[int, int]](), Counter[int]()
    for name, text in texts.items():
        files[name] = (len(marks), len(marks) + 1 + len(text))
        marks.append(2 * EDGE_ID)
        marks.extend(text)
        counts.update(text)
    marks.append(2 * EDGE_ID)
    return Corpus(words, Occurrences(marks), Names(lexemes(words, counts)), files)


def lexemes(words: Words, marks: Mapping[int, int]) -> Counter[str]:
    """How often each lexeme stands among these marks."""
    counts = Counter[str]()
    for mark, count in marks.items():
        counts[words.lexeme(mark >> 1)] += count
    return counts
