"""The engine openai: with llama.cpp's server, which has OpenAI's API too, and with servers that refuse things."""

from __future__ import annotations

import asyncio
from contextlib import aclosing
from typing import Any

import pytest

from duo_lsp.errors import ModelError, UsageError
from duo_lsp.gateway import engines
from duo_lsp.gateway.engines import openai
from duo_lsp.gateway.models import Said, Wish, fim, problems
from duo_lsp.gateway.models.gap import Gap
from duo_lsp.privacy.secrets import Secret
from gateway import served
from gateway.engines import asked
from gateway.engines.said import Refusal, serving, sse

TINY = "tiny.gguf"
pytestmark = pytest.mark.xdist_group("models")


async def test_a_server_that_only_seems_to_take_a_suffix_is_found_out(tiny: served.Served) -> None:
    model = openai.make(Wish(tiny.url))
    assert await asked.all_of(model.fill(asked.GAP, 8))
    assert model._takes_suffix is False  # llama.cpp reads no suffix here, and does not say so
    await model.close()


async def test_with_a_template_what_stands_below_counts(tiny: served.Served) -> None:
    plain, marked = openai.make(Wish(tiny.url)), openai.make(Wish(tiny.url, template="qwen"))
    first = "".join(await asked.all_of(plain.fill(asked.GAP, 12)))
    second = "".join(await asked.all_of(marked.fill(asked.GAP, 12)))
    assert first != second
    await plain.close()
    await marked.close()


async def test_who_stops_listening_frees_the_model(tiny: served.Served) -> None:
    model = openai.make(Wish(tiny.url, TINY, "qwen"))
    async with aclosing(model.fill(asked.GAP, 1900)) as pieces:
        await anext(pieces)
        assert await asyncio.to_thread(lambda: tiny.busy)
    await asyncio.to_thread(tiny.until_free)
    await model.close()


@pytest.mark.parametrize(("product", "told"), [("llama.cpp", True), ("uvicorn", None)])
async def test_who_writes_only_answers_is_asked_for_progress_too_and_nobody_else(
    product: str, told: bool | None
) -> None:
    async with serving(lambda *_: sse({"choices": [{"text": "x"}]}), product=product) as server:
        model = openai.make(Wish(server.url, "m", "qwen"))
        for _ in range(2):
            await asked.all_of(model.fill(asked.GAP, 8))
        assert [body.get("return_progress") for _, body in server.asked] == [None, told]
        await model.close()


async def test_who_stops_listening_while_llama_cpp_still_reads_frees_it() -> None:
    with served.running(served.SMALL, batch=32) as small:
        model = openai.make(Wish(small.url, "any", "qwen"))
        assert await asked.all_of(model.fill(Gap("a.py", "x ="), 1))
        long = "".join(f"def add_{number}(a, b):\n    return a + b\n" for number in range(60))
        asking = asyncio.ensure_future(asked.all_of(model.fill(Gap("a.py", long), 8)))
        while not await asyncio.to_thread(lambda: small.busy):
            await asyncio.sleep(0.01)
        asking.cancel()
        await asyncio.wait({asking})
        await asyncio.to_thread(small.until_free, 40)
        (slot,) = await asyncio.to_thread(small.get, "/slots")
        assert slot["n_prompt_tokens"] < 500  # of about a thousand
        await model.close()


async def test_real_code_and_a_real_answer(small: served.Served) -> None:
    model = openai.make(Wish(small.url))
    gap = Gap("a.py", "def add(a, b):\n    return a + b\n\n\ndef sub(a, b):\n    return a -", "\n")
    assert "".join(await asked.all_of(model.fill(gap, 4))).startswith(" b")
    said = await asked.all_of(model.speak([Said("user", "What is the capital of France? Be brief.")], 24))
    assert len(said) > 1
    assert "Paris" in "".join(said)
    await model.close()


