"""A real Emacs in a terminal: keys go in as a person presses them, what shows is read over a socket."""

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
(defun asked-what-it-shows (line text)
  (process-put line 'asked (concat (process-get line 'asked) text))
  (when (string-suffix-p "\\n" (process-get line 'asked))
    (process-send-string line (answer-to (base64-decode-string (process-get line 'asked))))
    (delete-process line)))
(defun answer-to (code)
  (condition-case problem
      (json-serialize (vector t (eval (read (decode-coding-string code 'utf-8)) t))
                      :null-object nil :false-object :json-false)
    (error (json-serialize (vector :false (error-message-string problem))))))
(add-hook 'window-setup-hook ; the last thing before keys are read
          (lambda () (make-network-process :name "asked" :server t :family 'local :service "%s/asked" :noquery t
                                           :coding 'binary :filter #'asked-what-it-shows)))
"""
"""An Emacs that leaves nothing behind and indents nothing by itself, and can be asked what it shows.

Its own server would not do: a C-g that comes while that answers quits the answer instead of reaching the person's keys.
"""


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
        with contextlib.closing(socket.socket(socket.AF_UNIX)) as line:
            line.settimeout(PATIENCE)
            line.connect(str(self._short / "asked"))
            line.sendall(base64.b64encode(f"(with-current-buffer (window-buffer) {code})".encode()) + b"\n")
            said = b""
            while part := line.recv(65536):
                said += part
        is_fine, value = json.loads(said)
        assert is_fine, f"{code}: {value}"
        return value

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
            return line.connect_ex(str(self._short / "asked")) == 0


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
