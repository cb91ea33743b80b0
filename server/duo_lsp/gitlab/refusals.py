"""What GitLab's error answers mean (status, four dialects of body, headers)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from duo_lsp import errors, wire

HOLD: float = 60.0
"""Seconds to wait after a 429 that does not say how long: GitLab's window."""
SHORTEST_HOLD: float = 1.0
SUGGESTIONS = "Code Suggestions"
LONGEST_HOLD: float = 600.0


def of(
    status: int,
    body: object,
    headers: Mapping[str, str],
    host: str,
    *,
    page: bool = False,
    now: datetime | None = None,
    feature: str = SUGGESTIONS,
) -> errors.UpstreamError:
    """The error for an answer that is no success; `page` says that its body is a web page, which GitLab never sends.

    `feature` is what was asked for, as a person knows it.
    """
    if page and status in _NEVER_A_PAGE:
        return errors.InterceptedError(f"{host} answered with a web page (status {status}) instead of GitLab's words.")
    if status == 429:
        wait = retry_after(headers.get("Retry-After", ""), headers.get("Date", ""), now)
        return errors.LimitedError(f"{host} asks us to slow down.", wait)
    said = wire.read_message(body)
    because = f' ("{said}")' if said else ""
    kind = _kind(status, body, headers)
    meaning = _MEANING.get(kind, f"status {status}").format(feature)
    return kind(status, f"{host} refused: {meaning}{because}.")


def _kind(status: int, body: object, headers: Mapping[str, str]) -> type[errors.RefusedError]:
    code = body.get("error") if isinstance(body, Mapping) else None
    if isinstance(code, str) and (status, code) in _BY_CODE:
        return _BY_CODE[status, code]
    if status == 401 and (code or headers.get("X-GitLab-Error-Origin", "").lower() == "monolith"):
        return errors.NoAccessError  # GitLab says which of its parts refuses only to those it knows
    if status == 422 and "missing_default_duo" not in str(body)[:1_000]:
        return errors.RefusedError  # the request itself is at fault, nothing on the instance
    return _BY_STATUS.get(status, errors.BrokenError if status >= 500 else errors.RefusedError)


def retry_after(value: str, date: str = "", now: datetime | None = None) -> float:
    """Seconds from a Retry-After header, at least one, at most ten minutes; nonsense counts as a minute.

    A moment is taken relative to the answer's own date: its clock may be another than ours.
    """
    value = value.strip()
    if value.isascii() and value.isdigit():
        return min(max(float(value[:9]), SHORTEST_HOLD), LONGEST_HOLD)
    until, sent = _moment(value), _moment(date) or now
    seconds = (until - sent).total_seconds() if until and sent else 0.0
    return min(seconds, LONGEST_HOLD) if seconds > 0 else HOLD


def _moment(value: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(value[:100])
    except (ValueError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


_NEVER_A_PAGE = (401, 402, 403, 404, 405, 407, 422, 511)
"""What another server on the way says with a page of its own; a broken or too large request may end there as well."""
_BY_CODE: Mapping[tuple[int, str], type[errors.RefusedError]] = {
    (401, "invalid_token"): errors.TokenRefusedError,
    (401, "restricted_language_server_client_error"): errors.ClientRefusedError,
    (403, "insufficient_scope"): errors.ScopeError,
    (403, "not_entitled"): errors.NotEntitledError,
}
"""By what GitLab calls it in the field `error`."""
_BY_STATUS: Mapping[int, type[errors.RefusedError]] = {
    401: errors.SignInError,
    402: errors.NoCreditsError,
    403: errors.NotAllowedError,
    404: errors.NotThereError,
    413: errors.TooLargeError,
    422: errors.SetupError,
}
_MEANING: Mapping[type[errors.RefusedError], str] = {
    errors.SignInError: "the token is not accepted or has no access to GitLab Duo",
    errors.TokenRefusedError: "the token is not valid any more",
    errors.NoAccessError: "this account has no access to GitLab Duo",
    errors.ClientRefusedError: "this instance does not admit our version of the client",
    errors.NoCreditsError: "the credits are used up",
    errors.NotAllowedError: "this account may not use {}",
    errors.NotEntitledError: "this account is not entitled to {}",
    errors.ScopeError: "the token may not be used for {}",
    errors.NotThereError: "there is no {}",
    errors.TooLargeError: "the request was too large",
    errors.SetupError: "no default GitLab Duo namespace is chosen",
}
