"""What gets in, what is answered, and what becomes of a handler that fails."""

import asyncio
from typing import Any

import pytest
from lsprotocol import types as lsp
from pygls.exceptions import JsonRpcException, JsonRpcInternalError, JsonRpcInvalidParams

from duo_lsp.errors import OfflineError
from duo_lsp.protocol import failures
from duo_lsp.protocol.refusals import Code
from protocol.wire_session import Wire

TOKEN = "glpat-planted-0123456789"
HELLO: dict[str, Any] = {"processId": 4711, "rootUri": None, "capabilities": {}}


@pytest.mark.parametrize(
    ("error", "code", "sentence"),
    [
        (OfflineError("No connection.", "Check it."), Code.FAILED, "No connection. Check it."),
        (OfflineError(f"No {TOKEN}.", ""), Code.FAILED, "No [hidden]"),
        (JsonRpcInvalidParams(f"no {TOKEN}"), Code.INVALID_PARAMS, "no [hidden]"),
        (JsonRpcException("x" * 999, -7), -7, "x" * failures.LONGEST),
        (JsonRpcInternalError(TOKEN), Code.INTERNAL_ERROR, "The server failed on this request (JsonRpcInternalError)"),
        (KeyError(TOKEN), Code.INTERNAL_ERROR, "The server failed on this request (KeyError)"),
    ],
)
def test_an_error_is_a_code_and_a_sentence(error, code, sentence):
    refusal = failures.explain(error, Wire().protocol.mask)
    assert refusal.code == code
    assert refusal.sentence.startswith(sentence)
    assert TOKEN not in refusal.sentence


async def test_an_initialize_that_fails_may_be_sent_again():
    wire, fails = Wire(), [True, False]

    @wire.server.feature(lsp.INITIALIZE)
    def initialize(_: lsp.InitializeParams) -> None:
        if fails.pop(0):
            raise ValueError(TOKEN)

    await wire.say({"id": 1, "method": "initialize", "params": HELLO})
    assert wire.written.pop()["error"]["code"] == Code.INTERNAL_ERROR
    await wire.say({"id": 2, "method": "shutdown"})
    assert wire.written.pop()["error"]["code"] == Code.NOT_INITIALIZED
    assert "capabilities" in await wire.initialize()
    assert wire.watched == [4711, None]


async def test_a_notification_that_fails_is_a_line_in_the_log(wire, caplog):
    def saved(_: lsp.DidSaveTextDocumentParams) -> None:
        raise ValueError(TOKEN)

    wire.server.feature(lsp.TEXT_DOCUMENT_DID_SAVE)(saved)
    await wire.say({"method": "textDocument/didSave", "params": {"textDocument": {"uri": "file:///a"}}})
    assert [record.getMessage() for record in caplog.records] == ["textDocument/didSave was not taken in: ValueError"]
    assert wire.written == []


async def test_a_handler_that_gives_up_by_itself_is_answered_too(wire):
    async def give_up(*_: object) -> None:
        raise asyncio.CancelledError

    wire.server.command("gives.up")(give_up)
    await wire.say({"id": 1, "method": "workspace/executeCommand", "params": {"command": "gives.up"}})
    assert [message["error"]["code"] for message in wire.written] == [Code.CANCELLED]


async def test_methods_of_our_own_take_whatever_comes(wire):
    taken: list[object] = []

    def take(params: list[int] | None) -> None:
        taken.append(params)

    wire.server.feature("duo/own")(take)
    await wire.say({"method": "duo/own", "params": [1]}, {"id": 1, "method": "duo/own"})
    assert taken == [[1], None]
    assert [message["result"] for message in wire.written] == [None]


async def test_a_question_of_our_own_gets_the_answer_as_it_is(wire):
    asking = asyncio.ensure_future(wire.protocol.send_request_async("duo/question", {"a": 1}))
    await asyncio.sleep(0)
    await wire.say({"id": wire.written.pop()["id"], "result": {"b": [2]}})
    assert await asking == {"b": [2]}


async def test_an_answer_that_nobody_waits_for_any_more_is_dropped(wire):
    asking = asyncio.ensure_future(wire.protocol.send_request_async("duo/question"))
    await asyncio.sleep(0)
    asking.cancel()
    await wire.say({"id": wire.written.pop()["id"], "result": 1})
    assert asking.cancelled()


async def test_an_edit_that_names_no_document_leaves_all_in_step(wire):
    await wire.open("a")
    for params in (None, {}, {"textDocument": {"uri": "file:///none"}}, {"textDocument": 7}):
        await wire.say({"method": "textDocument/didChange", "params": params})
    assert wire.document.in_step


async def test_exit_is_left_to_the_connection(wire):
    assert wire.protocol.exit_code() == 1
    await wire.say({"id": 1, "method": "shutdown"}, {"method": "exit"})
    await wire.protocol.settled(1)
    assert wire.left
    assert wire.protocol.exit_code() == 0
