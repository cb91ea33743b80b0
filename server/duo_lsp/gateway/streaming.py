"""A suggestion in pieces: as server-sent events, or as the raw text of GitLab before 17.7."""

from __future__ import annotations

from collections.abc import Iterator

from starlette.responses import StreamingResponse

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


def raw(text: str) -> StreamingResponse:
    """The text line by line and nothing else."""
    return StreamingResponse(iter(text.splitlines(keepends=True)), media_type=MEDIA_TYPE)
