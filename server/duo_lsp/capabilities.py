"""What an editor is told that we can do: in one place, because it is said before anything heavy is loaded."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from duo_lsp import __version__

COMMANDS: Final = (
    *("duo.accepted", "duo.dismissed", "duo.status", "duo.toggle", "duo.signIn", "duo.signOut"),
    *("duo.chat", "duo.newChat", "duo.retry", "duo.explain", "duo.fix", "duo.tests", "duo.refactor"),
)
"""Of workspace/executeCommand; a test compares them with what the features register."""
CODE_ACTION_KINDS: Final = ("duo.explain", "quickfix", "duo.tests", "refactor.rewrite")
TRIGGERS: Final = tuple(".([{,=: ")
ENCODINGS: Final = ("utf-8", "utf-16", "utf-32")
DEFAULT_ENCODING: Final = "utf-16"
"""For a client that names none (LSP, PositionEncodingKind)."""

_NAMES_OF_LSP_MODE: Final = ("emacs",)
"""It shows ghost text although it declares nothing."""
_INCREMENTAL: Final = 2
_WRAPPINGS: Final = ((), ("duoLsp",), ("settings",))
"""Where settings may stand in the initialization options."""


def answer(params: Mapping[str, Any], environment: Mapping[str, str]) -> dict[str, Any]:
    """The result of initialize for these params, as JSON values; whatever is not as expected counts as not said."""
    client = params.get("capabilities")
    menu = not shows_ghost_text(params) or menu_is_wished(params, environment)
    return {
        "capabilities": {
            "positionEncoding": encoding(_at(client, "general", "positionEncodings")),
            "textDocumentSync": {"openClose": True, "change": _INCREMENTAL, "save": True},
            "executeCommandProvider": {"commands": list(COMMANDS)},
            "inlineCompletionProvider": {},
            "codeActionProvider": {"codeActionKinds": list(CODE_ACTION_KINDS)},
            **({"completionProvider": {"triggerCharacters": list(TRIGGERS)}} if menu else {}),
            "workspace": {"workspaceFolders": {"supported": True, "changeNotifications": True}},
        },
        "serverInfo": {"name": "duo-lsp", "version": __version__},
    }


def encoding(wanted: object) -> str:
    """The first of the client's position encodings; all of them are the same work for us."""
    names = wanted if isinstance(wanted, list) else []
    return next((name for name in names if name in ENCODINGS), DEFAULT_ENCODING)


def shows_ghost_text(params: Mapping[str, Any]) -> bool:
    """Whether the editor shows inline completions, so that a menu would show the same thing twice."""
    declared = _at(params, "capabilities", "textDocument", "inlineCompletion") is not None
    return declared or str(_at(params, "clientInfo", "name")).lower() in _NAMES_OF_LSP_MODE


def menu_is_wished(params: Mapping[str, Any], environment: Mapping[str, str]) -> bool:
    """Whether this very editor, or the shell that started it, asks for the menu by the setting completionFallback.

    A file that all editors share cannot: reading it would take longer than all the rest.
    """
    said = [
        environment.get("DUO_LSP_COMPLETION_FALLBACK"),
        *(_at(params, "initializationOptions", *path, "completionFallback") for path in _WRAPPINGS),
    ]
    return any(isinstance(word, str) and word.strip().lower() == "on" for word in said)


def _at(value: object, *path: str) -> object:
    for key in path:
        value = value.get(key) if isinstance(value, Mapping) else None
    return value
