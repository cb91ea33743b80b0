"""What a token is good for, asked of the instance it is for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import attrs

from duo_lsp import urls, wire
from duo_lsp.errors import BadAnswerError, LoginError, RefusedError
from duo_lsp.gitlab.sign_in.asking import Ask
from duo_lsp.privacy.secrets import Secret

ENOUGH: Final = ("api", "ai_features")
"""Either of these scopes lets a token ask for suggestions (GitLab documentation, "Code Suggestions API")."""
_MOST_SCOPES: Final = 30


@attrs.frozen
class Checked:
    """What the instance says of a token."""

    scopes: tuple[str, ...]
    name: str = ""
    expires_at: str = ""
    """A personal access token's last day, as 2027-01-31."""


async def check(ask: Ask, token: Secret, base_url: str) -> Checked:
    """Ask about the token that `ask` carries. Raises LoginError when it will not do, else UpstreamError.

    A personal access token usually begins with glpat-, but an instance can choose another beginning: then both
    kinds are tried.
    """
    host = urls.host_of(base_url)
    paths = [wire.ACCESS_PATH]
    if not token.reveal().startswith("glpat-"):
        paths = [wire.OAUTH_PATH, wire.ACCESS_PATH]
    for path in paths:
        status, body = await ask("GET", path)
        if status == 200 and isinstance(body, Mapping):
            return _usable(_read(body), body, host)
    if status in (400, 401, 403, 404):
        raise LoginError(f"{host} does not accept this token.", f"Make a new one: {page(base_url)}")
    if status == 200:
        raise BadAnswerError(f"{host} did not say what the token is for.")
    raise RefusedError(status, f"{host} could not check the token: status {status}.", "Try again later.")


def _read(body: Mapping[str, Any]) -> Checked:
    """Both shapes: `scopes` of a personal access token, `scope` of an OAuth one."""
    scopes = body.get("scopes") or body.get("scope") or ()
    words = scopes.split() if isinstance(scopes, str) else scopes if isinstance(scopes, list) else ()
    plain = tuple(word for word in words[:_MOST_SCOPES] if isinstance(word, str) and word.isidentifier())
    return Checked(plain, _shown(body.get("name")), _shown(body.get("expires_at")))


def _usable(checked: Checked, body: Mapping[str, Any], host: str) -> Checked:
    if body.get("active") is False or body.get("revoked") is True:
        raise LoginError(f"This token for {host} was revoked or has expired.", "Make a new one.")
    if not any(scope in checked.scopes for scope in ENOUGH):
        has = ", ".join(checked.scopes) or "none"
        raise LoginError(f"This token has not the scope api or ai_features (it has: {has}).", "Make a new one with it.")
    return checked


def _shown(value: object) -> str:
    """A text of the instance's, for a terminal."""
    text = value if isinstance(value, str) else ""
    return "".join(letter for letter in text if letter.isprintable())[:100]


def page(base_url: str) -> str:
    """Where a person makes a personal access token, its name and scope filled in."""
    return f"{base_url}/-/user_settings/personal_access_tokens?name=duo-lsp&scopes=api"


def old_page(base_url: str) -> str:
    """The same page of a GitLab before 16.10."""
    return f"{base_url}/-/profile/personal_access_tokens?name=duo-lsp&scopes=api"
