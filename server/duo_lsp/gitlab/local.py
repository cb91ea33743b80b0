"""The engine on this machine: the bundled gateway as a child process that ends with us."""

from __future__ import annotations

import asyncio
import contextlib
import json
import secrets as randomness
import signal
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import attrs

from duo_lsp.errors import LocalEngineError
from duo_lsp.gitlab.local_changes import LocalChanges, Near, nobody
from duo_lsp.privacy.secrets import Secret
from duo_lsp.settings import Settings

COMMAND: Final = (sys.executable, "-P", "-m", "duo_lsp.cli", "gateway", "--child", "--limit", "0", "--port", "0")
"""-P: the editor's current folder is no place to import from; a repository may hold a starlette.py."""

PATIENCE: Final = 3.0
"""Seconds for an answer, which takes an engine without a model some milliseconds."""
GENERATION: Final = 25.0
"""Seconds that the gateway gives a model for a generation."""
INDEX: Final = 5
"""Megabytes that it learns when nothing else is said."""
START_SECONDS: Final = 10.0
END_SECONDS: Final = 2.0
GONE_SECONDS: Final = 1.0
"""How long one that does not answer any more may take to be noticed as ended."""
ROOM: Final = 1024 * 1024
"""Bytes that wait for one that does not read; it is stuck, and will be replaced by one that reads everything."""
REST_SECONDS: Final = 30.0
"""How long a start that failed is not tried again."""


@attrs.frozen
class LocalModel:
    """The engine that is wanted on this machine."""

    arguments: tuple[str, ...] = ()
    """Of `duo-lsp gateway`."""
    patience: float = PATIENCE
    """Seconds after which it counts as dead."""


def model(settings: Settings) -> LocalModel:
    """What the settings want."""
    wanted = settings.local_engine
    index = (f"--index-megabytes={wanted.index_megabytes}",) if wanted.index_megabytes != INDEX else ()
    if wanted.engine == "builtin":
        return LocalModel(index)
    template = "" if wanted.fim_template == "auto" else wanted.fim_template
    named = {"--url": wanted.url, "--model": wanted.model, "--fim-template": template}
    options = (f"{name}={value}" for name, value in named.items() if value)
    arguments = (f"--engine={wanted.engine}", f"--model-timeout={wanted.timeout:g}", *options, *index)
    return LocalModel(arguments, max(GENERATION, wanted.timeout) + PATIENCE)


class LocalEngine:
    """Starts the gateway when it is needed, tells it the workspace, and ends it."""

    def __init__(
        self, environment: Mapping[str, str], clock: Callable[[], float], command: Sequence[str] = COMMAND
    ) -> None:
        self._environment = environment
        self._clock = clock
        self._command = command
        self._folders: tuple[str, ...] = ()
        self._near: Near = nobody
        self._changes = LocalChanges(lambda paths: self._tell({"changed": paths}))
        self._process: asyncio.subprocess.Process | None = None
        self._creating: asyncio.Future[asyncio.subprocess.Process] | None = None
        self._closed = False
        self._address = ""
        self._token = Secret()
        self._not_before = float("-inf")

    @property
    def running(self) -> bool:
        """Whether the process lives."""
        return self._process is not None and self._process.returncode is None

    async def start(self) -> tuple[str, Secret]:
        """Its address and token; starts it if it does not run. Raises LocalEngineError."""
        if not self.running:
            if self._closed:
                raise LocalEngineError("The local engine has ended, as this server does.")
            if self._clock() < self._not_before:
                raise LocalEngineError("The local engine did not start a moment ago.")
            await self._spawn()
        return self._address, self._token

    def use_workspaces(self, folders: Sequence[str], near: Near = nobody) -> None:
        """Tell it which folders (absolute paths) it may learn from, now and whenever it is started."""
        self._folders = tuple(folders)
        self._near = near
        self._changes.use(self._folders)
        if self.running:
            self._tell_folders()

    def files_changed(self, paths: Sequence[str]) -> None:
        """Tell it, soon, which files (absolute paths) are not as they were; one that does not run will read them."""
        if self.running:
            self._changes.add(paths)

    async def is_gone(self) -> bool:
        """Whether it has ended by itself: nobody asked it anything for long, or it died."""
        if self._process is not None and self.running:
            ended = asyncio.ensure_future(self._process.wait())
            await asyncio.wait({ended}, timeout=GONE_SECONDS)
            ended.cancel()
        return not self.running

    async def stop(self) -> None:
        """Close its stdin, which ends it, and wait; kill it if it does not go."""
        process, self._process = self._process, None
        if process is not None:
            await _end(process)

    async def close(self) -> None:
        """End it for good, also while it is being started."""
        self._closed = True
        if self._creating is not None:
            await _abandon(self._creating)
        if self._process is not None and sys.platform != "win32":
            with contextlib.suppress(ProcessLookupError):
                self._process.send_signal(signal.SIGCONT)  # one that is stopped ends when it notices that we are gone
        await self.stop()

    async def _spawn(self) -> None:
        token = randomness.token_urlsafe(32)
        environment = {**self._environment, "DUO_LSP_GATEWAY_TOKEN": token}
        creating = self._creating = asyncio.ensure_future(
            asyncio.create_subprocess_exec(
                *self._command, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, env=environment
            )
        )
        try:
            async with asyncio.timeout(START_SECONDS):
                # asyncio may wait for ever when a process is cancelled while it is being made (Python 3.11)
                process = await asyncio.shield(creating)
                hello = await self._hello(process)
        except BaseException as problem:
            await _abandon(creating)
            if not isinstance(problem, (OSError, TimeoutError, ValueError)):
                raise
            self._not_before = self._clock() + REST_SECONDS
            raise LocalEngineError("The local engine did not start.") from problem
        finally:
            self._creating = None
        self._process, self._address, self._token = process, str(hello["url"]), Secret(token)
        self._tell_folders()

    async def _hello(self, process: asyncio.subprocess.Process) -> dict[str, Any]:
        """The line it prints once it listens. Raises ValueError when it ends or says something else."""
        line = await process.stdout.readline() if process.stdout is not None else b""
        hello = json.loads(line or b"null")
        if not isinstance(hello, dict) or not isinstance(hello.get("url"), str):
            raise ValueError("no address")
        return hello

    def _tell_folders(self) -> None:
        self._tell({"workspaces": self._folders, "near": self._near()})

    def _tell(self, message: Mapping[str, Sequence[str]]) -> None:
        stdin = self._process.stdin if self._process is not None and self.running else None
        if stdin is not None and stdin.transport.get_write_buffer_size() < ROOM:
            stdin.write(f"{json.dumps(message)}\n".encode())


async def _abandon(creating: asyncio.Future[asyncio.subprocess.Process]) -> None:
    """End a process that did not become an engine, as soon as it exists."""
    with contextlib.suppress(OSError):
        await _end(await creating)


async def _end(process: asyncio.subprocess.Process) -> None:
    if process.stdin is not None:
        process.stdin.close()
    ended = asyncio.ensure_future(process.wait())
    try:
        # asyncio.timeout would not do: in a task that is being cancelled it raises no TimeoutError (Python < 3.11.5)
        await asyncio.wait({ended}, timeout=END_SECONDS)
    finally:  # who is cancelled meanwhile leaves nothing behind either
        if not ended.done():
            with contextlib.suppress(ProcessLookupError):
                process.kill()
    await ended
