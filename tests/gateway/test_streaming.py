"""Streams, in both of GitLab's formats."""

from __future__ import annotations

from collections.abc import AsyncGenerator

import attrs
import httpx2 as httpx

from duo_lsp import wire
from duo_lsp.gateway.engines import Completion
from duo_lsp.gateway.play import Play
from gateway import rig
from gateway.rig import COMPLETIONS, MadeUp

TEXT = "first\n  zweite … ✓\n"


async def stream(text: str, *, legacy: bool = False) -> httpx.Response:
    async with rig.client(MadeUp(Completion(text, "why")), played=Play(legacy_stream=legacy)) as client:
        return await client.post(COMPLETIONS, json=rig.body(stream=True, intent="generation"))


async def test_a_stream_is_events_from_who_answers_to_the_end() -> None:
    answer = await stream(TEXT)
    assert answer.headers["x-streaming-format"] == "sse"
    assert answer.headers["content-type"].startswith("text/event-stream")
    start, *chunks, end = answer.text.removesuffix("\n\n").split("\n\n")
    assert start.startswith("event: stream_start\n")
    assert [chunk + "\n\n" for chunk in chunks] == [wire.content_chunk("first\n"), wire.content_chunk("  zweite … ✓\n")]
    assert end + "\n\n" == wire.stream_end()


async def test_an_old_stream_is_the_text_under_the_same_type() -> None:
    answer = await stream(TEXT, legacy=True)
    assert answer.text == TEXT
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert "x-streaming-format" not in answer.headers


async def test_silence_is_not_streamed() -> None:
    answer = await stream("")
    assert answer.json()["choices"] == []
    assert answer.headers["x-duo-lsp-reason"] == "why"


@attrs.define
class Flowing(MadeUp):
    """Says these, one after the other, or goes on for ever."""

    texts: tuple[str, ...] = ("a\n", "b")
    ended: int = 0

    async def stream(self, request: wire.SuggestionRequest) -> AsyncGenerator[Completion, None]:  # noqa: ARG002
        try:
            for text in self.texts:
                yield Completion(text, "" if text else "why", model="small")
        finally:
            self.ended += 1


async def flow(engine: Flowing, *, legacy: bool = False) -> httpx.Response:
    async with rig.client(engine, played=Play(legacy_stream=legacy)) as client:
        return await client.post(COMPLETIONS, json=rig.body(stream=True, intent="generation"))


async def test_what_is_still_being_made_is_a_stream_of_the_same_events() -> None:
    answer = await flow(engine := Flowing())
    assert answer.headers["x-streaming-format"] == "sse"
    assert '"name": "small"' in answer.text.partition("\n\n")[0]
    assert answer.text.partition("\n\n")[2] == wire.content_chunk("a\n") + wire.content_chunk("b") + wire.stream_end()
    assert engine.ended == 1


async def test_or_of_the_text_alone_as_of_old() -> None:
    answer = await flow(Flowing(), legacy=True)
    assert answer.text == "a\nb"
    assert "x-streaming-format" not in answer.headers


async def test_silence_of_who_could_stream_is_not_streamed() -> None:
    for texts in ((), ("",)):
        answer = await flow(engine := Flowing(texts=texts))
        assert answer.json()["choices"] == []
        assert engine.ended == 1
