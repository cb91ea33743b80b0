"""The token that the person's own command prints: asked for once, and again when it is refused."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from duo_lsp.errors import LoginError
from duo_lsp.privacy.secrets import Secret


class CommandToken:
    """A token source."""

    def __init__(self, token: Secret, run: Callable[[], Secret]) -> None:
        """`run` blocks and raises LoginError."""
        self._token = token
        self._run = run
        self._running: asyncio.Task[Secret] | None = None

    async def current(self) -> Secret:
        """The token as it was printed last."""
        return self._token

    async def renewed(self, refused: Secret) -> Secret | None:
        """What the command prints now, if that is another token."""
        if self._token == refused:
            if self._running is None or self._running.done():
                self._running = asyncio.ensure_future(asyncio.to_thread(self._run))
            try:
                self._token = await asyncio.shield(self._running)
            except LoginError:
                return None
        return self._token if self._token != refused else None

    async def close(self) -> None:
        """Nothing to do: a command that still runs is asked again another time."""
