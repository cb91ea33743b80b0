"""The chat's REST route: what it takes, what it answers, what it remembers."""

from __future__ import annotations

import asyncio
import socket
import threading
from typing import Any

import httpx2 as httpx
import psutil
import pytest

from duo_lsp import wire_chat
from duo_lsp.errors import ModelError, UsageError
from duo_lsp.gateway import app, connection, play
from duo_lsp.gateway.engines import Turn, fixed, make
from duo_lsp.gateway.play import Play
from duo_lsp.wire_chat import ChatRequest
from gateway import rig
from gateway.rig import MadeUp
from whole_question import WHOLE

CHAT = "/api/v4/chat/completions"


async def ask(engine: MadeUp, played: Play | None = None, **body: Any) -> httpx.Response:
    async with rig.client(engine, played=played) as client:
        return await client.post(CHAT, json=body)


async def test_an_answer_is_a_json_string_with_status_201() -> None:
    engine = MadeUp(pieces=('To "define', ' a class" in é\n', "\\ 👍"))
    answer = await ask(engine, content="how to define class in ruby")
    assert answer.status_code == 201
    assert answer.headers["content-type"] == "application/json"
    assert answer.json() == 'To "define a class" in é\n\\ 👍'
    assert engine.questions == [(ChatRequest("how to define class in ruby"), ())]


async def test_every_attribute_reaches_the_engine() -> None:
    engine = MadeUp()
    assert (await ask(engine, **WHOLE.body())).status_code == 201
    assert engine.questions == [(WHOLE, ())]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ({}, "content is missing"),
        ({"content": ["x"]}, "content is invalid"),
        ({"content": "x" * 1001}, "content must be less than 1000 characters"),
        ({"content": "x", "resource_type": "user"}, "resource_type does not have a valid value"),
        ({"content": "x", "resource_id": {}}, "resource_id is invalid"),
        ({"content": "x", "project_id": "seven"}, "project_id is invalid"),
        ({"content": "x", "project_id": True}, "project_id is invalid"),
        ({"content": "x", "referer_url": "x" * 1001}, "referer_url must be less than 1000 characters"),
        (
            {"content": "x", "client_subscription_id": "x" * 501},
            "client_subscription_id must be less than 500 character",
        ),
        ({"content": "x", "with_clean_history": "perhaps"}, "with_clean_history is invalid"),
        ({"content": "x", "current_file": "a.py"}, "current_file is invalid"),
        (
            {"content": "x", "current_file": {"file_name": "x" * 1001, "selected_text": "x" * 400_001}},
            (
                "current_file[file_name] must be less than 1000 characters, "
                "current_file[selected_text] must be less than 400000 characters"
            ),
        ),
        ({"content": "x", "additional_context": {}}, "additional_context is invalid"),
        ({"content": "x", "additional_context": ["x"]}, "additional_context is invalid"),
        (
            {"content": "x", "additional_context": [{}]},
            (
                "additional_context[0][category] is missing, additional_context[0][id] is missing, "
                "additional_context[0][content] is missing"
            ),
        ),
        (
            {
                "additional_context": [
                    {"category": "file", "id": "a", "content": "x"},
                    {"category": "photo", "id": "x" * 256, "content": " ", "metadata": []},
                ]
            },
            (
                "content is missing, additional_context[1][category] does not have a valid value, "
                "additional_context[1][id] must be less than 255 characters, additional_context[1][content] is empty, "
                "additional_context[1][metadata] is invalid"
            ),
        ),
    ],
)
async def test_what_gitlab_would_not_take_is_refused_in_its_words(body: dict[str, Any], said: str) -> None:
    engine = MadeUp()
    answer = await ask(engine, **body)
    assert answer.status_code == 400
    assert answer.json()["error"].startswith(said)
    assert not engine.questions


async def test_what_gitlab_takes_is_taken() -> None:
    for body in (
        {"content": "x" * 1000, "additional_context": []},
        {"content": "x", "additional_context": [{"category": "terminal", "id": "1", "content": "x", "metadata": {}}]},
        {"content": "x", "project_id": "7", "resource_type": "issue", "resource_id": 4, "with_clean_history": "false"},
        {"content": "x", "current_file": None, "project_id": ""},
    ):
        assert (await ask(MadeUp(), **body)).status_code == 201


async def test_context_beyond_what_gitlab_keeps_is_dropped_from_the_end() -> None:
    engine = MadeUp()
    items = [{"category": "file", "id": str(number), "content": "x" * 250_000} for number in range(3)]
    await ask(engine, content="x", additional_context=items)
    assert [item.id for item in engine.questions[0][0].additional_context] == ["0", "1"]


async def test_who_asks_is_looked_at_first_then_whether_there_is_a_chat_then_the_question() -> None:
    off = Play(off=frozenset({"access_rest_chat"}))
    async with rig.client(MadeUp(), played=off) as client:
        stranger = await client.post(CHAT, json={}, headers={"Authorization": ""})
        assert (stranger.status_code, stranger.json()) == (401, {"message": "401 Unauthorized"})
        known = await client.post(CHAT, json={})
        assert (known.status_code, known.json()) == (404, {"message": "404 Not Found"})
    commit = await ask(MadeUp(), content="x", resource_type="commit", resource_id="c0ffee")
    assert (commit.status_code, commit.json()) == (404, {"message": "404 Not Found"})


