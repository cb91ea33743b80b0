"""Messages into typed values, forgiving where editors in use differ from the final specification."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import Enum
from typing import Any

import cattrs
from lsprotocol import types as lsp
from pygls.protocol import default_converter

from duo_lsp.protocol.trigger_kind import TriggerKinds

NO_VERSION = -(2**31)
"""Stands for a version that is null or missing: lsprotocol's type wants a number."""

Raw = Mapping[str, Any]


def make_converter() -> cattrs.Converter:
    """A converter for one session: `LanguageServer(converter_factory=make_converter)`."""
    converter: cattrs.Converter = default_converter()  # type: ignore[no-untyped-call]
    for kind in (int, str):
        converter.register_structure_hook(kind, _exactly)
    kinds = TriggerKinds()

    def with_trigger_kind(raw: Raw) -> Raw:
        context = raw.get("context") or {}
        invoked = kinds.read(context.get("triggerKind"))
        kind = lsp.InlineCompletionTriggerKind.Invoked if invoked else lsp.InlineCompletionTriggerKind.Automatic
        return {**raw, "context": {**context, "triggerKind": kind.value}}

    _amend(converter, lsp.InlineCompletionParams, with_trigger_kind)
    _amend(converter, lsp.VersionedTextDocumentIdentifier, _with_version)
    _amend(converter, lsp.TextDocumentItem, _with_version)
    _forgive(converter, lsp.ClientCapabilities)
    return converter


def _forgive(converter: cattrs.Converter, shape: type) -> None:
    """Leave out what is wrong in a tree of two levels: a client's odd word about one ability is not about the others.

    It must not be refused: `greeting` has answered already, without having looked at it.
    """
    structure = converter.get_structure_hook(shape)

    def fits(raw: Raw) -> bool:
        try:
            structure(raw, shape)
        except Exception:  # noqa: BLE001 - cattrs and its hooks raise what they like
            return False
        return True

    def fitting(group: str, said: object) -> Raw:
        values = said if isinstance(said, Mapping) else {}
        return {name: value for name, value in values.items() if fits({group: {name: value}})}

    def forgiving(raw: Any, _: Any) -> Any:
        try:
            return structure(raw, shape)
        except Exception:
            if not isinstance(raw, Mapping):
                raise
        groups = ((group, said if fits({group: said}) else fitting(group, said)) for group, said in raw.items())
        return structure({group: said for group, said in groups if fits({group: said})}, shape)

    converter.register_structure_hook(shape, forgiving)


def _exactly(raw: object, kind: type) -> object:
    """A value of just this kind: cattrs would read "1", 1.7 and true as a line number."""
    if issubclass(kind, Enum):  # those of numbers and texts come here, too
        return kind(raw)
    if type(raw) is not kind:
        raise TypeError(f"not of the kind {kind.__name__}")
    return raw


def _with_version(raw: Raw) -> Raw:
    return {**raw, "version": NO_VERSION} if raw.get("version") is None else raw


def _amend(converter: cattrs.Converter, shape: type, amend: Callable[[Raw], Raw]) -> None:
    """Let `amend` rewrite what comes in for `shape`; lsprotocol's own hook does the rest."""
    structure = converter.get_structure_hook(shape)
    converter.register_structure_hook(shape, lambda raw, _: structure(amend(raw), shape))
