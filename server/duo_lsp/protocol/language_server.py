"""pygls's language server behind our gate, with our documents in it."""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable, Generator, Iterator, Mapping
from concurrent.futures import Future
from typing import Any, Final
from uuid import uuid4

from cattrs import Converter, transform_error
from lsprotocol import types as lsp
from pygls.lsp.server import LanguageServer
from pygls.protocol import LanguageServerProtocol, lsp_method

from duo_lsp.privacy import secrets
from duo_lsp.protocol import bodies, failures, questions
from duo_lsp.protocol.calls import Calls
from duo_lsp.protocol.ends import Client
from duo_lsp.protocol.gate import Gate, WrongParams
from duo_lsp.protocol.greeting import Promise
from duo_lsp.protocol.in_flight import Work
from duo_lsp.protocol.messages import Answer, Notification
from duo_lsp.protocol.refusals import Refusal
from duo_lsp.protocol.workspace import DuoWorkspace

log = logging.getLogger(__name__)

_NO_TYPES: Final = (None, None, None, None)


class DuoProtocol(LanguageServerProtocol):
    """`LanguageServer(protocol_cls=DuoProtocol, converter_factory=make_converter)`, served by `stdio.serve`."""

    client: Client

    def __init__(self, server: LanguageServer, converter: Converter) -> None:
        super().__init__(server, converter)
        self.mask: Callable[[str], str] = secrets.mask
        """Hides tokens in what the client is told."""
        self._calls = Calls(lambda: server.thread_pool)
        self._gate = Gate(self)
        self.promise: Promise | None = None
        """What the client is told that we can do; without it, what pygls makes of the handlers."""
        self.introduction: Mapping[str, Any] = {}
        """The params of initialize as they came."""

    @property
    def converter(self) -> Converter:
        """Reads and writes this session's messages."""
        return self._converter

    # the connection

    def attach(self, client: Client) -> None:
        """From now on, this is the client."""
        self.client = client

    def greeted(self) -> None:
        """The first request, an initialize, is answered already."""
        self._gate.greeted = True

    def receive(self, body: bytes) -> None:
        """Take one message."""
        self._gate.take(body)

    async def settled(self, seconds: float) -> None:
        """Wait until every request is answered, but no longer than this."""
        await self._gate.in_flight.settled(seconds)

    def exit_code(self) -> int:
        """Of the process, if it ended now."""
        return self._gate.lifecycle.exit_code

    # behind the gate

    def knows(self, method: str, *, request: bool) -> bool:
        """Whether there is a handler for a request, or for a notification, with this method."""
        types = lsp.METHOD_TO_TYPES.get(method)
        fits = types is None or (types[1] is not None) is request
        return fits and (method in self.fm.builtin_features or method in self.fm.features)

    def work(self, method: str, params: Any) -> Work:
        """The handler of a known method, ready to run. Raises WrongParams."""
        shape = lsp.METHOD_TO_TYPES.get(method, _NO_TYPES)[2]
        handler = self.fm.builtin_features.get(method) or self.fm.features[method]
        work = functools.partial(self._calls.run, handler, self._typed(params, shape))
        return functools.partial(self._initialize, work, params) if method == lsp.INITIALIZE else work

    async def _initialize(self, work: Work, params: Any) -> Any:
        self.introduction = params
        made = await work()
        return made if self.promise is None else self.promise(params)

    async def missed(self, notification: Notification) -> None:
        """An edit that could not be read leaves a document out of step with the editor's."""
        if notification.method == lsp.TEXT_DOCUMENT_DID_CHANGE:
            self.workspace.lose_step(notification.params)

    def answered(self, answer: Answer) -> None:
        """The client answered: one of our questions, or one that is forgotten or never was."""
        future = self._request_futures.pop(answer.id, None)
        if future is None:
            log.debug("an answer came to no question of ours")
        else:
            questions.settle(future, answer, self._result_types.pop(answer.id, None), self._converter)

    def explain(self, error: Exception) -> Refusal:
        """What a client is told when a handler fails."""
        return failures.explain(error, self.mask)

    def send(self, message: Any) -> None:
        """Send a message to the client."""
        self.client.write(bodies.write(message, self._converter.unstructure))

    def leave(self) -> None:
        """The client said exit."""
        self.client.leave()

    def _typed(self, params: Any, shape: Any) -> Any:
        if shape is None:
            return params
        try:
            return self._converter.structure({} if params is None else params, shape)
        except Exception as problem:
            raise WrongParams(transform_error(problem, "params")[0]) from problem

    # what pygls does otherwise

    def _send_data(self, data: Any) -> None:
        self.send(data)

    def send_request(
        self,
        method: str,
        params: Any | None = None,
        callback: Callable[[Any], None] | None = None,
        msg_id: int | str | None = None,
    ) -> Future[Any]:
        """Ask the client; whoever waits gets TimeoutError when it takes too long."""
        id_ = msg_id or str(uuid4())
        future = super().send_request(method, params, callback, id_)
        questions.limit(future, method, lambda: self._forget(id_))
        return future

    def _forget(self, id_: int | str) -> None:
        self._request_futures.pop(id_, None)
        self._result_types.pop(id_, None)

    @property
    def workspace(self) -> DuoWorkspace:
        """The open documents; raises RuntimeError before `initialize`."""
        made = super().workspace
        if not isinstance(made, DuoWorkspace):  # lsp_initialize makes pygls's own: the first who looks puts ours there
            made = DuoWorkspace(made.root_uri, list(made.folders.values()), made.position_encoding)
            self._workspace = made
        return made

    @lsp_method(lsp.INITIALIZE)
    def lsp_initialize(self, params: lsp.InitializeParams) -> Generator[Any, Any, lsp.InitializeResult]:
        """Keep an eye on the editor's process from now on."""
        self.client.watch(params.process_id)
        return (yield from super().lsp_initialize(params))

    @lsp_method(lsp.TEXT_DOCUMENT_DID_CHANGE)
    def lsp_text_document__did_change(self, params: lsp.DidChangeTextDocumentParams) -> Iterator[Any]:
        """Update the document with all changes at once: they share one version."""
        self.workspace.apply(params)
        if handler := self.fm.features.get(lsp.TEXT_DOCUMENT_DID_CHANGE):
            yield handler, (params,), None
