"""The small file in which all servers of one person count their requests to one instance."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import stat
import warnings
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import BinaryIO, Final, TypeVar

import attrs
import platformdirs

from duo_lsp.gitlab.limits.rate_limit import Counts, TokenBucket

LOCK_SECONDS: Final = 0.4
"""How long the file may be in another process's hands, which need it for less than a millisecond."""
LARGEST: Final = 16 << 10
"""Bytes; ours have about one KiB."""
_NO_LINKS: Final = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
_Result = TypeVar("_Result")


def folders() -> Iterator[Path]:
    """Where the file may be: in the runtime folder, which ends with the session; else among the caches."""
    # where there is no such folder, platformdirs says so and names another; to us that makes no difference
    warnings.filterwarnings("ignore", message="XDG_RUNTIME_DIR")
    with contextlib.suppress(OSError):
        yield platformdirs.user_runtime_path("duo-lsp", ensure_exists=True)
    yield platformdirs.user_cache_path("duo-lsp") / "limits"


class CountsFile:
    """Reads and writes it under a lock; the lock of a process that dies dies with it.

    It is named after the instance alone, not after the token: GitLab counts what a person does with any of their
    tokens together, and nothing about a token belongs into a file's name.
    """

    def __init__(self, origin: str, folders: Callable[[], Iterable[Path]] = folders) -> None:
        self._name = f"requests-{hashlib.sha256(origin.encode()).hexdigest()[:16]}"
        self._folders = folders

    def update(self, clock: Callable[[], float], own: Counts, change: Callable[[TokenBucket], _Result]) -> _Result:
        """Change the bucket in the file, of which we already know `own`. Blocks. Raises OSError when it cannot be used.

        `clock` must be the same for all processes, as `time.monotonic` is: it counts since the machine was started.
        """
        from filelock import FileLock

        path = self._folder() / self._name
        with (
            FileLock(path.with_suffix(".lock"), LOCK_SECONDS, mode=0o600, poll_interval=0.005),
            _opened(path.with_suffix(".json")) as file,
        ):
            bucket = TokenBucket(clock, own)
            stored = _read(file)
            if stored is not None:
                bucket.learn(stored)
            result = change(bucket)
            _write(file, bucket.counts)
        return result

    def _folder(self) -> Path:
        problem: OSError | None = None
        for folder in self._folders():
            try:
                return _private(folder)
            except OSError as error:
                problem = error
        raise problem or FileNotFoundError("no folder")


def _private(folder: Path) -> Path:
    """Make a folder that only this user can look into. Raises OSError when it is somebody else's."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if hasattr(os, "getuid"):
        for one in (folder, folder.parent):  # in /tmp, somebody else may have been quicker
            if one.lstat().st_uid != os.getuid() or not stat.S_ISDIR(one.lstat().st_mode):
                raise PermissionError(f"{one.name} is not a folder of this user")
        if folder.lstat().st_mode & 0o077:
            folder.chmod(0o700)
    return folder


def _opened(path: Path) -> BinaryIO:
    """The file, made if need be. Raises OSError when something else is there."""
    file = os.fdopen(os.open(path, os.O_RDWR | os.O_CREAT | _NO_LINKS, 0o600), "r+b", buffering=0)
    if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
        file.close()
        raise PermissionError(f"{path.name} is no file")
    return file


def _read(file: BinaryIO) -> Counts | None:
    """What is in the file; None when there is nothing, or nonsense."""
    raw = file.read(LARGEST + 1)
    try:
        return Counts.read(json.loads(raw)) if len(raw) <= LARGEST else None
    except (ValueError, RecursionError):
        return None


def _write(file: BinaryIO, counts: Counts) -> None:
    """In its place: to put a new file there takes some file systems milliseconds. Half a text is nonsense, no harm."""
    new = json.dumps(attrs.asdict(counts)).encode()
    file.seek(0)
    file.write(new)
    file.truncate(len(new))
