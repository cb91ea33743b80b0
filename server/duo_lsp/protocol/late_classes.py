"""Loads lsprotocol in a tenth of the time and memory: each of its 554 classes is made when it is first used."""

from __future__ import annotations

import importlib
import sys
import threading
from typing import Any, Final

import attrs

_define: Final = attrs.define
_making = threading.RLock()


def load() -> None:
    """Import lsprotocol's types, unless they are there already."""
    if "lsprotocol.types" in sys.modules:
        return
    importing("lsprotocol.types")
    hooks: Any = importlib.import_module("lsprotocol._hooks")
    hooks._resolved_forward_references = True  # noqa: SLF001 - it would make all classes; see `_make`


def importing(module: str) -> Any:
    """The module; attrs completes its classes later. It names them all in `ALL_TYPES_MAP`, as lsprotocol does."""
    attrs.define = _later  # type: ignore[assignment] # what the classes are decorated with
    try:
        return importlib.import_module(module)
    finally:
        attrs.define = _define


def _later(cls: Any = None, **options: Any) -> Any:
    if cls is None or options:
        return _define(cls, **options)  # not how lsprotocol does it today
    cls.__init__ = _first
    cls.__attrs_attrs__ = _Fields()
    return cls


def _first(self: Any, *values: Any, **named: Any) -> None:
    """The first instance of a class."""
    _make(type(self))
    self.__init__(*values, **named)


class _Fields:
    """Stands where attrs and cattrs look for the fields of a class."""

    def __get__(self, _: object, cls: type) -> Any:
        _make(cls)
        return cls.__attrs_attrs__  # type: ignore[attr-defined]


def _make(cls: type) -> None:
    with _making:
        if not isinstance(vars(cls).get("__attrs_attrs__"), _Fields):
            return  # another thread was quicker
        _define(cls, init=True, slots=False)  # with slots it would be another class
        attrs.resolve_types(cls, sys.modules[cls.__module__].ALL_TYPES_MAP, {})
