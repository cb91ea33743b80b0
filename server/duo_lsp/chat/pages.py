"""The file of a workspace's conversations: only its person can read it, and it is always whole."""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import secrets
import stat
from pathlib import Path
from typing import TYPE_CHECKING, Final

import attrs
import filelock

from duo_lsp import urls
from duo_lsp.errors import DuoError

if TYPE_CHECKING:
    from duo_lsp.chat.conversation import Exchange

PATIENCE: Final = 3.0
"""Seconds that are waited for another editor's server."""
COPIES: Final = 20
"""Of each conversation; an editor goes on showing one that is gone."""
_LINES: Final = re.compile(r"^(\[[^\]\n]*\]\(file://[^)#\n]*)#L\d+-L\d+\)$", re.MULTILINE)
_COPY: Final = re.compile(r"\.(\d{1,9})\.md\Z")


@attrs.frozen
class Written:
    """Where a conversation stands now."""

    path: Path
    line: int
    """Of the newest question, from 0."""


class Pages:
    """Writes into a folder; everything here takes as long as the disk does."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def path(self, folders: tuple[str, ...]) -> Path:
        """The file for this workspace, which may not be there yet."""
        first = folders[0] if folders else ""
        name = "".join(char if char.isalnum() else "-" for char in Path(first).name)[:40] or "chat"
        return self._folder / f"{name}-{hashlib.sha256(first.encode('utf-8', 'replace')).hexdigest()[:12]}.md"

    def holds(self, uri: str) -> bool:
        """Whether this document is one of ours; nothing on the disk is looked at."""
        return uri.startswith("file:") and self.is_one(urls.document_path(uri))

    def is_one(self, path: str) -> bool:
        """The same for a path."""
        return path.lower().startswith(f"{self._folder.as_posix().lower()}/")

    def append(self, folders: tuple[str, ...], one: Exchange) -> Written:
        """Write an exchange at the end. Raises DuoError."""
        from duo_lsp.chat import page  # nobody chats yet when the server starts

        path = self.path(folders)
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            with filelock.FileLock(path.with_suffix(".lock"), timeout=PATIENCE, mode=0o600):
                text = page.appended(_read(path, 4 * page.MAX_BYTES), one)
                _replace(path, text)
        except (OSError, filelock.Timeout) as problem:
            raise DuoError(
                f"The conversation could not be written to {path}.", "Check that you may write there."
            ) from problem
        return _written(path, text)

    def latest(self, folders: tuple[str, ...]) -> Written | None:
        """What was said so far; None when that is nothing."""
        from duo_lsp.chat import page

        path = self.path(folders)
        text = _read(path, page.MAX_BYTES)
        return _written(path, text) if f"\n{page.MARK}" in text else None

    def copied(self, written: Written) -> Written:
        """The same under a name that nobody has open; of such copies the newest are kept. The page where it fails.

        Its links lead to files without their lines: what needs copies, Helix, takes `#L4` for a part of a name.
        """
        from duo_lsp.chat import page

        stem = written.path.stem
        copies = {
            int(found[1]): path for path in self._folder.glob(f"{stem}.*.md") if (found := _COPY.search(path.name))
        }
        last = max(copies, default=0)
        path = written.path.with_name(f"{stem}.{last + 1}.md")
        try:
            _replace(path, _LINES.sub(r"\1)", _read(written.path, page.MAX_BYTES)))
            for number in sorted(copies)[: 1 - COPIES]:
                copies[number].unlink(missing_ok=True)
        except OSError:
            return written
        return attrs.evolve(written, path=path)


def _written(path: Path, text: str) -> Written:
    from duo_lsp.chat import page

    return Written(path, text.count("\n", 0, text.rindex(f"\n{page.MARK}") + 1))


def _read(path: Path, most: int) -> str:
    """What stands there, so many bytes at most; nothing where it is not a file of ours. Links are not followed."""
    try:
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0))
    except OSError:
        return ""
    try:
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            return ""
        with os.fdopen(handle, "rb", closefd=False) as file:
            return file.read(most).decode("utf-8", "replace")
    finally:
        os.close(handle)


def _replace(path: Path, text: str) -> None:
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0), 0o600)
    try:
        with os.fdopen(handle, "w", encoding="utf-8", errors="replace", newline="\n") as file:
            file.write(text)
        fresh.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            fresh.unlink()
        raise
