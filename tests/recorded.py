"""Bodies and headers as GitLab's API and what stands behind it send them (documentation, request specs, user reports).

Values are made up; names, types and nesting are not.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import attrs

MONOLITH: Final = {"X-GitLab-Error-Origin": "monolith"}
TEXT: Final = {"Content-Type": "text/plain; charset=utf-8"}
HTML: Final = {"Content-Type": "text/html"}

COMPLETION: Final = {
    "id": "id",
    "model": {
        "engine": "fireworks_ai",
        "name": "codestral-2508",
        "lang": "python",
        "tokens_consumption_metadata": {
            "input_tokens": 120,
            "output_tokens": 12,
            "max_output_tokens_used": False,
            "context_tokens_sent": 0,
            "context_tokens_used": 0,
        },
        "region": "us-central1",
    },
    "experiments": [],
    "object": "text_completion",
    "created": 1732121183,
    "choices": [{"text": " bool:\n    return n % 2 == 0", "index": 0, "finish_reason": "length"}],
    "metadata": {"enabled_feature_flags": []},
}
COMPLETION_OF_OLD: Final = {
    "id": "id",
    "model": {"engine": "vertex-ai", "name": "code-gecko"},
    "object": "text_completion",
    "created": 1682023299,
    "choices": [{"text": " bool:\n    return n % 2 == 0", "index": 0, "finish_reason": "length"}],
}
GENERATION: Final = {
    "choices": [{"text": "def f():\n    ...", "index": 0, "finish_reason": "length"}],
    "metadata": {
        "model": {"engine": "agent", "name": "Code Generations Agent", "lang": "python"},
        "timestamp": 1732121183,
        "enabled_feature_flags": None,
        "region": None,
    },
}
NOTHING: Final = ({**COMPLETION, "choices": []}, {**GENERATION, "choices": []}, {"choices": [{"text": "", "index": 0}]})

STREAM: Final = (
    "event: stream_start\r\n"
    'data: {"metadata":{"model":{"engine":"agent","name":"Code Generations Agent"},"timestamp":1732121183,'
    '"enabled_feature_flags":["a"],"region":"us-central1"}}\r\n\r\n'
    "event: content_chunk\r\n"
    'data: {"choices":[{"delta":{"content":"\\ndef hello_"},"index":0}]}\r\n\r\n'
    ": ping - 2026-11-21 12:00:00.000000+00:00\r\n\r\n"
    "event: content_chunk\r\n"
    'data: {"choices":[{"delta":{"content":""},"index":0}]}\r\n\r\n'
    "event: content_chunk\r\n"
    'data: {"choices":[{"delta":{"content":"world():"},"index":0}]}\r\n\r\n'
    "event: stream_end\r\n"
    "data: null\r\n\r\n"
)
STREAMED: Final = "\ndef hello_world():"


@attrs.frozen
class Refused:
    """One answer that is no success, and the state it leaves behind."""

    status: int
    body: Any
    state: str
    headers: Mapping[str, str] = attrs.field(factory=dict)


def _oauth(error: str, description: str, **more: str) -> dict[str, str]:
    return {"error": error, "error_description": description, **more}


REFUSED: Final = (
    Refused(400, {"error": "context[0][type] does not have a valid value"}, "refused"),
    Refused(400, {"error": "current_file is missing, intent does not have a valid value"}, "refused"),
    Refused(401, {"message": "401 Unauthorized"}, "signInAgain"),
    Refused(401, {"message": "401 Unauthorized"}, "noSeat", MONOLITH),
    Refused(
        401,
        _oauth("invalid_token", "Token was revoked. You have to re-authorize from the user."),
        "signInAgain",
        {"WWW-Authenticate": 'Bearer realm="Protected by OAuth 2.0", error="invalid_token"'},
    ),
    Refused(
        401,
        _oauth("invalid_token", "Token is expired. You can either do re-authorization or token refresh."),
        "signInAgain",
    ),
    Refused(
        401,
        _oauth("restricted_language_server_client_error", "Requests from Editor Extension clients are restricted"),
        "clientRefused",
    ),
    Refused(401, {"error": "No authorization header presented"}, "noSeat"),
    Refused(
        402,
        {
            "error": "insufficient_credits",
            "error_code": "USAGE_QUOTA_EXCEEDED",
            "message": "Consumer does not have credits",
        },
        "noCredits",
    ),
    Refused(
        403,
        _oauth("insufficient_scope", "The request requires higher privileges.", scope="api ai_features"),
        "scopeMissing",
    ),
    Refused(
        403,
        {"error": "not_entitled", "error_code": "USAGE_QUOTA_NOT_ENTITLED", "message": "Not entitled"},
        "noSeat",
    ),
    Refused(403, {"detail": "Unauthorized to access code suggestions"}, "notAllowed"),
    Refused(403, {"message": "403 Forbidden - Your account has been blocked."}, "notAllowed"),
    Refused(404, {"message": "404 Not Found"}, "notThere", MONOLITH),
    Refused(404, {"error": "404 Not Found"}, "notThere"),
    Refused(413, {"message": "413 Request Entity Too Large"}, "tooLarge", MONOLITH),
    Refused(413, b"<html><head><title>413 Request Entity Too Large</title></head></html>", "tooLarge", HTML),
    Refused(
        422,
        _oauth("missing_default_duo_group", "Select a default namespace.")
        | {"message": {"error": "missing_default_duo_group"}},
        "noNamespace",
    ),
    Refused(422, {"detail": "Validation error"}, "refused"),
    Refused(422, {"detail": [{"loc": ["body"], "msg": "field required", "type": "value_error"}]}, "refused"),
    Refused(
        429,
        {"message": {"error": "This endpoint has been requested too many times. Try again later."}},
        "limited",
        {"Retry-After": "60", **MONOLITH},
    ),
    Refused(
        429, {"message": {"error": "This endpoint has been requested too many times. Try again later."}}, "limited"
    ),
    Refused(429, b"Retry later\n", "limited", {**TEXT, "RateLimit-Limit": "60", "Retry-After": "30"}),
    Refused(429, {"detail": "Too many requests. Please try again later."}, "limited"),
    Refused(500, {"message": "500 Internal Server Error"}, "serverError"),
    Refused(500, b"Internal Server Error\n", "serverError", TEXT),
    Refused(502, b"<html><head><title>502 Bad Gateway</title></head></html>", "serverError", HTML),
    Refused(503, {"detail": "Inference failed"}, "serverError"),
    Refused(504, b"<html><head><title>504 Gateway Time-out</title></head></html>", "serverError", HTML),
)
"""All of GitLab's error answers: Rails, the proxies before it, and the AI gateway behind it."""
