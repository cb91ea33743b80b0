"""textDocument/codeAction: what can be asked about the code under the cursor, where that makes sense."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from lsprotocol import types as lsp

from duo_lsp import capabilities, urls
from duo_lsp.chat import scope, selecting
from duo_lsp.chat.actions import ACTIONS, Action
from duo_lsp.privacy import excluded
from duo_lsp.protocol.documents import LineDocument
from duo_lsp.session import DuoServer

_OF_WHOM: Final = "GitLab Duo"
_LONGEST: Final = 20_000
"""Lines of a document in which a function is looked for at every step of the cursor."""
_OPTIONS: Final = lsp.CodeActionOptions(code_action_kinds=list(capabilities.CODE_ACTION_KINDS))


def register(server: DuoServer) -> None:
    """Add the code actions."""

    @server.feature(lsp.TEXT_DOCUMENT_CODE_ACTION, _OPTIONS)
    def code_action(params: lsp.CodeActionParams) -> list[lsp.CodeAction | lsp.Command]:
        documents = server.client_capabilities.text_document
        told = documents.code_action if documents is not None else None
        plain = told is None or told.code_action_literal_support is None
        return [_shown(action, params, plain=plain) for action in _fitting(server, params)]


def _fitting(server: DuoServer, params: lsp.CodeActionParams) -> Iterator[Action]:
    uri = params.text_document.uri
    document = server.document(uri)
    path = urls.document_path(uri)
    if document is None or server.pages.holds(uri) or excluded.excluded_by(path):
        return
    in_function = _function(document, params.range.start.line) is not None
    if not in_function and not _selected(document, params.range):
        return
    for action in ACTIONS:
        fits = bool(params.context.diagnostics) if action.mends else in_function or not action.needs_function
        if fits and _wanted(action.kind, params.context.only):
            yield action


def _function(document: LineDocument, line: int) -> tuple[int, int] | None:
    if len(document.lines) > _LONGEST:
        return None
    return scope.around([text.rstrip("\r\n") for text in document.lines], line)


def _selected(document: LineDocument, range_: lsp.Range) -> bool:
    """Whether anything but blanks is selected."""
    start, end = (document.place(place.line, place.character) for place in (range_.start, range_.end))
    return bool(selecting.between(document, min(start, end), max(start, end)).strip())


def _wanted(kind: str, only: Sequence[str | lsp.CodeActionKind] | None) -> bool:
    """Whether the client asked for this kind, or for one that it belongs to (LSP, CodeActionKind)."""
    return not only or any(f"{kind}.".startswith(f"{getattr(one, 'value', one)!s}.") for one in only if one)


def _shown(action: Action, params: lsp.CodeActionParams, *, plain: bool) -> lsp.CodeAction | lsp.Command:
    title = f"{action.title} ({_OF_WHOM})"
    argument: dict[str, Any] = {"uri": params.text_document.uri, "range": _plain(params.range)}
    if action.mends:
        argument["diagnostics"] = [_diagnostic(one) for one in params.context.diagnostics]
    command = lsp.Command(title=title, command=action.command, arguments=[argument])
    if plain:
        return command
    mended = list(params.context.diagnostics) if action.mends else None
    return lsp.CodeAction(title=title, kind=action.kind, diagnostics=mended, command=command)


def _diagnostic(one: lsp.Diagnostic) -> dict[str, Any]:
    return {"range": _plain(one.range), "message": one.message, "source": one.source, "code": one.code}


def _plain(range_: lsp.Range) -> dict[str, dict[str, int]]:
    return {
        name: {"line": place.line, "character": place.character}
        for name, place in (("start", range_.start), ("end", range_.end))
    }
