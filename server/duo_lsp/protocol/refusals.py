"""Why a request is refused: a code of JSON-RPC or LSP, and a sentence."""

from __future__ import annotations

from enum import IntEnum
from typing import Any, Final

import attrs

_SHOWN: Final = 100
"""Characters of a name that came from the client; it may be of any length."""


class Code(IntEnum):
    """The codes we use."""

    PARSE_ERROR = -32700
    INVALID_REQUEST = -32600
    METHOD_NOT_FOUND = -32601
    INVALID_PARAMS = -32602
    INTERNAL_ERROR = -32603
    NOT_INITIALIZED = -32002
    CANCELLED = -32800
    FAILED = -32803


@attrs.frozen
class Refusal:
    """An error reply: no traceback, no path, no secret."""

    code: int
    sentence: str

    def reply(self, id_: int | str | None) -> dict[str, Any]:
        """The message that says so."""
        return {"jsonrpc": "2.0", "id": id_, "error": {"code": int(self.code), "message": self.sentence}}


NO_JSON: Final = Refusal(Code.PARSE_ERROR, "The message is not valid JSON in UTF-8.")
NO_MESSAGE: Final = Refusal(Code.INVALID_REQUEST, "This is no JSON-RPC 2.0 request; LSP has no batches.")
TOO_EARLY: Final = Refusal(Code.NOT_INITIALIZED, "The server waits for the request initialize.")
TWICE: Final = Refusal(Code.INVALID_REQUEST, "The request initialize may be sent only once.")
TOO_LATE: Final = Refusal(Code.INVALID_REQUEST, "The server is shutting down.")
CANCELLED: Final = Refusal(Code.CANCELLED, "The request was cancelled.")


def unknown(method: str) -> Refusal:
    """There is no such request."""
    return Refusal(Code.METHOD_NOT_FOUND, f"There is no request {method[:_SHOWN]!r} here.")


def wrong_params(method: str, where: str) -> Refusal:
    """The params are not what the protocol says; `where` is the first place at which they are not."""
    return Refusal(Code.INVALID_PARAMS, f"The params of {method} are not as the protocol says: {where}.")


def failed(error: BaseException) -> Refusal:
    """Something broke on our side; its text may quote code, so only its kind is told."""
    return Refusal(Code.INTERNAL_ERROR, f"The server failed on this request ({type(error).__name__}); see its log.")
