"""Emacs with our package as every test drives an editor: beside another server, through Eglot, through lsp-mode."""

from __future__ import annotations

import re
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import ClassVar, Final

import psutil

from editors import drawing, looks
from editors.emacs import Emacs, installed
from editors.neovim import wait
from editors.sums import COMMAND

OTHER: Final = Path(__file__).with_name("other_server.py")
OFFER: Final = """
(or (and (overlayp duo-lsp-ghost--overlay) (overlay-buffer duo-lsp-ghost--overlay)
         (= (overlay-start duo-lsp-ghost--overlay) (point))
         (substring-no-properties (overlay-get duo-lsp-ghost--overlay 'after-string)))
    "")
"""
CONVERSATION: Final = """
(if (get-buffer-window "*Duo Chat*")
    (with-current-buffer "*Duo Chat*" (buffer-substring-no-properties (point-min) (point-max))) "")
"""
MESSAGES: Final = """
(with-current-buffer "*Messages*" (buffer-substring-no-properties (point-min) (point-max)))
"""
BESIDE: Final = """
(require 'eglot)
(add-to-list 'eglot-server-programs '(python-mode . ("{python}" "{other}")))
(add-hook 'python-mode-hook #'eglot-ensure)
"""
THROUGH_EGLOT: Final = "(duo-lsp-eglot-register '(python-mode)) (add-hook 'python-mode-hook #'eglot-ensure)"
THROUGH_LSP_MODE: Final = """
;; what a packaged lsp-mode loads by itself, and answers to its questions
(dolist (part '(lsp-mode lsp-lens lsp-modeline lsp-headerline lsp-diagnostics lsp-completion lsp-semantic-tokens
                lsp-inline-completion))
  (require part))
(setq lsp-auto-guess-root t lsp-enable-suggest-server-download nil lsp-warn-no-matched-clients nil
      lsp-enable-snippet nil lsp-restart 'auto-restart lsp-headerline-breadcrumb-enable nil
      lsp-enabled-clients '(other duo-lsp))
(lsp-register-client (make-lsp-client :new-connection (lsp-stdio-connection '("{python}" "{other}"))
                                      :major-modes '(python-mode) :server-id 'other))
(duo-lsp-lsp-mode-register)
(add-hook 'python-mode-hook #'lsp-deferred)
"""
KILLED: Final = "test_a_server_that_was_killed_is_told_of_once_and_comes_back"
EVERYDAY: Final = ("Mark ", "Undo", "Wrote ", "Saving file", "Quit", "No other window", "(New file)", "Loading ")
"""How lines begin that Emacs' own commands say."""


class EmacsBeside:
    """With a connection of our own, while Eglot runs another server in the same buffer."""

    name: ClassVar[str] = "Emacs 30"
    menu: ClassVar[bool] = False
    cannot: ClassVar[Mapping[str, str]] = {}
    way: ClassVar[str] = BESIDE
    served: ClassVar[str] = (
        "(and (eglot-managed-p) (eq (duo-lsp-channel) duo-lsp-server--connection) (duo-lsp-channel))"
    )

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        way = self.way.format(python=sys.executable, other=OTHER)
        self._emacs = Emacs(f"{installed(environment)}\n(require 'duo-lsp)\n{way}", folder, environment)

    def open(self, file: Path) -> None:
        self._emacs.terminal.press("C-x", "1")
        self._emacs.answer("C-x", "C-f", text=str(file))
        wait(lambda: self._emacs.lisp("buffer-file-name") == str(file), "the file to show")
        self._emacs.terminal.press("M->")
        wait(lambda: self._emacs.lisp(f"(and duo-lsp-mode {self.served} t)"), "the server to serve the file")

    def type(self, text: str, pause: float = 0.0) -> None:
        self._emacs.type(text, pause)

    def offers(self, text: str) -> bool:
        return self.offer == text

    @property
    def offer(self) -> str:
        return str(self._emacs.lisp(OFFER))

    def accept(self) -> None:
        self._emacs.terminal.press("Tab")

    def accept_word(self) -> None:
        self._emacs.terminal.press("M-f")

    def next(self) -> None:
        self._emacs.terminal.press("M-n")

    def dismiss(self) -> None:
        self._emacs.terminal.press("C-g")

    def undo(self) -> None:
        self._emacs.terminal.press("C-_")

    @property
    def text(self) -> str:
        return str(self._emacs.lisp("(buffer-substring-no-properties (point-min) (point-max))"))

    def save(self) -> None:
        self._emacs.terminal.press("C-x", "C-s")

    def explain(self, first: int, last: int) -> None:
        self._line(first + 1)
        self._emacs.terminal.press("C-Space")
        self._line(last + 2)
        self._emacs.run("duo-lsp-explain")

    @property
    def conversation(self) -> str:
        return str(self._emacs.lisp(CONVERSATION))

    @property
    def state(self) -> str:
        return "\n".join([self._emacs.terminal.screen, *self.messages])

    @property
    def messages(self) -> Sequence[str]:
        return [line for line in _repeated(str(self._emacs.lisp(MESSAGES))) if not line.startswith(EVERYDAY)]

    @property
    def servers(self) -> list[psutil.Process]:
        return [child for child in self._emacs.children() if _is_ours(child)]

    def picture(self, path: Path) -> None:
        self._emacs.lisp(looks.EMACS)
        title = str(self._emacs.lisp("(buffer-name (window-buffer (frame-first-window)))"))
        self._emacs.terminal.picture(path, title, drawing.WIDE if self.conversation else drawing.PICTURE)

    def close(self) -> None:
        self._emacs.close()

    def _line(self, number: int) -> None:
        self._emacs.answer("M-g", "g", text=str(number))


class EmacsEglot(EmacsBeside):
    """Over Eglot's connection, for modes whose server is ours."""

    name = "Emacs 30, eglot"
    cannot: ClassVar[Mapping[str, str]] = {KILLED: "it comes back; Eglot says so three times"}
    way = THROUGH_EGLOT
    served = "(and (duo-lsp-eglot--server) (eq (duo-lsp-channel) (eglot-current-server)))"


class EmacsLspMode(EmacsBeside):
    """Over lsp-mode's connection, as an add-on."""

    name = "Emacs 30, lsp-mode 10"
    cannot: ClassVar[Mapping[str, str]] = {KILLED: "lsp-mode asks first, or says it five times"}
    way = THROUGH_LSP_MODE
    served = "(and (length= (lsp-workspaces) 2) (eq (duo-lsp-channel) 'lsp-mode))"


def _repeated(text: str) -> list[str]:
    """The lines of *Messages*, where `[3 times]` stands for three of them."""
    lines: list[str] = []
    for line in filter(None, text.splitlines()):
        found = re.fullmatch(r"(.*) \[(\d+) times\]", line)
        lines += [found[1]] * int(found[2]) if found else [line]
    return lines


def _is_ours(process: psutil.Process) -> bool:
    try:
        return any(COMMAND.name in Path(part).name for part in process.cmdline())
    except (psutil.NoSuchProcess, psutil.ZombieProcess):
        return False
