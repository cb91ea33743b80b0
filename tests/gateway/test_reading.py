"""Bodies that are too large or without end."""

from __future__ import annotations

import asyncio

import pytest
from starlette.requests import Request
from starlette.types import Message

from duo_lsp.gateway import reading, refusals


def receiving(*parts: bytes, headers: dict[str, str] | None = None) -> Request:
    """A request whose body comes in these parts and then stops coming."""
    left = list(parts)

    async def receive() -> Message:
        if not left:
            await asyncio.Event().wait()
        return {"type": "http.request", "body": left.pop(0), "more_body": True}

    raw = [(name.encode(), value.encode()) for name, value in (headers or {}).items()]
    return Request({"type": "http", "headers": raw}, receive)


async def test_a_body_announced_as_huge_is_not_even_read() -> None:
    with pytest.raises(refusals.RefusedError) as caught:
        await reading.json_object(receiving(headers={"content-length": "4294967296"}))
    assert caught.value.refusal == refusals.TOO_LARGE


async def test_a_body_without_end_is_cut() -> None:
    with pytest.raises(refusals.RefusedError) as caught:
        await reading.json_object(receiving(*[b"x" * 10] * 9), cap=20)
    assert caught.value.refusal == refusals.TOO_LARGE
