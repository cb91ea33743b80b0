"""Our state in the words of GitLab's own language server, for the editor extensions that know them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from duo_lsp.status import State

_API_ERROR: Final = "code-suggestions-api-error"
_SIGN_IN: Final = "authentication-required"
_CHECKS: Final[Mapping[str, str]] = {
    "signedOut": _SIGN_IN,
    "signInAgain": _SIGN_IN,
    "scopeMissing": _SIGN_IN,
    "off": "code-suggestions-disabled-by-user",
    "paused": "code-suggestions-disabled-by-user",
    "pausedHere": "code-suggestions-disabled-by-user",
    "unsupportedVersion": "code-suggestions-unsupported-gitlab-version",
    "noSeat": "code-suggestions-no-license",
    "noNamespace": "code-suggestions-no-default-namespace",
    "noCredits": "code-suggestions-no-credits",
    "projectOff": "duo-disabled-for-project",
    "excluded": "code-suggestions-file-excluded",
    "unsupportedLanguage": "code-suggestions-document-unsupported-language",
    "unlistedLanguage": "code-suggestions-document-unsupported-language",
    "disabledLanguage": "code-suggestions-document-disabled-language",
    "pausedLanguage": "code-suggestions-document-disabled-language",
}
"""By the name of our state; every other trouble is one with the API."""
_ORDER: Final = (
    _SIGN_IN,
    "code-suggestions-disabled-by-user",
    _API_ERROR,
    "code-suggestions-unsupported-gitlab-version",
    "code-suggestions-no-license",
    "code-suggestions-no-default-namespace",
    "code-suggestions-no-credits",
    "duo-disabled-for-project",
    "code-suggestions-file-excluded",
    "code-suggestions-document-unsupported-language",
    "code-suggestions-document-disabled-language",
)
"""GitLab's, the weightiest first."""
_WELL: Final = ("ready", "local", "starting")
_TOKEN_REASONS: Final[Mapping[str, str]] = {"signInAgain": "not_active", "scopeMissing": "invalid_scopes"}


def features(state: State) -> list[dict[str, Any]]:
    """The parameter of `$/gitlab/featureStateChange`: for each feature its checks, and which one stops it."""
    engaged = "" if state.name in _WELL else _CHECKS.get(state.name, _API_ERROR)
    return [
        _feature("authentication", (_SIGN_IN,), engaged, state),
        _feature("code_suggestions", _ORDER, engaged, state),
    ]


def token_check(state: State) -> dict[str, str] | None:
    """The parameter of `$/gitlab/token/check`; None while nothing is wrong with the token."""
    reason = _TOKEN_REASONS.get(state.name)
    return {"reason": reason, "message": state.whole} if reason else None


def _feature(name: str, checks: Sequence[str], engaged: str, state: State) -> dict[str, Any]:
    every: list[dict[str, Any]] = [
        {"checkId": check, "engaged": True, "details": state.whole} if check == engaged
        else {"checkId": check, "engaged": False}
        for check in checks
    ]  # fmt: skip
    return {"featureId": name, "engagedChecks": [check for check in every if check["engaged"]], "allChecks": every}
