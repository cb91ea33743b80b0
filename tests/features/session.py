"""A whole session with the real server through a real client."""

from __future__ import annotations

import asyncio
import concurrent.futures
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lsprotocol import types as lsp
from pytest_lsp import LanguageClient, client_capabilities, make_test_lsp_client

from waiting import HANG

SERVER = str(Path(sys.executable).with_name("duo-lsp"))
KINDS = lsp.InlineCompletionTriggerKind


class Session:
    """One editor on one workspace: opens documents, types into them, asks."""

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self.folder = folder
        self.client: LanguageClient = make_test_lsp_client()
        self.ghost_text, self.snippets, self.name = True, True, "Neovim"
        self.encodings: list[str] | None = None
        """The position encodings it offers; None for those of the editor it stands for."""
        self.experimental: Any = None
        """Its experimental capabilities."""
        self._environment = dict(environment)
        self._versions: dict[str, int] = {}
        self.folders: list[lsp.WorkspaceFolder] | None = [lsp.WorkspaceFolder(folder.as_uri(), "workspace")]

    async def start(self, editor: str = "neovim", options: Any = None, cwd: Path | None = None) -> lsp.InitializeResult:
        """Start the server and say hello as this editor would."""
        await self.client.start_io(SERVER, env=self._environment, cwd=cwd)
        capabilities = client_capabilities(editor)
        assert capabilities.text_document is not None
        if self.ghost_text:
            capabilities.text_document.inline_completion = lsp.InlineCompletionClientCapabilities()
        if self.encodings is not None:
            capabilities.general = lsp.GeneralClientCapabilities(position_encodings=self.encodings)
        if self.experimental is not None:
            capabilities.experimental = self.experimental
        if not self.snippets:
            capabilities.text_document.completion = lsp.CompletionClientCapabilities()
        return await self.client.initialize_session(
            lsp.InitializeParams(
                process_id=None,
                client_info=lsp.ClientInfo(self.name, "0.12.4"),
                capabilities=capabilities,
                workspace_folders=self.folders,
                root_uri=self.folder.as_uri(),
                initialization_options=options,
            )
        )

    async def end(self) -> None:
        """shutdown, exit."""
        if self.client.protocol.writer is not None and not self.client.stopped:
            await self.client.shutdown_session()
            await self.client.stop()

    def open(self, name: str, text: str, language: str = "python") -> str:
        """Open a document with this text; gives its URI."""
        uri = name if ":" in name else (self.folder / name).as_uri()
        self._versions[uri] = 1
        self.client.text_document_did_open(lsp.DidOpenTextDocumentParams(lsp.TextDocumentItem(uri, language, 1, text)))
        return uri

    def type(self, uri: str, line: int, character: int, text: str) -> None:
        """Insert text at a place."""
        self._change(uri, lsp.Range(lsp.Position(line, character), lsp.Position(line, character)), text)

    def erase(self, uri: str, line: int, character: int, length: int) -> None:
        """Take text away after a place."""
        self._change(uri, lsp.Range(lsp.Position(line, character), lsp.Position(line, character + length)), "")

    def _change(self, uri: str, place: lsp.Range, text: str) -> None:
        self._versions[uri] += 1
        self.client.text_document_did_change(
            lsp.DidChangeTextDocumentParams(
                lsp.VersionedTextDocumentIdentifier(self._versions[uri], uri),
                [lsp.TextDocumentContentChangePartial(range=place, text=text)],
            )
        )

    async def ask(
        self,
        uri: str,
        line: int,
        character: int,
        *,
        invoked: bool = False,
        selected: lsp.SelectedCompletionInfo | None = None,
    ) -> Any:
        """What is shown at a place, with an entry that is chosen in the editor's menu; None where nothing is."""
        answer = await self.inline(uri, line, character, invoked=invoked, selected=selected)
        return answer if answer is not None and answer.items else None

    async def inline(
        self,
        uri: str,
        line: int,
        character: int,
        *,
        invoked: bool = False,
        selected: lsp.SelectedCompletionInfo | None = None,
    ) -> Any:
        """What textDocument/inlineCompletion says there."""
        asked = lsp.InlineCompletionContext(KINDS.Invoked if invoked else KINDS.Automatic, selected)
        return await self.client.text_document_inline_completion_async(
            lsp.InlineCompletionParams(asked, lsp.TextDocumentIdentifier(uri), lsp.Position(line, character))
        )

    async def menu(self, uri: str, line: int, character: int) -> list[lsp.CompletionItem]:
        """The items of textDocument/completion at a place."""
        answer: Any = await self.client.text_document_completion_async(
            lsp.CompletionParams(lsp.TextDocumentIdentifier(uri), lsp.Position(line, character))
        )
        assert answer.is_incomplete  # the next letter may bring something: editors have to ask again
        return list(answer.items)

    async def offered(self, uri: str, line: int, character: int, seconds: float = HANG) -> lsp.InlineCompletionItem:
        """Ask until something is offered, as a person who types on would; fails the test when nothing ever is."""
        async with asyncio.timeout(seconds):
            while True:
                answer = await self.ask(uri, line, character)
                if answer is not None:
                    [item] = answer.items
                    assert isinstance(item, lsp.InlineCompletionItem)
                    return item
                await asyncio.sleep(0.02)

    async def raw(self, method: str, params: Any) -> Any:
        """A request with these very params, which the client's types would not let through."""
        protocol, future = self.client.protocol, concurrent.futures.Future[Any]()
        protocol._request_futures["raw"] = future
        protocol._result_types["raw"] = lsp.METHOD_TO_TYPES[method][1]
        protocol._send_data({"jsonrpc": "2.0", "id": "raw", "method": method, "params": params})
        return await asyncio.wrap_future(future)

    async def status(self, **asked: bool) -> dict[str, Any]:
        """The command duo.status."""
        question = lsp.ExecuteCommandParams("duo.status", [asked] if asked else None)
        answer: Any = await self.client.workspace_execute_command_async(question)
        return dict(answer)

    async def toggle(self, *arguments: Any) -> dict[str, Any]:
        """The command duo.toggle; gives the state that is then."""
        question = lsp.ExecuteCommandParams("duo.toggle", list(arguments) or None)
        answer: Any = await self.client.workspace_execute_command_async(question)
        return dict(answer)

    async def settled(self, state: str) -> None:
        """Wait until the server is in this state."""
        async with asyncio.timeout(HANG):
            while (await self.status())["state"] != state:
                await asyncio.sleep(0.01)

    async def turned_off(self) -> None:
        """Wait until suggestions are off."""
        uri = self.open("off.py", "import os\n" * 9)
        async with asyncio.timeout(HANG):
            while await self.ask(uri, 3, 0) or "turned off" not in (await self.status())["silence"]:
                await asyncio.sleep(0.01)

    @property
    def told(self) -> list[str]:
        """What the person has been told in messages."""
        return [message.message for message in self.client.messages]
