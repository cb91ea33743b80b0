"""Where logins are kept: in the system's keyring if there is one, else in a file of our own."""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import Final

import attrs

from duo_lsp.errors import LoginError
from duo_lsp.gitlab.sign_in import login
from duo_lsp.gitlab.sign_in.login import Login
from duo_lsp.gitlab.sign_in.store import LoginFile
from duo_lsp.gitlab.sign_in.system_keyring import SystemKeyring

_IN_KEYRING: Final = {"kept_in": "keyring"}
"""Stands in the file for a login that is kept there, so that nobody else's keyring is ever asked or unlocked."""


@attrs.frozen
class Kept:
    """Where a login is now, and where a damaged file was put for it."""

    place: str
    aside: Path | None = None


class Logins:
    """Logins by origin. Blocks; call it off the event loop."""

    def __init__(self, file: LoginFile, keyring: SystemKeyring) -> None:
        self.file = file
        self._keyring = keyring

    def read(self, origin: str) -> Login | None:
        """The login for an origin; None when there is none. Raises LoginError when there is one that cannot be used."""
        record = self.file.read(origin)
        if record == _IN_KEYRING:
            record = self._keyring.read(origin)
        if record is None:
            return None
        try:
            return login.of_record(record)
        except ValueError as problem:
            raise LoginError(
                f"The login kept for {origin} is damaged: {problem}.", "Run `duo-lsp login` again."
            ) from problem

    def keep(self, origin: str, new: Login) -> Kept:
        """Keep a login, in place of what was there. Raises LoginError; then what was there still is."""
        with self.file.locked():
            record = new.record()
            if self._keyring.write(origin, record):
                return Kept("the system's keyring", self.file.write(origin, _IN_KEYRING))
            return Kept(str(self.file.path), self.file.write(origin, record))

    def renew(self, origin: str, new: Login) -> None:
        """Keep a renewed login where the old one was. Raises LoginError."""
        if self.file.read(origin) == _IN_KEYRING and self._keyring.write(origin, new.record()):
            return
        self.file.write(origin, new.record())

    def forget(self, origin: str) -> bool:
        """Forget a login; whether there was one. Raises LoginError."""
        with self.file.locked():
            before = self.file.read(origin)
            if before == _IN_KEYRING:
                with contextlib.suppress(LoginError):  # without its entry here it is never asked for again
                    self._keyring.forget(origin)
            self.file.write(origin, None)
            return before is not None
