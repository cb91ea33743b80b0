"""The engine ollama against a server that speaks as its documentation says."""

from __future__ import annotations

from typing import Any

import pytest

from duo_lsp.errors import ModelError
from duo_lsp.gateway.engines import ollama
from duo_lsp.gateway.models import Said, Wish, fim, problems
from gateway.engines import asked
from gateway.engines.said import Refusal, lines, serving

NO_INSERT = Refusal(400, {"error": "registry.ollama.ai/library/gemma3:1b does not support insert"})


def generated(path: str, body: dict[str, Any]) -> str:  # noqa: ARG001
    return lines({"response": "a +", "done": False}, {"response": " b", "done": False}, {"response": "", "done": True})


async def test_a_gap_is_filled_by_suffix_in_pieces() -> None:
    async with serving(generated) as server:
        model = ollama.make(Wish(server.url, "qwen2.5-coder:1.5b"))
        assert await asked.all_of(model.fill(asked.GAP, 8)) == ["a +", " b"]
        ((path, body),) = server.asked
        assert path == "/api/generate"
        assert (body["prompt"], body["suffix"], body["stream"]) == (asked.ABOVE, asked.BELOW, True)
        assert body["options"]["num_predict"] == 8
        await model.close()


async def test_a_model_that_cannot_insert_goes_on_from_above_and_that_is_remembered() -> None:
    async with serving(lambda path, body: NO_INSERT if "suffix" in body else generated(path, body)) as server:
        model = ollama.make(Wish(server.url, "gemma3:1b"))
        for _ in range(2):
            assert await asked.all_of(model.fill(asked.GAP, 8)) == ["a +", " b"]
        assert ["suffix" in body for _, body in server.asked] == [True, False, False]
        assert all((body["prompt"], body["raw"]) == (asked.ABOVE, True) for _, body in server.asked[1:])
        await model.close()


async def test_a_template_is_used_without_trying() -> None:
    async with serving(generated) as server:
        model = ollama.make(Wish(server.url, "mine", "starcoder"))
        await asked.all_of(model.fill(asked.GAP, 8))
        ((_, body),) = server.asked
        assert body["prompt"] == fim.TEMPLATES["starcoder"].prompt(asked.GAP)
        assert body["raw"] is True
        await model.close()


async def test_a_conversation_is_answered() -> None:
    def answer(path: str, body: dict[str, Any]) -> str:  # noqa: ARG001
        said = [{"message": {"role": "assistant", "content": text}, "done": not text} for text in ("Hel", "lo", "")]
        return lines(*said)

    async with serving(answer) as server:
        model = ollama.make(Wish(server.url, "m"))
        assert await asked.all_of(model.speak([Said("system", "s"), Said("user", "hi")], 8)) == ["Hel", "lo"]
        assert server.asked[0][0] == "/api/chat"
        assert server.asked[0][1]["messages"] == [{"role": "system", "content": "s"}, {"role": "user", "content": "hi"}]
        await model.close()


@pytest.mark.parametrize(
    ("there", "wanted", "told"),
    [
        ([], "", "has no model. Get one with `ollama pull qwen2.5-coder:1.5b`."),
        (["x", "y"], "", "has 2 models. Choose one with --model: x, y."),
        (["x", "y"], "z", "has no model 'z'. It has x, y."),
    ],
)
async def test_models_that_are_not_there(there: list[str], wanted: str, told: str) -> None:
    def answer(path: str, body: dict[str, Any]) -> dict[str, Any] | Refusal:  # noqa: ARG001
        if path == "/api/tags":
            return {"models": [{"name": name} for name in there]}
        return Refusal(404, {"error": f"model '{wanted}' not found"})

    async with serving(answer) as server:
        model = ollama.make(Wish(server.url, wanted))
        with pytest.raises(problems.NoSuchModelError) as caught:
            await asked.all_of(model.fill(asked.GAP, 8))
        assert told in str(caught.value)
        await model.close()


async def test_an_error_in_the_middle_is_told() -> None:
    async with serving(lambda *_: lines({"response": "a"}, {"error": "an error was encountered"})) as server:
        model = ollama.make(Wish(server.url, "m"))
        with pytest.raises(ModelError, match="an error was encountered"):
            await asked.all_of(model.fill(asked.GAP, 8))
        await model.close()


async def test_ollama_that_does_not_run_is_named_with_what_starts_it(unused_tcp_port: int) -> None:
    model = ollama.make(Wish(f"http://127.0.0.1:{unused_tcp_port}", "m"))
    with pytest.raises(problems.AwayError, match=r"Is it running\? Start it with `ollama serve`"):
        await asked.all_of(model.fill(asked.GAP, 8))
    await model.close()


def test_no_list_of_models_is_none() -> None:
    assert [ollama.names(body) for body in (None, {}, {"models": [1, {"name": 2}]})] == [[], [], []]
