"""Tokens for an hour that carry all that is known of them: several gateways with one key take each other's."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import json
from collections.abc import Callable
from typing import Final

from duo_lsp import wire

_FOR: Final = b"duo-lsp gateway: short-lived tokens"
"""The key signs nothing else."""


class ShortTokens:
    """Signed with HMAC-SHA256: `NAME-AND-EXPIRY.SIGNATURE`, each in URL-safe base64."""

    def __init__(self, secret: str, clock: Callable[[], float]) -> None:
        """`clock` gives seconds since 1970, so that all gateways mean the same."""
        self._key = hmac.digest(secret.encode(), _FOR, hashlib.sha256)
        self._clock = clock

    @property
    def expiry(self) -> int:
        """When one that is given out now ends, in seconds since 1970."""
        return int(self._clock()) + wire.SHORT_TOKEN_SECONDS

    def issue(self, name: str) -> str:
        """A new one for the user of this name."""
        said = _encoded(json.dumps([name, self.expiry]).encode())
        return f"{said}.{self._signature(said)}"

    def name_on(self, token: str) -> str | None:
        """Whose it is; None when it is not ours, or too old."""
        said, _, signature = token.partition(".")
        if not hmac.compare_digest(signature.encode("latin-1", "replace"), self._signature(said).encode()):
            return None
        try:
            name, expiry = json.loads(base64.urlsafe_b64decode(said + "=" * (-len(said) % 4)))
        except (ValueError, TypeError, binascii.Error):  # only who has the key could write this
            return None
        return str(name) if self._clock() < expiry else None

    def _signature(self, said: str) -> str:
        return _encoded(hmac.digest(self._key, said.encode("latin-1", "replace"), hashlib.sha256))


def _encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")
