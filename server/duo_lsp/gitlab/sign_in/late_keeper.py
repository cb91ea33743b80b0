"""A keeper that is made when there is something to find: most people have no login, and it takes long to load."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from duo_lsp.gitlab.credentials import Found, Keeper
from duo_lsp.gitlab.sign_in import place
from duo_lsp.settings import Settings


class LateKeeper:
    """A `credentials.Keeper`. Blocks where the other does."""

    def __init__(self, file: Path, make: Callable[[], Keeper]) -> None:
        """`file` is where logins are kept."""
        self._file = file
        self._make = make
        self._made: Keeper | None = None

    def stored(self, settings: Settings) -> Found | None:
        """The login that was stored for the origin of the instance in use. Raises LoginError."""
        return self._keeper().stored(settings) if place.stamp(self._file) else None

    def printed(self, command: Sequence[str]) -> Found:
        """The token that a command prints. Raises LoginError."""
        return self._keeper().printed(command)

    def _keeper(self) -> Keeper:
        self._made = self._made or self._make()
        return self._made
