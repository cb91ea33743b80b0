"""Starts Neovim with our plug-in for tests of it, a GitLab on loopback behind it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from duo_lsp import editor_setup
from editors.neovim import Neovim, program
from gitlab_server import Answer, GitLabServer

FOLDER: Final = Path(__file__).parents[2] / "editors/neovim"
CHAT: Final = "/api/v4/chat/completions"
CODE: Final = "import sys\n\n\ndef add(a, b):\n    return a + b\n\n\nprint(add(1, 2))\n"
SAYS: Final = "It adds two numbers.\n\nThat is all."


@contextlib.contextmanager
def neovim(
    file: Path, environment: Mapping[str, str], *, before: str = "", after: str = "", command: str = ""
) -> Iterator[Neovim]:
    """Neovim on this file, with Lua before and after the lines of the set-up."""
    init = Path(environment["HOME"]) / "init.lua"
    init.write_text(f"{before}\n{editor_setup.lines('nvim')}\n{after}")
    nvim = Neovim(init, file, environment, command=command or program())
    with contextlib.closing(nvim):
        yield nvim


def talkative(server: GitLabServer) -> dict[str, str]:
    """Make it answer questions; the environment that leads to it."""
    server.others[CHAT] = Answer(status=201, body=SAYS)
    return {"GITLAB_URL": server.url, "DUO_LSP_TOKEN": "glpat-of-the-test"}
