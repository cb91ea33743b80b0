"""The file in which logins are kept: only its owner can read it, and it is always whole."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import stat
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from filelock import FileLock, Timeout

from duo_lsp.errors import LoginError

MAX_BYTES: Final = 256 << 10
"""More than any number of logins takes; a larger file is not ours."""
PATIENCE: Final = 20.0
"""Seconds to wait for another process that writes: it may be asking GitLab, with a deadline of its own."""
_NO_LINKS: Final = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_NONBLOCK", 0)
_WINDOWS: Final = sys.platform == "win32"


class LoginFile:
    """One JSON object: by the address's origin, what is kept for it. Blocks; call it off the event loop."""

    def __init__(self, path: Path, patience: float = PATIENCE) -> None:
        """Its folder is ours alone; it is made when something is written."""
        self.path = path
        self._folder = folder = path.parent
        self._patience = patience
        self._lock = FileLock(folder / "logins.lock", mode=0o600)

    def read(self, origin: str) -> object:
        """What is kept for an origin; None when there is nothing. Raises LoginError when the file cannot be trusted."""
        return self._all().get(origin)

    @contextlib.contextmanager
    def locked(self) -> Iterator[None]:
        """Keep every other process from writing meanwhile; may be taken again inside. Raises LoginError."""
        try:
            self._own_folder()
            self._lock.acquire(timeout=self._patience)
        except Timeout as problem:
            raise LoginError(f"{self.path} is being written by another process.", "Try again in a minute.") from problem
        except OSError as problem:
            raise _unwritable(self._folder, problem) from problem
        try:
            self._finish()
            yield
        finally:
            self._lock.release()

    def write(self, origin: str, record: object) -> Path | None:
        """Keep something for an origin; None forgets it. Gives the copy that was made of a damaged file.

        Written beside the old file and then put in its place, so that whoever reads finds either.
        Raises LoginError; the file is then as it was.
        """
        with self.locked():
            logins, damaged = self._all_or_aside()
            before = dict(logins)
            logins.pop(origin, None)
            if record is not None:
                logins[origin] = record
            if logins != before or damaged is not None:
                self._replace(json.dumps({"logins": logins}, indent=1).encode())
            return damaged

    def _finish(self) -> None:
        """Put in place what a process that died had written down whole; drop what it had not.

        Nobody else writes now. It matters: GitLab has revoked the pair in the old file by then.
        """
        for left in self._folder.glob(f"{self.path.name}.*.tmp"):
            try:
                whole = isinstance(json.loads(private_bytes(left))["logins"], dict)
            except (OSError, ValueError, TypeError, KeyError, LoginError):
                whole = False
            with contextlib.suppress(OSError):
                left.replace(self.path) if whole else left.unlink()

    def _all(self) -> dict[str, Any]:
        try:
            content = private_bytes(self.path)
        except FileNotFoundError:
            return {}
        except OSError as problem:
            raise LoginError(
                f"{self.path} cannot be read ({problem.strerror}).", "It must be a plain file of yours."
            ) from problem
        try:
            logins = json.loads(content)["logins"]
        except (ValueError, RecursionError, TypeError, KeyError) as problem:
            raise _DamagedError(
                f"{self.path} is damaged, so no login is taken from it.",
                "Run `duo-lsp login` again; the damaged file is kept beside the new one.",
            ) from problem
        if not isinstance(logins, dict):
            raise _DamagedError(f"{self.path} is damaged: it holds no logins.", "Run `duo-lsp login` again.")
        return logins

    def _all_or_aside(self) -> tuple[dict[str, Any], Path | None]:
        """The logins; a damaged file is first put aside under another name, for whoever wants to mend it."""
        try:
            return self._all(), None
        except _DamagedError:
            aside = self.path.with_name(f"{self.path.name}.damaged-{secrets.token_hex(4)}")
            try:
                self.path.rename(aside)
            except OSError as problem:
                raise _unwritable(self.path, problem) from problem
            return {}, aside

    def _own_folder(self) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not _WINDOWS and self._folder.stat().st_mode & 0o077:
            self._folder.chmod(0o700)

    def _replace(self, content: bytes) -> None:
        new = self.path.with_name(f"{self.path.name}.{secrets.token_hex(8)}.tmp")
        try:
            descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _NO_LINKS, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            new.replace(self.path)
            _sync(self._folder)
        except OSError as problem:
            with contextlib.suppress(OSError):
                new.unlink(missing_ok=True)
            raise _unwritable(self.path, problem) from problem


class _DamagedError(LoginError):
    """The file is there, is ours, and makes no sense."""


def private_bytes(path: Path) -> bytes:
    """The content of a file that is plain, ours, and closed to others. Raises OSError and LoginError."""
    descriptor = os.open(path, os.O_RDONLY | _NO_LINKS)
    with os.fdopen(descriptor, "rb") as file:
        _check_private(os.fstat(descriptor), path)
        content = file.read(MAX_BYTES + 1)
    if len(content) > MAX_BYTES:
        raise LoginError(f"{path} is too large to be ours.", "Move it away and run `duo-lsp login` again.")
    return content


def _check_private(seen: os.stat_result, path: Path) -> None:
    """Refuse a file with tokens that others could have read or written. Raises LoginError."""
    if not stat.S_ISREG(seen.st_mode):
        raise LoginError(f"{path} is no plain file.", "Move it away and run `duo-lsp login` again.")
    if _WINDOWS:
        return  # a person's folders are closed to others there by inheritance
    if seen.st_uid != os.geteuid():
        raise LoginError(f"{path} belongs to somebody else.", "Move it away and run `duo-lsp login` again.")
    if seen.st_mode & 0o077:
        raise LoginError(
            f"{path} can be read by others, so its tokens are not used.",
            f"Run `chmod 600 {path}`; if others use this machine, make new tokens.",
        )


def _sync(folder: Path) -> None:
    """Make the new name last, where folders can be opened."""
    if _WINDOWS:
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _unwritable(path: Path, problem: OSError) -> LoginError:
    return LoginError(f"{path} cannot be written ({problem.strerror}).", "Check the rights of that folder.")
