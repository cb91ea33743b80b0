"""GitLab's error answers in the dialects of all who speak on the way: Rails, its proxies, the AI gateway behind it."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from duo_lsp.gateway import refusals
from duo_lsp.gateway.refusals import ORIGIN, Refusal


def _oauth(status: int, error: str, description: str, **more: object) -> Refusal:
    return Refusal(status, {"error": error, "error_description": description, **more})


def _quota(status: int, error: str, code: str, message: str) -> Refusal:
    return Refusal(status, {"error": error, "error_code": code, "message": message})


def _page(status: int, title: str) -> Refusal:
    return Refusal(status, f"<html><head><title>{status} {title}</title></head></html>", {"Content-Type": "text/html"})


def _text(status: int, text: str, **headers: str) -> Refusal:
    return Refusal(status, text, {"Content-Type": "text/plain", **headers})


_NO_NAMESPACE = "Select a default GitLab Duo namespace in your preferences."
_GLOBAL_LIMIT = {"Retry-After": "30", "RateLimit-Limit": "60", "RateLimit-Remaining": "0"}

KINDS: Mapping[str, Refusal] = MappingProxyType(
    {
        "400": refusals.invalid("current_file is missing"),
        "401": Refusal(401, {"message": "401 Unauthorized"}, ORIGIN),
        "401-token": refusals.BAD_TOKEN,
        "401-revoked": _oauth(401, "invalid_token", "Token was revoked. You have to re-authorize from the user."),
        "401-client": _oauth(
            401,
            "restricted_language_server_client_error",
            "Requests from Editor Extension clients are restricted",
        ),
        "401-gateway": refusals.BAD_SHORT_TOKEN,
        "402": _quota(402, "insufficient_credits", "USAGE_QUOTA_EXCEEDED", "The credits are used up."),
        "403": refusals.FORBIDDEN,
        "403-scope": refusals.NO_SCOPE,
        "403-seat": _quota(403, "not_entitled", "USAGE_QUOTA_NOT_ENTITLED", "No seat."),
        "403-gateway": Refusal(403, {"detail": "Unauthorized to access code suggestions"}),
        "404": refusals.SWITCHED_OFF,
        "413": refusals.TOO_LARGE,
        "413-page": _page(413, "Request Entity Too Large"),
        "422": _oauth(422, "missing_default_duo_group", _NO_NAMESPACE, message={"error": "missing_default_duo_group"}),
        "422-gateway": Refusal(422, {"detail": "Validation error"}),
        "429": refusals.LIMITED,
        "429-old": Refusal(429, refusals.LIMITED.body, ORIGIN),
        "429-global": _text(429, "Retry later\n", **_GLOBAL_LIMIT),
        "429-model": Refusal(429, {"detail": "Too many requests. Please try again later."}),
        "500": refusals.BROKEN,
        "500-text": _text(500, "Internal Server Error\n"),
        "502": _page(502, "Bad Gateway"),
        "503": Refusal(503, {"detail": "Inference failed"}),
        "504": _page(504, "Gateway Time-out"),
    }
)
"""By status; where one has several dialects, with a word for whose it is."""
