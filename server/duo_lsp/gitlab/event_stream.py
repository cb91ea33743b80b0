"""A suggestion that comes in pieces: server-sent events, or bare text under the same content type.

GitLab 17.7 and later send events (`stream_start`, `content_chunk`, `stream_end`) and say so in a header. For a
while there was no such header, so that a leading `event: stream_start` says it too; before, text came as it was.
The framing is that of the HTML standard, section "Server-sent events".
"""

from __future__ import annotations

import codecs
import json
import re
from typing import Final

from duo_lsp import wire

_OPENING: Final = "event: stream_start"
_LINE_END = re.compile(r"\r\n|\n|\r(?!\Z)")
"""A carriage return at the end of a piece may be half of a line end; what follows tells."""


class EventStream:
    """Takes the bytes as they come, in pieces of any size; gives the text in them."""

    def __init__(self, streaming_format: str = "") -> None:
        """`streaming_format` is what the header says; without it the first bytes decide."""
        self.model = ""
        self._decoder = codecs.getincrementaldecoder("utf-8")()
        self._events: _Events | None = _Events() if streaming_format.strip().lower() == "sse" else None
        self._decided = self._events is not None
        self._head = ""
        self._texts: list[str] = []

    @property
    def text(self) -> str:
        """All text so far."""
        return "".join(self._texts)

    def feed(self, chunk: bytes) -> str:
        """Take the next bytes; gives the text that is new in them. Raises ValueError when they are no such stream."""
        new = self._fed(self._decoder.decode(chunk))
        if new:
            self._texts.append(new)
        return new

    def end(self) -> wire.Answer:
        """The whole answer, once the server has closed the stream.

        Raises EOFError when it broke off before its end.
        """
        if self._decoder.getstate()[0]:
            raise EOFError
        if not self._decided:  # so short that it may have begun like events, but did not
            self._texts.append(self._head)
        if self._events is not None:
            if not self._events.ended:
                raise EOFError
            self.model = self._events.model
        text = self.text
        return wire.Answer((text,) if text else (), self.model)

    def _fed(self, text: str) -> str:
        if not self._decided:
            self._head += text
            if _OPENING.startswith(self._head):
                return ""
            self._decided = True
            self._events = _Events() if self._head.startswith(_OPENING) else None
            text = self._head
        return self._events.feed(text) if self._events is not None else text


class _Events:
    """Lines to events, events to text."""

    def __init__(self) -> None:
        self.ended = False
        self.model = ""
        self._begun: list[str] = []
        """Pieces of a line whose end has not come yet."""
        self._event = ""
        self._data: list[str] = []

    def feed(self, text: str) -> str:
        """The text in the events that are whole now."""
        awaits = bool(self._begun) and self._begun[-1].endswith("\r")
        self._begun.append(text)
        if "\n" not in text and "\r" not in text and not awaits:
            return ""
        *lines, rest = _LINE_END.split("".join(self._begun))
        self._begun = [rest] if rest else []
        return "".join(map(self._line, lines))

    def _line(self, line: str) -> str:
        if not line:
            return self._dispatched()
        name, _, value = line.partition(":")  # a line that begins with a colon is a ping: its name is empty
        value = value.removeprefix(" ")
        if name == "event":
            self._event = value
        elif name == "data":
            self._data.append(value)
        return ""

    def _dispatched(self) -> str:
        event, data = self._event, "\n".join(self._data)
        self._event, self._data = "", []
        if self.ended:
            return ""
        if event == "stream_end":
            self.ended = True
        elif event == "stream_start":
            self.model = wire.read_model(_parsed(data))
        elif event == "content_chunk":
            return wire.read_delta(_parsed(data))
        return ""


def _parsed(data: str) -> object:
    try:
        return json.loads(data) if data else None
    except RecursionError as problem:
        raise ValueError("too deep") from problem
