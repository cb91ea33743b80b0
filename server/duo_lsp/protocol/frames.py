"""Messages on a pipe: a header that says how long the body is, a blank line, the body (LSP, Base Protocol)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from duo_lsp.errors import FrameError

MAX_BODY: Final = 64 << 20
MAX_HEADER: Final = 8 << 10

_BLANK_LINE: Final = re.compile(rb"\r?\n\r?\n")
_LENGTH: Final = re.compile(rb"[ \t]*(\d{1,30})[ \t]*")


class Frames:
    """Cuts bytes, as they come, into the bodies of messages."""

    __slots__ = ("_length", "_waiting")

    def __init__(self) -> None:
        self._waiting = bytearray()
        self._length: int | None = None
        """Of the body whose header was read."""

    def feed(self, data: bytes) -> Iterator[bytes]:
        """The bodies that are whole with these bytes. Raises FrameError, after which nothing can be told apart."""
        self._waiting += data
        while (body := self._next()) is not None:
            yield body

    def _next(self) -> bytes | None:
        if self._length is None:
            self._length = self._header()
        if self._length is None or len(self._waiting) < self._length:
            return None
        body = bytes(memoryview(self._waiting)[: self._length])
        del self._waiting[: self._length]
        self._length = None
        return body

    def _header(self) -> int | None:
        head = bytes(self._waiting[:MAX_HEADER])
        end = _BLANK_LINE.search(head)
        if end is not None:
            del self._waiting[: end.end()]
            return content_length(head[: end.start()])
        if len(head) == MAX_HEADER:
            raise FrameError(f"The editor sent a header of more than {MAX_HEADER} bytes.")
        return None


def content_length(head: bytes) -> int:
    """What a header says about its body; names count in any case, as in HTTP. Raises FrameError."""
    for line in head.split(b"\n"):
        name, colon, value = line.rstrip(b"\r").partition(b":")
        if colon and name.strip().lower() == b"content-length":
            number = _LENGTH.fullmatch(value)
            if number is None:
                raise FrameError("The editor sent a header whose Content-Length is no number.")
            if int(number[1]) > MAX_BODY:
                raise FrameError(f"The editor announced a message of more than {MAX_BODY} bytes.")
            return int(number[1])
    raise FrameError("The editor sent a header without Content-Length.")


def frame(body: bytes) -> bytes:
    """A body with its header."""
    return b"Content-Length: %d\r\n\r\n%b" % (len(body), body)
