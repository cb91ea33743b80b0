"""A very small editor: one language server over stdio, a request at a time."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

ROOT = Path(__file__).parents[1]
SERVER = Path(sys.executable).with_name("duo-lsp")
INVOKED = 1


class Editor:
    """Starts the server on a folder; ends it with the block."""

    def __init__(
        self, folder: Path, environment: Mapping[str, str] | None = None, command: Sequence[str] = (str(SERVER),)
    ) -> None:
        self._process = subprocess.Popen(list(command), stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment)
        self._last = 0
        place = {"uri": folder.as_uri(), "name": folder.name}
        self.request(
            "initialize",
            {"processId": os.getpid(), "capabilities": {}, "rootUri": place["uri"], "workspaceFolders": [place]},
        )
        self.notify("initialized", {})

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        with self._process:
            if kind is None:
                self.request("shutdown", None)
                self.notify("exit", None)
            else:
                self._process.kill()

    @property
    def pid(self) -> int:
        """Of the server."""
        return self._process.pid

    def kill(self) -> None:
        """End the server at once."""
        with self._process:
            self._process.kill()

    def open(self, path: Path, text: str, language: str = "python") -> None:
        """Open a document with this text; nothing is read from the disk."""
        document = {"uri": path.as_uri(), "languageId": language, "version": 0, "text": text}
        self.notify("textDocument/didOpen", {"textDocument": document})

    def edit(self, path: Path, version: int, line: int, character: int, text: str) -> None:
        """Type a text at a place."""
        at = {"line": line, "character": character}
        change = {"range": {"start": at, "end": at}, "text": text}
        document = {"uri": path.as_uri(), "version": version}
        self.notify("textDocument/didChange", {"textDocument": document, "contentChanges": [change]})

    def suggestion(self, path: Path, line: int, character: int) -> str:
        """What would be inserted at a place, asked for by hand; nothing when nothing is offered."""
        document, at = {"uri": path.as_uri()}, {"line": line, "character": character}
        question = {"textDocument": document, "position": at, "context": {"triggerKind": INVOKED}}
        items = (self.request("textDocument/inlineCompletion", question) or {}).get("items", [])
        if not items:
            return ""
        repeated = items[0]["range"]["end"]["character"] - items[0]["range"]["start"]["character"]
        return str(items[0]["insertText"])[repeated:]

    def request(self, method: str, params: object) -> Any:
        """Ask, and wait for the answer; whatever else the server asks gets a null."""
        self._last += 1
        self._send({"id": self._last, "method": method, "params": params})
        while (message := self._receive()).get("id") != self._last or "method" in message:
            if "method" in message and "id" in message:
                self._send({"id": message["id"], "result": None})
        if "error" in message:
            raise RuntimeError(message["error"]["message"])
        return message["result"]

    def notify(self, method: str, params: object) -> None:
        """Tell."""
        self._send({"method": method, "params": params})

    def _send(self, message: dict[str, Any]) -> None:
        assert self._process.stdin is not None  # noqa: S101 - it is a pipe, for the type checker
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n%b" % (len(body), body))
        self._process.stdin.flush()

    def _receive(self) -> dict[str, Any]:
        assert self._process.stdout is not None  # noqa: S101 - it is a pipe, for the type checker
        length = 0
        while header := self._process.stdout.readline().strip():
            name, _, value = header.partition(b":")
            length = int(value) if name.lower() == b"content-length" else length
        if not length:
            raise RuntimeError("The server ended.")
        message: dict[str, Any] = json.loads(self._process.stdout.read(length))
        return message
