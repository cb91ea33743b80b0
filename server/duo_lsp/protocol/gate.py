"""Every message's way in: what is no message, comes at the wrong time or is not as the protocol says stays outside."""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable
from typing import Any, Protocol

from duo_lsp.protocol import bodies, ids, messages, refusals
from duo_lsp.protocol.in_flight import InFlight, Work
from duo_lsp.protocol.lifecycle import Lifecycle
from duo_lsp.protocol.messages import Answer, Malformed, Notification, Request
from duo_lsp.protocol.refusals import Refusal

log = logging.getLogger(__name__)


class WrongParams(Exception):  # noqa: N818 - a fact about a message
    """The params of a message are not as the protocol says; its text is the first place at which they are not."""


class Inside(Protocol):
    """What the gate guards."""

    mask: Callable[[str], str]
    """Hides tokens in what the client is told."""

    def knows(self, method: str, *, request: bool) -> bool:
        """Whether there is a handler for a request, or for a notification, with this method."""

    def work(self, method: str, params: Any) -> Work:
        """The handler of a known method, ready to run. Raises WrongParams."""

    async def missed(self, notification: Notification) -> None:
        """A known notification did not get in: its params are wrong."""

    def answered(self, answer: Answer) -> None:
        """The client answered, perhaps a request of ours."""

    def explain(self, error: Exception) -> Refusal:
        """What a client is told when a handler fails."""

    def send(self, message: Any) -> None:
        """Send a message to the client."""

    def leave(self) -> None:
        """The client said exit."""


class Gate:
    """Lets messages in one by one, and keeps the session's life cycle."""

    def __init__(self, inside: Inside) -> None:
        self._inside = inside
        self.lifecycle = Lifecycle()
        self.in_flight = InFlight(inside.send, inside.explain)
        self.greeted = False
        """The client has the answer to initialize already, but nobody has taken in what it asked."""

    def take(self, body: bytes) -> None:
        """One message, as its bytes."""
        try:
            message = messages.read(bodies.read(body))
        except ValueError:
            self._refuse(None, refusals.NO_JSON)
            return
        match message:
            case Request():
                self._request(message)
            case Notification():
                self._notification(message)
            case Answer():
                self._inside.answered(message)
            case Malformed():
                self._refuse(message.id, refusals.NO_MESSAGE)

    def _request(self, request: Request) -> None:
        if refusal := self.lifecycle.refusal(request.method):
            self._refuse(request.id, refusal)
        elif not self._inside.knows(request.method, request=True):
            self._refuse(request.id, refusals.unknown(self._inside.mask(request.method)))
        else:
            try:
                work = self._inside.work(request.method, request.params)
            except WrongParams as problem:
                self._refuse(request.id, refusals.wrong_params(request.method, str(problem)))
            else:
                self._serve(request, work)

    def _serve(self, request: Request, work: Work) -> None:
        self.lifecycle.accepted(request.method)
        if request.method == "shutdown":
            self.in_flight.cancel_all()
        if request.method == "initialize":
            work = self._or_again(work)
            if self.greeted:
                self.greeted = False
                self.in_flight.begin(request.method, work)
                return
        self.in_flight.answer(request, work)

    def _or_again(self, initialize: Work) -> Work:
        async def work() -> Any:
            try:
                return await initialize()
            except BaseException:
                self.lifecycle.initialize_failed()
                raise

        return work

    def _notification(self, notification: Notification) -> None:
        method = notification.method
        if method == "exit":
            self._inside.leave()
        elif self.lifecycle.refusal(method):
            log.debug("a notification came at the wrong time")
        elif method == "$/cancelRequest":
            self._cancel(notification.params)
        elif self._inside.knows(method, request=False):
            self._let_in(notification)

    def _let_in(self, notification: Notification) -> None:
        try:
            work = self._inside.work(notification.method, notification.params)
        except WrongParams as problem:
            log.warning("%s was not taken in: %s", notification.method, problem)
            work = functools.partial(self._inside.missed, notification)
        self.in_flight.begin(notification.method, work)

    def _cancel(self, params: object) -> None:
        id_ = params.get("id") if isinstance(params, dict) else None
        if ids.is_id(id_):
            self.in_flight.cancel(id_)

    def _refuse(self, id_: ids.Id | None, refusal: Refusal) -> None:
        self._inside.send(refusal.reply(id_))
