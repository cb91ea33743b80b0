"""What was learnt from a workspace; it never changes, a new one takes its place."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Callable, Iterable

import attrs

from duo_lsp.gateway.engines.builtin import lexer
from duo_lsp.gateway.engines.builtin.lexer import EDGE
from duo_lsp.gateway.engines.builtin.names import Names
from duo_lsp.gateway.engines.builtin.occurrences import Occurrences
from duo_lsp.gateway.engines.builtin.words import EDGE_ID, Words


@attrs.frozen
class Corpus:
    """The workspace's words, every place they stand, and which file is where."""

    words: Words = attrs.field(factory=Words)
    occurrences: Occurrences = attrs.field(factory=lambda: Occurrences(array("I")))
    names: Names = attrs.field(factory=lambda: Names({}))
    files: dict[str, tuple[int, int]] = attrs.field(factory=dict)

    def places_of(self, file_name: str) -> range:
        """Where the saved copy of an open file stands; nothing when the name fits several files."""
        name = file_name.replace("\\", "/")
        found = [where for file, where in self.files.items() if file == name or file.endswith("/" + name)]
        return self.occurrences.reversed_range(*found[0]) if len(found) == 1 else range(0)


def learn(texts: Iterable[tuple[str, str]], breathe: Callable[[], None]) -> Corpus:
    """Learn from named texts; `breathe` is called often, to let others work."""
    words, marks, files, counts = Words(), array("I"), dict[str, tuple[int, int]](), Counter[str]()
    for name, text in texts:
        breathe()
        tokens = lexer.lex(text)
        start = len(marks)
        marks.append(2 * EDGE_ID)
        marks.extend(words.marks(tokens))
        files[name] = (start, len(marks))
        counts.update(lexeme for lexeme, _ in tokens)
    marks.append(2 * words.number(EDGE))
    occurrences = Occurrences(marks)
    occurrences.sort(breathe)
    return Corpus(words, occurrences, Names(counts), files)
