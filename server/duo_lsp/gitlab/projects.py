"""The project on an instance that a file belongs to; git is never run, its files are read."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Final

import cachetools

from duo_lsp.gitlab import remotes

PATIENCE: Final = 0.2
"""Seconds a request waits for the disk; what comes later serves the next one."""
REMEMBERED: Final = 300.0
"""Seconds."""
_MOST_FOLDERS: Final = 256
_MOST_BYTES: Final = 64 << 10
_DEEPEST: Final = 40


class Projects:
    """Knows the project of every folder, for a while."""

    def __init__(self, base_url: str, clock: Callable[[], float]) -> None:
        """`clock` gives seconds, monotonic."""
        self._base_url = base_url
        self._known: cachetools.TTLCache[Path, asyncio.Task[str]] = cachetools.TTLCache(
            _MOST_FOLDERS, REMEMBERED, clock
        )

    async def of(self, path: str) -> str:
        """The project's path on the instance for a file's absolute path; nothing when there is none."""
        if not path:
            return ""
        folder = Path(path).parent
        task = self._known.get(folder)
        if task is None:
            task = asyncio.ensure_future(asyncio.to_thread(project_of, folder, self._base_url))
            self._known[folder] = task
        if not task.done():
            await asyncio.wait({task}, timeout=PATIENCE)
        return task.result() if task.done() and not task.cancelled() else ""


def project_of(folder: Path, base_url: str) -> str:
    """The same, now, on this thread; what cannot be read is nothing."""
    for depth, above in enumerate((folder, *folder.parents)):
        if depth > _DEEPEST:
            break
        config = _config(above / ".git")
        if config is not None:
            return remotes.project_of(_text(config), base_url)
    return ""


def _config(git: Path) -> Path | None:
    """Where the configuration is (gitrepository-layout(5)); None when this is no repository.

    A worktree and a submodule have a file there that says where; a worktree shares the configuration of another.
    """
    try:
        if git.is_dir():
            return git / "config"
        if not git.is_file():
            return None
    except OSError:
        return None
    there = git.parent / _here(_text(git).partition("gitdir:")[2])
    common = _here(_text(there / "commondir"))
    return (there / common if common else there) / "config"


def _here(path: str) -> str:
    """The path on this machine; nothing for one on another, to which Windows would show who the person is."""
    path = path.strip()
    return "" if path.replace("\\", "/").startswith("//") else path


def _text(path: Path) -> str:
    """The beginning of a small file; nothing when it is none."""
    try:
        if not path.is_file():  # a pipe would be waited for
            return ""
        with path.open("rb") as file:
            return file.read(_MOST_BYTES).decode("utf-8", "replace")
    except (OSError, ValueError):
        return ""
