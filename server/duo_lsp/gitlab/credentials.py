"""Which token goes to which instance."""

from __future__ import annotations

from collections.abc import Mapping

import attrs

from duo_lsp import urls
from duo_lsp.config import ENVIRONMENT, Resolved
from duo_lsp.privacy.secrets import Secret


@attrs.frozen
class Credentials:
    """A token and the one address it may go to."""

    token: Secret
    base_url: str
    source: str


@attrs.frozen
class Search:
    """What was found, or in a sentence why nothing that lies around was taken."""

    credentials: Credentials | None = None
    note: str = ""


def find(resolved: Resolved, environment: Mapping[str, str]) -> Search:
    """The token for the instance in use; one that belongs to another origin is never taken."""
    if "token" in resolved.sources:
        return _given(resolved, environment)
    return _ambient(resolved, environment)


def _given(resolved: Resolved, environment: Mapping[str, str]) -> Search:
    source, base_url = resolved.sources["token"], resolved.settings.base_url
    if not resolved.settings.token:
        return Search(note="Signed out by an empty token setting.")
    bound = resolved.token_address
    if bound == "":
        return Search(note=f"The token ({source}) came with an address that cannot be used; it goes nowhere else.")
    if bound and urls.origin(bound) != urls.origin(base_url):
        return Search(note=f"The token ({source}) belongs to {urls.host_of(bound)}, not to {urls.host_of(base_url)}.")
    if source == ENVIRONMENT and not bound and not _named(resolved, environment):
        return _unnamed("DUO_LSP_TOKEN", base_url)
    return Search(Credentials(resolved.settings.token, base_url, source))


def _ambient(resolved: Resolved, environment: Mapping[str, str]) -> Search:
    base_url = resolved.settings.base_url
    try:
        token = Secret(environment.get("GITLAB_TOKEN", ""))
    except ValueError:
        return Search(note="GITLAB_TOKEN is no token.")
    if not token:
        return Search(note="There is no token.")
    if not _named(resolved, environment):
        return _unnamed("GITLAB_TOKEN", base_url)
    return Search(Credentials(token, base_url, "GITLAB_TOKEN"))


def _unnamed(variable: str, base_url: str) -> Search:
    return Search(note=f"{variable} is set, but not for {urls.host_of(base_url)}: set GITLAB_URL to its instance.")


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
