"""What editors in use send is read, even where the final specification says otherwise."""

import pytest
from lsprotocol import types as lsp

from protocol.wire_session import URI, Wire, insert


@pytest.mark.parametrize("without", [{"version": None}, {}])
async def test_documents_without_a_version_are_kept_unchecked(wire: Wire, without: dict[str, None]) -> None:
    item = {"uri": URI, "languageId": "python", "text": "a", **without}
    await wire.say({"method": "textDocument/didOpen", "params": {"textDocument": item}})
    params = {"textDocument": {"uri": URI, **without}, "contentChanges": [insert(0, 1)]}
    await wire.say(*[{"method": "textDocument/didChange", "params": params}] * 2)
    assert (wire.document.text, wire.document.version, wire.document.in_step) == ("aXX", None, True)


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
