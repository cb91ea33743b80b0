"""Why there is no answer, in our words: an exception's own text may hold an address with a password."""

from __future__ import annotations

from typing import Final

import httpx2 as httpx

from duo_lsp import urls
from duo_lsp.errors import BadAnswerError, OfflineError, ProxyError, UntrustedError, UpstreamError

_HUNG_UP: Final = "disconnected"
_NO_HOST: Final = ("name or service", "nodename", "getaddrinfo", "name resolution")


def in_words(problem: Exception, host: str, proxy: str) -> UpstreamError:
    """The error for what went wrong before an answer came; `proxy` is the address of the one on the way, if any."""
    text = f"{problem}".lower()
    if isinstance(problem, httpx.ProxyError):
        wants_name = " It wants a name and a password (status 407)." if text.startswith("407") else ""
        return ProxyError(f"The proxy does not let us through to {host}.{wants_name}")
    if "certificate" in text:
        return UntrustedError(f"{host} cannot be reached (its certificate is not trusted).")
    if proxy and isinstance(problem, httpx.ConnectError):
        return ProxyError(f"The proxy {urls.host_of(proxy)} cannot be reached ({_cause(problem, text)}).")
    if not says_nothing(problem):
        return BadAnswerError(f"{host} answered with something that is no HTTP.")
    return OfflineError(f"{host} cannot be reached ({_cause(problem, text)}).")


def says_nothing(problem: Exception) -> bool:
    """Whether no byte of an answer came."""
    return not isinstance(problem, httpx.RemoteProtocolError) or _HUNG_UP in f"{problem}".lower()


def elsewhere(location: str) -> str:
    """Where a redirect leads, in words that may be shown."""
    try:
        return urls.host_of(location) or "another page"
    except ValueError:
        return "another page"


def _cause(problem: Exception, text: str) -> str:
    if any(sign in text for sign in _NO_HOST):
        return "no such host"
    if "refused" in text or isinstance(problem, httpx.ConnectError):
        return "connection refused"
    return "the connection broke"
