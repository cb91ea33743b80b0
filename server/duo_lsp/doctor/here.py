"""What is on this machine: the file a person wonders about, and servers of models."""

from __future__ import annotations

import asyncio
from typing import Final

from duo_lsp.doctor.scene import Finding, Scene, bad

PATIENCE: Final = 0.5
"""Seconds; on this machine a server answers at once or is none."""
_MOST: Final = 4096
_ASKED: Final = b"GET / HTTP/1.0\r\nHost: localhost\r\n\r\n"


async def file(scene: Scene) -> list[Finding]:
    """Whether the file that was named may be sent."""
    if scene.file is None:
        return []
    reason = await scene.closed(scene.file)
    if reason:
        return [bad("file", reason, "Work in another file, or change the rule if it is your own.")]
    return [Finding("file", f"{scene.file.name} may be sent")]


async def counts(scene: Scene) -> list[Finding]:
    """What suggestions have done; every server counts for itself and tells nobody but its editor."""
    elsewhere = "every editor's server counts for itself; the command duo.status in the editor tells"
    return [Finding("counts", scene.counted or elsewhere)]


async def engines(scene: Scene) -> list[Finding]:
    """Whether Ollama or llama.cpp run here; nothing is asked of them but who they are."""
    found = await asyncio.gather(*(_runs(name, port) for name, port in scene.engines))
    running = [f"{name} on port {port}" for (name, port), runs in zip(scene.engines, found, strict=True) if runs]
    names = " and ".join(name for name, _ in scene.engines)
    return [Finding("engines", " and ".join(running) if running else f"{names} do not run here")]


async def _runs(name: str, port: int) -> bool:
    """Ollama says who it is in its answer, llama.cpp in the header Server."""
    try:
        async with asyncio.timeout(PATIENCE):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            try:
                writer.write(_ASKED)
                said = await reader.read(_MOST)
            finally:
                writer.close()
    except OSError:  # TimeoutError is one
        return False
    return name.lower().encode() in said.lower()
