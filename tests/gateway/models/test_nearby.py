"""How to get a model is said with the exact words where one runs already."""

from __future__ import annotations

import argparse
from typing import Any

import pytest

from duo_lsp.gateway import arguments, engines
from duo_lsp.gateway.models import nearby
from gateway import served
from gateway.engines.said import Refusal, serving


@pytest.fixture
def nowhere(unused_tcp_port: int) -> str:
    return f"http://127.0.0.1:{unused_tcp_port}"


async def test_where_none_runs_it_is_said_how_to_get_one(nowhere: str) -> None:
    assert await nearby.advice(nowhere, nowhere) == nearby.NOBODY
    assert "`duo-lsp login`" in nearby.NOBODY
    assert "`ollama pull qwen2.5-coder:1.5b`" in nearby.NOBODY


@pytest.mark.parametrize(
    ("tags", "told"),
    [
        ({"models": [{"name": "qwen2.5-coder:7b"}]}, "`duo-lsp gateway --engine ollama --model qwen2.5-coder:7b`"),
        ({"models": []}, "Ollama runs here without one: run `ollama pull"),
        ({"models": [{"name": "x; rm -rf ~"}]}, nearby.NOBODY),
        ({"something": "else"}, nearby.NOBODY),
        (Refusal(500, "<html>"), nearby.NOBODY),
    ],
)
async def test_ollama_is_found(nowhere: str, tags: Any, told: str) -> None:
    async with serving(lambda *_: tags) as server:
        assert told in await nearby.advice(server.url, nowhere)
        assert [path for path, _ in server.asked] == ["/api/tags"]


async def test_llama_cpp_is_found(nowhere: str, tiny: served.Served) -> None:
    told = await nearby.advice(nowhere, tiny.url)
    assert "`duo-lsp gateway --engine llama.cpp`" in told
    assert 'localEngine = { engine = "llama.cpp" }' in told


def test_the_lines_are_what_the_command_takes() -> None:
    parser = argparse.ArgumentParser()
    arguments.define(parser)
    given = parser.parse_args(["--engine", "ollama", "--model", "qwen2.5-coder:7b"])
    chosen = arguments.chosen(given, {})
    assert engines.make(chosen.engine, chosen.wish).name == "ollama"
