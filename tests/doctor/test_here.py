"""What is on this machine, over real sockets."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from doctor import scenes
from duo_lsp.doctor import here


@pytest.fixture
def says() -> Iterator[Callable[[bytes], int]]:
    """Starts a server that says this to everybody; gives its port."""
    listeners = []

    def start(answer: bytes) -> int:
        listener = socket.create_server(("127.0.0.1", 0))
        listeners.append(listener)

        def serve() -> None:
            with listener.accept()[0] as connection:
                connection.recv(1000)
                connection.sendall(answer)

        threading.Thread(target=serve, daemon=True).start()
        return int(listener.getsockname()[1])

    yield start
    for listener in listeners:
        listener.close()


async def engines(*found: tuple[str, int]) -> str:
    async with scenes.scene({}, {}, engines=found) as scene:
        [finding] = await here.engines(scene)
    assert finding.fine
    return finding.text


async def test_servers_of_models_are_known_by_what_they_say(says):
    ollama = says(b"HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\nOllama is running")
    llama = says(b"HTTP/1.1 200 OK\r\nServer: llama.cpp\r\n\r\n<html>")
    assert await engines(("Ollama", ollama), ("llama.cpp", llama)) == (
        f"Ollama on port {ollama} and llama.cpp on port {llama}"
    )


async def test_another_server_on_the_port_is_none(says):
    port = says(b"HTTP/1.0 200 OK\r\n\r\nJenkins")
    assert await engines(("llama.cpp", port)) == "llama.cpp do not run here"


async def test_a_port_that_says_nothing_costs_a_moment(monkeypatch):
    monkeypatch.setattr(here, "PATIENCE", 0.05)
    with socket.create_server(("127.0.0.1", 0)) as silent, socket.create_server(("127.0.0.1", 0)) as other:
        ports = (("Ollama", silent.getsockname()[1]), ("llama.cpp", other.getsockname()[1]))
        assert await engines(*ports) == "Ollama and llama.cpp do not run here"


async def test_without_a_file_nothing_is_said_of_one():
    async with scenes.scene({}, {}) as scene:
        assert await here.file(scene) == []


@pytest.mark.parametrize(("reason", "fine"), [("", True), ("This file is never sent.", False)])
async def test_a_file_that_is_never_sent_is_why_nothing_shows(reason, fine):
    async def closed(_):
        return reason

    async with scenes.scene({}, {}, file=Path("x.py"), closed=closed) as scene:
        [finding] = await here.file(scene)
    assert finding.fine is fine
    assert finding.text == (reason or "x.py may be sent")
    assert bool(finding.remedy) is not fine
