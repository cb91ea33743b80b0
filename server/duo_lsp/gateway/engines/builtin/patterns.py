"""Lines without their names: each is told by how far back it last stood, so `self.x = x` is the same everywhere."""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

from duo_lsp.gateway.engines.builtin.occurrences import Occurrences
from duo_lsp.gateway.engines.builtin.words import Words

BACK = 24
"""How many tokens back a name may be told to be a copy of."""
SHORT = 2
"""Digits of a number that is part of a pattern; a longer one may be somebody's secret."""

TOKENS = 100_000
"""Read of one kind of file; three times as many tell hardly more."""
KINDS = 3

_COPIES = BACK + 1
"""Numbers below are no lexemes but tell how far back a name stood, 0 for one that is new; lexemes come after them."""

_KEYWORDS = """
False None True and as assert async await break class continue def del elif else except finally for from
global if import in is lambda nonlocal not or pass raise return try while with yield self cls super print len
isinstance str int list dict set tuple bool float object range type function var let const new this typeof
instanceof switch case default throw catch do void null undefined true false export extends static public
private protected interface enum struct package func fn mut impl use pub match mod crate string number boolean
any final abstract namespace using template typename auto char double long short unsigned end then elsif
unless begin module require nil go defer chan map select fallthrough goto
"""
KEYWORDS = frozenset(_KEYWORDS.split())
"""Words that mean the same in every project."""


def is_name(lexeme: str) -> bool:
    """Whether a lexeme is a project's own: a name, or a number that is not short."""
    if lexeme[0].isdigit():
        return len(lexeme) > SHORT
    return lexeme[0].isidentifier() and lexeme not in KEYWORDS


class Patterns:
    """Reads tokens as patterns; remembers which of them are names."""

    def __init__(self, words: Words) -> None:
        self._words = words
        self._names: dict[int, bool] = {}

    def read(self, tokens: Sequence[int]) -> list[int]:
        """The numbers of tokens, those of names replaced."""
        return [mark >> 1 for mark in self.marks([2 * token for token in tokens])]

    def marks(self, marks: Iterable[int]) -> array[int]:
        """The same for marks, which tell the blank before a token too."""
        names, last, found = self._names, dict[int, int](), array("I")
        for place, mark in enumerate(marks):
            token = mark >> 1
            is_ours = names.get(token)
            if is_ours is None:
                is_ours = names[token] = is_name(self._words.lexeme(token))
            if is_ours:
                back = place - last.get(token, -BACK - 1)
                last[token] = place
                found.append((2 * back if back <= BACK else 0) + (mark & 1))
            else:
                found.append(mark + 2 * _COPIES)
        return found


def meant(counts: Mapping[int, int], context: Sequence[int]) -> Counter[int]:
    """The marks that patterns stand for after these tokens; a new name may be any, and is left out."""
    found = Counter[int]()
    for mark, count in counts.items():
        number = mark >> 1
        if number >= _COPIES:
            found[mark - 2 * _COPIES] += count
        elif 0 < number <= len(context):
            found[2 * context[-number] + (mark & 1)] += count
    return found


def kind(file_name: str) -> str:
    """What a file's name ends in; files of one kind have patterns in common."""
    return file_name.replace("\\", "/").rpartition("/")[2].rpartition(".")[2].lower()


def learn(
    words: Words,
    marks: array[int],
    files: Mapping[str, tuple[int, int]],
    before: Mapping[str, Occurrences] = MappingProxyType({}),
) -> dict[str, Occurrences]:
    """The patterns of the most frequent kinds of files, which stand in `marks` from where to where.

    What was learnt `before` of the first of these files is not learnt again where it was enough.
    """
    sizes = Counter[str]()
    for name, (start, end) in files.items():
        sizes[kind(name)] += end - start
    streams = {each: array("I") for each, _ in sizes.most_common(KINDS)}
    ready = {each: known for each, known in before.items() if each in streams and len(known) >= TOKENS}
    reader = Patterns(words)
    for name, (start, end) in files.items():
        stream = streams.get(kind(name))
        if stream is not None and kind(name) not in ready and len(stream) < TOKENS:
            stream.extend(reader.marks(marks[start:end]))
    return {each: ready.get(each) or _sorted(stream) for each, stream in streams.items()}


def _sorted(stream: array[int]) -> Occurrences:
    found = Occurrences(stream)
    found.sort()
    return found
