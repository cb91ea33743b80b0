"""Which of many lines have one of many words, at a cost that hardly grows with the number of words."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate

from duo_lsp.privacy.names import lower


class Haystack:
    """Lines put together into one text, so that a word is looked for in all of them at once."""

    def __init__(self, texts: Sequence[str]) -> None:
        self.texts = texts
        self.whole = "\n".join(texts)
        self._lower = lower(self.whole)
        self.vocabulary = " ".join(set(self._lower.split()))
        """In lower case, each run of characters between blanks once: code says little that is new."""

    def lines_with(self, words: Iterable[str]) -> list[str]:
        """The lines that have one of these words, which are in lower case and without blanks; in their order."""
        starts = [0, *accumulate(len(text) + 1 for text in self.texts)]
        found = {index for word in words if word in self.vocabulary for index in self._indices(word, starts)}
        return [self.texts[index] for index in sorted(found)]

    def _indices(self, word: str, starts: Sequence[int]) -> Iterator[int]:
        at = self._lower.find(word)
        while at >= 0:
            index = bisect_right(starts, at) - 1
            yield index
            at = self._lower.find(word, starts[index + 1])
