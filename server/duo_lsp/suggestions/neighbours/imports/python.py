"""Python's imports (The Python Language Reference, 7.11)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from duo_lsp.suggestions.neighbours.imports import above

_IMPORT: Final = re.compile(
    r"^[ \t]*(?:from[ \t]+(?P<dots>\.*)(?P<module>[\w.]*)[ \t]+import[ \t]+"
    r"(?:\((?P<many>[^)]{1,2000})|(?P<names>[^\n#;]+))|import[ \t]+(?P<modules>[^\n#;]+))",
    re.MULTILINE,
)
_NAME: Final = re.compile(r"(?:^|,)\s*([\w.]+)")
_COMMENT: Final = re.compile(r"#[^\n]*")


def wanted(text: str, name: str) -> Iterator[tuple[str, ...]]:
    """For every module: it, the package of its name, and for a name out of one also the module that defines it."""
    for found in _IMPORT.finditer(text):
        names = _NAME.findall(_COMMENT.sub("", found["many"] or found["names"] or found["modules"] or ""))
        if found["modules"]:
            for module in names:
                yield above.under(above.folders(name), _files(module))
            continue
        folders = _relative(name, len(found["dots"])) if found["dots"] else list(above.folders(name))
        for one in names or ["*"]:
            yield above.under(folders, _out_of(found["module"], one))


def _relative(name: str, dots: int) -> list[str]:
    """The folder that so many dots mean; none above the workspace's."""
    steps = name.split("/")[:-1]
    depth = len(steps) - dots + 1
    return ["/".join(steps[:depth])] if depth >= 0 else []


def _out_of(module: str, name: str) -> list[str]:
    submodule = _files(f"{module}.{name}") if name != "*" else []
    return [*submodule, *_files(module)] if module else [*submodule, "__init__.py"]


def _files(module: str) -> list[str]:
    path = module.strip(".").replace(".", "/")
    return [f"{path}.py", f"{path}/__init__.py"]
