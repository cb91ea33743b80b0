"""Which files of a folder are worth learning from."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from itertools import islice
from pathlib import Path, PurePosixPath

from duo_lsp import machine_made
from duo_lsp.privacy import excluded

LARGEST = 256 * 1024
TOTAL = 5 * 1024 * 1024
MOST = 20_000
"""Files looked at, those nearest to the folder; a larger tree is not walked to its end."""
LISTING = 10.0
"""Seconds git may take."""

# Python 3.11 and 3.12 tell of a circle of links with RuntimeError, a path with a NUL is a ValueError.
_UNREADABLE = (OSError, RuntimeError, ValueError)
_SKIPPED = frozenset(
    {"node_modules", "vendor", "_vendor", "third_party", "venv", "env", "virtualenv", "site-packages", "dist", "build"}
    | {"target", "out", "__pycache__", "bower_components"}
)


def texts(folder: Path, home: Path, room: int = TOTAL) -> Iterator[tuple[str, str]]:
    """The paths and texts to learn from, nearest to the folder first, until there is no room for more."""
    if not may_be_read(folder, home):
        return
    root = folder.resolve()
    for _, size, name in sorted(_candidates(root)):
        text = _text(root / name) if size <= room else None
        if text is not None:
            room -= size
            yield str(folder / name), text


def may_be_read(folder: Path, home: Path) -> bool:
    """Not the whole disk, not a home folder nor what contains it: those are nobody's project."""
    try:
        root, nobodys = folder.resolve(), home.resolve()
        return root.is_dir() and root not in (nobodys, *nobodys.parents)
    except _UNREADABLE:
        return False


def _candidates(root: Path) -> Iterator[tuple[int, int, str]]:
    names = _listed(root) or list(islice(_walked(root), MOST))
    for name in sorted(names, key=lambda name: (name.count("/"), name))[:MOST]:
        path = PurePosixPath(name)
        size = 0 if _is_skipped(path) else _size(root, root / path)
        if 0 < size <= LARGEST:
            yield len(path.parts), size, name


def _is_skipped(path: PurePosixPath) -> bool:
    is_data = machine_made.is_data(path.name)
    return is_data or any(map(_is_skipped_folder, path.parts[:-1])) or excluded.excluded_by(str(path)) is not None


def _is_skipped_folder(name: str) -> bool:
    return name.startswith(".") or name.lower() in _SKIPPED


def _listed(root: Path) -> list[str]:
    """What git knows here, or nothing; a hook or monitor the folder brings along is not run."""
    command = ("git", "-c", "core.fsmonitor=false", "ls-files", "-co", "--exclude-standard", "-z")
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    try:
        done = subprocess.run(  # noqa: S603 - no word of it comes from outside
            command,
            cwd=root,
            env=environment | {"GIT_OPTIONAL_LOCKS": "0"},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=LISTING,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return []
    return sorted(set(os.fsdecode(done.stdout).split("\0")) - {""})


def _walked(root: Path) -> Iterator[str]:
    for top, folders, names in os.walk(root):
        folders[:] = [folder for folder in folders if not _is_skipped_folder(folder)]
        for name in names:
            yield (Path(top) / name).relative_to(root).as_posix()


def _size(root: Path, path: Path) -> int:
    """0 for what is no file of this folder."""
    try:
        real = path.resolve()
        is_ours = real.is_relative_to(root) and real.is_file() and not excluded.excluded_by(str(real))
        return real.stat().st_size if is_ours else 0
    except _UNREADABLE:
        return 0


def _text(path: Path) -> str | None:
    try:
        content = path.read_bytes()
        text = content.decode()
    except (OSError, UnicodeDecodeError):
        return None
    return None if machine_made.is_packed(text) else text.replace("\r\n", "\n")
