"""Where llama.cpp's server is: at an address, or a process of our own that serves a file."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import secrets
import sys
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from duo_lsp.errors import ModelError, UsageError
from duo_lsp.gateway.engines.llama_cpp.backend import START, Place
from duo_lsp.gateway.models import KEY_VARIABLE
from duo_lsp.gateway.models.way import Way
from duo_lsp.privacy.secrets import Secret

COMMAND: Final = (sys.executable, "-P", "-m", "duo_lsp.gateway.engines.llama_cpp.serving")
"""-P: the editor's current folder is no place to import from."""
LOAD: Final = 120.0
"""Seconds for reading a model's file."""
END: Final = 2.0
_MAGIC: Final = b"GGUF"


def elsewhere(url: str, key: Secret) -> Place:
    """A server that somebody runs."""
    return _Elsewhere(Way(url, "llama.cpp", START, key))


def served(path: str, command: Sequence[str] = COMMAND) -> Place:
    """A file that we serve. Raises UsageError when it cannot be."""
    file = Path(path).expanduser().absolute()
    if find_spec("xllamacpp") is None:
        raise UsageError("The extra llama is not installed.", "Install it: pip install 'duo-lsp[llama]'.")
    try:
        with file.open("rb") as opened:
            magic = opened.read(len(_MAGIC))
    except OSError:
        raise UsageError(f"There is no model at {file}.", "Name a file that ends in .gguf with --model.") from None
    if magic != _MAGIC:
        raise UsageError(f"{file.name} is no model in GGUF form.", "Name a file that ends in .gguf with --model.")
    return Served(file, command)


class _Elsewhere:
    def __init__(self, way: Way) -> None:
        self.name = way.name
        self._way = way

    async def way(self) -> Way:
        return self._way

    async def close(self) -> None:
        await self._way.close()


class Served:
    """A process of our own, started with the first question, again when it died, and ended with us."""

    def __init__(self, file: Path, command: Sequence[str] = COMMAND) -> None:
        self.name = file.stem
        self._file = file
        self._command = command
        self._process: asyncio.subprocess.Process | None = None
        self._way: Way | None = None
        self._starting: asyncio.Task[Way] | None = None

    async def way(self) -> Way:
        """The way there. Raises ModelError. Who is cancelled here does not end the loading."""
        if self._way is not None and self._process is not None and self._process.returncode is None:
            return self._way
        if self._starting is None or self._starting.done():
            self._starting = asyncio.ensure_future(self._started())
        return await asyncio.shield(self._starting)

    async def close(self) -> None:
        """End it."""
        if self._starting is not None:
            self._starting.cancel()
            await asyncio.wait({self._starting})
        await self._end()

    async def _started(self) -> Way:
        await self._end()
        key = secrets.token_urlsafe(32)
        pipe = asyncio.subprocess.PIPE
        self._process = await asyncio.create_subprocess_exec(
            *self._command,
            str(self._file),
            stdin=pipe,
            stdout=pipe,
            stderr=asyncio.subprocess.DEVNULL,
            env={**os.environ, KEY_VARIABLE: key},
        )
        try:
            async with asyncio.timeout(LOAD):
                line = await self._process.stdout.readline() if self._process.stdout else b""
            hello = json.loads(line)
        except (TimeoutError, ValueError) as problem:
            await self._end()
            raise ModelError(
                f"llama.cpp cannot load {self._file.name}.",
                "The file may be damaged, newer than the installed llama.cpp, or too large for this machine's memory.",
            ) from problem
        self._way = Way(hello["url"], self._file.stem, "It starts again by itself.", Secret(key))
        return self._way

    async def _end(self) -> None:
        way, self._way = self._way, None
        process, self._process = self._process, None
        if way is not None:
            await way.close()
        if process is None:
            return
        if process.stdin is not None:
            process.stdin.close()
        ended = asyncio.ensure_future(process.wait())
        await asyncio.wait({ended}, timeout=END)
        if not ended.done():
            with contextlib.suppress(ProcessLookupError):
                process.kill()
        await ended
