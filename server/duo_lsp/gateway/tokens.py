"""Whose token is taken: the gateway's own, and for an hour those it gave out."""

from __future__ import annotations

import secrets
from collections.abc import Callable

import cachetools
from starlette.requests import Request

from duo_lsp import wire
from duo_lsp.gateway import guard, refusals
from duo_lsp.gateway.refusals import RefusedError

MOST = 64
"""Short-lived tokens at once; the oldest makes room."""


class Tokens:
    """Knows every token that opens a door."""

    def __init__(self, own: str, clock: Callable[[], float]) -> None:
        """`clock` gives seconds, monotonic."""
        self._own = own
        self._given: cachetools.TTLCache[str, None] = cachetools.TTLCache(MOST, wire.SHORT_TOKEN_SECONDS, clock)

    def issue(self) -> str:
        """A new short-lived token."""
        token = secrets.token_urlsafe(32)
        self._given[token] = None
        return token

    def admit(self, request: Request) -> None:
        """Whoever shows our own token may do everything. Raises RefusedError."""
        if refusal := guard.refuse_stranger(guard.token_of(request), (self._own,)):
            raise RefusedError(refusal)

    def admit_to_suggestions(self, request: Request, *, insist: bool) -> None:
        """Whoever shows a short-lived token may ask for suggestions too.

        One in a header of its own has to be right whoever shows it; `insist` demands it, as GitLab 16.2 does.
        Raises RefusedError.
        """
        self._given.expire()
        apart = request.headers.get(wire.OIDC_HEADER, "")
        if apart or insist:
            if guard.refuse_stranger(apart, (*self._given,)):
                raise RefusedError(refusals.BAD_SHORT_TOKEN)
            if not guard.token_of(request):
                return
        if refusal := guard.refuse_stranger(guard.token_of(request), (self._own, *self._given)):
            raise RefusedError(refusal)
