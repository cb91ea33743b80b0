"""VS Code for tests: one code-server and one headless Chromium for all windows of a run."""

from __future__ import annotations

import contextlib
import functools
import json
import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, Final

import psutil
import pytest

from conftest import MACHINE, isolated
from editors import vscode_package
from editors.neovim import EDITORS, REQUIRED, left_after, wait

HERE: Final = Path(__file__).parent
INSTALLED: Final = EDITORS / "vscode"
PLAYWRIGHT: Final = INSTALLED / "node_modules/playwright-core"
CODE_SERVER: Final = INSTALLED / "node_modules/code-server/out/node/entry.js"
STARTING: Final = 60.0
"""Seconds for a window to be there; a busy machine takes ten."""
PROBE: Final = HERE / "vscode_clients/probe"
SERVER: Final = """#!/bin/sh
# the language server, with the environment that the window's test wants; every start leaves a line
name=$(printf %s "$PWD" | sha256sum | cut -c -16)
echo >> "$DUO_TEST_HOME/starts/$name"
exec sh "$DUO_TEST_HOME/environments/$name"
"""
QUIET: Final = {
    "chat.disableAIFeatures": True,
    "editor.autoClosingBrackets": "never",
    "editor.autoClosingQuotes": "never",
    "editor.autoIndent": "none",
    "editor.minimap.enabled": False,
    "editor.quickSuggestions": {"other": "off", "comments": "off", "strings": "off"},
    "editor.wordBasedSuggestions": "off",
    "extensions.autoCheckUpdates": False,
    "extensions.ignoreRecommendations": True,
    "git.enabled": False,
    "security.workspace.trust.enabled": False,
    "security.workspace.trust.startupPrompt": "never",
    "telemetry.telemetryLevel": "off",
    "workbench.secondarySideBar.defaultVisibility": "hidden",
    "workbench.startupEditor": "none",
    "workbench.tips.enabled": False,
}
"""Settings under which nothing moves that a test does not move."""


class CodeServer:
    """The server, with a home of its own, our package and what tests look through; starts at once."""

    def __init__(self) -> None:
        if not (CODE_SERVER.exists() and shutil.which("chromium")):
            message = "no VS Code found; ./scripts/editors installs one"
            pytest.fail(message) if REQUIRED else pytest.skip(message)
        self.home = Path(tempfile.mkdtemp(prefix="code"))  # a socket's path has room for 107 bytes
        for folder in ("user/User", "user/Machine", "extensions", "probes", "environments", "starts", ".run"):
            (self.home / folder).mkdir(parents=True, mode=0o700)
        self.server = self.home / "duo-lsp-of-tests"
        """What every window starts as its server."""
        self.server.write_text(SERVER)
        self.server.chmod(stat.S_IRWXU)
        for extension in (vscode_package.unpacked(), PROBE):
            self.add(extension)
        (self.home / "user/User/settings.json").write_text(json.dumps(QUIET))
        program = {"duoLsp.server.command": [str(self.server)]}  # decided for the machine that the code is on
        (self.home / "user/Machine/settings.json").write_text(json.dumps(program))
        with socket.create_server(("127.0.0.1", 0)) as listener:
            self._port = int(listener.getsockname()[1])
        self.url = f"http://127.0.0.1:{self._port}"
        self._log = self.home / "log"
        self._process = self._start()
        self.browser = Browser()
        wait(self._listens, "code-server", STARTING)

    def add(self, extension: Path) -> None:
        """Have an extension in the windows that open from now on."""
        manifest = json.loads((extension / "package.json").read_text("utf-8"))
        name = f"{manifest['publisher']}.{manifest['name']}-{manifest['version']}"
        (self.home / "extensions" / name).symlink_to(extension)

    def family(self) -> list[psutil.Process]:
        """Everything it started, language servers too."""
        with contextlib.suppress(psutil.NoSuchProcess):
            return psutil.Process(self._process.pid).children(recursive=True)
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
        at = ("--auth", "none", "--bind-addr", f"127.0.0.1:{self._port}")
        environment = isolated(self.home, MACHINE)
        environment |= {
            "DUO_TEST_HOME": str(self.home),
            "PATH": f"{Path(sys.executable).parent}{os.pathsep}{environment['PATH']}",
            "VSCODE_CLI": "1",  # as from a shell: otherwise PATH is what a login shell makes of it
        }
        with self._log.open("wb") as log:
            return subprocess.Popen(
                [vscode_package.NODE, CODE_SERVER, *at, *folders, "--disable-telemetry", "--disable-update-check"],
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def _listens(self) -> bool:
        assert self._process.poll() is None, self._log.read_text()
        with socket.socket() as tried:
            return tried.connect_ex(("127.0.0.1", self._port)) == 0


class Browser:
    """A headless Chromium, driven through `page.js`."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [vscode_package.NODE, HERE / "vscode_page/page.js", PLAYWRIGHT],
            env=MACHINE,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.call("", "launch", shutil.which("chromium"))

    def call(self, window: str, op: str, *args: Any) -> Any:
        """One operation of `page.js`."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps({"window": window, "op": op, "args": args}) + "\n")
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


@functools.cache
def shared() -> CodeServer:
    """The one of this process; `close_shared` ends it."""
    return CodeServer()


def close_shared() -> None:
    """End it, if anybody used it."""
    if shared.cache_info().currsize:
        shared().close()
        shared.cache_clear()
