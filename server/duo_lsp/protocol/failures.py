"""What a client is told when a handler fails: a code and a sentence, never a traceback, a path or a secret."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from pygls.exceptions import JsonRpcException, JsonRpcInternalError

from duo_lsp.errors import DuoError
from duo_lsp.protocol import refusals
from duo_lsp.protocol.refusals import Code, Refusal

LONGEST: Final = 300
"""Characters of a sentence."""


def explain(error: Exception, mask: Callable[[str], str]) -> Refusal:
    """Our own errors and those a handler means for the client are sentences; of any other only the kind is told."""
    if isinstance(error, DuoError):
        return Refusal(Code.FAILED, mask(str(error))[:LONGEST])
    if isinstance(error, JsonRpcException) and not isinstance(error, JsonRpcInternalError):
        return Refusal(error.code, mask(error.message)[:LONGEST])
    return refusals.failed(error)
