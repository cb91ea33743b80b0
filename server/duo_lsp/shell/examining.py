"""`duo-lsp doctor`: the checks over what an editor would use, and a report of them for others to read."""

from __future__ import annotations

import asyncio
import os
import stat
import time
from collections import deque
from collections.abc import AsyncIterator, Mapping, Sequence
from importlib import metadata
from pathlib import Path
from typing import Final

import attrs

from duo_lsp import app, config, doctor
from duo_lsp.doctor import shown
from duo_lsp.doctor.scene import Finding, Scene
from duo_lsp.errors import UsageError
from duo_lsp.logs import MaskingFormatter
from duo_lsp.shell import oneshot
from duo_lsp.status import Status
from duo_lsp.suggestions import context
from duo_lsp.suggestions.context import Here

LOG_LINES: Final = 100
"""Of the log's end, in a report."""
_PACKAGES: Final = ("attrs", "cattrs", "httpx2", "lsprotocol", "pygls", "starlette", "truststore", "uvicorn")


async def examine(environment: Mapping[str, str], masks: MaskingFormatter, file: Path | None) -> AsyncIterator[Finding]:
    """Every finding as it is made; `masks` learns the tokens on the way."""
    resolved = config.resolve(app.base_layers(environment))
    masks.learn(resolved.settings.token)
    chosen = await oneshot.choose(resolved, environment, masks)
    chosen = attrs.evolve(chosen, falls=False)  # it is GitLab that is to be examined, not who would jump in
    if chosen.credentials is not None:
        masks.learn(chosen.credentials.token)
    upstream = oneshot.opened(chosen, environment)
    pipeline = app.pipeline(upstream, resolved.settings, Status(app.time_of_day, chosen.state))

    async def closed(path: Path) -> str:
        state = await pipeline.gate(await asyncio.to_thread(_top_of, path))
        return "" if state is None else state.sentence

    scene = Scene(
        resolved, chosen, upstream, closed=closed, file=file, clock=time.monotonic, today=app.time_of_day().date()
    )
    try:
        async for finding in doctor.examine(scene):
            yield finding
    finally:
        await pipeline.close()
        await upstream.close()


def _top_of(path: Path) -> Here:
    return context.at(oneshot.read(path), 0, 0, (oneshot.root(path.resolve()).as_posix(),))


def write_report(path: Path, findings: Sequence[Finding], log: Path | None, masks: MaskingFormatter) -> None:
    """Write what may be shown to others, into a file that only its owner can read. Raises UsageError."""
    packages = {name: metadata.version(name) for name in _PACKAGES}
    text = masks.mask(shown.report(findings, packages, _end_of(log)))
    text = text.replace(str(Path.home()), "~")  # it names the person
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_NOFOLLOW", 0), 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8", errors="replace") as file:
            if os.name == "posix":
                os.fchmod(descriptor, stat.S_IRUSR | stat.S_IWUSR)  # it may have been there before
            file.write(text)
    except OSError as problem:
        raise UsageError(f"{path} cannot be written ({problem.strerror}).", "Name another file.") from problem


def _end_of(log: Path | None) -> list[str]:
    if log is None:
        return []
    try:
        with log.open(encoding="utf-8", errors="replace") as lines:
            return [line.rstrip("\n") for line in deque(lines, LOG_LINES)]
    except OSError as problem:
        raise UsageError(f"{log} cannot be read ({problem.strerror}).", "Name another file.") from problem
