"""Our documents in a real pygls server, spoken to in framed bytes."""

import asyncio
import json
import threading
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types as lsp
from pygls.io_ import run_async
from pygls.lsp.server import LanguageServer
from pygls.workspace import TextDocument

from duo_lsp.protocol.converter import make_converter
from duo_lsp.protocol.documents import LineDocument
from duo_lsp.protocol.language_server import DuoProtocol
from duo_lsp.protocol.workspace import ClampingCodec, DuoWorkspace

URI = "file:///work/a%20b/%C3%A9.py"


class Wire:
    """A session: what is said to a server, and what it answered."""

    def __init__(self) -> None:
        self.server = LanguageServer("test", "1", protocol_cls=DuoProtocol, converter_factory=make_converter)
        self.asked: list[lsp.InlineCompletionParams] = []
        self.written: list[dict[str, Any]] = []
        self.server.protocol.set_writer(self, include_headers=False)
        self.ask_id = 0

        @self.server.feature(lsp.TEXT_DOCUMENT_INLINE_COMPLETION, lsp.InlineCompletionOptions())
        def _(params: lsp.InlineCompletionParams) -> None:
            self.asked.append(params)

    def write(self, data: bytes) -> None:
        self.written.append(json.loads(data))

    def close(self) -> None:
        """Nothing to close: the writer is this list."""

    async def say(self, *messages: dict[str, Any]) -> None:
        reader = asyncio.StreamReader()
        for message in messages:
            body = json.dumps({"jsonrpc": "2.0", **message}).encode()
            reader.feed_data(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        reader.feed_eof()
        await run_async(threading.Event(), reader, self.server.protocol, error_handler=self.server.report_server_error)

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


@pytest.fixture
async def wire() -> Wire:
    wire = Wire()
    await wire.initialize()
    return wire


async def test_edits_below_a_form_feed_land_on_their_line(wire: Wire) -> None:
    await wire.open("a\x0c\nb\u2028\r\nc😀d")
    await wire.change(2, insert(1, 0), insert(2, 3))
    assert wire.document.text == "a\x0c\nXb\u2028\r\nc😀Xd"
    assert wire.document.version == 2
    assert wire.written == []


async def test_a_change_reaches_the_handler_after_the_document(wire: Wire) -> None:
    seen = []
    wire.server.feature(lsp.TEXT_DOCUMENT_DID_CHANGE)(lambda params: seen.append((params, wire.document.text)))
    await wire.open("b")
    await wire.change(2, insert(0, 0))
    assert [(params.text_document.version, text) for params, text in seen] == [(2, "Xb")]


async def test_the_second_of_two_opens_wins_and_a_close_forgets(wire: Wire) -> None:
    await wire.open("first", version=7)
    await wire.open("second", version=1)
    assert (wire.document.text, wire.document.version) == ("second", 1)
    closing = {"method": "textDocument/didClose", "params": {"textDocument": {"uri": URI}}}
    await wire.say(closing, closing)
    assert wire.workspace.open_document(URI) is None
    assert wire.written == []


async def test_a_change_to_a_document_that_is_not_open_is_one_line_in_the_log(
    wire: Wire, caplog: pytest.LogCaptureFixture
) -> None:
    await wire.change(2, insert(0, 0))
    assert [record.getMessage() for record in caplog.records] == [
        f"Ignored a change to a document that is not open: {URI!r}"
    ]
    assert wire.workspace.open_document(URI) is None
    assert wire.written == []


async def test_a_version_that_goes_back_is_one_line_in_the_log_until_a_full_text(
    wire: Wire, caplog: pytest.LogCaptureFixture
) -> None:
    await wire.open("old", version=5)
    await wire.change(4, insert(0, 0))
    await wire.change(6, insert(0, 0))
    assert (wire.document.text, wire.document.in_step) == ("old", False)
    assert len(caplog.records) == 1
    await wire.change(7, {"text": "new"}, insert(0, 0))
    assert (wire.document.text, wire.document.in_step) == ("Xnew", True)
    assert "back in step" in caplog.records[1].getMessage()


@pytest.mark.parametrize("without", [{"version": None}, {}])
async def test_documents_without_a_version_are_kept_unchecked(wire: Wire, without: dict[str, None]) -> None:
    item = {"uri": URI, "languageId": "python", "text": "a", **without}
    await wire.say({"method": "textDocument/didOpen", "params": {"textDocument": item}})
    params = {"textDocument": {"uri": URI, **without}, "contentChanges": [insert(0, 1)]}
    await wire.say(*[{"method": "textDocument/didChange", "params": params}] * 2)
    assert (wire.document.text, wire.document.version, wire.document.in_step) == ("aXX", None, True)


async def test_a_document_never_opened_is_never_read_from_the_disk(wire: Wire, tmp_path: Path) -> None:
    planted = tmp_path / "planted.py"
    planted.write_text("MARKER")
    workspace = wire.workspace
    document = workspace.get_text_document(planted.as_uri())
    assert (document.source, document.lines) == ("", ("",))
    assert workspace.open_document(planted.as_uri()) is None
    assert planted.as_uri() not in workspace.text_documents


@pytest.mark.parametrize(
    "uri", ["untitled:Untitled-1", "", "file://", "http://x/%ff", "file:///a%2520b", "a" * 100_000]
)
async def test_documents_are_found_under_exactly_the_uri_the_editor_gave(wire: Wire, uri: str) -> None:
    await wire.open("a", uri=uri)
    await wire.change(2, insert(0, 0), uri=uri)
    assert opened(wire.workspace, uri).text == "Xa"
    assert wire.workspace.open_document(uri + "%20") is None


@pytest.mark.parametrize(
    ("offered", "chosen", "column"),
    [
        (["utf-8", "utf-16"], "utf-8", 5),
        (["utf-32", "utf-8"], "utf-32", 2),
        (["utf-7", "utf-16"], "utf-16", 3),
        (None, "utf-16", 3),
    ],
)
async def test_columns_follow_the_first_encoding_the_editor_offers_that_we_know(
    offered: list[str] | None, chosen: str, column: int
) -> None:
    wire = Wire()
    result = await wire.initialize(capabilities={"general": {"positionEncodings": offered}} if offered else {})
    assert result["capabilities"]["positionEncoding"] == chosen
    await wire.open("a😀b")
    await wire.change(2, insert(0, column))
    assert wire.document.text == "a😀Xb"


async def test_workspace_folders_are_kept_and_follow_changes() -> None:
    wire = Wire()
    folder = {"uri": "file:///one", "name": "one"}
    await wire.initialize(rootUri="file:///one", workspaceFolders=[folder])
    event = {"added": [{"uri": "file:///two", "name": "two"}], "removed": [folder]}
    await wire.say({"method": "workspace/didChangeWorkspaceFolders", "params": {"event": event}})
    assert list(wire.server.workspace.folders) == ["file:///two"]
    assert wire.server.workspace.root_path == "/one"


def test_there_is_no_workspace_before_initialize() -> None:
    with pytest.raises(RuntimeError, match="initialized"):
        _ = Wire().server.workspace


async def test_the_person_asked_is_understood_in_both_numberings(wire: Wire) -> None:
    invoked, automatic = lsp.InlineCompletionTriggerKind.Invoked, lsp.InlineCompletionTriggerKind.Automatic
    assert await wire.ask() == automatic
    assert await wire.ask(context=None) == automatic
    assert await wire.ask(context={"triggerKind": 2}) == automatic
    assert await wire.ask(context={"triggerKind": 1}) == invoked
    assert await wire.ask(context={"triggerKind": 0}) == invoked
    assert await wire.ask(context={"triggerKind": 1}) == automatic
    assert [message.get("error") for message in wire.written] == [None] * 6


async def test_two_sessions_do_not_share_a_numbering(wire: Wire) -> None:
    await wire.ask(context={"triggerKind": 0})
    other = Wire()
    await other.initialize()
    assert await other.ask(context={"triggerKind": 1}) == lsp.InlineCompletionTriggerKind.Invoked


async def test_the_selected_completion_arrives_beside_the_trigger_kind(wire: Wire) -> None:
    place = {"line": 0, "character": 0}
    selected = {"range": {"start": place, "end": place}, "text": "print"}
    await wire.ask(context={"triggerKind": 0, "selectedCompletionInfo": selected})
    params = {"textDocument": {"uri": URI}, "position": place, "context": {"selectedCompletionInfo": selected}}
    await wire.say({"id": "x", "method": "textDocument/inlineCompletion", "params": params})
    assert wire.asked[0].context.selected_completion_info == lsp.SelectedCompletionInfo(
        lsp.Range(lsp.Position(0, 0), lsp.Position(0, 0)), "print"
    )


@pytest.mark.parametrize("context", ["yes", [1], 3])
async def test_a_context_of_another_shape_is_refused_not_a_crash(wire: Wire, context: object) -> None:
    params = {"textDocument": {"uri": URI}, "position": {"line": 0, "character": 0}, "context": context}
    await wire.say({"id": 9, "method": "textDocument/inlineCompletion", "params": params})
    assert wire.asked == []
    await wire.open("a")
    assert wire.document.text == "a"


@pytest.mark.parametrize(("line", "character", "offset"), [(0, 99, 2), (1, 3, 5), (1, 99, 6), (2, 0, 7), (9, 9, 7)])
def test_what_pygls_derives_from_a_document_is_clamped_as_the_specification_says(
    line: int, character: int, offset: int
) -> None:
    document = make_document("ab\nc😀d\r")
    position = lsp.Position(line, character)
    assert document.offset_at_position(position) == offset
    assert position == lsp.Position(line, character)


def make_document(text: str) -> TextDocument:
    workspace = DuoWorkspace(None)
    workspace.put_text_document(lsp.TextDocumentItem("untitled:1", "python", 1, text))
    return workspace.get_text_document("untitled:1")


def test_a_change_given_to_the_pygls_document_reaches_the_mirror() -> None:
    document = make_document("ab")
    document.apply_change(lsp.TextDocumentContentChangeWholeDocument("new"))
    assert (document.source, document.version, document.language_id) == ("new", 1, "python")
    assert isinstance(document.position_codec, ClampingCodec)


def test_cells_of_a_notebook_change_one_by_one() -> None:
    workspace = DuoWorkspace(None)
    cell = lsp.TextDocumentItem("cell:1", "python", 1, "a")
    workspace.put_text_document(cell, notebook_uri="book:1")
    identifier = lsp.VersionedTextDocumentIdentifier(2, "cell:1")
    for _ in range(2):
        at = lsp.Range(lsp.Position(0, 0), lsp.Position(0, 0))
        workspace.update_text_document(identifier, lsp.TextDocumentContentChangePartial(at, "X"))
    workspace.update_text_document(
        lsp.VersionedTextDocumentIdentifier(2, "cell:9"), lsp.TextDocumentContentChangePartial(at, "X")
    )
    document = opened(workspace, "cell:1")
    assert (document.text, document.version) == ("XXa", 2)
