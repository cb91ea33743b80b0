"""Finds what lies on this machine for an instance: stored logins, and the token of the person's own command."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime

from duo_lsp import urls
from duo_lsp.gitlab.credentials import Found
from duo_lsp.gitlab.http import network
from duo_lsp.gitlab.sign_in import login as logins_
from duo_lsp.gitlab.sign_in import token_command
from duo_lsp.gitlab.sign_in.command_token import CommandToken
from duo_lsp.gitlab.sign_in.login import Login
from duo_lsp.gitlab.sign_in.stored_login import Means, StoredLogin
from duo_lsp.privacy.secrets import Secret
from duo_lsp.settings import Settings

Run = Callable[[Sequence[str], Mapping[str, str]], Secret]


class LoginKeeper:
    """A `credentials.Keeper`. Blocks: up to 2 s for a keyring, up to 10 s for a command."""

    def __init__(self, means: Means, environment: Mapping[str, str], run: Run = token_command.run) -> None:
        self._means = means
        self._environment = environment
        self._run = run
        self._printed: dict[tuple[str, ...], Found] = {}

    def stored(self, settings: Settings) -> Found | None:
        """The login that was stored for the origin of the instance in use. Raises LoginError."""
        base_url = settings.base_url
        kept = self._means.logins.read(urls.origin(base_url))
        if kept is None:
            return None
        today = datetime.fromtimestamp(self._means.wall(), UTC).date()
        warning = logins_.expiry_warning(kept.expires_at, urls.host_of(base_url), today)
        identity = kept.id if kept.renewable else kept.access_token
        tokens = StoredLogin(base_url, network.of_settings(settings), kept, self._means)
        return Found(kept.access_token, tokens, identity, warning)

    def printed(self, command: Sequence[str]) -> Found:
        """The token that a command prints; asked once: it may ask the person for a finger. Raises LoginError."""
        words = tuple(command)
        if words not in self._printed:
            token = self._ask(words)
            # one command at a time is in use
            self._printed = {words: Found(token, CommandToken(token, lambda: self._ask(words)), token)}
        return self._printed[words]

    def _ask(self, words: Sequence[str]) -> Secret:
        token = self._run(words, self._environment)
        self._means.learn(Login(token))
        return token
