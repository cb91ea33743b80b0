"""A real Emacs in a terminal: keys go in as a person presses them, what shows is read over Emacs' own server socket."""

from __future__ import annotations

import base64
import contextlib
import json
import re
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import psutil

from duo_lsp import editor_setup
from editors.neovim import PATIENCE, wait
from editors.sums import COMMAND
from editors.terminal import Terminal, program

SIGNS: Final = {"\n": ("Enter",), "\t": ("C-q", "C-i")}
EDITING_NOTHING: Final = """
(setq make-backup-files nil auto-save-default nil create-lockfiles nil inhibit-startup-screen t
      ring-bell-function 'ignore python-indent-guess-indent-offset nil)
(electric-indent-mode -1)
(require 'server)
(setq server-socket-dir "%s")
(add-hook 'window-setup-hook #'server-start) ; the last thing before keys are read
"""
"""An Emacs that leaves nothing behind and indents nothing by itself, and can be asked what it shows."""


class Emacs:
    """One Emacs in a terminal of its own."""

    def __init__(self, init: str, folder: Path, environment: Mapping[str, str], *arguments: str) -> None:
        self._short = Path(tempfile.mkdtemp(prefix="emacs"))  # a socket's path has room for 107 bytes
        file = self._short / "init.el"
        file.write_text(EDITING_NOTHING % self._short + init)
        command = [program("emacs"), "-nw", "-Q", "-l", str(file), *arguments]
        self.terminal = Terminal(command, folder, environment)
        wait(self._listens, "Emacs to listen")

    def lisp(self, code: str) -> Any:
        """The value of an expression in the buffer that shows, through JSON; nil is None."""
        wrapped = (
            f"(with-current-buffer (window-buffer) (base64-encode-string (encode-coding-string"
            f" (json-serialize (vector (progn {code})) :null-object nil :false-object :json-false) 'utf-8) t))"
        )
        return json.loads(base64.b64decode(self._evaluated(wrapped)))[0]

    def type(self, text: str, pause: float = 0.0) -> None:
        """Press the keys for this text; a tab as a person has to who does not want to indent."""
        for part in text if pause else re.split(r"([\n\t])", text):
            if part in SIGNS:
                self.terminal.press(*SIGNS[part])
            elif part:
                self.terminal.press_text(part)
            time.sleep(pause)

    def run(self, command: str) -> None:
        """Run a command by its name, as a person does."""
        self.answer("M-x", text=command)

    def answer(self, *keys: str, text: str) -> None:
        """Press keys that make Emacs ask for something, and answer it."""
        if keys:
            self.terminal.press(*keys)
        self.terminal.press_text(text)
        self.terminal.press("Enter")

    def children(self) -> list[psutil.Process]:
        """What it has started itself."""
        family = self.terminal.family()
        return family[0].children() if family else []

    def close(self) -> None:
        """End it, by force if need be."""
        self.terminal.close()
        shutil.rmtree(self._short, ignore_errors=True)

    def _listens(self) -> bool:
        with contextlib.closing(socket.socket(socket.AF_UNIX)) as line:
            return line.connect_ex(str(self._short / "server")) == 0

    def _evaluated(self, code: str) -> str:
        """What Emacs prints for an expression (Emacs manual, server protocol as `server-eval-at` speaks it)."""
        with contextlib.closing(socket.socket(socket.AF_UNIX)) as line:
            line.settimeout(PATIENCE)
            line.connect(str(self._short / "server"))
            line.sendall(f"-eval {_quoted(code)}\n".encode())
            said = b""
            while part := line.recv(65536):
                said += part
        answer = said.decode()
        assert "-error" not in answer, f"{code}: {_plain(answer)}"
        return "".join(_plain(piece) for piece in re.findall(r"^-print(?:-nonl)? (.*)$", answer, re.MULTILINE))


def _quoted(text: str) -> str:
    return text.replace("&", "&&").replace("\n", "&n").replace(" ", "&_")


def _plain(text: str) -> str:
    signs = {"&&": "&", "&-": "-", "&n": "\n", "&_": " "}
    return re.sub("&[&n_-]", lambda found: signs.get(found[0], ""), text)


def installed(environment: Mapping[str, str]) -> str:
    """What `duo-lsp setup emacs` prints."""
    command = [str(COMMAND), "setup", "emacs"]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout


def from_readme(client: str) -> str:
    """What the README says for people without our package, with the command of this installation."""
    text = (editor_setup.folder() / "emacs/README.md").read_text("utf-8")
    found = re.search(rf"^```elisp {client}\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    assert found is not None, client
    return found[1].replace('"duo-lsp"', f'"{COMMAND}"')
