"""Which token goes to which instance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, Protocol

import attrs

from duo_lsp import urls
from duo_lsp.config import ENVIRONMENT, Resolved
from duo_lsp.errors import LoginError
from duo_lsp.gitlab.token_source import FixedToken, TokenSource
from duo_lsp.privacy.secrets import Secret
from duo_lsp.settings import Settings

LOGIN: Final = "duo-lsp login"
"""The source of a stored login."""
COMMAND: Final = "tokenCommand"


@attrs.frozen
class Credentials:
    """A token and the one address it may go to."""

    token: Secret = attrs.field(eq=False)
    """As it was when it was found; `tokens` has the one to send."""
    base_url: str
    source: str
    tokens: TokenSource = attrs.field(eq=False, repr=False)
    identity: Secret = attrs.field(repr=False)
    """Tells two logins apart; a login whose token was renewed is still the same."""

    @tokens.default
    def _fixed(self) -> TokenSource:
        return FixedToken(self.token)

    @identity.default
    def _itself(self) -> Secret:
        return self.token


@attrs.frozen
class Found:
    """A token that lay somewhere on this machine for this very origin."""

    token: Secret
    tokens: TokenSource
    identity: Secret
    warning: str = ""


@attrs.frozen
class Search:
    """What was found, or in a sentence why nothing that lies around was taken."""

    credentials: Credentials | None = None
    note: str = ""
    warnings: tuple[str, ...] = ()
    """What a person should be told in any case."""


NOTHING_FOUND: Final = "There is no token."


class Keeper(Protocol):
    """Whoever reads logins and runs commands; both block. Both raise LoginError."""

    def stored(self, settings: Settings) -> Found | None:
        """The login that was stored for the origin of the instance in use."""

    def printed(self, command: Sequence[str]) -> Found:
        """The token that a command prints."""


class Nobody:
    """Keeps no logins and runs no commands."""

    def stored(self, settings: Settings) -> Found | None:  # noqa: ARG002 - the protocol's shape
        """Nothing."""
        return None

    def printed(self, command: Sequence[str]) -> Found:  # noqa: ARG002 - the protocol's shape
        """Nothing."""
        raise LoginError("Commands are not run here.")


def find(resolved: Resolved, environment: Mapping[str, str], keeper: Keeper | None = None) -> Search:
    """The token for the instance in use; one that belongs to another origin is never taken.

    In this order: a token setting (an editor's before DUO_LSP_TOKEN), the stored login, tokenCommand, GITLAB_TOKEN.
    An empty token setting ends the search.
    """
    if "token" in resolved.sources and not resolved.settings.token:
        return Search(note=f"Signed out by an empty token ({resolved.sources['token']}).")
    asked = keeper or Nobody()
    notes: list[str] = []
    warnings: list[str] = []
    for look in (_given, _stored, _printed, _ambient):
        try:
            search = look(resolved, environment, asked)
        except LoginError as error:
            search = Search(note=error.sentence, warnings=(str(error),))
        warnings += search.warnings
        if search.credentials is not None:
            return Search(search.credentials, warnings=tuple(warnings))
        notes.append(search.note)
    return Search(note=next(filter(None, notes), NOTHING_FOUND), warnings=tuple(warnings))


def _given(resolved: Resolved, environment: Mapping[str, str], _: Keeper) -> Search:
    if "token" not in resolved.sources:
        return Search()
    refusal = _refusal(resolved, environment, "token", resolved.token_address)
    if refusal:
        return Search(note=refusal)
    source, base_url = resolved.sources["token"], resolved.settings.base_url
    return Search(Credentials(resolved.settings.token, base_url, source))


def _stored(resolved: Resolved, _: Mapping[str, str], keeper: Keeper) -> Search:
    found = keeper.stored(resolved.settings)
    return _taken(found, resolved, LOGIN) if found is not None else Search()


def _printed(resolved: Resolved, environment: Mapping[str, str], keeper: Keeper) -> Search:
    command = resolved.settings.token_command
    if not command:
        return Search()
    refusal = _refusal(resolved, environment, COMMAND, resolved.command_address)
    return Search(note=refusal) if refusal else _taken(keeper.printed(command), resolved, COMMAND)


def _taken(found: Found, resolved: Resolved, source: str) -> Search:
    base_url = resolved.settings.base_url
    credentials = Credentials(found.token, base_url, source, found.tokens, found.identity)
    return Search(credentials, warnings=(found.warning,) if found.warning else ())


def _ambient(resolved: Resolved, environment: Mapping[str, str], _: Keeper) -> Search:
    base_url = resolved.settings.base_url
    try:
        token = Secret(environment.get("GITLAB_TOKEN", ""))
    except ValueError:
        return Search(note="GITLAB_TOKEN is no token.")
    if not token:
        return Search()
    if not _named(resolved, environment):
        return Search(note=_unnamed("GITLAB_TOKEN", base_url))
    return Search(Credentials(token, base_url, "GITLAB_TOKEN"))


def _refusal(resolved: Resolved, environment: Mapping[str, str], name: str, bound: str | None) -> str:
    """Why the token that this setting gives may not go to the instance in use; empty when it may."""
    source, base_url = resolved.sources[name], resolved.settings.base_url
    what = f"The token ({source})" if name == "token" else f"The token of {name} ({source})"
    if bound == "":
        return f"{what} came with an address that cannot be used; it goes nowhere else."
    if bound and urls.origin(bound) != urls.origin(base_url):
        return f"{what} belongs to {urls.host_of(bound)}, not to {urls.host_of(base_url)}."
    if source == ENVIRONMENT and not bound and not _named(resolved, environment):
        return _unnamed("DUO_LSP_TOKEN" if name == "token" else "DUO_LSP_TOKEN_COMMAND", base_url)
    return ""


def _unnamed(variable: str, base_url: str) -> str:
    return f"{variable} is set, but not for {urls.host_of(base_url)}: set GITLAB_URL to its instance."


def _named(resolved: Resolved, environment: Mapping[str, str]) -> bool:
    """Whether somebody said that a token in the environment is for this very instance.

    Without that, forgetting one variable would send a company's token to the default host.
    """
    named = environment.get("GITLAB_URL") or environment.get("GITLAB_HOST")
    if not named:
        return "baseUrl" in resolved.sources
    try:
        return urls.origin(named if "://" in named else f"https://{named}") == urls.origin(resolved.settings.base_url)
    except ValueError:
        return False
