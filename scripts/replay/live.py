"""Somebody types in an editor, and a real server process answers."""

from __future__ import annotations

import asyncio
import json
import os
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from scripts.replay.typist import Key, Text

URI: Final = "file:///home/person/project/typed.py"
AUTOMATIC, INVOKED = 2, 1
_PATIENCE: Final = 20.0
SETTLED: Final = 3.0
"""Seconds after which a server has loaded what it loads, also on a busy machine."""
_HELLO: Final[dict[str, Any]] = {
    "processId": os.getpid(),
    "rootUri": "file:///home/person/project",
    "capabilities": {
        "general": {"positionEncodings": ["utf-16"]},
        "textDocument": {"inlineCompletion": {"dynamicRegistration": False}},
    },
}


@dataclass
class Request:
    """One question of the editor, and what became of it."""

    key: Key
    sent: float
    answered: float = 0.0
    passed: float = 0.0
    """When the next change was sent; nothing that comes later is shown."""
    reply: dict[str, Any] = field(default_factory=dict)

    @property
    def text(self) -> str:
        """What would be inserted at the cursor; nothing when nothing came in time."""
        result = self.reply.get("result") or {}
        if not result.get("items") or (self.passed and self.answered > self.passed):
            return ""
        item = result["items"][0]
        repeated = item["range"]["end"]["character"] - item["range"]["start"]["character"]
        return str(item["insertText"])[repeated:]

    @property
    def took(self) -> float:
        """Milliseconds until the answer."""
        return (self.answered - self.sent) * 1000

    @property
    def outlived(self) -> float:
        """Milliseconds from the next change to the answer; 0 when that had come before."""
        return max(0.0, self.answered - self.passed) * 1000 if self.passed else 0.0


class Editor:
    """One server process and one document in it; every key is a change, a question, and the last question's end."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self._waiting: dict[int, asyncio.Future[dict[str, Any]]] = {}
        self._last = self._version = 0
        self._line = self._character = 0
        self.messages: list[str] = []
        """What the person was told."""
        self._reading = asyncio.ensure_future(self._read())

    @property
    def pid(self) -> int:
        """Of the server."""
        return self._process.pid

    async def start(self) -> None:
        """Say hello, and let the server get ready."""
        await self.ask("initialize", _HELLO)
        self.notify("initialized", {})
        await asyncio.sleep(SETTLED)

    async def end(self) -> None:
        """Say goodbye."""
        await self.ask("shutdown", None)
        self.notify("exit", None)
        await self._process.wait()
        await self._reading

    def open(self, text: Text) -> None:
        """The document, the cursor where `typed` will be."""
        document = {"uri": URI, "languageId": "python", "version": 0, "text": text.before + text.after}
        self.notify("textDocument/didOpen", {"textDocument": document})
        self._line, self._character = text.before.count("\n"), len(text.before.rpartition("\n")[2])

    def move(self, line: int, character: int) -> None:
        """The cursor."""
        self._line, self._character = line, character

    def change(self, text: str) -> None:
        """Type this at the cursor."""
        here = {"line": self._line, "character": self._character}
        self._version += 1
        document = {"uri": URI, "version": self._version}
        change = {"range": {"start": here, "end": here}, "text": text}
        self.notify("textDocument/didChange", {"textDocument": document, "contentChanges": [change]})
        first, *more = text.split("\n")
        self._line += len(more)
        self._character = len(more[-1]) if more else self._character + len(first)

    async def type(self, keys: Sequence[Key]) -> list[Request]:
        """Type these at their time; ends a moment after the last of them."""
        requests: list[Request] = []
        begin = time.perf_counter()
        for key in keys:
            await asyncio.sleep(max(0.0, begin + key.at - time.perf_counter()))
            if requests:
                requests[-1].passed = time.perf_counter()
            self.change(key.text)
            requests.append(self.suggest(key))
            if len(requests) > 1:
                self.notify("$/cancelRequest", {"id": self._last - 1})
        await self._all()
        requests[-1].passed = begin + keys[-1].until
        return requests

    async def answer(self) -> None:
        """Ask at the cursor, and wait until that and all before is answered."""
        self.suggest(Key(0.0, "", 0, 0.0))
        await self._all()

    async def _all(self) -> None:
        await asyncio.wait_for(asyncio.gather(*self._waiting.values()), _PATIENCE)

    def suggest(self, key: Key, kind: int = AUTOMATIC) -> Request:
        """Ask at the cursor."""
        request = Request(key, time.perf_counter())
        at = {"line": self._line, "character": self._character}
        params = {"textDocument": {"uri": URI}, "position": at, "context": {"triggerKind": kind}}

        def came(reply: asyncio.Future[dict[str, Any]]) -> None:
            if not reply.cancelled():
                request.answered, request.reply = time.perf_counter(), reply.result()

        self._request("textDocument/inlineCompletion", params).add_done_callback(came)
        return request

    async def ask(self, method: str, params: object) -> Any:
        """The whole reply."""
        return await asyncio.wait_for(self._request(method, params), _PATIENCE)

    def notify(self, method: str, params: object) -> None:
        """Tell."""
        self._send({"method": method, "params": params})

    def _request(self, method: str, params: object) -> asyncio.Future[dict[str, Any]]:
        self._last += 1
        reply = self._waiting[self._last] = asyncio.get_running_loop().create_future()
        self._send({"id": self._last, "method": method, "params": params})
        return reply

    def _send(self, message: dict[str, Any]) -> None:
        assert self._process.stdin is not None  # noqa: S101 - it is a pipe, for the type checker
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))

    async def _read(self) -> None:
        assert self._process.stdout is not None  # noqa: S101 - it is a pipe, for the type checker
        while line := await self._process.stdout.readline():
            length = 0
            while line.strip():
                name, _, value = line.partition(b":")
                length = int(value) if name.lower() == b"content-length" else length
                line = await self._process.stdout.readline()
            self._take(json.loads(await self._process.stdout.readexactly(length)))

    def _take(self, message: dict[str, Any]) -> None:
        if "method" not in message:
            self._waiting.pop(message["id"]).set_result(message)
        elif message["method"] == "window/showMessage":
            self.messages.append(message["params"]["message"])
        elif "id" in message:
            self._send({"id": message["id"], "result": None})


@asynccontextmanager
async def editing(command: Sequence[str], environment: Mapping[str, str], text: Text) -> AsyncIterator[Editor]:
    """An editor with this document open; the server ends with the block."""
    process = await asyncio.create_subprocess_exec(
        *command,
        env=dict(environment),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        limit=1 << 24,
    )
    editor = Editor(process)
    try:
        await editor.start()
        editor.open(text)
        yield editor
        await editor.end()
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
