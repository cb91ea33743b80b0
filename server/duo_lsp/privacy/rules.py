"""What rules for secrets are made of."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Final

import attrs

Span = tuple[int, int]
"""From the first character to before the last."""

SHORTEST: Final = 8
"""Characters from which a token that begins as one does is hidden, whether it is whole or still being typed."""

_START: Final = r"(?:(?<![A-Za-z0-9])|(?<=\\[nrt]))"
"""Not in the middle of a word, but right after a written line end."""


def _always(_: str) -> bool:
    return True


@attrs.frozen(eq=False)
class Rule:
    """How one kind of secret is recognised in one line."""

    name: str
    words: tuple[str, ...]
    """Without one of them in the line nothing is tried: looking for a word is cheap."""
    expression: str
    """Its group `secret` is what is hidden, or all of it where there is no such group."""
    accepts: Callable[[str], bool]
    """Whether what was found is one: what an expression cannot say."""
    begins: bool
    """The words are how the secret begins, letter by letter, so that nothing is tried elsewhere.

    Otherwise they are in lower case and stand anywhere in it.
    """

    @cached_property
    def pattern(self) -> re.Pattern[str]:
        """Made when it is needed for the first time: all of them together take longer than a start may."""
        return re.compile(self.expression, re.NOFLAG if self.begins else re.IGNORECASE)

    def spans(self, text: str, word: str) -> Iterator[Span]:
        """Where such secrets stand in a line that has this word."""
        group = "secret" if "secret" in self.pattern.groupindex else 0
        for found in self._beginning(text, word) if self.begins else self.pattern.finditer(text):
            if self.accepts(found[group]):
                yield found.span(group)

    def _beginning(self, text: str, word: str) -> Iterator[re.Match[str]]:
        at = text.find(word)
        while at >= 0:
            found = self.pattern.match(text, at)
            if found:
                yield found
            at = text.find(word, found.end() if found else at + 1)


def token(name: str, prefixes: str, letters: str = r"\w-", accepts: Callable[[str], bool] = _always) -> Rule:
    """A rule for tokens that begin in a way nothing else does; `prefixes` are parted by blanks.

    As soon as eight characters stand there it is hidden, so that no one being typed slips out.
    `accepts` is asked about what follows the prefix.
    """
    words = tuple(prefixes.split())
    whole = "|".join(f"{re.escape(word)}[{letters}]{{{max(1, SHORTEST - len(word))},}}" for word in words)

    def accepts_rest(value: str) -> bool:
        return accepts(value[max(len(word) for word in words if value.startswith(word)) :])

    return Rule(name, words, f"{_START}(?:{whole})", accepts_rest, begins=True)


def shape(name: str, words: str, pattern: str, accepts: Callable[[str], bool] = _always) -> Rule:
    """A rule of any shape, in letters of either case; `words` are parted by blanks."""
    return Rule(name, tuple(words.split()), pattern, accepts, begins=False)


def is_mixed(value: str) -> bool:
    """Whether it has a digit, or capitals inside: words of a language, and of most names, have neither."""
    return any(char.isdigit() or char.isupper() for char in value[1:])
