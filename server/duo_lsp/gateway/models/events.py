"""What a model's server sends while it speaks: server-sent events or a JSON object a line, read as one.

OpenAI's API, vLLM and llama.cpp send `data: {...}` and at last `data: [DONE]` (WHATWG HTML, 9.2), Ollama sends lines.
"""

from __future__ import annotations

import codecs
import contextlib
import json
import re
from collections.abc import Iterator
from typing import Final, cast

import orjson

MOST: Final = 8 << 20
"""Bytes of one answer."""
LONGEST: Final = 1 << 20
"""Characters of one line."""
_LINE_END: Final = re.compile(r"\r\n|\n|\r(?!\Z)")


class Events:
    """Takes the bytes as they come, in pieces of any size; gives the objects in them."""

    def __init__(self) -> None:
        self.ended = False
        """Whether the server said that it is done."""
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._rest = ""
        self._room = MOST

    def feed(self, chunk: bytes) -> Iterator[object]:
        """The objects that are whole now. Raises ValueError when it is no such stream, or too much."""
        self._room -= len(chunk)
        if self._room < 0:
            raise ValueError("sent too much")
        *lines, self._rest = _LINE_END.split(self._rest + self._decoder.decode(chunk))
        if len(self._rest) > LONGEST:
            raise ValueError("sent a line without an end")
        yield from self._read(lines)

    def end(self) -> Iterator[object]:
        """The last object, where no line end came after it. Raises ValueError."""
        yield from self._read([self._rest.strip()])

    def _read(self, lines: list[str]) -> Iterator[object]:
        for line in lines:
            name, _, data = line.partition(":")
            text = line if line.startswith(("{", "[")) else data.strip() if name in ("data", "error") else ""
            if text == "[DONE]":
                self.ended = True
            elif text and not self.ended:
                yield parsed(text)


def parsed(text: str | bytes) -> object:
    """JSON, or ValueError."""
    with contextlib.suppress(ValueError):
        return cast("object", orjson.loads(text))
    try:
        return json.loads(text)  # half a character, which some servers send in one event, and its rest in the next
    except RecursionError as problem:
        raise ValueError("too deep") from problem


def message(body: object) -> str:
    """The server's own sentence about what is wrong; empty when there is none."""
    match body:
        case {"error": {"message": str(text)}} | {"error": str(text)} | {"message": str(text)} | {"detail": str(text)}:
            return _one_line(text)
    return ""


def piece(body: object) -> str:
    """The new text in an event of any of the servers. Raises ValueError when there is no place for one."""
    match body:
        case (
            {"choices": [{"text": str(text)}, *_]}
            | {"choices": [{"delta": {"content": str(text)}}, *_]}
            | {"choices": [{"message": {"content": str(text)}}, *_]}
            | {"message": {"content": str(text)}}
            | {"response": str(text)}
            | {"content": str(text)}
        ):
            return text
        case {"choices": [*_]} | {"message": {}} | {"done": bool()} | {"usage": {}}:
            return ""
    raise ValueError("sent something that is no part of an answer")


def _one_line(text: str) -> str:
    """What may be shown: no line ends, nothing that steers a terminal."""
    plain = "".join(char if char.isprintable() else " " for char in text[:300])
    return " ".join(plain.split())[:200]
