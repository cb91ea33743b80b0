"""What a reply says: a suggestion in any of its forms, a JSON value, or a refusal."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime

import attrs

from duo_lsp import wire
from duo_lsp.errors import BadAnswerError, CutShortError, InterceptedError, UpstreamError
from duo_lsp.gitlab import refusals
from duo_lsp.gitlab.event_stream import EventStream
from duo_lsp.gitlab.http.replies import Reply

OnText = Callable[[str], None]


async def suggestion(on_text: OnText | None, reply: Reply) -> wire.Answer:
    """The suggestion in a reply; a stream's text is given to `on_text` piece by piece as well.

    Raises BadAnswerError, CutShortError.
    """
    if reply.kind == "text/event-stream":
        return await _streamed(on_text, reply)
    try:
        answer = wire.read_answer(await value(reply))
    except ValueError as problem:
        raise BadAnswerError(f"{reply.host} sent an answer we cannot read: {problem}.") from problem
    return attrs.evolve(answer, reason=reply.headers.get(wire.REASON_HEADER, "")[:200])


async def value(reply: Reply) -> object:
    """The JSON value in a reply. Raises BadAnswerError, CutShortError."""
    raw = await reply.body()
    body = _parsed(raw)
    if body is None and is_page(reply, raw):
        raise InterceptedError(f"{reply.host} answered with a web page instead of a suggestion.")
    if body is None:
        raise BadAnswerError(f"{reply.host} answered with something that is no JSON instead of a suggestion.")
    return body


async def refusal(reply: Reply, now: datetime) -> UpstreamError:
    """The error in a reply that is no success."""
    try:
        raw = await reply.body()
    except (BadAnswerError, CutShortError):  # the status says enough
        raw = b""
    page = is_page(reply, raw)
    return refusals.of(reply.status, _parsed(raw), reply.headers, reply.host, page=page, now=now, feature=reply.feature)


async def _streamed(on_text: OnText | None, reply: Reply) -> wire.Answer:
    stream = EventStream(reply.headers.get(wire.STREAM_HEADER, ""))
    try:
        async for chunk in reply.chunks():
            new = stream.feed(chunk)
            if new and on_text is not None:
                on_text(new)
        return stream.end()
    except EOFError as problem:
        raise CutShortError(f"The answer of {reply.host} ended before its end.") from problem
    except ValueError as problem:
        raise BadAnswerError(f"{reply.host} sent a stream we cannot read.") from problem


def is_page(reply: Reply, raw: bytes) -> bool:
    """Whether this is HTML: by its looks, because what stands in between may call it JSON."""
    return raw.lstrip()[:1] == b"<" or (reply.kind == "text/html" and _parsed(raw) is None)


def _parsed(raw: bytes) -> object:
    """The JSON value; None when it is none."""
    try:
        return json.loads(raw)
    except (ValueError, RecursionError):
        return None
