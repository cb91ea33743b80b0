"""A GitLab that knows tokens: personal ones, and OAuth pairs of which the old is revoked when a new one is given."""

from __future__ import annotations

import threading
import time
from typing import Any
from urllib.parse import parse_qs

import attrs

from duo_lsp import wire
from duo_lsp.gitlab.sign_in import oauth
from gitlab_server import Answer, GitLabServer, Request

CLIENT_ID = "planted-client-id"


@attrs.define
class Instance:
    """Lays itself under a server's paths."""

    server: GitLabServer
    personal: dict[str, dict[str, Any]] = attrs.field(factory=dict)
    """Personal access tokens, and what is said of each."""
    access: str = ""
    refresh: str = ""
    """The one pair that is good now."""
    expires_in: int = 7200
    refreshed: int = 0
    polls: list[float] = attrs.field(factory=list)
    pending: list[str] = attrs.field(factory=list)
    """What the next polls are refused with; then the pair is given."""
    page: str = "/oauth/device"
    scopes: tuple[str, ...] = oauth.SCOPES
    """What the application may be asked for."""
    delay: float = 0.0
    revoked: list[str] = attrs.field(factory=list)
    lock: threading.Lock = attrs.field(factory=threading.Lock)

    def __attrs_post_init__(self) -> None:
        self.server.others |= {
            wire.ACCESS_PATH: self._personal,
            wire.OAUTH_PATH: self._info,
            oauth.DEVICE_PATH: self._device,
            oauth.TOKEN_PATH: self._token,
            oauth.REVOKE_PATH: self._revoke,
        }

    def _personal(self, request: Request) -> Answer:
        said = self.personal.get(request.headers.get("authorization", "").removeprefix("Bearer "))
        return Answer(body=said) if said else Answer(status=401, body={"error": "invalid_token"})

    def _info(self, request: Request) -> Answer:
        if request.headers.get("authorization") != f"Bearer {self.access}" or not self.access:
            return Answer(status=401, body={"error": "invalid_token"})
        return Answer(body=wire.oauth_token_body(["api"], created=int(time.time())))

    def _device(self, request: Request) -> Answer:
        form = _form(request)
        if form["scope"] not in self.scopes:
            return Answer(status=400, body={"error": "invalid_scope", "error_description": "not allowed"})
        if form["client_id"] != CLIENT_ID:
            return Answer(status=401, body={"error": "invalid_client", "error_description": "unknown client"})
        page = self.page if "://" in self.page else self.server.url + self.page
        return Answer(
            body={
                "device_code": "planted-device-code",
                "user_code": "0A44L90H",
                "verification_uri": page,
                "verification_uri_complete": f"{page}?user_code=0A44L90H",
                "expires_in": 300,
                "interval": 1,
            }
        )

    def _token(self, request: Request) -> Answer:
        form = _form(request)
        with self.lock:
            if form["grant_type"] == oauth.DEVICE_GRANT:
                self.polls.append(request.at)
                if self.pending:
                    return Answer(status=400, body={"error": self.pending.pop(0)})
            elif form["refresh_token"] != self.refresh or form["client_id"] != CLIENT_ID:
                return Answer(status=400, body={"error": "invalid_grant", "error_description": "was revoked"})
            else:
                self.refreshed += 1
            return self._pair()

    def _pair(self) -> Answer:
        n = int(self.access.rpartition("-")[2] or -1) + 1 if self.access else 0
        self.access, self.refresh = f"planted-access-{n}", f"planted-refresh-{n}"
        body = {"access_token": self.access, "token_type": "Bearer", "expires_in": self.expires_in}
        return Answer(body={**body, "refresh_token": self.refresh, "created_at": int(time.time())}, delay=self.delay)

    def _revoke(self, request: Request) -> Answer:
        self.revoked.append(_form(request)["token"])
        return Answer(body={})


def personal(name: str = "duo-lsp", scopes: tuple[str, ...] = ("api",), **more: Any) -> dict[str, Any]:
    """What GitLab says of a personal access token."""
    return {**wire.access_token_body(name, scopes), **more}


def _form(request: Request) -> dict[str, str]:
    assert request.headers["content-type"] == "application/x-www-form-urlencoded"
    assert "authorization" not in request.headers
    return {name: values[0] for name, values in parse_qs(request.body.decode(), strict_parsing=True).items()}
