"""A JSON string that comes in pieces of any size: text as soon as it is there (RFC 8259, section 7)."""

from __future__ import annotations

import json
import re
from typing import Final


class JsonText:
    """Takes the characters of a JSON string as they come."""

    def __init__(self) -> None:
        self.ended = False
        """Whether the closing quote has come."""
        self._begun = False
        self._rest = ""

    def feed(self, text: str) -> str:
        """The part of the string that is new. Raises ValueError when this is no JSON string."""
        self._rest += text
        if not self._begun:
            self._rest = self._rest.lstrip(_BLANKS)
            if not self._rest:
                return ""
            if self._rest[0] != '"':
                raise ValueError("no string")
            self._begun, self._rest = True, self._rest[1:]
        return self._after_end() if self.ended else self._inside()

    def _inside(self) -> str:
        end = _whole(self._rest)
        new, self._rest = self._rest[:end], self._rest[end:]
        if self._rest.startswith('"'):
            self.ended, self._rest = True, self._rest[1:]
            self._after_end()
        value = json.loads(f'"{new}"', strict=False)
        return str(value).encode("utf-16", "surrogatepass").decode("utf-16", "replace")

    def _after_end(self) -> str:
        if self._rest.strip(_BLANKS):
            raise ValueError("something after the string")
        self._rest = ""
        return ""


def _whole(text: str) -> int:
    """How many characters at the beginning are whole, up to the closing quote.

    Looked at a part at a time: one match over megabytes of escapes would take many times their memory.
    """
    end = 0
    while (found := _WHOLE.match(text, end, end + _PART)) and found.end() > end:
        end = found.end()
    return end


_PART: Final = 4096
_BLANKS: Final = " \t\r\n"
_WHOLE: Final = re.compile(
    r'(?:[^"\\]+'
    r"|\\[^u]"
    r"|\\u(?![dD][89abAB])[0-9a-fA-F]{4}"
    r"|\\u[dD][89abAB][0-9a-fA-F]{2}"
    r"(?:\\u[dD][c-fC-F][0-9a-fA-F]{2}|(?=[^\\]|\\[^u]|\\u(?![dD][c-fC-F])[0-9a-fA-F]{4})))*"
)
"""Characters and escapes that are whole: the first half of a character in two waits for the other (RFC 8259, 7)."""
