"""A client that speaks plain JSON: says what a recording says, answers as well or badly as a test wants."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Final

from features.session import SERVER
from waiting import HANG

Message = dict[str, Any]
NEVER: Final = object()
"""An answer that does not come."""


class Bare:
    """One connection to the real server. `answers` holds what its requests get, by method; errors have a `code`."""

    def __init__(self, process: asyncio.subprocess.Process, errors: Path) -> None:
        self.answers: dict[str, Any] = {}
        self.asked: list[Message] = []
        self.noticed: list[Message] = []
        """The server's requests and notifications so far."""
        self.process = process
        self._errors = errors
        self._waiting: dict[int | str, asyncio.Future[Message]] = {}
        self._reading = asyncio.ensure_future(self._read())
        self._ids = iter(range(1000, 9999))

    def send(self, message: Message) -> None:
        """Send this very message."""
        assert self.process.stdin is not None
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))

    def notify(self, method: str, params: Any) -> None:
        """A notification."""
        self.send({"method": method, "params": params})

    async def ask(self, method: str, params: Any = None, id_: int | str | None = None) -> Any:
        """A request's result; raises AssertionError with the error that came instead."""
        reply = await self.reply({"id": next(self._ids) if id_ is None else id_, "method": method, "params": params})
        assert "error" not in reply, reply["error"]
        return reply["result"]

    async def reply(self, request: Message) -> Message:
        """The whole reply to this very request."""
        async with asyncio.timeout(HANG):
            return await self.expect(request)

    def expect(self, request: Message) -> asyncio.Future[Message]:
        """Send this very request; its reply comes in the future."""
        future: asyncio.Future[Message] = asyncio.get_running_loop().create_future()
        self._waiting[request["id"]] = future
        self.send(request)
        return future

    @property
    def told(self) -> list[str]:
        """What the person was told in messages."""
        return [message["params"]["message"] for message in self.noticed if message["method"] == "window/showMessage"]

    @property
    def errors(self) -> str:
        """What the server wrote to stderr."""
        return self._errors.read_text()

    async def _read(self) -> None:
        assert self.process.stdout is not None
        while header := await self.process.stdout.readline():
            size = int(header.split(b":")[1])
            while (await self.process.stdout.readline()).strip():
                pass
            self._take(json.loads(await self.process.stdout.readexactly(size)))

    def _take(self, message: Message) -> None:
        if "method" not in message:
            self._waiting.pop(message["id"]).set_result(message)
        elif "id" not in message:
            self.noticed.append(message)
        else:
            self.asked.append(message)
            answer = self.answers.get(message["method"], NEVER)
            if answer is not NEVER:
                kind = "error" if isinstance(answer, dict) and "code" in answer else "result"
                self.send({"id": message["id"], kind: answer})


@asynccontextmanager
async def connected(environment: Mapping[str, str], folder: Path) -> AsyncIterator[Bare]:
    """The real server, started for this block and ended in order."""
    errors = folder.parent / "stderr"
    with errors.open("wb") as stderr:
        process = await asyncio.create_subprocess_exec(
            SERVER,
            cwd=folder,
            env=dict(environment),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=stderr,
            limit=1 << 24,
        )
        bare = Bare(process, errors)
        try:
            yield bare
            await bare.ask("shutdown")
            bare.notify("exit", None)
            async with asyncio.timeout(HANG):
                assert await process.wait() == 0
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
            await bare._reading
