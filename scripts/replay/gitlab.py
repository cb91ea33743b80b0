"""A server shaped like GitLab on loopback, with a model behind it; says when it was asked."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from duo_lsp import wire
from scripts.bench_overhead import length_of

Reply = tuple[int, dict[str, str], dict[str, Any]]
"""Status, headers, body."""
_NOTHING: Final[Reply] = (200, {}, {})


@dataclass
class GitLab:
    """Answers what `answer` says for the text above the cursor, after `delay` seconds."""

    answer: Callable[[str], str]
    delay: float
    retry_after: float = 0.0
    """After the first request, so many seconds everybody gets 429."""
    url: str = ""
    asked: list[float] = field(default_factory=list)
    """When suggestions were asked for."""
    answered: list[float] = field(default_factory=list)

    async def reply(self, path: str, body: bytes) -> Reply:
        """To one request."""
        if not path.endswith(wire.COMPLETIONS_PATH):
            return _NOTHING
        self.asked.append(time.perf_counter())
        await asyncio.sleep(self.delay)
        left = self.asked[0] + self.retry_after - time.perf_counter()
        if left > 0:
            return 429, {"Retry-After": f"{left:.0f}"}, {"message": {"error": "too many requests"}}
        text = self.answer(json.loads(body)["current_file"]["content_above_cursor"])
        self.answered.append(time.perf_counter())
        return 200, {}, {"choices": [{"text": text, "index": 0}] if text else [], "model": {"name": "replay"}}


@asynccontextmanager
async def serving(gitlab: GitLab) -> AsyncIterator[GitLab]:
    """Listens while the block runs."""

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                body = await reader.readexactly(length_of(head))
                writer.write(_encoded(*await gitlab.reply(head.decode().split(" ")[1], body)))
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    server = await asyncio.start_server(connected, "127.0.0.1", 0, limit=1 << 20)
    gitlab.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield gitlab
    finally:
        server.close()


def _encoded(status: int, headers: dict[str, str], body: dict[str, Any]) -> bytes:
    content = json.dumps(body).encode()
    named = {**headers, "Content-Type": "application/json", "Content-Length": str(len(content))}
    lines = "".join(f"{name}: {value}\r\n" for name, value in named.items())
    return f"HTTP/1.1 {status} Replay\r\n{lines}\r\n".encode() + content
