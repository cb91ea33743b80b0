"""More work than can be done at once: who waits, who is sent away, and who is not worked for any more."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
from contextlib import ExitStack, closing

import attrs

from duo_lsp import wire
from duo_lsp.gateway import app
from duo_lsp.gateway.engines import Completion
from gateway import rig
from gateway.inprocess import answered, call, serving
from waiting import until


@attrs.define
class Slow(rig.MadeUp):
    """Works until it is told to be done, or stopped."""

    go: threading.Event = attrs.field(factory=threading.Event)
    stopped: int = 0

    async def complete(self, request: wire.SuggestionRequest) -> Completion:
        self.asked.append(request)
        try:
            while not self.go.is_set():
                await asyncio.sleep(0.01)
        except asyncio.CancelledError:
            self.stopped += 1
            raise
        return self.completion


def asking(port: int) -> socket.socket:
    """A connection over which something was asked."""
    sock, body = call(port), json.dumps(rig.body()).encode()
    head = f"POST {rig.COMPLETIONS} HTTP/1.1\r\nHost: localhost\r\nPRIVATE-TOKEN: {rig.TOKEN}\r\n"
    sock.sendall(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
    return sock


def test_some_work_some_wait_and_the_others_are_told_when_to_come_back() -> None:
    engine = Slow()
    with serving(app.application(engine, rig.TOKEN, 0, jobs=3)) as port, ExitStack() as stack:
        socks = [stack.enter_context(closing(asking(port))) for _ in range(3 * 5)]
        until(lambda: len(engine.asked) == 3)
        refused = [answered(stack.enter_context(closing(asking(port)))) for _ in range(2)]
        assert len(engine.asked) == 3
        engine.go.set()
        assert [answered(sock)[0] for sock in socks] == [200] * 15
    assert [status for status, _, _ in refused] == [503, 503]
    assert all(b"retry-after: 1" in head for _, head, _ in refused)
    assert json.loads(refused[0][2]) == {"message": "503 Service Unavailable"}


def test_who_goes_away_is_not_worked_for() -> None:
    engine = Slow()
    with serving(app.application(engine, rig.TOKEN, 0, jobs=1)) as port:
        first, second = asking(port), asking(port)
        until(lambda: len(engine.asked) == 1)
        second.close()
        first.close()
        until(lambda: engine.stopped == 1)
        third = asking(port)
        until(lambda: len(engine.asked) == 2)
        engine.go.set()
        assert answered(third)[0] == 200
        third.close()
    assert len(engine.asked) == 2
