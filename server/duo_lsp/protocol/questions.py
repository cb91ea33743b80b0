"""Our questions to the client, and its answers: none is waited for without end."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from typing import Any, Final

from cattrs import Converter
from lsprotocol import types as lsp
from pygls.exceptions import JsonRpcException

from duo_lsp.protocol.messages import Answer
from duo_lsp.protocol.refusals import Code

PATIENCE: Final = 5.0
"""Seconds a client has to answer; some never do."""
A_PERSONS: Final = 600.0
"""Seconds a person has."""
PATIENCE_FOR: Final[Mapping[str, float]] = {lsp.WINDOW_SHOW_MESSAGE_REQUEST: A_PERSONS}


def limit(future: Future[Any], method: str, forget: Callable[[], None]) -> None:
    """Let a question fail with TimeoutError when the client's time is over."""

    def give_up() -> None:
        forget()
        if not future.done():
            future.set_exception(TimeoutError(f"the editor did not answer {method}"))

    timer = asyncio.get_running_loop().call_later(PATIENCE_FOR.get(method, PATIENCE), give_up)
    future.add_done_callback(lambda _: timer.cancel())


def settle(future: Future[Any], answer: Answer, shape: Any, converter: Converter) -> None:
    """Give a question its answer: a value of the shape its method has, or JsonRpcException."""
    if future.done():
        return  # whoever asked has gone, or the time was over
    try:
        future.set_result(_value(answer, shape, converter))
    except JsonRpcException as refused:
        future.set_exception(refused)
    except Exception as problem:  # noqa: BLE001 - whatever is wrong with an answer, who asked must learn of it
        unread = JsonRpcException("The editor's answer is not as the protocol says.", Code.INVALID_PARAMS)
        unread.__cause__ = problem
        future.set_exception(unread)


def _value(answer: Answer, shape: Any, converter: Converter) -> Any:
    if answer.error is not None:
        error = answer.error if isinstance(answer.error, dict) else {}
        code = error.get("code")
        raise JsonRpcException(
            str(error.get("message", "The editor refused.")), code if isinstance(code, int) else None
        )
    if shape is None:
        return answer.result
    return converter.structure({"jsonrpc": "2.0", "id": answer.id, "result": answer.result}, shape).result
