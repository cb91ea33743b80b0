"""Another language server, as somebody may have beside ours: it completes, hovers, has a command and ghost text."""

from __future__ import annotations

from lsprotocol import types as lsp
from pygls.lsp.server import LanguageServer

server = LanguageServer("other", "1")
asked: list[str] = []


@server.feature(lsp.TEXT_DOCUMENT_HOVER)
def hover(_params: lsp.HoverParams) -> lsp.Hover:
    """Say who is here."""
    return lsp.Hover("the other server")


@server.feature(lsp.TEXT_DOCUMENT_INLINE_COMPLETION, lsp.InlineCompletionOptions())
def inline_completion(params: lsp.InlineCompletionParams) -> list[lsp.InlineCompletionItem]:
    """Offer what nobody asked for."""
    asked.append(params.text_document.uri)
    return [lsp.InlineCompletionItem("the other ghost", range=lsp.Range(params.position, params.position))]


@server.command("other.asked")
def how_often(*_: object) -> int:
    """How often it was asked for ghost text."""
    return len(asked)


if __name__ == "__main__":
    server.start_io()
