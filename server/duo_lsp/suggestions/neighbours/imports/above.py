"""The folders that the names in imports may count from."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator

_SOURCES = ("src", "lib")


def folders(name: str) -> Iterator[str]:
    """Those above a file, the workspace folder itself first, and the usual ones for sources; as `a/b`, or nothing."""
    yield ""
    steps = name.split("/")[:-1]
    above = ["/".join(steps[: depth + 1]) for depth in range(len(steps))]
    yield from dict.fromkeys((*above, *_SOURCES))


def under(folders_: Iterable[str], paths: Iterable[str]) -> tuple[str, ...]:
    """Every path in every folder."""
    all_ = tuple(paths)
    return tuple(posixpath.normpath(posixpath.join(folder, path)) for folder in folders_ for path in all_)
