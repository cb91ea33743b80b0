"""What GitLab's error answers mean (status, four dialects of body, headers)."""

from __future__ import annotations

from collections.abc import Mapping

from duo_lsp import errors, wire

HOLD: float = 60.0
"""Seconds to wait after a 429 that does not say how long: GitLab's window."""
SHORTEST_HOLD: float = 1.0
LONGEST_HOLD: float = 600.0


def of(status: int, body: object, headers: Mapping[str, str], host: str) -> errors.RefusedError:
    """The error for an answer that is no success."""
    said = wire.read_message(body)
    because = f' ("{said}")' if said else ""
    if status == 429:
        return errors.LimitedError(f"{host} asks us to slow down.", retry_after(headers.get("Retry-After", "")))
    sentence = f"{host} refused: {_MEANING.get(status, f'status {status}')}{because}."
    if status == 422 and "missing_default_duo" not in str(body)[:1_000]:
        return errors.RefusedError(status, sentence)  # the request itself is at fault, nothing on the instance
    kind = _KINDS.get(status, errors.BrokenError if status >= 500 else errors.RefusedError)
    return kind(status, sentence, _remedy(body))


def _remedy(body: object) -> str | None:
    code = body.get("error") if isinstance(body, Mapping) else None
    return _REMEDIES.get(code) if isinstance(code, str) else None


def retry_after(value: str) -> float:
    """Seconds from a Retry-After header, at least one; anything but a sensible number counts as a minute."""
    value = value.strip()
    if value.isascii() and value.isdigit():
        return min(max(float(value[:9]), SHORTEST_HOLD), LONGEST_HOLD)
    return HOLD


_REMEDIES: Mapping[str, str] = {
    "invalid_token": "The token was revoked or has expired: make a new one (scope api or ai_features) and set it.",
    "insufficient_scope": "Make a new token with the scope api or ai_features.",
    "insufficient_credits": "Ask an owner of your group for more GitLab credits.",
}
"""By what GitLab calls it in the field `error`."""
_KINDS: Mapping[int, type[errors.RefusedError]] = {
    401: errors.SignInError,
    402: errors.NotAllowedError,
    403: errors.NotAllowedError,
    404: errors.NotThereError,
    413: errors.TooLargeError,
    422: errors.SetupError,
}
_MEANING: Mapping[int, str] = {
    400: "the request was not understood",
    401: "the token is not accepted or has no access to GitLab Duo",
    402: "the credits are used up",
    403: "this account may not use Code Suggestions",
    404: "Code Suggestions are not there",
    413: "the request was too large",
    422: "something has to be set up first",
}
