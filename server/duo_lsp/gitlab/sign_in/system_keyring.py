"""The system's own store of passwords, where the optional library for it is installed and works."""

from __future__ import annotations

import importlib
import json
from typing import Any, Final

from duo_lsp.errors import LoginError
from duo_lsp.gitlab.sign_in import timebox

SERVICE: Final = "duo-lsp"
SECONDS: Final = 2.0
"""Then it counts as not there: a locked keyring waits for a person in front of another screen."""
_TRUSTED: Final = ("keyring.backends.macOS", "keyring.backends.Windows", "keyring.backends.SecretService",
                   "keyring.backends.kwallet", "keyring.backends.libsecret", "keyring.backends.chainer")  # fmt: skip
"""Stores of the systems themselves; `keyrings.alt` would write plain text beside our own file."""


class SystemKeyring:
    """Keeps a record per origin. Blocks, at most for `seconds`; call it off the event loop."""

    def __init__(self, library: Any = None, seconds: float = SECONDS) -> None:
        """`library` stands in for the module `keyring`."""
        self._library = library
        self._seconds = seconds

    def read(self, origin: str) -> object:
        """What is kept for an origin; None when there is nothing. Raises LoginError."""
        kept = self._ask("get_password", origin)
        try:
            return json.loads(kept) if kept is not None else None
        except (ValueError, TypeError, RecursionError) as problem:
            raise LoginError(
                "What the keyring holds for duo-lsp is damaged.", "Run `duo-lsp login` again."
            ) from problem

    def write(self, origin: str, record: object) -> bool:
        """Keep something for an origin; whether that worked."""
        try:
            self._ask("set_password", origin, json.dumps(record))
            return self.read(origin) == record
        except LoginError:
            return False

    def forget(self, origin: str) -> None:
        """Keep nothing for an origin any more. Raises LoginError."""
        if self.read(origin) is not None:
            self._ask("delete_password", origin)

    def _ask(self, what: str, origin: str, *more: str) -> Any:
        try:
            return timebox.within(self._seconds, lambda: getattr(self._working(), what)(SERVICE, origin, *more))
        except TimeoutError as problem:
            raise LoginError(
                f"The keyring did not answer within {self._seconds:g} s.", "Unlock it, or run `duo-lsp login` again."
            ) from problem
        except LoginError:
            raise
        except Exception as problem:  # its back ends raise whatever their systems do
            raise LoginError(
                f"The keyring cannot be used here ({type(problem).__name__}).", "Run `duo-lsp login` again."
            ) from problem

    def _working(self) -> Any:
        """The library, if it speaks to a store of the system. Raises LoginError, ImportError and what it likes."""
        library = self._library or importlib.import_module("keyring")
        chosen = library.get_keyring()
        if not type(chosen).__module__.startswith(_TRUSTED):
            raise LoginError("This machine has no keyring.", "Run `duo-lsp login` again.")
        parts = getattr(chosen, "backends", ())
        if any(not type(part).__module__.startswith(_TRUSTED) for part in parts):
            raise LoginError("The keyring of this machine keeps passwords in plain text.", "Run `duo-lsp login` again.")
        return chosen
