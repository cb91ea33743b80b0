"""Drives a real Neovim over its own socket: keys in, ghost text and lines out."""

from __future__ import annotations

import json
import os
import shutil
import socket
import struct
import subprocess
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NoReturn

import psutil
import pytest

EDITORS: Final = Path(os.environ.get("DUO_LSP_EDITORS") or Path.home() / ".cache/duo-lsp/editors")
"""Where `scripts/editors` puts them; read before a test moves the home folder."""
REQUIRED: Final = os.environ.get("DUO_LSP_REQUIRE_EDITORS") == "1"
PATIENCE: Final = 30.0
POLL: Final = 0.01

GHOST = """
local lines = {}
for _, name in ipairs({ 'nvim.lsp.inline_completion', 'duo_lsp.rest' }) do
  local namespace = vim.api.nvim_create_namespace(name)
  for _, mark in ipairs(vim.api.nvim_buf_get_extmarks(0, namespace, 0, -1, { details = true })) do
    for _, line in ipairs({ mark[4].virt_text or {}, unpack(mark[4].virt_lines or {}) }) do
      lines[#lines + 1] = table.concat(vim.tbl_map(function(chunk) return chunk[1] end, line))
    end
  end
end
return table.concat(lines, '\\n')
"""
CONVERSATION = """
for _, window in ipairs(vim.api.nvim_list_wins()) do
  local buffer = vim.api.nvim_win_get_buf(window)
  if vim.api.nvim_buf_get_name(buffer):match('^duo://chat/') then
    return table.concat(vim.api.nvim_buf_get_lines(buffer, 0, -1, false), '\\n')
  end
end
return ''
"""
ATTACHED = """
local client = vim.lsp.get_clients({ bufnr = 0, name = 'duo_lsp' })[1]
return client ~= nil and client.initialized
"""


def program() -> str:
    """A Neovim with inline completion; skips the test, or fails it where editors are required."""
    candidates = [str(EDITORS / "bin/nvim"), shutil.which("nvim") or ""]
    for candidate in candidates:
        if candidate and Path(candidate).exists() and _new_enough(candidate):
            return candidate
    return absent("Neovim >= 0.12")


def old_program() -> str:
    """A Neovim 0.11, which has a menu and no inline completion."""
    found = EDITORS / "bin/nvim-0.11"
    return str(found) if found.exists() else absent("Neovim 0.11")


def absent(what: str) -> NoReturn:
    """Skip the test, or fail it where editors are required."""
    message = f"no {what} found; ./scripts/editors installs one"
    if REQUIRED:
        pytest.fail(message)
    pytest.skip(message)


def _new_enough(path: str) -> bool:
    said = subprocess.run([path, "--version"], capture_output=True, text=True, timeout=20, check=False).stdout
    version = said.partition("NVIM v")[2].split()[0].split("-")[0].split(".") if "NVIM v" in said else ["0"]
    return tuple(int(part) for part in version[:2]) >= (0, 12)


