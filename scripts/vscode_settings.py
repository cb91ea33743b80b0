"""Writes the settings of the VS Code extension into its package.json: `python -m scripts.vscode_settings`.

They are the server's, described as they are in its code. Machine scope marks what decides where code and token go: no
folder that is opened can set that.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, Final

from duo_lsp import kinds, settings
from duo_lsp.settings import Leaf

PACKAGE: Final = Path(__file__).parents[1] / "editors/vscode/package.json"
SECTION: Final = "duoLsp"
LEFT_OUT: Final = {
    "token": "it is a secret, and stands in the editor's secret storage",
    "completionFallback": "VS Code shows ghost text",
}
RESTRICTED: Final = ("projectPath", "openTabsContext", "codeCompletion.additionalLanguages", "languageServerVersion")
"""What a folder may set once it is trusted: it decides what goes along."""
OWN: Final[dict[str, dict[str, Any]]] = {
    "enable": {
        "type": "boolean",
        "default": True,
        "scope": "window",
        "markdownDescription": "Whether the server runs in this window.",
    },
    "server.command": {
        "type": "array",
        "items": {"type": "string"},
        "default": [],
        "scope": "machine",
        "markdownDescription": 'The program and its arguments, such as `["~/.venvs/duo/bin/duo-lsp"]`. '
        "Empty: `duo-lsp` on `PATH`, then in `~/.local/bin`, `/opt/homebrew/bin` and `/usr/local/bin`.",
    },
}


def properties() -> dict[str, dict[str, Any]]:
    """All settings of the extension, ours first, in the order of the server's table."""
    known = {**OWN, **{leaf.name: _property(leaf) for leaf in settings.LEAVES if leaf.name not in LEFT_OUT}}
    return {f"{SECTION}.{name}": {**value, "order": at} for at, (name, value) in enumerate(known.items())}


def restricted() -> list[str]:
    """What a folder that is not trusted has no say in."""
    machine = [name for name, value in properties().items() if value["scope"] == "machine"]
    return machine + [f"{SECTION}.{name}" for name in RESTRICTED]


def written(text: str) -> str:
    """A package.json with these settings in it."""
    package = json.loads(text)
    package["capabilities"]["untrustedWorkspaces"]["restrictedConfigurations"] = restricted()
    package["contributes"]["configuration"] = {"title": "GitLab Duo", "properties": properties()}
    return json.dumps(package, indent=2, ensure_ascii=False) + "\n"


def _property(leaf: Leaf) -> dict[str, Any]:
    more = "" if leaf.kind.name.startswith("`") else f" Allowed: {leaf.kind.name}."
    return {
        **_type(leaf),
        "scope": "machine" if leaf.steers else "window",
        "markdownDescription": leaf.doc + (more if leaf.kind is not kinds.TEXT else ""),
    }


def _type(leaf: Leaf) -> dict[str, Any]:
    if leaf.kind is kinds.SWITCH:
        return {"type": "boolean", "default": leaf.default}
    if leaf.kind in (kinds.COMMAND, kinds.LANGUAGES):
        return {"type": "array", "items": {"type": "string"}, "default": []}
    if leaf.kind is kinds.SECONDS:
        return {"type": "number", "minimum": 0.5, "maximum": 60, "default": leaf.default}
    if leaf.kind is kinds.MEGABYTES:
        return {"type": "integer", "minimum": 1, "maximum": 20, "default": leaf.default}
    text = {"type": "string", "default": leaf.default if isinstance(leaf.default, str) else ""}
    words = re.findall(r"`([^`]+)`", leaf.kind.name) if " or " in leaf.kind.name else []
    return {**text, "enum": words} if leaf.default in words else text


if __name__ == "__main__":
    PACKAGE.write_text(written(PACKAGE.read_text("utf-8")), "utf-8")
