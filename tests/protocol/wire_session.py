"""A session with a server in this process, spoken to in bytes."""

import asyncio
import json
from typing import Any

from lsprotocol import types as lsp
from pygls.lsp.server import LanguageServer

from duo_lsp.protocol.converter import make_converter
from duo_lsp.protocol.documents import LineDocument
from duo_lsp.protocol.language_server import DuoProtocol
from duo_lsp.protocol.workspace import DuoWorkspace

URI = "file:///project/a%20b/%C3%A9.py"


class Wire:
    """A session: what is said to a server, and what it answered."""

    def __init__(self) -> None:
        self.server = LanguageServer("test", "1", protocol_cls=DuoProtocol, converter_factory=make_converter)
        self.asked: list[lsp.InlineCompletionParams] = []
        self.written: list[dict[str, Any]] = []
        self.left = False
        self.watched: list[int | None] = []
        self.protocol.attach(self)
        self.ask_id = 0

        @self.server.feature(lsp.TEXT_DOCUMENT_INLINE_COMPLETION, lsp.InlineCompletionOptions())
        def _(params: lsp.InlineCompletionParams) -> None:
            self.asked.append(params)

    @property
    def protocol(self) -> DuoProtocol:
        protocol = self.server.protocol
        assert isinstance(protocol, DuoProtocol)
        return protocol

    def write(self, body: bytes) -> None:
        self.written.append(json.loads(body))

    def watch(self, process_id: int | None) -> None:
        self.watched.append(process_id)

    def leave(self) -> None:
        self.left = True

    async def say(self, *messages: dict[str, Any]) -> None:
        for message in messages:
            self.protocol.receive(json.dumps({"jsonrpc": "2.0", **message}).encode())
        for _ in range(3):
            await asyncio.sleep(0)

    async def initialize(self, **params: Any) -> dict[str, Any]:
        capabilities = params.pop("capabilities", {})
        params = {"processId": None, "rootUri": None, "capabilities": capabilities, **params}
        await self.say({"id": 1, "method": "initialize", "params": params})
        result: dict[str, Any] = self.written.pop()["result"]
        return result

    async def open(self, text: str, version: int | None = 1, uri: str = URI) -> None:
        item = {"uri": uri, "languageId": "python", "version": version, "text": text}
        await self.say({"method": "textDocument/didOpen", "params": {"textDocument": item}})

    async def change(self, version: int | None, *changes: dict[str, Any], uri: str = URI) -> None:
        params = {"textDocument": {"uri": uri, "version": version}, "contentChanges": list(changes)}
        await self.say({"method": "textDocument/didChange", "params": params})

    async def ask(self, **context: Any) -> lsp.InlineCompletionTriggerKind:
        self.ask_id += 1
        params = {"textDocument": {"uri": URI}, "position": {"line": 0, "character": 0}, **context}
        await self.say({"id": f"ask{self.ask_id}", "method": "textDocument/inlineCompletion", "params": params})
        return self.asked.pop().context.trigger_kind

    @property
    def workspace(self) -> DuoWorkspace:
        workspace = self.server.workspace
        assert isinstance(workspace, DuoWorkspace)
        return workspace

    @property
    def document(self) -> LineDocument:
        return opened(self.workspace, URI)


def opened(workspace: DuoWorkspace, uri: str) -> LineDocument:
    document = workspace.open_document(uri)
    assert document is not None
    return document


def insert(line: int, character: int, text: str = "X") -> dict[str, Any]:
    place = {"line": line, "character": character}
    return {"range": {"start": place, "end": place}, "text": text}
