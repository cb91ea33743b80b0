"""A suggestion in pieces: as server-sent events, or as the raw text of GitLab before 17.7."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Iterator
from contextlib import aclosing
from typing import Any

from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

from duo_lsp import wire

MEDIA_TYPE = "text/event-stream"
"""GitLab's for both."""


def events(text: str, *, model: str, engine: str, created: int) -> StreamingResponse:
    """The text line by line, between the event that says who answers and the one that ends it."""

    def parts() -> Iterator[str]:
        yield wire.stream_start(model=model, engine=engine, created=created)
        yield from map(wire.content_chunk, text.splitlines(keepends=True))
        yield wire.stream_end()

    return StreamingResponse(parts(), media_type=MEDIA_TYPE, headers={wire.STREAM_HEADER: "sse"})


class Flow(StreamingResponse):
    """A text that is still being made, as events or, without a first one, as it is; who goes away ends the making."""

    def __init__(
        self, first: str, rest: AsyncIterator[str], work: AsyncGenerator[Any, None], *, start: str = ""
    ) -> None:
        headers = {wire.STREAM_HEADER: "sse"} if start else {}
        super().__init__(_flow(first, rest, start), media_type=MEDIA_TYPE, headers=headers)
        self._work = work

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send it (ASGI)."""
        async with aclosing(self._work):
            await super().__call__(scope, receive, send)


async def _flow(first: str, rest: AsyncIterator[str], start: str) -> AsyncIterator[str]:
    wrapped = wire.content_chunk if start else str
    yield start + wrapped(first)
    async for text in rest:
        yield wrapped(text)
    if start:
        yield wire.stream_end()


def raw(text: str) -> StreamingResponse:
    """The text line by line and nothing else."""
    return StreamingResponse(iter(text.splitlines(keepends=True)), media_type=MEDIA_TYPE)
