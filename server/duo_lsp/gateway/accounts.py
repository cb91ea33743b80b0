"""The routes about oneself: what one's token is, what it opens, and short-lived ones in exchange for it."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from duo_lsp import __version__, wire
from duo_lsp.gateway import play, reading, refusals, validation
from duo_lsp.gateway.limit import Limits, Rule
from duo_lsp.gateway.play import Play
from duo_lsp.gateway.refusals import RefusedError
from duo_lsp.gateway.tokens import Tokens
from duo_lsp.gateway.users import User

DIRECT: Final = Rule("direct_access", 50)
DETAILS: Final = Rule("connection_details", 10)


class Accounts:
    """Answers in GitLab's order: who asks, what they ask, how often."""

    def __init__(
        self, tokens: Tokens, limits: Limits | None, played: Play, clock: Callable[[], float] = time.time
    ) -> None:
        """`clock` gives seconds since 1970; without limits nobody is counted."""
        self._tokens = tokens
        self._limits = limits
        self._play = played
        self._clock = clock

    async def version(self, request: Request) -> Response:
        """Which GitLab this stands in for."""
        self._tokens.identify(request)
        await self._play.strike(request.url.path)
        return JSONResponse({"version": self._play.gitlab, "revision": f"duo-lsp-{__version__}"})

    async def access_token(self, request: Request) -> Response:
        """GET /personal_access_tokens/self: what the token is and may."""
        user = self._tokens.identify(request)
        await self._play.strike(request.url.path)
        return JSONResponse(wire.access_token_body(user.name, user.scopes))

    async def oauth_token(self, request: Request) -> Response:
        """GET /oauth/token/info: the same for a token of OAuth, in other words."""
        user = self._tokens.identify(request)
        await self._play.strike(request.url.path)
        return JSONResponse(wire.oauth_token_body(user.scopes, created=int(self._clock())))

    async def short_token(self, request: Request) -> Response:
        """POST /code_suggestions/tokens."""
        user = self._tokens.admit(request)
        await self._play.strike(request.url.path)
        token = self._tokens.short.issue(user.name)
        return JSONResponse(wire.short_token_body(token, created=int(self._clock())), 201)

    async def enabled(self, request: Request) -> Response:
        """POST /code_suggestions/enabled: every project but none has suggestions here."""
        self._tokens.admit(request)
        path = validation.project_path(await reading.json_object(request))
        await self._play.strike(request.url.path)
        if not path.strip():
            raise RefusedError(refusals.NO_PROJECT)
        if not self._play.has(play.PROJECTS):
            raise RefusedError(refusals.FORBIDDEN)
        return JSONResponse(None)

    async def direct_access(self, request: Request) -> Response:
        """POST /code_suggestions/direct_access."""
        user = await self._limited(request, DIRECT)
        if not self._play.has(play.DIRECT):
            raise RefusedError(refusals.NOT_DIRECTLY)
        expires = self._tokens.short.expiry
        said = {"base_url": str(request.base_url).rstrip("/"), "token": self._tokens.short.issue(user.name)}
        return JSONResponse({**said, "expires_at": expires, "headers": _headers(request, user)}, 201)

    async def details(self, request: Request) -> Response:
        """POST /code_suggestions/connection_details."""
        user = await self._limited(request, DETAILS)
        headers = _headers(request, user)
        said = {name.removeprefix("X-Gitlab-").lower().replace("-", "_"): said for name, said in headers.items()}
        more = {"feature_enablement_type": "duo_pro", "saas_duo_pro_namespace_ids": []}
        return JSONResponse({**said, "instance_version": self._play.gitlab, **more}, 201)

    async def _limited(self, request: Request, rule: Rule) -> User:
        user = self._tokens.admit(request)
        if self._limits and not await self._limits.admits(rule, user.name):
            raise RefusedError(refusals.LIMITED)
        await self._play.strike(request.url.path)
        return user


def _headers(request: Request, user: User) -> dict[str, Any]:
    """What a client has to send along to the AI gateway: who asks, and from where."""
    person = hashlib.sha256(user.name.encode()).hexdigest()
    return {
        "X-Gitlab-Instance-Id": "duo-lsp",
        "X-Gitlab-Realm": "self-managed",
        "X-Gitlab-Global-User-Id": person[:32],
        "X-Gitlab-Host-Name": request.url.hostname or "localhost",
    }
