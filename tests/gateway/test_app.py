"""The routes, asked in this process."""

from __future__ import annotations

import asyncio
import json
import logging
from typing import Any

import httpx2 as httpx
import pytest
from starlette.types import Message

from duo_lsp import wire
from duo_lsp.errors import UsageError
from duo_lsp.gateway import app
from duo_lsp.gateway.engines import Completion, make
from gateway import rig
from gateway.rig import COMPLETIONS, MadeUp
from waiting import eventually


async def ask(engine: MadeUp, **more: Any) -> httpx.Response:
    async with rig.client(engine) as client:
        return await client.post(COMPLETIONS, json=rig.body(**more))


async def test_a_completion_has_gitlabs_body() -> None:
    answer = await ask(MadeUp(), intent="completion")
    body = answer.json()
    assert answer.status_code == 200
    assert body == wire.completion_body(
        "hello", model="made-up", engine="duo-lsp", lang="python", created=body["created"]
    )
    assert "x-duo-lsp-reason" not in answer.headers


async def test_a_generation_has_gitlabs_other_body() -> None:
    body = (await ask(MadeUp(), intent="generation")).json()
    created = body["metadata"]["timestamp"]
    assert body == wire.generation_body("hello", model="made-up", engine="duo-lsp", lang="python", created=created)


async def test_an_instruction_alone_means_generation() -> None:
    assert "metadata" in (await ask(MadeUp(), intent=None, user_instruction="sort")).json()


async def test_silence_has_no_choices_and_says_why() -> None:
    answer = await ask(MadeUp(Completion(reason="Nothing like this — " + "x" * 300)))
    assert answer.json()["choices"] == []
    assert answer.headers["x-duo-lsp-reason"].startswith("Nothing like this ? x")
    assert len(answer.headers["x-duo-lsp-reason"]) == 200


@pytest.mark.parametrize(("header", "silence"), [("quiet", "quiet"), ("eager", "eager"), ("loud", None), ("", None)])
async def test_how_sure_to_be_is_told_in_a_header_that_may_be_wrong(header: str, silence: str | None) -> None:
    engine = MadeUp()
    async with rig.client(engine) as client:
        answer = await client.post(rig.COMPLETIONS, json=rig.body(), headers={wire.SILENCE_HEADER: header})
    assert answer.status_code == 200
    assert [asked.silence for asked in engine.asked] == [silence]


@pytest.mark.parametrize(
    ("file_name", "language", "lang"),
    [
        ("a.py", None, "python"),
        ("a.tsx", None, "ts"),
        ("a.lua", None, ""),
        ("noext", "javascript", "js"),
        ("x", None, ""),
    ],
)
async def test_the_language_is_named_as_gitlab_names_it(file_name: str, language: str | None, lang: str) -> None:
    file = {"file_name": file_name, "content_above_cursor": "", "language_identifier": language}
    answer = await ask(MadeUp(), current_file=file)
    assert answer.json()["model"]["lang"] == lang


async def test_health_needs_no_token_and_tells_of_the_index() -> None:
    async with rig.client(MadeUp(index="building", learnt=0.409)) as client:
        answer = await client.get("/health", headers={"Authorization": ""})
    assert (answer.status_code, answer.json()) == (200, {"status": "ok", "index": "building", "learnt": 40})


async def test_the_version_is_new_enough_for_suggestions() -> None:
    async with rig.client(MadeUp()) as client:
        answer = await client.get(wire.VERSION_PATH)
    assert set(answer.json()) == {"version", "revision"}
    assert tuple(map(int, answer.json()["version"].split("."))) >= (16, 8, 0)


@pytest.mark.parametrize("path", ["/", "/api/v4", "/api/v4/projects", "/health/", COMPLETIONS + "/"])
async def test_other_routes_are_not_found(path: str) -> None:
    async with rig.client(MadeUp()) as client:
        answer = await client.get(path)
    assert (answer.status_code, answer.json()) == (404, {"error": "404 Not Found"})


