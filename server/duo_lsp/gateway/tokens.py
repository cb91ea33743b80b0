"""Whose token is taken: the gateway's own, those of a team, and for an hour those it gave out."""

from __future__ import annotations

import hmac

from starlette.requests import Request

from duo_lsp import wire
from duo_lsp.gateway import refusals
from duo_lsp.gateway.refusals import RefusedError
from duo_lsp.gateway.short_tokens import ShortTokens
from duo_lsp.gateway.token_file import OWNER
from duo_lsp.gateway.users import User, Users


class Tokens:
    """Knows every token that opens a door, and who comes through it."""

    def __init__(self, own: str, users: Users, short: ShortTokens) -> None:
        self._own = own
        self._users = users
        self.short = short

    def admit(self, request: Request) -> User:
        """Who shows a long token that opens everything. Raises RefusedError."""
        user = self.identify(request)
        if not user.works:
            raise RefusedError(refusals.NO_SCOPE)
        return user

    def identify(self, request: Request) -> User:
        """Who shows a long token, whatever it is good for. Raises RefusedError."""
        given = of(request)
        if not given:
            raise RefusedError(refusals.UNAUTHORIZED)
        user = self._of_long(given)
        if user is None:
            raise RefusedError(refusals.BAD_TOKEN)
        return _noted(request, user)

    def admit_to_suggestions(self, request: Request, *, insist: bool) -> User:
        """Who shows a token that is good for suggestions, which short-lived ones are too.

        One in a header of its own has to be right whoever shows it; `insist` demands it, as GitLab 16.2 does.
        Raises RefusedError.
        """
        apart = request.headers.get(wire.OIDC_HEADER, "")
        if apart or insist:
            user = self._of_short(apart)
            if user is None:
                raise RefusedError(refusals.BAD_SHORT_TOKEN)
            if not of(request):
                return _noted(request, user)
        short = self._of_short(of(request))
        return _noted(request, short) if short else self.admit(request)

    def admit_directly(self, request: Request) -> User:
        """Who shows a short-lived token where nothing else is taken. Raises RefusedError."""
        user = self._of_short(of(request))
        if user is None:
            raise RefusedError(refusals.BAD_SHORT_TOKEN)
        return _noted(request, user)

    def _of_long(self, given: str) -> User | None:
        if hmac.compare_digest(given.encode("latin-1", "replace"), self._own.encode()):
            return User()
        return self._users.of_token(given)

    def _of_short(self, given: str) -> User | None:
        name = self.short.name_on(given) if given else None
        return User() if name == OWNER else self._users.named(name) if name else None


def of(request: Request) -> str:
    """The token in either header GitLab takes it from; empty when there is none."""
    scheme, _, given = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return given.strip()
    return request.headers.get("private-token", "").strip()


def name_of(scope: object) -> str:
    """Who was let in with this request (an ASGI scope), for the log; empty when nobody was."""
    state = scope.get("state") if isinstance(scope, dict) else None
    return str(state.get("user", "")) if isinstance(state, dict) else ""


def _noted(request: Request, user: User) -> User:
    request.state.user = user.name
    return user
