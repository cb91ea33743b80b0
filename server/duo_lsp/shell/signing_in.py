"""Signing in and out from a terminal: what is asked, checked and kept, in which order.

No event loop runs while a person is asked something: it would swallow their Ctrl-C.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, Protocol

import attrs

from duo_lsp import app, config, urls
from duo_lsp.config import Resolved
from duo_lsp.errors import DuoError, LoginError, UsageError
from duo_lsp.gitlab.http import network
from duo_lsp.gitlab.http.network import Network
from duo_lsp.gitlab.sign_in import asking, assembly, checking, gitlab_cli, login, oauth
from duo_lsp.gitlab.sign_in.login import Login
from duo_lsp.privacy.secrets import Secret

CLOCKS: Final = oauth.Clocks(time.monotonic, time.time, asyncio.sleep)
_AMBIENT: Final = ("DUO_LSP_TOKEN", "GITLAB_TOKEN")


class Person(Protocol):
    """Whoever sits in front of the terminal; what is asked may be answered by a pipe."""

    @property
    def present(self) -> bool:
        """Whether there is anybody: a pipe answers no questions and opens no pages."""

    def say(self, sentence: str) -> None:
        """Show a line."""

    def open_page(self, address: str) -> bool:
        """Open it in a browser; whether that seems to have worked."""

    def agrees(self, question: str) -> bool:
        """Ask a question; anything but a clear yes is no."""

    def token(self, prompt: str) -> str:
        """Ask for a secret without showing it."""


@attrs.frozen
class Wish:
    """What was asked for on the command line; empty means that the settings say."""

    url: str = ""
    client_id: str = ""


def sign_in(wish: Wish, environment: Mapping[str, str], person: Person) -> None:
    """Get a token, check it and keep it. Raises DuoError; nothing is kept then."""
    resolved = config.resolve(app.base_layers(environment))
    base_url = _address(wish, resolved)
    person.say(f"Signing in at {urls.host_of(base_url)}.")
    way = network.of_settings(resolved.settings)
    client_id = wish.client_id or resolved.settings.oauth.client_id
    new = _by_code(base_url, client_id, way, person) if client_id else _by_token(base_url, environment, way, person)
    logins = assembly.logins()
    kept = logins.keep(urls.origin(base_url), new)
    if kept.aside is not None:
        person.say(f"The logins kept so far could not be read; they are in {kept.aside} now.")
    person.say(f"Signed in. The login is kept in {kept.place}.")
    for remark in _remarks(base_url, resolved, environment):
        person.say(remark)


def sign_out(wish: Wish, environment: Mapping[str, str], person: Person) -> None:
    """Forget a login. Raises DuoError."""
    resolved = config.resolve(app.base_layers(environment))
    base_url = _address(wish, resolved)
    host, origin, logins = urls.host_of(base_url), urls.origin(base_url), assembly.logins()
    try:
        old = logins.read(origin)
    except LoginError:
        old = None  # it is forgotten all the same
    there = logins.forget(origin)
    person.say(f"Signed out of {host}." if there else f"There is no login for {host} here.")
    if old is not None and old.client_id:
        _revoke(base_url, old, network.of_settings(resolved.settings), person)
    elif there:
        person.say(f"The token itself stays good until you revoke it: {checking.page(base_url).partition('?')[0]}")
    for variable in _AMBIENT:
        if environment.get(variable):
            person.say(f"{variable} is still set in this environment.")


def _address(wish: Wish, resolved: Resolved) -> str:
    if not wish.url:
        return resolved.settings.base_url
    try:
        return urls.read_base_url(wish.url if "://" in wish.url else f"https://{wish.url}")
    except ValueError as problem:
        raise UsageError(
            "This is no address to sign in at.", "Give one like https://gitlab.example.com, without a user name."
        ) from problem


def _by_token(base_url: str, environment: Mapping[str, str], way: Network, person: Person) -> Login:
    token = (person.present and _of_gitlab_cli(base_url, environment, person)) or _typed(base_url, person)
    checked = asking.now(base_url, way, lambda ask: checking.check(ask, token, base_url), token)
    name = f" {checked.name}" if checked.name else ""
    until = f", until {checked.expires_at}" if checked.expires_at else ""
    person.say(f"{urls.host_of(base_url)} accepts the token{name}: {', '.join(checked.scopes)}{until}.")
    today = datetime.fromtimestamp(time.time(), UTC).date()
    if warning := login.expiry_warning(checked.expires_at, urls.host_of(base_url), today):
        person.say(warning)
    return Login(token, expires_at=checked.expires_at)


def _of_gitlab_cli(base_url: str, environment: Mapping[str, str], person: Person) -> Secret | None:
    try:
        token = gitlab_cli.find(base_url, environment, Path.home())
    except LoginError as error:
        person.say(f"The GitLab CLI's token is not offered. {error}")
        return None
    question = f"The GitLab CLI has a token for {urls.host_of(base_url)}. Use it here, too?"
    return token if token is not None and person.agrees(question) else None


def _typed(base_url: str, person: Person) -> Secret:
    page = checking.page(base_url)
    if person.present:
        person.say(f"Make a token on this page, with the scope api or ai_features: {page}")
        person.say(f"(In a GitLab before 16.10: {checking.old_page(base_url)})")
        person.open_page(page)
    try:
        token = Secret(person.token("Token (not shown): "))
    except ValueError as problem:
        raise UsageError("This is no token: a token has no blanks.", "Copy it from GitLab once more.") from problem
    if not token:
        raise UsageError("No token was given.", "Type it in, or pipe it in: `pass show gitlab | duo-lsp login`.")
    return token


def _by_code(base_url: str, client_id: str, way: Network, person: Person) -> Login:
    code = asking.now(base_url, way, lambda ask: oauth.begin(ask, base_url, client_id))
    person.say(f"Type this code on the page of {urls.host_of(base_url)}: {code.user_code}")
    person.say(f"The page: {code.page}")
    if person.present:
        person.open_page(code.page)
    return asking.now(base_url, way, lambda ask: oauth.wait(ask, code, base_url, client_id, CLOCKS))


def _revoke(base_url: str, old: Login, way: Network, person: Person) -> None:
    try:
        asking.now(base_url, way, lambda ask: oauth.revoke(ask, old))
    except DuoError as error:
        person.say(f"{urls.host_of(base_url)} could not be told to revoke it: {error.sentence}")


def _remarks(base_url: str, resolved: Resolved, environment: Mapping[str, str]) -> list[str]:
    """Why an editor might not use this login."""
    remarks = ["DUO_LSP_TOKEN is set and goes before this login."] if environment.get("DUO_LSP_TOKEN") else []
    named = urls.origin(base_url) == urls.origin(resolved.settings.base_url)
    if not named or resolved.sources.get("baseUrl") == config.ENVIRONMENT:  # not every editor starts from this shell
        remarks.append(f'So that every editor finds this instance, write baseUrl = "{base_url}" into {app.user_file()}')
    return remarks
