"""The lines to paste into an editor's configuration."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import Final

from duo_lsp.errors import UsageError

EDITORS: Final = {
    "nvim": "neovim/setup.lua",
    "helix": "helix/languages.toml",
    "helix-keys": "helix/config.toml",
    "emacs": "emacs/setup.el",
    "vscode": "vscode/setup.md",
}
"""Each editor's file below `editors/`, written as a person would keep it; two names in it become absolute paths."""


def folder() -> Path:
    """Where the editor files are: inside the installed package, or beside it in a checkout."""
    installed = Path(__file__).parent / "editors"
    return installed if installed.is_dir() else Path(__file__).parents[2] / "editors"


def command() -> Path:
    """The absolute path of the command an editor starts."""
    beside = Path(sys.executable).with_name("duo-lsp" + Path(sys.executable).suffix)
    found = str(beside) if beside.exists() else shutil.which("duo-lsp")
    return Path(found or sys.argv[0]).absolute()


def lines(editor: str) -> str:
    """What to paste. Raises UsageError for an editor we have nothing for."""
    if editor not in EDITORS:
        raise UsageError(f"There is no set-up for {editor}.", f"Choose one of: {', '.join(EDITORS)}.")
    path = folder() / EDITORS[editor]
    text = path.read_text("utf-8")
    return text.replace("{command}", command().as_posix()).replace("{folder}", path.parent.as_posix())
