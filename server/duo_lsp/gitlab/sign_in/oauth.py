"""OAuth at a GitLab instance: the device flow, and renewing a pair of tokens.

GitLab documentation, "OAuth 2.0 identity provider API"; RFC 8628 for the device flow, RFC 6749 section 6 for renewing.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

import attrs

from duo_lsp import urls
from duo_lsp.errors import BadAnswerError, DuoError, LoginError, OfflineError, RefusedError, SignInError, SlowError
from duo_lsp.gitlab.sign_in.asking import Ask
from duo_lsp.gitlab.sign_in.login import Login
from duo_lsp.privacy import secrets
from duo_lsp.privacy.secrets import Secret
from duo_lsp.wire import read_message

DEVICE_PATH: Final = "/oauth/authorize_device"
TOKEN_PATH: Final = "/oauth/token"  # noqa: S105 - an address
REVOKE_PATH: Final = "/oauth/revoke"
DEVICE_GRANT: Final = "urn:ietf:params:oauth:grant-type:device_code"
SCOPES: Final = ("ai_features", "api")
"""What to ask for, the smallest first; an application may have been registered with the other one only."""
_INTERVAL: Final = 5.0
_LONGEST: Final = 1800.0
_SHOWN: Final = 300


@attrs.frozen
class Code:
    """What a person types into the instance's own page, and what is polled with meanwhile."""

    user_code: str
    page: str
    """The page's address, the code in it where the instance offers that; its origin is the instance's."""
    device_code: Secret
    interval: float
    expires_in: float


async def begin(ask: Ask, base_url: str, client_id: str) -> Code:
    """Ask for a code. Raises UpstreamError and LoginError."""
    for scope in SCOPES:
        status, body = await ask("POST", DEVICE_PATH, {"client_id": client_id, "scope": scope})
        if _error(body) != "invalid_scope":
            break
    host = urls.host_of(base_url)
    if status == 404:
        raise LoginError(
            f"{host} has no device sign-in; it is there from GitLab 17.2 on.",
            "Run `duo-lsp login` without a client ID.",
        )
    if status != 200 or not isinstance(body, Mapping):
        raise _refused(status, body, host)
    return _code(body, base_url)


def _code(body: Mapping[str, Any], base_url: str) -> Code:
    host = urls.host_of(base_url)
    user_code, device_code = body.get("user_code"), body.get("device_code")
    pages = [page for page in (body.get("verification_uri_complete"), body.get("verification_uri")) if page]
    if not _plain(user_code) or not isinstance(device_code, str) or not pages:
        raise BadAnswerError(f"{host} sent no code to sign in with.")
    for page in pages:
        if not _plain(page) or _origin(page) != urls.origin(base_url):
            raise LoginError(
                f"{host} wants the code to be typed in at another host, which is how codes are stolen.",
                "Do not go on; tell whoever runs that instance.",
            )
    return Code(
        user_code=str(user_code),
        page=pages[0],
        device_code=_secret(device_code, host),
        interval=_seconds(body.get("interval"), _INTERVAL, 1.0, 60.0),
        expires_in=_seconds(body.get("expires_in"), 300.0, 1.0, _LONGEST),
    )


@attrs.frozen
class Clocks:
    """Time as arguments: seconds that only grow, seconds since 1970, and a way to wait."""

    monotonic: Callable[[], float]
    wall: Callable[[], float]
    sleep: Callable[[float], Awaitable[None]]