class Neovim:
    """One headless Neovim with one file open."""

    def __init__(
        self, init: Path, file: Path, environment: Mapping[str, str], folder: Path | None = None, command: str = ""
    ) -> None:
        self._short = Path(tempfile.mkdtemp(prefix="nvim"))  # a socket's path has room for 107 bytes
        self._log = Path(environment["XDG_STATE_HOME"]) / "nvim/lsp.log"
        options = ["--headless", "-n", "-i", "NONE", "-u", str(init), "--listen", str(self._short / "s")]
        self.process = subprocess.Popen(
            [command or program(), *options, str(file)],
            cwd=folder or file.parent,
            env={**environment, "NVIM_LOG_FILE": str(self._short / "log")},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._socket = socket.socket(socket.AF_UNIX)
        self._socket.settimeout(PATIENCE)
        wait(lambda: self._socket.connect_ex(str(self._short / "s")) == 0, "Neovim to listen")
        self._stream = self._socket.makefile("rb")

    def attach(self, filetype: str = "") -> None:
        """Wait until the server serves the file: what is typed before triggers nothing. Indent nothing by itself."""
        if filetype:
            self.lua("vim.bo.filetype = ...", filetype)
        wait(lambda: self.lua(ATTACHED), "the server to attach")
        self.lua("vim.bo.indentexpr = ''; vim.bo.autoindent = false")

    def lua(self, code: str, *arguments: Any) -> Any:
        """Run Lua inside; `...` holds the arguments, the result comes back through JSON."""
        wrapped = f"return vim.json.encode((function(...) {code}\nend)(unpack(vim.json.decode(...))) or vim.NIL)"
        return json.loads(self._call("nvim_exec_lua", wrapped, [json.dumps(arguments)]))

    def type(self, text: str) -> None:
        """Press the keys for this text, as a person would; Enter for a new line."""
        self.press(text.replace("<", "<LT>").replace("\n", "<CR>"))

    def press(self, keys: str) -> None:
        """Press keys in Neovim's notation: `<Tab>`, `<Esc>`."""
        self._call("nvim_input", keys)

    @property
    def ghost(self) -> str:
        """The suggestion on the screen, lines joined; empty when none shows."""
        return str(self.lua(GHOST))

    def shown(self, seconds: float = PATIENCE) -> str:
        """The suggestion, once there is one."""
        wait(lambda: self.ghost, "a suggestion", seconds)
        return self.ghost

    @property
    def lines(self) -> list[str]:
        """The buffer."""
        return list(self.lua("return vim.api.nvim_buf_get_lines(0, 0, -1, false)"))

    @property
    def line(self) -> str:
        """The line of the cursor."""
        return str(self.lua("return vim.api.nvim_get_current_line()"))

    @property
    def messages(self) -> str:
        """Everything Neovim has told the person so far."""
        return str(self.lua("return vim.api.nvim_exec2('messages', { output = true }).output"))

    @property
    def complaints(self) -> str:
        """What stands in Neovim's log of servers as an error: the server's stderr and failed calls."""
        text = self._log.read_text() if self._log.exists() else ""
        return "\n".join(line for line in text.splitlines() if line.startswith("[ERROR]"))

    def status(self) -> dict[str, Any]:
        """The server's own words, through our module."""
        return dict(self.lua("return require('duo_lsp').status()") or {})

    def family(self) -> list[psutil.Process]:
        """The server and everything it started."""
        return psutil.Process(self.process.pid).children(recursive=True)

    def close(self) -> None:
        """End it, by force if need be, and whatever it left behind."""
        family = self.family() if self.process.poll() is None else []
        self._stream.close()
        self._socket.close()
        self.process.kill()
        self.process.wait()
        for process in left_after(5, family):
            process.kill()
        shutil.rmtree(self._short, ignore_errors=True)

    def _call(self, method: str, *arguments: Any) -> Any:
        """One msgpack-rpc request, answered."""
        self._socket.sendall(packed([0, 1, method, list(arguments)]))
        while True:
            message = unpacked(self._stream)
            if message[0] == 1:
                assert message[2] is None, message[2]
                return message[3]


def wait(condition: Callable[[], Any], what: str, seconds: float = PATIENCE) -> None:
    """Look again and again until it holds; fail with its name when it does not."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"waited {seconds} s for {what}"
        time.sleep(POLL)


def left_after(seconds: float, processes: Sequence[psutil.Process]) -> list[psutil.Process]:
    """Which of these still run after so long; one that only nobody has buried yet does not count."""
    deadline = time.monotonic() + seconds
    while (alive := [process for process in processes if _runs(process)]) and time.monotonic() < deadline:
        time.sleep(POLL)
    return alive


def _runs(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def packed(value: Any) -> bytes:
    """The msgpack of what a request is made of: small numbers, texts and lists."""
    if isinstance(value, int):
        return bytes([value])
    if isinstance(value, str):
        raw = value.encode()
        return b"\xdb" + struct.pack(">I", len(raw)) + raw
    assert isinstance(value, Sequence)
    return b"\xdd" + struct.pack(">I", len(value)) + b"".join(map(packed, value))


def unpacked(stream: Any) -> Any:
    """The next msgpack value, of the kinds Neovim answers with."""
    kind = stream.read(1)
    assert kind, "Neovim went away"
    byte = kind[0]
    if byte < 0x80:
        return byte
    if byte in _CONSTANTS:
        return _CONSTANTS[byte]
    if 0x90 <= byte < 0xA0:
        return [unpacked(stream) for _ in range(byte & 0x0F)]
    if 0xA0 <= byte < 0xC0:
        return stream.read(byte & 0x1F).decode()
    size, is_text = _SIZES[byte]
    number = int.from_bytes(stream.read(size), "big")
    if is_text is None:
        return number
    return stream.read(number).decode() if is_text else [unpacked(stream) for _ in range(number)]


_CONSTANTS: Final = {0xC0: None, 0xC2: False, 0xC3: True}
_SIZES: Final = {
    0xCC: (1, None),
    0xCD: (2, None),
    0xCE: (4, None),
    0xD9: (1, True),
    0xDA: (2, True),
    0xDB: (4, True),
    0xDC: (2, False),
    0xDD: (4, False),
}
