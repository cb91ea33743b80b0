"""Secrets in a text become stars of the same length, so that every place in it stays what it was."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

import attrs

from duo_lsp.privacy import named, names, next_line, private_keys
from duo_lsp.privacy.addresses import ADDRESSES
from duo_lsp.privacy.haystack import Haystack
from duo_lsp.privacy.next_line import Opening
from duo_lsp.privacy.rules import SHORTEST, Rule, Span
from duo_lsp.privacy.tokens import TOKENS
from duo_lsp.protocol.text_units import split_lines

RULES: Final[tuple[Rule, ...]] = (*TOKENS, *ADDRESSES)
WORDS: Final = tuple((word, rule) for rule in RULES for word in rule.words)
"""What to look for, and the rule to try where it stands."""
_SHAPES: Final = tuple((word.lower(), word, rule) for word, rule in WORDS if not rule.begins)
_MARKS: Final = ("_", "-", ".", "")
_TOKENS: Final = tuple(
    (
        mark,
        [
            (word.lower(), word, rule)
            for word, rule in WORDS
            if rule.begins and mark == next(filter(word.count, _MARKS), "")
        ],
    )
    for mark in _MARKS
)
"""By a mark that they have: what is looked for where hardly anything has it is looked for in hardly anything."""

BARE: Final = frozenset(
    {"yaml", "yml", "ini", "cfg", "conf", "properties", "java-properties", "jproperties", "dotenv", "env", "toml"}
    | {"dockerfile", "docker", "dockercompose", "shellscript", "sh", "bash", "zsh", "fish", "bat", "desktop", "systemd"}
    | {"confini", "dosini", "config", "ansible", "yaml.ansible", "yaml.docker-compose", "helm", "gitconfig"}
)
"""Languages, by the names that editors give them, in which a password needs no quotes."""

_FILLED: Final = re.compile(r"\S+")


def needs_no_quotes(*kinds: str) -> bool:
    """Whether one of these, a language or a file name's extension, is one in which a password needs no quotes."""
    return not BARE.isdisjoint(name.removeprefix(".").lower() for name in kinds)


@functools.cache
def prepare() -> None:
    """Make all expressions; takes longer than a frame, so that it is best done in a thread before they are needed."""
    _ = [rule.pattern for rule in RULES], [rule.pattern for rule in named.NAMED]


def is_prepared() -> bool:
    """Whether that has been done."""
    return prepare.cache_info().currsize > 0


def redacted(text: str, *, bare: bool = False) -> str:
    """The text with every secret in it as stars; line ends and blanks stay.

    `bare` says that it is in a language in which texts need no quotes; see `BARE`.
    """
    parts = split_lines(text)
    known = look(parts, bare=bare)
    return without_keys(below(parts, known.stars, known.openings, bare=bare), text)


def line(text: str) -> str:
    """The same for one line, which knows nothing of its neighbours."""
    return starred(text, spans(text))


@attrs.frozen
class Looked:
    """What is known of many lines, none of which knows of its neighbours."""

    stars: Mapping[str, str]
    """Those with secrets, and what of them may be sent."""
    openings: Mapping[str, Opening]
    """Those that announce a secret on the lines below them."""


def look(texts: Iterable[str], *, bare: bool = False) -> Looked:
    """Look at many lines; only those that have a word of a rule or a name are read one by one."""
    haystack = Haystack(list(texts), SHORTEST)
    tried = [(haystack.vocabulary, _SHAPES), *((haystack.long_words(mark), group) for mark, group in _TOKENS)]
    words = [
        (word, rule)
        for present, group in tried
        for lower, word, rule in group
        if lower in present and (not rule.begins or word in haystack.whole)
    ]
    named_ones = haystack.lines_with(names.WORDS)
    changed = (
        (text, starred(text, spans(text, words, bare=bare)))
        for text in {*named_ones, *haystack.lines_with(word.lower() for word, _ in words)}
    )
    stars = {text: may_be_sent for text, may_be_sent in changed if text != may_be_sent}
    return Looked(stars, _openings(named_ones))


def _openings(texts: Iterable[str]) -> Mapping[str, Opening]:
    return {text: found for text in texts if (found := next_line.opening(text, names.lower(text)))}


def announcing(above: Sequence[str]) -> str:
    """From the line on that announces a secret for what is below all of these; nothing when none does."""
    known = _openings(above)
    first = next((index for index, text in enumerate(above) if text in known), len(above))
    return "".join(above[first:])


def below(parts: Sequence[str], known: Mapping[str, str], announced: Mapping[str, Opening], *, bare: bool) -> str:
    """All lines, with stars for what is known of them and for what stands below its name."""
    sent = [known.get(part, part) for part in parts] if known else list(parts)
    if announced:
        for index, place in next_line.spans(parts, announced, bare=bare):
            sent[index] = starred(sent[index], [place])
    return "".join(sent)


def name(text: str) -> str:
    """The same for the name of a file, whose extension stays: it says which language the file is in."""
    stem, dot, extension = text.rpartition(".")
    return f"{line(stem)}{dot}{extension}" if stem and "/" not in extension else line(text)


def spans(text: str, words: Iterable[tuple[str, Rule]] = WORDS, *, bare: bool = False) -> Iterator[Span]:
    """Where secrets stand in one line."""
    lower = names.lower(text)
    for word, rule in words:
        if word in (text if rule.begins else lower):
            yield from rule.spans(text, word)
    yield from named.spans(text, lower, bare=bare)


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
