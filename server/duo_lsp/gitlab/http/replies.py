"""What an instance answers, as it comes."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping

import httpx2 as httpx

from duo_lsp.errors import BadAnswerError, CutShortError
from duo_lsp.gitlab.http.calls import Call
from duo_lsp.gitlab.http.unpacking import Unpacker


class Reply:
    """An answer whose head is there; its body comes."""

    def __init__(self, response: httpx.Response, host: str, call: Call) -> None:
        self.status = response.status_code
        self.headers: Mapping[str, str] = response.headers
        self.is_success = response.is_success
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
            async for chunk in self._response.aiter_raw():
                yield unpacker.feed(chunk)
            unpacker.end()
        except ValueError as problem:
            raise BadAnswerError(f"{self.host} {problem}.") from problem
        except (httpx.HTTPError, OSError, EOFError) as problem:
            raise CutShortError(f"The answer of {self.host} broke off.") from problem

    async def body(self) -> bytes:
        """The whole body. Raises BadAnswerError, CutShortError."""
        return b"".join([chunk async for chunk in self.chunks()])
