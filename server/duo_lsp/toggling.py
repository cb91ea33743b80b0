"""What the command duo.toggle does: the wish of an editor, the document it is about, the switch that it turns."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from duo_lsp import languages, urls
from duo_lsp.errors import UsageError
from duo_lsp.protocol.documents import LineDocument
from duo_lsp.session import DuoServer
from duo_lsp.suggestions import supported
from duo_lsp.toggles import wish
from duo_lsp.toggles.wish import ToggleWish


def toggle(server: DuoServer, arguments: Sequence[object]) -> None:
    """Turn what is wished for. Raises UsageError for a wish that cannot be meant."""
    wished = wish.read(arguments)
    document = _document(server, wished)
    language = supported.resolved(wished.name) if wished.what == "language" and wished.name else _language(document)
    upstream = server.upstream
    on = supported.comes_by_itself(
        language, server.resolved.settings.code_completion, local=upstream is not None and upstream.local
    )
    server.status.toggles.toggle(wished, document.uri if document is not None else "", language, on=on)
    server.status.toggled()
    if server.suggestions is not None and wished.what != "once":
        server.suggestions.supersede(server.suggestions.worked_in)  # what they wait for may be just what they pause


def shown(server: DuoServer) -> dict[str, Any]:
    """What stands otherwise than the settings have it, in JSON."""
    toggles = server.status.toggles
    return {
        "trigger": server.resolved.settings.code_completion.trigger,
        "once": toggles.once,
        "toggled": [
            {
                "what": switch.what,
                "name": switch.name,
                "on": switch.on,
                "until": None if switch.until is None else switch.until.isoformat(),
            }
            for switch in toggles
        ],
    }


def _document(server: DuoServer, wish: ToggleWish) -> LineDocument | None:
    """The document a wish is about, None when it is about none. Raises UsageError when it is not open."""
    by_name = wish.what == "document" and wish.name
    if wish.what not in ("document", "language") or (wish.name and not by_name):
        return None
    worked_in = server.suggestions.worked_in if server.suggestions is not None else ""
    document = server.document(wish.name or worked_in)
    if document is None:
        raise UsageError(
            "duo.toggle does not know which document is meant.",
            'Type or ask in it first, or name an open one as {"uri": ...}, or a language as {"language": ...}.',
        )
    return document


def _language(document: LineDocument | None) -> str:
    if document is None:
        return ""
    return languages.of(urls.document_path(document.uri), document.language_id).id or document.language_id.lower()
