"""Where a client gets the token it sends: a fixed one, or one that is renewed."""

from __future__ import annotations

from typing import Protocol

from duo_lsp.privacy.secrets import Secret


class TokenSource(Protocol):
    """Gives the token for one instance."""

    async def current(self) -> Secret:
        """The token to send now. Raises SignInError when there is none any more."""

    async def renewed(self, refused: Secret) -> Secret | None:
        """Another token after the instance refused this one as invalid; None when there is no other."""

    async def close(self) -> None:
        """Finish what must not be left half done; within seconds, whatever the instance does."""


class FixedToken:
    """A personal access token: nothing renews it."""

    def __init__(self, token: Secret) -> None:
        self._token = token

    async def current(self) -> Secret:
        """The token."""
        return self._token

    async def renewed(self, refused: Secret) -> Secret | None:  # noqa: ARG002 - the protocol's shape
        """Nothing."""
        return None

    async def close(self) -> None:
        """Nothing to do."""
