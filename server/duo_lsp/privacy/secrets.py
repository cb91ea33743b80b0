"""Tokens: held so that they cannot be printed, and masked wherever they turn up in text."""

from __future__ import annotations

import re
from collections.abc import Iterable

MASK = "[hidden]"

_SHAPES = re.compile(
    r"gl[a-z]{2,7}-[\w.-]{8,}"  # GitLab's own prefixes: glpat-, gloas-, glcbt-, ...
    r"|(?i:(?<=bearer )|(?<=private-token: )|(?<=token=)|(?<=token\": \"))[\w.~+/-]{8,}=*"
    r"|eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]+"  # a JSON web token
    r"|(?<=://)[^/\s:@]+:[^/\s@]+(?=@)"  # a name and password in an address
)


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
    for secret in known:
        if len(secret.reveal()) >= 4:
            text = text.replace(secret.reveal(), MASK)
    return _SHAPES.sub(MASK, text)
