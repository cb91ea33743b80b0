"""Records what the real editors say until they ask for a suggestion: python tests/clients/record.py.

Needs the editors that ./scripts/editors installs, and tmux. Run it when an editor has a new version.
"""

from __future__ import annotations

import json
import shlex
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

sys.path.insert(0, str(Path(__file__).parents[1]))

from conftest import isolated
from editors.neovim import EDITORS, Neovim, wait
from editors.terminal import Terminal

COMMAND: Final = Path(sys.executable).with_name("duo-lsp")
HERE: Final = Path(__file__).parent
CODE: Final = "import os\nimport sys\n\n\ndef add(a, b):\n    a = int(a)\n    b = int(b)\n"
NOTE: Final = "Recorded from the real editor by record.py; addresses of the machine replaced."
ASKS: Final = ("textDocument/inlineCompletion", "textDocument/completion")
EGLOT: Final = '(setq load-path (seq-remove (lambda (folder) (string-match-p "lsp-mode" folder)) load-path))'
LSP_MODE: Final = """
(dolist (part '(lsp-mode lsp-lens lsp-modeline lsp-headerline lsp-diagnostics lsp-completion lsp-semantic-tokens))
  (require part))
(setq lsp-auto-guess-root t lsp-enable-suggest-server-download nil lsp-warn-no-matched-clients nil
      lsp-enable-snippet nil)
"""
QUIET: Final = "(setq make-backup-files nil create-lockfiles nil auto-save-default nil inhibit-startup-screen t)"


class Desk:
    """A home, a project and a command that writes down what its editor says."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.environment = isolated(folder / "home") | {"DUO_LSP_UPSTREAM": "local"}
        self.project = folder / "project"
        self.file = self.project / "app.py"
        self._wire = folder / "wire"
        self._tee = folder / "tee"
        for made in (self.project, folder / "home/.config/helix"):
            made.mkdir(parents=True)
        subprocess.run(["git", "init", "--quiet", str(self.project)], check=True)
        self.file.write_text(CODE)
        self._tee.write_text(f"#!/bin/sh\ntee {shlex.quote(str(self._wire))} | {shlex.quote(str(COMMAND))}\n")
        self._tee.chmod(0o755)

    def setup(self, editor: str) -> str:
        """What a person would paste, with the command that writes down."""
        printed = subprocess.run([COMMAND, "setup", editor], capture_output=True, text=True, check=True).stdout
        return printed.replace(COMMAND.as_posix(), self._tee.as_posix())

    def said(self) -> list[dict[str, Any]]:
        """The editor's messages so far."""
        return list(_messages(self._wire.read_bytes() if self._wire.exists() else b""))

    def kept(self) -> dict[str, Any]:
        """What stays of them: the way to the first question, without this machine."""
        text = json.dumps(self.said()).replace(self.project.as_uri(), "{folder}").replace(str(self.project), "{path}")
        messages: list[dict[str, Any]] = json.loads(text)
        last = next(n for n, message in enumerate(messages) if message.get("method") in ASKS)
        params = messages[0]["params"]
        params["processId"] = None
        assert str(self.folder) not in text
        return {"note": NOTE, "messages": messages[: last + 1]}


def neovim(desk: Desk) -> None:
    """Type at the end of the file."""
    init = desk.folder / "init.lua"
    init.write_text(desk.setup("nvim"))
    nvim = Neovim(init, desk.file, desk.environment)
    try:
        nvim.attach()
        nvim.press("Go")
        nvim.type("    ret")
        asked(desk)
    finally:
        nvim.close()


def helix(desk: Desk) -> None:
    """The same."""
    (desk.folder / "home/.config/helix/languages.toml").write_text(desk.setup("helix"))
    typed(desk, [str(EDITORS / "bin/hx"), "app.py"], "g", "e", "o", "r", "e", "t")


def emacs(desk: Desk, before: str) -> None:
    """The same, with the client that is there."""
    init = desk.folder / "init.el"
    init.write_text("\n".join((QUIET, before, desk.setup("emacs"))))
    typed(desk, [str(EDITORS / "bin/emacs"), "-nw", "-Q", "-l", str(init), "app.py"], "M->", "r", "e", "t", "u")


def typed(desk: Desk, command: list[str], *keys: str) -> None:
    """Press these keys when the file is open."""
    terminal = Terminal(command, desk.project, desk.environment)
    try:
        wait(lambda: any(message.get("method") == "textDocument/didOpen" for message in desk.said()), "the file")
        for key in keys:
            terminal.press(key)
        asked(desk)
    finally:
        terminal.close()


def asked(desk: Desk) -> None:
    """Wait for the question."""
    wait(lambda: any(message.get("method") in ASKS for message in desk.said()), "a question")


def _messages(data: bytes) -> Iterator[dict[str, Any]]:
    while data:
        header, _, rest = data.partition(b"\r\n\r\n")
        sizes = [int(line[15:]) for line in header.split(b"\r\n") if line.lower().startswith(b"content-length:")]
        if not sizes or len(rest) < sizes[0]:
            return
        yield json.loads(rest[: sizes[0]])
        data = rest[sizes[0] :]


CLIENTS: Final[dict[str, Callable[[Desk], None]]] = {
    "neovim": neovim,
    "helix": helix,
    "eglot": lambda desk: emacs(desk, EGLOT),
    "lsp-mode": lambda desk: emacs(desk, LSP_MODE),
}


def main() -> None:
    """Record those that are named, or all."""
    for name in sys.argv[1:] or CLIENTS:
        with tempfile.TemporaryDirectory() as folder:
            desk = Desk(Path(folder).resolve())
            CLIENTS[name](desk)
            text = json.dumps(desk.kept(), indent=1, ensure_ascii=False)
            (HERE / f"{name}.json").write_text(text + "\n", "utf-8")
        print(name)


if __name__ == "__main__":
    main()
