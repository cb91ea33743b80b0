"""What a JSON-RPC message is: a request, a notification, an answer, or nothing we know."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import attrs

from duo_lsp.protocol.ids import Id, is_id


@attrs.frozen(eq=False)
class Request:
    """Wants exactly one answer; two with the same id are two."""

    id: Id
    method: str
    params: Any


@attrs.frozen
class Notification:
    """Wants none."""

    method: str
    params: Any


@attrs.frozen
class Answer:
    """To a request of ours, or to none."""

    id: Id
    result: Any
    error: Any


@attrs.frozen
class Malformed:
    """Not a message; `id` is that of the request it may have been meant to be."""

    id: Id | None = None


Message = Request | Notification | Answer | Malformed


def read(value: object) -> Message:
    """Tell what a JSON value is; only its top level is looked at: what lies below is data."""
    if not isinstance(value, dict):
        return Malformed()
    id_ = value["id"] if is_id(value.get("id")) else None
    if "method" not in value:
        return _answer(value, id_)
    method = value["method"]
    if value.get("jsonrpc") != "2.0" or not isinstance(method, str):
        return Malformed(id_)
    if "id" not in value:
        return Notification(method, value.get("params"))
    return Malformed() if id_ is None else Request(id_, method, value.get("params"))


def _answer(value: Mapping[str, Any], id_: Id | None) -> Answer | Malformed:
    if "result" in value or "error" in value:
        return Answer("" if id_ is None else id_, value.get("result"), value.get("error"))  # none of ours is ""
    return Malformed()  # its id is left out: an error with it might be taken for the answer to another request
