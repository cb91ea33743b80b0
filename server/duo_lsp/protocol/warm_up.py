"""Lets cattrs make its code for the messages of typing before the first key, which it would cost milliseconds."""

from __future__ import annotations

import asyncio
from typing import Any, Final

from cattrs import Converter
from lsprotocol import types as lsp

_PLACE: Final = {"line": 0, "character": 0}
_DOCUMENT: Final = {"uri": "file:///warm-up", "version": 1}
_QUESTION: Final = {"textDocument": _DOCUMENT, "position": _PLACE}
_CHANGE: Final = {"range": {"start": _PLACE, "end": _PLACE}, "text": ""}
_HOT: Final[tuple[tuple[type, dict[str, Any]], ...]] = (
    (lsp.DidOpenTextDocumentParams, {"textDocument": {**_DOCUMENT, "languageId": "", "text": ""}}),
    (lsp.DidChangeTextDocumentParams, {"textDocument": _DOCUMENT, "contentChanges": [_CHANGE, {"text": ""}]}),
    (lsp.InlineCompletionParams, {**_QUESTION, "context": {"triggerKind": 2}}),
    (lsp.CompletionParams, _QUESTION),
)
_ANSWER: Final = lsp.InlineCompletionList(
    [lsp.InlineCompletionItem("", range=lsp.Range(lsp.Position(0, 0), lsp.Position(0, 0)), command=lsp.Command("", ""))]
)


async def warm_up(converter: Converter) -> None:
    """Read and write one message of each kind; whatever waits in the loop comes in between."""
    for shape, sample in _HOT:
        converter.structure(sample, shape)
        await asyncio.sleep(0)
    converter.unstructure(_ANSWER)
