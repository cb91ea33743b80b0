"""What the client's messages set going: a request is answered exactly once, whatever becomes of it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any

from duo_lsp.protocol import refusals
from duo_lsp.protocol.ids import Id
from duo_lsp.protocol.messages import Request
from duo_lsp.protocol.refusals import Refusal

log = logging.getLogger(__name__)

Work = Callable[[], Awaitable[Any]]


class InFlight:
    """Requests and notifications under way, each a task; tasks begin in the order the messages came."""

    def __init__(self, send: Callable[[dict[str, Any]], None], explain: Callable[[Exception], Refusal]) -> None:
        self._send = send
        self._explain = explain
        self._waiting: dict[Request, asyncio.Task[None]] = {}
        """Requests without an answer."""
        self._tasks: set[asyncio.Task[None]] = set()
        """All that run: the loop itself holds tasks only weakly."""

    def begin(self, what: str, work: Work) -> None:
        """Work that nobody waits for; a failure is a line in the log."""
        self._run(self._attend_alone(what, work))

    def answer(self, request: Request, work: Work) -> None:
        """Answer a request with what the work gives, or with why it gave nothing."""
        self._waiting[request] = self._run(self._attend(request, work))

    def cancel(self, id_: Id) -> None:
        """Answer the requests with this id at once, and stop their work."""
        for request in [one for one in self._waiting if one.id == id_]:
            self._cancel(request)

    def cancel_all(self) -> None:
        """Answer every request, and stop its work."""
        for request in list(self._waiting):
            self._cancel(request)

    async def settled(self, seconds: float) -> None:
        """Wait until every request is answered, but no longer than this."""
        if self._waiting:
            await asyncio.wait(self._waiting.values(), timeout=seconds)

    def _run(self, attending: Any) -> asyncio.Task[None]:
        task: asyncio.Task[None] = asyncio.get_running_loop().create_task(attending)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def _cancel(self, request: Request) -> None:
        if request.method not in {"initialize", "shutdown"}:  # without them a session has no beginning and no end
            task = self._waiting[request]
            self._reply(request, refusals.CANCELLED.reply(request.id))
            task.cancel()

    def _reply(self, request: Request, message: dict[str, Any]) -> None:
        if request in self._waiting:
            self._send(message)
            del self._waiting[request]

    async def _attend(self, request: Request, work: Work) -> None:
        try:
            self._reply(request, {"jsonrpc": "2.0", "id": request.id, "result": await work()})
        except asyncio.CancelledError:
            self._reply(request, refusals.CANCELLED.reply(request.id))
            raise
        except Exception as error:
            refusal = self._explain(error)
            log.log(
                logging.ERROR if refusal.code == refusals.Code.INTERNAL_ERROR else logging.INFO,
                "%s was not served: %s",
                request.method,
                type(error).__name__,
                exc_info=error,
            )
            self._reply(request, refusal.reply(request.id))

    async def _attend_alone(self, what: str, work: Work) -> None:
        try:
            await work()
        except Exception as error:
            log.exception("%s was not taken in: %s", what, type(error).__name__)
