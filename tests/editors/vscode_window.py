"""One window of VS Code on a folder: keys in, the screen and the editor's own view of things out."""

from __future__ import annotations

import contextlib
import hashlib
import json
import shlex
import socket
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import psutil

from editors.neovim import wait
from editors.vscode import STARTING, shared

SETTING: Final = "await vscode.workspace.getConfiguration('duoLsp').update(args[0], args[1] ?? undefined, true)"


class Window:
    """A window whose language server gets an environment of its own."""

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self.code_server = shared()
        self._folder = folder
        self._name = hashlib.sha256(str(folder).encode()).hexdigest()[:16]
        home = self.code_server.home
        pairs = shlex.join(f"{name}={value}" for name, value in environment.items())
        (home / "environments" / self._name).write_text(f"exec env -i {pairs} duo-lsp\n")
        self.call("open", f"{self.code_server.url}/?folder={folder}", self._name)
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.settimeout(STARTING)
        path = str(home / "probes" / self._name)
        wait(lambda: self._socket.connect_ex(path) == 0, "the window's extensions", STARTING)
        self._stream = self._socket.makefile("r", encoding="utf-8")

    def call(self, op: str, *args: Any) -> Any:
        """One operation of `page.js`."""
        return self.code_server.browser.call(self._name, op, *args)

    def run(self, code: str, *args: Any) -> Any:
        """Run JavaScript beside the extensions; `vscode` is its interface, `args` holds the arguments."""
        self._socket.sendall((json.dumps({"code": code, "args": args}) + "\n").encode())
        answer = json.loads(self._stream.readline())
        assert "error" not in answer, answer["error"]
        return answer["value"]

    def set(self, name: str, value: Any) -> None:
        """Set one of our settings for this person, in all windows; None takes it away."""
        self.run(SETTING, name, value)

    def press(self, *keys: str) -> None:
        """Press keys in Playwright's notation: `Tab`, `Control+ArrowRight`."""
        for key in keys:
            self.call("press", key)

    def command(self, title: str) -> None:
        """Choose a command by its name, as a person does."""
        self.press("F1")
        self.fill(f">{title}")
        self._take(title)

    def choose(self, title: str) -> None:
        """Choose an entry of the list that has popped up."""
        self.call("wait", f'.quick-input-list [aria-label*="{title}"]')
        self.fill(title)
        self._take(title)

    def fill(self, text: str, kind: str = "text") -> None:
        """Write into the box that has popped up, in place of what stands there."""
        self.call("wait", f".quick-input-widget input[type={kind}]")
        self.call("evaluate", "() => document.querySelector('.quick-input-widget input').select()")
        self.call("type", text, 0)

    def _take(self, title: str) -> None:
        self.call("wait", f'.quick-input-list .focused[aria-label*="{title}"]')
        self.press("Enter")

    @property
    def messages(self) -> list[str]:
        """What has popped up so far."""
        return [message for message in self.call("evaluate", "() => window.told") if message]

    @property
    def servers(self) -> list[psutil.Process]:
        """The language servers of this window."""
        return [process for process in self.code_server.family() if self._is_server(process)]

    @property
    def starts(self) -> int:
        """How many language servers this window has started so far."""
        left = self.code_server.home / "starts" / self._name
        return len(left.read_bytes()) if left.exists() else 0

    def _is_server(self, process: psutil.Process) -> bool:
        with contextlib.suppress(psutil.Error):
            parent = process.parent()
            started_by_ours = parent is not None and _is_ours(parent)
            return _is_ours(process) and not started_by_ours and process.cwd() == str(self._folder)
        return False

    def close(self) -> None:
        """Leave the window."""
        self._stream.close()
        self._socket.close()
        self.call("close")


def _is_ours(process: psutil.Process) -> bool:
    return any(Path(word).name == "duo-lsp" for word in process.cmdline()[:2])
