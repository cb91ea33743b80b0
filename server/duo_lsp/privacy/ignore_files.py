"""Reads ignore files: `.gitignore` and those that people write for assistants. The one module here that reads."""

from __future__ import annotations

import os
import stat
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Final

from cachetools import LRUCache

from duo_lsp import urls
from duo_lsp.privacy.ignore_rules import EVERYTHING, NOTHING, Patterns, excluding

FOR_ASSISTANTS: Final = (".aiexclude", ".copilotignore", ".cursorignore")
"""What these exclude is never sent."""
GIT: Final = ".gitignore"
"""What this excludes is never sent with another file, nor is what those above do."""
LARGEST: Final = 64 << 10
"""Bytes of an ignore file that is read; a larger one is taken to exclude everything."""
MAX_BYTES: Final = 1 << 20
_PER_PATTERN: Final = 2_000
"""Bytes, about, that a pattern takes."""
_DEEPEST: Final = 40
Stamp = tuple[int, int, int]


class IgnoreFiles:
    """What the ignore files of workspaces say; remembers each by its time and size, bounded in bytes."""

    def __init__(self, max_bytes: int = MAX_BYTES) -> None:
        self._known: LRUCache[str, tuple[Stamp, Patterns]] = LRUCache(max_bytes, getsizeof=_size)

    def rule(self, path: str, folders: tuple[str, ...], names: Sequence[str] = FOR_ASSISTANTS) -> str:
        """The rule that excludes a file, as `secrets/ in .aiexclude`; empty when none does.

        `path` and `folders` are absolute, with forward slashes. Only files from the workspace folder down to the
        file's own are read, and none outside of the folder, wherever links lead. Not for the event loop.
        """
        relative = urls.relative_to(path, folders)
        if relative is None:
            return ""
        steps, folder = relative.split("/"), path[: len(path) - len(relative)]
        root = os.path.realpath(folder)
        for name in names:
            pattern = excluding(steps, partial(self._patterns, root, folder, name))
            if pattern is not None:
                return f"{pattern.line} in {name}"
        return ""

    def _patterns(self, root: str, folder: str, name: str, above: Sequence[str]) -> Patterns:
        named = f"{folder}{''.join(f'{step}/' for step in above)}{name}"
        if not os.path.lexists(named):  # so it is in most folders
            return NOTHING
        file = os.path.realpath(named)
        if not is_inside(file, root):
            return NOTHING
        try:
            about = os.stat(file)  # noqa: PTH116 - a name that is known, hundreds of times
        except OSError:
            self._known.pop(file, None)
            return NOTHING
        stamp = (about.st_mtime_ns, about.st_size, about.st_ino)
        known = self._known.get(file)
        if known is None or known[0] != stamp:
            known = (stamp, _read(file, about))
            if _size(known) <= self._known.maxsize:
                self._known[file] = known
        return known[1]


def repository(path: str) -> str:
    """The folder of the checkout that a file is in, with a slash at its end; empty when it is in none.

    Nothing is read: that something is called `.git` is enough.
    """
    folder = path
    for _ in range(_DEEPEST):
        folder, _, name = folder.rpartition("/")
        if not name:
            break
        if os.path.lexists(f"{folder}/.git"):
            return f"{folder}/"
    return ""


def in_project(path: str, folders: tuple[str, ...]) -> str:
    """A file's path in its checkout, else in its workspace folder, else its name."""
    folder = repository(path)
    return path.removeprefix(folder) if folder else urls.relative_to(path, folders) or path.rpartition("/")[2]


def is_in_one_of(path: str, folders: tuple[str, ...]) -> bool:
    """Whether a file lies in one of these folders, by its path and also when links are followed."""
    if urls.relative_to(path, folders) is None:
        return False
    return any(is_inside(os.path.realpath(path), os.path.realpath(folder)) for folder in folders)


def is_inside(file: str, root: str) -> bool:
    """Whether a path, with no links in it, is in a folder, with none either."""
    return file.startswith(root.rstrip(os.sep) + os.sep)


def _read(file: str, about: os.stat_result) -> Patterns:
    if not stat.S_ISREG(about.st_mode):  # a pipe would be waited for
        return NOTHING
    if about.st_size > LARGEST:
        return EVERYTHING
    try:
        with Path(file).open("rb") as opened:
            return Patterns.read(opened.read(LARGEST).decode("utf-8", "replace"))
    except OSError:
        return EVERYTHING


def _size(known: tuple[Stamp, Patterns]) -> int:
    return 200 + _PER_PATTERN * len(known[1].patterns)