async def wait(ask: Ask, code: Code, base_url: str, client_id: str, clocks: Clocks) -> Login:
    """Poll until the person has allowed it. Raises UpstreamError and LoginError.

    Obeys `interval` and `slow_down` (RFC 8628, 3.5); a connection that breaks is tried again until the code expires.
    """
    form = {"grant_type": DEVICE_GRANT, "device_code": code.device_code.reveal(), "client_id": client_id}
    interval, ends, host = code.interval, clocks.monotonic() + code.expires_in, urls.host_of(base_url)
    while True:
        await clocks.sleep(interval)
        if clocks.monotonic() >= ends:
            raise LoginError(*_OVER["expired_token"])
        try:
            status, body = await ask("POST", TOKEN_PATH, form)
        except (OfflineError, SlowError):
            interval = min(interval * 2, 60.0)
            continue
        error = _error(body)
        if status == 200:
            return _login(body, Login(Secret("none"), client_id=client_id), host, clocks.wall())
        if error in _OVER:
            raise LoginError(*_OVER[error])
        if error == "slow_down":
            interval += 5.0
        elif error != "authorization_pending":
            raise _refused(status, body, host, code.device_code)


async def renew(ask: Ask, base_url: str, old: Login, now: float) -> Login:
    """A new pair for an old one, which GitLab then revokes; `now` in seconds since 1970.

    Raises SignInError when the old pair is good for nothing any more, else UpstreamError: then it may still be good.
    """
    form = {"grant_type": "refresh_token", "refresh_token": old.refresh_token.reveal(), "client_id": old.client_id}
    status, body = await ask("POST", TOKEN_PATH, form)
    host = urls.host_of(base_url)
    if status in (400, 401) and _error(body) in ("invalid_grant", "invalid_client", "unauthorized_client"):
        raise SignInError(status, f"The login at {host} has ended.", "Run `duo-lsp login`.")
    if status != 200:
        raise _refused(status, body, host, old.refresh_token, old.access_token)
    return _login(body, old, host, now)


async def revoke(ask: Ask, old: Login) -> None:
    """Tell the instance that a pair is not used any more. Raises UpstreamError."""
    await ask("POST", REVOKE_PATH, {"token": old.access_token.reveal(), "client_id": old.client_id})


def _login(body: object, old: Login, host: str, now: float) -> Login:
    if not isinstance(body, Mapping) or not isinstance(body.get("access_token"), str):
        raise BadAnswerError(f"{host} sent no token.")
    refresh = body.get("refresh_token")
    return attrs.evolve(
        old,
        access_token=_secret(body["access_token"], host),
        refresh_token=_secret(refresh, host) if isinstance(refresh, str) else old.refresh_token,
        expires_in=_seconds(body.get("expires_in"), 0.0, 1.0, 1e9),
        stored_at=now,
    )


def _secret(text: str, host: str) -> Secret:
    try:
        secret = Secret(text)
    except ValueError:
        secret = Secret()
    if not secret:
        raise BadAnswerError(f"{host} sent a token that is none.")
    return secret


def _refused(status: int, body: object, host: str, *sent: Secret) -> DuoError:
    said = secrets.mask(read_message(body), sent)
    because = f' ("{said}")' if said else ""
    if _error(body) in ("invalid_client", "unauthorized_client"):
        return LoginError(
            f"{host} does not know this client ID{because}.",
            "Register an application there, not confidential, with the scope api, and give its ID.",
        )
    return RefusedError(status, f"{host} refused to sign you in: status {status}{because}.")


_OVER: Final = {
    "access_denied": ("Signing in was refused on the page.", "Run `duo-lsp login` again if that was a mistake."),
    "expired_token": ("The code has expired before it was typed in.", "Run `duo-lsp login` again."),
}
"""How waiting ends without a login, by what GitLab calls it: a sentence and a remedy."""


def _error(body: object) -> str:
    error = body.get("error") if isinstance(body, Mapping) else None
    return error if isinstance(error, str) else ""


def _origin(address: str) -> str:
    try:
        return urls.origin(urls.read_base_url(address.partition("?")[0]))
    except ValueError:
        return ""


def _plain(text: object) -> bool:
    """Whether it may be shown in a terminal: short, printable ASCII."""
    return isinstance(text, str) and 0 < len(text) <= _SHOWN and text.isascii() and text.isprintable()


def _seconds(value: object, default: float, least: float, most: float) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool) or value != value:  # NaN is not itself
        return default
    return min(max(float(value), least), most)
