"""Our documents in a real pygls server."""

from pathlib import Path

import pytest
from lsprotocol import types as lsp
from pygls.workspace import TextDocument

from duo_lsp.protocol.workspace import ClampingCodec, DuoWorkspace
from protocol.wire_session import URI, Wire, insert, opened


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


async def test_a_file_is_found_by_its_path_however_the_editor_writes_it(wire: Wire) -> None:
    await wire.open("a", uri="file:///w/[é].py")
    workspace = wire.workspace
    assert workspace.open_at("file:///w/%5B%C3%A9%5D.py") is workspace.open_document("file:///w/[é].py")
    assert workspace.open_at("file:///w/é.py") is None
    assert workspace.open_at("untitled:/w/[é].py") is None


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