def test_only_what_gitlab_has_can_be_turned_off() -> None:
    assert play.read("18.6", 0, (), legacy_stream=False, off=("access_rest_chat",)).off == {"access_rest_chat"}
    with pytest.raises(UsageError, match="Choose one of: access_rest_chat"):
        play.read("18.6", 0, (), legacy_stream=False, off=("chat",))


async def test_a_question_is_answered_knowing_what_was_said_before() -> None:
    engine = MadeUp(pieces=("Yes.",))
    async with rig.client(engine) as client:
        for content in ("One?", "Two?", "/reset", "Three?", "/clear", "Four?", "/new", "Five?"):
            answer = await client.post(CHAT, json={"content": content})
            assert answer.json() == ("" if content in wire_chat.FORGETTING else "Yes.")
    said = {asked.content: before for asked, before in engine.questions}
    assert said["Two?"] == (Turn("user", "One?"), Turn("assistant", "Yes."))
    assert said["Three?"] == said["Four?"] == said["Five?"] == ()


async def test_a_clean_history_begins_anew_before_and_after() -> None:
    engine = MadeUp(pieces=("Yes.",))
    async with rig.client(engine) as client:
        await client.post(CHAT, json={"content": "One?"})
        await client.post(CHAT, json={"content": "Two?", "with_clean_history": True})
        await client.post(CHAT, json={"content": "Three?"})
    assert [before for _, before in engine.questions] == [(), (), ()]


async def test_of_a_long_conversation_the_last_messages_are_remembered_each_up_to_a_length() -> None:
    engine = MadeUp(pieces=("x" * 20_001,))
    async with rig.client(engine) as client:
        for number in range(30):
            await client.post(CHAT, json={"content": str(number)})
    before = engine.questions[-1][1]
    assert len(before) == 50
    assert before[0].content == "4"
    assert {len(turn.content) for turn in before[1::2]} == {20_000}


async def test_a_model_that_fails_is_an_apology_with_a_status_of_success() -> None:
    answer = await ask(MadeUp(pieces=(), failure=ValueError("secret code")), content="x")
    assert (answer.status_code, answer.json()) == (201, "I'm sorry, I can't generate a response. Please try again.")


async def test_why_a_model_failed_is_said_where_it_is_in_our_own_words() -> None:
    answer = await ask(MadeUp(pieces=(), failure=ModelError("Nothing answers.", "Is it running?")), content="x")
    assert (answer.status_code, answer.json()) == (201, "I'm sorry, I can't generate a response. Please try again.")
    assert answer.headers["x-duo-lsp-reason"] == "Nothing answers. Is it running?"


async def test_without_a_model_one_sentence_says_so_and_how_to_add_one() -> None:
    engine = make("builtin")
    transport = httpx.ASGITransport(app.application(engine, rig.TOKEN, 0))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:1") as client:
        answer = await client.post(CHAT, json={"content": "x"}, headers={"Private-Token": rig.TOKEN})
    assert (answer.status_code, answer.headers["x-duo-lsp-reason"]) == (201, answer.json())
    assert answer.json().startswith(wire_chat.NO_MODEL)
    assert len(answer.json()) > len(wire_chat.NO_MODEL) + 20  # what to do about it: tests/gateway/models/test_nearby.py
    await engine.close()


def test_a_hundred_questions_leave_memory_and_open_files_where_they_were() -> None:
    running = rig.start(rig.command(engine="fixed"))
    with httpx.Client(base_url=running.url, headers={"PRIVATE-TOKEN": running.token}, trust_env=False) as client:

        def ask_often(times: int) -> psutil.Process:
            for _ in range(times):
                body = {
                    "content": "Why?",
                    "additional_context": [{"category": "file", "id": "a", "content": "x" * 9000}],
                }
                assert client.post(CHAT, json=body).json() == fixed.ANSWER
            return psutil.Process(running.process.pid)

        process = ask_often(30)
        before, files = process.memory_info().rss, process.num_fds()
        ask_often(100)
        assert process.num_fds() == files
        assert process.memory_info().rss < before * 1.1
    assert rig.stop(running) == 0


class Speaker(MadeUp):
    """Speaks until it is told to stop."""

    def __init__(self, first: str = "a") -> None:
        super().__init__()
        self.first = first
        self.speaking, self.ended = threading.Event(), threading.Event()

    async def chat(self, *_: Any) -> Any:
        self.speaking.set()
        try:
            while True:
                if self.first:
                    yield self.first
                await asyncio.sleep(0.001 if self.first else 60)
        finally:
            self.ended.set()


@pytest.mark.parametrize("first", ["a", ""], ids=["in the middle of the answer", "before its first word"])
async def test_when_the_client_goes_the_engine_stops(first: str) -> None:
    import uvicorn

    engine = Speaker(first)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        made = app.application(engine, rig.TOKEN, 0)
        config = uvicorn.Config(made, http=connection.Connection, lifespan="off", log_config=None)
        server = uvicorn.Server(config)
        serving = asyncio.ensure_future(server.serve([listener]))
        reader, writer = await asyncio.open_connection(*listener.getsockname())
        head = f"POST {CHAT} HTTP/1.1\r\nHost: localhost\r\nPrivate-Token: {rig.TOKEN}\r\nContent-Length: 15\r\n\r\n"
        writer.write(head.encode() + b'{"content":"x"}')
        assert await asyncio.to_thread(engine.speaking.wait, 10)
        if first:
            assert b"201" in await reader.readuntil(b"a")
        writer.close()
        assert await asyncio.to_thread(engine.ended.wait, 10)
        server.should_exit = True
        await serving
