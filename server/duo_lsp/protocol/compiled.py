"""Loads 600 classes, most of them lsprotocol's, in half the time: what attrs compiles is kept for the next start."""

from __future__ import annotations

import builtins
import contextlib
import importlib
import marshal
import os
import re
import sys
import zlib
from pathlib import Path
from types import CodeType
from typing import Any, Final

import attr

NAME: Final = f"attrs-{sys.implementation.cache_tag}-{sys.hexversion:x}.marshal"
LARGEST: Final = 16 << 20
"""Bytes; the file has two million."""

Known = dict[tuple[str, str], CodeType]
"""By source and the name it is shown under; as the whole source is compared, no version has to be."""

_SALT: Final = re.compile(r"(?<=hash\(\(\n) +-?\d+(?=,\n)")
"""The number attrs puts into a class's hash: another one in each process, and any is as good."""


class Compiler:
    """Stands in for `compile` in attrs."""

    def __init__(self, known: Known) -> None:
        self._known = known
        self.used: Known = {}
        self.missed = 0

    def __call__(self, source: str, name: str, mode: str, *more: Any, **other: Any) -> Any:
        """The code of a source, known or made now."""
        key = _SALT.sub("", source), name
        code = self._known.get(key)
        if code is None:
            self.missed += 1
            code = builtins.compile(source, name, mode, *more, **other)
        self.used[key] = code
        return code


def load(folder: Path, module: str) -> Compiler:
    """Import the module and all it imports; the folder keeps what was compiled. Nothing that is wrong there matters."""
    path = folder / NAME
    compiler = Compiler(_read(path))
    attr._make.compile = compiler  # type: ignore[attr-defined] # where attrs looks before the built-in one
    try:
        importlib.import_module(module)
    finally:
        del attr._make.compile  # type: ignore[attr-defined]
    if compiler.missed:
        _write(path, compiler.used)
    return compiler


def _read(path: Path) -> Known:
    """What is in the file; nothing when others could have written it or it makes no sense."""
    with contextlib.suppress(OSError, ValueError, EOFError, TypeError), path.open("rb") as file:
        seen = os.fstat(file.fileno())
        if _is_ours(seen) and seen.st_size <= LARGEST:
            checksum, content = file.read(4), file.read()
            if checksum == _checksum(content):
                known: Known = marshal.loads(content)  # noqa: S302 - code, as what Python keeps in __pycache__
                return known
    return {}


def _checksum(content: bytes) -> bytes:
    """Of what was written whole: half a file could keep Python busy for long."""
    return zlib.crc32(content).to_bytes(4)


def _is_ours(seen: os.stat_result) -> bool:
    return sys.platform == "win32" or (seen.st_uid == os.geteuid() and not seen.st_mode & 0o022)


def _write(path: Path, known: Known) -> None:
    """Put it there whole or not at all."""
    beside = path.with_name(f"{path.name}.{os.getpid()}")
    with contextlib.suppress(OSError):
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with open(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:  # noqa: PTH123
            content = marshal.dumps(known)
            file.write(_checksum(content) + content)
        beside.replace(path)
