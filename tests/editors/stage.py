"""An editor that is open, a GitLab for it, and files to write in."""

from __future__ import annotations

import contextlib
import itertools
import math
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final

import attrs
import psutil

import gitlab_server as gitlab
from duo_lsp.gitlab.limits.rate_limit import BURST, REFILL, RESERVE
from editors.driver import Driver
from editors.neovim import wait
from editors.sums import finishing

CHAT: Final = "/api/v4/chat/completions"
TOKEN: Final = "glpat-of-the-test"
ENOUGH: Final = RESERVE + 5
"""Requests that one test may need."""
OPENING: Final = "import sys\n\n\ndef add(a, b):\n"


@attrs.frozen
class Scene:
    """A file, what is typed on a new line below it, and how the suggestion goes on."""

    name: str
    typed: str
    rest: str
    above: str = OPENING
    line_end: str = "\n"

    @property
    def whole(self) -> str:
        """The buffer once the suggestion is taken."""
        return self.above + self.typed + self.rest


PLAIN: Final = Scene("several lines", "    i", "f a:\n        return a + b")
SCENES: Final = (
    PLAIN,
    Scene("é before the cursor", '    print("é", ', "a + b)"),
    Scene("漢 before the cursor", '    print("漢", ', "a + b)"),
    Scene("😀 before the cursor", '    print("😀", ', "a + b)"),
    attrs.evolve(PLAIN, name="CRLF", line_end="\r\n"),
    Scene("tabs", "\ti", "f a:\n\t\treturn a + b", "import sys\n\n\ndef add(a, b):\n\tprint(a)\n"),
)


@attrs.define
class Stage:
    """One editor for several tests: each opens a file of its own, so that nothing is known about it yet."""

    editor: Driver
    gitlab: gitlab.GitLabServer
    folder: Path
    _numbers: Iterator[int] = attrs.field(factory=lambda: itertools.count(1))

    def begin(self, scene: Scene = PLAIN) -> Path:
        """Show a fresh file of this scene; GitLab answers with what is left of the scene's text."""
        self._rest()
        file = self.folder / f"sums_{next(self._numbers)}.py"
        file.write_bytes(scene.above.replace("\n", scene.line_end).encode())
        self.gitlab.script.clear()
        # the blanks too: who is asked between two of them knows how many are missing, as a model does
        self.gitlab.answer = finishing(scene.typed + scene.rest)
        self.editor.open(file)
        return file

    def _rest(self) -> None:
        """Wait as a person would: tests ask faster than anybody types, and the server's own limit would silence it."""
        wait(lambda: self._tokens >= ENOUGH, "the rate limit of the server")

    @property
    def _tokens(self) -> float:
        """What the server's bucket holds at least, by what came here."""
        tokens, before = float(BURST), -math.inf
        for at in [*(request.at for request in self.gitlab.suggestions), time.monotonic()]:
            tokens = min(BURST, tokens + (at - before) * REFILL) - 1
            before = at
        return tokens

    def shown(self, text: str) -> None:
        """Wait until just this is offered."""
        self.see(lambda: self.editor.offers(text), f"{text!r} to be offered")

    def holds(self, text: str) -> None:
        """Wait until this is the buffer, but for the line end at its end."""
        self.see(lambda: self.editor.text == text.removesuffix("\n"), f"the text {text!r}")

    def see(self, condition: Callable[[], Any], what: str) -> None:
        """Wait for it; fails with what can be seen instead."""
        try:
            wait(condition, what)
        except AssertionError as error:
            editor = self.editor
            raise AssertionError(
                f"{editor.name}: {error}; the text is {editor.text!r}, offered is {editor.offer!r}, "
                f"the state {editor.state!r}, told was {list(editor.messages)}"
            ) from None


@contextlib.contextmanager
def staged(
    driver: type[Driver], folder: Path, environment: Mapping[str, str], *, signed_in: bool = True
) -> Iterator[Stage]:
    """An editor in a new repository, with the way to a GitLab of its own."""
    subprocess.run(["git", "init", "--quiet", str(folder)], check=True)
    with gitlab.running() as server, contextlib.ExitStack() as stack:
        server.others[CHAT] = gitlab.Answer(status=201, body="It adds two numbers.\n\nThat is all.")
        token = {"DUO_LSP_TOKEN": TOKEN} if signed_in else {"DUO_LSP_UPSTREAM": "gitlab"}
        more = {"GITLAB_URL": server.url, **token}
        path = f"{Path(sys.executable).parent}:{environment['PATH']}"
        editor = driver(folder, {**environment, **more, "PATH": path})
        stack.callback(editor.close)
        yield Stage(editor, server, folder)


def ended(process: psutil.Process) -> bool:
    """Whether it runs no more, buried or not."""
    try:
        return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True
