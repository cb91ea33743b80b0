"""How GitLab says no: its error bodies, one home."""

from __future__ import annotations

from typing import Any, Protocol

import attrs
from starlette.responses import JSONResponse, Response

from duo_lsp import wire

WINDOW = 60
"""Seconds of the rate limit's window; GitLab's Retry-After is always the whole of it."""
TOO_MANY = "This endpoint has been requested too many times. Try again later."
UNREADABLE = "message body does not match declared format"


@attrs.frozen
class Refusal:
    """An answer with an error status."""

    status: int
    body: dict[str, Any] | str
    """JSON, or a text whose content type stands in the headers."""
    headers: dict[str, str] = attrs.field(factory=dict)

    def response(self) -> Response:
        """As the web framework wants it."""
        kind = Response if isinstance(self.body, str) else JSONResponse
        return kind(self.body, self.status, self.headers)


class Answers(Protocol):
    """A refusal, or something that goes wrong on purpose."""

    def response(self) -> Response:
        """As the web framework wants it."""


@attrs.frozen
class RefusedError(Exception):
    """Ends the work on a request with something else than its answer; never leaves the gateway."""

    refusal: Answers


ORIGIN = {"X-GitLab-Error-Origin": "monolith"}
"""How GitLab tells its own errors from those of the AI gateway behind it."""

NO_HTTP = Refusal(400, {"error": "400 Bad Request"})
NO_HTTP_ANY_MORE = Refusal(400, NO_HTTP.body, {"Connection": "close"})
"""Nobody knows where the next request would begin."""
UNAUTHORIZED = Refusal(401, {"message": "401 Unauthorized"}, {"WWW-Authenticate": "Bearer"})
BAD_TOKEN = Refusal(
    401,
    {"error": "invalid_token", "error_description": "Bad Access Token."},
    {"WWW-Authenticate": 'Bearer error="invalid_token"'},
)
NO_SCOPE = Refusal(
    403,
    {
        "error": "insufficient_scope",
        "error_description": "The request requires higher privileges than provided by the access token.",
        "scope": "api ai_features",
    },
)
BAD_SHORT_TOKEN = Refusal(401, {"error": "No valid token was given."})
"""The AI gateway's shape: it is the one that looks at short-lived tokens."""
BAD_GRAPHQL_TOKEN = Refusal(401, {"errors": [{"message": "Invalid token"}]})
"""The shape of GraphQL, whose other errors come with status 200."""
FORBIDDEN = Refusal(403, {"message": "403 Forbidden"})
NOT_FOUND = Refusal(404, {"error": "404 Not Found"})
SWITCHED_OFF = Refusal(404, {"message": "404 Not Found"}, ORIGIN)
NOT_DIRECTLY = Refusal(403, {"message": "403 Forbidden - Direct connections are disabled"})
NO_CHAT = Refusal(404, {"message": "404 Not Found"})
"""No chat at all, or nothing this person may read: GitLab does not tell which."""
NO_PROJECT = Refusal(404, {"message": "404 Project Not Found"})
SLOW = Refusal(408, {"message": "408 Request Timeout"})
TOO_LARGE = Refusal(413, {"message": "413 Request Entity Too Large"}, ORIGIN)
LIMITED = Refusal(429, {"message": {"error": TOO_MANY}}, {"Retry-After": str(WINDOW), **ORIGIN})
GONE = Refusal(499, {"message": "499 Client Closed Request"})
"""Seen by nobody but the log and the figures, where nginx has the same."""
BROKEN = Refusal(500, {"message": "500 Internal Server Error"})
BUSY = Refusal(503, {"message": "503 Service Unavailable"}, {"Retry-After": "1"})


def reason(told: str, most: int) -> dict[str, str]:
    """The header that says why there is no answer, in what a header can hold; nothing where nothing is told."""
    plain = "".join(char if " " <= char <= "~" else "?" for char in told[:most])
    return {wire.REASON_HEADER: plain} if told else {}


def invalid(complaints: str) -> Refusal:
    """Parameters GitLab would not take."""
    return Refusal(400, {"error": complaints})


def wrong_method(allow: str) -> Refusal:
    """The path is there, the method is not."""
    return Refusal(405, {"error": "405 Not Allowed"}, {"Allow": allow} if allow else {})
