"""Who may ask: the one who started the gateway, and those whose tokens stand in a private file."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Final

import attrs

from duo_lsp.gateway import token_file

FRESH: Final = 1.0
"""Seconds until a changed file counts."""

_log = logging.getLogger(__name__)


@attrs.frozen
class User:
    """Someone with a token."""

    name: str = token_file.OWNER
    scopes: tuple[str, ...] = token_file.WORKING

    @property
    def works(self) -> bool:
        """Whether the token is good for more than to tell whose it is."""
        return not set(token_file.WORKING).isdisjoint(self.scopes)


class Users:
    """Those in the file, read anew when it changes; without a file nobody."""

    def __init__(self, path: Path | None, clock: Callable[[], float]) -> None:
        """`clock` gives seconds, monotonic."""
        self._path = path
        self._clock = clock
        self._looked = float("-inf")
        self._seen: object = None
        self._by_digest: Mapping[str, User] = {}

    def of_token(self, token: str) -> User | None:
        """Whose token it is; what is looked up is its digest, so the time it takes tells nothing of the others."""
        known = self._known()
        return known.get(token_file.digest(token)) if known else None

    def named(self, name: str) -> User | None:
        """The user of that name, as long as there is a token for them."""
        return next((user for user in self._known().values() if user.name == name), None)

    def _known(self) -> Mapping[str, User]:
        now = self._clock()
        if self._path is not None and now - self._looked >= FRESH:
            self._looked = now
            self._look(self._path)
        return self._by_digest

    def _look(self, path: Path) -> None:
        seen = token_file.stamp(path)
        if seen == self._seen:
            return
        self._seen, self._by_digest = seen, {}
        try:
            entries = token_file.read(path)
        except token_file.UnusableError as problem:
            _log.warning("nobody but who started it may ask: the token file %s", problem)
            return
        self._by_digest = {entry.sha256: User(name, entry.scopes) for name, entry in entries.items()}
