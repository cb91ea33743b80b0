"""How GitLab says no: its error bodies, one home."""

from __future__ import annotations

from typing import Any

import attrs
from starlette.responses import JSONResponse

WINDOW = 60
"""Seconds of the rate limit's window; GitLab's Retry-After is always the whole of it."""
TOO_MANY = "This endpoint has been requested too many times. Try again later."
UNREADABLE = "message body does not match declared format"


@attrs.frozen
class Refusal:
    """An answer with an error status."""

    status: int
    body: dict[str, Any]
    headers: dict[str, str] = attrs.field(factory=dict)

    def response(self) -> JSONResponse:
        """As the web framework wants it."""
        return JSONResponse(self.body, self.status, self.headers)


@attrs.frozen
class RefusedError(Exception):
    """Ends the work on a request with a refusal; never leaves the gateway."""

    refusal: Refusal


_ORIGIN = {"X-GitLab-Error-Origin": "monolith"}
"""How GitLab tells its own errors from those of the AI gateway behind it."""

NO_HTTP = Refusal(400, {"error": "400 Bad Request"})
UNAUTHORIZED = Refusal(401, {"message": "401 Unauthorized"}, {"WWW-Authenticate": "Bearer"})
BAD_TOKEN = Refusal(
    401,
    {"error": "invalid_token", "error_description": "Bad Access Token."},
    {"WWW-Authenticate": 'Bearer error="invalid_token"'},
)
FORBIDDEN = Refusal(403, {"message": "403 Forbidden"})
NOT_FOUND = Refusal(404, {"error": "404 Not Found"})
SLOW_BODY = Refusal(408, {"message": "408 Request Timeout"}, {"Connection": "close"})
TOO_LARGE = Refusal(413, {"message": "413 Request Entity Too Large"}, _ORIGIN)
LIMITED = Refusal(429, {"message": {"error": TOO_MANY}}, {"Retry-After": str(WINDOW), **_ORIGIN})
BROKEN = Refusal(500, {"message": "500 Internal Server Error"})
BUSY = Refusal(503, {"message": "503 Service Unavailable"}, {"Retry-After": "1"})


def invalid(complaints: str) -> Refusal:
    """Parameters GitLab would not take."""
    return Refusal(400, {"error": complaints})


def wrong_method(allow: str) -> Refusal:
    """The path is there, the method is not."""
    return Refusal(405, {"error": "405 Not Allowed"}, {"Allow": allow} if allow else {})
