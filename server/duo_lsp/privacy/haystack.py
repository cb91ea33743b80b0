"""Which of many lines have one of many words, at a cost that hardly grows with the number of words."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import accumulate

from duo_lsp.privacy.names import lower


class Haystack:
    """Lines put together into one text, so that a word is looked for in all of them at once."""

    def __init__(self, texts: Sequence[str], long: int) -> None:
        """`long` is how many characters a long word has."""
        self.texts = texts
        self.whole = "\n".join(texts)
        self._lower = lower(self.whole)
        words = set(self._lower.split())
        self.vocabulary = " ".join(words)
        """In lower case, each run of characters between blanks once: code says little that is new."""
        self._long = [word for word in words if len(word) >= long]

    def long_words(self, mark: str) -> str:
        """The long ones of the vocabulary that have this mark."""
        return " ".join([word for word in self._long if mark in word])

    def lines_with(self, words: Iterable[str]) -> list[str]:
        """The lines that have one of these words, which are in lower case and without blanks; in their order."""
        found = {index for word in words if word in self.vocabulary for index in self._indices(word)}
        return [self.texts[index] for index in sorted(found)]

    @cached_property
    def _starts(self) -> Sequence[int]:
        """Where each line begins in the whole text."""
        return [0, *accumulate(map((1).__add__, map(len, self.texts)))]

    def _indices(self, word: str) -> Iterator[int]:
        at = self._lower.find(word)
        while at >= 0:
            index = bisect_right(self._starts, at) - 1
            yield index
            at = self._lower.find(word, self._starts[index + 1])