@pytest.mark.parametrize(("method", "path"), [("GET", COMPLETIONS), ("DELETE", "/health"), ("POST", wire.VERSION_PATH)])
async def test_other_methods_are_not_allowed(method: str, path: str) -> None:
    async with rig.client(MadeUp()) as client:
        answer = await client.request(method, path)
    assert (answer.status_code, answer.json()) == (405, {"error": "405 Not Allowed"})
    assert answer.headers["allow"]


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"\xff{}", b"[]", b"1", b'"x"', b"null", b'{"a": NaN}', b"[" * 100_000, b'{"a":' + b"9" * 5000 + b"}"],
)
async def test_what_is_no_json_object_is_refused(content: bytes) -> None:
    async with rig.client(MadeUp()) as client:
        answer = await client.post(COMPLETIONS, content=content)
    assert (answer.status_code, answer.json()) == (400, {"error": "message body does not match declared format"})


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", ""])
async def test_an_object_is_taken_whatever_it_calls_itself(kind: str) -> None:
    async with rig.client(MadeUp()) as client:
        content = json.dumps(rig.body()).encode()
        assert (await client.post(COMPLETIONS, content=content, headers={"Content-Type": kind})).status_code == 200


async def test_complaints_come_before_the_limit_and_do_not_count() -> None:
    async with rig.client(MadeUp(), limit=1) as client:
        for _ in range(3):
            assert (await client.post(COMPLETIONS, json={})).status_code == 400
        assert (await client.post(COMPLETIONS, json=rig.body())).status_code == 200


async def test_over_the_limit_gitlabs_words_and_a_whole_minute() -> None:
    now = 0.0
    engine = MadeUp()
    async with rig.client(engine, limit=2, clock=lambda: now) as client:
        answers = [await client.post(COMPLETIONS, json=rig.body()) for _ in range(3)]
        now = 60.0
        later = await client.post(COMPLETIONS, json=rig.body())
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[2].headers["retry-after"] == "60"
    assert answers[2].json() == {
        "message": {"error": "This endpoint has been requested too many times. Try again later."}
    }
    assert later.status_code == 200
    assert len(engine.asked) == 3


async def test_a_failing_engine_is_a_plain_500_and_its_words_are_not_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    answer = await ask(MadeUp(failure=ValueError("password = 'hunter2'")))
    assert (answer.status_code, answer.json()) == (500, {"message": "500 Internal Server Error"})
    assert "ValueError" in caplog.text
    assert "hunter2" not in caplog.text


async def test_two_work_eight_wait_and_the_next_is_sent_away() -> None:
    class Slow(MadeUp):
        async def complete(self, request: wire.SuggestionRequest) -> Completion:
            self.asked.append(request)
            await go.wait()
            return self.completion

    go, engine = asyncio.Event(), Slow()
    async with rig.client(engine) as client:
        waiting = [asyncio.ensure_future(client.post(COMPLETIONS, json=rig.body())) for _ in range(10)]
        await eventually(lambda: len(engine.asked) == 2)
        await asyncio.sleep(0.02)
        refused = await client.post(COMPLETIONS, json=rig.body())
        at_work = len(engine.asked)
        go.set()
        answers = await asyncio.gather(*waiting)
        again = await client.post(COMPLETIONS, json=rig.body())
    assert at_work == 2
    assert (refused.status_code, refused.headers["retry-after"]) == (503, "1")
    assert {answer.status_code for answer in answers} == {200}
    assert again.status_code == 200


async def test_no_work_is_done_for_a_client_that_is_gone() -> None:
    engine, sent = MadeUp(), list[Message]()
    coming: list[Message] = [
        {"type": "http.request", "body": json.dumps(rig.body()).encode()},
        {"type": "http.disconnect"},
    ]

    async def receive() -> Message:
        return coming.pop(0)

    async def send(message: Message) -> None:
        sent.append(message)

    headers = [(b"host", b"localhost"), (b"private-token", rig.TOKEN.encode())]
    scope = {"type": "http", "method": "POST", "path": COMPLETIONS, "headers": headers, "query_string": b""}
    await app.application(engine, rig.TOKEN, 0)(scope, receive, send)
    assert not engine.asked
    assert sent[0]["status"] == 499  # for the log: nobody is there to see it


def test_an_engine_nobody_knows_is_an_error_with_the_names() -> None:
    with pytest.raises(UsageError, match="Choose one of: builtin"):
        make("oracle")