async def test_a_server_that_reads_a_suffix_is_asked_with_it_from_then_on() -> None:
    def answer(path: str, body: dict[str, Any]) -> str | dict[str, Any] | Refusal:  # noqa: ARG001
        if body.get("stream"):
            return sse({"choices": [{"text": "a + b"}]})
        return {"choices": [{"text": "a"}], "usage": {"prompt_tokens": 90 if "suffix" in body else 9}}

    async with serving(answer) as server:
        model = openai.make(Wish(server.url, "m"))
        for _ in range(2):
            assert await asked.all_of(model.fill(asked.GAP, 8)) == ["a + b"]
        assert [("suffix" in body, "stream" in body) for _, body in server.asked] == [
            (True, False),
            (False, False),
            (True, True),
            (True, True),
        ]
        assert server.asked[-1][1]["prompt"] == asked.ABOVE
        await model.close()


@pytest.mark.parametrize(
    "refusal",
    [
        Refusal(400, {"object": "error", "message": "suffix is not currently supported", "code": 400}),
        Refusal(500, {"error": "Unsupported param: suffix"}),
        Refusal(400, {"error": {"message": "qwen3 does not support insert", "type": "invalid_request_error"}}),
    ],
)
async def test_a_server_that_refuses_a_suffix_gets_the_models_own_marks(refusal: Refusal) -> None:
    def answer(path: str, body: dict[str, Any]) -> str | Refusal:  # noqa: ARG001
        return refusal if "suffix" in body else sse({"choices": [{"text": "a + b"}]})

    async with serving(answer) as server:
        model = openai.make(Wish(server.url, "Qwen2.5-Coder-7B"))
        for _ in range(2):
            assert await asked.all_of(model.fill(asked.GAP, 8)) == ["a + b"]
        probe, *others = [body for _, body in server.asked]
        assert "suffix" in probe
        assert [body["prompt"] for body in others] == [fim.TEMPLATES["qwen"].prompt(asked.GAP)] * 2
        assert len(others[0]["stop"]) == 4
        await model.close()


async def test_a_model_nobody_knows_goes_on_from_above() -> None:
    async with serving(lambda _, body: Refusal(400, {"error": "no suffix"}) if "suffix" in body else sse()) as server:
        model = openai.make(Wish(server.url, "nobodys-model"))
        assert await asked.all_of(model.fill(asked.GAP, 8)) == []
        assert server.asked[-1][1]["prompt"] == asked.ABOVE
        await model.close()


async def test_one_model_needs_no_name_and_several_do() -> None:
    there = ["a"]

    def answer(path: str, body: dict[str, Any]) -> str | dict[str, Any]:  # noqa: ARG001
        if path == "/v1/models":
            return {"object": "list", "data": [{"id": name} for name in there]}
        return sse(
            {"choices": [{"delta": {"role": "assistant", "content": None}}]},
            {"choices": [{"delta": {"content": "hi"}}]},
        )

    async with serving(answer) as server:
        model = openai.make(Wish(server.url))
        assert await asked.all_of(model.speak([Said("user", "hello")], 8)) == ["hi"]
        assert server.asked[-1][1]["model"] == "a"
        there.append("b")
        other = openai.make(Wish(server.url))
        with pytest.raises(problems.NoSuchModelError, match=r"has 2 models\. Choose one with --model: a, b\."):
            await asked.all_of(other.speak([Said("user", "hello")], 8))
        there.clear()
        with pytest.raises(problems.NoSuchModelError, match=r"has no model\. Load one there\."):
            await asked.all_of(other.speak([Said("user", "hello")], 8))
        await model.close()
        await other.close()


