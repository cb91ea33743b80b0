"""What an instance answers, as it comes."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Iterator, Mapping

import httpcore2

from duo_lsp.errors import BadAnswerError, CutShortError
from duo_lsp.gitlab.http import unreachable
from duo_lsp.gitlab.http.calls import Call
from duo_lsp.gitlab.http.unpacking import Unpacker


class Headers(Mapping[str, str]):
    """Names in any case; what several of one name say is parted by commas (RFC 9110, 5.1 and 5.2)."""

    def __init__(self, raw: Iterable[tuple[bytes, bytes]]) -> None:
        self._by_name: dict[str, str] = {}
        for name, value in raw:
            key, text = _text(name).lower(), _text(value)
            self._by_name[key] = f"{self._by_name[key]}, {text}" if key in self._by_name else text

    def __getitem__(self, name: str) -> str:
        return self._by_name[name.lower()]

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_name)

    def __len__(self) -> int:
        return len(self._by_name)


class Reply:
    """An answer whose head is there; its body comes."""

    def __init__(self, response: httpcore2.Response, host: str, call: Call) -> None:
        self.status = response.status
        self.headers = Headers(response.headers)
        self.is_success = 200 <= self.status < 300
        self.is_redirect = 300 <= self.status < 400
        self.host = host
        self.feature = call.feature
        self._response = response
        self._most = call.most

    @property
    def kind(self) -> str:
        """The content type, without what is after the semicolon."""
        return self.headers.get("Content-Type", "").partition(";")[0].strip().lower()

    async def chunks(self) -> AsyncIterator[bytes]:
        """The body as it comes. Raises BadAnswerError, CutShortError."""
        try:
            unpacker = Unpacker(self.headers.get("Content-Encoding", ""), self._most)
            async for chunk in self._response.aiter_stream():
                yield unpacker.feed(chunk)
            unpacker.end()
        except ValueError as problem:
            raise BadAnswerError(f"{self.host} {problem}.") from problem
        except (*unreachable.FAILURES, EOFError) as problem:
            raise CutShortError(f"The answer of {self.host} broke off.") from problem

    async def body(self) -> bytes:
        """The whole body. Raises BadAnswerError, CutShortError."""
        return b"".join([chunk async for chunk in self.chunks()])


def _text(raw: bytes) -> str:
    """Usually ASCII; else UTF-8, or what any bytes are."""
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("latin-1")
