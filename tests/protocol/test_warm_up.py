"""The first keys are as fast as the later ones."""

from lsprotocol import types as lsp

from duo_lsp.protocol.converter import make_converter
from duo_lsp.protocol.warm_up import warm_up
from waiting import best

AT = {"line": 0, "character": 1}
ASKED = {"textDocument": {"uri": "file:///a"}, "position": AT, "context": {"triggerKind": 1}}


TYPED = {
    "textDocument": {"uri": "file:///a", "version": 2},
    "contentChanges": [{"range": {"start": AT, "end": AT}, "text": "x"}],
}


def first_use(converter):
    return best(lambda: converter.structure(TYPED, lsp.DidChangeTextDocumentParams), times=1)


async def test_what_cattrs_makes_at_first_use_is_made_before():
    cold, warm = ([make_converter() for _ in range(3)] for _ in range(2))
    for converter in warm:
        await warm_up(converter)
    assert min(map(first_use, warm)) * 3 < min(map(first_use, cold))


async def test_it_teaches_a_session_nothing_about_trigger_kinds():
    """A session that ever saw 0 would count the old way."""
    converter = make_converter()
    await warm_up(converter)
    made = converter.structure(ASKED, lsp.InlineCompletionParams)
    assert made.context.trigger_kind is lsp.InlineCompletionTriggerKind.Invoked
