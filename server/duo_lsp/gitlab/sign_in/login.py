"""One login: what is kept of it, and for how long it is good."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

import attrs

from duo_lsp.privacy.secrets import Secret

RENEW_AT: Final = 0.8
"""The part of its life after which a token is renewed."""
WARN_DAYS: Final = 7
"""A personal access token that ends sooner is worth a word."""


def _new_id() -> Secret:
    return Secret(secrets.token_hex(8))


@attrs.frozen
class Login:
    """A token for one instance, under the names GitLab gives its parts.

    A personal access token has at most `expires_at`; an OAuth pair has the rest (GitLab documentation, "OAuth 2.0
    identity provider API").
    """

    access_token: Secret
    refresh_token: Secret = attrs.field(factory=Secret)
    client_id: str = ""
    expires_in: float = 0.0
    """Seconds it was good for when it came; 0 for one that is not renewed."""
    stored_at: float = 0.0
    """When it came, in seconds since 1970 on this machine's clock."""
    expires_at: str = ""
    """The day on which a personal access token ends, as 2027-01-31."""
    id: Secret = attrs.field(factory=_new_id)
    """Stays the same when the pair is renewed."""

    @property
    def renewable(self) -> bool:
        """Whether it is a pair that can be renewed."""
        return bool(self.refresh_token)

    def age(self, now: float) -> float:
        """Seconds since it came; a clock that was set back makes nothing younger than new."""
        return max(0.0, now - self.stored_at)

    def fresh_for(self, age: float) -> float:
        """Seconds until it should be renewed, at this age; one without an end is always fresh."""
        return RENEW_AT * self.expires_in - age if self.renewable and self.expires_in else float("inf")

    def record(self) -> dict[str, Any]:
        """What is written down: plain JSON, the secrets in it."""
        values = attrs.asdict(self, filter=lambda field, value: value != field.default)
        return {name: value.reveal() if isinstance(value, Secret) else value for name, value in values.items() if value}


def of_record(record: object) -> Login:
    """What was written down. Raises ValueError when it is no login."""
    if not isinstance(record, Mapping):
        raise ValueError("no login")
    texts = {name: record.get(name, "") for name in ("access_token", "refresh_token", "client_id", "expires_at", "id")}
    numbers = {name: record.get(name, 0) for name in ("expires_in", "stored_at")}
    if not all(isinstance(text, str) for text in texts.values()) or not all(_is_number(n) for n in numbers.values()):
        raise ValueError("a part of the login has the wrong type")
    if not texts["access_token"].strip():
        raise ValueError("a login without a token")
    return Login(
        access_token=Secret(texts["access_token"]),
        refresh_token=Secret(texts["refresh_token"]),
        client_id=texts["client_id"],
        expires_at=texts["expires_at"],
        expires_in=float(numbers["expires_in"]),
        stored_at=float(numbers["stored_at"]),
        id=Secret(texts["id"] or _derived(texts["refresh_token"] or texts["access_token"])),
    )


def _derived(token: str) -> str:
    """What tells a login apart that was written down without an id: the same each time it is read."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value < 1e12


def expiry_warning(expires_at: str, host: str, today: date) -> str:
    """What to tell when a personal access token ends within a week; empty when it does not."""
    try:
        days = (date.fromisoformat(expires_at) - today).days
    except ValueError:
        return ""
    if days > WARN_DAYS:
        return ""
    ends = "has expired" if days <= 0 else "expires tomorrow" if days == 1 else f"expires in {days} days"
    return f"The token for {host} {ends} ({expires_at}): make a new one with `duo-lsp login`."
