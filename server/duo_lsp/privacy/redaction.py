"""Secrets in a text become stars of the same length, so that every place in it stays what it was."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final

from duo_lsp.privacy import named, private_keys
from duo_lsp.privacy.addresses import ADDRESSES
from duo_lsp.privacy.rules import Rule, Span
from duo_lsp.privacy.tokens import TOKENS
from duo_lsp.protocol.text_units import split_lines

RULES: Final[tuple[Rule, ...]] = (*TOKENS, *ADDRESSES)
WORDS: Final = tuple((word, rule) for rule in RULES for word in rule.words)
"""What to look for, and the rule to try where it stands."""

_FILLED: Final = re.compile(r"\S+")


def prepare() -> None:
    """Make all expressions; takes longer than a frame, so that it is best done in a thread before they are needed."""
    _ = [rule.pattern for rule in RULES], [rule.pattern for rule in named.NAMED]


def redacted(text: str) -> str:
    """The text with every secret in it as stars; line ends and blanks stay."""
    parts = split_lines(text)
    known = lines(parts)
    return without_keys("".join(known.get(part, part) for part in parts), text)


def line(text: str) -> str:
    """The same for one line, which knows nothing of its neighbours."""
    return starred(text, spans(text))


def lines(texts: Iterable[str]) -> Mapping[str, str]:
    """The same for many lines: those that have secrets, and what of them may be sent."""
    texts = list(texts)
    whole = "\n".join(texts)
    lower = whole.lower()
    words = [(word, rule) for word, rule in WORDS if word in (whole if rule.begins else lower)]
    changed = ((text, starred(text, spans(text, words))) for text in texts)
    return {text: may_be_sent for text, may_be_sent in changed if text != may_be_sent}


def name(text: str) -> str:
    """The same for the name of a file, whose extension stays: it says which language the file is in."""
    stem, dot, extension = text.rpartition(".")
    return f"{line(stem)}{dot}{extension}" if stem and "/" not in extension else line(text)


def spans(text: str, words: Iterable[tuple[str, Rule]] = WORDS) -> Iterator[Span]:
    """Where secrets stand in one line."""
    lower = text.lower()
    if len(lower) != len(text):  # a few letters become two in lower case
        lower = "".join(char.lower()[0] for char in text)
    for word, rule in words:
        if word in (text if rule.begins else lower):
            yield from rule.spans(text, word)
    yield from named.spans(text, lower)


def without_keys(text: str, original: str) -> str:
    """The text, redacted line by line already, without the private keys that the original has over many lines."""
    return starred(text, private_keys.spans(original))


def starred(text: str, places: Iterable[Span]) -> str:
    """The text with stars at these places; blanks stay blanks there."""
    parts, at = [], 0
    for start, end in sorted(places):
        if end > at:
            parts += [text[at:start], _FILLED.sub(_stars, text[max(at, start) : end])]
            at = end
    return "".join([*parts, text[at:]]) if parts else text


def _stars(found: re.Match[str]) -> str:
    return "*" * len(found[0])
