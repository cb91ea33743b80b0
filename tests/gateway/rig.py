"""Gateways to test: one in this process with a made-up engine, one in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import AsyncGenerator, Callable, Sequence
from pathlib import Path
from typing import Any

import attrs
import httpx2 as httpx

from duo_lsp import wire, wire_chat
from duo_lsp.gateway import app
from duo_lsp.gateway.engines import Completion, IndexState, Turn
from duo_lsp.gateway.play import Play
from waiting import HANG, until

TOKEN = "a-token-of-this-test"
COMPLETIONS = wire.COMPLETIONS_PATH


@attrs.define
class MadeUp:
    """An engine that says what it is told to."""

    completion: Completion = attrs.field(factory=lambda: Completion("hello"))
    failure: Exception | None = None
    index: IndexState = "none"
    learnt: float = 1.0
    name: str = "made-up"
    asked: list[wire.SuggestionRequest] = attrs.field(factory=list)
    pieces: tuple[str, ...] = ("To define", " class in ruby", "...")
    """What it says to who chats."""
    questions: list[tuple[wire_chat.ChatRequest, tuple[Turn, ...]]] = attrs.field(factory=list)
    chats: bool = True
    remote: bool = False

    async def complete(self, request: wire.SuggestionRequest) -> Completion:
        self.asked.append(request)
        if self.failure:
            raise self.failure
        return self.completion

    async def chat(self, request: wire_chat.ChatRequest, before: tuple[Turn, ...]) -> AsyncGenerator[str, None]:
        self.questions.append((request, before))
        for piece in self.pieces:
            yield piece
        if self.failure:
            raise self.failure

    def use_workspaces(self, folders: tuple[Path, ...], near: tuple[Path, ...] = ()) -> None:
        raise NotImplementedError

    def files_changed(self, paths: tuple[Path, ...]) -> None:
        raise NotImplementedError

    async def close(self) -> None:
        raise NotImplementedError


def client(
    engine: MadeUp,
    limit: int = 0,
    clock: Callable[[], float] = time.monotonic,
    played: Play | None = None,
    **more: Any,
) -> httpx.AsyncClient:
    """Talks to a gateway in this process."""
    wall = time.time if clock is time.monotonic else clock
    transport = httpx.ASGITransport(app.application(engine, TOKEN, limit, clock, played, wall=wall, **more))
    headers = {"Authorization": f"Bearer {TOKEN}"}
    return httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:1", headers=headers)


def body(above: str = "x", below: str = "", intent: str | None = "completion", **more: Any) -> dict[str, Any]:
    """A request GitLab takes."""
    file = {"file_name": "a.py", "content_above_cursor": above, "content_below_cursor": below}
    return {"current_file": file, "intent": intent, **more}


SERVE = """
import json, os, sys
from pathlib import Path
from duo_lsp.gateway.options import Options
from duo_lsp.gateway.server import serve
options = json.loads(sys.argv[1])
options["workspaces"] = tuple(map(Path, options.get("workspaces", ())))
for name in {"tls_cert", "tls_key", "token_file"} & set(options):
    options[name] = Path(options[name])
serve(Options(**options), lambda url, token: print(json.dumps([url, token, os.getpid()]), flush=True))
"""


def command(**options: Any) -> list[str]:
    """The command line of a gateway in a process of its own."""
    return [sys.executable, "-c", SERVE, json.dumps({"token": TOKEN, "limit": 0, **options}, default=str)]


@attrs.frozen
class Running:
    """A gateway in a process of its own."""

    process: subprocess.Popen[str]
    url: str
    token: str

    @property
    def port(self) -> int:
        return int(self.url.rpartition(":")[2])

    def get(self, path: str, **headers: str) -> httpx.Response:
        return httpx.get(self.url + path, headers=headers, timeout=HANG, trust_env=False)

    def post(self, content: dict[str, Any] | bytes, **headers: str) -> httpx.Response:
        raw = content if isinstance(content, bytes) else json.dumps(content).encode()
        every = {"PRIVATE-TOKEN": self.token, **headers}
        return httpx.post(self.url + COMPLETIONS, content=raw, headers=every, timeout=HANG, trust_env=False)

    def suggest(self, above: str, **more: Any) -> str:
        """The first choice, or nothing."""
        choices = self.post(body(above, **more)).raise_for_status().json()["choices"]
        return str(choices[0]["text"]) if choices else ""

    def until_ready(self) -> None:
        until(lambda: self.get("/health").json()["index"] == "ready")


alive: list[Running] = []
"""What was started and not stopped yet."""


def start(argv: Sequence[str], **more: Any) -> Running:
    """Start a gateway and wait until it listens."""
    process = subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, **more)
    assert process.stdout
    url, token, _ = json.loads(process.stdout.readline())
    running = Running(process, url, token)
    alive.append(running)
    return running


def stop(running: Running) -> int:
    """End it as a terminal would and tell its exit code."""
    if running in alive:
        alive.remove(running)
    process = running.process
    if process.poll() is None:
        process.terminate()
    code = process.wait(HANG)
    for stream in (process.stdin, process.stdout):
        if stream:
            stream.close()
    return code