async def test_a_model_that_is_not_there_is_answered_with_those_that_are() -> None:
    def answer(path: str, body: dict[str, Any]) -> dict[str, Any] | Refusal:  # noqa: ARG001
        if path == "/v1/models":
            return {"data": [{"id": "x"}, {"id": "y"}]}
        return Refusal(404, {"error": {"message": "The model `z` does not exist.", "code": "model_not_found"}})

    async with serving(answer) as server:
        model = openai.make(Wish(server.url, "z"))
        with pytest.raises(problems.NoSuchModelError, match=r"has no model 'z'\. It has x, y\."):
            await asked.all_of(model.speak([Said("user", "hello")], 8))
        await model.close()


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (Refusal(401, {"error": {"message": "Incorrect API key"}}), "does not accept the key: Incorrect API key. Put"),
        (Refusal(503, {"error": {"message": "Loading model"}}), "is not ready: Loading model. Wait"),
        (Refusal(404, "<html>"), "does not know this kind of request"),
        (Refusal(302, {}), "answered with status 302. Look"),
        (
            Refusal(500, {"error": {"message": "boom\n\x1b[31m" + "x" * 500}}),
            r"answered with status 500: boom \[31mx+\.",
        ),
        (Refusal(400, {"error": {"message": "maximum context length is 9"}}), "cannot read that much"),
        ("data: {not json}\n\n", "sent something that cannot be read. Is that its address"),
        ('data: {"other": 1}\n\n', "sent something that is no part of an answer"),
        ('data: {"error": {"message": "out of memory"}}\n\n', "status 200: out of memory"),
        ("x" * (1 << 20) + "yz", "sent a line without an end"),
    ],
)
async def test_whatever_goes_wrong_is_told_in_a_sentence(answer: str | Refusal, told: str) -> None:
    async with serving(lambda *_: answer) as server:
        model = openai.make(Wish(server.url, "m"))
        with pytest.raises(ModelError, match=told) as caught:
            await asked.all_of(model.speak([Said("user", "hello")], 8))
        assert str(caught.value).isprintable()
        assert len(str(caught.value)) < 400
        await model.close()


async def test_a_connection_that_breaks_in_the_middle_is_told() -> None:
    async with serving(lambda *_: sse({"choices": [{"delta": {"content": "half"}}]}), cut=True) as server:
        model = openai.make(Wish(server.url, "m"))
        pieces = model.speak([Said("user", "hello")], 8)
        assert await anext(pieces) == "half"
        with pytest.raises(ModelError, match="broke off"):
            await anext(pieces)
        await model.close()


async def test_the_key_goes_along_and_kept_connections_may_be_closed_meanwhile() -> None:
    async with serving(lambda *_: {"choices": [{"message": {"content": "whole"}}]}, keeps=True) as server:
        model = openai.make(Wish(server.url, "m", key=Secret("the-key")))
        for _ in range(3):
            assert await asked.all_of(model.speak([Said("user", "hello")], 8)) == ["whole"]
            server.hang_up()
        assert server.keys == ["Bearer the-key"] * 3
        await model.close()


def test_an_address_is_needed_and_must_be_a_good_one() -> None:
    with pytest.raises(UsageError, match="--url"):
        engines.make("openai", Wish())
    for bad in ("http://example.com", "ftp://x", "http://user:password@127.0.0.1:1", "http://8.8.8.8/v1"):
        with pytest.raises(UsageError, match="cannot be used") as caught:
            engines.make("openai", Wish(bad))
        assert "password" not in str(caught.value)
    with pytest.raises(UsageError, match="qwen, starcoder, codellama, deepseek"):
        engines.make("openai", Wish("http://127.0.0.1:1", template="gpt"))
    with pytest.raises(UsageError, match="out of bounds"):
        engines.make("openai", Wish("http://127.0.0.1:1", timeout=0))
    with pytest.raises(UsageError, match="builtin has no model"):
        engines.make("builtin", Wish(model="x"))


def test_the_version_in_an_address_is_left_as_it_is() -> None:
    async def paths() -> None:
        async with serving(lambda *_: sse()) as server:
            for url, path in (
                (server.url, "/v1/chat/completions"),
                (server.url + "/v1", "/v1/chat/completions"),
                (server.url + "/beta", "/beta/chat/completions"),
            ):
                model = openai.make(Wish(url, "m"))
                await asked.all_of(model.speak([Said("user", "hello")], 8))
                assert server.asked[-1][0] == path
                await model.close()

    asyncio.run(paths())


def test_no_list_of_models_is_none() -> None:
    assert openai._read({"choices": []}) == 0  # who does not count is not trusted with a suffix
    assert [openai.names(body) for body in (None, {}, {"data": [1, {"id": 2}]})] == [[], [], []]
