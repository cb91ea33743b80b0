"""The way to the instance: its name, its certificate, and a proxy in between."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from typing import Final
from urllib.parse import urlsplit

from duo_lsp.doctor.scene import Finding, Scene, bad
from duo_lsp.errors import ProxyError, UntrustedError

_PORTS: Final = {"https": 443, "http": 80}
_NETWORK: Final = "Check the network, a VPN that may be needed, and the setting baseUrl."
_TRUST: Final = UntrustedError.remedy
_PROXY: Final = ProxyError.remedy


async def names(scene: Scene) -> list[Finding]:
    """Whether the instance's name is known; through a proxy, that one looks it up."""
    if scene.proxy:
        return [Finding("dns", "left to the proxy")]
    host, port = _place(scene.address)
    try:
        async with asyncio.timeout(scene.patience):
            found = await asyncio.get_running_loop().getaddrinfo(host, port)
    except TimeoutError:
        return [bad("dns", f"{host} was not looked up within {scene.patience:g} s", _NETWORK)]
    except OSError:
        return [bad("dns", f"nobody knows {host}", _NETWORK)]
    return [Finding("dns", f"{host} is {found[0][4][0]}")]


async def trust(scene: Scene) -> list[Finding]:
    """Whether the instance can be reached and shows a certificate that somebody we trust vouches for."""
    if scene.proxy:
        return [Finding("tls", "seen through the proxy, with the next request")]
    host, port = _place(scene.address)
    encrypted = urlsplit(scene.address).scheme == "https"
    context = await asyncio.to_thread(scene.context) if encrypted else None
    try:
        async with asyncio.timeout(scene.patience):
            _, writer = await asyncio.open_connection(host, port, ssl=context)
    except TimeoutError:
        return [bad("tls", f"{host}:{port} does not answer within {scene.patience:g} s", _NETWORK)]
    except ssl.SSLCertVerificationError as problem:
        return [bad("tls", f"{host} shows a certificate that is not trusted ({problem.verify_message})", _TRUST)]
    except ssl.SSLError:
        return [bad("tls", f"{host}:{port} does not speak TLS as we do", _NETWORK)]
    except OSError:
        return [bad("tls", f"{host}:{port} does not accept connections", _NETWORK)]
    version = writer.get_extra_info("ssl_object").version() if encrypted else "not needed on this machine"
    await _closed(writer)
    return [Finding("tls", f"{version}, {host} is who it says" if encrypted else version)]


async def proxy(scene: Scene) -> list[Finding]:
    """Whether the proxy on the way, if there is one, is there."""
    address = scene.proxy
    if not address:
        return [Finding("proxy", "none")]
    host, port = _place(address)
    try:
        async with asyncio.timeout(scene.patience):
            _, writer = await asyncio.open_connection(host, port)
    except OSError:  # TimeoutError is one
        return [bad("proxy", f"{host}:{port} does not accept connections", _PROXY)]
    await _closed(writer)
    return [Finding("proxy", f"{host}:{port} answers")]


def _place(address: str) -> tuple[str, int]:
    parts = urlsplit(address if "://" in address else f"http://{address}")
    return parts.hostname or "", parts.port or _PORTS.get(parts.scheme, 80)


async def _closed(writer: asyncio.StreamWriter) -> None:
    writer.close()
    with contextlib.suppress(OSError, TimeoutError):
        async with asyncio.timeout(1):
            await writer.wait_closed()
