"""The private file with a team's tokens: a name, what a token may do, and its digest, never the token."""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import stat
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import attrs

from duo_lsp.errors import UsageError

OWNER: Final = "duo-lsp gateway"
"""Who shows the token the gateway was started with; no name for anybody else."""
SCOPES: Final = ("api", "ai_features", "read_api", "read_user")
WORKING: Final = ("api", "ai_features")
"""Either of them opens everything; the other two only what tells about oneself."""
_PREFIX: Final = "duo-"
_LONGEST_NAME: Final = 100
_LARGEST: Final = 16 * 1024 * 1024
"""Bytes."""
_LOCK_SECONDS: Final = 5.0
_NO_LINKS: Final = getattr(os, "O_NOFOLLOW", 0)


class UnusableError(Exception):
    """The file is there and may not be used; says why, as the end of a sentence."""


@attrs.frozen
class Entry:
    """One token."""

    sha256: str
    scopes: tuple[str, ...]


def default() -> Path:
    """Where it is unless another is named."""
    import platformdirs

    return platformdirs.user_data_path("duo-lsp") / "gateway-tokens.json"


def digest(token: str) -> str:
    """What is kept of a token; it is long and random, so one round of SHA-256 gives nothing away."""
    return hashlib.sha256(token.encode(errors="surrogateescape")).hexdigest()


def stamp(path: Path) -> object:
    """Changes when the file does; None when there is none."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def read(path: Path) -> Mapping[str, Entry]:
    """The tokens by name; none where there is no file. Raises UnusableError."""
    try:
        content = _content(path)
    except FileNotFoundError:
        return {}
    except OSError as problem:
        raise UnusableError(f"cannot be read ({problem.strerror})") from problem
    try:
        return {
            str(name): Entry(str(one["sha256"]), tuple(map(str, one["scopes"])))
            for name, one in json.loads(content).items()
        }
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise UnusableError("is damaged") from None


def add(path: Path, name: str, scopes: Sequence[str] = ()) -> str:
    """Note a new token for this name and return it; nobody can read it again. Raises UsageError."""
    if not name.isprintable() or name != name.strip() or not 0 < len(name) <= _LONGEST_NAME or name == OWNER:
        raise UsageError(f"{name!r} is no name for a token.", "Choose a short one, such as that of a person.")
    for scope in scopes:
        if scope not in SCOPES:
            raise UsageError(f"There is no scope {scope!r}.", f"Choose from: {', '.join(SCOPES)}.")
    token = _PREFIX + secrets.token_urlsafe(32)
    with _changing(path) as entries:
        if name in entries:
            raise UsageError(f"There is a token for {name} already.", "Revoke it first, or choose another name.")
        entries[name] = Entry(digest(token), tuple(scopes) or WORKING)
    return token


def revoke(path: Path, name: str) -> None:
    """Forget the token of this name. Raises UsageError."""
    with _changing(path) as entries:
        if entries.pop(name, None) is None:
            known = ", ".join(sorted(entries)) or "nobody"
            raise UsageError(f"There is no token for {name!r}.", f"There is one for: {known}.")


@contextmanager
def _changing(path: Path) -> Iterator[dict[str, Entry]]:
    """The tokens, written back when the block ends well. Raises UsageError."""
    from filelock import FileLock, Timeout

    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with FileLock(path.with_suffix(".lock"), _LOCK_SECONDS, mode=0o600):
            entries = dict(read(path))
            yield entries
            _replace(path, {name: attrs.asdict(entry) for name, entry in sorted(entries.items())})
    except UnusableError as problem:
        raise UsageError(f"{path} {problem}.", "Mend it, or move it away.") from problem
    except (OSError, Timeout) as problem:
        raise UsageError(f"{path} cannot be written.", "Name another file with --token-file.") from problem


def _replace(path: Path, content: Mapping[str, object]) -> None:
    new = path.with_name(f"{path.name}.{secrets.token_hex(8)}.tmp")
    try:
        descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _NO_LINKS, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(content, file, indent=1)
            file.flush()
            os.fsync(file.fileno())
        new.replace(path)
    finally:
        new.unlink(missing_ok=True)


def _content(path: Path) -> bytes:
    """What is in the file. Raises OSError, and UnusableError when others could have written it."""
    descriptor = os.open(path, os.O_RDONLY | _NO_LINKS)
    with os.fdopen(descriptor, "rb") as file:
        found = os.fstat(descriptor)
        if not stat.S_ISREG(found.st_mode):
            raise UnusableError("is no plain file")
        if hasattr(os, "getuid") and (found.st_uid not in (0, os.getuid()) or found.st_mode & 0o022):
            raise UnusableError("can be written by others")
        return file.read(_LARGEST)
