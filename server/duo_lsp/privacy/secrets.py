"""Tokens: held so that they cannot be printed, and masked wherever they turn up in text."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from urllib.parse import quote

MASK = "[hidden]"
_SHORTEST = 4

_SHAPES = re.compile(
    r"gl[a-z]{2,7}-[\w.-]{8,}"  # GitLab's own prefixes: glpat-, gloas-, glcbt-, ...
    r"|(?<=GR1348941)[\w-]{8,}"  # a runner's, of old
    r"|(?<![\w-])eyJ[\w-]{8,}(?:\.[\w-]*){1,4}"  # a JSON web token; begun once a word, not to go back over long ones
    r"|(?<=://)[^/\s@\"'<>]+(?=@)"  # a name and password in an address
)
_NAMED = re.compile(
    r"((?:token|password|client_secret|device_code|_gitlab_session|authorization)[\"']*\s*[:=]\s*[\"']*(?:(?:bearer|basic)\s+)?"
    r"|\b(?:bearer|basic)\s+)(?!\[hidden\])[^\s\"'&,;<>]{4,}",
    re.IGNORECASE,
)
"""What stands behind a name that says what it is: in a header, a query, JSON, or Python's writing of any of these."""


class Secret:
    """A text that shows as `[hidden]`; only `reveal` gives it away."""

    __slots__ = ("_value",)

    def __init__(self, value: str = "") -> None:
        """Keep a token, stripped.

        Raises ValueError unless it is printable ASCII, which also keeps line ends out of headers.
        """
        stripped = value.strip()
        if not (stripped.isascii() and stripped.isprintable()) or " " in stripped:
            raise ValueError("a token has only printable ASCII characters and no blanks")
        self._value = stripped

    def reveal(self) -> str:
        """The token itself, for the one place that sends it."""
        return self._value

    def __bool__(self) -> bool:
        return bool(self._value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and self._value == other._value

    def __hash__(self) -> int:
        return hash(self._value)

    def __repr__(self) -> str:
        return MASK if self._value else "''"


def mask(text: str, known: Iterable[Secret] = ()) -> str:
    """Replace every known secret, and everything shaped like one, by `[hidden]`."""
    spellings = {spelling for secret in known for spelling in _spellings(secret.reveal())}
    for spelling in sorted(spellings, key=len, reverse=True):  # one may be part of another
        text = text.replace(spelling, MASK)
    return _NAMED.sub(rf"\1{MASK}", _SHAPES.sub(MASK, text))


def _spellings(token: str) -> Iterator[str]:
    """A token as it is, and as it comes out of `%r`, JSON and addresses; a very short one is in every word."""
    if len(token) < _SHORTEST:
        return
    yield token
    yield repr(token)[1:-1]
    yield repr(f"'{token}\"")[2:-3]  # among both kinds of quotes
    yield json.dumps(token)[1:-1]
    yield quote(token, safe="")
    yield quote(token)
