"""Tells the editor by itself when the state changes: `duo/status`, and GitLab's own two notifications."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any, Final

from duo_lsp import feature_state
from duo_lsp.features import status
from duo_lsp.session import DuoServer

STATUS: Final = "duo/status"
CAPABILITY: Final = "duoStatus"
"""What a client sets to true among its experimental capabilities to be told."""
FEATURE_STATE: Final = "$/gitlab/featureStateChange"
TOKEN_CHECK: Final = "$/gitlab/token/check"  # noqa: S105 - a method's name
TOGETHER: Final = 0.05
"""Seconds in which several changes are told as one."""


def register(server: DuoServer) -> None:
    """Watch the state from now on."""
    server.status.watch(Notices(server).soon)


class Notices:
    """Sends what has changed, a moment after it did, and never the same thing twice in a row."""

    def __init__(self, server: DuoServer) -> None:
        self._server = server
        self._sent: dict[str, object] = {}
        self._timer: asyncio.TimerHandle | None = None

    def soon(self) -> None:
        """Something may have changed."""
        self._wake(TOGETHER)

    def _wake(self, seconds: float) -> None:
        loop = asyncio.get_running_loop()
        if self._timer is not None:
            if self._timer.when() <= loop.time() + seconds:
                return
            self._timer.cancel()
        self._timer = loop.call_later(seconds, self._send)

    def _send(self) -> None:
        self._timer = None
        if self._server.in_force.ended:
            return
        for method, params in _due(self._server):
            if self._sent.get(method) != params:
                self._sent[method] = params
                if params is not None:
                    self._server.protocol.notify(method, params)
        until = self._server.status.current.until
        if until is not None:  # it ends by itself
            self._wake(max(TOGETHER, (until - self._server.status.clock()).total_seconds()))


def _due(server: DuoServer) -> Iterator[tuple[str, Any]]:
    """Every notification this client knows, as it would be sent now; None where there is nothing to say."""
    if _wants_status(server):
        yield STATUS, status.report(server)
    if server.said.is_gitlabs_own:
        now = server.status.current
        # GitLab's server sends the list as the one positional parameter, and its clients read it so
        yield FEATURE_STATE, [feature_state.features(now)]
        yield TOKEN_CHECK, feature_state.token_check(now)


def _wants_status(server: DuoServer) -> bool:
    wanted = server.client_capabilities.experimental
    return isinstance(wanted, dict) and wanted.get(CAPABILITY) is True
