"""Which files of its workspace folder a text imports; nothing is read from the disk here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice
from types import MappingProxyType
from typing import Final

from duo_lsp.suggestions.neighbours.imports import c, java, javascript, python, ruby, rust

MOST: Final = 60
"""Imports of a text that are looked for."""
Wanted = tuple[str, ...]
"""Where one import may lie: paths in the workspace folder, of which the first that is there counts."""

_SCRIPTS: Final = ("javascript", "javascriptreact", "typescript", "typescriptreact", "vue", "svelte")
_READERS: Final[Mapping[str, Callable[[str, str], Iterable[Wanted]]]] = MappingProxyType(
    {"python": python.wanted, "ruby": ruby.wanted, "rust": rust.wanted, "c": c.wanted, "cpp": c.wanted}
    | {"java": java.wanted, "kotlin": java.wanted, "scala": java.wanted}
    | dict.fromkeys(_SCRIPTS, javascript.wanted)
)


def wanted(language_id: str, text: str, name: str) -> tuple[Wanted, ...]:
    """What a text imports, in its order, each once; `name` is its path in the workspace folder, with slashes."""
    reader = _READERS.get(language_id)
    if reader is None:
        return ()
    inside = (tuple(path for path in one if _is_inside(path)) for one in reader(text, name))
    return tuple(islice(_once(one for one in inside if one), MOST))


def _is_inside(path: str) -> bool:
    return not path.startswith(("/", "../")) and path not in ("", ".", "..") and "\0" not in path


def _once(all_: Iterator[Wanted]) -> Iterator[Wanted]:
    yield from dict.fromkeys(all_)
