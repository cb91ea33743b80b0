"""The token of a stored login: renewed in time, by one process for all."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Final

import attrs

from duo_lsp import urls
from duo_lsp.errors import DuoError, LoginError, SignInError
from duo_lsp.gitlab.http.network import Network
from duo_lsp.gitlab.sign_in.login import Login
from duo_lsp.gitlab.sign_in.logins import Logins
from duo_lsp.privacy.secrets import Secret

log = logging.getLogger(__name__)

REST: Final = 30.0
"""Seconds between two attempts to renew a token that is still good."""
FAREWELL: Final = 1.5
"""Seconds that the end of the server waits for a renewal under way; an editor does not wait for long."""


@attrs.frozen
class Means:
    """What renewing takes: where logins are kept, who asks the instance (blocks), and both clocks in seconds."""

    logins: Logins
    renew: Callable[[str, Network, Login], Login]
    """A new login for an address, the way there and the old one.

    Raises SignInError when the old one has ended, else UpstreamError or SettingError.
    """
    monotonic: Callable[[], float]
    wall: Callable[[], float]
    learn: Callable[[Login], None] = lambda _: None
    """Told of every login, so that its tokens are masked in logs."""


class StoredLogin:
    """A token source. GitLab revokes the old pair when it gives a new one, so only one process may ask."""

    def __init__(self, base_url: str, network: Network, login: Login, means: Means) -> None:
        self._base_url = base_url
        self._network = network
        self._origin = urls.origin(base_url)
        self._means = means
        self._changing: asyncio.Task[None] | None = None
        self._not_before = float("-inf")
        self._ended = Secret()
        """The refresh token that GitLab said is over: it is not sent again."""
        self._take(login)

    async def current(self) -> Secret:
        """The token to send now, renewed at 80 % of its life.

        Raises SignInError when the login has ended, LoginError, or UpstreamError when renewing failed and it is over.
        """
        age = self._age()
        if self._login.fresh_for(age) > 0:
            return self._login.access_token
        if age < self._login.expires_in and self._means.monotonic() < self._not_before:
            return self._login.access_token
        try:
            await self._change(Secret())
        except SignInError:
            raise
        except DuoError as error:
            self._not_before = self._means.monotonic() + REST
            if age >= self._login.expires_in:
                raise
            log.info("the token could not be renewed yet: %s", type(error).__name__)
        return self._login.access_token

    async def renewed(self, refused: Secret) -> Secret | None:
        """Another token than the refused one; None when there is no other. Raises UpstreamError and LoginError."""
        if self._login.access_token == refused:
            try:
                await self._change(refused)
            except SignInError:
                return None
        token = self._login.access_token
        return token if token != refused else None

    async def close(self) -> None:
        """Wait for a renewal under way: what GitLab answers is lost with the process, and the old pair with it."""
        if self._changing is not None:
            await asyncio.wait({self._changing}, timeout=FAREWELL)

    def _age(self) -> float:
        """Seconds since it came: by the clock that only grows, or by the other where that slept with the machine."""
        return max(self._age_when_taken + self._means.monotonic() - self._taken, self._login.age(self._means.wall()))

    def _take(self, login: Login) -> None:
        self._means.learn(login)
        self._login = login
        self._taken = self._means.monotonic()
        self._age_when_taken = login.age(self._means.wall())

    async def _change(self, refused: Secret) -> None:
        """One change at a time, however many wait for it; whoever stops waiting does not stop it."""
        if self._changing is None or self._changing.done():
            self._changing = asyncio.ensure_future(self._change_alone(refused))
            self._changing.add_done_callback(_seen)
        await asyncio.shield(self._changing)

    async def _change_alone(self, refused: Secret) -> None:
        self._take(await asyncio.to_thread(self._other, refused))

    def _other(self, refused: Secret) -> Login:
        """Under the lock: what somebody else has stored meanwhile, else a new pair, stored before it is used."""
        logins, wall = self._means.logins, self._means.wall
        with logins.file.locked():
            kept = logins.read(self._origin)
            if kept is None:
                raise self._over()
            other = kept.access_token != self._login.access_token and kept.access_token != refused
            if other and kept.fresh_for(kept.age(wall())) > 0:
                return kept
            if not kept.renewable or kept.refresh_token == self._ended:
                raise self._over()
            try:
                new = self._means.renew(self._base_url, self._network, kept)
            except SignInError:
                self._ended = kept.refresh_token
                raise
            self._keep(new)
            return new

    def _keep(self, new: Login) -> None:
        try:
            self._means.logins.renew(self._origin, new)
        except LoginError as error:  # the old pair is revoked already: use the new one for as long as we run
            log.warning("%s", error.sentence)

    def _over(self) -> SignInError:
        return SignInError(401, f"The login at {urls.host_of(self._base_url)} has ended.", "Run `duo-lsp login`.")


def _seen(task: asyncio.Task[None]) -> None:
    """Look at a failure that nobody waits for any more; who waits gets it anyhow."""
    if not task.cancelled():
        task.exception()
