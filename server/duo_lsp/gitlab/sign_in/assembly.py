"""Makes what signing in needs; loaded when a login is looked for, not when the server starts."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping

from duo_lsp.gitlab.http.network import Network
from duo_lsp.gitlab.sign_in import asking, oauth, place
from duo_lsp.gitlab.sign_in.keeper import LoginKeeper
from duo_lsp.gitlab.sign_in.login import Login
from duo_lsp.gitlab.sign_in.logins import Logins
from duo_lsp.gitlab.sign_in.store import LoginFile
from duo_lsp.gitlab.sign_in.stored_login import Means
from duo_lsp.gitlab.sign_in.system_keyring import SystemKeyring
from duo_lsp.privacy.secrets import Secret


def logins() -> Logins:
    """The person's logins, not read yet."""
    return Logins(LoginFile(place.file()), SystemKeyring())


def keeper(environment: Mapping[str, str], learn: Callable[[Secret], None] = lambda _: None) -> LoginKeeper:
    """Finds stored logins and runs the token command; `learn` is told of every token."""

    def learn_both(login: Login) -> None:
        learn(login.access_token)
        learn(login.refresh_token)

    def renew(base_url: str, network: Network, old: Login) -> Login:
        return asking.now(base_url, network, lambda ask: oauth.renew(ask, base_url, old, time.time()))

    return LoginKeeper(Means(logins(), renew, time.monotonic, time.time, learn_both), environment)
