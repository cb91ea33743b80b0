"""Where a line names a secret: `password`, `api_key`, `DB_PASS` and their like."""

from __future__ import annotations

import re
from collections.abc import Iterator
from enum import IntEnum
from typing import Final

import attrs


class Weight(IntEnum):
    """How much a name says about the text behind it."""

    VAGUE = 0
    """A `key` or a `session` may hold anything."""
    TOKEN = 1
    """A `token` may also be a word of a language."""
    PASSWORD = 2


@attrs.frozen
class Name:
    """A name, or the end of one, from `start` to before `end`."""

    start: int
    end: int
    weight: Weight


_NAME: Final = re.compile(
    r"(?P<PASSWORD>p(?:ass(?:word|wd|phrase|code)|wd)|securestring|secret|credential)"
    r"|(?P<short>pass(?![a-z])|pw(?![a-z]))"
    r"|(?P<TOKEN>token(?!i[sz]))|(?P<key>key)|(?P<VAGUE>auth|bearer|cookie|cred|dsn|salt|session|signature)"
)
WORDS: Final = (
    *("pass", "pw", "secret", "cred", "token", "key"),
    *("auth", "bearer", "cookie", "dsn", "salt", "securestring", "session", "signature"),
)
"""Where none of these stands, in lower case, there is no name."""
_TAIL: Final = re.compile(
    r"s?(?:[-_]?(?:key|value|base|str|string|text|hash|prod|dev|test|live|old|new|default|\d{1,3})(?![a-z])){0,2}"
)
_SUBJECTS: Final = (
    *("api", "access", "account", "admin", "app", "application", "auth", "bearer", "bot", "client", "consumer"),
    *("deploy", "encryption", "id", "jwt", "license", "master", "private", "refresh", "secret", "service", "session"),
    *("shared", "signing", "storage", "webhook"),
)
"""Whose key or token it is that is as good as a password."""
_JOINTS: Final = frozenset("_-\"'")
_LONGEST_SUBJECT: Final = max(map(len, _SUBJECTS)) + 1


def lower(text: str) -> str:
    """The text in lower case, letter by letter: a few become two otherwise."""
    made = text.lower()
    return made if len(made) == len(text) else "".join(char.lower()[0] for char in text)


def find(lower: str) -> Iterator[Name]:
    """The names in a line, which is in lower case."""
    for found in _NAME.finditer(lower):
        weight = _weight(found, lower)
        if weight is not None:
            tail = _TAIL.match(lower, found.end())
            yield Name(found.start(), tail.end() if tail else found.end(), weight)


def _weight(found: re.Match[str], lower: str) -> Weight | None:
    start = found.start()
    match found.lastgroup:
        case "short":
            before = lower[start - 1 : start] if start else ""
            return Weight.PASSWORD if before in _JOINTS else None if before.isalnum() else Weight.TOKEN
        case "key" | "TOKEN" if _has_subject(lower[max(0, start - _LONGEST_SUBJECT) : start].rstrip("-_. ")):
            return Weight.PASSWORD
        case "key":
            return Weight.VAGUE
        case kind:
            return Weight[str(kind)]


def _has_subject(before: str) -> bool:
    return before.endswith(_SUBJECTS) and not before.endswith("valid")
