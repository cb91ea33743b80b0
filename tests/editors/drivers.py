"""The real editors that every promise is tried in: one line each."""

from __future__ import annotations

from typing import Final

from editors.driver import Driver
from editors.emacs_driver import EmacsBeside, EmacsEglot, EmacsLspMode
from editors.helix_driver import Helix
from editors.neovim_driver import Neovim011, Neovim012
from editors.vscode_driver import VSCode

DRIVERS: Final[tuple[type[Driver], ...]] = (
    Neovim012,
    Neovim011,
    VSCode,
    EmacsBeside,
    EmacsEglot,
    EmacsLspMode,
    Helix,
)
